/* Files of clients (trust.md T-18 to T-20): whatever is brought, under whatever name, goes out as
 * an attachment that no browser runs; names split no header; nothing outside of the data folder is
 * made or read; versions, the bin, undo, private files, a full disk. In-process, both databases. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/app/secret.h"
#include "core/web/serve.h"
#include "features/attachment/attachment.h"
#include "fixture.h"
#include "served.h"

#define TYPE "multipart/form-data; boundary=x"

struct world {
    struct served s;
    struct served_who owner, member;
    int64_t party, other;
};
static struct world w;

static enum status make_party(struct ctx *c, void *arg) {
    struct party *p = row_new(c, &entity_party);
    c->who.id = 1;
    p->given_name = S("Sara");
    TRY(store_save(c, &entity_party, p));
    *(int64_t *)arg = p->row.id;
    return OK;
}

static void open_world(bool pg, void *hasher) {
    memset(&w, 0, sizeof w);
    served_open(&w.s, pg, hasher);
    served_firm(&w.s, LANG_EN);
    w.owner = served_sign_in(&w.s, 1);
    w.member = served_sign_in(&w.s, 3);
    served_work(&w.s, make_party, &w.party);
    served_work(&w.s, make_party, &w.other);
}

static struct answered get(const struct served_who *who, const char *target) {
    struct call call = { .method = "GET", .target = target, .who = who };
    return served_call(&w.s, &call);
}

static struct answered post(const struct served_who *who, const char *target, const char *form) {
    struct call call = { .method = "POST", .target = target, .who = who, .body = str_of(form) };
    return served_call(&w.s, &call);
}

static struct str form_of(struct str name, const char *type, struct str content, const char *more) {
    struct buf b = { .arena = w.s.arena };
    buf_add_z(&b, more);
    buf_printf(&b, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%.*s\"\r\n",
               SF(name));
    if (type) buf_printf(&b, "Content-Type: %s\r\n", type);
    buf_add_z(&b, "\r\n");
    buf_add(&b, content);
    buf_add_z(&b, "\r\n--x--\r\n");
    return buf_str(&b);
}

static struct answered send_to(const struct served_who *who, const char *path, struct str body) {
    struct str target = str_printf(w.s.arena, "%s?csrf=%.*s", path, SF(who->csrf));
    struct call call = {
        .method = "POST", .target = target.p, .who = who, .body = body, .type = TYPE
    };
    return served_call(&w.s, &call);
}

/* Brings a file to the client; the id of the version that it became, 0 when refused. */
static int64_t bring(struct str name, const char *type, struct str content, const char *more) {
    const char *to = str_printf(w.s.arena, "/clients/%lld/files", (long long)w.party).p;
    struct answered a = send_to(&w.owner, to, form_of(name, type, content, more));
    int64_t id = 0;
    if (a.status != 303) return 0;
    struct str last = served_rows(&w.s, "max(id)", "attachment_version", NULL);
    assert_true(str_to_i64(str_trim(last), &id));
    return id;
}

static struct answered file(int64_t version) {
    return get(&w.owner, str_printf(w.s.arena, "/files/%lld", (long long)version).p);
}

static void header_is(const struct answered *a, const char *name, const char *want) {
    struct str got = answered_header(a, name);
    if (!str_eq_z(got, want)) fail_msg("%s: “%.*s”, not “%s”", name, SF(got), want);
}

static int count(const struct answered *a, const char *name) {
    int n = 0;
    for (int i = 0; i < a->headers.n; i++) n += str_eq_ascii(a->headers.v[i].name, str_of(name));
    return n;
}

static void harmless(const struct answered *a) {
    assert_int_equal(a->status, 200);
    assert_int_equal(count(a, "content-disposition"), 1);
    assert_true(
        str_starts(answered_header(a, "content-disposition"), S("attachment; filename=\"")));
    header_is(a, "x-content-type-options", "nosniff");
    header_is(a, "content-security-policy", "sandbox; default-src 'none'");
    header_is(a, "cross-origin-resource-policy", "same-origin");
    header_is(a, "cache-control", "no-store");
    static const char *const run[] = { "html", "svg", "xml", "script", "mhtml", "multipart" };
    for (size_t i = 0; i < sizeof run / sizeof *run; i++)
        assert_int_equal(str_find(answered_header(a, "content-type"), str_of(run[i])), -1);
}

