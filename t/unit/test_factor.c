/* The second factor by itself: the vectors of RFC 4226 and 6238, oathtool as a witness, what is
 * shown of a seed, recovery codes; the key outside the database and what is sealed with it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "core/app/factor.h"
#include "core/app/secret.h"
#include "visitor.h"

#define RFC_SEED S("12345678901234567890")

static void test_rfc_vectors(void **state) {
    (void)state;
    static const struct { /* RFC 6238 appendix B, SHA-1 */
        int64_t at;
        const char *code;
    } totp[] = {
        { 59, "94287082" },         { 1111111109, "07081804" }, { 1111111111, "14050471" },
        { 1234567890, "89005924" }, { 2000000000, "69279037" }, { 20000000000, "65353130" },
    };
    static const char *const hotp[] = { /* RFC 4226 appendix D, counters 0 to 9 */
                                        "755224", "287082", "359152", "969429", "338314",
                                        "254676", "287922", "162583", "399871", "520489"
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof totp / sizeof *totp; i++) {
        int64_t step = totp[i].at / FACTOR_STEP_S;
        assert_string_equal(str_z(a, factor_code(a, RFC_SEED, step, 8)), totp[i].code);
        assert_string_equal(str_z(a, factor_code(a, RFC_SEED, step, 6)), totp[i].code + 2);
    }
    for (int i = 0; i < 10; i++)
        assert_string_equal(str_z(a, factor_code(a, RFC_SEED, i, 6)), hotp[i]);
    arena_free(a);
}

/* Another program says the same of seeds and times of all kinds. */
static void test_oathtool(void **state) {
    (void)state;
    if (access("/usr/bin/oathtool", X_OK) != 0) {
        print_message("skipped: there is no oathtool\n");
        skip();
    }
    struct arena *a = arena_new();
    struct dice dice = { 7 };
    for (int i = 0; i < 20; i++) {
        char seed[FACTOR_SEED_N], said[32] = "";
        int64_t at = dice_below(&dice, 4000000000LL);
        random_bytes(seed, sizeof seed);
        struct str s = { seed, sizeof seed };
        struct str text = factor_text(a, s);
        FILE *f = popen(
            str_printf(a, "oathtool --totp -b --now @%lld '%.*s'", (long long)at, SF(text)).p, "r");
        assert_non_null(f);
        assert_non_null(fgets(said, sizeof said, f));
        assert_int_equal(pclose(f), 0);
        assert_true(str_eq(str_trim(str_of(said)), factor_code(a, s, at / FACTOR_STEP_S, 6)));
    }
    arena_free(a);
}

