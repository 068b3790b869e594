/* What becomes of two records: which value stands, which lists are one. Called by merge.c and the
 * pages; writes nothing. */
#include "features/merge/inner.h"
#include "lib/locale/date.h"
#include "lib/text/fold.h"

enum { LONG_TEXT = 500, AREA_MAX = 20000 };

/* --- fields --- */

static bool has_choice(struct str list, struct str code) {
    struct str one;
    while (str_cut(&list, ',', &one))
        if (str_eq(one, code)) return true;
    return false;
}

static struct str all_choices(struct ctx *c, struct str a, struct str b) {
    struct buf out = { .arena = c->arena };
    struct str one;
    buf_add(&out, a);
    while (str_cut(&b, ',', &one))
        if (!has_choice(a, one)) {
            buf_add_c(&out, ',');
            buf_add(&out, one);
        }
    return buf_str(&out);
}

static struct str both_texts(struct ctx *c, const struct field *f, struct str a, struct str b) {
    if (str_find(a, b) >= 0) return a;
    if (str_find(b, a) >= 0) return b;
    bool area = f->kind == &kind_area;
    struct str two[2] = { a, b };
    return str_join(c->arena, two, 2, area ? S("\n") : S(", "));
}

bool merge_can_both(const struct field *f, struct value kept, struct value gone) {
    if (value_empty(f, kept) || value_empty(f, gone) || value_eq(kept, gone)) return false;
    if (f->kind == &kind_choices) return true;
    if (f->kind != &kind_area && !(f->kind == &kind_text && f->max >= LONG_TEXT)) return false;
    size_t most = f->max ? (size_t)f->max : AREA_MAX;
    return utf8_count(kept.s) + utf8_count(gone.s) + 2 <= most;
}

static struct value both(struct ctx *c, const struct field *f, struct value a, struct value b) {
    if (!merge_can_both(f, a, b)) return value_empty(f, a) ? b : a;
    if (f->kind == &kind_choices) return (struct value){ .s = all_choices(c, a.s, b.s) };
    return (struct value){ .s = both_texts(c, f, a.s, b.s) };
}

static bool day_without_year(struct str iso) {
    struct day d;
    return day_of_iso(iso, &d) && d.year == 0;
}

/* Who sees the client stays as it is with the kept one, unless a person decides otherwise. */
static bool is_rights(const struct field *f) {
    return !strcmp(f->name, "responsible") || !strcmp(f->name, "team");
}

static enum merge_pick best(const struct field *f, struct value kept, struct value gone) {
    if (is_rights(f) || value_eq(kept, gone) || value_empty(f, gone)) return MERGE_KEEP;
    if (f->kind == &kind_yesno) return gone.i ? MERGE_TAKE : MERGE_KEEP; /* «do not call» counts */
    if (value_empty(f, kept)) return MERGE_TAKE;
    if (merge_can_both(f, kept, gone)) return MERGE_BOTH;
    if (f->kind == &kind_date && day_without_year(kept.s) && !day_without_year(gone.s))
        return MERGE_TAKE;
    return MERGE_KEEP;
}

void merge_defaults(struct ctx *c, struct merge_plan *plan) {
    const struct entity *e = plan->entity;
    plan->pick = arena_array(c->arena, enum merge_pick, e->fields_n + 1);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        plan->pick[i] = best(f, field_get(f, &plan->kept), field_get(f, &plan->gone));
    }
}

/* --- lists --- */

static bool same_text(struct ctx *c, const struct field *f, struct value a, struct value b) {
    if (a.is_int) return a.i == b.i;
    if (str_eq(a.s, b.s)) return true;
    if (f->kind == &kind_phone)
        return str_eq(fold_digits(c->arena, a.s), fold_digits(c->arena, b.s));
    if (f->kind == &kind_url || f->kind == &kind_date || f->kind == &kind_choice) return false;
    return str_eq(fold(c->arena, a.s), fold(c->arena, b.s));
}

/* The key by which the program itself compares entries: a phone's E.164, an e-mail's. */
static bool is_key(const struct field *f) {
    return (f->is & DERIVED) && (f->is & MATCHED);
}

/* One of the two says all that the other does. */
static bool says_the_same(struct ctx *c, const struct entity *child, const void *a, const void *b) {
    bool any = false, a_more = false, b_more = false;
    for (int i = 0; i < child->fields_n; i++) {
        const struct field *f = &child->fields[i];
        struct value x = field_get(f, a), y = field_get(f, b);
        if (is_key(f) && !value_empty(f, x) && !value_empty(f, y)) return str_eq(x.s, y.s);
    }
    for (int i = 0; i < child->fields_n; i++) {
        const struct field *f = &child->fields[i];
        struct value x = field_get(f, a), y = field_get(f, b);
        bool has_x = !value_empty(f, x), has_y = !value_empty(f, y);
        if (f->is & DERIVED) continue;
        a_more |= has_x && !has_y;
        b_more |= has_y && !has_x;
        if (has_x && has_y && !same_text(c, f, x, y)) return false;
        any |= has_x && has_y;
    }
    return any && !(a_more && b_more);
}

static void fill(const struct entity *child, void *entry, const void *from) {
    for (int i = 0; i < child->fields_n; i++) {
        const struct field *f = &child->fields[i];
        if (value_empty(f, field_get(f, entry))) field_set(f, entry, field_get(f, from));
    }
}

static void unite(struct ctx *c, const struct many *m, void *row, const void *other) {
    struct many_rows own = many_get(m, row), more = many_get(m, other);
    struct many_rows all = { arena_alloc(c->arena, m->child->size * (size_t)(own.n + more.n + 1)),
                             own.n };
    if (own.n) memcpy(all.v, own.v, m->child->size * (size_t)own.n);
    for (int i = 0; i < more.n; i++) {
        const void *entry = many_at(m, more, i);
        int at = 0;
        while (at < all.n && !says_the_same(c, m->child, many_at(m, all, at), entry)) at++;
        if (at < all.n) {
            fill(m->child, many_at(m, all, at), entry);
            continue;
        }
        memcpy(many_at(m, all, all.n), entry, m->child->size);
        row_head(many_at(m, all, all.n))->id = 0;
        all.n++;
    }
    many_set(m, row, all);
}

void *merge_united(struct ctx *c, const struct merge_plan *plan) {
    const struct entity *e = plan->entity;
    void *row = row_copy(c, e, &plan->kept);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        struct value kept = field_get(f, &plan->kept), gone = field_get(f, &plan->gone);
        if ((f->is & (DERIVED | SECRET)) || plan->pick[i] == MERGE_KEEP) continue;
        field_set(f, row, plan->pick[i] == MERGE_TAKE ? gone : both(c, f, kept, gone));
    }
    for (int i = 0; i < e->manys_n; i++) unite(c, &e->manys[i], row, &plan->gone);
    return row;
}
