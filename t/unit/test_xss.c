/* Marked text in every field of every entity, and in what is kept of browsers and files (trust.md
 * T-06, T-07, T-08): all pages that the owner can reach by links are read, and nowhere does the
 * mark come out as markup, nowhere is a template worked out. Addresses that run something are no
 * links. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/app/secret.h"
#include "core/entity/history.h"
#include "features/bond/bond.h"
#include "features/category/category.h"
#include "features/member/member.h"
#include "features/note/note.h"
#include "features/party/party.h"
#include "features/tag/tag.h"
#include "fixture.h"
#include "own_fields.h"
#include "crawl.h"

/* 7777777 × 7 = 54444439: no other text says that. */
#define MARK "\"'><img src=x onerror=x()>{{7777777*7}}${7777777*7}"
#define DONE "54444439"

/* --- Filling --- */

static bool takes_text(const struct field *f) {
    return !(f->is & (SYSTEM | DERIVED | SECRET)) && !f->kind->is_int &&
           (f->kind == &kind_text || f->kind == &kind_area);
}

/* The mark in every text field, as long as the field takes. */
static void fill_row(struct ctx *c, const struct entity *e, void *row) {
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        struct str text = str_printf(c->arena, "%s%s", f->name, MARK);
        if (f->max && utf8_count(text) > (size_t)f->max) text = S("><img src=x onerror=x()>");
        if (f->max && text.n > (size_t)f->max) text = S("<b>");
        if (takes_text(f)) field_set(f, row, (struct value){ .s = text });
    }
}

static void *fresh(struct ctx *c, const struct entity *e) {
    void *row = row_new(c, e);
    fill_row(c, e, row);
    return row;
}

/* A field of each kind named so, and values: text may be anything. */
static enum status make_own(struct ctx *c) {
    TRY(own_fields_make(c, "\"'><img src=x onerror=x()>"));
    return own_fields_see(c);
}

static enum status make_party(struct ctx *c, const char *kind, int64_t category, int64_t tag,
                              int64_t *id) {
    struct party *p = fresh(c, &entity_party);
    p->kind = str_of(kind);
    p->display_name = str_printf(c->arena, "%s%s", kind, MARK);
    p->own_id = str_printf(c->arena, "%s\"><img src=x>", kind);
    p->category = category;
    p->phones.n = p->emails.n = p->addresses.n = p->tags.n = 1;
    p->phones.v = row_new(c, &entity_phone);
    p->phones.v->number = S("+98 912 345 6789");
    p->emails.v = row_new(c, &entity_email);
    p->emails.v->email = S("\"'><img/src=x>{{7777777*7}}\"@example.com");
    p->addresses.v = fresh(c, &entity_address);
    p->tags.v = row_new(c, &entity_party_tag);
    p->tags.v->tag = tag;
    TRY(own_fields_fill(c, p, 0));
    fill_row(c, entity_now(c, &entity_party), p);
    p->kind = str_of(kind);
    p->display_name = str_printf(c->arena, "%s%s", kind, MARK);
    p->own_id = str_printf(c->arena, "%s\"><img src=x>", kind);
    enum status st = store_save(c, &entity_party, p);
    if (st == INVALID) { /* an address that is refused is safe too */
        c->problems = (struct problems){ 0 };
        p->emails.n = 0;
        st = store_save(c, &entity_party, p);
    }
    *id = p->row.id;
    return st;
}

static enum status fill(struct ctx *c, void *arg) {
    int64_t *client = arg, firm;
    c->who.id = 1;
    c->batch_title = S(MARK);
    TRY(make_own(c));
    struct category *cat = fresh(c, &entity_category);
    TRY(store_save(c, &entity_category, cat));
    struct tag *tag = row_new(c, &entity_tag);
    tag->name = S(MARK);
    TRY(store_save(c, &entity_tag, tag));
    struct team *team = fresh(c, &entity_team);
    TRY(store_save(c, &entity_team, team));
    struct member *m = row_new(c, &entity_member);
    m->name = S(MARK);
    m->email = S("marked@example.com");
    m->role = S("member");
    TRY(store_save(c, &entity_member, m));
    TRY(make_party(c, "person", cat->row.id, tag->row.id, client));
    TRY(make_party(c, "organisation", cat->row.id, tag->row.id, &firm));
    struct bond *b = fresh(c, &entity_bond);
    b->person = *client;
    b->organisation = firm;
    TRY(store_save(c, &entity_bond, b));
    struct note *n = fresh(c, &entity_note);
    n->party = *client;
    TRY(store_save(c, &entity_note, n));
    struct party p;
    TRY(store_load(c, &entity_party, *client, &p)); /* a change, so that the history shows values */
    p.nickname = S("before" MARK);
    return store_save(c, &entity_party, &p);
}

/* --- Crawling --- */

static void judge(const struct answered *a, struct str path) {
    struct str type = answered_header(a, "Content-Type");
    if (!str_eq_z(answered_header(a, "X-Content-Type-Options"), "nosniff"))
        fail_msg("%.*s: no nosniff", SF(path));
    if (a->body.n && !type.n) fail_msg("%.*s: no type", SF(path));
    if (str_find(a->body, S(DONE)) >= 0) fail_msg("%.*s: a template was worked out", SF(path));
    if (!str_starts(type, S("text/html"))) return;
    static const char *const raw[] = { "<img src=x", "<img/src=x", "<script>", " onclick=" };
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
        ptrdiff_t at = str_find(a->body, str_of(raw[i]));
        if (at >= 0)
            fail_msg("%.*s: raw %s in …%.*s", SF(path), raw[i],
                     SF(str_sub(a->body, at > 100 ? (size_t)at - 100 : 0, 200)));
    }
}