/* --- T-18 --- */

static const struct hostile {
    const char *name, *type, *content;
} hostiles[] = {
#define X "<script>window.stolen=1;fetch('/clients')</script>"
    { "a.html", "text/html", "<!doctype html>" X },
    { "a.htm", "application/octet-stream", X },
    { "a.xhtml", "application/xhtml+xml",
      "<html xmlns='http://www.w3.org/1999/xhtml'>" X "</html>" },
    { "a.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'>" X "</svg>" },
    { "a.svg", "image/png", "<svg onload='stolen=1' xmlns='http://www.w3.org/2000/svg'/>" },
    { "a.xml", "text/xml", "<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='#'?><a/>" },
    { "a.xsl", "text/xsl", "<xsl:stylesheet xmlns:xsl='http://www.w3.org/1999/XSL/Transform'/>" },
    { "a.mhtml", "multipart/related", "MIME-Version: 1.0\nContent-Type: text/html\n\n" X },
    { "a.eml", "message/rfc822", "From: a\nContent-Type: text/html\n\n" X },
    { "a.pdf", "application/pdf",
      "%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>" },
    { "a.gif", "image/gif", "GIF89a=1;window.stolen=1" },
    { "a.js", "text/javascript", "window.stolen=1" },
    { "a.mjs", "application/javascript", "window.stolen=1" },
    { "a.css", "text/css", "*{background:url(//evil)}" },
    { "a.png", "image/png", "\x89PNG\r\n\x1a\n" X },
    { "a.jpg", "image/jpeg", "\xff\xd8\xff\xe0" X },
    { "a.shtml", "text/html", "<!--#exec cmd=\"id\" -->" },
    { ".htaccess", "text/plain", "AddType text/html .jpg" },
    { ".user.ini", "text/plain", "auto_prepend_file=/etc/passwd" },
    { "a.php", "application/x-php", "<?php system('id');" },
    { "a.jsp", "text/html", "<% Runtime.exec() %>" },
    { "a.swf", "application/x-shockwave-flash", "FWS\x08" X },
    { "a.hta", "application/hta", "<hta:application/>" X },
    { "a.url", "text/plain", "[InternetShortcut]\nURL=javascript:1" },
    { "a.webloc", "text/plain", "<plist><string>javascript:1</string></plist>" },
    { "a.desktop", "text/plain", "[Desktop Entry]\nExec=id" },
    { "a.bat", "text/plain", "@echo off" },
    { "a.exe", "image/png", "MZ\x90" },
    { "a.jar", "application/java-archive", "PK\3\4META-INF/" },
    { "a.crx", "application/x-chrome-extension", "Cr24" },
    { "a.wasm", "application/wasm", "asm\1" },
    { "a.json", "application/json", "{\"a\":\"" X "\"}" },
    { "a.manifest", "text/cache-manifest", "CACHE MANIFEST" },
    { "a.ics", "text/calendar", "BEGIN:VCALENDAR\nX-ALT-DESC;FMTTYPE=text/html:" X },
    { "a.vcf", "text/vcard", "BEGIN:VCARD\nNOTE:" X },
    { "a.csv", "text/csv", "=cmd|' /C calc'!A0" },
    { "a.txt", "text/html; charset=utf-7", "+ADw-script+AD4-stolen=1+ADw-/script+AD4-" },
    { "a", "text/html", X },
    { "a.html.png", "text/html", X },
    { "a.png.html", "image/png", X },
    { "a.HTML", "TEXT/HTML", X },
    { "a.html.", "text/html", X },
    { "a.html%00.png", "text/html", X },
    { "a.html;.png", "text/html", X },
    { "a.ht\tml", "text/html", X },
    { "index.html", NULL, X },
    { "a.rss", "application/rss+xml",
      "<rss><a xmlns='http://www.w3.org/1999/xhtml'>" X "</a></rss>" },
    { "a.mathml", "application/mathml+xml",
      "<math><maction actiontype='statusline#http://evil'/>" },
    { "a.wsf", "text/xml", "<job>" X "</job>" },
    { "a.pac", "application/x-ns-proxy-autoconfig", "function FindProxyForURL(){}" },
    { "a.webp", "image/webp", "RIFF\4WEBP" X },
    { "a.bmp", "image/bmp", "BM" X },
    { "a.ico", "image/x-icon", "\1\1" X },
    { "a.tiff", "image/tiff", "II*" X },
    { "a.mp4", "video/mp4",
      "\x20\x20\x20\x18"
      "ftypmp42" X },
    { "a.rtf", "application/rtf", "{\\rtf1{\\field{\\*\\fldinst{HYPERLINK javascript:1}}}" },
    { "a.doc", "application/msword", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" X },
    { "a.lnk", "application/x-ms-shortcut", "L\1\1\1" },
    { "a.svgz", "image/svg+xml", "\x1f\x8b\x08" X },
    { "a.dat", "x/y\"; name=z", X },
};

static void hostile_files(bool pg, void *h) {
    open_world(pg, h);
    for (size_t i = 0; i < sizeof hostiles / sizeof *hostiles; i++) {
        const struct hostile *f = &hostiles[i];
        int64_t id = bring(str_of(f->name), f->type, str_of(f->content), "");
        if (!id) fail_msg("%s was refused", f->name);
        struct answered a = file(id);
        harmless(&a);
        assert_true(str_eq_z(a.body, f->content)); /* as it came */
        const char *look = str_printf(w.s.arena, "/files/%lld/preview", (long long)id).p;
        a = get(&w.owner, look);
        assert_int_equal(a.status, 404); /* none of these is a picture */
        assert_int_equal(str_find(a.body, S("stolen")), -1);
    }
    struct answered page =
        get(&w.owner, str_printf(w.s.arena, "/clients/%lld/files", (long long)w.party).p);
    assert_int_equal(page.status, 200);
    assert_int_equal(str_find(page.body, S("window.stolen")), -1);
    int64_t empty = bring(S("empty.txt"), "text/plain", NO_STR, "");
    struct answered a = file(empty);
    harmless(&a);
    assert_int_equal(a.body.n, 0);
    int64_t nameless = bring(S(""), "text/html", S(X), "");
    a = file(nameless);
    harmless(&a);
    assert_true(str_find(answered_header(&a, "content-disposition"), S("\"file\"")) > 0);
    served_close(&w.s);
}

static void test_hostile_files(void **state) {
    hostile_files(false, *state);
}

static void test_hostile_files_pg(void **state) {
    if (!fixture_has_pg()) skip();
    hostile_files(true, *state);
}

/* --- T-19, T-20 --- */

static struct strs hostile_names(void) {
    static const char *const plain[] = {
        "../../etc/passwd",
        "..\\..\\x.exe",
        "/etc/shadow",
        "C:\\x\\y.txt",
        "....//x",
        "%2e%2e%2fx",
        "..%5cx",
        "%252e",
        "a\nb",
        "a\r\nSet-Cookie: x=1",
        "a\rb",
        "a;b.txt",
        "a; filename=b.exe",
        "a, b",
        "a'b",
        "a&b=c",
        "a\tb",
        "CON",
        "con.txt",
        "NUL",
        "aux.h",
        "COM1",
        "lpt9.doc",
        ".",
        "..",
        "...",
        ".bashrc",
        " lead",
        "trail ",
        "trail.",
        "-rf",
        "~",
        "$(id)",
        "`id`",
        "|id",
        "<b>x</b>.html",
        "x?y",
        "x*y",
        "x:y",
        "x::$DATA",
        "\xe2\x80\xaegpj.exe",
        "a\xe2\x80\x8f"
        "b",
        "a\xe2\x80\xa6",
        "\xd9\x82\xd8\xb1\xd8\xa7\xd8\xb1 \xdb\xb1\xdb\xb4.pdf",
        "\xd8\xb9\xd9\x82\xd8\xaf.docx",
        "caf\xc3\xa9.txt",
        "cafe\xcc\x81.txt",
        "\xf0\x9f\x98\x80.png",
        "a\x7f"
        "b",
        "a\x01"
        "b",
        "\xc2\x85x",
        "\xe2\x80\xa8x",
        "a%0d%0ab",
        "a%00b",
        "=?utf-8?q?x?=",
        "filename*=UTF-8''x",
        "x\\",
        "\\",
        "//",
        "\xef\xbb\xbfx",
        "\xe2\x80\x8bx",
        "a..b",
        "desktop.ini",
    };
    struct strs out = { arena_array(w.s.arena, struct str, 120), 0 };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) out.v[out.n++] = str_of(plain[i]);
    for (int n = 1; n <= 4096; n *= 2) { /* long ones, of one and of three bytes a character */
        struct buf a = { .arena = w.s.arena }, b = { .arena = w.s.arena };
        for (int i = 0; i < n; i++) buf_add_c(&a, 'a');
        for (int i = 0; i < n / 2; i++) buf_add_z(&b, "\xd9\x82");
        out.v[out.n++] = buf_str(&a);
        out.v[out.n++] = buf_str(&b);
    }
    for (char c = '!'; c <= '/'; c++) out.v[out.n++] = str_printf(w.s.arena, "x%cy.txt", c);
    return out;
}

