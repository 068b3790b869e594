/* Clients out as vCards and in again into an empty book, in both versions: everything that a vCard
 * can say comes back. What it cannot say, by design of the format: father's name, own number,
 * category, stage, territory, responsible, team, channel and hours, do-not marks, private notes;
 * 3.0 besides these: sex, language, the Latin name, and the parts of a street each for itself. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "core/entity/history.h"
#include "core/entity/list.h"
#include "core/exchange/import_row.h"
#include "core/exchange/sheet.h"
#include "features/attachment/attachment.h"
#include "features/bond/bond.h"
#include "features/import/export.h"
#include "features/import/import.h"
#include "features/party/party.h"
#include "features/tag/tag.h"
#include "fixture.h"
#include "on_both.h"
#include "lib/text/vcard.h"

#define MUST(call) assert_int_equal((call), OK)

static void same_text(const char *what, struct str is, struct str was) {
    if (!str_eq(is, was)) fail_msg("%s: \"%.*s\" was \"%.*s\"", what, SF(is), SF(was));
}
#define SAME(field) same_text(#field, is->field, was->field)

/* Every row of a table through the import, as it would be saved; how many came, changed, stayed. */
static struct import_counts take_in(struct fixture *f, struct app *app, const char *path) {
    struct import_counts n = { 0 };
    struct import_plan p;
    struct csv *csv = malloc(sizeof *csv);
    struct csv_row row;
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    c->app = app;
    MUST(import_look(c, &party_shape, path, S("UTF-8"), ',', HEADER_YES, &p));
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    csv_open(csv, csv_from_file(in), ',');
    assert_int_equal(csv_next(csv, &row), CSV_ROW); /* the header */
    while (csv_next(csv, &row) == CSV_ROW) {
        struct import_ready ready;
        struct import_row_result out;
        MUST(import_row_read(c, &party_shape, &p, &row, NULL, &ready));
        MUST(import_row_keep(c, &party_shape, &p, &ready, NULL, false, &out));
        for (int i = 0; i < out.problems.n; i++) printf("%.*s\n", SF(out.problems.v[i]));
        n.n[out.outcome]++;
    }
    csv_close(csv);
    free(csv);
    fclose(in);
    MUST(fixture_end(f, OK));
    return n;
}

static void write_file(const char *path, struct str text) {
    FILE *o = fopen(path, "wb");
    assert_non_null(o);
    assert_int_equal(fwrite(text.p, 1, text.n, o), text.n);
    fclose(o);
}

/* Cards to clients. */
static struct import_counts import_cards(struct fixture *f, struct app *app, const char *cards) {
    char table[128];
    struct sheet_faults faults;
    int64_t rows;
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    snprintf(table, sizeof table, "%s/table.csv", f->dir);
    MUST(sheet_from_vcard(c, NULL, cards, table, &faults, &rows));
    MUST(fixture_end(f, OK));
    return take_in(f, app, table);
}

static int64_t tag_of(struct ctx *c, struct str name) {
    int64_t id;
    MUST(tag_make(c, name, &id));
    return id;
}

/* A person with everything, an organisation, one without parts of a name, and texts that would
 * break a line. */
