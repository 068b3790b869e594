/* The vCard reader of vcard.h: bytes to lines, folded lines to properties, properties to cards.
 * Called by core/exchange/sheet_vcard.c and sheet_text.c; what a property says is understood in
 * vcard_value.c. Folding and quoted-printable are undone on bytes, before the encoding: some
 * writers fold inside a character. */
#include "lib/text/vcard.h"

#include "lib/text/charset.h"
#include "lib/text/vcard_value.h"

enum { BLOCK = 1 << 16, STRANGE_MAX = 1 << 16, FAULTS_MAX = 100, WHAT_MAX = 120 };

struct vcard_reader {
    struct csv_source file, source; /* source: file, or its UTF-16 as UTF-8 */
    struct charset_reader *utf16;
    const char *fallback;
    char *block;
    size_t at, end;
    struct str head; /* what was read to look at and not yet given on */
    bool at_end, failed;
    struct buf line, next; /* the logical line at hand; the physical one behind it */
    int64_t line_no, next_no, lines;
    bool has_next, began; /* began: BEGIN of the next card was seen already */
    int64_t begin_line;
    ptrdiff_t colon; /* of the logical line, -1 while there is none */
    bool quoted_printable, base64;
    enum vcard_version version;
    int agents; /* cards inside this card */
    size_t card_bytes;
    bool told;    /* that this card is too big */
    bool outside; /* text between cards was told of already */
    struct buf strange;
};

/* --- bytes --- */

static ptrdiff_t head_read(void *of, char *to, size_t cap) {
    struct vcard_reader *r = of;
    size_t n = r->head.n < cap ? r->head.n : cap;
    if (n == 0) return r->file.read(r->file.of, to, cap);
    memcpy(to, r->head.p, n);
    r->head = str_sub(r->head, n, r->head.n);
    return (ptrdiff_t)n;
}

static bool fill(struct vcard_reader *r) {
    if (r->at_end) return false;
    ptrdiff_t n = r->source.read(r->source.of, r->block, BLOCK);
    r->failed |= n < 0;
    r->at_end = n <= 0;
    r->at = 0;
    r->end = n > 0 ? (size_t)n : 0;
    return n > 0;
}

static size_t to_line_end(const char *p, size_t n) {
    const char *lf = memchr(p, '\n', n);
    if (lf) n = (size_t)(lf - p);
    const char *cr = n ? memchr(p, '\r', n) : NULL;
    return cr ? (size_t)(cr - p) : n;
}

/* The next physical line, without its end (LF, CR LF, CR). */
static void advance(struct vcard_reader *r) {
    r->next.n = 0;
    r->next.full = false;
    r->has_next = false;
    r->next_no = ++r->lines;
    while (r->at < r->end || fill(r)) {
        size_t n = to_line_end(r->block + r->at, r->end - r->at);
        r->has_next = true;
        buf_add(&r->next, (struct str){ r->block + r->at, n });
        r->at += n;
        if (r->at == r->end) continue;
        if (r->block[r->at++] == '\r' && (r->at < r->end || fill(r)) && r->block[r->at] == '\n')
            r->at++;
        return;
    }
}

/* --- logical lines --- */

static ptrdiff_t colon_of(struct str s) {
    bool quotes = false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"') quotes = !quotes;
        if (s.p[i] == ':' && !quotes) return (ptrdiff_t)i;
    }
    return str_find_c(s, ':');
}

static bool has_word(struct str s, struct str word) {
    for (size_t i = 0; i + word.n <= s.n; i++)
        if (str_eq_ascii(str_sub(s, i, word.n), word)) return true;
    return false;
}

static void look_at_head(struct vcard_reader *r) {
    if (r->colon >= 0) return;
    struct str line = buf_str(&r->line);
    r->colon = colon_of(line);
    if (r->colon < 0) return;
    struct str head = str_sub(line, 0, (size_t)r->colon);
    r->quoted_printable = has_word(head, S("QUOTED-PRINTABLE"));
    r->base64 = has_word(head, S("ENCODING=B")) || has_word(head, S("BASE64"));
}

