/* Addresses as they stand on envelopes (localisation.md 3.4) and phones as people read them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "features/party/party.h"

struct shown {
    const char *country, *street, *plaque, *unit, *line2, *neighbourhood, *town, *region, *postcode,
        *po_box;
    const char *home, *lines; /* joined by '|' */
};
static const struct shown addresses[] = {
    { "IR", "خیابان ولیعصر، کوچهٔ نسترن", "۱۲", "۳", "", "ونک", "تهران", "تهران", "۱۹۸۵۷۱۴۵۳۲", "",
      "IR", "تهران، تهران، ونک|خیابان ولیعصر، کوچهٔ نسترن، پلاک ۱۲، واحد ۳|کد پستی ۱۹۸۵۷۱۴۵۳۲" },
    { "IR", "خیابان سعدی", "پلاک ۷", "طبقهٔ دوم", "", "", "شیراز", "فارس", "", "", "IR",
      "فارس، شیراز|خیابان سعدی، پلاک ۷، طبقهٔ دوم" },
    { "IR", "Valiasr St.", "12", "3", "", "", "Tehran", "", "19857-14532", "", "FR",
      "Tehran|Valiasr St., No. 12, Unit 3|Postal code 19857-14532|Iran" },
    { "FR", "avenue de l'Europe", "12 bis", "Apt 12 Esc B", "Résidence les Œillets", "", "Paris",
      "", "75008", "", "FR",
      "Apt 12 Esc B|Résidence les Œillets|12 bis avenue de l'Europe|75008 Paris" },
    { "FR", "", "", "", "", "", "Lyon Cedex 03", "", "69431", "3015", "IR",
      "BP 3015|69431 Lyon Cedex 03|France" },
    { "MA", "rue Ibn Batouta", "5", "", "", "Maârif", "Casablanca", "", "20330", "", "MA",
      "5 rue Ibn Batouta|Maârif|20330 Casablanca" },
    { "DZ", "rue Didouche Mourad", "33", "", "", "", "Alger", "", "16000", "", "DZ",
      "33 rue Didouche Mourad|16000 Alger" },
    { "TN", "avenue Habib Bourguiba", "1", "", "", "", "Tunis", "", "1000", "", "TN",
      "1 avenue Habib Bourguiba|1000 Tunis" },
    { "EG", "شارع التحرير", "١٥", "", "", "الدقي", "الجيزة", "", "12611", "", "EG",
      "١٥ شارع التحرير|الدقي|الجيزة|12611" },
    { "SA", "شارع الأمير سلطان", "8228", "", "2121", "العليا", "الرياض", "", "12643", "", "SA",
      "8228 شارع الأمير سلطان|2121|العليا|الرياض 12643" },
    { "AE", "Sheikh Zayed Road", "", "Office 1204", "Latifa Tower", "", "Dubai", "", "", "9614",
      "AE", "Latifa Tower|Office 1204|Sheikh Zayed Road|PO Box 9614|Dubai" },
    { "LB", "شارع الحمرا", "", "ط ٤", "بناية النور", "", "بيروت", "", "1103 2110", "", "LB",
      "شارع الحمرا|بناية النور، ط ٤|بيروت 1103 2110" },
    { "GB", "Baker Street", "221B", "", "", "", "London", "", "NW1 6XE", "", "GB",
      "221B Baker Street|London|NW1 6XE" },
    { "US", "Evergreen Terrace", "742", "Apt 4", "", "", "Springfield", "IL", "62704", "", "US",
      "742 Evergreen Terrace, Apt 4|Springfield, IL 62704" },
    { "US", "Main St", "1", "", "", "", "Springfield", "", "62704", "", "US",
      "1 Main St|Springfield, 62704" },
    { "CH", "Bahnhofstrasse", "7", "", "", "", "Zürich", "", "8001", "", "CH",
      "Bahnhofstrasse 7|8001 Zürich" },
    { "BR", "Rua Augusta", "100", "", "", "Centro", "São Paulo", "SP", "01305-000", "", "BR",
      "100 Rua Augusta|Centro|01305-000 São Paulo|SP" },
    { "", "Cours Lafayette", "3", "", "", "", "Lyon", "", "69003", "", "FR",
      "3 Cours Lafayette|69003 Lyon" },
    { "GB", "", "", "", "", "", "", "", "", "", "IR", "" },
};

