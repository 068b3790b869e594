/* What happened with a client: notes and changes in one line of time, newest first; and the notes'
 * own forms. The history holds both, in one order with one key to go on from; a note shows its text
 * as it is now. Called by show.c and through feature.c; calls core/entity/history.h and the note's
 * store. */
#include "features/client/note.html.h"
#include "features/client/show.h"
#include "features/notice/notice.h"

enum { SHOWN = 20 };

static enum status note_event(struct ctx *c, const struct note *n, struct event *e) {
    e->note = n->text;
    TRY(mentions_marked(c, n->text, &e->note_marked));
    e->note_private = n->private;
    e->undo = (struct url){ NO_STR };
    if (!ctx_may(c, entity_note.may_write)) return OK;
    e->note_edit = url_printf(c->arena, "/notes/%lld/edit", (long long)n->row.id);
    e->note_delete = url_printf(c->arena, "/notes/%lld/delete", (long long)n->row.id);
    return OK;
}

static enum status add_entry(struct ctx *c, const struct history_entry *h, int64_t party,
                             struct event_days *days) {
    struct event e = event_of(c, h, party);
    struct note n;
    if (h->entity == &entity_note && h->action == ACTION_CREATE) {
        enum status st = store_load(c, &entity_note, h->row_id, &n);
        if (st == MISSING)
            e.note = NO_STR; /* deleted since: the entry says that it was */
        else if (st != OK)
            return st;
        else
            TRY(note_event(c, &n, &e));
    }
    event_add(c, days, e, h->at);
    return OK;
}

static enum status all_of_it(struct ctx *c, int64_t party, int64_t before, bool only_changes,
                             struct client_view *v, int64_t *next) {
    struct history_list list;
    TRY(history_read(c, party, 0, before, SHOWN, &list));
    for (int i = 0; i < list.n; i++) {
        if (only_changes && list.v[i].entity == &entity_note) continue;
        TRY(add_entry(c, &list.v[i], party, &v->days));
    }
    *next = list.next;
    return OK;
}

static enum status notes_alone(struct ctx *c, int64_t party, int64_t before, struct client_view *v,
                               int64_t *next) {
    struct notes notes;
    TRY(note_of_party(c, party, before, SHOWN + 1, &notes));
    for (int i = 0; i < notes.n && i < SHOWN; i++) {
        const struct note *n = &notes.v[i];
        struct event e = {
            .look = "",
            .icon = "note",
            .what = N_("{who} wrote a note"),
            .who =
                entity_title(c, registry_find(entity_registry(), S("member")), n->row.created_by),
            .at = moment_of(c, n->row.created_at, INSTANT_TIME),
        };
        if (!e.who.n) e.who = str_of(T(c, N_("The program")));
        TRY(note_event(c, n, &e));
        event_add(c, &v->days, e, n->row.created_at);
    }
    *next = notes.n > SHOWN ? notes.v[SHOWN - 1].row.id : 0;
    return OK;
}

enum status client_time(struct req *r, const struct party *p, struct client_view *v) {
    struct ctx *c = &r->c;
    int64_t before = 0, next = 0;
    struct str show = req_query(r, "show"), asked = req_query(r, "before");
    if (asked.n && (!str_to_i64(asked, &before) || before < 0)) return MALFORMED;
    struct url page = url_printf(c->arena, "/clients/%lld", (long long)p->row.id);
    v->all = page;
    v->only_notes = url_query(c->arena, page, "show", S("notes"));
    v->only_changes = url_query(c->arena, page, "show", S("changes"));
    bool notes = str_eq(show, S("notes")), changes = str_eq(show, S("changes"));
    v->show = notes || changes ? show : S("all");
    if (notes)
        TRY(notes_alone(c, p->row.id, before, v, &next));
    else
        TRY(all_of_it(c, p->row.id, before, changes, v, &next));
    if (next) {
        struct url same = notes ? v->only_notes : changes ? v->only_changes : page;
        v->older =
            url_query(c->arena, same, "before", str_printf(c->arena, "%lld", (long long)next));
    }
    return OK;
}

/* --- notes --- */

static struct url client_url(struct ctx *c, int64_t id) {
    return url_printf(c->arena, "/clients/%lld", (long long)id);
}

enum status client_note_add(struct req *r) {
    struct ctx *c = &r->c;
    struct party p;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(c, &entity_party, id, &p));
    struct note *n = row_new(c, &entity_note);
    TRY(form_read(c, &r->form, &entity_note, n));
    n->party = id;
    TRY(store_save(c, &entity_note, n));
    return go_toast(r, client_url(c, id), N_("The note is kept."), c->batch);
}

enum status client_note_again(struct req *r) {
    int64_t id;
    return req_arg_id(r, 0, &id) ? client_show_view(r, id) : MISSING;
}

static enum status note_page(struct req *r, const struct http_pairs *form) {
    struct ctx *c = &r->c;
    struct note n;
    struct note_form v = { 0 };
    if (!req_arg_id(r, 0, &v.id)) return MISSING;
    TRY(store_load(c, &entity_note, v.id, &n));
    TRY(form_view(c, &entity_note, &n, form, &v.form));
    v.inputs.v = arena_array(c->arena, struct form_input, 2);
    v.inputs.v[v.inputs.n++] = *form_find(&v.form, S("text"));
    v.inputs.v[v.inputs.n++] = *form_find(&v.form, S("private"));
    v.back = client_url(c, n.party);
    v.client = entity_title(c, &entity_party, n.party);
    r->narrow = true;
    return PAGE(r, T(c, N_("Edit the note")), "clients", note_page_html, &v);
}

enum status client_note_edit(struct req *r) {
    return note_page(r, NULL);
}

enum status client_note_change_again(struct req *r) {
    return note_page(r, &r->form);
}

enum status client_note_change(struct req *r) {
    struct ctx *c = &r->c;
    struct note n;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(c, &entity_note, id, &n));
    int64_t party = n.party;
    TRY(form_read(c, &r->form, &entity_note, &n));
    if (n.party != party) return MALFORMED;
    TRY(store_save(c, &entity_note, &n));
    return go_toast(r, client_url(c, party), N_("Saved."), c->batch);
}

enum status client_note_delete(struct req *r) {
    struct ctx *c = &r->c;
    struct note n;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(c, &entity_note, id, &n));
    TRY(store_delete(c, &entity_note, id, 0));
    return go_toast(r, client_url(c, n.party), N_("The note is deleted."), c->batch);
}
