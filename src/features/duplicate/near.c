/* Who one client may already be: some dozens found by the index (the same phone, e-mail, the sound
 * of the name, the birth date), each compared as the look at all compares. Called by the client's
 * form, the import and the pages; calls core/search and lib/match. */
#include "core/entity/list_index.h"
#include "core/entity/order.h"
#include "features/attachment/attachment.h"
#include "features/category/category.h"
#include "features/duplicate/work.h"
#include "lib/locale/phone.h"
#include "lib/text/fold.h"
#include "lib/text/namekey.h"

enum { SOME = 64, EACH = 24, MANY = 400, SHOWN = 5, TAIL = 8, RUN = 4 };
enum { LEARN_MIN = 20 }; /* so few clients teach nothing: a column in which all agree weighs 0 */

SQL(near_email, "SELECT party FROM email WHERE email_key = :key ORDER BY party LIMIT 24");
SQL(near_apart, "SELECT CASE WHEN a = :id THEN b ELSE a END AS other FROM not_same WHERE a = :id "
                "OR b = :id ORDER BY a, b LIMIT 1000");
SQL(near_merged, "SELECT 1 AS yes FROM moved WHERE entity = 'party' AND from_id = :id");

struct hunt { /* for one client */
    struct ctx *c;
    struct search *s;
    struct bits *seen; /* whom to look at among those found; NULL: all */
    int64_t self, ids[SOME];
    int n;
};

static void catch_one(struct hunt *h, int64_t id) {
    if (id == h->self || h->n == SOME) return;
    if (h->seen && !bits_has(h->seen, (uint32_t)id)) return;
    for (int i = 0; i < h->n; i++)
        if (h->ids[i] == id) return;
    h->ids[h->n++] = id;
}

/* Some of a set; the newest first: of thousands with the same name the one just added counts. */
static void catch_some(struct hunt *h, struct bits *b, int most) {
    uint32_t v[EACH];
    if (h->seen) bits_and(b, h->seen);
    int n = bits_prev(b, (int64_t)UINT32_MAX + 1, v, most < EACH ? most : EACH);
    for (int i = 0; i < n; i++) catch_one(h, v[i]);
}

static struct str marked(struct arena *a, char mark, struct str s) {
    return str_printf(a, "%c%.*s", mark, SF(s));
}

/* --- phones: all runs of four among the last eight digits --- */

static enum status by_phone(struct hunt *h, const struct phone *p) {
    struct phone_number found;
    struct arena *a = h->c->arena;
    struct str digits = fold_digits(a, p->number);
    struct bits *all = NULL, *one;
    if (phone_parse(a, p->number, ctx_country(h->c), &found))
        digits = fold_digits(a, str_of(found.e164));
    if (digits.n < TAIL - 1) return OK;
    size_t from = digits.n > TAIL ? digits.n - TAIL : 0;
    for (size_t i = from; i + RUN <= digits.n; i++) {
        TRY(search_term(h->s, marked(a, 'q', str_sub(digits, i, RUN)), &one));
        if (all) {
            bits_and(all, one);
            bits_free(one);
        } else {
            all = one;
        }
    }
    catch_some(h, all, EACH);
    bits_free(all);
    return OK;
}

static enum status by_email(struct hunt *h, const struct email *e) {
    struct rows r;
    struct str key = fold_email(h->c->arena, e->email);
    if (str_find_c(key, '@') <= 0) return OK;
    TRY(db_query(h->c->tx, &near_email, &r, P("key", key)));
    for (int i = 0; i < r.n; i++) catch_one(h, row_int(&r, i, "party"));
    return OK;
}

/* --- names --- */

static enum status union_of(struct hunt *h, const struct strs *keys, struct bits **out) {
    struct bits *all = bits_new(), *one;
    for (int i = 0; i < keys->n; i++) {
        TRY(search_term(h->s, marked(h->c->arena, 'k', keys->v[i]), &one));
        bits_or(all, one);
        bits_free(one);
    }
    *out = all;
    return OK;
}

