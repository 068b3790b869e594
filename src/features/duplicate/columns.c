/* What of a client is compared with others, and how it comes from the register: whole records for
 * one, plain rows for all. Called by look.c and near.c; calls lib/match. */
#include <math.h>

#include "features/duplicate/work.h"
#include "lib/text/json.h"
#include "lib/text/name.h"

const struct match_column duplicate_columns[COLUMNS_N] = {
    [COLUMN_GIVEN] = { "given", MATCH_GIVEN },
    [COLUMN_FAMILY] = { "family", MATCH_FAMILY },
    [COLUMN_FIRM] = { "firm", MATCH_ORGANISATION },
    [COLUMN_FATHER] = { "father", MATCH_NAME },
    [COLUMN_PHONE] = { "phone", MATCH_PHONE },
    [COLUMN_EMAIL] = { "email", MATCH_EMAIL },
    [COLUMN_STREET] = { "street", MATCH_STREET },
    [COLUMN_HOUSE] = { "house", MATCH_NUMBER },
    [COLUMN_TOWN] = { "town", MATCH_TOWN },
    [COLUMN_POSTCODE] = { "postcode", MATCH_POSTCODE },
    [COLUMN_BIRTH] = { "birth", MATCH_DATE },
    [COLUMN_OWN_ID] = { "own_id", MATCH_ID },
    [COLUMN_KIND] = { "kind", MATCH_REGION },
};

SQL(duplicate_parties,
    "SELECT id, kind, display_name, given_name, family_name, father_name, nickname, latin_name, "
    "birth_date, own_id FROM party WHERE id > :after AND deleted_at IS NULL ORDER BY id LIMIT "
    ":limit");
SQL(duplicate_phones, "SELECT party, number, e164 FROM phone WHERE party > :after AND party <= "
                      ":last ORDER BY party, id");
SQL(duplicate_emails, "SELECT party, email FROM email WHERE party > :after AND party <= :last "
                      "ORDER BY party, id");
SQL(duplicate_addresses, "SELECT party, street, plaque, town, postcode FROM address WHERE party > "
                         ":after AND party <= :last ORDER BY party, id");
/* The same of some clients, those in the bin too. */
#define THESE_LITE "IN (SELECT value FROM json_each(:ids))"
#define THESE_PG   "= ANY(CAST(translate(:ids, '[]', '{}') AS bigint[]))"
#define SOME_PARTIES                                                                               \
    "SELECT id, kind, display_name, given_name, family_name, father_name, nickname, latin_name, "  \
    "birth_date, own_id FROM party WHERE id "
SQL2(near_parties, SOME_PARTIES THESE_LITE " ORDER BY id", SOME_PARTIES THESE_PG " ORDER BY id");
#define SOME_PHONES "SELECT party, number, e164 FROM phone WHERE party "
SQL2(near_phones, SOME_PHONES THESE_LITE " ORDER BY party, id",
     SOME_PHONES THESE_PG " ORDER BY party, id");
#define SOME_EMAILS "SELECT party, email FROM email WHERE party "
SQL2(near_emails, SOME_EMAILS THESE_LITE " ORDER BY party, id",
     SOME_EMAILS THESE_PG " ORDER BY party, id");
#define SOME_ADDRESSES "SELECT party, street, plaque, town, postcode FROM address WHERE party "
SQL2(near_addresses, SOME_ADDRESSES THESE_LITE " ORDER BY party, id",
     SOME_ADDRESSES THESE_PG " ORDER BY party, id");

/* --- into the engine --- */

/* A name that stands in one field only: its parts. */
static void feed_whole(struct arena *a, struct match *m, struct str whole, const char *language) {
    struct name_parts parts;
    if (!whole.n) return;
    name_split(a, whole, language, &parts);
    match_value(m, COLUMN_GIVEN, parts.given);
    match_value(m, COLUMN_FAMILY, parts.family);
}

static void feed_person(struct arena *a, struct match *m, const struct party *p) {
    match_value(m, COLUMN_GIVEN, p->given_name);
    match_value(m, COLUMN_FAMILY, p->family_name);
    if (!p->given_name.n && !p->family_name.n) feed_whole(a, m, p->display_name, NULL);
    feed_whole(a, m, p->latin_name, "en");
    match_value(m, COLUMN_GIVEN, p->nickname);
    match_value(m, COLUMN_FATHER, p->father_name);
    match_value(m, COLUMN_BIRTH, p->birth_date);
}

