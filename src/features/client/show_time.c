/* The line of time below a client's page, asked for by scripts alone; and the notes' own forms.
 * Called through feature.c; calls features/timeline and the note's store. */
#include "features/client/note.html.h"
#include "features/client/show.h"
#include "features/notice/notice.h"

/* What is filtered, or what is older: a piece of the page. Without a script it is the page itself.
 */
enum status client_timeline(struct req *r) {
    struct ctx *c = &r->c;
    struct timeline_view *v;
    struct party p;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load_binned(c, &entity_party, id, &p));
    struct url here = client_here(r, id);
    TRY(timeline_view_of(r, id, here, url_printf(c->arena, "/clients/%lld/timeline", (long long)id),
                         &v));
    if (!req_wants_fragment(r)) return go(r, here);
    if (timeline_older_only(r))
        timeline_items(page_begin(r), v);
    else
        timeline_part(page_begin(r), v);
    return fragment_end(r);
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
    return go_toast(r, client_here(r, id), N_("The note is kept."), c->batch);
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