static void test_shown(void **state) {
    (void)state;
    struct arena *a = arena_new();
    assert_string_equal(str_z(a, factor_text(a, RFC_SEED)),
                        "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    assert_string_equal(str_z(a, factor_uri(a, RFC_SEED, S("آتلیه & Co"), S("a+b@example.com"))),
                        "otpauth://totp/%D8%A2%D8%AA%D9%84%DB%8C%D9%87%20%26%20Co:a%2Bb%40example."
                        "com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%D8%A2%D8%AA%D9%84%DB%"
                        "8C%D9%87%20%26%20Co");
    static const struct {
        const char *typed;
        bool code;
    } cases[] = {
        { "123456", true },  { " 123 456 ", true },  { "۱۲۳۴۵۶", true }, { "١٢٣-٤٥٦", true },
        { "12345", false },  { "1234567", false },   { "", false },      { "12345a", false },
        { "abcdef", false }, { "0000 0000", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (factor_is_code(a, str_of(cases[i].typed)) != cases[i].code)
            fail_msg("“%s”", cases[i].typed);
    arena_free(a);
}

/* --- Recovery codes --- */

static enum status work_codes(struct ctx *c, void *arg) {
    struct strs *codes = arg, older;
    bool good;
    TRY(recovery_make(c, 1, &older));
    TRY(recovery_make(c, 1, codes));
    assert_int_equal(codes->n, RECOVERY_CODES_N);
    TRY(recovery_take(c, 1, older.v[0], &good));
    assert_false(good); /* new ones end the old ones */
    for (int i = 0; i < codes->n; i++) {
        assert_true(recovery_shape(codes->v[i]));
        for (int k = 0; k < i; k++) assert_false(str_eq(codes->v[i], codes->v[k]));
    }
    TRY(recovery_take(c, 2, codes->v[0], &good));
    assert_false(good); /* another member's */
    TRY(recovery_take(c, 1, codes->v[0], &good));
    assert_true(good);
    TRY(recovery_take(c, 1, codes->v[0], &good));
    assert_false(good); /* once */
    char *loose = str_z(c->arena, codes->v[1]);
    for (char *p = loose; *p; p++) {
        if (*p == '-') *p = ' ';
        if (*p == '0') *p = 'O';
        if (*p == '1') *p = 'l';
        if (*p >= 'a' && *p <= 'z' && *p != 'l') *p = (char)(*p - 32);
    }
    TRY(recovery_take(c, 1, str_of(loose), &good));
    assert_true(good); /* as people type it */
    char *wrong = str_z(c->arena, codes->v[2]);
    wrong[0] = wrong[0] == '2' ? '3' : '2';
    TRY(recovery_take(c, 1, str_of(wrong), &good));
    assert_false(good);
    return recovery_take(c, 1, NO_STR, &good);
}

SQL(factor_test_left, "SELECT count(*) AS n FROM recovery_code WHERE used_at IS NULL");

static void test_recovery(void **state) {
    (void)state;
    struct place p = { .app = NULL };
    struct strs codes;
    place_open(&p, false);
    place_set_up(&p);
    place_write(&p, OK, work_codes, &codes);
    assert_int_equal(place_number(&p, &factor_test_left), RECOVERY_CODES_N - 2);
    place_close(&p);
    static const char *const shapes[] = { "", "0123-4567-89ab-cdef-ghjk-mnp",
                                          "0123-4567-89ab-cdef-ghjk-mnpu",
                                          "0123 4567-89ab-cdef-ghjk-mnpq",
                                          "<script>alert(1)</script>0000" };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        assert_false(recovery_shape(str_of(shapes[i])));
}

/* --- The key outside the database --- */

static void test_seal(void **state) {
    (void)state;
    struct place p = { .app = NULL };
    place_open(&p, false);
    struct arena *a = p.arena;
    struct str plain, text = S("a seed of twenty by.");
    struct blob sealed = secret_seal(p.app, a, "factor", 3, text);
    assert_int_equal(sealed.n, 1 + 24 + text.n + 16);
    assert_true(str_find((struct str){ sealed.p, sealed.n }, text) < 0);
    assert_true(secret_unseal(p.app, a, "factor", 3, sealed, &plain));
    assert_true(str_eq(plain, text));
    assert_false(secret_unseal(p.app, a, "factor", 4, sealed, &plain)); /* moved to another row */
    assert_false(secret_unseal(p.app, a, "backup", 3, sealed, &plain));
    assert_false(secret_unseal(p.app, a, "factor", 3, (struct blob){ sealed.p, 40 }, &plain));
    for (size_t i = 0; i < sealed.n; i++) {
        unsigned char *bytes = arena_alloc(a, sealed.n);
        memcpy(bytes, sealed.p, sealed.n);
        bytes[i] ^= 1;
        struct blob changed = { bytes, sealed.n };
        assert_false(secret_unseal(p.app, a, "factor", 3, changed, &plain));
    }
    struct blob again = secret_seal(p.app, a, "factor", 3, text);
    assert_int_not_equal(memcmp(again.p, sealed.p, sealed.n), 0);
    p.app->seal_key[0] ^= 1;
    assert_false(secret_unseal(p.app, a, "factor", 3, sealed, &plain));
    place_close(&p);
}

static void test_key_file(void **state) {
    (void)state;
    struct place p = { .app = NULL };
    place_open(&p, false);
    const char *path = app_path(p.app, p.arena, "keys/seal.key");
    unsigned char key[32];
    struct stat st;
    memcpy(key, p.app->seal_key, sizeof key);
    int64_t slot = secret_slot(p.app, "password", S("a@example.com"), 16384);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_size, 32);
    assert_int_equal(secret_keys_open(p.app), OK); /* the same at the next start */
    assert_memory_equal(key, p.app->seal_key, sizeof key);
    assert_int_equal(secret_slot(p.app, "password", S("a@example.com"), 16384), slot);
    assert_memory_not_equal(p.app->seal_key, p.app->slot_key, sizeof key);
    static const mode_t open_modes[] = { 0640, 0604, 0660, 0644, 0601 };
    for (size_t i = 0; i < sizeof open_modes / sizeof *open_modes; i++) { /* T-23 */
        assert_int_equal(chmod(path, open_modes[i]), 0);
        assert_int_equal(secret_keys_open(p.app), BROKEN);
    }
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(truncate(path, 31), 0);
    assert_int_equal(secret_keys_open(p.app), BROKEN);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(secret_keys_open(p.app), OK); /* a new one */
    assert_memory_not_equal(key, p.app->seal_key, sizeof key);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/etc/hostname", path), 0);
    assert_int_equal(secret_keys_open(p.app), BROKEN);
    place_close(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc_vectors), cmocka_unit_test(test_oathtool),
        cmocka_unit_test(test_shown),       cmocka_unit_test(test_recovery),
        cmocka_unit_test(test_seal),        cmocka_unit_test(test_key_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
