/* Names in running text: «@Sara Lang» in any script. Called by notice.c when a note is saved and by
 * the client's page when it is shown; calls lib/text/fold, so that a name is recognised as search
 * would recognise it. */
#include "features/member/member.h"
#include "features/notice/notice.h"
#include "features/notice/pages.html.h"
#include "lib/text/fold.h"

enum { MENTIONS_MAX = 50, NAME_BYTES_MAX = 400 };

struct people {
    struct members all;
    struct str *fold; /* of their names */
};

static enum status people(struct ctx *c, struct people *out) {
    TRY(member_all(c, &out->all));
    out->fold = arena_array(c->arena, struct str, out->all.n + 1);
    for (int i = 0; i < out->all.n; i++) out->fold[i] = fold(c->arena, out->all.v[i].name);
    return OK;
}

static int64_t whole_name(const struct people *p, struct str folded) {
    int64_t found = 0;
    for (int i = 0; i < p->all.n; i++) {
        if (!str_eq(p->fold[i], folded)) continue;
        if (found) return 0;
        found = p->all.v[i].row.id;
    }
    return found;
}

static bool has_word(struct str names, struct str word) {
    struct str one;
    while (str_cut(&names, ' ', &one))
        if (str_eq(one, word)) return true;
    return false;
}

static int64_t part_of_name(const struct people *p, struct str folded) {
    int64_t found = 0;
    for (int i = 0; i < p->all.n; i++) {
        if (!has_word(p->fold[i], folded)) continue;
        if (found) return 0;
        found = p->all.v[i].row.id;
    }
    return found;
}

/* May a name end before this character? ZWNJ stands inside words. */
static bool ends_word(struct ctx *c, struct str at) {
    struct str rest = at;
    if (at.n == 0) return true;
    int32_t cp = utf8_next(&rest);
    if (cp == 0x200C || cp == 0x200D) return false;
    return fold(c->arena, str_sub(at, 0, at.n - rest.n)).n == 0;
}

/* The name behind an «@»: how long it is, 0 for none. */
static size_t name_at(struct ctx *c, const struct people *p, struct str text, int64_t *member) {
    struct str rest = text, first = NO_STR, before = NO_STR;
    size_t best = 0;
    if (ends_word(c, text)) return 0;
    while (rest.n && text.n - rest.n < NAME_BYTES_MAX) {
        if (utf8_next(&rest) == '\n') break;
        struct str span = str_sub(text, 0, text.n - rest.n);
        if (!ends_word(c, rest)) continue;
        struct str folded = fold(c->arena, span);
        if (str_eq(folded, before)) continue; /* blanks behind it are not its own */
        before = folded;
        if (!first.p) first = span;
        int64_t found = whole_name(p, folded);
        if (found) *member = found, best = span.n;
    }
    if (best || !first.n) return best;
    *member = part_of_name(p, fold(c->arena, first));
    return *member ? first.n : 0;
}

enum status mentions_of(struct ctx *c, struct str text, struct mentions *out) {
    struct people p;
    *out = (struct mentions){ 0 };
    if (str_find_c(text, '@') < 0) return OK;
    TRY(people(c, &p));
    out->v = arena_array(c->arena, struct mention, MENTIONS_MAX);
    bool begins = true; /* an address is no mention: nothing of a word before the «@» */
    for (size_t at = 0; at < text.n && out->n < MENTIONS_MAX;) {
        struct str rest = str_sub(text, at, SIZE_MAX);
        int64_t member = 0;
        size_t n =
            begins && rest.p[0] == '@' ? name_at(c, &p, str_sub(rest, 1, SIZE_MAX), &member) : 0;
        if (n) {
            out->v[out->n++] = (struct mention){ at, n + 1, member };
            at += n + 1;
            begins = true;
            continue;
        }
        struct str next = rest;
        begins = ends_word(c, rest) && rest.p[0] != '@';
        utf8_next(&next);
        at += rest.n - next.n;
    }
    return OK;
}

enum status mentions_marked(struct ctx *c, struct str text, struct markup *out) {
    struct mentions m;
    struct out o = { .b = { .arena = c->arena }, .loc = c->loc };
    size_t at = 0;
    TRY(mentions_of(c, text, &m));
    for (int i = 0; i < m.n; i++) {
        out_text(&o, str_sub(text, at, m.v[i].at - at));
        mention_mark(&o, str_sub(text, m.v[i].at, m.v[i].n), m.v[i].member == c->who.id);
        at = m.v[i].at + m.v[i].n;
    }
    out_text(&o, str_sub(text, at, SIZE_MAX));
    out->s = buf_str(&o.b);
    return OK;
}
