/* The exports of other products: each in t/known is recognised, each of its columns goes where
 * it should, and what comes in is what was meant. The files are in the shape of the product's, with
 * invented people. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/entity/list.h"
#include "features/bond/bond.h"
#include "features/import/import.h"
#include "features/party/party.h"
#include "features/tag/tag.h"
#include "fixture.h"
#include "on_both.h"

#define MUST(call) assert_int_equal((call), OK)
#define EQ(s, z)                                                                                   \
    do {                                                                                           \
        struct str eq_ = (s);                                                                      \
        if (!str_eq_z(eq_, (z))) fail_msg("%s: \"%.*s\" is not \"%s\"", #s, SF(eq_), (z));         \
    } while (0)
#define HAS(s, z)                                                                                  \
    do {                                                                                           \
        struct str has_ = (s);                                                                     \
        if (str_find(has_, str_of(z)) < 0)                                                         \
            fail_msg("%s: \"%.*s\" does not hold \"%s\"", #s, SF(has_), (z));                      \
    } while (0)

/* Places of the columns in their order: "." the notes, "-" left out, "@" names the next one. */
static const struct {
    const char *file, *code, *places;
} known[] = {
    { "google", "google",
      "given_name given_name+ family_name . . . title family_name+ nickname . company job_title . "
      "birth_date notes_private . tags emails.0.kind emails.0.email emails.1.kind emails.1.email "
      "phones.0.kind phones.0.number phones.1.kind phones.1.number phones.2.kind phones.2.number "
      "addresses.0.kind addresses.0.country addresses.0.street addresses.0.line2 addresses.0.town "
      "addresses.0.region addresses.0.postcode addresses.0.po_box addresses.1.kind "
      "addresses.1.street+ @ . - website @ . @ . @ ." },
    { "google_2023", "google",
      "display_name given_name given_name+ family_name . . . . title family_name+ . nickname . . "
      "birth_date sex . . . . . . . . . notes_private language . tags emails.0.kind emails.0.email "
      "phones.0.kind phones.0.number addresses.0.kind addresses.0.street+ addresses.0.street "
      "addresses.0.town addresses.0.po_box addresses.0.region addresses.0.postcode "
      "addresses.0.country addresses.0.line2 - company . job_title . . . . - website @ ." },
    { "outlook_en", "outlook",
      "title given_name given_name+ family_name family_name+ company . job_title "
      "addresses.0.street "
      "addresses.0.line2 addresses.0.line2+ addresses.0.town addresses.0.region "
      "addresses.0.postcode addresses.0.country addresses.1.street addresses.1.line2 "
      "addresses.1.line2+ addresses.1.town addresses.1.region addresses.1.postcode "
      "addresses.1.country addresses.2.street addresses.2.line2 addresses.2.line2+ "
      "addresses.2.town addresses.2.region addresses.2.postcode addresses.2.country . "
      "phones.0.number/fax phones.1.number/work phones.2.number/work . phones.3.number/other "
      "phones.4.number/work phones.5.number/fax phones.6.number/home phones.7.number/home . "
      "phones.8.number/mobile phones.9.number/fax phones.10.number/other . phones.11.number/other "
      ". . . . . . . birth_date addresses.0.po_box tags . . emails.0.email - - emails.1.email - - "
      "emails.2.email - - sex . . addresses.1.po_box . . . language . . . notes_private . . "
      "addresses.2.po_box - - . . - . . . . . website" },
    { "outlook_fr", "outlook",
      "title given_name given_name+ family_name family_name+ company . job_title "
      "addresses.0.street "
      "addresses.0.line2 addresses.0.line2+ addresses.0.town addresses.0.region "
      "addresses.0.postcode addresses.0.country addresses.1.street addresses.1.town "
      "addresses.1.postcode addresses.1.country . phones.0.number/fax phones.1.number/work "
      "phones.2.number/work phones.3.number/home phones.4.number/mobile emails.0.email - - "
      "emails.1.email birth_date . tags . - language notes_private website - - sex" },
    { "monica", "monica",
      ". - given_name given_name+ family_name nickname sex notes_private . - - . . job_title "
      "company "
      "birth_date emails.0.email phones.0.number addresses.0.street addresses.0.town "
      "addresses.0.region addresses.0.postcode addresses.0.country" },
    { "espocrm", "espocrm",
      "own_id display_name title given_name family_name given_name+ company - job_title "
      "notes_private emails.0.email phones.0.number no_call addresses.0.street addresses.0.town "
      "addresses.0.region addresses.0.country addresses.0.postcode . . . responsible -" },
    { "espocrm_accounts", "espocrm",
      "own_id company website emails.0.email phones.0.number . . . addresses.0.street/billing "
      "addresses.0.town/billing addresses.0.region/billing addresses.0.country/billing "
      "addresses.0.postcode/billing addresses.1.street/delivery addresses.1.town/delivery "
      "addresses.1.country/delivery addresses.1.postcode/delivery notes_private responsible" },
    { "espocrm_labels", "espocrm",
      "display_name given_name family_name company emails.0.email phones.0.number "
      "addresses.0.street+ responsible notes_private" },
    { "hubspot", "hubspot",
      "own_id given_name family_name emails.0.email phones.0.number phones.1.number/mobile "
      "responsible company . job_title stage . addresses.0.street addresses.0.town "
      "addresses.0.region addresses.0.postcode addresses.0.country website . ." },
    { "hubspot_companies", "hubspot",
      ". company responsible phones.0.number addresses.0.town addresses.0.country . stage "
      "website" },
    { "dolibarr_tiers_fr", "dolibarr",
      "- company nickname . - stage . . own_id . . addresses.0.street addresses.0.postcode "
      "addresses.0.town addresses.0.region . addresses.0.country - phones.0.number/work "
      "phones.1.number/fax website emails.0.email . . . notes_private . kind . ." },
    { "dolibarr_contacts_en", "dolibarr",
      "- title family_name given_name job_title . addresses.0.street addresses.0.postcode "
      "addresses.0.town addresses.0.region addresses.0.country - phones.0.number/work "
      "phones.2.number/fax phones.3.number/mobile emails.0.email . - company . . . . . . . ." },
    { "invoice_ninja", "invoiceninja",
      "company . . . website phones.1.number/work addresses.0.street/billing "
      "addresses.0.unit/billing addresses.0.town/billing addresses.0.region/billing "
      "addresses.0.postcode/billing addresses.0.country/billing addresses.1.street/delivery "
      "addresses.1.town/delivery addresses.1.postcode/delivery addresses.1.country/delivery . . . "
      ". "
      "notes_private . given_name family_name emails.0.email phones.0.number" },
    { "invoice_ninja_v5", "invoiceninja",
      "company . . . . website notes_private . . phones.0.number addresses.0.street "
      "addresses.0.unit addresses.0.town addresses.0.region addresses.0.postcode "
      "addresses.0.country addresses.1.street addresses.1.unit addresses.1.town "
      "addresses.1.region addresses.1.postcode addresses.1.country . . . . phones.1.number "
      "given_name family_name emails.0.email" },
};

