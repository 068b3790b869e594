/* See poppler.h. Called by the tests of PDF files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "poppler.h"

const char *poppler_write(struct arena *a, struct str bytes) {
    char *path = str_z(a, S("/tmp/daftar-pdf-XXXXXX"));
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
    close(fd);
    return path;
}

struct str poppler_run(struct arena *a, const char *command, const char *path) {
    bool text = strncmp(command, "pdftotext", 9) == 0;
    FILE *f = popen(str_printf(a, "%s %s%s", command, path, text ? " -" : "").p, "r");
    struct buf out = { .arena = a };
    char piece[4096];
    assert_non_null(f);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&out, (struct str){ piece, n });
    if (pclose(f) != 0) fail_msg("%s failed", command);
    return buf_str(&out);
}

struct str poppler_text(struct arena *a, const char *path) {
    struct str raw = poppler_run(a, "pdftotext", path);
    struct buf out = { .arena = a };
    while (raw.n) {
        int32_t c = utf8_next(&raw);
        bool mark = c == 0x200E || c == 0x200F || c == 0x202A || c == 0x202B || c == 0x202C;
        if (c == 0xFEFB || c == 0xFEFC)
            buf_add_z(&out, "لا");
        else if (!mark)
            buf_add_utf8(&out, c);
    }
    return buf_str(&out);
}

static double number_after(struct str tag, const char *name) {
    ptrdiff_t at = str_find(tag, str_of(name));
    assert_true(at >= 0);
    return strtod(tag.p + at + strlen(name), NULL) * 25.4 / 72;
}

int poppler_words(struct arena *a, const char *path, struct poppler_word **out) {
    struct str rest = poppler_run(a, "pdftotext -bbox", path), line;
    struct poppler_word *words = NULL;
    int n = 0, page = 0;
    while (str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        if (str_starts(line, S("<page "))) page++;
        if (!str_starts(line, S("<word "))) continue;
        ptrdiff_t from = str_find_c(line, '>'), to = str_find(line, S("</word>"));
        words = arena_grow(a, words, sizeof *words * (size_t)n, sizeof *words * (size_t)(n + 1));
        words[n++] = (struct poppler_word){
            page,
            number_after(line, "xMin=\""),
            number_after(line, "yMin=\""),
            number_after(line, "xMax=\""),
            number_after(line, "yMax=\""),
            str_sub(line, (size_t)from + 1, (size_t)(to - from - 1)),
        };
    }
    *out = words;
    return n;
}