static bool is_mark(struct str s, struct str word) {
    if (str_starts(s, S("\xEF\xBB\xBF"))) s = str_sub(s, 3, s.n); /* files put together */
    ptrdiff_t colon = str_find_c(s, ':');
    return colon > 0 && str_eq_ascii(str_trim(str_sub(s, 0, (size_t)colon)), word) &&
           str_eq_ascii(str_trim(str_sub(s, (size_t)colon + 1, SIZE_MAX)), S("VCARD"));
}

static bool is_base64_line(struct str s) {
    s = str_trim(s);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '+' || c == '/' || c == '='))
            return false;
    }
    return s.n > 0;
}

static bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/* The line behind a soft break. White space before a code is folding, before a word it is text. */
static void join_soft(struct vcard_reader *r) {
    struct str s = buf_str(&r->next), trimmed = s;
    while (trimmed.n && (trimmed.p[0] == ' ' || trimmed.p[0] == '\t'))
        trimmed = str_sub(trimmed, 1, trimmed.n);
    if (trimmed.n > 2 && trimmed.p[0] == '=' && is_hex(trimmed.p[1]) && is_hex(trimmed.p[2]))
        s = trimmed;
    r->line.n--;
    r->line.full |= r->next.full;
    buf_add(&r->line, s);
}

/* Does the physical line behind belong to this one? Then it was joined. */
static bool join(struct vcard_reader *r) {
    struct str next = buf_str(&r->next), line = buf_str(&r->line);
    bool folded = next.n && (next.p[0] == ' ' || next.p[0] == '\t');
    look_at_head(r);
    if (!r->has_next) return false;
    if (r->quoted_printable && str_ends(line, S("="))) {
        if (is_mark(next, S("END")) || is_mark(next, S("BEGIN"))) return false;
        join_soft(r);
    } else if (folded) {
        bool keep = r->version == VCARD_21 && r->colon >= 0 && !r->base64 && !r->quoted_printable;
        r->line.full |= r->next.full;
        buf_add(&r->line, str_sub(next, keep ? 0 : 1, next.n));
    } else if (r->base64 && line.n && is_base64_line(next)) {
        r->line.full |= r->next.full;
        buf_add(&r->line, next);
    } else {
        return false;
    }
    return true;
}

/* The next logical line that is not blank; false at the end. */
static bool next_line(struct vcard_reader *r) {
    do {
        if (!r->has_next) return false;
        struct buf old = r->line;
        r->line = r->next;
        r->next = old;
        r->line_no = r->next_no;
        r->colon = -1;
        r->quoted_printable = r->base64 = false;
        advance(r);
        while (join(r)) advance(r);
    } while (!str_trim(buf_str(&r->line)).n);
    return true;
}

/* --- one property --- */

struct making { /* the card at hand */
    struct vcard_reader *r;
    struct arena *a;
    struct vcard *card;
    int cap, faults_cap;
};

static void fault(struct making *m, enum vcard_fault_kind kind, int64_t line, struct str what) {
    struct vcard *card = m->card;
    if (card->faults_n++ >= FAULTS_MAX) return;
    if (card->faults_n > m->faults_cap) {
        int cap = m->faults_cap ? m->faults_cap * 2 : 8;
        card->faults = arena_grow(m->a, card->faults, (size_t)m->faults_cap * sizeof *card->faults,
                                  (size_t)cap * sizeof *card->faults);
        m->faults_cap = cap;
    }
    what = str_trim(what);
    what = str_dup(m->a, vcard_repair(m->a, str_sub(what, 0, WHAT_MAX)));
    card->faults[card->faults_n - 1] = (struct vcard_fault){ kind, line, what };
}

static struct str upper(struct arena *a, struct str s) {
    char *p = str_z(a, s);
    for (size_t i = 0; i < s.n; i++)
        if (p[i] >= 'a' && p[i] <= 'z') p[i] = (char)(p[i] - 'a' + 'A');
    return (struct str){ p, s.n };
}

static bool is_name(struct str s) {
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_'))
            return false;
    }
    return s.n > 0;
}