static const char *path_of(const char *file) {
    static char path[100];
    snprintf(path, sizeof path, "t/known/%s.csv", file);
    return path;
}

/* "phones.0.number/work": the kind is compared where it is written. */
static bool is_place(const struct import_column *col, struct str want) {
    struct str to;
    if (str_eq(want, S("."))) return !col->to.n && !col->left_out && !(col->how & HOW_LABEL);
    if (str_eq(want, S("-"))) return !col->to.n && col->left_out;
    if (str_eq(want, S("@"))) return !col->to.n && col->how & HOW_LABEL;
    str_cut(&want, '/', &to);
    return str_eq(col->to, to) && (!want.n || str_eq(col->kind, want));
}

static void test_columns(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    for (int i = 0; i < COUNT(known); i++) {
        struct import_plan p;
        struct str rest = str_of(known[i].places), want;
        struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
        MUST(import_look(c, &party_shape, path_of(known[i].file), NO_STR, 0, HEADER_GUESS, &p));
        EQ(p.known, known[i].code);
        assert_true(p.keep_rest);
        for (int k = 0; k < p.n; k++) {
            if (!str_cut(&rest, ' ', &want)) fail_msg("%s: too few places", known[i].file);
            if (!is_place(&p.v[k], want))
                fail_msg("%s: %.*s goes to \"%.*s\", not %.*s", known[i].file, SF(p.v[k].header),
                         SF(p.v[k].to), SF(want));
        }
        assert_false(str_cut(&rest, ' ', &want));
        MUST(fixture_end(&f, OK));
    }
    fixture_close(&f);
}

