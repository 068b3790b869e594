/* The calendars against the gathered vectors, against data/umalqura.txt, against ICU where ICU is
 * right, and round trips over every day that clients are born or invoiced on. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <unicode/ucal.h>

#include "lib/base/str.h"
#include "lib/locale/calendar.h"

struct vector {
    struct day gregorian;
    int weekday;
    struct day persian, umalqura; /* year 0: before the published calendar */
};

static const struct vector vectors[] = {
    { { 1921, 3, 21 }, 1, { 1300, 1, 1 }, { 0, 0, 0 } },
    { { 1925, 3, 31 }, 2, { 1304, 1, 11 }, { 1343, 9, 5 } },
    { { 1979, 2, 11 }, 7, { 1357, 11, 22 }, { 1399, 3, 14 } },
    { { 1996, 3, 20 }, 3, { 1375, 1, 1 }, { 1416, 11, 1 } },
    { { 1997, 3, 20 }, 4, { 1375, 12, 30 }, { 1417, 11, 11 } },
    { { 1997, 3, 21 }, 5, { 1376, 1, 1 }, { 1417, 11, 12 } },
    { { 1999, 4, 17 }, 6, { 1378, 1, 28 }, { 1420, 1, 1 } },
    { { 2000, 2, 29 }, 2, { 1378, 12, 10 }, { 1420, 11, 23 } },
    { { 2000, 3, 20 }, 1, { 1379, 1, 1 }, { 1420, 12, 14 } },
    { { 2012, 3, 20 }, 2, { 1391, 1, 1 }, { 1433, 4, 27 } },
    { { 2013, 3, 20 }, 3, { 1391, 12, 30 }, { 1434, 5, 8 } },
    { { 2016, 3, 20 }, 7, { 1395, 1, 1 }, { 1437, 6, 11 } },
    { { 2017, 3, 20 }, 1, { 1395, 12, 30 }, { 1438, 6, 21 } },
    { { 2017, 3, 21 }, 2, { 1396, 1, 1 }, { 1438, 6, 22 } },
    { { 2020, 2, 29 }, 6, { 1398, 12, 10 }, { 1441, 7, 5 } },
    { { 2020, 3, 20 }, 5, { 1399, 1, 1 }, { 1441, 7, 25 } },
    { { 2021, 3, 20 }, 6, { 1399, 12, 30 }, { 1442, 8, 7 } },
    { { 2021, 3, 21 }, 7, { 1400, 1, 1 }, { 1442, 8, 8 } },
    { { 2021, 9, 22 }, 3, { 1400, 6, 31 }, { 1443, 2, 15 } },
    { { 2021, 9, 23 }, 4, { 1400, 7, 1 }, { 1443, 2, 16 } },
    { { 2022, 7, 30 }, 6, { 1401, 5, 8 }, { 1444, 1, 1 } },
    { { 2023, 3, 21 }, 2, { 1402, 1, 1 }, { 1444, 8, 29 } },
    { { 2023, 4, 21 }, 5, { 1402, 2, 1 }, { 1444, 10, 1 } },
    { { 2024, 2, 29 }, 4, { 1402, 12, 10 }, { 1445, 8, 19 } },
    { { 2024, 3, 19 }, 2, { 1402, 12, 29 }, { 1445, 9, 9 } },
    { { 2024, 3, 20 }, 3, { 1403, 1, 1 }, { 1445, 9, 10 } },
    { { 2024, 7, 7 }, 7, { 1403, 4, 17 }, { 1446, 1, 1 } },
    { { 2025, 3, 19 }, 3, { 1403, 12, 29 }, { 1446, 9, 19 } },
    { { 2025, 3, 20 }, 4, { 1403, 12, 30 }, { 1446, 9, 20 } },
    { { 2025, 3, 21 }, 5, { 1404, 1, 1 }, { 1446, 9, 21 } },
    { { 2025, 6, 26 }, 4, { 1404, 4, 5 }, { 1447, 1, 1 } },
    { { 2026, 2, 18 }, 3, { 1404, 11, 29 }, { 1447, 9, 1 } },
    { { 2026, 3, 20 }, 5, { 1404, 12, 29 }, { 1447, 10, 1 } },
    { { 2026, 3, 21 }, 6, { 1405, 1, 1 }, { 1447, 10, 2 } },
    { { 2026, 6, 16 }, 2, { 1405, 3, 26 }, { 1448, 1, 1 } },
    { { 2026, 9, 23 }, 3, { 1405, 7, 1 }, { 1448, 4, 12 } },
    { { 2026, 11, 21 }, 6, { 1405, 8, 30 }, { 1448, 6, 11 } },
    { { 2026, 12, 31 }, 4, { 1405, 10, 10 }, { 1448, 7, 22 } },
    { { 2027, 3, 21 }, 7, { 1406, 1, 1 }, { 1448, 10, 13 } },
    { { 2028, 3, 20 }, 1, { 1407, 1, 1 }, { 1449, 10, 24 } },
    { { 2029, 3, 19 }, 1, { 1407, 12, 29 }, { 1450, 11, 4 } },
    { { 2029, 3, 20 }, 2, { 1408, 1, 1 }, { 1450, 11, 5 } },
    { { 2029, 8, 11 }, 6, { 1408, 5, 21 }, { 1451, 4, 1 } },
    { { 2030, 1, 5 }, 6, { 1408, 10, 16 }, { 1451, 9, 1 } },
    { { 2030, 12, 26 }, 4, { 1409, 10, 5 }, { 1452, 9, 1 } },
    { { 2030, 3, 20 }, 3, { 1408, 12, 30 }, { 1451, 11, 16 } },
    { { 2030, 3, 21 }, 4, { 1409, 1, 1 }, { 1451, 11, 17 } },
    { { 2033, 3, 20 }, 7, { 1412, 1, 1 }, { 1454, 12, 19 } },
    { { 2038, 1, 19 }, 2, { 1416, 10, 30 }, { 1459, 12, 13 } },
    { { 2052, 3, 20 }, 3, { 1431, 1, 1 }, { 1474, 7, 19 } },
    { { 2063, 3, 20 }, 2, { 1441, 12, 30 }, { 1485, 11, 20 } },
    { { 2077, 11, 16 }, 2, { 1456, 8, 26 }, { 1500, 12, 30 } },
};