/* whole: who may bear this name; part: who bears one word of it at least. */
static enum status named(struct hunt *h, struct str name, struct bits *whole, struct bits *part) {
    struct namekey_way *ways;
    int n = name.n ? namekey_query_terms(h->c->arena, name, &ways) : 0;
    for (int w = 0; w < n; w++) {
        struct bits *meet = NULL, *one;
        for (int g = 0; g < ways[w].groups_n; g++) {
            TRY(union_of(h, &ways[w].groups[g], &one));
            bits_or(part, one);
            if (meet) bits_and(meet, one);
            if (meet)
                bits_free(one);
            else
                meet = one;
        }
        if (!meet) continue;
        bits_or(whole, meet);
        bits_free(meet);
    }
    return OK;
}

/* Those of the set who also have this term. */
static enum status catch_with(struct hunt *h, const struct bits *set, struct str term) {
    struct bits *b;
    if (!term.n) return OK;
    TRY(search_term(h->s, term, &b));
    bits_and(b, set);
    catch_some(h, b, EACH);
    bits_free(b);
    return OK;
}

static struct str town_term(struct ctx *c, struct str town) {
    const struct field *f = entity_field(&entity_address, S("town"));
    if (!town.n || !f->kind->filter_key) return NO_STR;
    return str_printf(c->arena, "ftown=%.*s",
                      SF(f->kind->filter_key(c, f, (struct value){ .s = town })));
}

static enum status catch_named(struct hunt *h, const struct party *p, struct bits *whole,
                               struct bits *part) {
    struct ctx *c = h->c;
    struct str name = p->display_name.n ? p->display_name : party_full_name(c->arena, p);
    if (!party_is_person(p)) name = organisation_key(c->arena, name);
    TRY(named(h, name, whole, part));
    TRY(named(h, p->latin_name, whole, part));
    struct str born = p->birth_date.n ? marked(c->arena, 'b', p->birth_date) : NO_STR;
    TRY(catch_with(h, whole, born));
    TRY(catch_with(h, part, born));
    for (int i = 0; i < p->addresses.n && i < 3; i++)
        TRY(catch_with(h, whole, town_term(c, p->addresses.v[i].town)));
    catch_some(h, whole, EACH);
    return OK;
}

static enum status by_name(struct hunt *h, const struct party *p) {
    struct bits *whole = bits_new(), *part = bits_new();
    enum status st = catch_named(h, p, whole, part);
    bits_free(whole);
    bits_free(part);
    return st;
}

static enum status gather(struct hunt *h, const struct party *p) {
    struct ctx *c = h->c;
    TRY(search_open(c->tx, orders_memory(c->orders), &h->s));
    if (c->who.sees != SEES_ALL) {
        struct bits *binned;
        TRY(search_term(h->s, S("a"), &h->seen));
        TRY(search_term(h->s, S("x"), &binned));
        bits_or(h->seen, binned);
        bits_free(binned);
        TRY(list_meet_visible(c, h->s, h->seen));
    }
    for (int i = 0; i < p->phones.n && i < 4; i++) TRY(by_phone(h, &p->phones.v[i]));
    for (int i = 0; i < p->emails.n && i < 4; i++) TRY(by_email(h, &p->emails.v[i]));
    return by_name(h, p);
}

/* --- weighing --- */

struct weighed {
    const struct party *p;
    struct match_score score;
    struct match_part parts[COLUMNS_N];
};

static int likelier(const void *x, const void *y) {
    const struct weighed *a = x, *b = y;
    if (a->score.weight != b->score.weight) return a->score.weight < b->score.weight ? 1 : -1;
    return a->p->row.id < b->p->row.id ? -1 : 1;
}

/* Before the first look: nothing is learned, but a column in which all are equal would not count.
 */
static void train_bare(struct match *m) {
    static const char *const values[] = { "1901-02-03", "1968-10-27" };
    for (int k = 0; k < 2; k++) {
        match_record(m, 0);
        for (int i = 0; i < COLUMNS_N; i++) match_value(m, i, str_of(values[k]));
    }
    match_train(m, 1);
}