/* --- what comes in --- */

static bool never(void *arg) {
    (void)arg;
    return false;
}

/* Imports one file into an empty register; how many came in, how many were refused. */
static void take(struct fixture *f, const char *file, int created, int refused) {
    struct import_plan p;
    struct stored_file kept;
    struct import imp;
    struct import_run *r;
    char files[128];
    int64_t id;
    bool done = false;
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    snprintf(files, sizeof files, "%s/files", f->dir);
    MUST(filestore_take_str(c->arena, files, S("x"), S("x.csv"), &kept));
    MUST(filestore_keep(c->arena, files, &kept));
    MUST(import_look(c, &party_shape, path_of(file), NO_STR, 0, HEADER_GUESS, &p));
    MUST(import_new(c, &kept, &(struct import_source){ 0 }, &p, &id));
    MUST(import_load(c, id, &imp));
    struct arena *a = arena_new();
    MUST(import_run_open(a, &party_shape, &imp, path_of(file), &r));
    MUST(import_run_read(r, c));
    MUST(import_run_slice(r, c, (struct import_pace){ never, NULL }, &done));
    assert_true(done);
    assert_int_equal(import_run_counts(r)->n[IMPORT_CREATED], created);
    assert_int_equal(import_run_counts(r)->n[IMPORT_REFUSED], refused);
    MUST(fixture_end(f, OK));
    import_run_close(r);
    arena_free(a);
}

static struct party by_mail(struct ctx *c, const char *email) {
    struct party p;
    int64_t id;
    MUST(party_by_email(c, str_of(email), &id));
    assert_true(id > 0);
    MUST(store_load(c, &entity_party, id, &p));
    return p;
}

static struct bond employer(struct ctx *c, const struct party *p) {
    struct bond b;
    MUST(bond_employers(c, &p->row.id, 1, &b));
    assert_true(b.row.id > 0);
    return b;
}

static struct str names_of(struct ctx *c, const struct party *p) {
    struct str all[20];
    for (int i = 0; i < p->tags.n; i++) all[i] = entity_title(c, &entity_tag, p->tags.v[i].tag);
    return str_join(c->arena, all, p->tags.n, S("|"));
}