static const short leap_years[] = {
    1210, 1214, 1218, 1222, 1226, 1230, 1234, 1238, 1243, 1247, 1251, 1255, 1259, 1263, 1267,
    1271, 1276, 1280, 1284, 1288, 1292, 1296, 1300, 1304, 1309, 1313, 1317, 1321, 1325, 1329,
    1333, 1337, 1342, 1346, 1350, 1354, 1358, 1362, 1366, 1370, 1375, 1379, 1383, 1387, 1391,
    1395, 1399, 1403, 1408, 1412, 1416, 1420, 1424, 1428, 1432, 1436, 1441, 1445, 1449, 1453,
    1457, 1461, 1465, 1469, 1474, 1478, 1482, 1486, 1490, 1494, 1498
};

static void assert_day(struct day got, struct day want, const char *what) {
    if (day_eq(got, want)) return;
    fail_msg("%s: got %d-%02d-%02d, want %d-%02d-%02d", what, got.year, got.month, got.day,
             want.year, want.month, want.day);
}

static void test_vectors(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const struct vector *v = &vectors[i];
        bool approximate = true;
        struct day back;
        assert_int_equal(weekday(v->gregorian), v->weekday);
        assert_day(day_in(CAL_GREGORIAN, v->gregorian, &approximate), v->gregorian, "Gregorian");
        assert_false(approximate);
        assert_day(day_in(CAL_PERSIAN, v->gregorian, &approximate), v->persian, "Persian");
        assert_false(approximate);
        assert_true(day_from(CAL_PERSIAN, v->persian, &back));
        assert_day(back, v->gregorian, "from Persian");
        struct day hijri = day_in(CAL_UMALQURA, v->gregorian, &approximate);
        assert_int_equal(approximate, v->umalqura.year == 0);
        if (approximate) continue;
        assert_day(hijri, v->umalqura, "Umm al-Qura");
        assert_true(day_from(CAL_UMALQURA, v->umalqura, &back));
        assert_day(back, v->gregorian, "from Umm al-Qura");
    }
}

static void test_leap_list(void **state) {
    (void)state;
    size_t next = 0;
    for (int32_t y = 1206; y <= 1498; y++) {
        bool leap = next < sizeof leap_years / sizeof *leap_years && leap_years[next] == y;
        next += leap;
        assert_int_equal(month_days(CAL_PERSIAN, y, 12), leap ? 30 : 29);
    }
    assert_int_equal(next, sizeof leap_years / sizeof *leap_years);
}