static void add_param(struct making *m, struct vcard_prop *p, struct str name, struct str value) {
    if ((p->params_n & (p->params_n - 1)) == 0) /* 0, 1, 2, 4, …: full */
        p->params = arena_grow(m->a, p->params, (size_t)p->params_n * sizeof *p->params,
                               (size_t)(p->params_n ? p->params_n * 2 : 1) * sizeof *p->params);
    p->params[p->params_n++] = (struct vcard_param){ name, vcard_param_text(m->a, value) };
}

/* A bare word of 2.1 is an encoding, a kind of value, else a type. */
static struct str bare_name(struct str word) {
    static const char *const encodings[] = { "QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B" };
    static const char *const values[] = { "INLINE", "URL", "CONTENT-ID", "CID", "URI" };
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (str_eq_ascii(word, str_of(encodings[i]))) return S("ENCODING");
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (str_eq_ascii(word, str_of(values[i]))) return S("VALUE");
    return S("TYPE");
}

/* Cuts at sep outside quotes. */
static bool cut_quoted(struct str *rest, char sep, struct str *piece) {
    bool quotes = false;
    size_t i = 0;
    if (!rest->p) return false;
    for (; i < rest->n && (quotes || rest->p[i] != sep); i++)
        if (rest->p[i] == '"') quotes = !quotes;
    *piece = str_sub(*rest, 0, i);
    *rest = i < rest->n ? str_sub(*rest, i + 1, rest->n) : NO_STR;
    return true;
}

static bool read_head(struct making *m, struct str head, struct vcard_prop *p) {
    struct str rest = head, name, param, value;
    if (!cut_quoted(&rest, ';', &name)) return false;
    name = str_trim(name);
    ptrdiff_t dot = str_find_c(name, '.');
    if (dot > 0) {
        p->group = str_lower_ascii(m->a, str_sub(name, 0, (size_t)dot));
        name = str_sub(name, (size_t)dot + 1, name.n);
    }
    if (!is_name(name)) return false;
    p->name = upper(m->a, name);
    while (cut_quoted(&rest, ';', &param)) {
        ptrdiff_t is = str_find_c(param, '=');
        param = str_trim(param);
        if (!param.n || p->params_n > 60) continue;
        if (is <= 0) {
            add_param(m, p, bare_name(param), param);
            continue;
        }
        struct str of = upper(m->a, str_trim(str_sub(param, 0, (size_t)is)));
        struct str values = str_trim(str_sub(param, (size_t)is + 1, param.n));
        if (str_eq_z(of, "TYPE") && str_starts(values, S("\"")) && str_ends(values, S("\"")))
            values = str_sub(values, 1, values.n - 2); /* TYPE="home,voice" is two */
        while (cut_quoted(&values, ',', &value) && p->params_n <= 60) add_param(m, p, of, value);
    }
    return true;
}

struct str vcard_unquote(struct arena *a, struct str s) {
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char byte;
        if (s.p[i] == '=' && i + 2 < s.n && str_unhex(str_sub(s, i + 1, 2), &byte, 1)) {
            p[n++] = (char)byte;
            i += 2;
        } else if (s.p[i] != '=' || i + 1 < s.n) {
            p[n++] = s.p[i];
        }
    }
    return (struct str){ p, n };
}

static const char *charset_known(struct str name) {
    static const struct {
        const char *said, *is;
    } others[] = {
        { "CP1252", "windows-1252" },
        { "CP1256", "windows-1256" },
        { "LATIN1", "ISO-8859-1" },
        { "ISO8859-1", "ISO-8859-1" },
        { "US-ASCII", "UTF-8" },
        { "ASCII", "UTF-8" },
        { "UTF8", "UTF-8" },
        { "UTF-16", "UTF-16BE" },
        { "ISO-8859-15", "ISO-8859-1" },
        { "ISO_8859-1", "ISO-8859-1" },
    };
    for (int i = 0; charset_names[i]; i++)
        if (str_eq_ascii(name, str_of(charset_names[i]))) return charset_names[i];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_eq_ascii(name, str_of(others[i].said))) return others[i].is;
    return NULL;
}

