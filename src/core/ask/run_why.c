/* What one client has in the matter of each rule: «620», «Paris», for «why is he in?». Called by
 * run.c; calls the store and the kinds of fields. */
#include "core/ask/run_in.h"
#include "core/entity/history.h"
#include "lib/locale/date.h"
#include "lib/locale/number.h"
#include "lib/locale/zone.h"

enum { SHOWN_N = 5, SHOWN_CHARS = 80 };

static struct str shortened(struct ctx *c, struct str s) {
    struct str rest = s;
    for (int i = 0; i < SHOWN_CHARS; i++)
        if (utf8_next(&rest) < 0) return s;
    return str_printf(c->arena, "%.*s…", (int)(s.n - rest.n), s.p);
}

/* The values of the field, of all rows of a child list. */
static struct str values_of(struct ctx *c, const struct ask_field *f, const void *row) {
    struct str v[SHOWN_N];
    int n = 0;
    struct many_rows rows = { .n = 1 };
    if (f->many) rows = many_get(f->many, row);
    for (int i = 0; i < rows.n && n < SHOWN_N; i++) {
        struct value one = field_get(f->field, f->many ? many_at(f->many, rows, i) : row);
        if (value_empty(f->field, one)) continue;
        v[n++] = shortened(c, f->field->kind->show(c, f->field, one));
    }
    return str_join(c->arena, v, n,
                    c->loc->lang == LANG_FA || c->loc->lang == LANG_AR ? S("، ") : S(", "));
}

static struct str age_of(struct ctx *c, struct str iso) {
    struct day born;
    if (!day_of_iso(iso, &born)) return NO_STR;
    int age = date_age(born, zone_local(c->firm.clock, c->now_ms).day);
    return age < 0 ? NO_STR : number_show(c->arena, c->loc, age);
}

static enum status field_has(struct run *r, const struct ask_node *n, int64_t party,
                             struct str *out) {
    struct ctx *c = r->c;
    const struct ask_field *f = ask_field(r->catalogue, NULL, n->field);
    const struct entity *e = entity_now(c, registry_find(entity_registry(), S("party")));
    void *row = arena_alloc(c->arena, e->size);
    if (!f) return run_gone(r, n->field);
    if (f->relation) return run_edge_has(r, f, party, out);
    TRY(store_load_binned(c, e, party, row));
    if (f->from == ASK_FROM_ROW) {
        bool made = !strcmp(f->column, "created_at");
        int64_t ms = made ? row_head_of(row)->created_at : row_head_of(row)->changed_at;
        *out = instant_show(c->arena, c->loc, ms, INSTANT_LONG);
    } else if (f->from == ASK_FROM_AGE) {
        *out = age_of(c, field_get(f->field, row).s);
    } else if (f->from == ASK_FROM_NOWHERE) {
        *out = e->title(c, row);
    } else {
        *out = values_of(c, f, row);
    }
    return OK;
}

enum status run_has(struct run *r, const struct ask_node *n, int64_t party, struct str *out) {
    *out = NO_STR;
    if (n->kind == ASK_FIELD) return field_has(r, n, party, out);
    if (n->kind == ASK_MEASURE || n->kind == ASK_HAS) return run_related_has(r, n, party, out);
    return OK;
}
