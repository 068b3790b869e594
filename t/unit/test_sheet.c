/* Cards and pasted text as tables (core/exchange/sheet.h), and those through the whole import: what
 * phones and programs write (t/fuzz/corpus/vcard), broken files, groups, photos, the second time.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "core/exchange/sheet.h"
#include "core/exchange/sheet_cells.h"
#include "features/import/import.h"
#include "features/party/party.h"
#include "fixture.h"
#include "lib/base/clock.h"

#define MUST(call) assert_int_equal((call), OK)
#define EQ(s, z)                                                                                   \
    do {                                                                                           \
        struct str eq_ = (s);                                                                      \
        if (!str_eq_z(eq_, (z))) fail_msg("%s: \"%.*s\" is not \"%s\"", #s, SF(eq_), (z));         \
    } while (0)

struct table {
    struct arena *a;
    struct str *cells[2000];
    int cells_n[2000], n; /* the first row: the headers */
    struct sheet_faults faults;
};

static void read_table(struct table *t, const char *path) {
    FILE *f = fopen(path, "rb");
    struct csv *csv = malloc(sizeof *csv);
    struct csv_row row;
    assert_non_null(f);
    csv_open(csv, csv_from_file(f), ',');
    for (t->n = 0; csv_next(csv, &row) == CSV_ROW && t->n < 2000; t->n++) {
        t->cells[t->n] = arena_array(t->a, struct str, row.cells_n);
        t->cells_n[t->n] = row.cells_n;
        for (int i = 0; i < row.cells_n; i++)
            t->cells[t->n][i] = str_dup(t->a, csv_unguard(row.cells[i]));
    }
    assert_int_equal(csv->error.fault, CSV_FINE);
    csv_close(csv);
    free(csv);
    fclose(f);
}

/* Row and column by name, from 1; empty where there is no such column. */
static struct str at(const struct table *t, int row, const char *header) {
    assert_true(row < t->n);
    for (int i = 0; i < t->cells_n[0]; i++)
        if (str_eq_z(t->cells[0][i], header)) return t->cells[row][i];
    return S("");
}

typedef enum status converter(struct ctx *, struct box *, const char *, const char *,
                              struct sheet_faults *, int64_t *);

static enum status convert(struct fixture *f, converter *how, const char *path, struct table *t) {
    char out[128];
    int64_t n = -1;
    snprintf(out, sizeof out, "%s/table.csv", f->dir);
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    *t = (struct table){ .a = f->arena };
    enum status s = how(c, NULL, path, out, &t->faults, &n);
    if (s == OK) {
        read_table(t, out);
        assert_int_equal(t->n - 1, n);
    } else {
        assert_true(access(out, F_OK) != 0);
    }
    return s;
}

static const char *write_file(struct fixture *f, struct str text) {
    static char path[128];
    snprintf(path, sizeof path, "%s/in.txt", f->dir);
    FILE *o = fopen(path, "wb");
    assert_non_null(o);
    assert_int_equal(fwrite(text.p, 1, text.n, o), text.n);
    fclose(o);
    return path;
}

#define SAMPLE(name) "t/fuzz/corpus/vcard/" name ".vcf"