static void good_disposition(struct str d, struct str name) {
    struct str quoted = str_sub(d, sizeof "attachment; filename=\"" - 1, SIZE_MAX), star;
    ptrdiff_t end = str_find(quoted, S("\"; filename*=UTF-8''"));
    if (end < 0) fail_msg("“%.*s” gives %.*s", SF(name), SF(d));
    star = str_sub(quoted, (size_t)end + sizeof "\"; filename*=UTF-8''" - 1, SIZE_MAX);
    quoted = str_sub(quoted, 0, (size_t)end);
    assert_true(quoted.n > 0 && quoted.n <= 160 && star.n > 0);
    for (size_t i = 0; i < quoted.n; i++) {
        char c = quoted.p[i];
        if (c < ' ' || c > '~' || strchr("\"\\/:*?<>|%", c))
            fail_msg("“%.*s” gives %.*s", SF(name), SF(d));
    }
    for (size_t i = 0; i < star.n; i++) {
        char c = star.p[i];
        bool letter = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
        if (!letter && !strchr("-._~%", c)) fail_msg("“%.*s” gives %.*s", SF(name), SF(d));
    }
    if (quoted.p[0] == '.' || str_find(star, S("%2F")) >= 0 || str_find(star, S("%0D")) >= 0 ||
        str_find(star, S("%5C")) >= 0 || str_find(star, S("%E2%80%AE")) >= 0)
        fail_msg("“%.*s” gives %.*s", SF(name), SF(d));
}

