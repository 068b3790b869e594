/* The model as JSON and back: weights of levels, prior, frequencies of the commonest values. Called
 * by whoever keeps a model between a look at all clients and a check while one is typed; calls
 * lib/text/json. Numbers are written as whole millionths, so that they read the same everywhere. */
#include <math.h>

#include "lib/match/match_in.h"
#include "lib/text/json.h"

enum { VERSION = 2, COMMON_N = 300 };
#define MILLION 1e6
#define MOST    1000.0 /* bits: no weight is further from 0 */

static int64_t millionths(double x) {
    return (int64_t)llround(x * MILLION);
}

/* --- writing --- */

struct common {
    int64_t bits;
    struct str value;
};

static int commonest(const void *a, const void *b) {
    const struct common *x = a, *y = b;
    return x->bits != y->bits ? (x->bits > y->bits) - (x->bits < y->bits)
                              : str_cmp(x->value, y->value);
}

/* {"smith": bits, …}: those whose weight differs from that of a rare value. */
static void write_rarity(const struct column *c, struct json_out *w) {
    struct common *v = malloc(((size_t)c->rarity_n + 1) * sizeof *v);
    int64_t n = 0;
    if (!v) BUG("out of memory");
    for (uint32_t id = 1; id < c->rarity_n; id++)
        if ((!c->count || c->count[id]) && c->rarity[id] < c->rarity_other)
            v[n++] = (struct common){ millionths((double)c->rarity[id]), intern_str(c->pool, id) };
    qsort(v, (size_t)n, sizeof *v, commonest);
    jw_key(w, "common");
    jw_object(w);
    for (int64_t i = 0; i < n && i < COMMON_N; i++) {
        jw_key_str(w, v[i].value);
        jw_int(w, v[i].bits);
    }
    jw_end(w);
    free(v);
}

static void write_weights(enum match_kind kind, const float *weight, struct json_out *w) {
    const enum match_level *order;
    int n = level_order(kind, &order);
    jw_object(w);
    for (int i = 0; i < n; i++) {
        jw_key(w, match_level_code(order[i]));
        jw_int(w, millionths((double)weight[order[i]]));
    }
    jw_end(w);
}

static void write_bonds(const struct match *m, struct json_out *w) {
    jw_array(w);
    for (int i = 0; i < m->bonds_n; i++) {
        const struct bond *b = &m->bond[i];
        jw_object(w);
        jw_key(w, "child");
        jw_int(w, b->child);
        jw_key(w, "parent");
        jw_int(w, b->parent);
        jw_key(w, "weights");
        write_weights(m->column[b->child].kind, b->weight, w);
        jw_key(w, "apart");
        jw_int(w, millionths((double)b->apart));
        jw_end(w);
    }
    jw_end(w);
}

static void write_column(const struct column *c, struct json_out *w) {
    jw_object(w);
    jw_key(w, "name");
    jw_str(w, str_of(c->name));
    jw_key(w, "kind");
    jw_str(w, str_of(match_kind_code(c->kind)));
    jw_key(w, "dead");
    jw_bool(w, c->dead);
    jw_key(w, "weights");
    write_weights(c->kind, c->weight, w);
    jw_key(w, "rare");
    jw_int(w, millionths((double)c->rarity_other));
    write_rarity(c, w);
    jw_end(w);
}

struct str match_model_write(const struct match *m, struct arena *a) {
    struct buf b = { .arena = a };
    struct json_out w = { .b = &b };
    if (!m->trained) BUG("a model is written before it was learned");
    jw_object(&w);
    jw_key(&w, "version");
    jw_int(&w, VERSION);
    jw_key(&w, "prior");
    jw_int(&w, millionths((double)m->prior));
    jw_key(&w, "columns");
    jw_array(&w);
    for (int i = 0; i < m->columns_n; i++) write_column(&m->column[i], &w);
    jw_end(&w);
    jw_key(&w, "bonds");
    write_bonds(m, &w);
    jw_end(&w);
    return buf_str(&b);
}

/* --- reading --- */

