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
                                        cmocka_unit_test(test_phones) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