/* Files below the folder whose names are not digests, nor our own. */
static int strangers(const char *path) {
    int n = 0;
    DIR *d = opendir(path);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        struct str name = str_of(e->d_name);
        if (str_eq_z(name, ".") || str_eq_z(name, "..")) continue;
        if (e->d_type == DT_DIR && name.n == 2)
            n += strangers(str_printf(w.s.arena, "%s/%s", path, e->d_name).p);
        else
            n += name.n != 64;
    }
    closedir(d);
    return n;
}

static void test_hostile_names(void **state) {
    open_world(false, *state);
    struct strs names = hostile_names();
    int sent = 0, kept = 0;
    assert_true(names.n >= 100);
    for (int i = 0; i < names.n; i++) {
        struct str content = str_printf(w.s.arena, "content %d", i);
        int64_t id = bring(names.v[i], "text/plain", content, "");
        sent++;
        if (!id) continue; /* bytes that make the body no multipart at all */
        struct answered a = file(id);
        harmless(&a);
        assert_int_equal(count(&a, "set-cookie"), 0);
        good_disposition(answered_header(&a, "content-disposition"), names.v[i]);
        assert_true(str_eq(a.body, content));
        kept++;
    }
    print_message("%d of %d names kept\n", kept, sent);
    assert_true(kept >= sent - 8);
    assert_int_equal(strangers(filestore_folder(w.s.app, w.s.arena)), 0);
    served_close(&w.s);
}