static struct str decode(struct making *m, const struct vcard_prop *p, struct str bytes,
                         const char *charset) {
    struct buf b = { .arena = m->a };
    char block[4096];
    ptrdiff_t n;
    struct charset_reader *c = charset_reader_new(csv_from_str(&bytes), charset);
    if (!c) return vcard_repair(m->a, bytes);
    struct csv_source from = charset_reader_source(c);
    while ((n = from.read(from.of, block, sizeof block)) > 0)
        buf_add(&b, (struct str){ block, (size_t)n });
    if (charset_reader_bad_n(c)) fault(m, VCARD_BAD_BYTES, p->line, p->name);
    charset_reader_free(c);
    return buf_str(&b);
}

static struct str to_utf8(struct making *m, const struct vcard_prop *p, struct str bytes) {
    struct str said = vcard_param(p, "CHARSET");
    const char *charset = said.n ? charset_known(said) : NULL;
    bool valid = utf8_valid(bytes);
    if (said.n && !charset && !valid) fault(m, VCARD_BAD_CHARSET, p->line, said);
    bool wide = charset && str_starts(str_of(charset), S("UTF-16")) && p->unquoted;
    if (charset && (wide || (!valid && strcmp(charset, "UTF-8") != 0)))
        return decode(m, p, bytes, charset);
    if (valid) return bytes;
    if (m->r->strange.n + bytes.n < STRANGE_MAX) {
        buf_add(&m->r->strange, bytes);
        buf_add_c(&m->r->strange, '\n');
    }
    if (m->r->fallback && strcmp(m->r->fallback, "UTF-8") != 0 &&
        !str_starts(str_of(m->r->fallback), S("UTF-16")))
        return decode(m, p, bytes, m->r->fallback);
    fault(m, VCARD_BAD_BYTES, p->line, p->name);
    return vcard_repair(m->a, bytes);
}

static bool is_binary(const struct vcard_prop *p) {
    return str_eq_z(p->name, "PHOTO") || str_eq_z(p->name, "LOGO") || str_eq_z(p->name, "SOUND") ||
           str_eq_z(p->name, "KEY") || str_starts(p->name, S("X-MS-"));
}

static void read_value(struct making *m, struct vcard_prop *p, struct str raw) {
    struct str plain;
    p->base64 = vcard_has(p, "ENCODING", "B") || vcard_has(p, "ENCODING", "BASE64");
    p->unquoted = vcard_has(p, "ENCODING", "QUOTED-PRINTABLE");
    raw = str_dup(m->a, raw);
    if (p->unquoted) raw = vcard_unquote(m->a, raw);
    /* Some phones write even names as base64. */
    if (p->base64 && !is_binary(p) && vcard_unbase64(m->a, raw, &plain)) {
        raw = plain;
        p->base64 = false;
        p->unquoted = true;
    }
    p->value = to_utf8(m, p, raw);
}

static void set_version(struct making *m, struct str value) {
    value = str_trim(value);
    m->card->version = str_starts(value, S("2"))   ? VCARD_21
                       : str_starts(value, S("4")) ? VCARD_40
                                                   : VCARD_30;
    m->r->version = m->card->version;
}

static void add_prop(struct making *m) {
    struct vcard_reader *r = m->r;
    struct str line = buf_str(&r->line);
    struct vcard_prop p = { .line = r->line_no, .of_agent = r->agents > 0 };
    if (r->colon <= 0 || !read_head(m, str_sub(line, 0, (size_t)r->colon), &p)) {
        fault(m, VCARD_NO_LINE, r->line_no, line);
        return;
    }
    if (r->line.full) {
        fault(m, VCARD_TOO_LONG, r->line_no, p.name);
        return;
    }
    struct str raw = str_sub(line, (size_t)r->colon + 1, line.n);
    if (str_eq_z(p.name, "VERSION") && !p.of_agent) {
        set_version(m, raw);
        return;
    }
    r->card_bytes += raw.n;
    if (m->card->n >= LIMIT_VCARD_LINES_N || r->card_bytes > LIMIT_VCARD_CARD) {
        if (!r->told) fault(m, VCARD_TOO_MANY, r->line_no, p.name);
        r->told = true;
        return;
    }
    read_value(m, &p, raw);
    if (m->card->n == m->cap) {
        int cap = m->cap ? m->cap * 2 : 16;
        m->card->v =
            arena_grow(m->a, m->card->v, (size_t)m->cap * sizeof p, (size_t)cap * sizeof p);
        m->cap = cap;
    }
    m->card->v[m->card->n++] = p;
}

