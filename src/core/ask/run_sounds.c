/* name~: clients whose name sounds so, in any script. The index of name keys (entity.keys) gives
 * candidates, their names decide, letter by letter (lib/text/namekey). Called by run_field.c, and
 * by who searches by words and wants the others too (ask_sounding). */
#include "core/ask/run_in.h"
#include "core/entity/history.h"
#include "core/entity/list_index.h"
#include "core/entity/order.h"
#include "lib/text/fold.h"
#include "lib/text/namekey.h"

SQL(run_keys_version, "SELECT value FROM meta WHERE key = 'keys_version'");
SQL2(run_names,
     "SELECT id, display_name, latin_name, given_name, family_name FROM party WHERE id IN (SELECT "
     "value FROM json_each(:ids)) ORDER BY id",
     "SELECT id, display_name, latin_name, given_name, family_name FROM party WHERE id = "
     "ANY(CAST(translate(:ids, '[]', '{}') AS bigint[])) ORDER BY id");

enum {
    SOUNDING_LETTERS = 3,  /* less says nothing about a sound */
    SOUNDING_LOOKED = 256, /* candidates whose names are read, so that a key stays a millisecond */
    SOUNDING_STEP = 64
};

static enum status union_of(struct ctx *c, struct search *search, const struct strs *keys,
                            struct bits *to) {
    for (int i = 0; i < keys->n; i++) {
        struct bits *one;
        TRY(search_term(search, str_printf(c->arena, "k%.*s", SF(keys->v[i])), &one));
        bits_or(to, one);
        bits_free(one);
    }
    return OK;
}

/* In one way at least: in every group of it, under one of its keys. */
static enum status candidates(struct ctx *c, struct search *search, struct str name,
                              const struct bits *among, struct bits *to) {
    struct namekey_way *ways;
    int n = namekey_query_terms(c->arena, name, &ways);
    for (int w = 0; w < n; w++) {
        struct bits *left = bits_copy(among);
        enum status st = OK;
        for (int g = 0; g < ways[w].groups_n && st == OK; g++) {
            struct bits *any = bits_new();
            st = union_of(c, search, &ways[w].groups[g], any);
            bits_and(left, any);
            bits_free(any);
        }
        if (st == OK && ways[w].groups_n) bits_or(to, left);
        bits_free(left);
        TRY(st);
    }
    return OK;
}

struct sounding {
    struct arena *arena;
    const struct namekey *asked;
    struct bits *to;
};

static bool sounds(const struct sounding *s, struct str name) {
    return name.n &&
           namekey_within(s->asked, namekey_new(s->arena, name, NAMEKEY_PERSON)) == NAMEKEY_SAME;
}

/* id, display_name, latin_name, given_name, family_name */
static bool sounds_row(void *arg, const struct cell *cells) {
    struct sounding *s = arg;
    struct arena_mark m = arena_mark(s->arena);
    struct str whole = str_printf(s->arena, "%.*s %.*s", SF(cells[3].s), SF(cells[4].s));
    if (sounds(s, cells[1].s) || sounds(s, cells[2].s) || sounds(s, str_trim(whole)))
        bits_add(s->to, (uint32_t)cells[0].i);
    arena_back(s->arena, m);
    return true;
}

/* Keys that are still being made (after an upgrade) would leave some out: then all are looked at.
 */
static enum status keys_are_complete(struct ctx *c, bool *complete) {
    const struct entity *e = registry_find(entity_registry(), S("party"));
    struct rows rows;
    int64_t version = 0;
    TRY(db_query(c->tx, &run_keys_version, &rows));
    *complete =
        rows.n && str_to_i64(row_str(&rows, 0, "value"), &version) && version == e->keys_version;
    return OK;
}

enum status run_sounds(struct run *r, struct str name, const struct bits *among,
                       struct bits **out) {
    struct bits *who = bits_new();
    struct sounding s = { r->c->arena, namekey_new(r->c->arena, name, NAMEKEY_PERSON), bits_new() };
    struct run_sql q;
    bool complete;
    enum status st = keys_are_complete(r->c, &complete);
    if (st == OK && complete) st = candidates(r->c, r->search, name, among, who);
    if (st == OK && !complete) bits_or(who, among);
    if (st == OK && bits_count(who)) {
        run_sql_new(r, &q);
        buf_add_z(&q.text, "SELECT id, display_name, latin_name, given_name, family_name FROM "
                           "party WHERE display_name IS NOT NULL@");
        st = run_sql_each(&q, "id", run_few(who, false), sounds_row, &s);
    }
    bits_free(who);
    if (st == OK)
        *out = s.to;
    else
        bits_free(s.to);
    return st;
}

/* --- for a search by words --- */

static bool has_sound(struct ctx *c, struct str name, struct strs *words) {
    struct str whole = fold(c->arena, name), rest = whole;
    int letters = 0;
    if (str_find_c(name, '@') >= 0) return false;
    for (size_t i = 0; i < whole.n; i++)
        if (whole.p[i] >= '0' && whole.p[i] <= '9') return false;
    while (rest.n && utf8_next(&rest) >= 0) letters++;
    *words = list_query_words(c, name);
    return words->n && letters >= SOUNDING_LETTERS;
}

static enum status sounding_of(struct ctx *c, struct str name, struct bits *who, int cap,
                               int64_t *ids, int *n) {
    struct sounding s = { c->arena, namekey_new(c->arena, name, NAMEKEY_PERSON), bits_new() };
    uint32_t numbers[SOUNDING_STEP], hits[SOUNDING_STEP];
    int64_t some[SOUNDING_STEP], after = -1;
    enum status st = OK;
    int step;
    for (int looked = 0; *n < cap && looked < SOUNDING_LOOKED && st == OK; looked += step) {
        struct rows rows;
        step = bits_next(who, after, numbers, SOUNDING_STEP);
        if (!step) break;
        for (int i = 0; i < step; i++) some[i] = numbers[i];
        st = db_query(c->tx, &run_names, &rows, P("ids", sql_id_list(c->arena, some, step)));
        for (int i = 0; st == OK && i < rows.n; i++) sounds_row(&s, row_cell(&rows, i, 0));
        int found = bits_next(s.to, after, hits, SOUNDING_STEP);
        for (int i = 0; i < found && *n < cap; i++) ids[(*n)++] = hits[i];
        after = numbers[step - 1];
    }
    bits_free(s.to);
    return st;
}

/* Who sounds so and may be seen, without those whom the words find already. */
static enum status sounding_candidates(struct ctx *c, struct str name, const struct strs *words,
                                       struct bits **out) {
    struct search *search;
    struct bits *alive;
    struct found found = { 0 };
    TRY(search_open(c->tx, orders_memory(c->orders), &search));
    TRY(search_term(search, S("a"), &alive));
    *out = bits_new();
    enum status st = list_meet_visible(c, search, alive);
    if (st == OK) st = candidates(c, search, name, alive, *out);
    if (st == OK) st = search_words(search, words, &found);
    if (st == OK) bits_minus(*out, found.all);
    found_free(&found);
    bits_free(alive);
    return st;
}

enum status ask_sounding(struct ctx *c, struct str name, int cap, int64_t *ids, int *n) {
    struct strs words;
    struct bits *who = NULL;
    bool complete;
    *n = 0;
    if (!has_sound(c, name, &words)) return OK;
    TRY(keys_are_complete(c, &complete));
    if (!complete) return OK;
    enum status st = sounding_candidates(c, name, &words, &who);
    if (st == OK) st = sounding_of(c, name, who, cap, ids, n);
    bits_free(who);
    return st;
}
