/* Numbers: every row of the table of typed amounts, what is shown for each locale, and back again.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <unicode/uchar.h>

#include "lib/locale/currency.h"
#include "lib/locale/number.h"
#include "lib/text/fold.h"

static struct locale loc_of(enum lang lang, const char *country, enum digits digits) {
    struct locale l = { .lang = lang, .digits = digits };
    memcpy(l.country, country, 2);
    return l;
}

#define REFUSED INT64_MIN

static void test_amounts(void **state) {
    static const struct {
        const char *typed;
        enum lang lang;
        const char *country, *currency;
        int64_t minor;
        bool echo;
    } v[] = {
        { "۱۲٬۳۴۵٫۶", LANG_FA, "IR", "EUR", 1234560, false },
        { "12,345.6", LANG_FA, "IR", "EUR", 1234560, false },
        { "۱۲,۳۴۵", LANG_FA, "IR", "IRR", 12345, true },
        { "۱۲/۵", LANG_FA, "IR", "EUR", 1250, false },
        { "۵۰ تومان", LANG_FA, "IR", "IRR", 500, false },
        { "۱٫۵ میلیون تومان", LANG_FA, "IR", "IRR", 15000000, false },
        { "١٬٢٣٤٫٥٠٠", LANG_AR, "KW", "KWD", 1234500, false },
        { "1٬234٫5", LANG_AR, "AE", "AED", 123450, false },
        { "1 234,5", LANG_FR, "FR", "EUR", 123450, false },
        { "1\u00a0234,5", LANG_FR, "FR", "EUR", 123450, false },
        { "1\u202f234,5", LANG_FR, "FR", "EUR", 123450, false },
        { "1\u2009234,5", LANG_FR, "FR", "EUR", 123450, false },
        { "1234.5", LANG_FR, "FR", "EUR", 123450, false },
        { "1.234,5", LANG_FR, "FR", "EUR", 123450, false },
        { "1,234.50", LANG_FR, "FR", "EUR", 123450, false },
        { "1.500", LANG_FR, "FR", "EUR", 150000, true },
        { "1.500", LANG_AR, "TN", "TND", 1500000, false },
        { "1,500", LANG_AR, "TN", "TND", 1500, false },
        { "1.500", LANG_FR, "TN", "TND", REFUSED, false },
        { "1,500", LANG_FR, "TN", "TND", 1500, false },
        { "1.500", LANG_EN, "KW", "KWD", 1500, false },
        { "0.500", LANG_FR, "FR", "EUR", 50, false },
        { "1.2345", LANG_EN, "GB", "EUR", REFUSED, false },
        { "1.2300", LANG_EN, "GB", "EUR", 123, false },
        { "12.5", LANG_FA, "IR", "IRR", REFUSED, false },
        { "1.5 تومان", LANG_FA, "IR", "IRR", 15, false },
        { "1.55 تومان", LANG_FA, "IR", "IRR", REFUSED, false },
        { "۵ هزار تومان", LANG_FA, "IR", "IRR", 50000, false },
        { "۵۰ تومان", LANG_FA, "IR", "EUR", REFUSED, false },
        { "٥ ملايين ريال", LANG_AR, "SA", "SAR", 500000000, false },
        { "٣ آلاف", LANG_AR, "SA", "SAR", 300000, false },
        { "2 millions", LANG_FR, "FR", "EUR", 200000000, false },
        { "€ 12", LANG_EN, "GB", "EUR", 1200, false },
        { "12€", LANG_EN, "GB", "EUR", 1200, false },
        { "12 eur", LANG_EN, "GB", "EUR", 1200, false },
        { "-€12.50", LANG_EN, "GB", "EUR", -1250, false },
        { "12 USD", LANG_EN, "GB", "EUR", REFUSED, false },
        { "$12", LANG_EN, "GB", "EUR", REFUSED, false },
        { "١٢٫٥ د.إ", LANG_AR, "AE", "AED", 1250, false },
        { "12,5 د.م.", LANG_AR, "MA", "MAD", 1250, false },
        { "100 ﷼", LANG_FA, "IR", "IRR", 100, false },
        { "5k", LANG_EN, "GB", "EUR", REFUSED, false },
        { "50%", LANG_EN, "GB", "EUR", REFUSED, false },
        { "1'234.50", LANG_FR, "CH", "CHF", 123450, false },
        { "1’234.50", LANG_FR, "CH", "CHF", 123450, false },
        { ".5", LANG_EN, "GB", "EUR", 50, false },
        { "1,234,567", LANG_EN, "GB", "EUR", 123456700, false },
        { "1,234,56", LANG_EN, "GB", "EUR", REFUSED, false },
        { "1,234.567.8", LANG_EN, "GB", "EUR", REFUSED, false },
        { "1 234.567 890", LANG_EN, "GB", "EUR", REFUSED, false },
        { "12 34", LANG_EN, "GB", "EUR", REFUSED, false },
        { "1, 5", LANG_EN, "GB", "EUR", REFUSED, false },
        { "1..5", LANG_EN, "GB", "EUR", REFUSED, false },
        { "12.", LANG_EN, "GB", "EUR", REFUSED, false },
        { "--5", LANG_EN, "GB", "EUR", REFUSED, false },
        { "-5-", LANG_EN, "GB", "EUR", REFUSED, false },
        { "(5", LANG_EN, "GB", "EUR", REFUSED, false },
        { "5)", LANG_EN, "GB", "EUR", REFUSED, false },
        { "(-5)", LANG_EN, "GB", "EUR", REFUSED, false },
        { "1-2", LANG_EN, "GB", "EUR", REFUSED, false },
        { "", LANG_EN, "GB", "EUR", REFUSED, false },
        { "€", LANG_EN, "GB", "EUR", REFUSED, false },
        { "12/5", LANG_EN, "GB", "EUR", REFUSED, false },
        { "1000000000000000", LANG_EN, "GB", "EUR", AMOUNT_MAX, false },
        { "1000000000000000.01", LANG_EN, "GB", "EUR", REFUSED, false },
        { "99999999999999999999999999999999", LANG_EN, "GB", "EUR", REFUSED, false },
        { "9999999 milliards", LANG_FR, "FR", "EUR", REFUSED, false },
        { "12.345", LANG_EN, "GB", NULL, 12345, true },
        { "12.5", LANG_EN, "GB", NULL, REFUSED, false },
    };
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct locale loc = loc_of(v[i].lang, v[i].country, DIGITS_LATN);
        struct number_problem why;
        int64_t got = 0;
        int exponent = v[i].currency ? currency_exponent(v[i].currency) : 0;
        bool ok = amount_parse(a, &loc, v[i].currency, exponent, str_of(v[i].typed), &got, &why);
        if (!ok) got = REFUSED;
        if (got != v[i].minor || (ok && why.echo != v[i].echo))
            fail_msg("row %zu «%s»: %lld, wanted %lld", i, v[i].typed, (long long)got,
                     (long long)v[i].minor);
        assert_int_equal(ok, why.msgid == NULL);
    }
    arena_free(a);
}

/* These read alike whoever types them. */
static void test_anyone(void **state) {
    static const struct {
        const char *typed;
        int64_t minor;
    } v[] = {
        { "−۵۰۰", -50000 }, { "(500)", -50000 },      { "500-", -50000 },
        { "-500", -50000 }, { "\u200e-500", -50000 }, { "12,34,567", REFUSED },
        { "٥٠٠", 50000 },   { "५००", 50000 },         { "abc", REFUSED },
    };
    (void)state;
    struct arena *a = arena_new();
    for (int lang = 0; lang <= LANG_N; lang++)
        for (int digits = 0; digits < DIGITS_N; digits++)
            for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
                struct locale loc = loc_of((enum lang)lang, "FR", (enum digits)digits);
                int64_t got;
                if (!amount_parse(a, &loc, "EUR", 2, str_of(v[i].typed), &got, NULL)) got = REFUSED;
                assert_int_equal(got, v[i].minor);
            }
    arena_free(a);
}