void duplicate_feed(struct arena *a, struct match *m, const struct party *p) {
    struct arena_mark mark = arena_mark(a);
    match_record(m, p->row.id);
    if (party_is_person(p)) {
        feed_person(a, m, p);
    } else {
        match_value(m, COLUMN_FIRM, p->display_name);
        match_value(m, COLUMN_FIRM, p->latin_name);
    }
    for (int i = 0; i < p->phones.n; i++) {
        const struct phone *ph = &p->phones.v[i];
        match_value(m, COLUMN_PHONE, ph->e164.n ? ph->e164 : ph->number);
    }
    for (int i = 0; i < p->emails.n; i++) match_value(m, COLUMN_EMAIL, p->emails.v[i].email);
    for (int i = 0; i < p->addresses.n; i++) {
        const struct address *ad = &p->addresses.v[i];
        match_value(m, COLUMN_STREET, ad->street);
        match_value(m, COLUMN_HOUSE, ad->plaque);
        match_value(m, COLUMN_TOWN, ad->town);
        match_value(m, COLUMN_POSTCODE, ad->postcode);
    }
    match_value(m, COLUMN_OWN_ID, p->own_id);
    match_value(m, COLUMN_KIND, p->kind);
    arena_back(a, mark);
}

/* --- out of the register --- */

static void read_party(const struct rows *r, int i, struct party *p) {
    p->row.id = row_int(r, i, "id");
    p->kind = row_str(r, i, "kind");
    p->display_name = row_str(r, i, "display_name");
    p->given_name = row_str(r, i, "given_name");
    p->family_name = row_str(r, i, "family_name");
    p->father_name = row_str(r, i, "father_name");
    p->nickname = row_str(r, i, "nickname");
    p->latin_name = row_str(r, i, "latin_name");
    p->birth_date = row_str(r, i, "birth_date");
    p->own_id = row_str(r, i, "own_id");
}

/* Both in order of the party: whose row is row i? NULL: of somebody in the bin. */
static struct party *owner(struct party *v, int n, int *at, int64_t id) {
    while (*at < n && v[*at].row.id < id) ++*at;
    return *at < n && v[*at].row.id == id ? &v[*at] : NULL;
}

static void put_phones(const struct rows *r, struct arena *a, struct party *v, int n) {
    struct phone *all = arena_array(a, struct phone, r->n + 1);
    for (int i = 0, at = 0; i < r->n; i++) {
        struct party *p = owner(v, n, &at, row_int(r, i, "party"));
        all[i].number = row_str(r, i, "number");
        all[i].e164 = row_str(r, i, "e164");
        if (p && p->phones.n++ == 0) p->phones.v = &all[i];
    }
}

static void put_emails(const struct rows *r, struct arena *a, struct party *v, int n) {
    struct email *all = arena_array(a, struct email, r->n + 1);
    for (int i = 0, at = 0; i < r->n; i++) {
        struct party *p = owner(v, n, &at, row_int(r, i, "party"));
        all[i].email = row_str(r, i, "email");
        if (p && p->emails.n++ == 0) p->emails.v = &all[i];
    }
}

static void put_addresses(const struct rows *r, struct arena *a, struct party *v, int n) {
    struct address *all = arena_array(a, struct address, r->n + 1);
    for (int i = 0, at = 0; i < r->n; i++) {
        struct party *p = owner(v, n, &at, row_int(r, i, "party"));
        all[i].street = row_str(r, i, "street");
        all[i].plaque = row_str(r, i, "plaque");
        all[i].town = row_str(r, i, "town");
        all[i].postcode = row_str(r, i, "postcode");
        if (p && p->addresses.n++ == 0) p->addresses.v = &all[i];
    }
}

static struct party *parties_of(struct arena *a, const struct rows *r) {
    struct party *v = arena_array(a, struct party, r->n + 1);
    for (int i = 0; i < r->n; i++) read_party(r, i, &v[i]);
    return v;
}

enum status duplicate_read(struct tx *tx, int64_t after, int limit, struct party **out, int *n) {
    struct rows r;
    struct arena *a = tx_arena(tx);
    TRY(db_query(tx, &duplicate_parties, &r, P("after", after), P("limit", limit)));
    struct party *v = *out = parties_of(a, &r);
    *n = r.n;
    if (!r.n) return OK;
    int64_t last = v[*n - 1].row.id;
    TRY(db_query(tx, &duplicate_phones, &r, P("after", after), P("last", last)));
    put_phones(&r, a, v, *n);
    TRY(db_query(tx, &duplicate_emails, &r, P("after", after), P("last", last)));
    put_emails(&r, a, v, *n);
    TRY(db_query(tx, &duplicate_addresses, &r, P("after", after), P("last", last)));
    put_addresses(&r, a, v, *n);
    return OK;
}

enum status duplicate_read_these(struct tx *tx, struct str ids, struct party **out, int *n) {
    struct rows r;
    struct arena *a = tx_arena(tx);
    TRY(db_query(tx, &near_parties, &r, P("ids", ids)));
    struct party *v = *out = parties_of(a, &r);
    *n = r.n;
    if (!r.n) return OK;
    TRY(db_query(tx, &near_phones, &r, P("ids", ids)));
    put_phones(&r, a, v, *n);
    TRY(db_query(tx, &near_emails, &r, P("ids", ids)));
    put_emails(&r, a, v, *n);
    TRY(db_query(tx, &near_addresses, &r, P("ids", ids)));
    put_addresses(&r, a, v, *n);
    return OK;
}

/* --- how a pair agreed: {"phone": ["exact", 13200], …}, weights in thousandths of a bit --- */