/* What each program writes, cell by cell. */
static void test_samples(void **state) {
    static const struct {
        const char *file;
        int row;
        const char *header, *is;
    } rows[] = {
        { SAMPLE("apple"), 1, "display_name", "Leyla Nour Rahimi" },
        { SAMPLE("apple"), 1, "given_name", "Leyla Nour" },
        { SAMPLE("apple"), 1, "family_name", "Rahimi" },
        { SAMPLE("apple"), 1, "title", "Dr." },
        { SAMPLE("apple"), 1, "nickname", "Leyli" },
        { SAMPLE("apple"), 1, "latin_name", "Leila Rahimi" },
        { SAMPLE("apple"), 1, "company", "Blue Garden Clinic" },
        { SAMPLE("apple"), 1, "job_title", "Dentist" },
        { SAMPLE("apple"), 1, "birth_date", "--04-15" },
        { SAMPLE("apple"), 1, "phone", "+98 912 345 6701" },
        { SAMPLE("apple"), 1, "phone_kind", "mobile" },
        { SAMPLE("apple"), 1, "phone_2", "021 8877 6601" },
        { SAMPLE("apple"), 1, "phone_kind_2", "work" },
        { SAMPLE("apple"), 1, "phone_kind_3", "other" },
        { SAMPLE("apple"), 1, "phone_kind_4", "fax" },
        { SAMPLE("apple"), 1, "email", "leyla.r@mail.example" },
        { SAMPLE("apple"), 1, "email_kind", "home" },
        { SAMPLE("apple"), 1, "email_2", "leyla@blue-garden.example" },
        { SAMPLE("apple"), 1, "website", "http://blue-garden.example" },
        { SAMPLE("apple"), 1, "street", "12 Valiasr St" },
        { SAMPLE("apple"), 1, "line2", "Second floor" },
        { SAMPLE("apple"), 1, "town", "Tehran" },
        { SAMPLE("apple"), 1, "country", "IR" },
        { SAMPLE("apple"), 1, "address_kind", "home" },
        { SAMPLE("apple"), 1, "tags", "Friends, Doctors" },
        { SAMPLE("apple"), 1, "uid", "5AD380FD-B2DE-4261-BA99-DE1D1DB52FB1:ABPerson" },
        { SAMPLE("apple"), 1, "notes_private",
          "Department: Dentistry\nReception: 021 8877 6602\nAnniversary: 2012-09-01\nSpouse: Omid "
          "Rahimi\nProfile: http://twitter.example/leyla\nMessenger: skype:leyla.r\nPrefers "
          "mornings, never Thursdays.\nSpeaks French." },
        { SAMPLE("apple"), 2, "display_name", "Sepid Bookshop" },
        { SAMPLE("apple"), 2, "kind", "organisation" },
        { SAMPLE("apple"), 2, "phone", "+98 21 6640 1122" },
        { SAMPLE("apple"), 2, "tags", "Suppliers" },
        { SAMPLE("apple"), 3, "given_name", "Kian" },
        { SAMPLE("apple"), 3, "family_name", "Daneshvar" },
        { SAMPLE("apple"), 3, "company", "Sepid Bookshop" },
        { SAMPLE("apple"), 3, "phone", "" },
        { SAMPLE("google"), 1, "display_name", "مریم کاظمی" },
        { SAMPLE("google"), 1, "given_name", "مریم" },
        { SAMPLE("google"), 1, "title", "خانم دکتر" },
        { SAMPLE("google"), 1, "email_2", "office@kazemi.example" },
        { SAMPLE("google"), 1, "email_kind_2", "work" },
        { SAMPLE("google"), 1, "phone_kind_2", "fax" },
        { SAMPLE("google"), 1, "street", "خیابان ولیعصر، پلاک ۱۲" },
        { SAMPLE("google"), 1, "country", "IR" },
        { SAMPLE("google"), 1, "birth_date", "1985-04-15" },
        { SAMPLE("google"), 1, "website", "https://kazemi.example" },
        { SAMPLE("google"), 1, "tags", "VIP" },
        { SAMPLE("google"), 1, "notes_private", "مغازه: 0912 345 6703\nمشتری قدیمی" },
        { SAMPLE("google"), 2, "display_name", "رضا" },
        { SAMPLE("google"), 2, "given_name", "رضا" },
        { SAMPLE("android"), 1, "display_name", "سارا احمدی" },
        { SAMPLE("android"), 1, "given_name", "سارا" },
        { SAMPLE("android"), 1, "family_name", "احمدی" },
        { SAMPLE("android"), 1, "phone", "09123456705" },
        { SAMPLE("android"), 1, "phone_kind_2", "other" },
        { SAMPLE("android"), 1, "phone_kind_3", "work" },
        { SAMPLE("android"), 1, "nickname", "Sari" },
        { SAMPLE("android"), 1, "birth_date", "1990-02-28" },
        { SAMPLE("android"), 1, "notes_private",
          "مادر: 09123456706\nیادداشت بلند اندروید که در چند خط شکسته "
          "می‌شود "
          "و "
          "نرم "
          "است\nRelated: "
          "Mina" },
        { SAMPLE("outlook"), 1, "display_name", "Élodie Lefèvre" },
        { SAMPLE("outlook"), 1, "title", "Mme" },
        { SAMPLE("outlook"), 1, "company", "Boulangerie Étoile" },
        { SAMPLE("outlook"), 1, "street", "5, rue de la République" },
        { SAMPLE("outlook"), 1, "country", "FR" },
        { SAMPLE("outlook"), 1, "street_2", "" },
        { SAMPLE("outlook"), 1, "phone_kind_3", "fax" },
        { SAMPLE("outlook"), 1, "birth_date", "1971-03-12" },
        { SAMPLE("outlook"), 1, "email", "elodie@etoile.example" },
        { SAMPLE("outlook"), 1, "notes_private",
          "Department: Comptabilité\nPaye à 30 jours\nTEL: demander Paul" },
        { SAMPLE("nokia"), 1, "given_name", "Youssef" },
        { SAMPLE("nokia"), 1, "unit", "Apt 4" },
        { SAMPLE("nokia"), 1, "street", "7 rue Atlas" },
        { SAMPLE("nokia"), 1, "country", "MA" },
        { SAMPLE("nokia"), 1, "birth_date", "1970-01-02" },
        { SAMPLE("nokia"), 1, "phone_kind", "home" },
        { SAMPLE("nokia"), 1, "uid", "5f0a1a2b3c4d5e6f-nokia" },
        { SAMPLE("nokia"), 1, "notes_private",
          "Client décide\nAgent: Samira Benali\nAgent: +212612000009" },
        { SAMPLE("thunderbird"), 1, "display_name", "عمر خليل" },
        { SAMPLE("thunderbird"), 1, "phone", "+971 50 123 4501" },
        { SAMPLE("thunderbird"), 1, "phone_2", "+97141234502" },
        { SAMPLE("thunderbird"), 1, "phone_ext_2", "12" },
        { SAMPLE("thunderbird"), 1, "birth_date", "--04-15" },
        { SAMPLE("thunderbird"), 1, "zone", "Asia/Dubai" },
        { SAMPLE("thunderbird"), 1, "language", "ar" },
        { SAMPLE("thunderbird"), 1, "sex", "m" },
        { SAMPLE("thunderbird"), 1, "country", "AE" },
        { SAMPLE("thunderbird"), 1, "notes_private", "Department: Sales\nX-CUSTOM1: first custom" },
        { SAMPLE("nextcloud"), 1, "phone_kind", "home" },
        { SAMPLE("nextcloud"), 1, "tags", "Newsletter, Clients, Printemps 2024" },
        { SAMPLE("nextcloud"), 1, "notes_private", "spouse: Paul Roux\nAnniversary: 20120901" },
        { SAMPLE("nextcloud"), 2, "kind", "organisation" },
        { SAMPLE("nextcloud"), 2, "display_name", "Roux et Fils" },
        { SAMPLE("old-1256"), 1, "family_name", "كريمي" },
        { SAMPLE("old-1256"), 1, "notes_private", "مشتري خوب" },
        { SAMPLE("old-1256"), 2, "given_name", "حسن" },
        { SAMPLE("utf16"), 1, "display_name", "زهرا" },
        { SAMPLE("broken"), 1, "display_name", "Nader" },
        { SAMPLE("broken"), 1, "notes_private",
          "E-mail: not an address\nDate of birth: in spring" },
        { SAMPLE("broken"), 2, "display_name", "Bita" },
        { SAMPLE("broken"), 3, "display_name", "09123456712" },
    };
    static const struct {
        const char *file;
        int rows, faults;
        bool photo;
    } files[] = {
        { SAMPLE("apple"), 3, 1, true },     { SAMPLE("google"), 2, 1, false },
        { SAMPLE("android"), 1, 0, true },   { SAMPLE("outlook"), 1, 0, false },
        { SAMPLE("nokia"), 1, 0, false },    { SAMPLE("thunderbird"), 1, 0, false },
        { SAMPLE("nextcloud"), 2, 1, true }, { SAMPLE("old-1256"), 2, 0, false },
        { SAMPLE("utf16"), 1, 0, false },    { SAMPLE("broken"), 3, 6, false },
    };
    struct fixture f;
    (void)state;
    fixture_open(&f, false);
    f.loc.lang = LANG_EN;
    for (int i = 0; i < COUNT(files); i++) {
        struct table t;
        MUST(convert(&f, sheet_from_vcard, files[i].file, &t));
        for (int k = 0; k < t.faults.n; k++)
            if (t.faults.total != files[i].faults)
                printf("%s:%d %s (%.*s)\n", files[i].file, (int)t.faults.v[k].line,
                       t.faults.v[k].text, SF(t.faults.v[k].what));
        if (t.n - 1 != files[i].rows || t.faults.total != files[i].faults)
            fail_msg("%s: %d rows, %d faults", files[i].file, t.n - 1, (int)t.faults.total);
        if (files[i].photo && !str_starts(at(&t, 1, "photo"), S("data:image/jpeg;base64,/9j/")))
            fail_msg("%s: no photo", files[i].file);
        for (int k = 0; k < COUNT(rows); k++) {
            if (strcmp(rows[k].file, files[i].file) != 0) continue;
            struct str is = at(&t, rows[k].row, rows[k].header);
            if (!str_eq_z(is, rows[k].is))
                fail_msg("%s, row %d, %s: \"%.*s\" is not \"%s\"", rows[k].file, rows[k].row,
                         rows[k].header, SF(is), rows[k].is);
        }
        MUST(fixture_end(&f, OK));
    }
    fixture_close(&f);
}

