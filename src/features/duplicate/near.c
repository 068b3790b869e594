/* Who one client may already be: some dozens found by the index (the same phone, e-mail, the sound
 * of the name, the birth date), each compared as the look at all compares. Called by the client's
 * form, the import and the pages; calls core/search and lib/match. */
#include "core/entity/list_index.h"
#include "core/entity/order.h"
#include "core/entity/store_sql.h"
#include "features/attachment/attachment.h"
#include "features/category/category.h"
#include "features/duplicate/work.h"
#include "lib/locale/phone.h"
#include "lib/text/fold.h"
#include "lib/text/namekey.h"

enum { SOME = 64, EACH = 24, READ = 12, SHOWN = 5, TAIL = 8, RUN = 4 };
#define WARNED_BITS (-4.25f) /* one in twenty */

SQL(near_email, "SELECT party FROM email WHERE email_key = :key ORDER BY party DESC LIMIT 400");
SQL(near_apart, "SELECT CASE WHEN a = :id THEN b ELSE a END AS other FROM not_same WHERE a = :id "
                "OR b = :id ORDER BY a, b LIMIT 1000");
SQL(near_merged, "SELECT 1 AS yes FROM moved WHERE entity = 'party' AND from_id = :id");

struct hunt { /* for one client */
    struct ctx *c;
    struct search *s;
    struct bits *seen;         /* whom to look at among those found; NULL: all */
    struct bits *whole, *part; /* who may bear his name; who bears one word of it at least */
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
static void catch_some(struct hunt *h, struct bits *b) {
    uint32_t v[EACH];
    if (h->seen) bits_and(b, h->seen);
    int n = bits_prev(b, (int64_t)UINT32_MAX + 1, v, EACH);
    for (int i = 0; i < n; i++) catch_one(h, v[i]);
}

static void catch_both(struct hunt *h, const struct bits *one, const struct bits *other) {
    struct bits *b = bits_copy(one);
    bits_and(b, other);
    catch_some(h, b);
    bits_free(b);
}

/* Of those who share a phone or an e-mail first whoever bears his name too, however many they are
 * (a family, a switchboard). */
static void catch_sharing(struct hunt *h, struct bits *b) {
    catch_both(h, b, h->whole);
    catch_some(h, b);
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
    catch_sharing(h, all);
    bits_free(all);
    return OK;
}

static enum status by_email(struct hunt *h, const struct email *e) {
    struct rows r;
    struct str key = fold_email(h->c->arena, e->email);
    if (str_find_c(key, '@') <= 0) return OK;
    TRY(db_query(h->c->tx, &near_email, &r, P("key", key)));
    struct bits *all = bits_new();
    for (int i = 0; i < r.n; i++) bits_add(all, (uint32_t)row_int(&r, i, "party"));
    catch_sharing(h, all);
    bits_free(all);
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

static enum status named(struct hunt *h, struct str name) {
    struct namekey_way *ways;
    int n = name.n ? namekey_query_terms(h->c->arena, name, &ways) : 0;
    for (int w = 0; w < n; w++) {
        struct bits *meet = NULL, *one;
        for (int g = 0; g < ways[w].groups_n; g++) {
            TRY(union_of(h, &ways[w].groups[g], &one));
            bits_or(h->part, one);
            if (meet) bits_and(meet, one);
            if (meet)
                bits_free(one);
            else
                meet = one;
        }
        if (!meet) continue;
        bits_or(h->whole, meet);
        bits_free(meet);
    }
    return OK;
}

/* Those of the set who also have this term. */
static enum status catch_with(struct hunt *h, const struct bits *set, struct str term) {
    struct bits *b;
    if (!term.n) return OK;
    TRY(search_term(h->s, term, &b));
    catch_both(h, b, set);
    bits_free(b);
    return OK;
}

static struct str town_term(struct ctx *c, struct str town) {
    const struct field *f = entity_field(&entity_address, S("town"));
    if (!town.n || !f->kind->filter_key) return NO_STR;
    return str_printf(c->arena, "ftown=%.*s",
                      SF(f->kind->filter_key(c, f, (struct value){ .s = town })));
}

static enum status read_names(struct hunt *h, const struct party *p) {
    struct arena *a = h->c->arena;
    struct str name = p->display_name.n ? p->display_name : party_full_name(a, p);
    if (!party_is_person(p)) name = organisation_key(a, name);
    TRY(named(h, name));
    return named(h, p->latin_name);
}

/* What says most comes first, as there is room for some dozens only: name and birth date, then
 * whoever shares a number, then namesakes of the same town, then the newest namesakes. */
static enum status catch_all(struct hunt *h, const struct party *p) {
    struct ctx *c = h->c;
    struct str born = p->birth_date.n ? marked(c->arena, 'b', p->birth_date) : NO_STR;
    TRY(read_names(h, p));
    TRY(catch_with(h, h->whole, born));
    for (int i = 0; i < p->phones.n && i < 4; i++) TRY(by_phone(h, &p->phones.v[i]));
    for (int i = 0; i < p->emails.n && i < 4; i++) TRY(by_email(h, &p->emails.v[i]));
    TRY(catch_with(h, h->part, born));
    for (int i = 0; i < p->addresses.n && i < 3; i++)
        TRY(catch_with(h, h->whole, town_term(c, p->addresses.v[i].town)));
    catch_some(h, h->whole);
    return OK;
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
    return catch_all(h, p);
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

/* As the engine wants him: typed phones are not normalised yet. */
static struct party compared(struct ctx *c, const struct party *p) {
    struct party to = *p;
    to.phones.v = arena_array(c->arena, struct phone, p->phones.n + 1);
    for (int i = 0; i < p->phones.n; i++) {
        struct phone_number found;
        to.phones.v[i] = p->phones.v[i];
        if (phone_parse(c->arena, to.phones.v[i].number, ctx_country(c), &found))
            to.phones.v[i].e164 = str_dup(c->arena, str_of(found.e164));
    }
    return to;
}

static enum status weigh(struct ctx *c, const struct party *p, const struct party *v, int n,
                         struct weighed *out) {
    struct duplicate_model *model;
    struct party first = compared(c, p);
    TRY(duplicate_model(c, &model));
    struct match *m = match_beside(model->match);
    duplicate_feed(c->arena, m, &first);
    for (int i = 0; i < n; i++) duplicate_feed(c->arena, m, &v[i]);
    match_ready(m, model->match);
    for (int i = 0; i < n; i++) {
        out[i].p = &v[i];
        out[i].score = match_score(m, 0, i + 1, out[i].parts);
        if (!model->learned) out[i].score = duplicate_standard(out[i].parts, model->clients);
    }
    match_free(m);
    duplicate_model_back(c, model);
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

/* Whoever was refused comes back with another phone and another address: what these say against him
 * says nothing then. */
static float under_another_number(const struct weighed *w) {
    float bits = w->score.weight;
    if (w->parts[COLUMN_PHONE].weight < 0) bits -= w->parts[COLUMN_PHONE].weight;
    if (w->parts[COLUMN_EMAIL].weight < 0) bits -= w->parts[COLUMN_EMAIL].weight;
    return bits;
}

/* Those who are shown, whole, in the order of their weights: from `least` on, and where the form
 * asks so, those with a warning who may be back under another number. */
static enum status show_best(struct hunt *h, const struct party *typed, const struct weighed *w,
                             int n, int least, bool warned, struct duplicate_nears *out) {
    int64_t ids[READ];
    const struct weighed *of[READ];
    int best = 0, got;
    void *rows;
    for (int i = 0; i < n && best < READ; i++) {
        bool back = warned && under_another_number(&w[i]) >= WARNED_BITS;
        if (w[i].score.certainty * 1000000 < (float)least && !back) continue;
        ids[best] = w[i].p->row.id;
        of[best++] = &w[i];
    }
    if (!best) return OK;
    TRY(store_load_all(h->c, &entity_party, ids, best, &rows, &got));
    const struct party *v = rows;
    out->v = arena_array(h->c->arena, struct duplicate_near, SHOWN);
    for (int i = 0, k = 0; i < got && out->n < SHOWN; i++) {
        bool gone;
        while (ids[k] != v[i].row.id) k++;
        struct weighed one = *of[k];
        one.p = &v[i];
        TRY(leave_out(h, &v[i], &gone));
        if (gone) continue;
        struct duplicate_near *to = &out->v[out->n];
        TRY(show(h->c, typed, &one, to));
        if (one.score.certainty * 1000000 >= (float)least || to->warning) out->n++;
    }
    return OK;
}

static enum status near(struct ctx *c, const struct party *p, int64_t self, int least, bool warned,
                        struct duplicate_nears *out) {
    struct hunt h = { .c = c, .self = self, .whole = bits_new(), .part = bits_new() };
    struct party *v;
    int n;
    *out = (struct duplicate_nears){ 0 };
    enum status st = gather(&h, p);
    bits_free(h.seen);
    bits_free(h.whole);
    bits_free(h.part);
    TRY(st);
    TRY(without_apart(&h));
    if (!h.n) return OK;
    TRY(duplicate_read_these(c->tx, sql_id_list(c->arena, h.ids, h.n), &v, &n));
    struct weighed *w = arena_array(c->arena, struct weighed, n + 1);
    TRY(weigh(c, p, v, n, w));
    return show_best(&h, p, w, n, least, warned, out);
}

enum status duplicate_near(struct ctx *c, const struct party *p, int64_t self, int least,
                           struct duplicate_nears *out) {
    return near(c, p, self, least, false, out);
}

enum status duplicate_near_typed(struct ctx *c, const struct party *p, int64_t self,
                                 struct duplicate_nears *out) {
    return near(c, p, self, DUPLICATE_POSSIBLE, true, out);
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
        bool possible = near->certainty >= DUPLICATE_POSSIBLE;
        if (id != near->id && !near->binned && possible) TRY(pair_put(c, &p, 0));
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
