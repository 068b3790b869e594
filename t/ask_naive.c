/* See ask_naive.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ask_naive.h"

#include "core/ask/run.h"
#include "core/entity/own.h"
#include "features/bond/bond.h"
#include "features/note/note.h"
#include "features/party/party.h"
#include "features/purchase/purchase.h"
#include "lib/locale/currency.h"
#include "lib/locale/date.h"
#include "lib/locale/phone.h"
#include "lib/locale/zone.h"
#include "lib/text/fold.h"
#include "own_fields.h"

#define MUST(call) assert_string_equal(status_name(call), "OK")
#define DAY_MS     INT64_C(86400000)

SQL(naive_ready, "UPDATE custom_field SET indexed = 2");

const struct entity *naive_party(void) {
    return &entity_party;
}

/* --- the register --- */

static const char *const names[] = { "Anna", "Élodie", "مریم", "محمد", "Ana", "Annabel", "O'Neil" };
static const char *const towns[] = { "Paris", "Lyon", "paris", "شیراز", "Le Mans", "Lyons" };
static const char *const codes[] = { "75001", "75011", "۷۵۰۲۰", "SW1A 1AA", "sw1a 2bb", "69001" };
static const char *const products[] = { "Lamp", "lamp", "Table", "میز", "Chaise longue" };
static const char *const kinds[] = { "Light", "Furniture", "light" };

static struct str one_of(struct dice *d, const char *const *v, int n) {
    return str_of(v[dice_below(d, (uint64_t)n)]);
}
#define ONE(d, v) one_of((d), (v), COUNT(v))

static bool chance(struct dice *d, int of) {
    return dice_below(d, (uint64_t)of) == 0;
}

static struct str some_day(struct ctx *c, struct dice *d, int back, int ahead) {
    int64_t today = c->now_ms / DAY_MS, n = (int64_t)dice_below(d, (uint64_t)(back + ahead));
    return day_iso(c->arena, day_of_number(today - back + n));
}

static struct str born(struct ctx *c, struct dice *d) {
    if (chance(d, 5)) return NO_STR;
    if (chance(d, 6)) return S("1992-02-29");
    struct str iso = some_day(c, d, 30000, 10);
    return chance(d, 5) ? str_printf(c->arena, "-%.*s", (int)iso.n - 4, iso.p + 4) : iso;
}

static void own_values(struct ctx *c, struct dice *d, struct party *p, int64_t party) {
    const struct entity *e = entity_now(c, &entity_party);
    row_ready(c, e, p);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        struct value v = { .is_int = f->kind->is_int };
        if (!f->custom || chance(d, 3)) continue;
        if (f->kind == &kind_number || f->kind == &kind_money)
            v.i = (int64_t)dice_below(d, 6000) - 1000;
        else if (f->kind == &kind_yesno)
            v.i = 1;
        else if (f->kind == &kind_ref)
            v.i = party;
        else if (f->kind == &kind_date)
            v.s = some_day(c, d, 300, 100);
        else if (f->kind == &kind_choice)
            v.s = chance(d, 2) ? S("one") : S("two");
        else if (f->kind == &kind_choices)
            v.s = chance(d, 2) ? S("one") : S("one,two");
        else if (f->kind == &kind_url)
            v.s = S("https://example.com/me");
        else
            v.s = ONE(d, towns);
        if (f->kind == &kind_ref && !v.i) continue;
        field_set(f, p, v);
    }
}

static void children(struct ctx *c, struct dice *d, struct party *p, int i) {
    int n = (int)dice_below(d, 3);
    p->addresses.v = arena_array(c->arena, struct address, 3);
    p->addresses.n = n;
    for (int k = 0; k < n; k++) {
        struct address *a = &p->addresses.v[k];
        a->street = S("1 Main St");
        if (!chance(d, 4)) a->town = ONE(d, towns);
        if (!chance(d, 4)) a->postcode = ONE(d, codes);
        if (!chance(d, 3)) a->country = chance(d, 2) ? S("FR") : S("IR");
        if (!chance(d, 3)) a->kind = chance(d, 2) ? S("home") : S("work");
    }
    if (!chance(d, 3)) {
        p->phones.v = arena_new_of(c->arena, struct phone);
        p->phones.n = 1;
        p->phones.v[0].number = str_printf(c->arena, "0912 %03d %04d", i % 7, i % 13);
    }
    if (!chance(d, 3)) {
        p->emails.v = arena_new_of(c->arena, struct email);
        p->emails.n = 1;
        p->emails.v[0].email = str_printf(c->arena, "X%d@Example.com", i % 9);
    }
}