/* --- cards --- */

static bool agent_follows(const struct vcard *card) {
    const struct vcard_prop *last = card->n ? &card->v[card->n - 1] : NULL;
    return last && str_eq_z(last->name, "AGENT") && !str_trim(last->value).n;
}

static bool find_begin(struct making *m) {
    struct vcard_reader *r = m->r;
    bool found = r->began;
    r->began = false;
    while (!found && next_line(r)) {
        found = is_mark(buf_str(&r->line), S("BEGIN"));
        if (!found && !r->outside) fault(m, VCARD_OUTSIDE, r->line_no, buf_str(&r->line));
        r->outside = !found;
        r->begin_line = r->line_no;
    }
    r->outside = false;
    return found;
}

enum vcard_event vcard_next(struct vcard_reader *r, struct arena *a, struct vcard *out) {
    struct making m = { .r = r, .a = a, .card = out };
    *out = (struct vcard){ .version = VCARD_30 };
    if (!find_begin(&m)) return r->failed ? VCARD_UNREADABLE : VCARD_END;
    out->line = r->begin_line;
    r->version = VCARD_30;
    r->agents = 0;
    r->card_bytes = 0;
    r->told = false;
    while (next_line(r)) {
        struct str line = buf_str(&r->line);
        if (is_mark(line, S("END"))) {
            if (r->agents-- == 0) return VCARD_CARD;
        } else if (!is_mark(line, S("BEGIN"))) {
            add_prop(&m);
        } else if (agent_follows(out)) {
            r->agents++;
        } else {
            fault(&m, VCARD_NOT_CLOSED, out->line, S(""));
            r->began = true;
            r->begin_line = r->line_no;
            return VCARD_CARD;
        }
    }
    if (r->failed) return VCARD_UNREADABLE;
    fault(&m, VCARD_NOT_CLOSED, out->line, S(""));
    return VCARD_CARD;
}

/* Looks at the first block: UTF-16 must be told before anything is cut into lines. */
struct vcard_reader *vcard_open(struct csv_source from, const char *fallback) {
    struct vcard_reader *r = calloc(1, sizeof *r);
    if (!r || !(r->block = malloc(2 * BLOCK))) BUG("out of memory");
    r->file = from;
    r->fallback = fallback;
    char *head = r->block + BLOCK;
    ptrdiff_t n = 1;
    while (r->head.n < BLOCK && (n = from.read(from.of, head + r->head.n, BLOCK - r->head.n)) > 0)
        r->head.n += (size_t)n;
    r->head.p = head;
    r->failed = n < 0;
    r->source = (struct csv_source){ head_read, NULL, r };
    struct charset_guess guess = charset_guess(r->head);
    if (str_starts(str_of(guess.name), S("UTF-16"))) {
        r->utf16 = charset_reader_new(r->source, guess.name);
        if (r->utf16) r->source = charset_reader_source(r->utf16);
    } else if (str_starts(r->head, S("\xEF\xBB\xBF"))) {
        r->head = str_sub(r->head, 3, r->head.n);
    }
    r->line.max = r->next.max = LIMIT_VCARD_VALUE;
    advance(r);
    return r;
}

void vcard_close(struct vcard_reader *r) {
    if (!r) return;
    charset_reader_free(r->utf16);
    buf_free(&r->line);
    buf_free(&r->next);
    buf_free(&r->strange);
    free(r->block);
    free(r);
}

struct str vcard_strange(const struct vcard_reader *r) {
    return buf_str(&r->strange);
}