static void assert_text(struct str got, const char *want) {
    if (!str_eq_z(got, want)) fail_msg("«%.*s», wanted «%s»", SF(got), want);
}

static void test_show(void **state) {
    static const struct {
        enum lang lang;
        const char *country;
        enum digits digits;
        const char *decimal, *negative;
    } v[] = {
        { LANG_FA, "IR", DIGITS_ARABEXT, "۱٬۲۳۴٬۵۶۷٫۵", "\u200e\u2212۱۲" },
        { LANG_FA, "IR", DIGITS_LATN, "1,234,567.5", "\u200e-12" },
        { LANG_AR, "EG", DIGITS_ARAB, "١٬٢٣٤٬٥٦٧٫٥", "\u061c-١٢" },
        { LANG_AR, "AE", DIGITS_LATN, "1,234,567.5", "\u200e-12" },
        { LANG_AR, "MA", DIGITS_LATN, "1.234.567,5", "\u200e-12" },
        { LANG_FR, "FR", DIGITS_LATN, "1\u202f234\u202f567,5", "-12" },
        { LANG_EN, "GB", DIGITS_LATN, "1,234,567.5", "-12" },
    };
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct locale loc = loc_of(v[i].lang, v[i].country, v[i].digits);
        assert_text(decimal_show(a, &loc, 12345675, 1), v[i].decimal);
        assert_text(number_show(a, &loc, -12), v[i].negative);
    }
    struct locale fa = loc_of(LANG_FA, "IR", DIGITS_ARABEXT),
                  en = loc_of(LANG_EN, "US", DIGITS_LATN);
    assert_text(number_show_plain(a, &fa, 1405), "۱۴۰۵");
    assert_text(number_show(a, &en, 123), "123");
    assert_text(number_show(a, &en, 1234), "1,234");
    assert_text(number_show(a, &en, INT64_MIN), "-9,223,372,036,854,775,808");
    assert_text(decimal_show(a, &en, 5, 2), "0.05");
    assert_text(decimal_show(a, &en, -123456, 3), "-123.456");
    assert_text(digits_show(a, &fa, S("A-12 №3é")), "A-۱۲ №۳é");
    assert_text(digits_ascii(a, S("۱۲٣٤५６ é")), "123456 é");
    arena_free(a);
}

