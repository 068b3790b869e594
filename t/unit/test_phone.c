/* Telephone numbers: the vectors of the reference, the forms of nine countries, what another
 * library makes of numbers of every region, and how many a second. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/clock.h"
#include "lib/locale/phone.h"

static void test_parse(void **state) {
    static const struct {
        const char *typed, *region, *e164, *ext; /* e164 "": not valid */
    } v[] = {
        /* the vectors of the reference */
        { "۰۹۱۲ ۳۴۵ ۶۷۸۹", "IR", "+989123456789", "" },
        { "+۹۸۹۱۲۳۴۵۶۷۸۹", NULL, "+989123456789", "" },
        { "00989123456789", "IR", "+989123456789", "" },
        { "9123456789", "IR", "+989123456789", "" },
        { "989123456789", "IR", "+989123456789", "" },
        { "\u200e+98 912 345 6789\u200f", NULL, "+989123456789", "" },
        { "021-88776655", "IR", "+982188776655", "" },
        { "+33 (0)6 12 34 56 78", NULL, "+33612345678", "" },
        { "0661-123456", "MA", "+212661123456", "" },
        { "٠١٠٠١٢٣٤٥٦٧", "EG", "+201001234567", "" },
        { "03 123 456", "LB", "+9613123456", "" },
        { "09 123", "IR", "", "" },
        { "06 12 34 56 7", "FR", "", "" },
        { "٩٨٩١٢٣٤٥٦٧٨٩+", NULL, "+989123456789", "" },
        { "989123456789+", "FR", "+989123456789", "" },
        /* one of each country of the table */
        { "0912 345 6789", "IR", "+989123456789", "" },
        { "06 12 34 56 78", "FR", "+33612345678", "" },
        { "06 50 12 34 56", "MA", "+212650123456", "" },
        { "0551 23 45 67", "DZ", "+213551234567", "" },
        { "20 123 456", "TN", "+21620123456", "" },
        { "0100 123 4567", "EG", "+201001234567", "" },
        { "051 234 5678", "SA", "+966512345678", "" },
        { "050 123 4567", "AE", "+971501234567", "" },
        { "71 123 456", "LB", "+96171123456", "" },
        /* prefixes and codes without a plus */
        { "0033612345678", "FR", "+33612345678", "" },
        { "0033612345678", "IR", "+33612345678", "" },
        { "0033612345678", "US", "+33612345678", "" },
        { "011 33 6 12 34 56 78", "US", "+33612345678", "" },
        { "0098 (0)912 345 6789", "FR", "+989123456789", "" },
        { "098 912 345 6789", "IR", "+989123456789", "" },
        { "+98 0912 345 6789", "IR", "+989123456789", "" },
        { "+0098 912 345 6789", "FR", "+989123456789", "" },
        { "33612345678", "IR", "+33612345678", "" },
        { "989123456789", "FR", "+989123456789", "" },
        { "989123456789", NULL, "+989123456789", "" },
        { "9613123456", "FR", "+9613123456", "" },
        { "2415554123", "US", "", "" },
        { "612345678", "FR", "+33612345678", "" },
        { "+216 (0)20 123 456", "FR", "+21620123456", "" },
        { "+39 06 1234 5678", "FR", "+390612345678", "" },
        { "+39 (0)6 1234 5678", "FR", "+390612345678", "" },
        { "8 800 555 35 35", "RU", "+78005553535", "" },
        { "8 (912) 345-67-89", "RU", "+79123456789", "" },
        { "+800 1234 5678", NULL, "+80012345678", "" },
        { "(212) 555-1234", "US", "+12125551234", "" },
        { "4165551234", "US", "+14165551234", "" },
        { "+54 9 11 2345 6789", NULL, "+5491123456789", "" },
        { "011 15-2345-6789", "AR", "+5491123456789", "" },
        /* extensions and words around */
        { "021 8877 6655 داخلی ۱۲", "IR", "+982188776655", "12" },
        { "021 8877 6655 داخلي 12", "IR", "+982188776655", "12" },
        { "01 23 45 67 89 poste 12", "FR", "+33123456789", "12" },
        { "01 23 45 67 89 ext. 12", "FR", "+33123456789", "12" },
        { "01 23 45 67 89 x12", "FR", "+33123456789", "12" },
        { "01 23 45 67 89 #12", "FR", "+33123456789", "12" },
        { "+966 11 234 5678 تحويلة ١٢٣", NULL, "+966112345678", "123" },
        { "tel:+33-1-23-45-67-89;ext=12", NULL, "+33123456789", "12" },
        { "Tél. : 01.23.45.67.89", "FR", "+33123456789", "" },
        { "موبایل: ۰۹۱۲۳۴۵۶۷۸۹", "IR", "+989123456789", "" },
        { "09123456789 (خانم احمدی)", "IR", "+989123456789", "" },
        { "0612345678 bureau", "FR", "+33612345678", "" },
        { "０６１２３４５６７８", "FR", "+33612345678", "" },
        /* not numbers */
        { "", "FR", "", "" },
        { "abc", "FR", "", "" },
        { "+", "FR", "", "" },
        { "12", "FR", "", "" },
        { "0612345678 ou 0712345678", "FR", "", "" },
        { "0612345678 / 0712345678", "FR", "", "" },
        { "+999 123456789", NULL, "", "" },
        { "0912 345 6789", NULL, "", "" },
        { "0912 345 6789", "XX", "", "" },
        { "123456789012345678901234567890", "FR", "", "" },
        { "+33 6 12 34 56 78 90", NULL, "", "" },
    };
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct phone_number p;
        bool ok = phone_parse(a, str_of(v[i].typed), v[i].region, &p);
        if (strcmp(p.e164, v[i].e164) != 0 || strcmp(p.ext, v[i].ext) != 0)
            fail_msg("«%s»: %s ext %s, wanted %s", v[i].typed, p.e164, p.ext, v[i].e164);
        assert_int_equal(ok, v[i].e164[0] != '\0');
        assert_int_equal(p.valid, ok);
        if (ok) assert_true(phone_valid(str_of(p.e164)));
    }
    arena_free(a);
}

