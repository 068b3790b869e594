/* lib/image/qr.c: what it draws is read back by a small reader of our own, written after ISO/IEC
 * 18004: finder and timing patterns, format bits (level M, mask), mask, zigzag, byte mode. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/image/image.h"

static struct arena *arena;

static int setup(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static int at(const struct qr *q, int row, int column) {
    return q->modules[row * q->side + column];
}

static void assert_finder(const struct qr *q, int row, int column) {
    for (int y = 0; y < 7; y++)
        for (int x = 0; x < 7; x++) {
            int ring = y == 0 || y == 6 || x == 0 || x == 6;
            int core = y >= 2 && y <= 4 && x >= 2 && x <= 4;
            assert_int_equal(at(q, row + y, column + x), ring || core);
        }
}

/* The five data bits of the format, its 10 check bits verified (BCH 15,5). */
static int format_of(const struct qr *q) {
    static const int ROW[15] = { 8, 8, 8, 8, 8, 8, 8, 8, 7, 5, 4, 3, 2, 1, 0 };
    static const int COLUMN[15] = { 0, 1, 2, 3, 4, 5, 7, 8, 8, 8, 8, 8, 8, 8, 8 };
    int bits = 0;
    for (int i = 0; i < 15; i++) bits = bits << 1 | at(q, ROW[i], COLUMN[i]);
    bits ^= 0x5412;
    int rest = bits;
    for (int i = 14; i >= 10; i--)
        if (rest >> i & 1) rest ^= 0x537 << (i - 10);
    assert_int_equal(rest, 0);
    return bits >> 10;
}

static int masked(int mask, int i, int j) {
    switch (mask) {
    case 0: return (i + j) % 2 == 0;
    case 1: return i % 2 == 0;
    case 2: return j % 3 == 0;
    case 3: return (i + j) % 3 == 0;
    case 4: return (i / 2 + j / 3) % 2 == 0;
    case 5: return i * j % 2 + i * j % 3 == 0;
    case 6: return (i * j % 2 + i * j % 3) % 2 == 0;
    default: return ((i + j) % 2 + i * j % 3) % 2 == 0;
    }
}

/* Not data: finders with format bits, timing, and the one alignment pattern of versions 2 to 6. */
static bool reserved(const struct qr *q, int i, int j) {
    int n = q->side;
    if ((i < 9 && j < 9) || (i < 9 && j >= n - 8) || (i >= n - 8 && j < 9)) return true;
    if (i == 6 || j == 6) return true;
    return n > 21 && i >= n - 9 && i <= n - 5 && j >= n - 9 && j <= n - 5;
}

/* The bits of the message in order; only for versions 1 to 3, which are one block at level M. */
static int data_bits(const struct qr *q, unsigned char *to, int cap) {
    int mask = format_of(q) & 7, n = 0;
    bool up = true;
    for (int right = q->side - 1; right > 0; right -= 2) {
        if (right == 6) right = 5;
        for (int k = 0; k < q->side; k++)
            for (int j = right; j >= right - 1; j--) {
                int i = up ? q->side - 1 - k : k;
                if (reserved(q, i, j)) continue;
                if (n < cap) to[n++] = (unsigned char)(at(q, i, j) ^ masked(mask, i, j));
            }
        up = !up;
    }
    return n;
}

static int take(const unsigned char *bits, int *at_bit, int n) {
    int value = 0;
    for (int i = 0; i < n; i++) value = value << 1 | bits[(*at_bit)++];
    return value;
}

static void test_read_back(void **state) {
    (void)state;
    static const char *const TEXTS[] = { "a", "01234567", "HELLO WORLD 123", "دفتر",
                                         "otpauth://totp/a?secret=JBSW" };
    for (size_t t = 0; t < sizeof TEXTS / sizeof *TEXTS; t++) {
        struct str text = str_of(TEXTS[t]);
        struct qr q;
        assert_int_equal(qr_encode(arena, text, &q), OK);
        assert_true(q.side == 21 || q.side == 25 || q.side == 29);
        assert_finder(&q, 0, 0);
        assert_finder(&q, 0, q.side - 7);
        assert_finder(&q, q.side - 7, 0);
        for (int i = 8; i < q.side - 8; i++) {
            assert_int_equal(at(&q, 6, i), i % 2 == 0);
            assert_int_equal(at(&q, i, 6), i % 2 == 0);
        }
        assert_int_equal(format_of(&q) >> 3, 0); /* 00: level M */
        unsigned char bits[800];
        int n = data_bits(&q, bits, 800), from = 0;
        assert_true(n >= 208);
        assert_int_equal(take(bits, &from, 4), 4); /* byte mode */
        assert_int_equal(take(bits, &from, 8), text.n);
        for (size_t i = 0; i < text.n; i++)
            assert_int_equal(take(bits, &from, 8), (unsigned char)text.p[i]);
    }
}

static void test_limits(void **state) {
    (void)state;
    struct qr q;
    char *long_text = arena_alloc(arena, 3000);
    memset(long_text, 'x', 3000);
    /* ISO/IEC 18004 table 7: version 40, level M, byte mode holds 2,331. */
    assert_int_equal(qr_encode(arena, (struct str){ long_text, 2331 }, &q), OK);
    assert_int_equal(q.side, 177);
    for (int i = 0; i < q.side * q.side; i++) assert_true(q.modules[i] <= 1);
    assert_int_equal(qr_encode(arena, (struct str){ long_text, 2332 }, &q), INVALID);
    assert_int_equal(q.side, 0);
    assert_int_equal(qr_encode(arena, NO_STR, &q), INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_read_back),
                                        cmocka_unit_test(test_limits) };
    return cmocka_run_group_tests(tests, setup, teardown);
}
