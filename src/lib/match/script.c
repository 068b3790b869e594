/* In which script a value is written. A book in two scripts has no two equal names for one person:
 * what is usual then falls on the same sound (em.c, train.c), and what has no sound says nothing.
 * Called by names.c for every distinct value and by train.c; calls nothing. */
#include <math.h>

#include "lib/match/match_in.h"

enum { SCRIPTS_N = 8, LEAST_WRITTEN = 30 };

static bool has_scripts(const struct column *c) {
    switch (c->kind) {
    case MATCH_GIVEN:
    case MATCH_FAMILY:
    case MATCH_NAME:
    case MATCH_ORGANISATION:
    case MATCH_STREET:
    case MATCH_TOWN:
    case MATCH_REGION:
    case MATCH_TEXT: return true;
    default: return false;
    }
}

bool only_in_one_script(enum match_kind k) {
    return k == MATCH_STREET || k == MATCH_REGION || k == MATCH_TEXT;
}

/* 0: no letter of a script that is told apart. */
static unsigned script_of_letter(uint32_t c) {
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c >= 0xC0 && c < 0x250) return 1;
    if (c >= 0x370 && c < 0x400) return 2;
    if (c >= 0x400 && c < 0x530) return 3;
    if (c >= 0x590 && c < 0x600) return 4;
    if ((c >= 0x620 && c < 0x64B) || (c >= 0x66E && c < 0x6D4) || (c >= 0x750 && c < 0x780))
        return 5;
    return c >= 0x3040 ? 6 : 0;
}

/* The one script of a value; 0 for numbers and for what is written in two. */
static uint8_t script_of(struct str s) {
    unsigned found = 0;
    while (s.n) {
        unsigned script = script_of_letter(utf8_next(&s));
        if (script && found && script != found) return 0;
        if (script) found = script;
    }
    return (uint8_t)found;
}

void scripts_prepare(struct match *m) {
    for (int i = 0; i < m->columns_n; i++) {
        struct intern *p = m->column[i].pool;
        size_t cap = p->script_cap;
        if (!has_scripts(&m->column[i]) || p->scripted_n == p->n) continue;
        p->script = grown(p->script, &cap, p->n + 1u, sizeof *p->script);
        p->script_cap = (uint32_t)cap;
        for (uint32_t id = p->scripted_n + 1; id <= p->n; id++)
            p->script[id] = script_of(intern_str(p, id));
        p->scripted_n = p->n;
    }
}

void scripts_count(struct match *m) {
    for (int i = 0; i < m->columns_n; i++) {
        struct column *c = &m->column[i];
        double n[SCRIPTS_N] = { 0 }, equal[SCRIPTS_N] = { 0 }, all = 0, same = 0;
        c->alike = 1;
        c->namesakes = 0;
        if (!has_scripts(c)) continue;
        for (uint32_t id = 1; id <= c->pool->scripted_n; id++) {
            double count = c->count[id];
            n[c->pool->script[id]] += count;
            equal[c->pool->script[id]] += count * fmax(count - 1, 0);
        }
        for (int s = 1; s < SCRIPTS_N; s++) {
            all += n[s];
            same += n[s] * n[s];
            if (n[s] >= LEAST_WRITTEN)
                c->namesakes = fmax(c->namesakes, equal[s] / (n[s] * (n[s] - 1)));
        }
        if (all > 0) c->alike = same / (all * all);
    }
}

bool scripts_differ(const struct column *c, uint32_t a, uint32_t b) {
    const struct intern *p = c->pool;
    if (a > p->scripted_n || b > p->scripted_n) return false;
    return p->script[a] && p->script[b] && p->script[a] != p->script[b];
}