static enum status weigh(struct ctx *c, const struct party *p, const struct party *v, int n,
                         struct weighed *out) {
    struct str model, why;
    int64_t clients;
    struct match *m = match_new(duplicate_columns, COLUMNS_N);
    struct party first = *p;
    struct phone *phones = arena_array(c->arena, struct phone, p->phones.n + 1);
    TRY(duplicate_model(c->tx, &model, &clients));
    bool learned = model.n && clients >= LEARN_MIN && match_model_read(m, model, &why) == OK;
    for (int i = 0; i < p->phones.n; i++) { /* typed ones are not normalised yet */
        struct phone_number found;
        phones[i] = p->phones.v[i];
        if (phone_parse(c->arena, phones[i].number, ctx_country(c), &found))
            phones[i].e164 = str_dup(c->arena, str_of(found.e164));
    }
    first.phones.v = phones;
    duplicate_feed(c->arena, m, &first);
    for (int i = 0; i < n; i++) duplicate_feed(c->arena, m, &v[i]);
    if (!learned) train_bare(m);
    for (int i = 0; i < n; i++) {
        out[i].p = &v[i];
        out[i].score = match_score(m, 0, i + 1, out[i].parts);
        if (!learned) out[i].score = duplicate_standard(out[i].parts, clients);
    }
    match_free(m);
    qsort(out, (size_t)n, sizeof *out, likelier);
    return OK;
}

/* --- for people's eyes --- */

/* What tells him from others of his name. */
static struct str line_of(struct ctx *c, const struct party *p) {
    struct str parts[4];
    int n = 0;
    if (p->phones.n) parts[n++] = phone_shown(c->arena, &p->phones.v[0], ctx_country(c));
    if (p->emails.n && n < 2) parts[n++] = p->emails.v[0].email;
    for (int i = 0; i < p->addresses.n && n < 3; i++)
        if (p->addresses.v[i].town.n) {
            parts[n++] = p->addresses.v[i].town;
            break;
        }
    for (int i = 0; i < n; i++) parts[i] = str_printf(c->arena, "\u2068%.*s\u2069", SF(parts[i]));
    return str_join(c->arena, parts, n, S(" · "));
}

/* Was he refused, did one part with him, is he trouble? And what is known of it. */
static enum status warn(struct ctx *c, const struct party *p, struct duplicate_near *to) {
    struct category cat;
    if (str_eq_z(p->stage, "refused"))
        to->warning = N_("This client was refused.");
    else if (str_eq_z(p->stage, "parted"))
        to->warning = N_("We parted with this client.");
    if (p->category) {
        enum status st = store_load(c, &entity_category, p->category, &cat);
        if (st != OK && st != MISSING) return st;
        if (st == OK && (str_eq_z(cat.code, "problem") || cat.warning.n)) {
            if (!to->warning) to->warning = N_("Take care with this client.");
            to->reason = cat.warning;
        }
    }
    if (to->warning && p->special.n) to->reason = p->special;
    return OK;
}

static enum status show(struct ctx *c, const struct party *typed, const struct weighed *w,
                        struct duplicate_near *to) {
    const struct party *p = w->p;
    *to = (struct duplicate_near){
        .id = p->row.id,
        .certainty = (int)(w->score.certainty * 1000000 + 0.5f),
        .weight = (int64_t)(w->score.weight * 1000),
        .levels = duplicate_levels_write(c->arena, w->parts),
        .name = p->display_name,
        .line = line_of(c, p),
        .to = url_printf(c->arena, "/clients/%lld", (long long)p->row.id),
        .face = face_of(c->arena, p->display_name, party_is_person(p) ? "small" : "firm small"),
        .binned = p->row.deleted_at != 0,
    };
    to->face.picture = party_photo_url(c->arena, p);
    duplicate_words(c, w->parts, typed, p, &to->why, &to->but);
    return warn(c, p, to);
}

