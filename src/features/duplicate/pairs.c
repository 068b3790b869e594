/* Pairs as they are kept: written, listed for a reader who sees both, counted. Called by look.c and
 * the pages; calls lib/db. */
#include "core/entity/history.h"
#include "features/duplicate/work.h"

#define SEEN(who)                                                                                  \
    " AND EXISTS (SELECT 1 FROM party WHERE party.id = duplicate." who                             \
    " AND party.deleted_at IS NULL" VISIBLE_PARTY ")"
#define BOTH_SEEN                                                                                  \
    SEEN("a")                                                                                      \
    SEEN("b")                                                                                      \
    " AND NOT EXISTS (SELECT 1 FROM not_same WHERE not_same.a = duplicate.a AND "                  \
    "not_same.b = duplicate.b)"
#define PAIR "SELECT duplicate.a, duplicate.b, grp, certainty, weight, levels FROM duplicate WHERE "

SQL(pair_insert,
    "INSERT INTO duplicate (a, b, grp, certainty, weight, levels, run) VALUES (:a, :b, :grp, "
    ":certainty, :weight, :levels, :run) ON CONFLICT (a, b) DO UPDATE SET grp = excluded.grp, "
    "certainty = excluded.certainty, weight = excluded.weight, levels = excluded.levels, run = "
    "excluded.run");
SQL(pair_after,
    PAIR "certainty >= :least AND certainty < :below AND (certainty, duplicate.a, duplicate.b) < "
         "(:c, :a, :b)" BOTH_SEEN
         " ORDER BY certainty DESC, duplicate.a DESC, duplicate.b DESC LIMIT :limit");
SQL(pair_before,
    PAIR "certainty >= :least AND certainty < :below AND (certainty, duplicate.a, duplicate.b) > "
         "(:c, :a, :b)" BOTH_SEEN " ORDER BY certainty, duplicate.a, duplicate.b LIMIT :limit");
SQL(pair_group, PAIR "grp = :grp" BOTH_SEEN
                     " ORDER BY certainty DESC, duplicate.a DESC, duplicate.b DESC LIMIT :limit");
SQL(pair_group_after,
    PAIR "grp = :grp AND certainty >= :least AND certainty < :below AND (certainty, duplicate.a, "
         "duplicate.b) < (:c, :a, :b)" BOTH_SEEN
         " ORDER BY certainty DESC, duplicate.a DESC, duplicate.b DESC LIMIT :limit");
SQL(apart_put, "INSERT INTO not_same (a, b, at, member) VALUES (:a, :b, :at, :member) ON CONFLICT "
               "DO NOTHING");
SQL(apart_drop, "DELETE FROM not_same WHERE a = :a AND b = :b");
SQL(pair_of, PAIR "(duplicate.a = :id OR duplicate.b = :id)" BOTH_SEEN
                  " ORDER BY certainty DESC, duplicate.a DESC, duplicate.b DESC LIMIT :limit");
SQL(pair_count, "SELECT count(*) AS n FROM (SELECT 1 FROM duplicate WHERE certainty >= :least AND "
                "certainty < :below" BOTH_SEEN " LIMIT :most) AS counted");

enum { BEHIND_ALL = 2000000 };

static const struct duplicate_band bands[] = {
    { "sure", N_("Certainty|Sure"), "good", "check", DUPLICATE_SURE, BEHIND_ALL },
    { "likely", N_("Certainty|Likely"), "lapis", "", DUPLICATE_LIKELY, DUPLICATE_SURE },
    { "possible", N_("Certainty|Possible"), "line", "", DUPLICATE_POSSIBLE, DUPLICATE_LIKELY },
};

const struct duplicate_band *duplicate_band_of(int64_t certainty) {
    for (int i = 0; i < COUNT(bands); i++)
        if (certainty >= bands[i].least) return &bands[i];
    return &bands[COUNT(bands) - 1];
}

const struct duplicate_band *duplicate_band_named(struct str code) {
    for (int i = 0; i < COUNT(bands); i++)
        if (str_eq_z(code, bands[i].code)) return &bands[i];
    return NULL;
}

const struct duplicate_band *duplicate_band_at(int i) {
    return i < COUNT(bands) ? &bands[i] : NULL;
}

