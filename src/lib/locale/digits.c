/* Digits of all scripts: into ASCII for whatever is parsed, out of it for whatever is shown.
 * Called by number.c, date.c, phone.c and by pages that show digits without grouping. */
#include "lib/base/buf.h"
#include "lib/locale/number.h"

/* The code points of every zero outside ASCII (general category Nd, Unicode 15); nine follow each.
 */
static const int32_t zeros[] = {
    0x0660,  0x06f0,  0x07c0,  0x0966,  0x09e6,  0x0a66,  0x0ae6,  0x0b66,  0x0be6,  0x0c66,
    0x0ce6,  0x0d66,  0x0de6,  0x0e50,  0x0ed0,  0x0f20,  0x1040,  0x1090,  0x17e0,  0x1810,
    0x1946,  0x19d0,  0x1a80,  0x1a90,  0x1b50,  0x1bb0,  0x1c40,  0x1c50,  0xa620,  0xa8d0,
    0xa900,  0xa9d0,  0xa9f0,  0xaa50,  0xabf0,  0xff10,  0x104a0, 0x10d30, 0x11066, 0x110f0,
    0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950,
    0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2,
    0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e950, 0x1fbf0
};

int digit_value(int32_t c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c < zeros[0]) return -1;
    int low = 0, high = (int)(sizeof zeros / sizeof *zeros);
    while (high - low > 1) {
        int mid = (low + high) / 2;
        if (zeros[mid] <= c)
            low = mid;
        else
            high = mid;
    }
    return c - zeros[low] < 10 ? c - zeros[low] : -1;
}

struct str digits_ascii(struct arena *a, struct str text) {
    size_t i = 0;
    while (i < text.n && (unsigned char)text.p[i] < 0x80) i++;
    if (i == text.n) return text;
    struct buf b = { .arena = a };
    buf_reserve(&b, text.n);
    while (text.n) {
        struct str before = text;
        int32_t c = utf8_next(&text);
        int digit = c < 0x80 ? -1 : digit_value(c);
        if (digit >= 0)
            buf_add_c(&b, (char)('0' + digit));
        else
            buf_add(&b, (struct str){ before.p, before.n - text.n });
    }
    return buf_str(&b);
}

struct str digits_show(struct arena *a, const struct locale *loc, struct str ascii) {
    if (loc->digits == DIGITS_LATN || !ascii.n) return ascii;
    int32_t zero = loc->digits == DIGITS_ARABEXT ? 0x06f0 : 0x0660;
    struct buf b = { .arena = a };
    buf_reserve(&b, ascii.n * 2);
    for (size_t i = 0; i < ascii.n; i++) {
        char c = ascii.p[i];
        if (c >= '0' && c <= '9')
            buf_add_utf8(&b, zero + c - '0');
        else
            buf_add_c(&b, c);
    }
    return buf_str(&b);
}