static int64_t fill_one(struct ctx *c, struct dice *d, int i) {
    struct party *p = row_new(c, &entity_party);
    bool person = !chance(d, 4);
    struct str name = ONE(d, names);
    p->kind = person ? S("person") : S("organisation");
    p->display_name = str_printf(c->arena, "%.*s %d", SF(name), i % 17);
    if (person) {
        p->given_name = ONE(d, names);
        if (!chance(d, 3)) p->sex = chance(d, 2) ? S("f") : S("m");
        p->birth_date = born(c, d);
    }
    p->stage = chance(d, 2) ? S("lead") : S("active");
    if (chance(d, 2)) p->territory = ONE(d, towns);
    if (chance(d, 2)) p->language = chance(d, 2) ? S("fa") : S("fr");
    if (chance(d, 3)) p->responsible = 1 + (int64_t)dice_below(d, 3);
    if (chance(d, 2)) p->special = ONE(d, towns);
    if (chance(d, 3)) p->next_date = some_day(c, d, 50, 50);
    p->no_mail = chance(d, 3);
    if (chance(d, 3)) p->own_id = str_printf(c->arena, "K-%d", i);
    children(c, d, p, i);
    own_values(c, d, p, i > 3 ? i / 2 : 0);
    enum status st = store_save(c, &entity_party, p);
    if (st != OK) fail_msg("%s: %.*s", status_name(st), SF(ctx_problem_text(c, &c->problems.v[0])));
    return p->row.id;
}

int64_t naive_client(struct ctx *c, const char *name, const char *town, const char *birth) {
    struct party *p = row_new(c, &entity_party);
    p->kind = S("person");
    p->given_name = str_of(name);
    p->display_name = str_of(name);
    p->birth_date = str_of(birth);
    if (town) {
        p->addresses.v = arena_new_of(c->arena, struct address);
        p->addresses.n = 1;
        p->addresses.v[0].town = str_of(town);
    }
    MUST(store_save(c, &entity_party, p));
    return p->row.id;
}

void naive_purchase(struct ctx *c, int64_t party, const char *date, int64_t amount,
                    const char *currency, const char *product) {
    struct purchase *p = row_new(c, &entity_purchase);
    p->party = party;
    p->date = str_of(date);
    p->amount = amount;
    p->currency = str_of(currency);
    p->product = str_of(product);
    MUST(store_save(c, &entity_purchase, p));
}

static void fill_related(struct ctx *c, struct dice *d, int64_t party, const int64_t *ids,
                         int ids_n) {
    for (int i = (int)dice_below(d, 5); i > 0; i--) {
        struct purchase *p = row_new(c, &entity_purchase);
        p->party = party;
        p->date = some_day(c, d, 100, 3);
        p->amount = (int64_t)dice_below(d, 60000) - 5000;
        p->currency = chance(d, 5) ? S("USD") : S("EUR");
        if (!chance(d, 4)) p->product = ONE(d, products);
        if (!chance(d, 4)) p->product_kind = ONE(d, kinds);
        if (chance(d, 2)) p->quantity = (int64_t)dice_below(d, 9000);
        MUST(store_save(c, &entity_purchase, p));
        if (chance(d, 6)) MUST(store_delete(c, &entity_purchase, p->row.id, 0));
    }
    for (int i = (int)dice_below(d, 3); i > 0; i--) {
        struct note *n = row_new(c, &entity_note);
        int64_t now = c->now_ms;
        c->who.id = 1 + (int64_t)dice_below(d, 3);
        c->now_ms -= (int64_t)dice_below(d, 90) * DAY_MS;
        n->party = party;
        n->text = ONE(d, towns);
        n->private = chance(d, 3);
        MUST(store_save(c, &entity_note, n));
        c->who.id = 1;
        c->now_ms = now;
    }
    if (!chance(d, 3)) return;
    struct party person, firm;
    MUST(store_load_binned(c, &entity_party, party, &person));
    MUST(store_load_binned(c, &entity_party, ids[dice_below(d, (uint64_t)ids_n)], &firm));
    if (!str_eq_z(person.kind, "person") || !str_eq_z(firm.kind, "organisation")) return;
    if (person.row.deleted_at || firm.row.deleted_at) return;
    struct bond *b = row_new(c, &entity_bond);
    b->person = party;
    b->organisation = firm.row.id;
    b->role = chance(d, 2) ? S("accounts") : S("Decides");
    if (chance(d, 2)) b->from_date = some_day(c, d, 400, 10);
    MUST(store_save(c, &entity_bond, b));
}

