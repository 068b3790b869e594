/* The exports of other products: told by their headers, and each column put where the feature's
 * table says (exchange_shape.known). Called by match.c when a file is looked at. */
#include "core/exchange/import_row.h"

const struct exchange_known *import_known(const struct exchange_shape *shape, struct str code) {
    for (int i = 0; i < shape->known_n; i++)
        if (code.n && str_eq_z(code, shape->known[i].code)) return &shape->known[i];
    return NULL;
}

static bool has_header(const struct import_plan *p, struct str name) {
    for (int i = 0; i < p->n; i++)
        if (str_eq(p->v[i].header, name)) return true;
    return false;
}

static bool tells(const struct exchange_known *k, const struct import_plan *p) {
    struct str rest = str_of(k->tells), group, name;
    while (str_cut(&rest, ';', &group)) {
        bool one = false;
        while (str_cut(&group, '|', &name)) one |= has_header(p, name);
        if (!one) return false;
    }
    return true;
}

/* "Phone # - Value" and "Phone 2 - Value": the number, 0 where the name has none, -1: not it. */
static int64_t number_in(struct arena *a, struct str pattern, struct str header) {
    ptrdiff_t at = str_find_c(pattern, '#');
    if (at < 0) return str_eq(import_squash(a, pattern), header) ? 0 : -1;
    struct str head = import_squash(a, str_sub(pattern, 0, (size_t)at));
    struct str tail = import_squash(a, str_sub(pattern, (size_t)at + 1, SIZE_MAX));
    int64_t n;
    if (header.n <= head.n + tail.n || !str_starts(header, head) || !str_ends(header, tail))
        return -1;
    struct str middle = str_sub(header, head.n, header.n - head.n - tail.n);
    return str_to_i64(middle, &n) && n > 0 && n <= LIMIT_MANY_N ? n : -1;
}

static int64_t match_entry(struct arena *a, const struct exchange_known_column *k,
                           struct str header) {
    struct str rest = str_of(k->headers), one;
    while (str_cut(&rest, ';', &one)) {
        int64_t n = number_in(a, one, header);
        if (n >= 0) return n;
    }
    return -1;
}

static bool taken(const struct import_plan *p, int before, struct str to) {
    if (str_ends(to, S("+"))) return false; /* put behind, as often as one likes */
    for (int i = 0; i < before; i++)
        if (str_eq(p->v[i].to, to)) return true;
    return false;
}

static void put(struct ctx *c, struct import_plan *p, int column,
                const struct exchange_known_column *k, int64_t number) {
    struct import_column *col = &p->v[column];
    struct str to = str_of(k->to);
    ptrdiff_t at = str_find(to, S("%d"));
    col->how = k->how;
    col->left_out = str_eq(to, S("-"));
    if (!to.n || col->left_out) return;
    if (at >= 0 && number > 0)
        to = str_printf(c->arena, "%.*s%lld%.*s", (int)at, to.p, (long long)number - 1,
                        SF(str_sub(to, (size_t)at + 2, SIZE_MAX)));
    else if (at >= 0)
        to = import_place(c, p, column, to, 0);
    if (!to.n || taken(p, column, to)) {
        col->how = 0;
        return;
    }
    col->to = to;
    if (k->kind) col->kind = str_of(k->kind);
}

static void put_columns(struct ctx *c, const struct exchange_known *k, struct import_plan *p) {
    bool *used = arena_array(c->arena, bool, k->columns_n + 1);
    for (int i = 0; i < p->n; i++) {
        struct str header = import_squash(c->arena, p->v[i].header);
        for (int e = 0; e < k->columns_n && header.n; e++) {
            int64_t number = match_entry(c->arena, &k->columns[e], header);
            if (number < 0 || (number == 0 && used[e])) continue;
            used[e] |= number == 0 && k->columns[e].to[0] && k->columns[e].to[0] != '-';
            put(c, p, i, &k->columns[e], number);
            break;
        }
    }
}

void import_recognise(struct ctx *c, const struct exchange_shape *shape, struct import_plan *p) {
    for (int i = 0; i < shape->known_n; i++) {
        if (!tells(&shape->known[i], p)) continue;
        p->known = str_of(shape->known[i].code);
        put_columns(c, &shape->known[i], p);
        return;
    }
}
