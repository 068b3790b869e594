/* Hours as people write them, and days that come every year. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "features/party/party.h"

/* Spans as "days from-until": days are letters of Monday to Sunday, a dot where it is not one. */
static const struct {
    const char *text, *spans; /* "": not understood */
} cases[] = {
    { "9-17", "MTWTFSS 540-1020" },
    { "9–17", "MTWTFSS 540-1020" },
    { "9 - 17", "MTWTFSS 540-1020" },
    { "۹ تا ۱۷", "MTWTFSS 540-1020" },
    { "از ۹ تا ۱۷", "MTWTFSS 540-1020" },
    { "ساعت ۹:۳۰ تا ۱۲", "MTWTFSS 570-720" },
    { "٩ إلى ١٧", "MTWTFSS 540-1020" },
    { "من ٩ إلى ١٧", "MTWTFSS 540-1020" },
    { "9 to 5", "MTWTFSS 540-1020" },
    { "9-5", "MTWTFSS 540-1020" },
    { "9am-5pm", "MTWTFSS 540-1020" },
    { "9 h - 17 h", "MTWTFSS 540-1020" },
    { "9h30-12h", "MTWTFSS 570-720" },
    { "de 9h à 17h", "MTWTFSS 540-1020" },
    { "22-2", "MTWTFSS 1320-1560" },
    { "after 18:00", "MTWTFSS 1080-1440" },
    { "After 18", "MTWTFSS 1080-1440" },
    { "après 18h", "MTWTFSS 1080-1440" },
    { "بعد از ۱۸", "MTWTFSS 1080-1440" },
    { "بعد از ساعت ۱۸", "MTWTFSS 1080-1440" },
    { "بعد 18:00", "MTWTFSS 1080-1440" },
    { "before 12", "MTWTFSS 0-720" },
    { "avant midi", "" },
    { "قبل از ۱۲", "MTWTFSS 0-720" },
    { "تا ۱۲", "MTWTFSS 0-720" },
    { "until 12:00", "MTWTFSS 0-720" },
    { "9-12, 14-18", "MTWTFSS 540-720 MTWTFSS 840-1080" },
    { "۹ تا ۱۲ و ۱۴ تا ۱۸", "MTWTFSS 540-720 MTWTFSS 840-1080" },
    { "9-12 et 14-18", "MTWTFSS 540-720 MTWTFSS 840-1080" },
    { "Mon-Fri 9-17", "MTWTF.. 540-1020" },
    { "Mon to Fri, 9-17", "MTWTF.. 540-1020" },
    { "9-17 Mon-Fri", "MTWTF.. 540-1020" },
    { "lun-ven 9-17", "MTWTF.. 540-1020" },
    { "du lundi au vendredi de 9h à 17h", "MTWTF.. 540-1020" },
    { "شنبه تا چهارشنبه ۹ تا ۱۳", "MTW..SS 540-780" },
    { "سه‌شنبه‌ها", "" },
    { "سه‌شنبه و پنج‌شنبه ۱۰-۱۲", ".T.T... 600-720" },
    { "الأحد إلى الخميس 9-13", "MTWT..S 540-780" },
    { "Sat", ".....S. 0-1440" },
    { "Mon-Thu 9-17, Fri 9-12", "MTWT... 540-1020 ....F.. 540-720" },
    { "mornings", "MTWTFSS 480-720" },
    { "Fri mornings", "....F.. 480-720" },
    { "صبح‌ها", "MTWTFSS 480-720" },
    { "evenings", "MTWTFSS 1080-1320" },
    { "", "" },
    { "17", "" },
    { "25-30", "" },
    { "9:75-12", "" },
    { "when the moon is full", "" },
    { "9-17 except Friday", "" },
    { "0912 345 6789", "" },
    { "۴ شنبه ۹-۱۲", "" },
};