static UCalendar *icu_open(const char *locale) {
    UErrorCode e = U_ZERO_ERROR;
    static const UChar utc[] = { 'U', 'T', 'C', 0 };
    UCalendar *c = ucal_open(utc, -1, locale, UCAL_DEFAULT, &e);
    assert_true(U_SUCCESS(e));
    return c;
}

static struct day icu_day(UCalendar *c, int64_t number) {
    UErrorCode e = U_ZERO_ERROR;
    ucal_setMillis(c, (double)number * 86400000.0, &e);
    struct day d = { ucal_get(c, UCAL_EXTENDED_YEAR, &e), ucal_get(c, UCAL_MONTH, &e) + 1,
                     ucal_get(c, UCAL_DATE, &e) };
    assert_true(U_SUCCESS(e));
    return d;
}

/* Every day of the 293 years of the official table, against ICU, which agrees with that table. */
static void test_persian_against_icu(void **state) {
    (void)state;
    UCalendar *c = icu_open("fa_IR@calendar=persian");
    struct day from, to;
    assert_true(day_from(CAL_PERSIAN, (struct day){ 1206, 1, 1 }, &from));
    assert_true(day_from(CAL_PERSIAN, (struct day){ 1499, 1, 1 }, &to));
    for (int64_t n = day_number(from); n < day_number(to); n++)
        assert_day(day_in(CAL_PERSIAN, day_of_number(n), NULL), icu_day(c, n), "ICU Persian");
    ucal_close(c);
}

static void test_umalqura_against_icu(void **state) {
    (void)state;
    UCalendar *c = icu_open("ar_SA@calendar=islamic-umalqura");
    for (int m = 1420 * 12; m < 1451 * 12; m++) {
        struct day hijri = { m / 12, m % 12 + 1, 1 }, gregorian;
        assert_true(day_from(CAL_UMALQURA, hijri, &gregorian));
        assert_day(icu_day(c, day_number(gregorian)), hijri, "ICU Umm al-Qura");
    }
    ucal_close(c);
}

/* Outside the table the civil rule takes over; the months next to the table absorb the difference.
 */
static void test_civil_against_icu(void **state) {
    (void)state;
    UCalendar *c = icu_open("ar_SA@calendar=islamic-civil");
    for (int m = 1 * 12; m < 1700 * 12; m += m == 1342 * 12 + 11 ? 159 * 12 : 1) {
        struct day hijri = { m / 12, m % 12 + 1, 1 }, gregorian;
        assert_true(day_from(CAL_UMALQURA, hijri, &gregorian));
        if (hijri.year < 1343 || hijri.year > 1501)
            assert_day(icu_day(c, day_number(gregorian)), hijri, "ICU civil");
    }
    ucal_close(c);
}

static void test_umalqura_against_file(void **state) {
    (void)state;
    FILE *f = fopen("data/umalqura.txt", "r");
    assert_non_null(f);
    char line[256];
    int years_n = 0;
    while (fgets(line, sizeof line, f)) {
        if (line[0] == '#') continue;
        struct day first, got;
        int y, at = 0;
        assert_int_equal(
            sscanf(line, "%d %d-%d-%d %n", &y, &first.year, &first.month, &first.day, &at), 4);
        assert_true(day_from(CAL_UMALQURA, (struct day){ y, 1, 1 }, &got));
        assert_day(got, first, "1 Muharram");
        for (int m = 1, n, step; m <= 12; m++, at += step) {
            assert_int_equal(sscanf(line + at, "%d%n", &n, &step), 1);
            assert_int_equal(month_days(CAL_UMALQURA, y, m), n);
        }
        years_n++;
    }
    fclose(f);
    assert_int_equal(years_n, 158);
}

static void test_round_trips(void **state) {
    (void)state;
    int64_t from = day_number((struct day){ 1900, 1, 1 });
    int64_t to = day_number((struct day){ 2078, 1, 1 });
    assert_int_equal(to - from, 65014);
    struct day before[CALENDAR_N] = { 0 };
    for (int64_t n = from; n < to; n++) {
        struct day g = day_of_number(n), back;
        assert_int_equal(day_number(g), n);
        for (int c = 0; c < CALENDAR_N; c++) {
            struct day d = day_in((enum calendar_id)c, g, NULL);
            assert_true(day_from((enum calendar_id)c, d, &back));
            assert_day(back, g, "round trip");
            /* The next day is the next number, or the first of the next month after a full one. */
            struct day *b = &before[c];
            if (n > from && d.day != b->day + 1) {
                assert_int_equal(d.day, 1);
                assert_int_equal(b->day, month_days((enum calendar_id)c, b->year, b->month));
                assert_int_equal(d.year * 12 + d.month, b->year * 12 + b->month + 1);
            }
            *b = d;
        }
    }
}

