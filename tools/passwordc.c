/* Makes the table of common passwords: passwordc OUT.c frequency_lists.js
 * Called by the Makefile; the table is core/web/password.h's password_table. The file is zxcvbn's
 * list of words by frequency, of which the passwords are taken, the 10,000 most frequent; nothing
 * of it stands in this repository. Stored are digests of 64 bits, sorted: 80 kB, and no readable
 * word. One password in 10^15 is refused by accident. */
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/buf.h"
#include "lib/base/map.h"
#include "lib/text/fold.h"

enum { WORDS = 10000, LEAST = 3 };

_Noreturn static void stop(const char *path, const char *what) {
    fprintf(stderr, "passwordc: %s: %s\n", path, what);
    exit(1);
}

static struct str read_file(struct arena *a, const char *path) {
    FILE *f = fopen(path, "rb");
    struct buf b = { .arena = a };
    if (!f) stop(path, "cannot be read");
    for (size_t n = 1; n > 0;) {
        buf_reserve(&b, 1 << 16);
        n = fread(b.p + b.n, 1, 1 << 16, f);
        b.n += n;
    }
    fclose(f);
    return buf_str(&b);
}

/* As core/web/password.c compares them: folded, without blanks. */
static struct str folded(struct arena *a, struct str word) {
    struct str f = fold(a, word);
    struct buf b = { .arena = a };
    for (size_t i = 0; i < f.n; i++)
        if (f.p[i] != ' ') buf_add_c(&b, f.p[i]);
    return buf_str(&b);
}

static int by_number(const void *x, const void *y) {
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return a < b ? -1 : a > b;
}

int main(int argc, char **argv) {
    if (argc != 3) stop("usage", "passwordc OUT.c frequency_lists.js");
    struct arena *a = arena_new();
    struct str all = read_file(a, argv[2]), word;
    ptrdiff_t at = str_find(all, S("passwords: \""));
    if (at < 0) stop(argv[2], "there is no list of passwords in it");
    all = str_sub(all, (size_t)at + strlen("passwords: \""), all.n);
    ptrdiff_t end = str_find_c(all, '"');
    if (end < 0) stop(argv[2], "the list of passwords does not end");
    all = str_sub(all, 0, (size_t)end);
    uint64_t *v = arena_array(a, uint64_t, WORDS);
    int n = 0, kept = 0;
    for (int seen = 0; seen < WORDS && str_cut(&all, ',', &word); seen++) {
        struct str f = folded(a, word);
        if (f.n >= LEAST) v[n++] = hash_bytes(f.p, f.n, 0);
    }
    if (n < WORDS * 9 / 10) stop(argv[2], "there are too few passwords in it");
    qsort(v, (size_t)n, sizeof *v, by_number);
    FILE *f = fopen(argv[1], "wb");
    if (!f) stop(argv[1], "cannot be written");
    fprintf(f, "/* Made by tools/passwordc.c from zxcvbn's list. */\n"
               "#include \"core/web/password.h\"\n\nconst uint64_t password_table[] = {\n");
    for (int i = 0; i < n; i++)
        if (i == 0 || v[i] != v[i - 1]) {
            fprintf(f, "    0x%016llx,\n", (unsigned long long)v[i]);
            kept++;
        }
    fprintf(f, "};\nconst int password_table_n = %d;\n", kept);
    if (fclose(f) != 0) stop(argv[1], "cannot be written");
    arena_free(a);
    return 0;
}
