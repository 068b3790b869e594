/* Guessing and decoding of charset.h. Called by the import before text/csv.c; calls ICU's
 * converters (not its detector, which takes short Persian lists for anything). */
#include "lib/text/charset.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucnv_err.h>

const char *const charset_names[] = {
    "UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252", "windows-1256", "ISO-8859-1", NULL,
};

/* What one pass over a file counts. */
struct scan {
    int64_t bytes_n, zeros_n, high_n;
    unsigned char head[3];
    unsigned char before;                            /* the byte before, for UTF-16 */
    int64_t units_n, little_n, big_n;                /* pairs; those that are text in each order */
    int64_t multi_n, bad_n;                          /* UTF-8: characters, wrong bytes */
    int left;                                        /* bytes that the character still wants */
    unsigned char least, most;                       /* in which range the next one must be */
    int ascii, high, arabic, latin;                  /* letters of the word at hand */
    int64_t arabic_n, latin_n, upper_n, undefined_n; /* see end_word; 0x80-0x9F; not in 1252 */
};

static bool is_text_unit(int u) {
    return (u >= 0x20 && u < 0x7F) || u == '\t' || u == '\r' || u == '\n' ||
           (u >= 0xA0 && u < 0x180) || (u >= 0x600 && u < 0x700) || (u >= 0x2000 && u < 0x2070) ||
           u == 0x20AC || (u >= 0xFB50 && u < 0xFF00);
}

static bool is_arabic_1256(unsigned char b) {
    return (b >= 0xC0 && b <= 0xDF && b != 0xD7) || b == 0xE1 || (b >= 0xE3 && b <= 0xE6) ||
           b == 0xEC || b == 0xED || (b >= 0xF0 && b <= 0xF3) ||
           (b && strchr("\xF5\xF6\xF8\xFA\xFF\xAA"
                        "\x81\x8A\x8D\x8E\x8F\x90\x98\x9A\x9D\x9E\x9F",
                        b));
}

static bool is_latin_1252(unsigned char b) {
    return (b >= 0xC0 && b != 0xD7 && b != 0xF7) ||
           (b && strchr("\x8A\x8C\x8E\x9A\x9C\x9E\x9F", b));
}

/* A word of high bytes only is Arabic (French has none of two letters or more); high bytes among
 * ASCII letters are Latin. */
static void end_word(struct scan *s) {
    if (s->ascii == 0 && s->high >= 2 && s->arabic == s->high) s->arabic_n += s->high;
    if (s->ascii > 0 && s->latin == s->high) s->latin_n += s->high;
    s->ascii = s->high = s->arabic = s->latin = 0;
}