static void test_addresses(void **state) {
    struct arena *a = arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        const struct shown *e = &addresses[i];
        struct address ad = {
            .country = str_of(e->country),
            .street = str_of(e->street),
            .plaque = str_of(e->plaque),
            .unit = str_of(e->unit),
            .line2 = str_of(e->line2),
            .neighbourhood = str_of(e->neighbourhood),
            .town = str_of(e->town),
            .region = str_of(e->region),
            .postcode = str_of(e->postcode),
            .po_box = str_of(e->po_box),
        };
        struct strs lines = address_lines(a, LANG_EN, &ad, e->home);
        assert_string_equal(str_z(a, str_join(a, lines.v, lines.n, S("|"))), e->lines);
    }
    arena_free(a);
}

/* Envelopes: recipient, address, home, the firm's language, the lines, what breaks a rule. */
struct posted {
    const char *recipient, *country, *street, *plaque, *unit, *line2, *neighbourhood, *town,
        *region, *postcode, *po_box;
    const char *home;
    enum lang firm;
    const char *lines; /* joined by '|' */
    unsigned flaws;
};
static const struct posted letters[] = {
    /* localisation.md 3.4 */
    { "Madame Élodie Lefèvre", "FR", "12 bis, avenue de l'Europe", "", "Apt 12 Esc B",
      "Résidence les Œillets", "", "Paris", "", "75008", "", "FR", LANG_FR,
      "Madame Élodie Lefèvre|Apt 12 Esc B|Résidence les Œillets|12 BIS AVENUE DE L EUROPE|75008 "
      "PARIS",
      0 },
    { "Société Générale|M. Jean Dupont", "FR", "cours Saint-Émilion", "3", "Bât. A", "2e étage",
      "Lieu-dit l’Âne", "Saint-Étienne", "", "42000", "", "IR", LANG_FA,
      "Société Générale|M. Jean Dupont|Bât. A 2e étage|3 COURS SAINT EMILION|LIEU DIT L ANE|42000 "
      "SAINT ETIENNE|FRANCE",
      0 },
    { "SCI", "FR", "", "", "", "", "", "Lyon Cedex 03", "", "69431", "3015", "FR", LANG_FR,
      "SCI|BP 3015|69431 LYON CEDEX 03", 0 },
    /* 39 characters: told, not cut. 38 are good. */
    { "X", "FR", "avenue du Général de Gaulle Prolongée A", "", "", "", "", "Paris", "", "75008",
      "", "FR", LANG_FR, "X|AVENUE DU GENERAL DE GAULLE PROLONGEE A|75008 PARIS",
      ENVELOPE_LONG_LINE },
    { "X", "FR", "avenue du Général de Gaulle Prolongée", "", "", "", "", "Paris", "", "75008", "",
      "FR", LANG_FR, "X|AVENUE DU GENERAL DE GAULLE PROLONGEE|75008 PARIS", 0 },
    { "A|B|C", "FR", "rue X", "1", "u", "l", "n", "Paris", "", "75008", "", "FR", LANG_FR,
      "A|B|C|u l|1 RUE X|N|75008 PARIS", ENVELOPE_MANY_LINES },
    { "آقای رضا احمدی", "IR", "خیابان ولیعصر", "۱۲", "۳", "", "ونک", "تهران", "تهران", "۱۹۸۵۷۱۴۵۳۲",
      "", "IR", LANG_FA,
      "آقای رضا احمدی|تهران، تهران، ونک|خیابان ولیعصر، پلاک ۱۲، واحد ۳|کد پستی ۱۹۸۵۷۱۴۵۳۲", 0 },
    { "رضا", "IR", "خیابان سعدی", "۷", "", "", "", "شیراز", "فارس", "", "", "FR", LANG_FR,
      "رضا|فارس، شیراز|خیابان سعدی، پلاک ۷|IRAN", ENVELOPE_NO_POSTCODE },
    { "Ali", "MA", "rue Ibn Batouta", "5", "", "", "Maârif", "Casablanca", "", "20330", "", "FR",
      LANG_FR, "Ali|5 rue Ibn Batouta|Maârif|20330 Casablanca|MAROC", 0 },
    { "Ali", "DZ", "rue Didouche Mourad", "33", "", "", "", "Alger", "", "16000", "", "DZ", LANG_AR,
      "Ali|33 rue Didouche Mourad|16000 Alger", 0 },
    { "Ali", "TN", "avenue Habib Bourguiba", "1", "", "", "", "Tunis", "", "1000", "", "TN",
      LANG_FR, "Ali|1 avenue Habib Bourguiba|1000 Tunis", 0 },
    { "هدى", "EG", "شارع التحرير", "١٥", "", "", "الدقي", "الجيزة", "", "12611", "", "IR", LANG_FA,
      "هدى|١٥ شارع التحرير|الدقي|الجيزة|12611|مصر", 0 },
    { "شركة النور", "SA", "شارع الأمير سلطان", "8228", "", "", "العليا", "الرياض", "", "12643-2121",
      "", "SA", LANG_AR, "شركة النور|8228 شارع الأمير سلطان|العليا|الرياض 12643-2121", 0 },
    { "Gulf LLC", "AE", "", "", "", "", "", "Dubai", "Dubai", "", "9614", "US", LANG_EN,
      "Gulf LLC|PO Box 9614|Dubai|UNITED ARAB EMIRATES", 0 },
    { "سمير حداد", "LB", "شارع الحمرا", "", "ط ٤", "بناية النور", "", "بيروت", "", "", "", "LB",
      LANG_AR, "سمير حداد|شارع الحمرا|بناية النور، ط ٤|بيروت", 0 },
    { "S. Holmes", "GB", "Baker Street", "221B", "", "", "", "London", "", "nw1 6xe", "", "GB",
      LANG_EN, "S. Holmes|221B Baker Street|LONDON|NW1 6XE", 0 },
    { "H. Simpson", "US", "Evergreen Terrace", "742", "Apt 4", "", "", "Springfield", "IL", "62704",
      "", "SA", LANG_AR,
      "H. Simpson|742 Evergreen Terrace, Apt 4|Springfield, IL 62704|UNITED STATES", 0 },
    { "Heidi", "CH", "Bahnhofstrasse", "7", "", "", "", "Zürich", "", "8001", "", "FR", LANG_FR,
      "Heidi|Bahnhofstrasse 7|8001 Zürich|SUISSE", 0 },
    { "Max", "DE", "Torstraße", "1", "", "", "", "Berlin", "", "10119", "", "DE", LANG_EN,
      "Max|Torstraße 1|10119 Berlin", 0 },
    { "Иван", "RU", "ул. Ленина", "5", "", "", "", "Москва", "", "101000", "", "FR", LANG_FR,
      "Иван|ул. Ленина 5|101000 Москва|RUSSIE", 0 },
    { "Nobody", "GB", "", "", "", "", "", "London", "", "", "", "GB", LANG_EN, "Nobody|LONDON",
      ENVELOPE_EMPTY | ENVELOPE_NO_POSTCODE },
};

