/* index.html of what is held about one person, in his language. Called by person.c; calls the kinds
 * of fields for words, the history for what was changed, person.html. */
#include "core/entity/history.h"
#include "core/entity/store.h"
#include "core/web/journal_look.h"
#include "features/export/person.h"
#include "features/export/person.html.h"
#include "features/party/party.h"
#include "lib/locale/date.h"

enum { PARTS = 12, PAGE = 200 };

static struct person_part *part(struct person_view *v, const char *title) {
    struct person_part *p = &v->parts.v[v->parts.n++];
    p->title = title;
    return p;
}

/* The part stays only when it has rows. */
static void settle(struct person_view *v) {
    if (v->parts.v[v->parts.n - 1].rows.n == 0) v->parts.n--;
}

static struct person_line *line(struct ctx *c, struct person_part *p, int cells) {
    size_t size = sizeof *p->rows.v;
    if (p->rows.n == p->rows.cap) {
        int cap = p->rows.cap ? p->rows.cap * 2 : 16;
        p->rows.v = arena_grow(c->arena, p->rows.v, (size_t)p->rows.cap * size, (size_t)cap * size);
        p->rows.cap = cap;
    }
    struct person_line *l = &p->rows.v[p->rows.n++];
    *l = (struct person_line){ .cells = { arena_array(c->arena, struct person_cell, cells),
                                          cells } };
    return l;
}

static void pair(struct ctx *c, struct person_part *p, struct str label, struct str value) {
    if (!value.n) return;
    struct person_line *l = line(c, p, 2);
    l->cells.v[0].s = label;
    l->cells.v[1].s = value;
}

static struct str when(struct ctx *c, int64_t ms) {
    return instant_show(c->arena, c->loc, ms, INSTANT_LONG);
}

static void facts(struct ctx *c, const struct person_wish *wish, struct person_part *p,
                  const struct entity *declared, const void *row) {
    const struct entity *e = entity_now(c, declared);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        struct value value = field_get(f, row);
        bool hidden = (f->is & PRIVATE) && !wish->internal;
        if (!field_readable(c, f) || hidden || value_empty(f, value)) continue;
        pair(c, p, str_of(field_label(c, f)), f->kind->show(c, field_in(c, f, row), value));
    }
}

static void lists(struct ctx *c, const struct person_wish *wish, struct person_view *v,
                  const struct party *him) {
    for (int i = 0; i < entity_party.manys_n; i++) {
        const struct many *m = &entity_party.manys[i];
        struct many_rows rows = many_get(m, him);
        struct person_part *p = part(v, m->label);
        for (int k = 0; k < rows.n; k++)
            if (m->single)
                pair(c, p, str_of(T(c, m->label)), m->child->title(c, many_at(m, rows, k)));
            else
                facts(c, wish, p, m->child, many_at(m, rows, k));
        settle(v);
    }
}

static enum status bonds(struct ctx *c, const struct person_wish *wish, struct person_view *v) {
    struct rows r;
    struct person_part *p = part(v, N_("Relationships"));
    for (int t = 0; t < person_tables_n; t++) {
        if (strcmp(person_tables[t].name, "bond") != 0) continue;
        TRY(person_rows(c, &person_tables[t], wish, &r));
        for (int i = 0; i < r.n; i++) {
            bool person = row_int(&r, i, "person") == wish->id;
            struct str about[] = { row_str(&r, i, "job_title"), row_str(&r, i, "role") };
            struct str some[2];
            int n = 0;
            for (int k = 0; k < COUNT(about); k++)
                if (about[k].n) some[n++] = about[k];
            struct person_line *l = line(c, p, 2);
            l->cells.v[0].s = row_str(&r, i, person ? "organisation_name" : "person_name");
            l->cells.v[1].s = str_join(c->arena, some, n, S(" · "));
        }
    }
    settle(v);
    return OK;
}

static enum status notes(struct ctx *c, const struct person_wish *wish, struct person_view *v) {
    struct rows r;
    struct person_part *p = part(v, N_("Notes"));
    for (int t = 0; t < person_tables_n; t++) {
        if (strcmp(person_tables[t].name, "note") != 0) continue;
        TRY(person_rows(c, &person_tables[t], wish, &r));
        for (int i = 0; i < r.n; i++) {
            struct person_line *l = line(c, p, 3);
            l->cells.v[0].s = when(c, row_int(&r, i, "created_at"));
            l->cells.v[1].s = row_str(&r, i, "author");
            l->cells.v[2].s = row_str(&r, i, "text");
        }
    }
    settle(v);
    return OK;
}