static void expect_google(struct ctx *c) {
    struct party p = by_mail(c, "sara@studio.example");
    EQ(p.given_name, "سارا");
    EQ(p.family_name, "احمدی");
    EQ(p.title, "خانم دکتر");
    EQ(p.nickname, "ساری");
    EQ(p.birth_date, "1980-04-12");
    assert_int_equal(p.emails.n, 3);
    EQ(p.emails.v[0].kind, "work");
    EQ(p.emails.v[1].email, "sara2@home.example");
    EQ(p.emails.v[2].email, "sara@home.example"); /* behind ::: */
    EQ(p.emails.v[2].kind, "work");
    assert_int_equal(p.phones.n, 4);
    EQ(p.phones.v[0].kind, "mobile");
    EQ(p.phones.v[1].kind, "fax");
    EQ(p.phones.v[2].kind, "other"); /* «Strange» */
    EQ(p.phones.v[3].e164, "+989123456780");
    EQ(p.phones.v[3].kind, "mobile");
    EQ(names_of(c, &p), "بهار|VIP"); /* not «* myContacts» */
    assert_int_equal(p.addresses.n, 2);
    EQ(p.addresses.v[0].street, "خیابان ولیعصر ۱۲");
    EQ(p.addresses.v[0].line2, "واحد ۳");
    EQ(p.addresses.v[0].country, "IR");
    EQ(p.addresses.v[1].street, "12 rue des Fleurs"); /* taken apart */
    EQ(p.addresses.v[1].postcode, "69001");
    EQ(p.addresses.v[1].town, "Lyon");
    EQ(p.addresses.v[1].country, "FR");
    EQ(p.website, "https://sara.example");
    HAS(p.notes_private, "چای را تلخ می‌خورد\nسه‌شنبه‌ها نیست\n");
    HAS(p.notes_private, "Spouse: علی کریمی");
    HAS(p.notes_private, "Blog: https://blog.example");
    HAS(p.notes_private, "Anniversary: 2005-06-07");
    HAS(p.notes_private, "Loyalty: G-77");
    HAS(p.notes_private, "Organization Department: فروش");
    EQ(employer(c, &p).job_title, "مدیر");
    struct list_query q = { .entity = &entity_party, .search = S("zoe") };
    struct list_page page;
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.n, 1);
    MUST(store_load(c, &entity_party, page.ids[0], &p));
    EQ(p.display_name, "Zoé Marie Martin Jr.");
    EQ(p.birth_date, "--03-07");
    assert_int_equal(p.tags.n, 0);
}

static void expect_old_google(struct ctx *c) {
    struct party p = by_mail(c, "maryam@home.example");
    EQ(p.display_name, "مریم رضایی");
    EQ(p.sex, "f");
    EQ(p.language, "fa");
    assert_int_equal(p.addresses.n, 1); /* the formatted one says nothing new */
    EQ(p.addresses.v[0].street, "کوچه گل ۳");
    EQ(p.addresses.v[0].kind, "home");
    EQ(names_of(c, &p), "همسایه‌ها");
    EQ(p.notes_private, "نامه ننویسید\nMaiden Name: کاظمی\nOccupation: عکاس\nHobby: کوه\nShoe: 38");
}

static void expect_outlook(struct ctx *c) {
    struct party p = by_mail(c, "reza@moradi.example");
    EQ(p.display_name, "Reza Ali Moradi");
    EQ(p.birth_date.p ? p.birth_date : S(""), ""); /* 0/0/00 */
    EQ(p.sex, "m");
    EQ(p.addresses.v[0].street, "1 High Street");
    EQ(p.addresses.v[0].line2, "Floor 2 Room 5");
    EQ(p.addresses.v[0].kind, "work");
    EQ(p.addresses.v[1].town, "York");
    EQ(p.addresses.v[1].kind, "home");
    assert_int_equal(p.phones.n, 4);
    EQ(p.phones.v[0].kind, "fax");
    EQ(p.phones.v[3].kind, "mobile");
    EQ(names_of(c, &p), "VIP|Golf");
    HAS(p.notes_private, "Pays late\n");
    HAS(p.notes_private, "Children: Nima, Tara");
    HAS(p.notes_private, "Spouse: Shirin");
    assert_true(str_find(p.notes_private, S("Anniversary")) < 0);
    EQ(employer(c, &p).job_title, "Buyer");
}

static void expect_french_outlook(struct ctx *c) {
    struct party p = by_mail(c, "elodie@chirine.example");
    EQ(p.title, "Mme");
    EQ(p.birth_date, "1983-10-07");
    EQ(p.sex, "f");
    EQ(p.language, "fr");
    EQ(p.addresses.v[1].town, "Mâcon");
    EQ(employer(c, &p).job_title, "Gérante");
    EQ(p.notes_private, "Préfère le mardi\nService: Achats\nConjoint(e): Ahmad");
}

