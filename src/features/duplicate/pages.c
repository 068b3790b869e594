/* The pages of duplicates: pairs by certainty with why, one group, those taken apart, a new look
 * and how far it is; and the note under a form while somebody is typed. Routes: feature.c. */
#include "core/web/journal.h"
#include "features/attachment/attachment.h"
#include "features/category/category.h"
#include "features/duplicate/pages.html.h"
#include "features/duplicate/work.h"
#include "features/member/member.h"
#include "lib/locale/number.h"

enum { PAGE_PAIRS = 25, GROUP_PAIRS = 50, COUNTED = 1000, TABS_MAX = 8, ALL = 2000000 };
static const char path[] = "/duplicates";

SQL(apart_list,
    "SELECT not_same.a, not_same.b, not_same.at, member.name AS who FROM not_same LEFT JOIN member "
    "ON member.id = not_same.member WHERE (not_same.at, not_same.a, not_same.b) < (:at, :a, :b) "
    "AND EXISTS (SELECT 1 FROM party WHERE party.id = not_same.a AND party.deleted_at IS "
    "NULL" VISIBLE_PARTY ") AND EXISTS (SELECT 1 FROM party WHERE party.id = not_same.b AND "
    "party.deleted_at IS NULL" VISIBLE_PARTY
    ") ORDER BY not_same.at DESC, not_same.a DESC, not_same.b DESC LIMIT :limit");
SQL(apart_seen, "SELECT 1 AS yes FROM not_same WHERE a = :a AND b = :b");

struct url duplicate_join_url(struct arena *a, int64_t one, int64_t other) {
    return url_printf(a, "/clients/%lld/merge/%lld", (long long)one, (long long)other);
}

/* --- one pair --- */

static void fill_person(struct ctx *c, const struct party *p, const struct categories *cats,
                        struct pair_person *to) {
    bool person = party_is_person(p);
    struct str parts[3];
    int n = 0;
    *to = (struct pair_person){ .id = p->row.id,
                                .name = p->display_name,
                                .to = url_printf(c->arena, "/clients/%lld", (long long)p->row.id),
                                .face = face_of(c->arena, p->display_name, person ? "" : "firm") };
    to->face.picture = party_photo_url(c->arena, p);
    if (p->phones.n) parts[n++] = phone_shown(c->arena, &p->phones.v[0], ctx_country(c));
    if (p->emails.n) parts[n++] = p->emails.v[0].email;
    if (p->addresses.n && p->addresses.v[0].town.n) parts[n++] = p->addresses.v[0].town;
    for (int i = 0; i < n; i++) parts[i] = str_printf(c->arena, "\u2068%.*s\u2069", SF(parts[i]));
    to->line = str_join(c->arena, parts, n, S(" · "));
    for (int k = 0; k < cats->n; k++)
        if (cats->v[k].row.id == p->category) {
            to->has_mark = true;
            to->mark = category_mark(c, &cats->v[k]);
        }
}

static const struct party *among(const struct party *v, int n, int64_t id) {
    for (int i = 0; i < n; i++)
        if (v[i].row.id == id && !v[i].row.deleted_at) return &v[i];
    return NULL;
}

static struct url group_url(struct ctx *c, int64_t group) {
    return url_printf(c->arena, "%s?group=%lld", path, (long long)group);
}

static struct str certainty_shown(struct ctx *c, int64_t millionths) {
    int64_t percent = millionths / 10000;
    struct tr_arg arg = { .name = "percent",
                          .value = number_show(c->arena, c->loc, percent > 99 ? 99 : percent) };
    return tr_fill(c->arena, T(c, N_("{percent}%")), &arg, 1);
}