static void assert_text(struct str got, const char *want) {
    if (!str_eq_z(got, want)) fail_msg("«%.*s», wanted «%s»", SF(got), want);
}

static void test_show(void **state) {
    static const struct {
        const char *e164, *national, *international;
    } v[] = {
        { "+989123456789", "0912 345 6789", "+98 912 345 6789" },
        { "+33612345678", "06 12 34 56 78", "+33 6 12 34 56 78" },
        { "+212650123456", "06 50 12 34 56", "+212 6 50 12 34 56" },
        { "+213551234567", "0551 23 45 67", "+213 551 23 45 67" },
        { "+21620123456", "20 123 456", "+216 20 123 456" },
        { "+201001234567", "010 01234567", "+20 10 01234567" },
        { "+966512345678", "051 234 5678", "+966 51 234 5678" },
        { "+971501234567", "050 123 4567", "+971 50 123 4567" },
        { "+9613123456", "03 123 456", "+961 3 123 456" },
        { "+96171123456", "71 123 456", "+961 71 123 456" },
        { "+12125551234", "(212) 555-1234", "+1 212 555 1234" },
        { "+5491123456789", "011 15-2345-6789", "+54 9 11 2345 6789" },
        { "+80012345678", "1234 5678", "+800 1234 5678" },
        /* what is no E.164 is shown as it is */
        { "0912", "0912", "0912" },
        { "+98912", "+98912", "+98912" },
        { "", "", "" },
        { "+9891234567x9", "+9891234567x9", "+9891234567x9" },
    };
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        assert_text(phone_show_national(a, str_of(v[i].e164)), v[i].national);
        assert_text(phone_show_international(a, str_of(v[i].e164)), v[i].international);
    }
    assert_int_equal(phone_calling_code("IR"), 98);
    assert_int_equal(phone_calling_code("CA"), 1);
    assert_int_equal(phone_calling_code("XX"), 0);
    assert_int_equal(phone_calling_code(""), 0);
    assert_int_equal(phone_calling_code(NULL), 0);
    assert_false(phone_valid(S("+33 612345678")));
    assert_false(phone_valid(S("33612345678")));
    assert_false(phone_valid(S("+3361234567")));
    arena_free(a);
}

/* One line of t/unit/phone_oracle.txt. */
static void check_oracle(struct arena *a, struct str rest) {
    struct str region = NO_STR, typed = NO_STR, e164 = NO_STR, own = NO_STR, national = NO_STR,
               international = NO_STR;
    assert_true(str_cut(&rest, '\t', &region) && str_cut(&rest, '\t', &typed));
    struct phone_number p, again;
    phone_parse(a, typed, str_z(a, region), &p);
    if (str_eq(rest, S("-"))) {
        if (p.valid) fail_msg("«%.*s» is %s", SF(typed), p.e164);
        return;
    }
    assert_true(str_cut(&rest, '|', &e164) && str_cut(&rest, '|', &own));
    assert_true(str_cut(&rest, '|', &national) && str_cut(&rest, '|', &international));
    assert_text(e164, p.e164);
    assert_text(own, p.region);
    if (rest.p[0] - '0' != (int)p.type) fail_msg("«%.*s»: type %d", SF(typed), (int)p.type);
    assert_true(str_eq(phone_show_national(a, e164), national));
    assert_true(str_eq(phone_show_international(a, e164), international));
    /* What is shown is understood again. */
    if (!phone_parse(a, international, NULL, &again) || strcmp(p.e164, again.e164) != 0)
        fail_msg("«%.*s»: %s", SF(international), again.e164);
    /* Gabon's old numbers, with their 0, look like the new ones. */
    if (strcmp(p.region, "GA") == 0) return;
    if (!phone_parse(a, national, p.region, &again) || strcmp(p.e164, again.e164) != 0)
        fail_msg("«%.*s» in %s: %s", SF(national), p.region, again.e164);
}

static void test_oracle(void **state) {
    (void)state;
    FILE *f = fopen("t/unit/phone_oracle.txt", "r");
    assert_non_null(f);
    struct arena *a = arena_new();
    char line[512];
    int lines_n = 0;
    while (fgets(line, sizeof line, f)) {
        if (line[0] == '#') continue;
        check_oracle(a, str_trim(str_of(line)));
        lines_n++;
        arena_reset(a);
    }
    fclose(f);
    arena_free(a);
    assert_true(lines_n > 1700);
}

/* Import needs 200,000 a second; even with sanitizers it is some tens of thousands. */
static void test_speed(void **state) {
    static const char *const typed[] = { "۰۹۱۲ ۳۴۵ ۶۷۸۹", "+33 (0)6 12 34 56 78", "(212) 555-1234",
                                         "021 8877 6655 داخلی ۱۲" };
    (void)state;
    int64_t begin = clock_mono_us();
    enum { N = 20000 };
    int valid = 0;
    for (int i = 0; i < N; i++) {
        struct phone_number p;
        valid += phone_parse(NULL, str_of(typed[i % 4]), i % 4 == 2 ? "US" : "IR", &p);
    }
    int64_t us = clock_mono_us() - begin;
    assert_int_equal(valid, N);
    print_message("%.2f us a number\n", (double)us / N);
    assert_true(us < INT64_C(50) * N);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_show),
        cmocka_unit_test(test_oracle),
        cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