/* Every segment of every route of files: no way out of the folder, and nothing is told. */
static void test_paths(void **state) {
    open_world(false, *state);
    int64_t id = bring(S("a.txt"), "text/plain", S("inside"), "");
    assert_true(id > 0);
    static const char *const segments[] = {
        "..",
        "%2e%2e",
        "..%2f..%2fetc%2fpasswd",
        "..%5c..",
        "%252e%252e",
        "....",
        "%2fetc%2fpasswd",
        "1%00",
        "%c0%ae%c0%ae",
        "1.txt",
        "-1",
        "0",
        "01x",
        "1e0",
        "9223372036854775808",
        "+1",
        " 1",
        "1;x",
        "%31%2e",
        "daftar.db",
    };
    static const char *const routes[] = {
        "/files/%s",
        "/files/%s/preview",
        "/attachments/%s",
        "/clients/%s/files",
        "/clients/%s/photo",
        "/api/v1/attachments/%s/content",
        "/api/v1/attachments/1/versions/%s/content",
    };
    for (size_t r = 0; r < sizeof routes / sizeof *routes; r++)
        for (size_t i = 0; i < sizeof segments / sizeof *segments; i++) {
            char target[200];
            const char *hole = strstr(routes[r], "%s");
            snprintf(target, sizeof target, "%.*s%s%s", (int)(hole - routes[r]), routes[r],
                     segments[i], hole + 2);
            struct answered a = get(&w.owner, target);
            if (a.status < 400) fail_msg("%s gives %d", target, a.status);
            assert_int_equal(str_find(a.body, S("root:")), -1);
            assert_int_equal(str_find(a.body, S("SQLite format")), -1);
        }
    served_close(&w.s);
}

/* --- life of a file --- */

static struct str rows(const char *columns, const char *table, const char *more) {
    return served_rows(&w.s, columns, table, more);
}

static void has(struct str all, const char *what) {
    if (str_find(all, str_of(what)) < 0) fail_msg("no “%s” in %.*s", what, SF(all));
}

static void life(bool pg, void *h) {
    open_world(pg, h);
    struct arena *a = w.s.arena;
    int64_t one = bring(S("plan.txt"), NULL, S("first"), "");
    int64_t two = bring(S("plan.txt"), NULL, S("second"), "");
    assert_int_equal(two, one + 1);
    has(rows("count(*)", "attachment", NULL), "1");
    assert_int_equal(bring(S("plan.txt"), NULL, S("second"), ""), two); /* the same: nothing new */
    has(rows("count(*)", "attachment_version", NULL), "2");
    const char *apart = "--x\r\nContent-Disposition: form-data; name=\"separate\"\r\n\r\n1\r\n";
    assert_int_equal(bring(S("plan.txt"), NULL, S("third"), apart), two + 1);
    has(rows("count(*)", "attachment", NULL), "2");
    struct answered got = post(&w.owner, "/attachments/1/versions/1/restore", "");
    assert_int_equal(got.status, 303);
    got = get(&w.member, "/api/v1/attachments/1/content");
    assert_true(str_eq_z(got.body, "first"));
    harmless(&got);
    got = post(&w.owner, "/attachments/1", "version=3&name=Plan&description=of+the+house");
    assert_int_equal(got.status, 303);
    has(rows("name, description", "attachment", "WHERE id = 1"), "Plan | of the house");
    got = post(&w.owner, "/attachments/1/bin", "");
    assert_int_equal(got.status, 303);
    assert_int_equal(file(one).status, 404);
    struct str batch = str_trim(rows("max(id)", "batch", NULL));
    got = post(&w.owner, str_printf(a, "/history/%.*s/undo", SF(batch)).p, "");
    assert_int_equal(got.status, 303);
    assert_int_equal(file(one).status, 200);
    got = get(&w.owner, str_printf(a, "/clients/%lld", (long long)w.party).p);
    has(got.body, "Plan");
    served_close(&w.s);
}

static void test_life(void **state) {
    life(false, *state);
}

static void test_life_pg(void **state) {
    if (!fixture_has_pg()) skip();
    life(true, *state);
}

/* Private ones are their author's and the owners'; nobody else can tell them from none. */
static void test_private(void **state) {
    open_world(false, *state);
    const char *to = str_printf(w.s.arena, "/clients/%lld/files", (long long)w.party).p;
    const char *more = "--x\r\nContent-Disposition: form-data; name=\"private\"\r\n\r\n1\r\n";
    struct str body = form_of(S("diary.txt"), NULL, S("mine"), more);
    assert_int_equal(send_to(&w.member, to, body).status, 303);
    struct served_who manager = served_sign_in(&w.s, 2);
    assert_int_equal(get(&w.member, "/files/1").status, 200);
    assert_int_equal(get(&w.owner, "/files/1").status, 200);
    struct answered hidden = get(&manager, "/files/1"), none = get(&manager, "/files/2");
    assert_int_equal(hidden.status, 404);
    assert_true(str_eq(hidden.body, none.body));
    assert_int_equal(str_find(get(&manager, to).body, S("diary")), -1);
    assert_true(str_find(get(&w.member, to).body, S("diary")) > 0);
    served_close(&w.s);
}

