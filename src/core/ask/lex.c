/* Cuts the line of text: signs of both scripts and widths, quotes of three kinds, spaces of all
 * kinds; what only turns the direction of writing is not there. Called by parse.c and complete.c;
 * calls the fold. */
#include "core/ask/lex.h"

#include "lib/base/buf.h"
#include "lib/locale/number.h"
#include "lib/text/fold.h"

static bool is_space(int32_t c) {
    return (c >= 0 && c <= ' ') || c == 0x7F || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

static bool is_mark(int32_t c) { /* of direction, and other things that nobody sees */
    return c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0x61C || c == 0xFEFF || c == 0xAD;
}

static enum ask_tok_kind sign_of(int32_t c) {
    switch (c) {
    case '(':
    case 0xFF08: return TOK_OPEN;
    case ')':
    case 0xFF09: return TOK_CLOSE;
    case ':':
    case 0xFF1A: return TOK_COLON;
    case ',':
    case 0x60C:
    case 0xFF0C: return TOK_COMMA;
    case '~':
    case 0xFF5E: return TOK_TILDE;
    case '=':
    case 0xFF1D: return TOK_EQ;
    case '<':
    case 0xFF1C: return TOK_LESS;
    case '>':
    case 0xFF1E: return TOK_MORE;
    case 0x2264: return TOK_AT_MOST;
    case 0x2265: return TOK_AT_LEAST;
    case 0x2026: return TOK_RANGE;
    default: return TOK_WORD;
    }
}

static int32_t closing(int32_t open) {
    switch (open) {
    case '"': return '"';
    case 0x201C:
    case 0x201E: return 0x201D;
    case 0xAB: return 0xBB;
    case 0xFF02: return 0xFF02;
    default: return 0;
    }
}

struct lexer {
    struct ctx *c;
    struct str line, rest;
    struct ask_tok *v;
    int n;
    bool spaced;
};

static int at(const struct lexer *l) {
    return (int)(l->line.n - l->rest.n);
}

static int32_t look(struct str s) {
    return utf8_next(&s);
}

/* A quoted text; a backslash takes the sense from a quote or another backslash. */
static void quoted(struct lexer *l, struct ask_tok *t) {
    struct buf b = { .arena = l->c->arena };
    int32_t end = closing(utf8_next(&l->rest)), c;
    t->kind = TOK_UNCLOSED;
    while (t->kind == TOK_UNCLOSED && (c = utf8_next(&l->rest)) >= 0) {
        if (c == end || (end == 0x201D && c == 0x201C)) {
            t->kind = TOK_STRING;
            break;
        }
        int32_t next = c == '\\' ? look(l->rest) : -1;
        if (next == '\\' || (next >= 0 && (next == end || next == '"'))) c = utf8_next(&l->rest);
        if (!is_mark(c)) buf_add_utf8(&b, c);
    }
    t->text = buf_str(&b);
}

static int32_t last_of(struct str s) {
    int32_t c = -1;
    while (s.n) c = utf8_next(&s);
    return c;
}

/* 1 234 with a space that does not break is one word. */
static bool parts_digits(struct str rest, struct str before) {
    int32_t c = utf8_next(&rest);
    return (c == 0xA0 || c == 0x202F) && digit_value(look(rest)) >= 0 &&
           digit_value(last_of(before)) >= 0;
}

static void word(struct lexer *l, struct ask_tok *t) {
    struct buf b = { .arena = l->c->arena };
    while (l->rest.n) {
        struct str here = l->rest;
        int32_t c = utf8_next(&l->rest);
        bool range = c == '.' && l->rest.n && l->rest.p[0] == '.';
        bool ends = (is_space(c) && !parts_digits(here, buf_str(&b))) || range || closing(c) ||
                    (sign_of(c) != TOK_WORD);
        if (ends) {
            l->rest = here;
            break;
        }
        if (!is_mark(c)) buf_add_utf8(&b, c);
    }
    t->kind = TOK_WORD;
    t->text = buf_str(&b);
    t->folded = fold(l->c->arena, t->text);
}

static void sign(struct lexer *l, struct ask_tok *t) {
    int32_t c = utf8_next(&l->rest);
    t->kind = c == '.' ? TOK_RANGE : sign_of(c);
    if (c == '.') utf8_next(&l->rest);
    bool equal = l->rest.n && l->rest.p[0] == '=';
    if (equal && (t->kind == TOK_LESS || t->kind == TOK_MORE)) {
        t->kind = t->kind == TOK_LESS ? TOK_AT_MOST : TOK_AT_LEAST;
        utf8_next(&l->rest);
    }
}

static void one(struct lexer *l) {
    struct ask_tok *t = &l->v[l->n];
    int32_t c = look(l->rest);
    bool range = c == '.' && l->rest.n > 1 && l->rest.p[1] == '.';
    *t = (struct ask_tok){ .at = at(l), .spaced = l->spaced };
    if (closing(c))
        quoted(l, t);
    else if (range || sign_of(c) != TOK_WORD)
        sign(l, t);
    else
        word(l, t);
    t->n = at(l) - t->at;
    if (t->kind == TOK_WORD && t->text.n == 0) return; /* marks alone */
    l->spaced = false;
    l->n++;
}

struct ask_tok *ask_lex(struct ctx *c, struct str line, int *n) {
    struct lexer l = { .c = c, .line = line, .rest = line, .spaced = true };
    int cap = line.n < ASK_TOKS_MAX ? (int)line.n : ASK_TOKS_MAX;
    l.v = arena_array(c->arena, struct ask_tok, cap + 1);
    while (l.rest.n && l.n < cap) {
        if (is_space(look(l.rest))) {
            utf8_next(&l.rest);
            l.spaced = true;
        } else {
            one(&l);
        }
    }
    l.v[l.n] = (struct ask_tok){ .kind = TOK_END, .at = at(&l), .spaced = true };
    *n = l.n + 1;
    return l.v;
}
