/* No page of a Persian or an Arabic reader holds a text that nobody translated: all pages are read,
 * and what stands in Latin letters outside people's own data must be on the short list below.
 * (po-check finds texts without a translation; this finds those that never went through it.) */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/app/secret.h"
#include "core/entity/history.h"
#include "crawl.h"
#include "own_fields.h"
#include "features/bond/bond.h"
#include "features/custom/custom.h"
#include "features/note/note.h"
#include "features/party/party.h"
#include "own_fields.h"

/* Names that are the same in every language, and what the tests' own people are called. */
static const char *const allowed[] = {
    "csv",    "json",    "sha",  "utf",     "windows", "iso",   "excel", "ctrl",    "enter",
    "esc",    "tab",     "api",  "english", "fran",    "ais",   "owner", "manager", "member",
    "reader", "example", "com",  "vip",     "html",    "le",    "be",    "tsv",     "txt",
    "google", "daftar",  "http", "https",   "avery",   "vcard", "xlsx",
};

struct scan {
    struct arena *arena;
    struct str path;
    int bad, texts;
    char said[4000];
    size_t said_n;
};

static bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_allowed(struct scan *s, struct str word) {
    word = str_lower_ascii(s->arena, word);
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (str_eq_z(word, allowed[i])) return true;
    return false;
}

/* Words of three Latin letters and more; codes (GBP), zones (Europe/Paris) and entities are none.
 */
static void scan_text(struct scan *s, struct str text) {
    s->texts++;
    for (size_t i = 0; i < text.n;) {
        size_t from = i;
        while (i < text.n && letter(text.p[i])) i++;
        struct str w = str_sub(text, from, i - from);
        bool entity = from > 0 && text.p[from - 1] == '&';
        bool code = w.n == 3 && w.p[0] < 'a' && w.p[1] < 'a' && w.p[2] < 'a';
        bool zone = str_find_c(text, '/') > 0 && str_find_c(text, ' ') < 0;
        if (w.n >= 3 && !entity && !code && !zone && !is_allowed(s, w)) {
            s->bad++;
            int n = snprintf(s->said + s->said_n, sizeof s->said - s->said_n, "%.*s: \"%.*s\"\n",
                             SF(s->path), SF(str_sub(text, 0, 100)));
            s->said_n += (size_t)n < sizeof s->said - s->said_n ? (size_t)n : 0;
            return;
        }
        if (i == from) i++;
    }
}

/* Attributes that people read or hear. */
static void scan_tag(struct scan *s, struct str tag) {
    static const char *const read[] = { " placeholder=\"",  " aria-label=\"",
                                        " title=\"",        " alt=\"",
                                        " data-confirm=\"", " data-confirm-yes=\"",
                                        " data-done=\"" };
    for (size_t i = 0; i < sizeof read / sizeof *read; i++) {
        ptrdiff_t at = str_find(tag, str_of(read[i]));
        if (at < 0) continue;
        struct str value = str_sub(tag, (size_t)at + strlen(read[i]), tag.n);
        ptrdiff_t end = str_find_c(value, '"');
        if (end > 0) scan_text(s, str_sub(value, 0, (size_t)end));
    }
}

static void judge(void *arg, const struct answered *a, struct str path) {
    static const char *const own[] = { "bdi", "code",     "textarea", "style", "script",
                                       "kbd", "datalist", "title",    "text" };
    struct scan *s = arg;
    struct str body = a->body;
    if (!str_starts(answered_header(a, "Content-Type"), S("text/html"))) return;
    s->path = path;
    while (body.n) {
        ptrdiff_t open = str_find_c(body, '<');
        struct str text = str_trim(open < 0 ? body : str_sub(body, 0, (size_t)open));
        if (text.n) scan_text(s, text);
        if (open < 0) return;
        body = str_sub(body, (size_t)open, body.n);
        ptrdiff_t close = str_find_c(body, '>');
        struct str tag = str_sub(body, 0, (size_t)close + 1);
        scan_tag(s, tag);
        body = str_sub(body, tag.n, body.n);
        for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
            struct str name = str_of(own[i]), rest = str_sub(tag, 1, tag.n);
            if (!str_starts(rest, name) || letter(rest.p[name.n])) continue;
            ptrdiff_t end = str_find(body, str_printf(s->arena, "</%s>", own[i]));
            if (end >= 0) body = str_sub(body, (size_t)end, body.n);
        }
    }
}