static struct str files_state(void) {
    struct buf b = { .arena = w.s.arena };
    buf_printf(&b, "%d", strangers(filestore_folder(w.s.app, w.s.arena)));
    return str_printf(w.s.arena, "%.*s %.*s", SF(served_digest(&w.s)), SF(buf_str(&b)));
}

/* What is refused changes nothing and leaves no file (T-13). */
static void test_refused(void **state) {
    open_world(false, *state);
    const char *to = str_printf(w.s.arena, "/clients/%lld/files", (long long)w.party).p;
    struct str before = files_state();
    struct answered a = send_to(&w.owner, to, S("--x--\r\n"));
    assert_true(a.status == 400 || a.status == 422);
    a = send_to(&w.owner, "/clients/9999/files", form_of(S("a"), NULL, S("b"), ""));
    assert_int_equal(a.status, 404);
    a = send_to(&w.owner, "/attachments/9999/versions", form_of(S("a"), NULL, S("b"), ""));
    assert_int_equal(a.status, 404);
    const char *photo = str_printf(w.s.arena, "/clients/%lld/photo", (long long)w.party).p;
    struct str text =
        S("--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\n"
          "\r\nno picture\r\n--x--\r\n");
    a = send_to(&w.owner, photo, text);
    assert_int_equal(a.status, 422);
    has(a.body, "cannot be shown");
    assert_true(str_eq(before, files_state()));
    served_close(&w.s);
}

/* As the network hands it over, but from memory: the body itself takes no room on the disk. */
static struct http_reply serve(const char *path, struct str body, bool lost) {
    struct http_pair query[] = { { S("csrf"), w.owner.csrf } };
    struct http_pair headers[] = { { S("host"), S("localhost") },
                                   { S("cookie"), w.owner.cookie },
                                   { S("content-type"), S(TYPE) } };
    struct http_request http = { .method = HTTP_POST,
                                 .path = str_of(path),
                                 .query = { query, 1 },
                                 .headers = { headers, 3 },
                                 .body = lost ? S("") : body,
                                 .body_n = (int64_t)body.n,
                                 .body_lost = lost,
                                 .peer = S("127.0.0.1") };
    struct http_reply reply = { 0 };
    web_serve(w.s.app, 0, w.s.arena, &http, &reply);
    return reply;
}

/* A full disk: said, nothing half kept, and it works again (F6). */
static void test_full(void **state) {
    open_world(false, *state);
    const char *to = str_printf(w.s.arena, "/clients/%lld/files", (long long)w.party).p;
    struct buf big = { .arena = w.s.arena };
    for (int i = 0; i < 800000; i++) buf_add_c(&big, 'x');
    struct str body = form_of(S("big.txt"), NULL, buf_str(&big), "");
    struct rlimit was, small;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &was);
    struct str before = files_state();
    for (int lost = 0; lost < 2; lost++) { /* no room for the file; none for the request itself */
        small = (struct rlimit){ 600000, was.rlim_max };
        setrlimit(RLIMIT_FSIZE, &small);
        struct http_reply got = serve(to, body, lost);
        setrlimit(RLIMIT_FSIZE, &was);
        assert_int_equal(got.status, 507);
        has(got.body, "The disk is full");
        assert_true(str_eq(before, files_state()));
    }
    assert_int_equal(serve(to, body, false).status, 303);
    has(rows("bytes", "attachment_version", NULL), "800000");
    served_close(&w.s);
}

int main(void) {
    struct hasher *h = hasher_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_hostile_files, h),
        cmocka_unit_test_prestate(test_hostile_files_pg, h),
        cmocka_unit_test_prestate(test_hostile_names, h),
        cmocka_unit_test_prestate(test_paths, h),
        cmocka_unit_test_prestate(test_life, h),
        cmocka_unit_test_prestate(test_life_pg, h),
        cmocka_unit_test_prestate(test_private, h),
        cmocka_unit_test_prestate(test_refused, h),
        cmocka_unit_test_prestate(test_full, h),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hasher_free(h);
    return failed;
}
