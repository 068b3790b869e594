/* Named parameters for PostgreSQL: `:name` becomes `$n`. Called by postgres.c when it prepares a
 * statement. Follows the lexical rules of PostgreSQL 15, section 4.1 of its manual, as far as they
 * decide where a colon is not a parameter: strings, E'' strings, "identifiers", $tag$ strings,
 * comments (nested ones too), :: casts, := and array slices. */
#include "lib/db/driver.h"

struct scan {
    struct str text;
    size_t at;
};

static char peek(const struct scan *s, size_t ahead) {
    return s->at + ahead < s->text.n ? s->text.p[s->at + ahead] : 0;
}

static bool is_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 128;
}

static bool is_word(char c) {
    return is_start(c) || (c >= '0' && c <= '9');
}

/* at stands on the opening quote; a doubled quote is one inside. */
static void skip_quoted(struct scan *s, char quote, bool backslashes) {
    s->at++;
    while (s->at < s->text.n) {
        char c = peek(s, 0);
        if (backslashes && c == '\\')
            s->at++;
        else if (c == quote && peek(s, 1) == quote)
            s->at++;
        else if (c == quote)
            break;
        s->at++;
    }
    s->at++;
}

static void skip_line(struct scan *s) {
    while (s->at < s->text.n && peek(s, 0) != '\n') s->at++;
}

static void skip_comment(struct scan *s) {
    int depth = 0;
    do {
        if (peek(s, 0) == '/' && peek(s, 1) == '*')
            depth++, s->at += 2;
        else if (peek(s, 0) == '*' && peek(s, 1) == '/')
            depth--, s->at += 2;
        else
            s->at++;
    } while (depth && s->at < s->text.n);
}

/* $$…$$ or $tag$…$tag$; a lone dollar is stepped over. */
static void skip_dollar(struct scan *s) {
    size_t n = 1;
    if (is_start(peek(s, n)))
        while (is_word(peek(s, n))) n++;
    if (peek(s, n) != '$') {
        s->at++;
        return;
    }
    struct str tag = str_sub(s->text, s->at, n + 1);
    s->at += tag.n;
    ptrdiff_t end = str_find(str_sub(s->text, s->at, s->text.n), tag);
    s->at = end < 0 ? s->text.n : s->at + (size_t)end + tag.n;
}

static void skip_word(struct scan *s) {
    bool escapes = (peek(s, 0) == 'e' || peek(s, 0) == 'E') && peek(s, 1) == '\'';
    if (escapes) {
        s->at++;
        skip_quoted(s, '\'', true);
        return;
    }
    while (is_word(peek(s, 0)) || peek(s, 0) == '$') s->at++;
}

/* Moves over everything that is not a parameter; false at the end. */
static bool find_colon(struct scan *s) {
    while (s->at < s->text.n) {
        char c = peek(s, 0), d = peek(s, 1);
        if (c == ':' && is_start(d) && (unsigned char)d < 128) return true;
        if (c == ':' && (d == ':' || d == '='))
            s->at += 2;
        else if (c == '\'' || c == '"')
            skip_quoted(s, c, false);
        else if (c == '-' && d == '-')
            skip_line(s);
        else if (c == '/' && d == '*')
            skip_comment(s);
        else if (c == '$')
            skip_dollar(s);
        else if (is_word(c))
            skip_word(s);
        else
            s->at++;
    }
    s->at = s->text.n;
    return false;
}

int sql_rewrite(struct arena *a, struct str text, struct str *out, const char *const **names) {
    struct scan s = { text, 0 };
    struct buf b = { .arena = a };
    const char **list = NULL;
    int n = 0;
    for (size_t from = 0;; from = s.at) {
        bool found = find_colon(&s);
        buf_add(&b, str_sub(text, from, s.at - from));
        if (!found) break;
        size_t end = 1;
        while (is_word(peek(&s, end)) && (unsigned char)peek(&s, end) < 128) end++;
        const char *name = str_z(a, str_sub(text, s.at + 1, end - 1));
        int at = 0;
        while (at < n && strcmp(list[at], name) != 0) at++;
        if (at == n) {
            size_t had = (size_t)n++ * sizeof *list;
            list = arena_grow(a, list, had, had + sizeof *list);
            list[at] = name;
        }
        buf_printf(&b, "$%d", at + 1);
        s.at += end;
    }
    *out = buf_str(&b);
    *names = list;
    return n;
}