void naive_fill(struct fixture *f, struct dice *d, int clients_n) {
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    int64_t *ids = calloc((size_t)clients_n, sizeof *ids); /* on PostgreSQL not without gaps */
    assert_non_null(ids);
    MUST(own_fields_make(c, ""));
    MUST(db_run(c->tx, &naive_ready));
    MUST(own_fields_make(c, " B")); /* these stay as being prepared: never asked by the index */
    MUST(own_changed(c->tx));
    MUST(fixture_end(f, OK));
    for (int from = 0; from < clients_n; from += 50) {
        c = fixture_begin(f, true, 1, ROLE_OWNER);
        c->firm.currency = S("EUR");
        for (int i = from; i < from + 50 && i < clients_n; i++) {
            int64_t now = c->now_ms;
            c->now_ms -= (int64_t)dice_below(d, 400) * DAY_MS;
            ids[i] = fill_one(c, d, i);
            c->now_ms = now;
        }
        MUST(fixture_end(f, OK));
        c = fixture_begin(f, true, 1, ROLE_OWNER);
        c->firm.currency = S("EUR");
        for (int i = from; i < from + 50 && i < clients_n; i++) {
            fill_related(c, d, ids[i], ids, from + 50 < clients_n ? from + 50 : clients_n);
            if (chance(d, 15)) MUST(store_delete(c, &entity_party, ids[i], 0));
        }
        MUST(fixture_end(f, OK));
    }
    free(ids);
}

/* --- loading --- */

static int load_all(struct ctx *c, const struct entity *e, int last, char **rows) {
    int n = 0;
    *rows = arena_array(c->arena, char, e->size *(size_t)last);
    for (int64_t id = 1; id <= last; id++) {
        void *row = *rows + e->size * (size_t)n;
        memset(row, 0, e->size);
        enum status st = store_load_binned(c, e, id, row);
        if (st == MISSING) continue;
        MUST(st);
        if (!row_head(row)->deleted_at) n++;
    }
    return n;
}

void naive_load(struct fixture *f, struct arena *keep, struct naive *out) {
    struct ctx c = f->c;
    struct rows r;
    int relations_n;
    arena_reset(keep);
    const struct relation *const *relations = ask_relations(keep, &relations_n);
    c.arena = keep;
    c.asked = NULL;
    c.who = (struct member_who){ .id = 1, .role = ROLE_OWNER };
    MUST(db_read(f->db, keep, &c.tx));
    MUST(own_rows(c.tx, &r));
    c.own = own_make(keep, &r);
    *out = (struct naive){ .party = entity_now(&c, &entity_party) };
    out->n = load_all(&c, out->party, 600, &out->rows);
    for (int i = 0; i < relations_n && i < NAIVE_RELATIONS_N; i++) {
        struct naive_records *to = &out->related[out->related_n++];
        to->of = relations[i];
        to->n = load_all(&c, relations[i]->entity, 2000, &to->rows);
    }
    MUST(db_end(c.tx, OK));
}

static const void *party_at(const struct naive *b, int i) {
    return b->rows + b->party->size * (size_t)i;
}

int64_t naive_id(const struct naive *b, int i) {
    return row_head_of(party_at(b, i))->id;
}

bool naive_seen(const struct ctx *c, const struct naive *b, int i) {
    const struct party *p = party_at(b, i);
    return c->who.sees == SEES_ALL || p->responsible == c->who.id;
}

