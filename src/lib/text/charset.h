/* In which encoding a text file is, and that file as UTF-8. */
#ifndef TEXT_CHARSET_H
#define TEXT_CHARSET_H
#include "lib/text/csv.h"

struct charset_guess {
    const char *name; /* one of charset_names */
    bool bom;         /* the file says so itself */
    int confidence;   /* 0 to 100: under 60, ask the person */
};

/* "UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252", "windows-1256", "ISO-8859-1"; then NULL. */
extern const char *const charset_names[];

/* How the guess is made, in this order:
 * 1. a byte order mark;
 * 2. NUL bytes, and almost all pairs of bytes are letters of our scripts in one order: UTF-16;
 * 3. correct UTF-8 (pure ASCII too), or UTF-8 with few errors in it;
 * 4. words made only of Arabic letters of windows-1256: that; it holds French letters too;
 * 5. a byte of 0x80-0x9F that is printable in windows-1252 (€ œ ’ …): that;
 * 6. else ISO-8859-1, which is then the same as windows-1252.
 * Look at the whole file, not at its head: the first accent may stand in row 4,000. */
struct charset_guess charset_guess(struct str sample);
/* The same over everything that the source still holds. */
struct charset_guess charset_guess_source(struct csv_source source);

/* A file in one of charset_names as UTF-8, without its BOM. What cannot be decoded becomes U+FFFD
 * and is counted. ISO-8859-1 reads 0x80-0x9F as windows-1252 does, as browsers do. */
struct charset_reader;
/* NULL for a name that is not one of charset_names (case does not matter). */
struct charset_reader *charset_reader_new(struct csv_source from, const char *name);
void charset_reader_free(struct charset_reader *r); /* not what it reads from */
/* The UTF-8, for csv_open or anyone: read gives whole characters and wants room for at least 4
 * bytes. seek goes to an offset in the UTF-8 by reading from the start again; it needs a from
 * that can seek. */
struct csv_source charset_reader_source(struct charset_reader *r);
int64_t charset_reader_bad_n(const struct charset_reader *r); /* U+FFFD made so far */

#endif