static void expect_monica(struct ctx *c) {
    struct party p = by_mail(c, "nima@radio.example");
    EQ(p.display_name, "نیما تهرانی");
    EQ(p.sex, "m");
    EQ(p.addresses.v[0].region, "گیلان");
    EQ(p.addresses.v[0].country, "IR");
    HAS(p.notes_private, "food_preferences: گیاهخوار");
}

static void expect_espo(struct ctx *c) {
    struct party p = by_mail(c, "leila@cedre.example");
    EQ(p.own_id, "5f1a");
    EQ(p.title, "Ms.");
    EQ(p.phones.v[0].e164, "+33612345699"); /* guarded by the product */
    assert_int_equal(p.no_call, 1);
    EQ(employer(c, &p).job_title, "Directrice");
    HAS(p.notes_private, "Rencontrée au salon\naccountRole: Buyer");
    HAS(p.notes_private, "assignedUserName: Nobody Here"); /* no member of ours */
}

static void expect_espo_accounts(struct ctx *c) {
    struct party p = by_mail(c, "info@atelier.example");
    EQ(p.kind, "organisation");
    EQ(p.display_name, "Atelier du Port");
    assert_int_equal(p.addresses.n, 2);
    EQ(p.addresses.v[0].kind, "billing");
    EQ(p.addresses.v[1].postcode, "13015");
    HAS(p.notes_private, "industry: Textile");
}

static void expect_espo_labels(struct ctx *c) {
    struct party p = by_mail(c, "omid@rahimi.example");
    EQ(p.addresses.v[0].street, "1 Market St");
    EQ(p.addresses.v[0].town, "Springfield");
    EQ(p.addresses.v[0].region, "IL");
    EQ(p.addresses.v[0].postcode, "62704");
    EQ(p.addresses.v[0].country, "US");
}

static void expect_hubspot(struct ctx *c) {
    struct party p = by_mail(c, "shirin@pars.example");
    EQ(p.stage, "prospect");
    EQ(p.own_id, "901");
    EQ(p.phones.v[1].kind, "mobile");
    HAS(p.notes_private, "Contact owner: Nobody Here");
    HAS(p.notes_private, "Lead Status: OPEN");
    EQ(by_mail(c, "tom@baker.example").stage, "active");
}

static void expect_hubspot_companies(struct ctx *c) {
    struct party p;
    int64_t id;
    MUST(party_by_phone(c, S("+982122223333"), &id));
    MUST(store_load(c, &entity_party, id, &p));
    EQ(p.kind, "organisation");
    EQ(p.stage, "prospect");
}

static void expect_dolibarr(struct ctx *c) {
    struct party p = by_mail(c, "contact@pressing.example");
    EQ(p.kind, "organisation");
    EQ(p.own_id, "CU2302-0003");
    EQ(p.stage, "active");
    EQ(p.addresses.v[0].country, "FR");
    EQ(p.phones.v[1].kind, "fax");
    HAS(p.notes_private, "Paie tard\n");
    HAS(p.notes_private, "Num TVA: FR12123456789");
    HAS(p.notes_private, "Type du tiers: TPE");
    int64_t id;
    MUST(party_by_own_id(c, S("CU2302-0004"), &id));
    MUST(store_load(c, &entity_party, id, &p));
    EQ(p.kind, "person"); /* «Particulier» */
    EQ(p.stage, "prospect");
}

static void expect_dolibarr_contacts(struct ctx *c) {
    struct party p = by_mail(c, "parisa@rose.example");
    EQ(p.given_name, "Parisa");
    EQ(p.addresses.v[0].town, "Manchester");
    assert_int_equal(p.addresses.n, 1);
    EQ(employer(c, &p).job_title, "Accountant");
    HAS(p.notes_private, "Email: office@rose.example"); /* of the firm */
    HAS(p.notes_private, "Customer code: CU2401-0003");
}