/* --- evaluation --- */

static __int128 tens(int n) {
    __int128 v = 1;
    while (n-- > 0) v *= 10;
    return v;
}

/* Ten-thousandths of the number in a question. */
static __int128 number_of(struct str s) {
    __int128 v = 0;
    int behind = -1;
    for (size_t i = s.p[0] == '-'; i < s.n; i++) {
        if (s.p[i] == '.') {
            behind = 0;
            continue;
        }
        v = v * 10 + (s.p[i] - '0');
        if (behind >= 0) behind++;
    }
    for (behind = behind < 0 ? 0 : behind; behind < 4; behind++) v *= 10;
    return s.p[0] == '-' ? -v : v;
}

static bool number_fits(const struct ask_node *n, int64_t value, int decimals) {
    __int128 v = value * tens(4), a = number_of(n->number) * tens(decimals);
    switch (n->op) {
    case ASK_OVER: return v > a;
    case ASK_AT_LEAST: return v >= a;
    case ASK_UNDER: return v < a;
    case ASK_AT_MOST: return v <= a;
    case ASK_BETWEEN: return v >= a && v <= number_of(n->number2) * tens(decimals);
    default: return v == a;
    }
}

static int decimals(const struct field *f) {
    return f->kind == &kind_money    ? currency_exponent("EUR")
           : f->kind == &kind_number ? f->decimals
                                     : 0;
}

static bool day_fits(struct ctx *c, const struct ask_period *p, int64_t day) {
    int from, until;
    ask_days(c, p, c->loc->calendar, &from, &until);
    return day >= from && day < until;
}

static struct str text_key(struct ctx *c, const struct field *f, struct str s) {
    if (f->kind == &kind_email) return fold_email(c->arena, s);
    if (f->kind == &kind_phone) return fold_digits(c->arena, s);
    return fold(c->arena, s);
}

static bool text_is(struct ctx *c, const struct field *f, struct ask_value v, struct str text) {
    struct str want = text_key(c, f, v.text), have = text_key(c, f, text);
    return want.n && (v.prefix ? str_starts(have, want) : str_eq(have, want));
}

static bool is_one(struct ctx *c, const struct ask_field *f, const struct ask_node *n,
                   const void *row, struct value v) {
    for (int i = 0; i < n->values_n; i++) {
        struct str want = n->values[i].text;
        int64_t id = 0;
        if (f->type == ASK_TEXT) {
            if (text_is(c, f->field, n->values[i], v.s)) return true;
            const struct phone *p = row;
            if (f->field->kind == &kind_phone && p->e164.n &&
                (text_is(c, f->field, n->values[i], p->e164) ||
                 text_is(c, f->field, n->values[i], phone_show_national(c->arena, p->e164))))
                return true;
        } else if (f->field->kind == &kind_choices) {
            struct str rest = v.s, one;
            while (str_cut(&rest, ',', &one))
                if (str_eq(one, want)) return true;
        } else if (v.is_int) {
            if (str_eq_z(want, "me")) id = c->who.id;
            if ((id || str_to_i64(want, &id)) && v.i == id) return true;
        } else if (str_eq(v.s, want)) {
            return true;
        }
    }
    return false;
}

static bool value_fits(struct ctx *c, const struct ask_field *f, const struct ask_node *n,
                       const void *row) {
    struct value v = field_get(f->field, row);
    bool empty = value_empty(f->field, v);
    struct day day;
    if (n->op == ASK_FILLED) return !empty;
    if (f->type == ASK_YESNO) return is_one(c, f, n, row, v);
    if (empty) return false;
    if (n->op == ASK_IS) return is_one(c, f, n, row, v);
    if (n->op != ASK_IN) return number_fits(n, v.i, decimals(f->field));
    if (f->type == ASK_INSTANT)
        return day_fits(c, &n->period, day_number(zone_local(c->firm.clock, v.i).day));
    return day_of_iso(v.s, &day) && day.year && day_fits(c, &n->period, day_number(day));
}