static void fill_book(struct ctx *c) {
    struct party *p = row_new(c, &entity_party), *o = row_new(c, &entity_party);
    struct phone phones[] = {
        { .number = S("0912 345 6789"), .kind = S("mobile") },
        { .number = S("021-88776655"), .kind = S("work"), .ext = S("12") },
        { .number = S("021-88776656"), .kind = S("fax") },
        { .number = S("118"), .kind = S("other") },
    };
    struct email emails[] = { { .email = S("sara@x.example"), .kind = S("work") },
                              { .email = S("s@y.example") } };
    struct address addresses[] = {
        { .street = S("خیابان ولیعصر؛ \"برج\", الف"),
          .plaque = S("۱۲"),
          .unit = S("واحد 4"),
          .line2 = S("ساختمان سپید"),
          .neighbourhood = S("ونک"),
          .town = S("تهران"),
          .region = S("استان تهران"),
          .postcode = S("1966733411"),
          .country = S("IR"),
          .po_box = S("155"),
          .kind = S("home") },
        { .street = S("5 rue X"), .town = S("Lyon"), .country = S("FR") }
    };
    struct party_tag tags[] = { { .tag = tag_of(c, S("VIP")) },
                                { .tag = tag_of(c, S("Printemps; 2024")) } };
    *o = (struct party){ .kind = S("organisation"),
                         .display_name = S("شرکت آبی, سهامی; خاص"),
                         .stage = S("active"),
                         .website = S("https://abi.example/a,b;c?x=1") };
    MUST(store_save(c, &entity_party, o));
    p->given_name = S("سارا;");
    p->family_name = S("احمدی, نوری");
    p->title = S("دکتر");
    p->nickname = S("Sari");
    p->latin_name = S("Sara Ahmadi");
    p->sex = S("f");
    p->birth_date = S("1985-04-15");
    p->language = S("fa");
    p->zone = S("Asia/Tehran");
    p->website = S("https://sara.example/");
    p->special = S("line one\nEND:VCARD\nline; two, three\\n");
    p->phones.v = phones, p->phones.n = COUNT(phones);
    p->emails.v = emails, p->emails.n = COUNT(emails);
    p->addresses.v = addresses, p->addresses.n = COUNT(addresses);
    p->tags.v = tags, p->tags.n = COUNT(tags);
    p->notes_private = S("never leaves");
    MUST(store_save(c, &entity_party, p));
    MUST(bond_make(c, p->row.id, o->row.id, S("حسابدار; ارشد")));
    struct party *whole = row_new(c, &entity_party);
    whole->display_name = S("Mary Ann van der Berg");
    whole->birth_date = S("--02-29");
    MUST(store_save(c, &entity_party, whole));
    struct party *one = row_new(c, &entity_party);
    one->given_name = S("Mary Ann");
    MUST(store_save(c, &entity_party, one));
}

static const char jpeg[] =
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP////////////////////////////////////////////////////////////"
    "//////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAA"
    "AAAAAAD/2gAIAQEAAD8AN//Z";

static void read_book(struct ctx *c, struct party **p, int *n, struct str *companies) {
    struct list_page page;
    const struct list_query q = { .entity = &entity_party, .sort = S("id") };
    MUST(list_run(c, &q, &page));
    MUST(store_load_all(c, &entity_party, page.ids, page.n, (void **)p, n));
    struct str *extras = arena_array(c->arena, struct str, *n * party_shape.extras_n);
    MUST(party_shape.read_extras(c, *p, *n, extras));
    for (int i = 0; i < *n; i++)
        companies[i] = str_printf(c->arena, "%.*s | %.*s", SF(extras[i * party_shape.extras_n]),
                                  SF(extras[i * party_shape.extras_n + 1]));
}

static const struct party *by_uid(const struct party *p, int n, struct str name, int *at) {
    for (*at = 0; *at < n; ++*at)
        if (str_eq(p[*at].display_name, name)) return &p[*at];
    fail_msg("there is no %.*s", SF(name));
    return p;
}

static void expect_addresses(const struct party *is, const struct party *was, bool new) {
    assert_int_equal(is->addresses.n, was->addresses.n);
    for (int i = 0; i < was->addresses.n; i++) {
        const struct address *x = &is->addresses.v[i], *y = &was->addresses.v[i];
        for (int k = 0; k < entity_address.fields_n; k++) {
            const struct field *f = &entity_address.fields[k];
            bool apart = !strcmp(f->name, "street") || !strcmp(f->name, "plaque") ||
                         !strcmp(f->name, "line2") || !strcmp(f->name, "neighbourhood");
            if (!new &&apart && y->plaque.n) continue;
            same_text(f->name, field_get(f, x).s, field_get(f, y).s);
        }
    }
    if (!new && was->addresses.n) /* nothing of it is lost */
        assert_true(str_find(is->addresses.v[0].street, was->addresses.v[0].plaque) > 0 &&
                    str_find(is->addresses.v[0].line2, was->addresses.v[0].neighbourhood) > 0);
}