static void test_far_years(void **state) {
    (void)state;
    for (int c = 0; c < CALENDAR_N; c++)
        for (int32_t y = DAY_YEAR_MIN; y <= DAY_YEAR_MAX; y += 7)
            for (int m = 1; m <= 12; m++) {
                struct day d = { y, m, month_days((enum calendar_id)c, y, m) }, g;
                assert_true(d.day >= 28 && d.day <= 31);
                assert_true(day_from((enum calendar_id)c, d, &g));
                assert_day(day_in((enum calendar_id)c, g, NULL), d, "last of a month");
                d.day++;
                assert_false(day_from((enum calendar_id)c, d, &g));
            }
}

static void test_strict(void **state) {
    (void)state;
    static const struct {
        enum calendar_id calendar;
        struct day day;
    } wrong[] = {
        { CAL_GREGORIAN, { 2026, 2, 29 } }, { CAL_GREGORIAN, { 1900, 2, 29 } },
        { CAL_GREGORIAN, { 2026, 13, 1 } }, { CAL_GREGORIAN, { 2026, 0, 1 } },
        { CAL_GREGORIAN, { 2026, 1, 0 } },  { CAL_GREGORIAN, { 0, 1, 1 } },
        { CAL_GREGORIAN, { 10000, 1, 1 } }, { CAL_PERSIAN, { 1404, 12, 30 } },
        { CAL_PERSIAN, { 1405, 7, 31 } },   { CAL_PERSIAN, { 1405, 1, 32 } },
        { CAL_UMALQURA, { 1447, 13, 1 } },  { CAL_UMALQURA, { 1343, 9, 29 } },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct day g = { 7, 7, 7 };
        assert_false(day_from(wrong[i].calendar, wrong[i].day, &g));
        assert_int_equal(g.year, 7);
    }
    assert_true(day_valid((struct day){ 2000, 2, 29 }));
    assert_false(day_valid((struct day){ 2100, 2, 29 }));
}

static struct day persian(int32_t y, int m, int d) {
    struct day g;
    assert_true(day_from(CAL_PERSIAN, (struct day){ y, m, d }, &g));
    return g;
}

static void test_add_months(void **state) {
    (void)state;
    assert_day(day_add_months(CAL_PERSIAN, persian(1405, 6, 31), 1), persian(1405, 7, 30), "+1");
    assert_day(day_add_months(CAL_PERSIAN, persian(1403, 12, 30), 12), persian(1404, 12, 29),
               "+12");
    assert_day(day_add_months(CAL_PERSIAN, persian(1405, 1, 31), -1), persian(1404, 12, 29), "-1");
    assert_day(day_add_months(CAL_PERSIAN, persian(1405, 1, 1), -13), persian(1403, 12, 1), "-13");
    assert_day(day_add_months(CAL_GREGORIAN, (struct day){ 2026, 1, 31 }, 1),
               (struct day){ 2026, 2, 28 }, "January");
    assert_day(day_add_months(CAL_GREGORIAN, (struct day){ 2024, 2, 29 }, 48),
               (struct day){ 2028, 2, 29 }, "leap");
    assert_day(day_add_months(CAL_GREGORIAN, (struct day){ 2026, 1, 31 }, INT32_MAX),
               (struct day){ 9999, 12, 31 }, "end of time");
    assert_day(day_add_months(CAL_GREGORIAN, (struct day){ 2026, 1, 31 }, INT32_MIN),
               (struct day){ 1, 1, 1 }, "begin of time");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_leap_list),
        cmocka_unit_test(test_persian_against_icu),
        cmocka_unit_test(test_umalqura_against_icu),
        cmocka_unit_test(test_umalqura_against_file),
        cmocka_unit_test(test_civil_against_icu),
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_far_years),
        cmocka_unit_test(test_strict),
        cmocka_unit_test(test_add_months),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