struct str pair_place_write(struct arena *a, const struct pair *p) {
    return str_printf(a, "%lld.%lld.%lld", (long long)p->certainty, (long long)p->a,
                      (long long)p->b);
}

bool pair_place_read(struct str text, struct pair_place *to) {
    struct str one[3];
    for (int i = 0; i < 3; i++)
        if (!str_cut(&text, '.', &one[i])) return false;
    return !text.n && str_to_i64(one[0], &to->certainty) && str_to_i64(one[1], &to->a) &&
           str_to_i64(one[2], &to->b) && to->certainty > 0;
}

static enum status read_pairs(struct ctx *c, const struct rows *r, bool turn, struct pairs *out) {
    out->v = arena_array(c->arena, struct pair, r->n + 1);
    for (int i = 0; i < r->n; i++)
        out->v[turn ? r->n - 1 - i : i] = (struct pair){ .a = row_int(r, i, "a"),
                                                         .b = row_int(r, i, "b"),
                                                         .group = row_int(r, i, "grp"),
                                                         .certainty = row_int(r, i, "certainty"),
                                                         .weight = row_int(r, i, "weight"),
                                                         .levels = row_str(r, i, "levels") };
    out->n = r->n;
    return OK;
}

enum status pairs_list(struct ctx *c, int64_t least, int64_t below, struct pair_place after,
                       int limit, struct pairs *out) {
    struct rows r;
    TRY(db_query(c->tx, &pair_after, &r, P("least", least), P("below", below),
                 P("c", after.certainty ? after.certainty : BEHIND_ALL), P("a", after.a),
                 P("b", after.b), P("limit", limit), P_VISIBLE(c)));
    return read_pairs(c, &r, false, out);
}

enum status pairs_before(struct ctx *c, int64_t least, int64_t below, struct pair_place before,
                         int limit, struct pairs *out) {
    struct rows r;
    TRY(db_query(c->tx, &pair_before, &r, P("least", least), P("below", below),
                 P("c", before.certainty), P("a", before.a), P("b", before.b), P("limit", limit),
                 P_VISIBLE(c)));
    return read_pairs(c, &r, true, out);
}

enum status pairs_of_group(struct ctx *c, int64_t group, int limit, struct pairs *out) {
    struct rows r;
    TRY(db_query(c->tx, &pair_group, &r, P("grp", group), P("limit", limit), P_VISIBLE(c)));
    return read_pairs(c, &r, false, out);
}

enum status pairs_of_group_after(struct ctx *c, int64_t group, int64_t least, int64_t below,
                                 struct pair_place after, int limit, struct pairs *out) {
    struct rows r;
    TRY(db_query(c->tx, &pair_group_after, &r, P("grp", group), P("least", least),
                 P("below", below), P("c", after.certainty ? after.certainty : BEHIND_ALL),
                 P("a", after.a), P("b", after.b), P("limit", limit), P_VISIBLE(c)));
    return read_pairs(c, &r, false, out);
}

enum status pair_set_apart(struct ctx *c, int64_t a, int64_t b, bool apart) {
    if (!apart) return db_run(c->tx, &apart_drop, P("a", a), P("b", b));
    return db_run(c->tx, &apart_put, P("a", a), P("b", b), P("at", c->now_ms),
                  P("member", c->who.id));
}

enum status pairs_of(struct ctx *c, int64_t id, int limit, struct pairs *out) {
    struct rows r;
    TRY(db_query(c->tx, &pair_of, &r, P("id", id), P("limit", limit), P_VISIBLE(c)));
    return read_pairs(c, &r, false, out);
}

enum status pairs_count(struct ctx *c, int64_t least, int64_t below, int64_t most, int64_t *n) {
    struct rows r;
    TRY(db_query(c->tx, &pair_count, &r, P("least", least), P("below", below), P("most", most),
                 P_VISIBLE(c)));
    *n = row_int(&r, 0, "n");
    return OK;
}

enum status pair_put(struct ctx *c, const struct pair *p, int64_t run) {
    return db_later(c->tx, &pair_insert, P("a", p->a), P("b", p->b), P("grp", p->group),
                    P("certainty", p->certainty), P("weight", p->weight), P("levels", p->levels),
                    P("run", run));
}

enum status duplicate_count(struct ctx *c, int64_t most, int64_t *n) {
    return pairs_count(c, DUPLICATE_POSSIBLE, BEHIND_ALL, most, n);
}
