/* Form bodies and paths: no crash, only valid UTF-8 comes out, and what came out can be written and
 * read again. */
#include "lib/base/limits.h"
#include "lib/http/http.h"
#include "lib/http/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(struct str s) {
    if (!utf8_valid(s) || str_find_c(s, 0) >= 0) BUG("not clean text");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena *a = arena_new();
    struct str raw = { (const char *)data, n }, path, why;
    struct http_pairs pairs, again;
    if (url_path(a, raw, &path)) {
        check(path);
        if (path.p[0] != '/' || str_find(path, S("//")) >= 0 || str_find(path, S("/../")) >= 0)
            BUG("bad path let through");
    }
    if (http_form(a, raw, &pairs, &why) == OK) {
        struct buf b = { .arena = a };
        for (int i = 0; i < pairs.n; i++) {
            check(pairs.v[i].name);
            check(pairs.v[i].value);
            buf_add(&b, http_escape(a, pairs.v[i].name));
            buf_add_c(&b, '=');
            buf_add(&b, http_escape(a, pairs.v[i].value));
            buf_add_c(&b, '&');
        }
        if (http_form(a, buf_str(&b), &again, &why) != OK || again.n != pairs.n)
            BUG("cannot be read again");
    } else if (!why.n) {
        BUG("no reason");
    }
    arena_free(a);
    return 0;
}
