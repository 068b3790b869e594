/* Names that differ in script or in spelling, nicknames: the hook to lib/text/namekey. Each
 * distinct name is made ready once. Called by train.c and model.c before, by match.c for what comes
 * after a model was read, by level.c for two different values. */
#include "lib/base/map.h"
#include "lib/match/match_in.h"
#include "lib/text/namekey.h"

enum { NAMES_MOST = 3000000, TOWNS_MOST = 200000 };

static bool has_names(const struct column *c) {
    switch (c->kind) {
    case MATCH_GIVEN:
    case MATCH_FAMILY:
    case MATCH_NAME:
    case MATCH_ORGANISATION: return c->pool->n <= NAMES_MOST;
    case MATCH_TOWN: return c->pool->n <= TOWNS_MOST;
    default: return false;
    }
}

static uint32_t sound_of(struct arena *a, struct str name) {
    struct str s = namekey_skeleton(a, name);
    uint64_t h = hash_bytes(s.p, s.n, 11);
    uint32_t k = (uint32_t)(h >> 32 ^ h);
    return s.n ? k + !k : 0;
}

void names_prepare(struct match *m) {
    scripts_prepare(m);
    for (int i = 0; i < m->columns_n; i++) {
        struct intern *p = m->column[i].pool;
        size_t cap = p->named_cap, sound_cap = p->named_cap;
        if (!has_names(&m->column[i]) || p->named_n == p->n) continue;
        p->name = grown(p->name, &cap, p->n + 1u, sizeof *p->name);
        p->sound = grown(p->sound, &sound_cap, p->n + 1u, sizeof *p->sound);
        p->named_cap = (uint32_t)cap;
        bool firm = m->column[i].kind == MATCH_ORGANISATION;
        for (uint32_t id = p->named_n + 1; id <= p->n; id++) {
            struct str s = intern_str(p, id);
            p->name[id] = namekey_new(m->kept, s, firm ? NAMEKEY_ORGANISATION : NAMEKEY_PERSON);
            struct arena_mark mark = arena_mark(m->scratch);
            p->sound[id] = sound_of(m->scratch, s);
            arena_back(m->scratch, mark);
        }
        p->named_n = p->n;
    }
}

/* Names that the model holds are ready there; no sounds: they are only for finding pairs. */
void names_prepare_beside(struct match *m, const struct match *model) {
    scripts_prepare(m);
    for (int i = 0; i < m->columns_n; i++) {
        struct intern *p = m->column[i].pool;
        const struct intern *of = model->column[i].pool;
        bool firm = m->column[i].kind == MATCH_ORGANISATION;
        size_t cap = p->named_cap;
        if (!has_names(&m->column[i]) || p->named_n == p->n) continue;
        p->name = grown(p->name, &cap, p->n + 1u, sizeof *p->name);
        p->named_cap = (uint32_t)cap;
        for (uint32_t id = p->named_n + 1; id <= p->n; id++) {
            struct str s = intern_str(p, id);
            uint32_t there = intern_find(of, s);
            p->name[id] =
                there && there <= of->named_n
                    ? of->name[there]
                    : namekey_new(m->kept, s, firm ? NAMEKEY_ORGANISATION : NAMEKEY_PERSON);
        }
        p->named_n = p->n;
    }
}

enum match_level names_level(const struct column *c, uint32_t a, uint32_t b) {
    const struct intern *p = c->pool;
    unsigned why = 0;
    if (a > p->named_n || b > p->named_n) return MATCH_DIFFERENT;
    enum namekey_is is = namekey_compared(p->name[a], p->name[b], &why);
    /* the same words turned are a level of their own */
    if (is == NAMEKEY_SAME && why & (NAMEKEY_FAMILY | NAMEKEY_SOUND | NAMEKEY_GLUED))
        return MATCH_KEY;
    if (c->kind == MATCH_ORGANISATION && is == NAMEKEY_SAME && !(why & NAMEKEY_TURNED))
        return MATCH_KEY; /* but for the legal form */
    if (c->kind == MATCH_GIVEN && namekey_nickname(p->name[a], p->name[b]) == NICKNAME_OF)
        return MATCH_NICKNAME;
    /* in one script the words themselves are compared */
    if (is == NAMEKEY_POSSIBLE && scripts_differ(c, a, b)) return MATCH_PART;
    return MATCH_DIFFERENT;
}