/* Day by day: does his birthday fall on one of them? */
static bool comes_round(struct ctx *c, const struct ask_period *p, struct str iso) {
    struct day b, first;
    int from, until;
    if (!day_of_iso(iso, &b)) return false;
    first = b;
    if (b.year == 0) first.year = b.month > 3 || (b.month == 3 && b.day >= 21) ? 2026 : 2027;
    bool persian = c->loc->calendar == CAL_PERSIAN;
    struct day theirs = persian ? day_in(CAL_PERSIAN, first, NULL) : b;
    ask_days(c, p, c->loc->calendar, &from, &until);
    if (until > 40000) until = 40000;
    if (from < -30000) from = -30000;
    for (int n = from; n < until; n++) {
        struct day now = day_in(persian ? CAL_PERSIAN : CAL_GREGORIAN, day_of_number(n), NULL);
        int last = month_days(persian ? CAL_PERSIAN : CAL_GREGORIAN, now.year, now.month);
        int wanted = theirs.day > last ? last : theirs.day;
        if (now.month != theirs.month || now.day != wanted) continue;
        if (b.year && now.year <= theirs.year) continue;
        return true;
    }
    return false;
}

static const struct naive_records *records_of(const struct naive *b, const struct relation *r) {
    for (int i = 0; i < b->related_n; i++)
        if (b->related[i].of == r) return &b->related[i];
    return NULL;
}

static bool record_seen(struct ctx *c, const struct naive *b, const struct entity *e,
                        const void *row) {
    if (e->private_column && field_get(entity_field(e, str_of(e->private_column)), row).i &&
        !ctx_may(c, ROLE_OWNER) && row_head_of(row)->created_by != c->who.id)
        return false;
    if (!e->other_column) return true;
    int64_t other = field_get(entity_field(e, str_of(e->other_column)), row).i;
    for (int i = 0; i < b->n; i++)
        if (naive_id(b, i) == other) return naive_seen(c, b, i);
    return false;
}

static bool record_day(struct ctx *c, const struct relation *rel, const void *row, int64_t *day) {
    struct day d;
    if (rel->date_is_instant) {
        *day = day_number(zone_local(c->firm.clock, row_head_of(row)->created_at).day);
        return true;
    }
    struct str iso = field_get(entity_field(rel->entity, str_of(rel->date)), row).s;
    if (!day_of_iso(iso, &d) || d.year == 0) return false;
    *day = day_number(d);
    return true;
}

static bool record_fits(struct ctx *c, const struct relation *rel, const struct ask_node *n,
                        const void *row) {
    if (n->kind == ASK_GROUP) {
        bool any = false, all = true;
        for (int i = 0; i < n->items_n; i++) {
            bool one = record_fits(c, rel, n->items[i], row);
            any |= one, all &= one;
        }
        return n->group == ASK_ALL ? all : n->group == ASK_ANY ? any : !any;
    }
    const struct ask_field *f = ask_field(ask_catalogue(c), rel, n->field);
    struct ask_node asked = *n;
    if (n->op == ASK_EMPTY) asked.op = ASK_FILLED;
    bool fits = value_fits(c, f, &asked, row);
    if (f->type == ASK_MONEY && rel->currency && n->op <= ASK_BETWEEN && n->op >= ASK_OVER &&
        !str_eq_z(field_get(entity_field(rel->entity, str_of(rel->currency)), row).s, "EUR"))
        fits = false;
    return n->op == ASK_EMPTY ? !fits : fits;
}

struct totals {
    int64_t n, sum, largest, smallest, first, latest;
};

static struct totals totals_of(struct ctx *c, const struct naive *b, const struct relation *rel,
                               const struct ask_node *n, const struct field *of, bool money,
                               int64_t party) {
    const struct naive_records *all = records_of(b, rel);
    struct totals t = { .first = INT64_MAX, .latest = INT64_MIN };
    const struct field *owner = entity_field(rel->entity, str_of(rel->entity->party_column));
    for (int i = 0; i < all->n; i++) {
        const void *row = all->rows + rel->entity->size * (size_t)i;
        int64_t day = 0;
        if (field_get(owner, row).i != party || !record_seen(c, b, rel->entity, row)) continue;
        bool dated = record_day(c, rel, row, &day);
        if (n && n->period.when != ASK_EVER && !(dated && day_fits(c, &n->period, day))) continue;
        if (n && n->where && !record_fits(c, rel, n->where, row)) continue;
        if (money &&
            !str_eq_z(field_get(entity_field(rel->entity, str_of(rel->currency)), row).s, "EUR"))
            continue;
        if (dated && day < t.first) t.first = day;
        if (dated && day > t.latest) t.latest = day;
        struct value v = of ? field_get(of, row) : (struct value){ 0 };
        if (of && value_empty(of, v)) continue;
        if (t.n == 0 || v.i > t.largest) t.largest = v.i;
        if (t.n == 0 || v.i < t.smallest) t.smallest = v.i;
        t.n++;
        t.sum += v.i;
    }
    return t;
}