struct str duplicate_levels_write(struct arena *a, const struct match_part *parts) {
    struct buf b = { .arena = a };
    struct json_out w = { .b = &b };
    jw_object(&w);
    for (int i = 0; i < COLUMNS_N; i++) {
        if (parts[i].level == MATCH_MISSING) continue;
        jw_key(&w, duplicate_columns[i].name);
        jw_array(&w);
        jw_str(&w, str_of(match_level_code(parts[i].level)));
        jw_int(&w, (int64_t)(parts[i].weight * 1000));
        jw_end(&w);
    }
    jw_end(&w);
    return buf_str(&b);
}

void duplicate_levels_read(struct arena *a, struct str levels, struct match_part *parts) {
    struct json *j;
    struct str why;
    for (int i = 0; i < COLUMNS_N; i++) parts[i] = (struct match_part){ .level = MATCH_MISSING };
    if (json_parse(a, levels, &j, &why) != OK) return;
    for (int i = 0; i < COLUMNS_N; i++) {
        const struct json *one = json_get(j, str_of(duplicate_columns[i].name));
        struct str code = json_str(json_at(one, 0));
        for (int l = 0; one && l < MATCH_LEVELS_N; l++)
            if (str_eq_z(code, match_level_code((enum match_level)l)))
                parts[i] = (struct match_part){ (enum match_level)l,
                                                (float)json_int(json_at(one, 1)) / 1000 };
    }
}

/* --- before the first look --- */

/* Bits for each level, chosen once for a register of some ten thousand: what agrees by chance in
 * one of 2^n pairs of strangers weighs n. */
#define NAME_BITS(exact, near)                                                                     \
    [MATCH_EXACT] = (exact), [MATCH_KEY] = (exact), [MATCH_NICKNAME] = (near),                     \
    [MATCH_SWAPPED] = (exact), [MATCH_WORDS] = (near), [MATCH_PART] = (near)-1,                    \
    [MATCH_EDIT_1] = (near), [MATCH_EDIT_2] = (near)-2, [MATCH_JW_92] = (near)-1,                  \
    [MATCH_JW_88] = (near)-2, [MATCH_JW_70] = -2
static const float standard[COLUMNS_N][MATCH_LEVELS_N] = {
    [COLUMN_GIVEN] = { NAME_BITS(6, 5), [MATCH_DIFFERENT] = -4 },
    [COLUMN_FAMILY] = { NAME_BITS(8, 6), [MATCH_DIFFERENT] = -4 },
    [COLUMN_FIRM] = { NAME_BITS(9, 7), [MATCH_DIFFERENT] = -6 },
    [COLUMN_FATHER] = { NAME_BITS(5, 4), [MATCH_DIFFERENT] = -3 },
    [COLUMN_PHONE] = { [MATCH_EXACT] = 14,
                       [MATCH_TAIL] = 12,
                       [MATCH_EDIT_1] = 6,
                       [MATCH_EDIT_2] = 1,
                       [MATCH_DIFFERENT] = -1 },
    [COLUMN_EMAIL] = { [MATCH_EXACT] = 16,
                       [MATCH_USER] = 9,
                       [MATCH_EDIT_1] = 12,
                       [MATCH_EDIT_2] = 8,
                       [MATCH_JW_92] = 3,
                       [MATCH_DIFFERENT] = -1 },
    [COLUMN_STREET] = { [MATCH_EXACT] = 4,
                        [MATCH_KEY] = 4,
                        [MATCH_WORDS] = 3,
                        [MATCH_EDIT_1] = 3,
                        [MATCH_EDIT_2] = 2,
                        [MATCH_JW_92] = 2,
                        [MATCH_DIFFERENT] = -1 },
    [COLUMN_HOUSE] = { [MATCH_EXACT] = 3, [MATCH_DIFFERENT] = -1 },
    [COLUMN_TOWN] = { [MATCH_EXACT] = 2, [MATCH_KEY] = 2, [MATCH_DIFFERENT] = -1 },
    [COLUMN_POSTCODE] = { [MATCH_EXACT] = 3, [MATCH_DIFFERENT] = -1 },
    [COLUMN_BIRTH] = { [MATCH_EXACT] = 12,
                       [MATCH_PART] = 7,
                       [MATCH_SWAPPED] = 8,
                       [MATCH_EDIT_1] = 7,
                       [MATCH_EDIT_2] = 1,
                       [MATCH_DIFFERENT] = -7 },
    [COLUMN_OWN_ID] = { [MATCH_EXACT] = 18, [MATCH_EDIT_1] = 2, [MATCH_DIFFERENT] = -1 },
    [COLUMN_KIND] = { [MATCH_DIFFERENT] = -6 },
};
struct match_score duplicate_standard(const struct match_part *parts, int64_t clients) {
    struct match_score s = { .weight = -log2f(10 * fmaxf((float)clients, 100)) };
    for (int i = 0; i < COLUMNS_N; i++) s.weight += standard[i][parts[i].level];
    s.certainty = 1 / (1 + exp2f(-s.weight));
    return s;
}