/* The columns that a converter fills are those of the entity: same kinds, same lengths. */
static void expect_declared(const struct entity *e, const struct sheet_column_is *is) {
    const struct field *field = entity_field(e, str_of(is->name));
    if (!is->kind) return;
    if (!field) fail_msg("there is no field %s", is->name);
    if (field->kind != is->kind || field->max != is->max)
        if (!(field->max == 0 && is->max == 200 && is->kind == &kind_text))
            fail_msg("%s is declared otherwise", is->name);
}

static void test_declared(void **state) {
    (void)state;
    for (int i = 0; i < SHEET_COLUMNS_N; i++)
        if (i != SHEET_COMPANY && i != SHEET_JOB_TITLE)
            expect_declared(&entity_party, &sheet_columns[i]);
    for (int i = 0; i < PARTS_N; i++) expect_declared(&entity_address, &sheet_parts[i]);
}

static void test_not_cards(void **state) {
    struct fixture f;
    struct table t;
    (void)state;
    fixture_open(&f, false);
    assert_int_equal(convert(&f, sheet_from_vcard, write_file(&f, S("hello\nthere\n")), &t),
                     INVALID);
    assert_int_equal(f.c.problems.n, 1);
    assert_int_equal(fixture_end(&f, INVALID), INVALID);
    assert_int_equal(convert(&f, sheet_from_vcard, write_file(&f, S("")), &t), INVALID);
    assert_int_equal(fixture_end(&f, INVALID), INVALID);
    fixture_close(&f);
}