static bool read_number(const struct json *j, float *out) {
    double x = (double)json_int(j) / MILLION;
    if (json_type(j) != JSON_INT || !(fabs(x) <= MOST)) return false;
    *out = (float)x;
    return true;
}

static bool read_rarity(struct column *c, const struct json *common) {
    int n = json_n(common);
    if (json_type(common) != JSON_OBJECT || n > COMMON_N) return false;
    for (int i = 0; i < n; i++) {
        struct str value = json_key(common, i);
        if (!value.n || value.n > VALUE_BYTES) return false;
        (void)intern_id(c->pool, value);
    }
    uint32_t rarity_n = c->pool->n + 1;
    float *rarity = malloc(((size_t)rarity_n + 1) * sizeof *rarity);
    if (!rarity) BUG("out of memory");
    for (uint32_t id = 0; id < rarity_n; id++) rarity[id] = c->rarity_other;
    free(c->rarity);
    c->rarity = rarity;
    c->rarity_n = rarity_n;
    for (int i = 0; i < n; i++)
        if (!read_number(json_value(common, i), &rarity[intern_find(c->pool, json_key(common, i))]))
            return false;
    return true;
}

static bool read_weights(enum match_kind kind, const struct json *j, float *weight) {
    const enum match_level *order;
    int n = level_order(kind, &order);
    memset(weight, 0, MATCH_LEVELS_N * sizeof *weight);
    for (int i = 0; i < n; i++)
        if (!read_number(json_get(j, str_of(match_level_code(order[i]))), &weight[order[i]]))
            return false;
    return true;
}

static bool read_column(struct column *c, const struct json *j) {
    if (!str_eq_z(json_str(json_get(j, S("name"))), c->name) ||
        !str_eq_z(json_str(json_get(j, S("kind"))), match_kind_code(c->kind)) ||
        !read_weights(c->kind, json_get(j, S("weights")), c->weight))
        return false;
    c->dead = json_bool(json_get(j, S("dead")));
    score_best(c);
    return read_number(json_get(j, S("rare")), &c->rarity_other) &&
           read_rarity(c, json_get(j, S("common")));
}

static bool read_bonds(struct match *m, const struct json *j) {
    int n = json_n(j);
    if (json_type(j) != JSON_ARRAY || n > BONDS_N) return false;
    for (int i = 0; i < n; i++) {
        const struct json *of = json_at(j, i), *child = json_get(of, S("child")),
                          *parent = json_get(of, S("parent"));
        int64_t c = json_int(child), p = json_int(parent);
        if (json_type(child) != JSON_INT || json_type(parent) != JSON_INT) return false;
        if (c < 0 || p < 0 || c >= m->columns_n || p >= m->columns_n || c == p) return false;
        m->bond[i] = (struct bond){ .child = (int)c, .parent = (int)p };
        if (!read_weights(m->column[c].kind, json_get(of, S("weights")), m->bond[i].weight) ||
            !read_number(json_get(of, S("apart")), &m->bond[i].apart))
            return false;
    }
    m->bonds_n = n;
    bonds_prepare(m);
    return true;
}

enum status match_model_read(struct match *m, struct str model, struct str *why) {
    struct json *j;
    struct arena_mark mark = arena_mark(m->scratch);
    enum status s = MALFORMED;
    *why = S("this is not JSON");
    if (json_parse(m->scratch, model, &j, &(struct str){ 0 }) == OK) {
        const struct json *columns = json_get(j, S("columns"));
        *why = S("this is no model of these columns");
        bool fits = json_int(json_get(j, S("version"))) == VERSION &&
                    json_n(columns) == m->columns_n &&
                    read_number(json_get(j, S("prior")), &m->prior);
        for (int i = 0; fits && i < m->columns_n; i++)
            fits = read_column(&m->column[i], json_at(columns, i));
        if (fits && read_bonds(m, json_get(j, S("bonds")))) s = OK;
    }
    arena_back(m->scratch, mark);
    if (s != OK) return s;
    *why = NO_STR;
    names_prepare(m);
    return m->trained = true, OK;
}
