/* Two names, parted by a line break, through lib/text/namekey: comparing is symmetric, a name is
 * the same as itself, keys are few, distinct and UTF-8, and a name is found by its own terms. */
#include "lib/text/namekey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has_any(const struct strs *terms, const struct strs *group) {
    for (int i = 0; i < group->n; i++)
        for (int k = 0; k < terms->n; k++)
            if (str_eq(group->v[i], terms->v[k])) return true;
    return false;
}

static void check_terms(struct arena *a, struct str name, bool empty) {
    struct strs terms;
    struct namekey_way *ways;
    int n = namekey_terms(a, name, &terms), ways_n = namekey_query_terms(a, name, &ways);
    bool found = ways_n == 0;
    if (n != terms.n || n > NAMEKEY_TERMS_MOST) BUG("%d terms", n);
    if (empty != (n == 0) || empty != (ways_n == 0)) BUG("%d terms, %d ways", n, ways_n);
    for (int i = 0; i < n; i++) {
        if (terms.v[i].n == 0 || !utf8_valid(terms.v[i])) BUG("a bad term");
        for (int k = 0; k < i; k++)
            if (str_eq(terms.v[i], terms.v[k])) BUG("the same term twice");
    }
    for (int w = 0; w < ways_n; w++) {
        bool all = true;
        for (int g = 0; g < ways[w].groups_n; g++) all &= has_any(&terms, &ways[w].groups[g]);
        found |= all;
    }
    if (!found) BUG("not found by its own terms");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena *a = arena_new();
    struct str rest = { (const char *)data, size }, first = S("");
    str_cut(&rest, '\n', &first);
    for (int what = NAMEKEY_PERSON; what <= NAMEKEY_ORGANISATION; what++) {
        const struct namekey *x = namekey_new(a, first, (enum namekey_what)what);
        const struct namekey *y = namekey_new(a, rest, (enum namekey_what)what);
        unsigned why, back;
        enum namekey_is is = namekey_compared(x, y, &why);
        if (is != namekey_compared(y, x, &back)) BUG("not symmetric");
        if ((is == NAMEKEY_NO) != (why == 0)) BUG("%d, why %u", (int)is, why);
        if (is == NAMEKEY_SAME && namekey_within(x, y) != NAMEKEY_SAME) BUG("same, but not in it");
        bool empty = namekey_compare(x, x) == NAMEKEY_NO;
        if (empty && namekey_compare(x, y) != NAMEKEY_NO) BUG("nothing is like something");
        if (namekey_nickname(x, y) != namekey_nickname(y, x)) BUG("nicknames are not symmetric");
        if (what == NAMEKEY_PERSON) check_terms(a, first, empty);
    }
    if (nickname_of(first, rest) != nickname_of(rest, first)) BUG("nicknames are not symmetric");
    if (spelling_family(first, rest) != spelling_family(rest, first)) BUG("families");
    struct str key = organisation_key(a, first);
    if (!utf8_valid(key) || !utf8_valid(organisation_form(a, first))) BUG("not UTF-8");
    double share = given_name_share(first);
    if (share < 0 || share > 1) BUG("a share of %f", share);
    arena_free(a);
    return 0;
}