static void files(struct ctx *c, const struct person_files *list, struct person_view *v) {
    struct person_part *p = part(v, N_("Files"));
    for (int i = 0; i < list->n; i++) {
        struct person_line *l = line(c, p, 2);
        l->cells.v[0].s = when(c, list->v[i].at);
        l->cells.v[1] =
            (struct person_cell){ list->v[i].name, url_beside(c->arena, list->v[i].path) };
    }
    settle(v);
}

/* Is that the label of a private field? The history gives labels, not fields. */
static bool private_label(struct ctx *c, const struct entity *e, struct str label) {
    for (int i = 0; e && i < e->fields_n; i++)
        if ((e->fields[i].is & PRIVATE) && str_eq_z(label, T(c, e->fields[i].label))) return true;
    return false;
}

/* What was changed: when, who, which field, before and after. */
static enum status history(struct ctx *c, const struct person_wish *wish, struct person_view *v) {
    struct history_list h;
    int64_t before = 0;
    struct person_part *p = part(v, N_("History"));
    do {
        TRY(history_read(c, wish->id, 0, before, PAGE, &h));
        for (int i = 0; i < h.n; i++) {
            const struct history_entry *e = &h.v[i];
            bool private_note = e->entity && e->entity->private_column;
            if (private_note && !wish->internal) continue; /* notes stand above, by themselves */
            for (int k = 0; k < e->fields.n; k++) {
                const struct history_field *f = &e->fields.v[k];
                if (str_eq(f->before, f->after)) continue;
                if (!wish->internal && private_label(c, e->entity, f->label)) continue;
                struct person_line *l = line(c, p, 4);
                l->cells.v[0].s = when(c, e->at);
                l->cells.v[1].s = e->who;
                l->cells.v[2].s = f->label;
                l->cells.v[3].s =
                    f->before.n && f->after.n
                        ? str_printf(c->arena, "%.*s → %.*s", SF(f->before), SF(f->after))
                    : f->after.n ? f->after
                                 : str_printf(c->arena, "%.*s →", SF(f->before));
            }
        }
        before = h.next;
    } while (h.next);
    settle(v);
    return OK;
}

SQL(person_members, "SELECT id, name FROM member ORDER BY id");

/* Who saw him, and in which files he was given away. */
static enum status looks(struct ctx *c, const struct look_runs *all, struct person_view *v) {
    static const char *const how[LOOK_KINDS_N] = { [LOOK_OPENED] = N_("Look|opened"),
                                                   [LOOK_LISTED] = N_("Look|seen in a list"),
                                                   [LOOK_LEFT] = N_("Look|taken out in a file"),
                                                   [LOOK_EXPORT] = N_("Look|taken out in a file"),
                                                   [LOOK_EVENT] = N_("Look|opened") };
    struct rows r;
    TRY(db_query(c->tx, &person_members, &r));
    struct person_part *p = part(v, N_("Who looked at it"));
    for (int i = 0; i < all->n; i++) {
        struct person_line *l = line(c, p, 3);
        l->cells.v[0].s = when(c, all->v[i].last_ms);
        for (int k = 0; k < r.n; k++)
            if (row_int(&r, k, "id") == all->v[i].member) l->cells.v[1].s = row_str(&r, k, "name");
        l->cells.v[2].s = str_of(T(c, how[all->v[i].kind]));
    }
    settle(v);
    return OK;
}

enum status person_page(struct ctx *c, const struct person_wish *wish,
                        const struct person_files *list, const struct look_runs *seen,
                        int64_t left_out, struct buf *out) {
    struct party him;
    TRY(store_load_binned(c, &entity_party, wish->id, &him));
    struct person_view v = { .lang = lang_code(c->loc->lang),
                             .dir = lang_rtl(c->loc->lang) ? "rtl" : "ltr",
                             .name = him.display_name,
                             .firm = c->firm.name,
                             .when = when(c, c->now_ms),
                             .left_out = left_out };
    v.parts.v = arena_array(c->arena, struct person_part, PARTS + entity_party.manys_n);
    facts(c, wish, part(&v, N_("Details")), &entity_party, &him);
    settle(&v);
    lists(c, wish, &v, &him);
    TRY(bonds(c, wish, &v));
    TRY(notes(c, wish, &v));
    files(c, list, &v);
    TRY(history(c, wish, &v));
    TRY(looks(c, seen, &v));
    struct out o = { .b = *out, .loc = c->loc };
    person_index(&o, &v);
    *out = o.b;
    return OK;
}