static void expect_same(struct ctx *c, struct ctx *d, const struct party *is,
                        const struct party *was, bool new) {
    SAME(kind), SAME(display_name), SAME(title), SAME(given_name), SAME(family_name);
    SAME(nickname), SAME(birth_date), SAME(zone), SAME(website), SAME(special);
    if (new) SAME(latin_name), SAME(sex), SAME(language);
    assert_int_equal(is->notes_private.n, 0);
    assert_int_equal(is->phones.n, was->phones.n);
    for (int i = 0; i < was->phones.n; i++) {
        const struct phone *x = &is->phones.v[i], *y = &was->phones.v[i];
        same_text("e164", x->e164, y->e164);
        same_text("phone kind", x->kind, y->kind);
        same_text("ext", x->ext, y->ext);
        if (!y->e164.n) same_text("number", x->number, y->number);
    }
    assert_int_equal(is->emails.n, was->emails.n);
    for (int i = 0; i < was->emails.n; i++) {
        same_text("email", is->emails.v[i].email, was->emails.v[i].email);
        same_text("email kind", is->emails.v[i].kind, was->emails.v[i].kind);
    }
    expect_addresses(is, was, new);
    assert_int_equal(is->tags.n, was->tags.n);
    for (int i = 0; i < was->tags.n; i++) {
        struct str x = entity_title(c, &entity_tag, is->tags.v[i].tag);
        struct str y = entity_title(d, &entity_tag, was->tags.v[i].tag);
        if (str_find(y, S(";")) < 0) same_text("tag", x, y);
    }
}