static void fill_pair(struct ctx *c, const struct pair *p, const struct party *one,
                      const struct party *other, const struct categories *cats,
                      struct pair_view *to) {
    struct match_part parts[COLUMNS_N];
    const struct duplicate_band *band = duplicate_band_of(p->certainty);
    *to = (struct pair_view){ .a = p->a, .b = p->b, .group = p->group };
    fill_person(c, one, cats, &to->one);
    fill_person(c, other, cats, &to->other);
    duplicate_levels_read(c->arena, p->levels, parts);
    duplicate_reasons(c, parts, one, other, &to->why, &to->but);
    to->certainty = certainty_shown(c, p->certainty);
    to->band = (struct mark){ str_of(T(c, band->label)), band->look, band->icon };
    to->join = duplicate_join_url(c->arena, p->a, p->b);
    to->compare = url_printf(c->arena, "/clients/compare?pick=%lld&pick=%lld", (long long)p->a,
                             (long long)p->b);
}

/* Both records of every pair in one go; a pair that went meanwhile is left out. */
static enum status fill_pairs(struct req *r, const struct pairs *pairs, struct pair_views *out) {
    struct ctx *c = &r->c;
    struct categories cats;
    int64_t *ids = arena_array(c->arena, int64_t, pairs->n * 2 + 1);
    void *rows = NULL;
    int n = 0, ids_n = 0;
    for (int i = 0; i < pairs->n; i++) {
        int64_t both[] = { pairs->v[i].a, pairs->v[i].b };
        for (int k = 0; k < 2; k++) {
            bool there = false;
            for (int m = 0; m < ids_n && !there; m++) there = ids[m] == both[k];
            if (!there) ids[ids_n++] = both[k];
        }
    }
    TRY(category_all(c, &cats));
    if (ids_n) TRY(store_load_all(c, &entity_party, ids, ids_n, &rows, &n));
    journal_listed(r->app, c, "party", ids, ids_n);
    out->v = arena_array(c->arena, struct pair_view, pairs->n + 1);
    for (int i = 0; i < pairs->n; i++) {
        const struct party *a = among(rows, n, pairs->v[i].a), *b = among(rows, n, pairs->v[i].b);
        if (a && b) fill_pair(c, &pairs->v[i], a, b, &cats, &out->v[out->n++]);
    }
    return OK;
}

/* How many people a group has, of those that the reader sees. */
static enum status fill_groups(struct ctx *c, struct pair_views *v) {
    for (int i = 0; i < v->n; i++) {
        struct pairs of;
        int64_t ids[2 * GROUP_PAIRS];
        int n = 0;
        if (!v->v[i].group) continue;
        TRY(pairs_of_group(c, v->v[i].group, GROUP_PAIRS, &of));
        for (int k = 0; k < of.n; k++) {
            int64_t both[] = { of.v[k].a, of.v[k].b };
            for (int x = 0; x < 2; x++) {
                bool there = false;
                for (int m = 0; m < n && !there; m++) there = ids[m] == both[x];
                if (!there) ids[n++] = both[x];
            }
        }
        v->v[i].group_n = n;
        v->v[i].all = group_url(c, v->v[i].group);
    }
    return OK;
}

/* --- the list --- */

static struct str count_shown(struct ctx *c, int64_t n) {
    struct str text = number_show(c->arena, c->loc, n > COUNTED ? COUNTED : n);
    return n > COUNTED ? str_printf(c->arena, "%.*s+", SF(text)) : text;
}

static struct str pairs_text(struct ctx *c, int64_t n) {
    struct tr_arg arg = { .name = "n", .value = count_shown(c, n) };
    return tr_fill(c->arena, tr_n(c->loc, "{n} pair", "{n} pairs", n), &arg, 1);
}

static struct url page_url(struct ctx *c, const struct duplicate_band *band, const char *way,
                           const struct pair *p) {
    struct url u = url_own(str_of(path));
    if (band) u = url_query(c->arena, u, "band", str_of(band->code));
    if (p) u = url_query(c->arena, u, way, pair_place_write(c->arena, p));
    return u;
}