static int64_t floored(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

static bool related_fits(struct ctx *c, const struct naive *b, const struct ask_node *n,
                         int64_t party) {
    const struct relation *rel = ask_relation(ask_catalogue(c), n->relation);
    const struct field *of = NULL;
    bool money = false;
    if (n->kind == ASK_MEASURE && n->fn != ASK_COUNT) {
        struct str name = n->field.n ? n->field : str_of(rel->amount);
        of = entity_field(rel->entity, name);
        money = of->kind == &kind_money;
    }
    struct totals t = totals_of(c, b, rel, n, of, money, party);
    if (n->kind == ASK_HAS) return (t.n > 0) != n->no;
    if (n->fn == ASK_COUNT) return number_fits(n, t.n, 0);
    if (n->fn == ASK_SUM) return number_fits(n, t.sum, decimals(of));
    if (t.n == 0) return false;
    if (n->fn == ASK_AVERAGE) return number_fits(n, floored(t.sum * 1000, t.n), decimals(of) + 3);
    return number_fits(n, n->fn == ASK_LARGEST ? t.largest : t.smallest, decimals(of));
}

static bool field_fits(struct ctx *c, const struct naive *b, const struct ask_field *f,
                       const struct ask_node *n, int i) {
    const void *row = party_at(b, i);
    struct day day;
    if (f->from == ASK_FROM_FIRST || f->from == ASK_FROM_LATEST) {
        struct totals t = totals_of(c, b, f->relation, NULL, NULL, false, naive_id(b, i));
        int64_t edge = f->from == ASK_FROM_FIRST ? t.first : t.latest;
        if (edge == INT64_MAX || edge == INT64_MIN) return false;
        return n->op == ASK_FILLED || day_fits(c, &n->period, edge);
    }
    if (f->from == ASK_FROM_ROW) {
        int64_t ms = !strcmp(f->column, "created_at") ? row_head_of(row)->created_at
                                                      : row_head_of(row)->changed_at;
        return n->op == ASK_FILLED ||
               day_fits(c, &n->period, day_number(zone_local(c->firm.clock, ms).day));
    }
    if (f->many) {
        struct many_rows rows = many_get(f->many, row);
        for (int k = 0; k < rows.n; k++)
            if (value_fits(c, f, n, many_at(f->many, rows, k))) return true;
        return false;
    }
    if (f->from == ASK_FROM_FIELD || n->op == ASK_FILLED) return value_fits(c, f, n, row);
    struct str iso = field_get(f->field, row).s;
    if (f->from == ASK_FROM_ANNUAL) return comes_round(c, &n->period, iso);
    if (!day_of_iso(iso, &day) || day.year == 0) return false;
    int age = date_age(day, zone_local(c->firm.clock, c->now_ms).day);
    return age >= 0 && number_fits(n, age, 0);
}

bool naive_fits(struct ctx *c, const struct naive *b, const struct ask_node *n, int i) {
    bool any = false, all = true;
    if (n->kind == ASK_MEASURE || n->kind == ASK_HAS) return related_fits(c, b, n, naive_id(b, i));
    if (n->kind == ASK_FIELD) {
        const struct ask_field *f = ask_field(ask_catalogue(c), NULL, n->field);
        struct ask_node asked = *n;
        if (n->op == ASK_EMPTY) asked.op = ASK_FILLED;
        struct arena_mark m = arena_mark(c->arena);
        bool fits = field_fits(c, b, f, &asked, i);
        arena_back(c->arena, m);
        return n->op == ASK_EMPTY ? !fits : fits;
    }
    for (int k = 0; k < n->items_n; k++) {
        bool one = naive_fits(c, b, n->items[k], i);
        any |= one, all &= one;
    }
    return n->group == ASK_ALL ? all : n->group == ASK_ANY ? any : !any;
}

/* --- random questions --- */

static struct ask_period period(struct ctx *c, struct dice *d) {
    struct ask_period p = { .when = ASK_LAST + (enum ask_when)dice_below(d, 8), .n = 1 };
    p.unit = (enum ask_unit)dice_below(d, 5);
    p.n = 1 + (int)dice_below(d, p.unit == ASK_DAY ? 60 : 3);
    p.from = some_day(c, d, 100, 0);
    p.until = some_day(c, d, 20, 30);
    return p;
}

static struct str number(struct ctx *c, struct dice *d, int most) {
    int64_t v = (int64_t)dice_below(d, (uint64_t)most);
    if (chance(d, 3)) return str_printf(c->arena, "%lld.5", (long long)v);
    if (chance(d, 8) && v) return str_printf(c->arena, "-%lld", (long long)v);
    return str_printf(c->arena, "%lld", (long long)v);
}

static void numbers(struct ctx *c, struct dice *d, struct ask_node *n, int most) {
    n->op = ASK_OVER + (enum ask_op)dice_below(d, 6);
    n->number = number(c, d, most);
    n->number2 = n->op == ASK_BETWEEN ? number(c, d, most * 2) : NO_STR;
}

/* The text of somebody, whole or its beginning. */
static struct ask_value text_value(struct ctx *c, struct dice *d, const struct ask_field *f,
                                   const char *rows, size_t size, int n) {
    static const char *const any[] = { "75", "paris", "Zz", "lamp", "ann", "0912" };
    struct ask_value v = { .text = ONE(d, any), .prefix = chance(d, 2) };
    const void *row = n ? rows + size * dice_below(d, (uint64_t)n) : NULL;
    if (!row || chance(d, 4)) return v;
    if (f->many) {
        struct many_rows list = many_get(f->many, row);
        row = list.n ? many_at(f->many, list, 0) : NULL;
    }
    struct str s = row ? field_get(f->field, row).s : NO_STR;
    if (fold(c->arena, s).n == 0) return v;
    v.text = s;
    if (v.prefix) {
        struct str rest = s;
        for (uint64_t k = 1 + dice_below(d, 4); k > 0; k--) (void)utf8_next(&rest);
        v.text = str_sub(s, 0, s.n - rest.n);
        if (fold(c->arena, v.text).n == 0) v.text = s;
    }
    return v;
}

static struct str code(struct ctx *c, struct dice *d, const struct field *f) {
    int n = 0;
    if (f->kind == &kind_ref) {
        if (!strcmp(f->ref->name, "member") && chance(d, 3)) return S("me");
        return str_printf(c->arena, "%d", 1 + (int)dice_below(d, 4));
    }
    if (f->kind == &kind_country) return chance(d, 2) ? S("FR") : S("IR");
    if (f->kind == &kind_language) return chance(d, 2) ? S("fa") : S("fr");
    if (!f->choices) return S("Asia/Tehran");
    while (f->choices[n].code) n++;
    return str_of(f->choices[dice_below(d, (uint64_t)n)].code);
}

static void fill_rule(struct ctx *c, struct dice *d, const struct ask_field *f, struct ask_node *n,
                      const char *rows, size_t size, int rows_n) {
    struct ask_value *v = arena_array(c->arena, struct ask_value, 2);
    n->kind = ASK_FIELD;
    n->field = str_of(f->name);
    n->op = chance(d, 5) ? ASK_FILLED : chance(d, 5) ? ASK_EMPTY : ASK_IS;
    n->values = v;
    n->values_n = n->op == ASK_IS ? 1 + chance(d, 4) : 0;
    if (f->type == ASK_YESNO) n->op = ASK_IS, n->values_n = 1;
    for (int i = 0; i < 2; i++)
        v[i] = f->type == ASK_TEXT    ? text_value(c, d, f, rows, size, rows_n)
               : f->type == ASK_YESNO ? (struct ask_value){ .text = chance(d, 2) ? S("1") : S("0") }
               : f->type == ASK_CODE ? (struct ask_value){ .text = code(c, d, f->field) }
                                      : (struct ask_value){ 0 };
    if (n->op != ASK_IS || f->type == ASK_TEXT || f->type == ASK_CODE || f->type == ASK_YESNO)
        return;
    n->values_n = 0;
    if (f->type == ASK_NUMBER || f->type == ASK_MONEY) {
        numbers(c, d, n, f->from == ASK_FROM_AGE ? 90 : 50);
        return;
    }
    n->op = ASK_IN;
    n->period = period(c, d);
}

static const struct ask_node *record_rule(struct ctx *c, struct dice *d, const struct naive *b,
                                          const struct relation *rel, int depth) {
    struct ask_node *n = arena_new_of(c->arena, struct ask_node);
    const struct ask_field *const *fields;
    *n = (struct ask_node){ 0 };
    if (depth && chance(d, 2)) {
        const struct ask_node **items = arena_array(c->arena, const struct ask_node *, 2);
        for (int i = 0; i < 2; i++) items[i] = record_rule(c, d, b, rel, depth - 1);
        *n = (struct ask_node){ .kind = ASK_GROUP,
                                .group = (enum ask_group)dice_below(d, 3),
                                .items = items,
                                .items_n = 2 };
        return n;
    }
    int fields_n = ask_fields(ask_catalogue(c), rel, &fields);
    const struct naive_records *all = records_of(b, rel);
    const struct ask_field *f = fields[dice_below(d, (uint64_t)fields_n)];
    fill_rule(c, d, f, n, all->rows, rel->entity->size, all->n);
    return n;
}

static void fill_measure(struct ctx *c, struct dice *d, const struct naive *b, struct ask_node *n) {
    const struct relation *const *relations;
    int relations_n = ask_relations_of(ask_catalogue(c), &relations);
    const struct relation *rel =
        chance(d, 3) ? relations[dice_below(d, (uint64_t)relations_n)] : relations[0];
    n->kind = chance(d, 3) ? ASK_HAS : ASK_MEASURE;
    n->relation = str_of(rel->name);
    if (!chance(d, 3)) n->period = period(c, d);
    if (chance(d, 2)) n->where = record_rule(c, d, b, rel, 1);
    n->no = n->kind == ASK_HAS && chance(d, 2);
    if (n->kind == ASK_HAS) return;
    n->fn = rel->amount ? (enum ask_fn)dice_below(d, 5) : ASK_COUNT;
    if (n->fn != ASK_COUNT && chance(d, 4)) n->field = S("quantity");
    numbers(c, d, n, n->fn == ASK_COUNT ? 4 : n->field.n ? 9 : 600);
}

static const struct ask_node *node(struct ctx *c, struct dice *d, const struct naive *b,
                                   int depth) {
    struct ask_node *n = arena_new_of(c->arena, struct ask_node);
    const struct ask_field *const *fields;
    *n = (struct ask_node){ 0 };
    if (depth && !chance(d, 4)) {
        int items_n = 1 + (int)dice_below(d, 3);
        const struct ask_node **items = arena_array(c->arena, const struct ask_node *, items_n);
        for (int i = 0; i < items_n; i++) items[i] = node(c, d, b, depth - 1);
        n->group = (enum ask_group)dice_below(d, 3);
        n->items = items;
        n->items_n = items_n;
        return n;
    }
    if (chance(d, 4)) {
        fill_measure(c, d, b, n);
        return n;
    }
    int fields_n = ask_fields(ask_catalogue(c), NULL, &fields);
    const struct ask_field *f;
    do f = fields[dice_below(d, (uint64_t)fields_n)];
    while (f->type == ASK_NAME);
    fill_rule(c, d, f, n, b->rows, b->party->size, b->n);
    return n;
}

const struct ask_node *naive_tree(struct ctx *c, struct dice *d, const struct naive *b) {
    for (;;) {
        const struct ask_node *n = ask_normal(c->arena, node(c, d, b, 2));
        if (ask_measures_n(n) <= ASK_MEASURES_MOST && ask_depth(n) <= ASK_DEPTH_MOST) return n;
    }
}