static void expect_ninja(struct ctx *c) {
    struct party p = by_mail(c, "babak@golestan.example");
    EQ(p.family_name, "Golestani");
    EQ(entity_title(c, &entity_party, employer(c, &p).organisation), "Golestan GmbH");
    assert_int_equal(p.phones.n, 2);
    EQ(p.phones.v[1].kind, "work");
    EQ(p.addresses.v[0].unit, "2. OG");
    EQ(p.addresses.v[1].kind, "delivery");
    HAS(p.notes_private, "Client VAT Number: DE123456789");
    struct list_query q = { .entity = &entity_party, .search = S("solo") };
    struct list_page page;
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.n, 1);
    MUST(store_load(c, &entity_party, page.ids[0], &p));
    EQ(p.kind, "organisation"); /* no contact: the client itself */
}

static void test_records(bool pg) {
    static const struct {
        const char *file, *country;
        int created;
        enum lang lang;
        void (*expect)(struct ctx *c);
    } rows[] = {
        { "google", "IR", 2, LANG_FA, expect_google },
        { "google_2023", "IR", 1, LANG_FA, expect_old_google },
        { "outlook_en", "GB", 1, LANG_EN, expect_outlook },
        { "outlook_fr", "FR", 1, LANG_FR, expect_french_outlook },
        { "monica", "IR", 1, LANG_FA, expect_monica },
        { "espocrm", "FR", 1, LANG_FR, expect_espo },
        { "espocrm_accounts", "FR", 1, LANG_FR, expect_espo_accounts },
        { "espocrm_labels", "US", 1, LANG_EN, expect_espo_labels },
        { "hubspot", "IR", 2, LANG_EN, expect_hubspot },
        { "hubspot_companies", "IR", 1, LANG_EN, expect_hubspot_companies },
        { "dolibarr_tiers_fr", "FR", 2, LANG_FR, expect_dolibarr },
        { "dolibarr_contacts_en", "GB", 1, LANG_EN, expect_dolibarr_contacts },
        { "invoice_ninja", "DE", 2, LANG_EN, expect_ninja },
    };
    for (int i = 0; i < COUNT(rows); i++) {
        struct fixture f;
        fixture_open(&f, pg);
        f.loc.lang = rows[i].lang;
        snprintf(f.loc.country, sizeof f.loc.country, "%s", rows[i].country);
        take(&f, rows[i].file, rows[i].created, 0);
        fixture_fold(&f);
        struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
        rows[i].expect(c);
        MUST(fixture_end(&f, OK));
        fixture_close(&f);
    }
}

/* Names that many files have make no product of a file. */
static void test_strangers(bool pg) {
    static const char *const headers[] = {
        "First Name,Last Name,Email Address,Phone\n",
        "Name,Phone,Email,Notes\n",
        "Nom,Prénom,Téléphone,E-mail\n",
        "Record ID,Name,Email\n",
        "Name,Customer code,Town\n",
        "نام,نام خانوادگی,تلفن\n",
    };
    struct fixture f;
    char path[100];
    fixture_open(&f, pg);
    snprintf(path, sizeof path, "%s/in.csv", f.dir);
    for (int i = 0; i < COUNT(headers); i++) {
        struct import_plan p;
        FILE *o = fopen(path, "wb");
        assert_non_null(o);
        fprintf(o, "%sa,b,c,d\n", headers[i]);
        fclose(o);
        struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
        MUST(import_look(c, &party_shape, path, NO_STR, 0, HEADER_GUESS, &p));
        if (p.known.n) fail_msg("%s is taken for %.*s", headers[i], SF(p.known));
        MUST(fixture_end(&f, OK));
    }
    fixture_close(&f);
}

BOTH(test_columns)
BOTH(test_records)
BOTH(test_strangers)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_lite),   cmocka_unit_test(test_columns_pg),
        cmocka_unit_test(test_records_lite),   cmocka_unit_test(test_records_pg),
        cmocka_unit_test(test_strangers_lite), cmocka_unit_test(test_strangers_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
