/* Any bytes through lib/text/charset: decoded by each name to UTF-8, the same in blocks of any
 * size. */
#include "lib/text/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str decoded(struct arena *a, struct str bytes, const char *name, size_t step) {
    struct charset_reader *r = charset_reader_new(csv_from_str(&bytes), name);
    if (!r) BUG("%s is not known", name);
    struct csv_source from = charset_reader_source(r);
    struct buf b = { .arena = a };
    char block[512];
    ptrdiff_t n;
    while ((n = from.read(from.of, block, step)) > 0) {
        if (!utf8_valid((struct str){ block, (size_t)n })) BUG("a split character");
        buf_add(&b, (struct str){ block, (size_t)n });
    }
    if (n < 0 || charset_reader_bad_n(r) > (int64_t)b.n) BUG("more errors than text");
    charset_reader_free(r);
    return buf_str(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct str bytes = { (const char *)data, size }, rest = bytes;
    struct charset_guess g = charset_guess(bytes), h = charset_guess_source(csv_from_str(&rest));
    if (g.name != h.name || g.bom != h.bom || g.confidence != h.confidence) BUG("two guesses");
    if (g.confidence < 0 || g.confidence > 100) BUG("confidence %d", g.confidence);
    struct arena *a = arena_new();
    for (int i = 0; charset_names[i]; i++) {
        struct str whole = decoded(a, bytes, charset_names[i], 512);
        if (!str_eq(whole, decoded(a, bytes, charset_names[i], 4 + size % 7))) BUG("blocks matter");
    }
    arena_free(a);
    return 0;
}