/* Pasted text: what is read out of it, row by row. */
static void test_text(void **state) {
    static const struct {
        const char *text;
        int rows, faults, row;
        const char *header, *is;
    } rows[] = {
        { "Sara Ahmadi 0912 345 6789 sara@x.ir", 1, 0, 1, "display_name", "Sara Ahmadi" },
        { "Sara Ahmadi 0912 345 6789 sara@x.ir", 1, 0, 1, "phone", "0912 345 6789" },
        { "Sara Ahmadi 0912 345 6789 sara@x.ir", 1, 0, 1, "email", "sara@x.ir" },
        { "سارا احمدی، ۰۹۱۲۳۴۵۶۷۸۹", 1, 0, 1, "display_name", "سارا احمدی" },
        { "سارا احمدی، ۰۹۱۲۳۴۵۶۷۸۹", 1, 0, 1, "phone", "۰۹۱۲۳۴۵۶۷۸۹" },
        { "علی كريمي ٠٩١٢٣٤٥٦٧٨٩\nرضا 0912 345 6790", 2, 0, 2, "display_name", "رضا" },
        { "Élodie Martin - 06 12 34 56 78 - elodie@martin.example", 1, 0, 1, "display_name",
          "Élodie Martin" },
        { "Ali 0912 345 6789 / 021 8877 6655", 1, 0, 1, "phone_2", "021 8877 6655" },
        { "Ali 0912 345 6789 - +33612345678", 1, 0, 1, "phone_2", "+33612345678" },
        { "Ali Karimi\n0912 345 6789\nSara Nouri\n0912 345 6790\nsara@x.ir\n", 2, 0, 2, "email",
          "sara@x.ir" },
        { "Ali Karimi\n0912 345 6789\n\nSara Nouri\n0912 345 6790\n", 2, 0, 2, "display_name",
          "Sara Nouri" },
        { "Sara Ahmadi\nSales manager\nAcme SARL\nTel: 021 8877 6655\nMobile: 0912 345 "
          "6789\nwww.acme.ir\n12 Valiasr St, Tehran",
          1, 0, 1, "company", "Acme SARL" },
        { "Sara Ahmadi\nSales manager\nAcme SARL\nTel: 021 8877 6655\nMobile: 0912 345 "
          "6789\nwww.acme.ir\n12 Valiasr St, Tehran",
          1, 0, 1, "phone_kind_2", "mobile" },
        { "Sara Ahmadi\nSales manager\nAcme SARL\nTel: 021 8877 6655\nMobile: 0912 345 "
          "6789\nwww.acme.ir\n12 Valiasr St, Tehran",
          1, 0, 1, "notes_private", "Sales manager\n12 Valiasr St\nTehran" },
        { "نام: سارا احمدی\nتلفن همراه: ۰۹۱۲۳۴۵۶۷۸۹\nآدرس: خیابان ولیعصر ۱۲", 1, 0, 1,
          "display_name", "سارا احمدی" },
        { "نام: سارا احمدی\nتلفن همراه: ۰۹۱۲۳۴۵۶۷۸۹\nآدرس: خیابان ولیعصر ۱۲", 1, 0, 1, "street",
          "خیابان ولیعصر ۱۲" },
        { "[12/03/2024, 10:22] Ali: Sara Ahmadi 0912 345 6789", 1, 0, 1, "display_name",
          "Sara Ahmadi" },
        { "[12/03/2024, 10:22] Ali: Sara Ahmadi 0912 345 6789", 1, 0, 1, "notes_private",
          "Sent by: Ali, 12/03/2024, 10:22" },
        { "[12/03/2024, 10:22] Ali: 0912 345 6789", 1, 0, 1, "display_name", "Ali" },
        { "[12/03/2024, 10:22] Ali: hello\n[12/03/2024, 10:23] Ali: my number 0912 345 "
          "6789\nthanks",
          1, 1, 1, "phone", "0912 345 6789" },
        { "۱۲/۳/۲۰۲۴, ۱۰:۲۲ - علی کریمی: شماره سارا ۰۹۱۲۳۴۵۶۷۸۹", 1, 0, 1, "phone", "۰۹۱۲۳۴۵۶۷۸۹" },
        { "Ali Karimi, [12.03.2024 10:22]\n0912 345 6789", 1, 0, 1, "display_name", "Ali Karimi" },
        { "Name\tPhone\tCity\nSara Ahmadi\t0912 345 6789\tTehran\n", 1, 0, 1, "Phone",
          "0912 345 6789" },
        { "Sara Ahmadi\t0912 345 6789\tsara@x.ir\nAli\t0912 345 6790\t\n", 2, 0, 1, "display_name",
          "Sara Ahmadi" },
        { "Sara Ahmadi;0912 345 6789;sara@x.ir\nAli;0912 345 6790;a@x.ir\n", 2, 0, 2, "email",
          "a@x.ir" },
        { "Sara, 0912 345 6789\nAli, 0912 345 6790", 2, 0, 2, "phone", " 0912 345 6790" },
        { "نام\tتلفن\nسارا\t۰۹۱۲۳۴۵۶۷۸۹", 1, 0, 1, "تلفن", "۰۹۱۲۳۴۵۶۷۸۹" },
        { "Sara\nAli Karimi\nReza", 3, 0, 3, "display_name", "Reza" },
        { "Call Sara on 12/03/2024 at 0912 345 6789 about the new kitchen and the two old doors", 1,
          0, 1, "phone", "0912 345 6789" },
        { "Sara 12345", 1, 0, 1, "notes_private", "Sara 12345" },
        { "Reza:\nBEGIN:VCARD\nFN:Sara Ahmadi\nTEL:0912\nEND:VCARD\nAli 0912 345 6790", 3, 0, 2,
          "family_name", "Ahmadi" },
        { "[12/03/2024, 10:22] Ali: Sara Ahmadi 0912 345 6789 sara@x.ir\nرضا کریمی ۰۹۱۲۷۷۷۸۸۹۹\n"
          "Jean Dupont jean@example.fr +33 6 12 34 56 78\nwho was that?",
          3, 0, 2, "display_name", "رضا کریمی" },
        { "Sara Ahmadi 0912 345 6789\nJean Dupont +33 6 12 34 56 78\nnot a number 12", 2, 0, 2,
          "notes_private", "not a number 12" },
        { "x@y bad, 0912 345 6789", 1, 0, 1, "display_name", "x@y bad" },
        { "=cmd|' /C calc'!A0 0912 345 6789", 1, 0, 1, "phone", "0912 345 6789" },
    };
    struct fixture f;
    (void)state;
    fixture_open(&f, false);
    f.loc.lang = LANG_EN;
    for (int i = 0; i < COUNT(rows); i++) {
        struct table t;
        MUST(convert(&f, sheet_from_text, write_file(&f, str_of(rows[i].text)), &t));
        if (t.n - 1 != rows[i].rows || t.faults.total != rows[i].faults)
            fail_msg("text %d: %d rows, %d faults", i, t.n - 1, (int)t.faults.total);
        struct str is = at(&t, rows[i].row, rows[i].header);
        if (!str_eq_z(is, rows[i].is))
            fail_msg("text %d, %s: \"%.*s\" is not \"%s\"", i, rows[i].header, SF(is), rows[i].is);
        MUST(fixture_end(&f, OK));
    }
    struct table t;
    assert_int_equal(convert(&f, sheet_from_text, write_file(&f, S(" \n\n")), &t), INVALID);
    assert_int_equal(fixture_end(&f, INVALID), INVALID);
    fixture_close(&f);
}

