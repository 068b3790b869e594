/* See random.h. splitmix64 after Steele, Lea and Flood (2014). */
#include "lib/base/random.h"

#include <sys/random.h>

void random_bytes(void *p, size_t n) {
    char *to = p;
    while (n) {
        ssize_t got = getrandom(to, n, 0);
        if (got <= 0) BUG("getrandom failed");
        to += got;
        n -= (size_t)got;
    }
}

struct str random_token(struct arena *a, size_t n) {
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t chars = (n * 8 + 5) / 6;
    unsigned char *bytes = arena_alloc(a, chars);
    char *text = arena_alloc(a, chars + 1);
    random_bytes(bytes, chars);
    for (size_t i = 0; i < chars; i++) text[i] = set[bytes[i] & 63];
    return (struct str){ text, chars };
}

uint64_t dice_next(struct dice *d) {
    uint64_t z = d->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

int64_t dice_below(struct dice *d, int64_t n) {
    return (int64_t)(dice_next(d) % (uint64_t)n);
}
