/* The line of text cut into words, quoted texts and signs. Only for core/ask. */
#ifndef ASK_LEX_H
#define ASK_LEX_H
#include "core/ask/catalogue.h"

enum ask_tok_kind {
    TOK_WORD,   /* anything without spaces and signs: sex, 75*, 2024-01-01, +98912… */
    TOK_STRING, /* "…" “…” «…» */
    TOK_UNCLOSED,
    TOK_OPEN,
    TOK_CLOSE,
    TOK_COLON,
    TOK_COMMA,
    TOK_TILDE,
    TOK_EQ,
    TOK_LESS,
    TOK_MORE,
    TOK_AT_MOST,
    TOK_AT_LEAST,
    TOK_RANGE, /* .. */
    TOK_END
};
struct ask_tok {
    enum ask_tok_kind kind;
    int at, n;         /* bytes of the line */
    bool spaced;       /* space or the line's beginning before it */
    struct str text;   /* without quotes, backslashes of quoted texts and marks of direction */
    struct str folded; /* of words */
};
/* Ends with TOK_END. At most ASK_TOKS_MAX of them; *n tells how many, TOK_END counted. */
enum { ASK_TOKS_MAX = 2000, ASK_LINE_MAX = 8000 };
struct ask_tok *ask_lex(struct ctx *c, struct str line, int *n);

#endif