/* Five thousand cards within a bound that even a slow machine under the sanitizers holds. */
static void test_many(void **state) {
    struct fixture f;
    struct table t;
    struct buf b = { 0 };
    (void)state;
    fixture_open(&f, false);
    for (int i = 0; i < 5000; i++)
        buf_printf(&b,
                   "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Family%d;Given%d;;;\r\nFN:Given%d Family%d\r\n"
                   "TEL;TYPE=CELL:+98912%07d\r\nEMAIL:a%d@x.example\r\nADR;TYPE=HOME:;;%d Long "
                   "street;Town;;12345;France\r\nUID:card-%d\r\nEND:VCARD\r\n",
                   i, i, i, i, i, i, i, i);
    const char *path = write_file(&f, buf_str(&b));
    int64_t n, began = clock_mono_us();
    struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
    char out[128];
    snprintf(out, sizeof out, "%s/table.csv", f.dir);
    t = (struct table){ .a = f.arena };
    size_t used = arena_used(f.arena);
    MUST(sheet_from_vcard(c, NULL, path, out, &t.faults, &n));
    assert_int_equal(n, 5000);
    assert_int_equal(t.faults.total, 0);
    assert_true(arena_used(f.arena) - used < 1 << 16); /* nothing of the cards stays */
    assert_true(clock_mono_us() - began < 10000000);
    MUST(fixture_end(&f, OK));
    buf_free(&b);
    fixture_close(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),   cmocka_unit_test(test_declared),
        cmocka_unit_test(test_not_cards), cmocka_unit_test(test_text),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