static enum status asked_band(struct req *r, const struct duplicate_band **out) {
    struct str code = req_query(r, "band");
    *out = NULL;
    if (!code.n) return OK;
    *out = duplicate_band_named(code);
    return *out ? OK : MALFORMED;
}

static enum status read_list(struct req *r, const struct duplicate_band *band,
                             struct duplicates_view *v) {
    struct ctx *c = &r->c;
    struct pairs pairs;
    struct pair_place place = { 0 };
    int64_t least = band ? band->least : DUPLICATE_POSSIBLE, below = band ? band->below : ALL;
    struct str before = req_query(r, "before"), after = req_query(r, "after");
    if (before.n ? !pair_place_read(before, &place) : after.n && !pair_place_read(after, &place))
        return MALFORMED;
    if (before.n)
        TRY(pairs_before(c, least, below, place, PAGE_PAIRS + 1, &pairs));
    else
        TRY(pairs_list(c, least, below, place, PAGE_PAIRS + 1, &pairs));
    bool more = pairs.n > PAGE_PAIRS;
    if (more && before.n) pairs.v++;
    if (more) pairs.n = PAGE_PAIRS;
    if (pairs.n && (before.n || more)) v->next = page_url(c, band, "after", &pairs.v[pairs.n - 1]);
    if (pairs.n && (before.n ? more : after.n > 0))
        v->prev = page_url(c, band, "before", &pairs.v[0]);
    TRY(fill_pairs(r, &pairs, &v->pairs));
    return fill_groups(c, &v->pairs);
}

static enum status read_bands(struct ctx *c, const struct duplicate_band *now,
                              struct duplicates_view *v) {
    int64_t all;
    TRY(pairs_count(c, DUPLICATE_POSSIBLE, ALL, COUNTED + 1, &all));
    v->any = all > 0;
    v->count = pairs_text(c, all);
    v->bands.v = arena_array(c->arena, struct band_tab, TABS_MAX);
    v->bands.v[v->bands.n++] =
        (struct band_tab){ str_of(T(c, N_("Pairs|All"))), count_shown(c, all),
                           url_own(str_of(path)), !now && !v->apart };
    const struct duplicate_band *band;
    for (int i = 0; (band = duplicate_band_at(i)); i++) {
        int64_t n;
        TRY(pairs_count(c, band->least, band->below, COUNTED + 1, &n));
        v->bands.v[v->bands.n++] = (struct band_tab){ str_of(T(c, band->label)), count_shown(c, n),
                                                      page_url(c, band, NULL, NULL), now == band };
        if (now == band) v->count = pairs_text(c, n);
    }
    v->bands.v[v->bands.n++] =
        (struct band_tab){ str_of(T(c, N_("Not the same"))), NO_STR,
                           url_query(c->arena, url_own(str_of(path)), "apart", S("1")), v->apart };
    return OK;
}

static void fill_look(struct ctx *c, const struct look_state *s, struct look_view *v) {
    static const struct {
        const char *state, *label;
        int from, part; /* per cent */
    } steps[] = { { "waiting", N_("It begins in a moment."), 0, 0 },
                  { "reading", N_("Reading the clients…"), 2, 38 },
                  { "comparing", N_("Comparing them…"), 45, 0 },
                  { "writing", N_("Writing down what was found…"), 85, 0 } };
    *v = (struct look_view){ .id = s->id, .any = s->id > 0 };
    if (!v->any) return;
    v->done = str_eq_z(s->state, "done");
    v->failed = str_eq_z(s->state, "failed");
    v->runs = !v->done && !v->failed;
    v->clients = number_show(c->arena, c->loc, s->clients_n);
    v->pairs = number_show(c->arena, c->loc, s->pairs_n);
    v->at = moment_of(c, s->ended_at ? s->ended_at : s->at, INSTANT_RELATIVE);
    for (int i = 0; i < COUNT(steps); i++)
        if (str_eq_z(s->state, steps[i].state)) {
            v->step = str_of(T(c, steps[i].label));
            v->percent =
                steps[i].from + (s->clients_n ? steps[i].part * s->done_n / s->clients_n : 0);
        }
}

