/* name~: clients whose name sounds so, in any script. The index of name keys (entity.keys) gives
 * candidates, their names decide, letter by letter (lib/text/namekey). Called by run_field.c. */
#include "core/ask/run_in.h"
#include "core/entity/history.h"
#include "lib/text/namekey.h"

SQL(run_keys_version, "SELECT value FROM meta WHERE key = 'keys_version'");

static enum status union_of(struct run *r, const struct strs *keys, struct bits *to) {
    for (int i = 0; i < keys->n; i++) {
        struct bits *one;
        TRY(search_term(r->search, str_printf(r->c->arena, "k%.*s", SF(keys->v[i])), &one));
        bits_or(to, one);
        bits_free(one);
    }
    return OK;
}

/* In one way at least: in every group of it, under one of its keys. */
static enum status candidates(struct run *r, struct str name, const struct bits *among,
                              struct bits *to) {
    struct namekey_way *ways;
    int n = namekey_query_terms(r->c->arena, name, &ways);
    for (int w = 0; w < n; w++) {
        struct bits *left = bits_copy(among);
        enum status st = OK;
        for (int g = 0; g < ways[w].groups_n && st == OK; g++) {
            struct bits *any = bits_new();
            st = union_of(r, &ways[w].groups[g], any);
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
static enum status keys_are_complete(struct run *r, bool *complete) {
    const struct entity *e = registry_find(entity_registry(), S("party"));
    struct rows rows;
    int64_t version = 0;
    TRY(db_query(r->c->tx, &run_keys_version, &rows));
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
    enum status st = keys_are_complete(r, &complete);
    if (st == OK && complete) st = candidates(r, name, among, who);
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
