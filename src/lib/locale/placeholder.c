/* Finds {name} in translated texts. Its own file so that tools/poscan, which has no catalogue,
 * checks translations by the rule that shows them. Called by catalogue.c, lib/html/out.c and
 * poscan. */
#include "lib/locale/catalogue.h"

static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool tr_placeholder(struct str *text, struct str *before, struct str *name) {
    for (size_t i = 0; i < text->n; i++) {
        if (text->p[i] != '{') continue;
        size_t n = i + 1;
        while (n < text->n && is_name(text->p[n])) n++;
        if (n == i + 1 || n == text->n || text->p[n] != '}') continue;
        *before = str_sub(*text, 0, i);
        *name = str_sub(*text, i + 1, n - i - 1);
        *text = str_sub(*text, n + 1, text->n);
        return true;
    }
    *before = *text;
    *text = *name = NO_STR;
    return false;
}
