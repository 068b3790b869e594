/* What a reader of PDF files sees, for tests: poppler's commands. Include it after cmocka.h. */
#ifndef POPPLER_H
#define POPPLER_H
#include "lib/base/str.h"

/* The bytes as a temporary file; unlink it. */
const char *poppler_write(struct arena *a, struct str bytes);
/* What "COMMAND FILE" prints ("pdfinfo", "pdffonts", "pdftotext -bbox"); fails when it cannot. */
struct str poppler_run(struct arena *a, const char *command, const char *path);
/* The text in reading order, ligatures as letters, without marks of direction. */
struct str poppler_text(struct arena *a, const char *path);
/* A word of the file: its page from 1, its box in millimetres. */
struct poppler_word {
    int page;
    double x1, y1, x2, y2;
    struct str text;
};
int poppler_words(struct arena *a, const char *path, struct poppler_word **out);

#endif