struct marks {
    int pages, marked;
};

static void judge_marked(void *arg, const struct answered *a, struct str path) {
    struct marks *m = arg;
    judge(a, path);
    m->pages++;
    m->marked += str_find(a->body, S("&lt;img src=x")) >= 0;
}

static struct served open_filled(bool pg, struct hasher *h, int64_t *client,
                                 struct served_who *who) {
    struct served s;
    served_open(&s, pg, h);
    served_firm(&s, LANG_EN);
    served_work(&s, fill, client);
    *who = served_sign_in(&s, 1);
    return s;
}

/* T-06. */
static void test_marks(void **state) {
    int64_t client;
    struct served_who who;
    struct served s = open_filled(false, *state, &client, &who);
    static struct crawl k;
    k = (struct crawl){ .s = &s, .who = &who };
    struct str agent = S(MARK);
    struct http_pairs headers = { .v = NULL };
    http_pairs_add(s.arena, &headers, S("user-agent"), agent);
    struct call sign_in = { .method = "POST",
                            .target = "/sign-in",
                            .headers = headers,
                            .body = S("email=owner%40example.com&password=correct+horse+battery") };
    assert_int_equal(served_call(&s, &sign_in).status, 303);
    struct marks marks = { 0 };
    crawl_starts(&k);
    crawl_all(&k, judge_marked, &marks);
    print_message("%d pages read, the mark stands in %d\n", marks.pages, marks.marked);
    if (marks.pages < 60 || marks.marked < 20) fail_msg("too little was read");
    served_close(&s);
}

/* T-07: what may not be a link is refused or shown as text. */
static void test_links(void **state) {
    static const char *const bad[] = { "javascript:alert(1)",
                                       "JaVaScRiPt:alert(1)",
                                       " java\\tscript:x",
                                       "data:text/html,<b>",
                                       "vbscript:x",
                                       "//evil.example",
                                       "https:evil.example",
                                       "\\\\evil.example",
                                       "mailto:x@example.com",
                                       "https://a b.example/",
                                       "file:///etc/passwd",
                                       "http://[",
                                       "https://user:pw@evil.example@good.example/" };
    int64_t client;
    struct served_who who;
    struct served s = open_filled(false, *state, &client, &who);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str body = str_printf(
            s.arena, "{\"kind\":\"person\",\"given_name\":\"L%zu\",\"website\":\"%s\"}", i, bad[i]);
        struct call make = { .method = "POST",
                             .target = "/api/v1/parties",
                             .who = &who,
                             .body = body,
                             .type = "application/json" };
        struct answered a = served_call(&s, &make);
        if (a.status != 422 && a.status != 201) fail_msg("%s: %d", bad[i], a.status);
        if (a.status != 201) continue;
        struct str at = answered_header(&a, "Location");
        int64_t id;
        assert_true(str_to_i64(str_sub(at, sizeof "/api/v1/parties/" - 1, at.n), &id));
        struct call show = { .method = "GET",
                             .who = &who,
                             .target = str_printf(s.arena, "/clients/%lld", (long long)id).p };
        a = served_call(&s, &show);
        static struct crawl k;
        k = (struct crawl){ .s = &s };
        crawl_links(&k, a.body); /* fails on links that run */
        assert_int_equal(str_find(a.body, S("href=\"//evil")), -1);
        assert_int_equal(str_find(a.body, S("href=\"file:")), -1);
    }
    served_close(&s);
}

/* T-08: errors of programs' doors are JSON, errors of people's doors are pages. */
static void test_types(void **state) {
    static const struct {
        const char *method, *target, *body;
        int status;
        const char *type;
    } cases[] = {
        { "GET", "/api/v1/nothing", "", 404, "application/problem+json" },
        { "GET", "/api/v1/parties/999", "", 404, "application/problem+json" },
        { "GET", "/api/v1/parties?sort=x", "", 400, "application/problem+json" },
        { "POST", "/api/v1/parties", "{", 400, "application/problem+json" },
        { "POST", "/api/v1/parties", "[]", 400, "application/problem+json" },
        { "PUT", "/api/v1/parties/1", "{}", 405, "application/problem+json" },
        { "PATCH", "/api/v1/parties/1", "{}", 428, "application/problem+json" },
        { "GET", "/api/v1/", "", 404, "application/problem+json" },
        { "GET", "/nothing", "", 404, "text/html; charset=utf-8" },
        { "GET", "/clients/999", "", 404, "text/html; charset=utf-8" },
        { "GET", "/clients?sort=x", "", 400, "text/html; charset=utf-8" },
        { "GET", "/clients/999999999999999999999", "", 404, "text/html; charset=utf-8" },
        { "DELETE", "/clients", "", 405, "text/html; charset=utf-8" },
    };
    int64_t client;
    struct served_who who;
    struct served s = open_filled(false, *state, &client, &who);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct call call = { .method = cases[i].method,
                             .target = cases[i].target,
                             .who = &who,
                             .body = str_of(cases[i].body),
                             .type = "application/json" };
        struct answered a = served_call(&s, &call);
        struct str type = answered_header(&a, "Content-Type");
        if (a.status != cases[i].status || !str_eq_z(type, cases[i].type))
            fail_msg("%s %s: %d %.*s", cases[i].method, cases[i].target, a.status, SF(type));
        judge(&a, str_of(cases[i].target));
    }
    served_close(&s);
}

int main(void) {
    struct hasher *h = hasher_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_marks, h),
        cmocka_unit_test_prestate(test_links, h),
        cmocka_unit_test_prestate(test_types, h),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hasher_free(h);
    return failed;
}
