/* What a page weighs on the wire, gzip -9: style sheet, scripts and icons together under 40 kB, the
 * HTML of any page under 20 kB, also of a list of fifty and of a client with much. No icon is sent
 * that nothing shows. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <zlib.h>

#include "core/app/secret.h"
#include "core/entity/store.h"
#include "core/web/assets.h"

#include "features/demo/demo.h"
#include "features/note/note.h"
#include "features/party/party.h"
#include "fixture.h"
#include "crawl.h"

enum { ASSETS_MAX = 40000, HTML_MAX = 20000, CLIENTS = 130 };

static size_t gzipped(struct str s) {
    z_stream z = { .next_in = (Bytef *)(uintptr_t)s.p, .avail_in = (uInt)s.n };
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&z, s.n);
    char *to = malloc(room);
    assert_non_null(to);
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    free(to);
    return z.total_out;
}

/* --- What every page brings along --- */

static size_t weigh(const char *name) {
    const struct asset *a = asset_find(str_of(asset_path(name)));
    size_t n = a->gzip.n ? a->gzip.n : a->raw.n; /* as it is sent */
    print_message("%s: %zu\n", name, n);
    return n;
}

/* list.* comes alone (ask.* when one begins to ask there), client.js and ask.* with more.css
 * (core/web/answer.c). */
static void assets(void **state) {
    static const char *const sent[] = { "app.css", "app.js", "htmx.js", "icons.svg",
                                        "favicon.svg" };
    size_t all = 0;
    (void)state;
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) all += weigh(sent[i]);
    size_t list = weigh("list.css") + weigh("list.js"), more = weigh("more.css"),
           client = more + weigh("client.js"), ask = more + weigh("ask.css") + weigh("ask.js");
    if (client < ask) client = ask;
    all += list > client ? list : client;
    print_message("the heaviest page: %zu of %d\n", all, ASSETS_MAX);
    if (all > ASSETS_MAX) fail_msg("%zu bytes of style sheet, scripts and icons", all);
}

/* A name in quotes, in a file of ours that speaks of icons. */
static void icons_used(void **state) {
    char *text = NULL;
    size_t n = 0;
    (void)state;
    FILE *f = popen("grep -rlE 'icon' src --include='*.html' --include='*.c' | xargs cat", "r");
    assert_non_null(f);
    (void)!getdelim(&text, &n, -1, f);
    pclose(f);
    assert_non_null(text);
    struct str svg = asset_find(str_of(asset_path("icons.svg")))->raw;
    int seen = 0;
    for (ptrdiff_t at; (at = str_find(svg, S("<symbol id=\"i-"))) >= 0; seen++) {
        svg = str_sub(svg, (size_t)at + 14, svg.n);
        char name[80];
        snprintf(name, sizeof name, "\"%.*s\"", (int)str_find_c(svg, '"'), svg.p);
        if (!strstr(text, name)) fail_msg("nothing shows the icon %s of assets/icons.txt", name);
    }
    free(text);
    assert_true(seen > 40);
}

/* And the other way round: a template's icon is in the sprite. */
static void icons_there(void **state) {
    (void)state;
    struct str svg = asset_find(str_of(asset_path("icons.svg")))->raw;
    FILE *f = popen("grep -rhoE 'call (icon|icon_more)[(]\"[^\"]+\"' src --include='*.html'", "r");
    assert_non_null(f);
    char line[200], symbol[100];
    while (fgets(line, sizeof line, f)) {
        struct str name = str_of(strchr(line, '"') + 1);
        snprintf(symbol, sizeof symbol, "id=\"i-%.*s\"", (int)str_find_c(name, '"'), name.p);
        if (str_find(svg, str_of(symbol)) < 0) fail_msg("assets/icons.txt lacks %s", symbol);
    }
    pclose(f);
}

/* --- HTML --- */

static enum status notes(struct ctx *c, int64_t party) {
    for (int i = 0; i < 60; i++) {
        struct note *n = row_new(c, &entity_note);
        n->party = party;
        n->text = str_printf(
            c->arena, "یادداشت %d: قرار شد هفتهٔ آینده دوباره زنگ بزنیم و نمونهٔ تازه را ببریم.", i);
        TRY(store_save(c, &entity_note, n));
    }
    return OK;
}

static enum status fill(struct ctx *c, void *arg) {
    struct demo d = { 0 };
    (void)arg;
    c->who.id = 1;
    TRY(demo_begin(c, &d, 1, CLIENTS));
    for (int64_t i = 0; i < CLIENTS; i++) TRY(demo_client(c, &d, i));
    return notes(c, 1);
}

struct heaviest {
    size_t n;
    int bad;
    char path[200];
};

static void judge(void *arg, const struct answered *a, struct str path) {
    struct heaviest *h = arg;
    if (!str_starts(answered_header(a, "Content-Type"), S("text/html"))) return;
    size_t n = gzipped(a->body);
    if (n > HTML_MAX) print_message("%.*s: %zu bytes\n", SF(path), n), h->bad++;
    if (n <= h->n) return;
    h->n = n;
    snprintf(h->path, sizeof h->path, "%.*s", SF(path));
}

static void html(void **state) {
    static const char *const starts[] = { "/clients", "/clients/1", "/clients/1/edit", "/history",
                                          "/search?q=a" };
    struct served s;
    static struct crawl k;
    struct heaviest most = { 0 };
    served_open(&s, false, *state);
    served_firm(&s, LANG_FA);
    served_work(&s, fill, NULL);
    served_jobs(&s);
    struct served_who who = served_sign_in(&s, 1);
    k = (struct crawl){ .s = &s, .who = &who };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) crawl_path(&k, str_of(starts[i]));
    crawl_all(&k, judge, &most);
    print_message("%d pages; the heaviest: %s, %zu of %d\n", k.n, most.path, most.n, HTML_MAX);
    assert_true(k.n > 60);
    served_close(&s);
    if (most.bad) fail_msg("%d pages are heavier than %d", most.bad, HTML_MAX);
}

int main(void) {
    struct hasher *h = hasher_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assets),
        cmocka_unit_test(icons_used),
        cmocka_unit_test(icons_there),
        cmocka_unit_test_prestate(html, h),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hasher_free(h);
    return failed;
}