static void test_envelopes(void **state) {
    struct arena *a = arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        const struct posted *e = &letters[i];
        struct strs names = { arena_array(a, struct str, 4), 0 };
        struct str rest = str_of(e->recipient);
        while (str_cut(&rest, '|', &names.v[names.n])) names.n++;
        struct address ad = {
            .country = str_of(e->country),
            .street = str_of(e->street),
            .plaque = str_of(e->plaque),
            .unit = str_of(e->unit),
            .line2 = str_of(e->line2),
            .neighbourhood = str_of(e->neighbourhood),
            .town = str_of(e->town),
            .region = str_of(e->region),
            .postcode = str_of(e->postcode),
            .po_box = str_of(e->po_box),
        };
        struct envelope out = address_envelope(a, e->firm, e->home, &ad, names, true);
        assert_string_equal(str_z(a, str_join(a, out.lines.v, out.lines.n, S("|"))), e->lines);
        assert_int_equal(out.flaws, e->flaws);
        int with = out.lines.n;
        out = address_envelope(a, e->firm, e->home, &ad, names, false);
        assert_int_equal(with - out.lines.n, strcmp(e->country, e->home) != 0);
    }
    arena_free(a);
}

static void test_phones(void **state) {
    static const struct {
        const char *number, *e164, *ext, *home, *shown, *dialled;
    } cases[] = {
        { "۰۹۱۲۳۴۵۶۷۸۹", "+989123456789", "", "IR", "0912 345 6789", "+989123456789" },
        { "09123456789", "+989123456789", "", "FR", "+98 912 345 6789", "+989123456789" },
        { "+33 6 12 34 56 78", "+33612345678", "", "FR", "06 12 34 56 78", "+33612345678" },
        { "021 8877 6655", "+982188776655", "۱۲", "IR", NULL, "+982188776655;ext=12" },
        { "داخلی ۲۱۵", "", "", "IR", "داخلی ۲۱۵", "215" },
    };
    struct arena *a = arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct phone p = { .number = str_of(cases[i].number),
                           .e164 = str_of(cases[i].e164),
                           .ext = str_of(cases[i].ext) };
        if (cases[i].shown)
            assert_string_equal(str_z(a, phone_shown(a, &p, cases[i].home)), cases[i].shown);
        assert_string_equal(str_z(a, phone_dialled(a, &p)), cases[i].dialled);
    }
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_addresses),
                                        cmocka_unit_test(test_envelopes),
                                        cmocka_unit_test(test_phones) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
