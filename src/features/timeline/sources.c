/* The sources of the line of time: notes as they are now, files, and changes of all else. What made
 * a note or a file is that note or file; only what changed later stands among the changes. Called
 * by timeline.c through the table; calls the history, the notes' and the files' readers. */
#include "features/attachment/attachment.h"
#include "features/member/member.h"
#include "features/note/note.h"
#include "features/notice/notice.h"
#include "features/purchase/purchase.h"
#include "features/timeline/timeline.h"
#include "lib/locale/date.h"
#include "lib/locale/zone.h"

static struct timeline_item *add(struct ctx *c, struct timeline_items *out, int cap) {
    if (!out->v) out->v = arena_array(c->arena, struct timeline_item, cap);
    return &out->v[out->n++];
}

static struct str who(struct ctx *c, int64_t member) {
    struct str name = member ? entity_title(c, &entity_member, member) : NO_STR;
    return name.n ? name : str_of(T(c, N_("The program")));
}

/* --- notes --- */

static enum status notes_read(struct ctx *c, int64_t party, int64_t below, int limit,
                              struct timeline_items *out) {
    struct notes notes;
    TRY(note_of_party(c, party, below, limit, &notes));
    for (int i = 0; i < notes.n; i++) {
        const struct note *n = &notes.v[i];
        *add(c, out, notes.n) = (struct timeline_item){
            .at = n->row.created_at, .id = n->row.id, .member = n->row.created_by, .what = n
        };
        out->last = n->row.id;
    }
    out->more = notes.n == limit;
    return OK;
}

static struct strs notes_texts(struct ctx *c, const struct timeline_item *i) {
    const struct note *n = i->what;
    struct strs s = { arena_array(c->arena, struct str, 1), 1 };
    s.v[0] = n->text;
    return s;
}

static enum status notes_show(struct ctx *c, const struct timeline_item *i, int64_t party,
                              struct event *e) {
    const struct note *n = i->what;
    (void)party;
    *e = (struct event){ .look = "",
                         .icon = "note",
                         .what = N_("{who} wrote a note"),
                         .who = who(c, i->member),
                         .at = moment_of(c, i->at, INSTANT_TIME),
                         .note = n->text,
                         .note_private = n->private };
    TRY(mentions_marked(c, n->text, &e->note_marked));
    if (!ctx_may(c, entity_note.may_write)) return OK;
    e->note_edit = url_printf(c->arena, "/notes/%lld/edit", (long long)n->row.id);
    e->note_delete = url_printf(c->arena, "/notes/%lld/delete", (long long)n->row.id);
    return OK;
}

/* --- files --- */

static enum status files_read(struct ctx *c, int64_t party, int64_t below, int limit,
                              struct timeline_items *out) {
    struct attachments files;
    TRY(attachment_of_party(c, party, false, below, limit, &files));
    for (int i = 0; i < files.n; i++) {
        const struct attachment *f = &files.v[i];
        *add(c, out, files.n) = (struct timeline_item){
            .at = f->row.created_at, .id = f->row.id, .member = f->row.created_by, .what = f
        };
        out->last = f->row.id;
    }
    out->more = files.next != 0;
    return OK;
}

static struct strs files_texts(struct ctx *c, const struct timeline_item *i) {
    const struct attachment *f = i->what;
    struct strs s = { arena_array(c->arena, struct str, f->versions.n + 2), 0 };
    s.v[s.n++] = f->name;
    s.v[s.n++] = f->description;
    for (int k = 0; k < f->versions.n; k++) s.v[s.n++] = f->versions.v[k].name;
    return s;
}

static enum status files_show(struct ctx *c, const struct timeline_item *i, int64_t party,
                              struct event *e) {
    const struct attachment *f = i->what;
    (void)party;
    *e = (struct event){
        .look = "",
        .icon = "clip",
        .what = N_("{who} added the file {name}"),
        .who = who(c, i->member),
        .name =
            name_link(c, url_printf(c->arena, "/attachments/%lld", (long long)f->row.id), f->name),
        .at = moment_of(c, i->at, INSTANT_TIME),
        .note = f->description,
        .note_private = f->private,
    };
    return OK;
}

