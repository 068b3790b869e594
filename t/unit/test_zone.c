/* Zones against the C library reading the same files, and the cases that other sources get wrong.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/locale/zone.h"

static int64_t utc_ms(int32_t y, int m, int d, int hour, int minute) {
    return (day_number((struct day){ y, m, d }) * 1440 + hour * 60 + minute) * 60000;
}

static void test_offsets(void **state) {
    static const struct {
        const char *zone;
        int64_t y;
        int month, day, hour, offset_minutes;
    } v[] = {
        { "Africa/Cairo", 2026, 7, 15, 12, 180 },    { "Africa/Cairo", 2026, 1, 15, 12, 120 },
        { "Africa/Cairo", 2049, 7, 15, 12, 180 },    { "Africa/Cairo", 2049, 12, 15, 12, 120 },
        { "Asia/Tehran", 2022, 7, 1, 12, 270 },      { "Asia/Tehran", 2023, 7, 1, 12, 210 },
        { "Asia/Tehran", 2026, 7, 1, 12, 210 },      { "Africa/Casablanca", 2026, 2, 1, 12, 60 },
        { "Africa/Casablanca", 2026, 3, 1, 12, 0 },  { "Africa/Casablanca", 2026, 4, 1, 12, 60 },
        { "Europe/Paris", 2026, 3, 29, 0, 60 },      { "Europe/Paris", 2026, 3, 29, 1, 120 },
        { "Europe/Paris", 2060, 7, 1, 0, 120 },      { "Asia/Kabul", 2026, 1, 1, 0, 270 },
        { "America/New_York", 2026, 7, 1, 0, -240 }, { "America/New_York", 2070, 1, 1, 0, -300 },
        { "Asia/Riyadh", 2026, 7, 1, 0, 180 },       { "UTC", 2026, 7, 1, 0, 0 },
        { "Australia/Sydney", 2070, 1, 1, 0, 660 },  { "Asia/Kathmandu", 2026, 1, 1, 0, 345 },
    };
    struct zones *zones = *state;
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        const struct zone *z = zone_get(zones, str_of(v[i].zone));
        assert_non_null(z);
        int64_t ms = utc_ms((int32_t)v[i].y, v[i].month, v[i].day, v[i].hour, 0);
        if (zone_offset_s(z, ms) != v[i].offset_minutes * 60)
            fail_msg("%s row %zu: %d s", v[i].zone, i, zone_offset_s(z, ms));
        assert_ptr_equal(z, zone_get(zones, str_of(v[i].zone)));
    }
    assert_int_equal(zone_offset_s(NULL, 0), 0);
    assert_true(str_eq(zone_name(NULL), S("UTC")));
}

/* Every listed zone, each ten days and a bit from 1901 to 2120, as localtime_r has it. */
static void test_against_libc(void **state) {
    struct zones *zones = *state;
    struct arena *a = arena_new();
    struct strs names = zone_names(zones, a);
    assert_true(names.n > 300);
    for (int i = 0; i < names.n; i += 3) {
        const struct zone *z = zone_get(zones, names.v[i]);
        assert_non_null(z);
        setenv("TZ", str_z(a, names.v[i]), 1);
        tzset();
        for (time_t t = -2170000000; t < 4733510400; t += 86400 * 10 + 4321) {
            struct tm tm;
            localtime_r(&t, &tm);
            if (zone_offset_s(z, (int64_t)t * 1000) != tm.tm_gmtoff)
                fail_msg("%.*s at %lld: %d, libc %ld", SF(names.v[i]), (long long)t,
                         zone_offset_s(z, (int64_t)t * 1000), tm.tm_gmtoff);
        }
    }
    arena_free(a);
}