static bool place_of_two(struct str text, int64_t *a, int64_t *b) {
    struct str one;
    return str_cut(&text, '.', &one) && str_to_i64(one, a) && str_to_i64(text, b) && *a > 0 &&
           *a < *b;
}

/* «Undo» for the pair that was just taken apart. */
static enum status read_undo(struct req *r, struct duplicates_view *v) {
    struct rows rows;
    struct pair p = { 0 };
    struct pairs pairs = { &p, 1 };
    struct pair_views views = { 0 };
    struct str asked = req_query(r, "undo");
    if (!asked.n) return OK;
    if (!place_of_two(asked, &p.a, &p.b)) return MALFORMED;
    TRY(db_query(r->c.tx, &apart_seen, &rows, P("a", p.a), P("b", p.b)));
    if (!rows.n) return OK;
    TRY(fill_pairs(r, &pairs, &views));
    if (views.n) v->undo = &views.v[0];
    return OK;
}

static enum status read_apart(struct req *r, struct duplicates_view *v) {
    struct ctx *c = &r->c;
    struct rows rows;
    struct pairs pairs = { 0 };
    struct pair_place place = { .certainty = INT64_MAX };
    struct str after = req_query(r, "after");
    if (after.n && !pair_place_read(after, &place)) return MALFORMED;
    TRY(db_query(c->tx, &apart_list, &rows, P("at", place.certainty), P("a", place.a),
                 P("b", place.b), P("limit", PAGE_PAIRS), P_VISIBLE(c)));
    pairs.v = arena_array(c->arena, struct pair, rows.n + 1);
    for (pairs.n = 0; pairs.n < rows.n; pairs.n++)
        pairs.v[pairs.n] = (struct pair){ .a = row_int(&rows, pairs.n, "a"),
                                          .b = row_int(&rows, pairs.n, "b"),
                                          .certainty = row_int(&rows, pairs.n, "at") };
    TRY(fill_pairs(r, &pairs, &v->pairs));
    for (int i = 0; i < v->pairs.n; i++)
        for (int k = 0; k < rows.n; k++)
            if (row_int(&rows, k, "a") == v->pairs.v[i].a &&
                row_int(&rows, k, "b") == v->pairs.v[i].b) {
                v->pairs.v[i].at = moment_of(c, row_int(&rows, k, "at"), INSTANT_RELATIVE);
                v->pairs.v[i].who = row_str(&rows, k, "who");
            }
    if (rows.n == PAGE_PAIRS)
        v->next =
            url_query(c->arena, page_url(c, NULL, "after", &pairs.v[pairs.n - 1]), "apart", S("1"));
    return OK;
}

static enum status read_group(struct req *r, struct duplicates_view *v) {
    struct ctx *c = &r->c;
    struct pairs pairs;
    int64_t group, ids[5];
    int n = 0;
    if (!str_to_i64(req_query(r, "group"), &group) || group <= 0) return MALFORMED;
    v->group = true;
    TRY(pairs_of_group(c, group, GROUP_PAIRS, &pairs));
    v->compare = url_own(S("/clients/compare"));
    for (int i = 0; i < pairs.n; i++) {
        int64_t both[] = { pairs.v[i].a, pairs.v[i].b };
        for (int x = 0; x < 2 && n < COUNT(ids); x++) {
            bool there = false;
            for (int m = 0; m < n && !there; m++) there = ids[m] == both[x];
            if (there) continue;
            ids[n++] = both[x];
            v->compare = url_query(c->arena, v->compare, "pick",
                                   str_printf(c->arena, "%lld", (long long)both[x]));
        }
    }
    return fill_pairs(r, &pairs, &v->pairs);
}