/* Whatever is shown to a reader is read back from him as the same amount. */
static void test_round_trip(void **state) {
    static const int64_t amounts[] = { 0,    5,       -5,     99,       123,
                                       1234, -123456, 150000, 99999999, AMOUNT_MAX };
    static const char *const countries[] = { "IR", "FR", "MA", "SA", "US" };
    (void)state;
    struct arena *a = arena_new();
    for (int lang = 0; lang < LANG_N; lang++)
        for (int digits = 0; digits < DIGITS_N; digits++)
            for (int country = 0; country < 5; country++)
                for (int decimals = 0; decimals <= 3; decimals++)
                    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
                        struct locale loc =
                            loc_of((enum lang)lang, countries[country], (enum digits)digits);
                        struct str shown = decimal_show(a, &loc, amounts[i], decimals);
                        int64_t got = 1;
                        if (!amount_parse(a, &loc, NULL, decimals, shown, &got, NULL) ||
                            got != amounts[i])
                            fail_msg("«%.*s» with %d decimals: %lld", SF(shown), decimals,
                                     (long long)got);
                    }
    arena_free(a);
}

static void test_digits_against_icu(void **state) {
    (void)state;
    for (int32_t c = 0; c <= 0x10ffff; c++) {
        int icu = u_charType(c) == U_DECIMAL_DIGIT_NUMBER ? u_charDigitValue(c) : -1;
        if (digit_value(c) != icu) fail_msg("U+%04X: %d, ICU %d", (unsigned)c, digit_value(c), icu);
    }
}

static void test_int(void **state) {
    static const struct {
        const char *typed;
        bool ok;
        int64_t value;
    } v[] = {
        { "۱۲۳", true, 123 },
        { " -12 ", true, -12 },
        { "−۱۲", true, -12 },
        { "1٬234", true, 1234 },
        { "1 234 567", true, 1234567 },
        { "1'234", true, 1234 },
        { "12 34", false, 0 },
        { "1.5", false, 0 },
        { "1,234", false, 0 },
        { "", false, 0 },
        { "-", false, 0 },
        { "1-", false, 0 },
        { "--1", false, 0 },
        { "12a", false, 0 },
        { "9223372036854775807", true, INT64_MAX },
        { "-9223372036854775808", true, INT64_MIN },
        { "9223372036854775808", false, 0 },
        { "1 234'567", false, 0 },
        { "12٬", false, 0 },
        { "007", true, 7 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        int64_t got = 0;
        bool ok = int_parse(str_of(v[i].typed), &got);
        if (ok != v[i].ok || (ok && got != v[i].value))
            fail_msg("«%s»: %lld", v[i].typed, (long long)got);
    }
}

static void test_currencies(void **state) {
    static const struct {
        const char *codes;
        int exponent, iso, shown;
    } v[] = {
        { "KWD BHD OMR JOD TND LYD", 3, 3, 3 },
        { "IQD", 3, 3, 0 },
        { "EUR USD GBP CHF CAD SAR AED QAR EGP MAD DZD TRY SDG MRU", 2, 2, 2 },
        { "LBP SYP YER AFN SOS", 2, 2, 0 },
        { "IRR", 0, 2, 0 },
        { "XOF XAF DJF KMF JPY XPF", 0, 0, 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct str rest = str_of(v[i].codes), code;
        while (str_cut(&rest, ' ', &code)) {
            const struct currency *c = currency_get(code);
            assert_non_null(c);
            assert_int_equal(c->exponent, v[i].exponent);
            assert_int_equal(c->iso, v[i].iso);
            assert_int_equal(c->shown, v[i].shown);
        }
    }
    assert_int_equal(currency_exponent("EUR"), 2);
    assert_int_equal(currency_exponent("eur"), -1);
    assert_int_equal(currency_exponent("XXX"), -1);
    int n;
    const struct currency *list = currency_list(&n);
    for (int i = 1; i < n; i++) assert_true(strcmp(list[i - 1].code, list[i].code) < 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amounts),    cmocka_unit_test(test_anyone),
        cmocka_unit_test(test_show),       cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_int),        cmocka_unit_test(test_digits_against_icu),
        cmocka_unit_test(test_currencies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