static enum status fill(struct ctx *c, void *arg) {
    struct party *p = row_new(c, &entity_party), *firm = row_new(c, &entity_party);
    struct bond *b = row_new(c, &entity_bond);
    struct note *n = row_new(c, &entity_note);
    (void)arg;
    c->who.id = 1;
    struct custom_field *own = row_new(c, &entity_custom_field);
    own->name = own->section = own->hint = S("قرارداد");
    own->filtered = own->listed = own->required = 1;
    own->kind = S("choice");
    own->choices = S("یک\nدو");
    TRY(store_save(c, &entity_custom_field, own));
    TRY(own_fields_see(c));
    row_ready(c, &entity_party, p);
    field_set(entity_field(entity_now(c, &entity_party), S("cf_1")), p,
              (struct value){ .s = S("c1") });
    p->given_name = S("علی");
    p->family_name = S("کریمی");
    p->birth_date = S("1983-10-07");
    p->sex = S("m");
    p->prefers = S("phone");
    p->no_call = 1;
    p->language = S("fa");
    p->category = 2;
    p->responsible = 1;
    p->phones.n = p->addresses.n = 1;
    p->phones.v = row_new(c, &entity_phone);
    p->phones.v->number = S("0912 345 6789");
    p->phones.v->kind = S("mobile");
    p->addresses.v = row_new(c, &entity_address);
    p->addresses.v->town = S("تهران");
    p->addresses.v->country = S("IR");
    p->addresses.v->kind = S("home");
    TRY(store_save(c, &entity_party, p));
    row_ready(c, &entity_party, firm);
    field_set(entity_field(entity_now(c, &entity_party), S("cf_1")), firm,
              (struct value){ .s = S("c1") });
    firm->kind = S("organisation");
    firm->display_name = S("شرکت پارس");
    TRY(store_save(c, &entity_party, firm));
    b->person = p->row.id;
    b->organisation = firm->row.id;
    b->job_title = S("مدیر");
    TRY(store_save(c, &entity_bond, b));
    n->party = p->row.id;
    n->text = S("یادداشت");
    TRY(store_save(c, &entity_note, n));
    p->stage = S("lead");
    p->no_mail = 1;
    c->batch = 0;
    TRY(store_save(c, &entity_party, p));
    return store_delete(c, &entity_party, firm->row.id, 0);
}

static void read_all(struct hasher *h, enum lang lang) {
    struct served s;
    static struct crawl k;
    served_open(&s, false, h);
    served_firm(&s, lang);
    served_work(&s, fill, NULL);
    struct served_who who = served_sign_in(&s, 1);
    struct scan scan = { .arena = s.arena };
    k = (struct crawl){ .s = &s, .who = &who };
    static const char *const starts[] = { "/clients",
                                          "/history",
                                          "/settings",
                                          "/bin",
                                          "/import",
                                          "/clients/filters",
                                          "/search?q=%D9%85",
                                          "/settings/members",
                                          "/settings/members/2",
                                          "/settings/tags",
                                          "/settings/categories",
                                          "/settings/teams",
                                          "/settings/tokens",
                                          "/settings/firm",
                                          "/clients/new",
                                          "/clients/new?kind=organisation",
                                          "/welcome",
                                          "/nowhere",
                                          "/clients/1/bonds/new",
                                          "/clients/1/edit",
                                          "/history/999",
                                          "/welcome/list" };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) crawl_path(&k, str_of(starts[i]));
    crawl_all(&k, judge, &scan);
    struct served_who nobody = { .member = 0 };
    struct call door = { .method = "GET",
                         .target =
                             lang == LANG_FA ? "/sign-in?language=fa" : "/sign-in?language=ar",
                         .who = &nobody };
    struct answered a = served_call(&s, &door);
    judge(&scan, &a, S("/sign-in"));
    print_message("%d pages, %d texts\n", k.n, scan.texts);
    if (k.n < 60 || scan.texts < 3000) fail_msg("too little was read");
    served_close(&s);
    if (scan.bad) fail_msg("%d texts in Latin letters, the first:\n%s", scan.bad, scan.said);
}

static void test_persian(void **state) {
    read_all(*state, LANG_FA);
}

static void test_arabic(void **state) {
    read_all(*state, LANG_AR);
}

/* What has no translation is found: a scan that finds nothing in English proves nothing. */
static void test_finds(void **state) {
    (void)state;
    struct scan s = { .arena = arena_new() };
    struct answered page = { .status = 200 };
    http_pairs_add(s.arena, &page.headers, S("Content-Type"), S("text/html; charset=utf-8"));
    page.body = S("<p>سلام <bdi>Zoe</bdi> GBP &amp; CSV</p><input placeholder=\"نام\">");
    judge(&s, &page, S("/"));
    assert_int_equal(s.bad, 0);
    page.body = S(
        "<p>سلام Hello there</p><input placeholder=\"Type a name\"><option>Europe/Paris</option>");
    judge(&s, &page, S("/"));
    assert_int_equal(s.bad, 2);
    arena_free(s.arena);
}

int main(void) {
    struct hasher *h = hasher_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds),
        cmocka_unit_test_prestate(test_persian, h),
        cmocka_unit_test_prestate(test_arabic, h),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hasher_free(h);
    return failed;
}