/* --- purchases: on their own day, whenever they were entered --- */

static int64_t noon(const struct ctx *c, struct str date) {
    struct day day;
    return day_of_iso(date, &day) ? zone_ms(c->loc->zone, day, 12 * 60 * 60) : 0;
}

static enum status purchases_read(struct ctx *c, int64_t party, int64_t below, int limit,
                                  struct timeline_items *out) {
    struct purchases list;
    TRY(purchase_of_party(c, party, below, limit, &list));
    for (int i = 0; i < list.n; i++) {
        const struct purchase *p = &list.v[i];
        *add(c, out, list.n) = (struct timeline_item){
            .at = noon(c, p->date), .id = purchase_place(p), .member = p->row.created_by, .what = p
        };
        out->last = purchase_place(p);
    }
    out->more = list.n == limit;
    return OK;
}

static struct strs purchases_texts(struct ctx *c, const struct timeline_item *i) {
    const struct purchase *p = i->what;
    struct strs s = { arena_array(c->arena, struct str, 3), 3 };
    s.v[0] = p->product;
    s.v[1] = p->product_kind;
    s.v[2] = p->reference;
    return s;
}

static enum status purchases_show(struct ctx *c, const struct timeline_item *i, int64_t party,
                                  struct event *e) {
    const struct purchase *p = i->what;
    struct day day = { 0 };
    struct url to = ctx_may(c, entity_purchase.may_write)
                        ? url_printf(c->arena, "/purchases/%lld/edit", (long long)p->row.id)
                        : url_printf(c->arena, "/clients/%lld/purchases", (long long)party);
    *e = (struct event){ .look = "",
                         .icon = "tag",
                         .what = p->amount < 0 ? N_("Return: {name}, {thing}")
                                               : N_("Purchase: {name}, {thing}"),
                         .name = name_link(c, to, entity_purchase.title(c, p)),
                         .thing = purchase_amount(c, p),
                         .title = p->reference };
    if (!day_of_iso(p->date, &day)) return OK;
    e->at = (struct moment){ .said = date_show(c->arena, c->loc, day, DATE_LONG), .iso = p->date };
    return OK;
}

/* --- changes --- */

static bool made_elsewhere(const struct history_entry *h) {
    return h->action == ACTION_CREATE &&
           (h->entity == &entity_note || h->entity == &entity_attachment ||
            h->entity == &entity_purchase);
}

static enum status changes_read(struct ctx *c, int64_t party, int64_t below, int limit,
                                struct timeline_items *out) {
    struct history_list list;
    TRY(history_read(c, party, 0, below, limit, &list));
    for (int i = 0; i < list.n; i++) {
        const struct history_entry *h = &list.v[i];
        out->last = h->id;
        if (made_elsewhere(h)) continue;
        *add(c, out, list.n) = (struct timeline_item){
            .at = h->at, .id = h->id, .member = h->member, .batch = h->batch, .what = h
        };
    }
    out->more = list.next != 0;
    return OK;
}

static struct strs changes_texts(struct ctx *c, const struct timeline_item *i) {
    const struct history_entry *h = i->what;
    struct strs s = { arena_array(c->arena, struct str, h->fields.n * 3 + 2), 0 };
    s.v[s.n++] = h->name;
    s.v[s.n++] = h->title;
    for (int k = 0; k < h->fields.n; k++) {
        s.v[s.n++] = h->fields.v[k].label;
        s.v[s.n++] = h->fields.v[k].before;
        s.v[s.n++] = h->fields.v[k].after;
    }
    return s;
}

static enum status changes_show(struct ctx *c, const struct timeline_item *i, int64_t party,
                                struct event *e) {
    *e = event_of(c, i->what, party);
    return OK;
}

const struct timeline_source timeline_sources[] = {
    { "notes", N_("Notes"), notes_read, notes_texts, notes_show },
    { "files", N_("Files"), files_read, files_texts, files_show },
    { "purchases", N_("Purchases"), purchases_read, purchases_texts, purchases_show },
    { "changes", N_("Changes"), changes_read, changes_texts, changes_show },
};
const int timeline_sources_n = COUNT(timeline_sources);