static void round_trip(bool pg, bool new) {
    struct fixture f, g;
    struct party *was, *is;
    struct str company_was[20], company_is[20];
    int was_n, is_n, at;
    char path[128];
    struct buf cards = { 0 };
    fixture_open(&f, pg);
    fixture_open(&g, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    fill_book(c);
    MUST(fixture_end(&f, OK));
    c = fixture_begin(&f, false, 1, ROLE_OWNER);
    read_book(c, &was, &was_n, company_was);
    struct export_work w = { .arena = c->arena, .loc = c->loc };
    MUST((new ? export_vcard : export_vcard3).rows(&w, c, was, was_n, &cards));
    assert_true(str_find(buf_str(&cards), S("never leaves")) < 0);
    snprintf(path, sizeof path, "%s/out.vcf", g.dir);
    write_file(path, buf_str(&cards));
    struct import_counts n = import_cards(&g, NULL, path);
    assert_int_equal(n.n[IMPORT_CREATED], was_n);
    struct ctx *d = fixture_begin(&g, false, 1, ROLE_OWNER);
    read_book(d, &is, &is_n, company_is);
    assert_int_equal(is_n, was_n);
    for (int i = 0; i < was_n; i++) {
        const struct party *one = by_uid(is, is_n, was[i].display_name, &at);
        expect_same(d, c, one, &was[i], new);
        same_text("company", company_is[at], company_was[i]);
    }
    MUST(fixture_end(&g, OK));
    MUST(fixture_end(&f, OK));
    buf_free(&cards);
    fixture_close(&f);
    fixture_close(&g);
}

/* The photo stands in the card as the small picture that the pages show. */
static void photo_round(bool pg) {
    struct fixture f;
    struct vcard card;
    struct str bytes, type;
    struct buf cards = { 0 };
    struct party *p;
    int at = 0;
    fixture_open(&f, pg);
    char folder[96];
    snprintf(folder, sizeof folder, "%s/previews", f.dir);
    mkdir(folder, 0700);
    struct app app = { .db = f.db, .config = { .data = f.dir } };
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    p = row_new(c, &entity_party);
    p->display_name = S("Sara");
    MUST(store_save(c, &entity_party, p));
    assert_true(vcard_unbase64(c->arena, str_of(jpeg), &bytes));
    MUST(party_photo_set(c, &app, p->row.id, bytes));
    MUST(store_load(c, &entity_party, p->row.id, p));
    struct export_work w = { .arena = c->arena, .app = &app, .loc = c->loc };
    MUST(export_vcard.rows(&w, c, p, 1, &cards));
    struct str rest = buf_str(&cards);
    struct vcard_reader *r = vcard_open(csv_from_str(&rest), NULL);
    assert_int_equal(vcard_next(r, c->arena, &card), VCARD_CARD);
    vcard_close(r);
    const struct vcard_prop *photo = vcard_find(&card, "PHOTO", &at);
    assert_non_null(photo);
    assert_int_equal(vcard_data(c->arena, photo, &type, &bytes), VCARD_DATA_BYTES);
    same_text("type", type, S("image/jpeg"));
    assert_true(str_starts(bytes, S("\xff\xd8\xff")));
    MUST(fixture_end(&f, OK));
    buf_free(&cards);
    fixture_close(&f);
}

static void test_40(bool pg) {
    round_trip(pg, true);
}
static void test_30(bool pg) {
    round_trip(pg, false);
}

/* The same cards a second time change nothing; their uids and photos came with them. */
static void test_twice(bool pg) {
    static const char *const files[] = { "apple",     "google",      "android",
                                         "nextcloud", "thunderbird", "nokia" };
    struct fixture f;
    struct list_page page;
    const struct list_query q = { .entity = &entity_party, .sort = S("id") };
    char path[128];
    int64_t id, made = 0, photos = 0;
    fixture_open(&f, pg);
    struct app app = { .db = f.db, .config = { .data = f.dir } };
    snprintf(path, sizeof path, "%s/previews", f.dir);
    mkdir(path, 0700);
    for (int i = 0; i < 2 * COUNT(files); i++) {
        bool again = i >= COUNT(files);
        snprintf(path, sizeof path, "t/fuzz/corpus/vcard/%s.vcf", files[i % COUNT(files)]);
        struct import_counts n = import_cards(&f, &app, path);
        assert_int_equal(n.n[IMPORT_REFUSED], 0);
        if (!again) made += n.n[IMPORT_CREATED];
        if (again && (n.n[IMPORT_CREATED] || n.n[IMPORT_CHANGED]))
            fail_msg("%s again: %d created, %d changed", path, (int)n.n[IMPORT_CREATED],
                     (int)n.n[IMPORT_CHANGED]);
    }
    assert_int_equal(made, 10);
    struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.n, made + 2); /* and companies that only cards of people name */
    for (int i = 0; i < page.n; i++) {
        struct party p;
        MUST(store_load(c, &entity_party, page.ids[i], &p));
        photos += p.photo != 0;
    }
    assert_int_equal(photos, 3);
    MUST(party_by_email(c, S("amelie@roux.example"), &id));
    struct party p;
    MUST(store_load(c, &entity_party, id, &p));
    same_text("uid", p.row.uid, S("urn:uuid:2b1f0c5e-2f44-4b3e-9d53-6d4b40a5d002"));
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* An import with photos is taken back whole. */
static void test_undone(bool pg) {
    struct fixture f;
    struct list_page page;
    struct obstacles stand;
    const struct list_query q = { .entity = &entity_party, .sort = S("id") };
    char path[128];
    fixture_open(&f, pg);
    struct app app = { .db = f.db, .config = { .data = f.dir } };
    snprintf(path, sizeof path, "%s/previews", f.dir);
    mkdir(path, 0700);
    (void)import_cards(&f, &app, "t/fuzz/corpus/vcard/apple.vcf");
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.n, 4);
    MUST(history_undo_batch(c, 1, &stand));
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.n, 0);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

BOTH(test_40)
BOTH(test_30)
BOTH(photo_round)
BOTH(test_twice)
BOTH(test_undone)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_40_lite),     cmocka_unit_test(test_40_pg),
        cmocka_unit_test(test_30_lite),     cmocka_unit_test(test_30_pg),
        cmocka_unit_test(photo_round_lite), cmocka_unit_test(photo_round_pg),
        cmocka_unit_test(test_twice_lite),  cmocka_unit_test(test_twice_pg),
        cmocka_unit_test(test_undone_lite), cmocka_unit_test(test_undone_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
