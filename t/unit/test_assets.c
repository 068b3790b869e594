/* The static files inside the program: found by path and by name, compressed forms give back the
 * same bytes, style sheets name only files that are there, and so does every {asset "…"} of the
 * templates. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <zlib.h>

#include "core/web/assets.h"
#include "lib/base/buf.h"
#include "lib/db/embedded.h"

static void finding(void **state) {
    static const char *const wanted[] = { "app.css",
                                          "app.js",
                                          "htmx.js",
                                          "icons.svg",
                                          "vazirmatn-arabic.woff2",
                                          "vazirmatn-latin-ext.woff2",
                                          "vazirmatn-latin.woff2" };
    (void)state;
    assert_true(assets_all_n >= 7);
    assert_null(assets_all[assets_all_n].name);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const char *path = asset_path(wanted[i]);
        const struct asset *a = asset_find(str_of(path));
        assert_non_null(a);
        assert_string_equal(a->name, wanted[i]);
        assert_ptr_equal(a->path, path);
        assert_true(str_starts(str_of(path), S("/assets/")));
    }
    for (int i = 1; i < assets_all_n; i++)
        assert_true(strcmp(assets_all[i - 1].name, assets_all[i].name) < 0);
    assert_null(asset_find(S("/assets/app.css")));
    assert_null(asset_find(S("/assets/")));
    assert_null(asset_find(S("")));
    assert_null(asset_find(NO_STR));
    assert_null(asset_find(S("/assets/../app.css")));
}

static void compressed(void **state) {
    (void)state;
    for (int i = 0; i < assets_all_n; i++) {
        const struct asset *a = &assets_all[i];
        bool font = str_ends(str_of(a->name), S(".woff2"));
        assert_true(a->etag[0] == '"' && strlen(a->etag) == 34);
        if (font) assert_true(a->gzip.n == 0 && a->brotli.n == 0);
        if (font) assert_memory_equal(a->raw.p, "wOF2", 4);
        if (!a->gzip.n) continue;
        assert_true(a->gzip.n < a->raw.n);
        assert_true(a->brotli.n == 0 || a->brotli.n < a->gzip.n);
        char *back = malloc(a->raw.n + 1);
        assert_non_null(back);
        z_stream z = { .next_in = (Bytef *)(uintptr_t)a->gzip.p,
                       .avail_in = (uInt)a->gzip.n,
                       .next_out = (Bytef *)back,
                       .avail_out = (uInt)a->raw.n + 1 };
        assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
        assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
        assert_int_equal(z.total_out, a->raw.n);
        assert_memory_equal(back, a->raw.p, a->raw.n);
        inflateEnd(&z);
        free(back);
    }
}

/* Every url(…) of the style sheet is a file of ours: nothing is fetched from elsewhere. */
static void style_sheet(void **state) {
    (void)state;
    struct str css = asset_find(str_of(asset_path("app.css")))->raw;
    assert_true(str_find(css, S("asset:")) < 0);
    ptrdiff_t at;
    while ((at = str_find(css, S("url("))) >= 0) {
        css = str_sub(css, (size_t)at + 4, css.n);
        struct str url = str_sub(css, 0, (size_t)str_find_c(css, ')'));
        while (url.n && strchr("\"'", url.p[0])) url = str_sub(url, 1, url.n);
        while (url.n && strchr("\"'", url.p[url.n - 1])) url.n--;
        if (str_starts(url, S("data:")) || !asset_find(url)) fail_msg("url(%.*s)", SF(url));
    }
}

static void sprite(void **state) {
    (void)state;
    struct str svg = asset_find(str_of(asset_path("icons.svg")))->raw;
    assert_true(str_starts(svg, S("<svg xmlns=")));
    FILE *f = fopen("assets/icons.txt", "r");
    if (!f) skip();
    char line[200], name[100];
    int n = 0;
    while (fgets(line, sizeof line, f)) {
        if (line[0] == '#' || sscanf(line, "%90s", name) != 1) continue;
        char symbol[200];
        snprintf(symbol, sizeof symbol, "<symbol id=\"i-%s\" viewBox=\"0 0 24 24\"><", name);
        if (str_find(svg, str_of(symbol)) < 0) fail_msg("no icon %s", name);
        n++;
    }
    fclose(f);
    assert_true(n > 0);
}

static void named_in_templates(void **state) {
    (void)state;
    FILE *f = popen("grep -rhoE '[{]asset \"[^\"]+\"' src --include='*.html'", "r");
    assert_non_null(f);
    char line[200];
    while (fgets(line, sizeof line, f)) {
        struct str name = str_sub(str_of(line), 8, strlen(line) - 10);
        bool found = false;
        for (int i = 0; i < assets_all_n; i++) found = found || str_eq_z(name, assets_all[i].name);
        if (!found) fail_msg("a template names %.*s", SF(name));
    }
    pclose(f);
}

static void migrations(void **state) {
    (void)state;
    assert_true(migrations_all_n >= 2);
    assert_null(migrations_all[migrations_all_n].name);
    for (int i = 0; i < migrations_all_n; i++) {
        char path[300];
        snprintf(path, sizeof path, "migrations/%s", migrations_all[i].name);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        struct buf b = { 0 };
        char piece[4096];
        for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
            buf_add(&b, (struct str){ piece, n });
        fclose(f);
        assert_true(str_eq(buf_str(&b), migrations_all[i].text));
        buf_free(&b);
        if (i) assert_true(strcmp(migrations_all[i - 1].name, migrations_all[i].name) < 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finding),     cmocka_unit_test(compressed),
        cmocka_unit_test(style_sheet), cmocka_unit_test(sprite),
        cmocka_unit_test(migrations),  cmocka_unit_test(named_in_templates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
