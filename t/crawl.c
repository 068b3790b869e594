/* See crawl.h. Called by test_xss and test_untranslated; calls served.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "crawl.h"

/* A page with many answers (every label of a sheet is a link) must not crowd out the others. */
enum { SAME_MAX = 80 };

void crawl_path(struct crawl *k, struct str path) {
    if (path.n == 0 || path.p[0] != '/' || str_starts(path, S("//")) ||
        str_starts(path, S("/assets/")))
        return;
    ptrdiff_t hash = str_find_c(path, '#');
    if (hash >= 0) path = str_sub(path, 0, (size_t)hash);
    ptrdiff_t query = str_find_c(path, '?');
    struct str page = query < 0 ? path : str_sub(path, 0, (size_t)query + 1);
    int same = 0;
    for (int i = 0; i < k->n; i++) {
        if (str_eq(k->paths[i], path)) return;
        if (query >= 0 && str_starts(k->paths[i], page)) same++;
    }
    if (k->n < CRAWL_MAX && same < SAME_MAX) k->paths[k->n++] = path;
}

/* An attribute's value as the browser takes it: only what our own escaping writes. */
static struct str unescaped(struct arena *a, struct str s) {
    static const char *const all[][2] = { { "&amp;", "&" }, { "&quot;", "\"" }, { "&#39;", "'" },
                                          { "&lt;", "<" },  { "&gt;", ">" },    { "&#123;", "{" } };
    struct buf b = { .arena = a };
    while (s.n) {
        bool found = false;
        for (size_t i = 0; i < sizeof all / sizeof *all && !found; i++)
            if (str_starts(s, str_of(all[i][0]))) {
                buf_add_z(&b, all[i][1]);
                s = str_sub(s, strlen(all[i][0]), s.n);
                found = true;
            }
        if (found) continue;
        buf_add_c(&b, s.p[0]);
        s = str_sub(s, 1, s.n);
    }
    return b.n ? buf_str(&b) : S("");
}

void crawl_links(struct crawl *k, struct str body) {
    ptrdiff_t at;
    while ((at = str_find(body, S(" href=\""))) >= 0) {
        body = str_sub(body, (size_t)at + 7, body.n);
        ptrdiff_t end = str_find_c(body, '"');
        if (end < 0) fail_msg("an attribute without an end");
        struct str to = unescaped(k->s->arena, str_sub(body, 0, (size_t)end));
        struct str low = str_lower_ascii(k->s->arena, str_trim(to));
        if (str_starts(low, S("javascript:")) || str_starts(low, S("data:")) ||
            str_starts(low, S("vbscript:")))
            fail_msg("a link that runs: %.*s", SF(to));
        crawl_path(k, to);
    }
}

void crawl_starts(struct crawl *k) {
    static const char *const starts[] = {
        "/clients",
        "/history",
        "/settings",
        "/bin",
        "/import",
        "/clients/filters",
        "/search?q=img",
        "/settings/members",
        "/settings/tags",
        "/settings/categories",
        "/settings/teams",
        "/settings/tokens",
        "/settings/firm",
        "/clients/new",
        "/search?q=%3Cimg+src%3Dx+onerror%3Dx()%3E",
        "/clients?q=%22%3E%3Cimg+src%3Dx%3E",
        "/search?fragment=1&q=img",
        "/clients/new?name=%22%3E%3Cimg+src%3Dx%3E",
    };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) crawl_path(k, str_of(starts[i]));
}

void crawl_all(struct crawl *k, void (*judge)(void *arg, const struct answered *a, struct str path),
               void *arg) {
    for (; k->seen < k->n; k->seen++) {
        struct call call = { .method = "GET",
                             .target = str_z(k->s->arena, k->paths[k->seen]),
                             .who = k->who };
        struct answered a = served_call(k->s, &call);
        if (a.status >= 500 || a.status == 400)
            fail_msg("%.*s: %d", SF(k->paths[k->seen]), a.status);
        judge(arg, &a, k->paths[k->seen]);
        if (str_starts(answered_header(&a, "Content-Type"), S("text/html"))) crawl_links(k, a.body);
    }
}
