/* Terms under which somebody is found who is written otherwise: how his name sounds, the day of his
 * birth. His e-mails and phones need none: they have indexes of their own. Called by the store's
 * index; calls lib/text/namekey. */
#include "lib/text/namekey.h"

#include "core/search/search.h"
#include "features/party/party.h"

static void add(struct terms *out, char mark, struct str key) {
    char *p = arena_alloc(out->arena, key.n + 1);
    p[0] = mark;
    if (key.n) memcpy(p + 1, key.p, key.n);
    terms_add(out, (struct str){ p, key.n + 1 });
}

static void add_name(struct ctx *c, struct terms *out, struct str name) {
    struct strs keys = { 0 };
    if (!name.n) return;
    int n = namekey_terms(c->arena, name, &keys);
    for (int i = 0; i < n; i++) add(out, 'k', keys.v[i]);
}

void party_keys(struct ctx *c, const void *row, struct terms *out) {
    const struct party *p = row;
    struct str parts = party_full_name(c->arena, p);
    add_name(c, out, p->display_name);
    if (parts.n && !str_eq(parts, p->display_name)) add_name(c, out, parts);
    add_name(c, out, p->latin_name);
    if (p->birth_date.n && str_find_c(p->birth_date, '-') > 0) add(out, 'b', p->birth_date);
}