enum status duplicate_index(struct req *r) {
    struct ctx *c = &r->c;
    const struct duplicate_band *band;
    struct look_state last;
    struct duplicates_view v = { .writes = ctx_may(c, entity_party.may_write),
                                 .manages = ctx_may(c, ROLE_MANAGER),
                                 .apart = req_query(r, "apart").n > 0 };
    TRY(asked_band(r, &band));
    TRY(duplicate_last(c, &last));
    fill_look(c, &last, &v.look);
    TRY(read_bands(c, band, &v));
    TRY(read_undo(r, &v));
    if (v.apart)
        TRY(read_apart(r, &v));
    else if (req_query(r, "group").n)
        TRY(read_group(r, &v));
    else
        TRY(read_list(r, band, &v));
    r->narrow = true;
    return PAGE(r, T(c, N_("Duplicates")), "duplicates", duplicates_page, &v);
}

/* --- a new look --- */

enum status duplicate_start(struct req *r) {
    int64_t run;
    TRY(duplicate_ask(&r->c, &run));
    return go(r, url_own(str_of(path)));
}

enum status duplicate_progress(struct req *r) {
    struct look_state last;
    struct look_view v;
    TRY(duplicate_last(&r->c, &last));
    fill_look(&r->c, &last, &v);
    if (!req_wants_fragment(r)) return go(r, url_own(str_of(path)));
    look_part(page_begin(r), &v);
    return fragment_end(r);
}

/* --- not the same, and back --- */

static enum status read_two(struct req *r, int64_t *a, int64_t *b) {
    struct party one;
    if (!str_to_i64(req_form(r, "a"), a) || !str_to_i64(req_form(r, "b"), b)) return MALFORMED;
    if (*a <= 0 || *b <= 0 || *a == *b) return MALFORMED;
    if (*a > *b) {
        int64_t x = *a;
        *a = *b;
        *b = x;
    }
    TRY(store_load(&r->c, &entity_party, *a, &one)); /* both must be seen */
    return store_load(&r->c, &entity_party, *b, &one);
}

/* Where one came from: the page of duplicates with its place, or a client. */
static struct url back_to(struct req *r) {
    struct str back = req_form(r, "back");
    return back.n ? req_next(r, back) : url_own(str_of(path));
}

enum status duplicate_apart(struct req *r) {
    struct ctx *c = &r->c;
    int64_t a, b;
    TRY(read_two(r, &a, &b));
    TRY(pair_set_apart(c, a, b, true));
    if (req_form(r, "back").n) return go_toast(r, back_to(r), N_("Remembered: not the same."), 0);
    return go(r, url_query(c->arena, url_own(str_of(path)), "undo",
                           str_printf(c->arena, "%lld.%lld", (long long)a, (long long)b)));
}

enum status duplicate_together(struct req *r) {
    struct ctx *c = &r->c;
    int64_t a, b;
    TRY(read_two(r, &a, &b));
    TRY(pair_set_apart(c, a, b, false));
    return go_toast(r, url_own(str_of(path)), N_("Taken back: they may be the same."), 0);
}

/* --- while typing --- */

enum status duplicate_typed(struct req *r) {
    struct ctx *c = &r->c;
    struct duplicate_nears nears;
    struct party *p = row_new(c, &entity_party);
    int64_t self = 0;
    struct str id = req_form(r, "_id");
    if (id.n && (!str_to_i64(id, &self) || self <= 0)) return MALFORMED;
    enum status st = form_read(c, &r->form, &entity_party, p);
    if (st != OK && st != INVALID) return st;
    c->problems = (struct problems){ 0 }; /* half a date is not wrong yet */
    TRY(duplicate_near_typed(c, p, self, &nears));
    for (int i = 0; i < nears.n; i++) journal_listed(r->app, c, "party", &nears.v[i].id, 1);
    duplicate_hint(page_begin(r), &nears);
    return fragment_end(r);
}