/* Those whom a person took apart from him, and those who became a part of another. */
static enum status leave_out(struct hunt *h, const struct party *p, bool *out) {
    struct rows r;
    *out = false;
    if (!p->row.deleted_at) return OK;
    TRY(db_query(h->c->tx, &near_merged, &r, P("id", p->row.id)));
    *out = r.n > 0;
    return OK;
}

static enum status without_apart(struct hunt *h) {
    struct rows r;
    int kept = 0;
    if (!h->self || !h->n) return OK;
    TRY(db_query(h->c->tx, &near_apart, &r, P("id", h->self)));
    for (int i = 0; i < h->n; i++) {
        bool apart = false;
        for (int k = 0; k < r.n && !apart; k++) apart = row_int(&r, k, "other") == h->ids[i];
        if (!apart) h->ids[kept++] = h->ids[i];
    }
    h->n = kept;
    return OK;
}

enum status duplicate_near(struct ctx *c, const struct party *p, int64_t self, int least,
                           struct duplicate_nears *out) {
    struct hunt h = { .c = c, .self = self };
    void *rows;
    int n;
    *out = (struct duplicate_nears){ 0 };
    enum status st = gather(&h, p);
    bits_free(h.seen);
    TRY(st);
    TRY(without_apart(&h));
    if (!h.n) return OK;
    TRY(store_load_all(c, &entity_party, h.ids, h.n, &rows, &n));
    struct weighed *w = arena_array(c->arena, struct weighed, n + 1);
    TRY(weigh(c, p, rows, n, w));
    out->v = arena_array(c->arena, struct duplicate_near, SHOWN);
    for (int i = 0; i < n && out->n < SHOWN; i++) {
        bool gone;
        if (w[i].score.certainty * 1000000 < (float)least) break;
        TRY(leave_out(&h, w[i].p, &gone));
        if (!gone) TRY(show(c, p, &w[i], &out->v[out->n++]));
    }
    return OK;
}

bool duplicate_seen(const struct http_pairs *form, const struct duplicate_nears *nears) {
    for (int i = 0; i < nears->n; i++) {
        bool seen = false;
        for (int k = 0; k < form->n && !seen; k++) {
            int64_t id;
            seen = str_eq_z(form->v[k].name, "_seen") && str_to_i64(form->v[k].value, &id) &&
                   id == nears->v[i].id;
        }
        if (!seen) return false;
    }
    return true;
}

enum status duplicate_keep(struct ctx *c, int64_t id, const struct duplicate_nears *nears) {
    for (int i = 0; i < nears->n; i++) {
        const struct duplicate_near *near = &nears->v[i];
        struct pair p = { .a = id < near->id ? id : near->id,
                          .b = id < near->id ? near->id : id,
                          .group = id < near->id ? id : near->id,
                          .certainty = near->certainty,
                          .weight = near->weight,
                          .levels = near->levels };
        if (id != near->id && !near->binned) TRY(pair_put(c, &p, 0));
    }
    return OK;
}

enum status duplicate_of(struct ctx *c, int64_t id, struct duplicate_nears *out) {
    struct pairs pairs;
    int64_t ids[SHOWN + 1];
    void *rows;
    int n;
    *out = (struct duplicate_nears){ 0 };
    TRY(pairs_of(c, id, SHOWN, &pairs));
    if (!pairs.n) return OK;
    ids[0] = id;
    for (int i = 0; i < pairs.n; i++) ids[i + 1] = pairs.v[i].a == id ? pairs.v[i].b : pairs.v[i].a;
    TRY(store_load_all(c, &entity_party, ids, pairs.n + 1, &rows, &n));
    const struct party *v = rows;
    out->v = arena_array(c->arena, struct duplicate_near, SHOWN);
    for (int i = 1; i < n; i++) {
        struct weighed w = { .p = &v[i] };
        for (int k = 0; k < pairs.n; k++)
            if (ids[k + 1] == v[i].row.id) {
                duplicate_levels_read(c->arena, pairs.v[k].levels, w.parts);
                w.score.certainty = (float)pairs.v[k].certainty / 1000000;
            }
        TRY(show(c, &v[0], &w, &out->v[out->n++]));
    }
    return OK;
}