static void scan_single(struct scan *s, unsigned char b) {
    bool arabic = b >= 0x80 && is_arabic_1256(b), latin = b >= 0x80 && is_latin_1252(b);
    if ((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z'))
        s->ascii++;
    else if (arabic || latin)
        s->high++, s->arabic += arabic, s->latin += latin;
    else
        end_word(s);
    s->upper_n += b >= 0x80 && b < 0xA0;
    s->undefined_n += b == 0x81 || b == 0x8D || b == 0x8F || b == 0x90 || b == 0x9D;
}

/* RFC 3629, table of section 4: the second byte has a narrower range after E0, ED, F0, F4. */
static void scan_utf8(struct scan *s, unsigned char b) {
    if (s->left) {
        bool good = b >= s->least && b <= s->most;
        s->least = 0x80;
        s->most = 0xBF;
        if (good) {
            s->left--;
            s->multi_n += s->left == 0;
            return;
        }
        s->bad_n++;
        s->left = 0;
    }
    if (b < 0x80) return;
    s->least = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
    s->most = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    s->left = b >= 0xC2 && b < 0xE0 ? 1 : b >= 0xE0 && b < 0xF0 ? 2 : b >= 0xF0 && b < 0xF5 ? 3 : 0;
    s->bad_n += s->left == 0;
}

static void scan_add(struct scan *s, struct str bytes) {
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char b = (unsigned char)bytes.p[i];
        if (s->bytes_n < 3) s->head[s->bytes_n] = b;
        if (s->bytes_n++ % 2) {
            s->units_n++;
            s->little_n += is_text_unit(b << 8 | s->before);
            s->big_n += is_text_unit(s->before << 8 | b);
        }
        s->before = b;
        s->zeros_n += b == 0;
        s->high_n += b >= 0x80;
        scan_utf8(s, b);
        scan_single(s, b);
    }
}

static int share(int64_t part, int64_t of) {
    return of ? (int)(100 * part / of) : 0;
}

static struct charset_guess scan_end(struct scan *s) {
    const char *const *names = charset_names;
    end_word(s);
    if (s->bytes_n >= 3 && memcmp(s->head, "\xEF\xBB\xBF", 3) == 0)
        return (struct charset_guess){ names[0], true, 100 };
    if (s->bytes_n >= 2 && s->head[0] == 0xFF && s->head[1] == 0xFE)
        return (struct charset_guess){ names[1], true, 100 };
    if (s->bytes_n >= 2 && s->head[0] == 0xFE && s->head[1] == 0xFF)
        return (struct charset_guess){ names[2], true, 100 };
    int little = share(s->little_n, s->units_n), big = share(s->big_n, s->units_n);
    if (s->zeros_n && little != big && (little > 90 || big > 90))
        return (struct charset_guess){ names[little > big ? 1 : 2], false,
                                       little > big ? little : big };
    if (s->bad_n == 0) return (struct charset_guess){ names[0], false, s->multi_n ? 99 : 90 };
    if (s->multi_n > 10 * s->bad_n) return (struct charset_guess){ names[0], false, 60 };
    if (s->arabic_n && s->arabic_n * 4 >= s->latin_n) {
        int sure = 50 + share(s->arabic_n + s->latin_n, s->high_n) * 45 / 100;
        return (struct charset_guess){ names[4], false, sure };
    }
    int sure = 40 + share(s->latin_n, s->high_n) * 55 / 100;
    if (s->undefined_n) sure /= 2;
    return (struct charset_guess){ names[s->upper_n ? 3 : 5], false, sure };
}

struct charset_guess charset_guess(struct str sample) {
    struct scan s = { 0 };
    scan_add(&s, sample);
    return scan_end(&s);
}

struct charset_guess charset_guess_source(struct csv_source source) {
    struct scan s = { 0 };
    char block[16384];
    ptrdiff_t n;
    while ((n = source.read(source.of, block, sizeof block)) > 0)
        scan_add(&s, (struct str){ block, (size_t)n });
    return scan_end(&s);
}

struct charset_reader {
    struct csv_source from;
    UConverter *converter;
    bool windows_1252;    /* C1 controls out of it are bytes that it does not know */
    bool from_end, begun; /* begun: the place of a BOM is behind us */
    bool failed;
    int64_t bad_n, offset; /* offset: UTF-8 bytes given out */
    char raw[16384];
    const char *raw_at, *raw_end;
    UChar unit[8192];
    int unit_at, unit_n;
};

/* ICU calls it for bytes that it cannot decode: counts them and writes U+FFFD. */
static void U_CALLCONV count_bad(const void *context, UConverterToUnicodeArgs *args,
                                 const char *bytes, int32_t n, UConverterCallbackReason reason,
                                 UErrorCode *e) {
    struct charset_reader *r = (struct charset_reader *)(uintptr_t)context;
    static const UChar replacement = 0xFFFD;
    (void)bytes;
    (void)n;
    if (reason > UCNV_IRREGULAR) return;
    r->bad_n++;
    *e = U_ZERO_ERROR;
    ucnv_cbToUWriteUChars(args, &replacement, 1, 0, e);
}

struct charset_reader *charset_reader_new(struct csv_source from, const char *name) {
    const char *known = NULL;
    for (int i = 0; charset_names[i] && !known; i++)
        if (str_eq_ascii(str_of(name), str_of(charset_names[i]))) known = charset_names[i];
    if (!known) return NULL;
    struct charset_reader *r = calloc(1, sizeof *r);
    if (!r) BUG("out of memory");
    if (known == charset_names[5]) known = charset_names[3];
    UErrorCode e = U_ZERO_ERROR;
    r->from = from;
    r->windows_1252 = known == charset_names[3];
    r->converter = ucnv_open(known, &e);
    ucnv_setToUCallBack(r->converter, count_bad, r, NULL, NULL, &e);
    if (U_FAILURE(e)) BUG("ICU has no %s: %s", known, u_errorName(e));
    return r;
}

void charset_reader_free(struct charset_reader *r) {
    if (!r) return;
    ucnv_close(r->converter);
    free(r);
}

int64_t charset_reader_bad_n(const struct charset_reader *r) {
    return r->bad_n;
}

/* Decodes some more; false at the end. A whole block may decode to nothing (half a character). */
static bool decode(struct charset_reader *r) {
    do {
        if (r->raw_at == r->raw_end && !r->from_end) {
            ptrdiff_t n = r->from.read(r->from.of, r->raw, sizeof r->raw);
            r->failed = n < 0;
            r->from_end = n <= 0;
            r->raw_at = r->raw;
            r->raw_end = r->raw + (n > 0 ? n : 0);
        }
        UErrorCode e = U_ZERO_ERROR;
        UChar *to = r->unit;
        UBool flush = r->from_end;
        ucnv_toUnicode(r->converter, &to, r->unit + 8192, &r->raw_at, r->raw_end, NULL, flush, &e);
        if (U_FAILURE(e) && e != U_BUFFER_OVERFLOW_ERROR) BUG("ICU: %s", u_errorName(e));
        r->unit_at = 0;
        r->unit_n = (int)(to - r->unit);
    } while (r->unit_n == 0 && !r->from_end);
    return r->unit_n > 0;
}

static int32_t next_unit(struct charset_reader *r) {
    if (r->unit_at == r->unit_n && !decode(r)) return -1;
    return r->unit[r->unit_at++];
}

/* The next character; ICU gives only whole pairs, but may give them in two calls. */
static int32_t next_character(struct charset_reader *r) {
    int32_t c = next_unit(r);
    if (!r->begun && c == 0xFEFF) c = next_unit(r);
    r->begun = true;
    if (c >= 0xD800 && c < 0xDC00) return ((c - 0xD800) << 10) + next_unit(r) - 0xDC00 + 0x10000;
    if (r->windows_1252 && c >= 0x80 && c < 0xA0) {
        r->bad_n++;
        return 0xFFFD;
    }
    return c;
}

static ptrdiff_t reader_read(void *of, char *to, size_t cap) {
    struct charset_reader *r = of;
    size_t n = 0;
    if (cap < 4) BUG("no room for a character");
    while (n + 4 <= cap) {
        int32_t c = next_character(r);
        if (c < 0) break;
        n += (size_t)utf8_put(to + n, c);
        if (r->unit_at == r->unit_n && n > cap / 2) break; /* do not wait for the last corner */
    }
    r->offset += (int64_t)n;
    return n == 0 && r->failed ? -1 : (ptrdiff_t)n;
}

static bool reader_seek(void *of, int64_t offset) {
    struct charset_reader *r = of;
    char skipped[4096];
    if (!r->from.seek || !r->from.seek(r->from.of, 0)) return false;
    ucnv_resetToUnicode(r->converter);
    r->raw_at = r->raw_end = NULL;
    r->unit_at = r->unit_n = 0;
    r->from_end = r->begun = r->failed = false;
    r->bad_n = r->offset = 0;
    while (r->offset < offset) {
        int64_t left = offset - r->offset;
        size_t cap = left < (int64_t)sizeof skipped - 3 ? (size_t)left + 3 : sizeof skipped;
        if (cap < 4 || reader_read(r, skipped, cap) <= 0) return false;
    }
    return r->offset == offset;
}

struct csv_source charset_reader_source(struct charset_reader *r) {
    return (struct csv_source){ reader_read, r->from.seek ? reader_seek : NULL, r };
}