static void test_local(void **state) {
    struct zones *zones = *state;
    const struct zone *tehran = zone_get(zones, S("Asia/Tehran"));
    struct local_time t = zone_local(tehran, utc_ms(2026, 11, 21, 20, 45) + 7999);
    assert_true(day_eq(t.day, (struct day){ 2026, 11, 22 }));
    assert_int_equal(t.hour * 10000 + t.minute * 100 + t.second, 1507);
    assert_int_equal(t.offset_s, 12600);
    t = zone_local(NULL, -1);
    assert_true(day_eq(t.day, (struct day){ 1969, 12, 31 }));
    assert_int_equal(t.second, 59);

    const struct zone *paris = zone_get(zones, S("Europe/Paris"));
    struct day spring = { 2026, 3, 29 }, autumn = { 2026, 10, 25 };
    assert_int_equal(zone_ms(paris, spring, 0), utc_ms(2026, 3, 28, 23, 0));
    assert_int_equal(zone_ms(paris, spring, 2 * 3600 + 1800), utc_ms(2026, 3, 29, 1, 30));
    assert_int_equal(zone_ms(paris, spring, 12 * 3600), utc_ms(2026, 3, 29, 10, 0));
    assert_int_equal(zone_ms(paris, autumn, 2 * 3600 + 1800), utc_ms(2026, 10, 25, 0, 30));
    assert_int_equal(zone_ms(paris, autumn, 12 * 3600), utc_ms(2026, 10, 25, 11, 0));
    /* Cairo's clocks jump at midnight: the day begins at one o'clock. */
    const struct zone *cairo = zone_get(zones, S("Africa/Cairo"));
    int64_t begin = zone_ms(cairo, (struct day){ 2026, 4, 24 }, 0);
    assert_int_equal(begin, utc_ms(2026, 4, 23, 22, 0));
    assert_int_equal(zone_local(cairo, begin).hour, 1);
}

static void test_bad_names(void **state) {
    static const char *const bad[] = { "",
                                       "../../../etc/passwd",
                                       "/etc/passwd",
                                       "Asia/../Asia/Tehran",
                                       "Asia",
                                       "zone.tab",
                                       "Asia/Nowhere",
                                       "right/Asia/Tehran",
                                       "a b",
                                       "Asia/Tehran\n",
                                       "tzdata.zi",
                                       "leapseconds",
                                       "." };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null(zone_get(*state, str_of(bad[i])));
    assert_null(zone_get(*state, ((struct str){ "Asia/Tehran\0", 12 })));
}

static void test_lists(void **state) {
    struct arena *a = arena_new();
    struct strs names = zone_names(*state, a);
    int seen = 0;
    for (int i = 0; i < names.n; i++) {
        if (i) assert_true(str_cmp(names.v[i - 1], names.v[i]) < 0);
        seen += str_eq_z(names.v[i], "Asia/Tehran") || str_eq_z(names.v[i], "UTC") ||
                str_eq_z(names.v[i], "Asia/Kuwait");
    }
    assert_int_equal(seen, 3);
    assert_true(str_eq(zone_of_country(*state, a, "IR"), S("Asia/Tehran")));
    assert_true(str_eq(zone_of_country(*state, a, "MA"), S("Africa/Casablanca")));
    assert_true(str_eq(zone_of_country(*state, a, "XX"), NO_STR));
    arena_free(a);
}

/* A real file cut short at every length, then with every byte changed: refused or read, never a
 * crash. */
static void test_damaged_files(void **state) {
    (void)state;
    char dir[] = "/tmp/zoneXXXXXX", path[64], whole[8192];
    assert_non_null(mkdtemp(dir));
    int fd = open("/usr/share/zoneinfo/Africa/Cairo", O_RDONLY);
    ssize_t n = read(fd, whole, sizeof whole);
    close(fd);
    assert_true(n > 100 && n < (ssize_t)sizeof whole);
    int refused = 0;
    snprintf(path, sizeof path, "%s/X", dir);
    for (ssize_t i = 0; i < n; i++)
        for (int cut = 0; cut < 2; cut++) {
            char old = whole[i];
            whole[i] = (char)(old ^ 0x55);
            fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
            assert_int_equal(write(fd, whole, (size_t)(cut ? i : n)), cut ? i : n);
            close(fd);
            whole[i] = old;
            struct zones *zones = zones_new(dir);
            const struct zone *z = zone_get(zones, S("X"));
            refused += z == NULL;
            for (int64_t s = -4000000000; z && s < 8000000000; s += 250000000)
                assert_in_range(zone_offset_s(z, s * 1000) + 700000, 0, 1400000);
            zones_free(zones);
        }
    assert_true(refused > n);
    unlink(path);
    rmdir(dir);
}

static int setup(void **state) {
    *state = zones_new(NULL);
    return 0;
}

static int teardown(void **state) {
    zones_free(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_offsets), cmocka_unit_test(test_against_libc),
        cmocka_unit_test(test_local),   cmocka_unit_test(test_bad_names),
        cmocka_unit_test(test_lists),   cmocka_unit_test(test_damaged_files),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