static void test_parse(void **state) {
    struct arena *a = arena_new();
    int bad = 0;
    (void)state;
    for (int i = 0; i < COUNT(cases); i++) {
        struct hours h;
        struct buf b = { .arena = a };
        bool is = hours_parse(a, str_of(cases[i].text), &h);
        for (int k = 0; is && k < h.n; k++) {
            if (k) buf_add_c(&b, ' ');
            for (int d = 0; d < 7; d++) buf_add_c(&b, h.v[k].days >> d & 1 ? "MTWTFSS"[d] : '.');
            buf_printf(&b, " %d-%d", h.v[k].from_min, h.v[k].until_min);
        }
        if (!str_eq_z(buf_str(&b), cases[i].spans)) {
            print_message("«%s»: %.*s instead of %s\n", cases[i].text, SF(buf_str(&b)),
                          cases[i].spans);
            bad++;
        }
    }
    assert_int_equal(bad, 0);
    arena_free(a);
}

static void test_fit(void **state) {
    struct arena *a = arena_new();
    struct hours h;
    (void)state;
    assert_true(hours_parse(a, S("Mon-Fri 9-17"), &h));
    assert_true(hours_fit(&h, 1, 9 * 60));
    assert_false(hours_fit(&h, 1, 17 * 60));
    assert_false(hours_fit(&h, 6, 10 * 60));
    assert_int_equal(hours_until(&h, 1, 8 * 60), 60);
    assert_int_equal(hours_until(&h, 5, 18 * 60), 2 * 1440 + 15 * 60);
    assert_true(hours_parse(a, S("Sat 22-2"), &h));
    assert_true(hours_fit(&h, 6, 23 * 60));
    assert_true(hours_fit(&h, 7, 60));
    assert_false(hours_fit(&h, 6, 60));
    arena_free(a);
}

static void test_coming(void **state) {
    static const struct {
        enum calendar_id cal;
        struct day today;
        const char *iso;
        bool is;
        struct day day;
        int in_days, years;
    } days[] = {
        { CAL_GREGORIAN, { 2026, 11, 22 }, "1980-11-22", true, { 2026, 11, 22 }, 0, 46 },
        { CAL_GREGORIAN, { 2026, 11, 22 }, "1980-11-21", true, { 2027, 11, 21 }, 364, 47 },
        { CAL_GREGORIAN, { 2026, 11, 22 }, "--12-01", true, { 2026, 12, 1 }, 9, -1 },
        { CAL_GREGORIAN, { 2026, 11, 22 }, "1980-02-29", true, { 2027, 2, 28 }, 98, 47 },
        { CAL_GREGORIAN, { 2026, 11, 22 }, "--02-29", true, { 2027, 2, 28 }, 98, -1 },
        { CAL_GREGORIAN, { 2026, 11, 22 }, "2026-11-22", false, { 0 }, 0, 0 },
        /* 1 Farvardin 1365 was 21 March 1986; 1 Farvardin 1408 is 20 March 2029 */
        { CAL_PERSIAN, { 2029, 3, 1 }, "1986-03-21", true, { 2029, 3, 20 }, 19, 43 },
        { CAL_PERSIAN, { 2029, 3, 1 }, "--03-21", true, { 2029, 3, 20 }, 19, -1 },
        { CAL_GREGORIAN, { 2029, 3, 1 }, "1986-03-21", true, { 2029, 3, 21 }, 20, 43 },
        { CAL_GREGORIAN, { 2026, 11, 22 }, "nonsense", false, { 0 }, 0, 0 },
    };
    (void)state;
    for (int i = 0; i < COUNT(days); i++) {
        struct coming c;
        bool is = coming_day(days[i].cal, days[i].today, str_of(days[i].iso), &c);
        print_message("%s\n", days[i].iso);
        assert_int_equal(is, days[i].is);
        if (!is) continue;
        assert_true(day_eq(c.day, days[i].day));
        assert_int_equal(c.in_days, days[i].in_days);
        assert_int_equal(c.years, days[i].years);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_coming),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
