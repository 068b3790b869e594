/* GET and POST /clients/bulk: which clients, what to do with them, what it would do, doing it.
 * Routes: feature.c. Calls core/web/list_address.h, work.c and the queue of jobs. */
#include "core/entity/form.h"
#include "core/web/journal.h"
#include "core/web/list_address.h"
#include "features/attachment/attachment.h"
#include "features/bulk/bulk.html.h"
#include "features/bulk/pages.h"
#include "features/member/member.h"
#include "features/tag/tag.h"
#include "lib/locale/number.h"

enum { SHOWN = 8, TAGS_MAX = 200, COMPARED_MAX = 5 };
static const char path[] = "/clients/bulk";

/* --- the bar of the list --- */

static void keep_query(struct arena *a, const struct list_query *q, struct bulk_bar *b) {
    b->query.v = arena_array(a, struct bulk_hidden, q->filters_n + 3);
    for (int i = 0; i < q->filters_n; i++)
        b->query.v[b->query.n++] = (struct bulk_hidden){ q->filters[i].field, q->filters[i].value };
    if (q->search.n) b->query.v[b->query.n++] = (struct bulk_hidden){ S("q"), q->search };
    if (q->within) b->query.v[b->query.n++] = (struct bulk_hidden){ S("where"), q->within->text };
}

struct bulk_bar bulk_bar_of(struct ctx *c, const struct list_query *q, int64_t total, int shown_n) {
    struct bulk_bar b = { .shown = shown_n > 0,
                          .writes = ctx_may(c, entity_party.may_write),
                          .exports = ctx_may(c, ROLE_ACCOUNTANT),
                          .all = total > shown_n && ctx_may(c, ROLE_MANAGER),
                          .total = total,
                          .back = list_address_criteria(c->arena, q) };
    struct list_query bare = *q;
    bare.after = bare.before = bare.letter = bare.view = bare.sort = NO_STR;
    keep_query(c->arena, q, &b);
    b.all_to = url_query(c->arena, list_address(c->arena, path, &bare), "bulk.all", S("1"));
    b.all_to =
        url_query(c->arena, b.all_to, "bulk.seen", str_printf(c->arena, "%lld", (long long)total));
    b.all_to = url_query(c->arena, b.all_to, "bulk.back", b.back);
    return b;
}

/* --- what is asked --- */

enum status bulk_ask(struct req *r, struct bulk_asked *out) {
    struct ctx *c = &r->c;
    struct str seen = req_query(r, "bulk.seen");
    *out = (struct bulk_asked){ .all = req_query(r, "bulk.all").n > 0,
                                .seen = -1,
                                .what = req_query(r, "bulk.do"),
                                .field = req_query(r, "bulk.field"),
                                .value = str_trim(req_query(r, "bulk.value")),
                                .back = req_query(r, "bulk.back"),
                                .go = req_query(r, "bulk.go").n > 0 };
    TRY(list_address_read(c, &r->http->query, NULL, &entity_party, &out->q));
    out->q.sort = out->q.after = out->q.before = out->q.letter = out->q.view = NO_STR;
    if (!out->all) { /* what is ticked is ticked, whatever the list asks for */
        out->q.filters_n = 0;
        out->q.search = NO_STR;
        out->q.within = NULL;
        if (out->q.only_n == 0) return OK;
    }
    if (seen.n && (!str_to_i64(seen, &out->seen) || out->seen < 0)) return MALFORMED;
    return list_count(c, &out->q, &out->n);
}

static struct url back_url(struct ctx *c, struct str back) {
    struct http_pairs pairs;
    struct list_query q;
    struct str why;
    int problems = c->problems.n;
    bool ok = back.n && http_form(c->arena, back, &pairs, &why) == OK &&
              list_address_read(c, &pairs, NULL, &entity_party, &q) == OK;
    c->problems.n = problems;
    return ok ? list_address(c->arena, "/clients", &q) : url_own(S("/clients"));
}

/* The same choice at another address. */
static struct url choice_url(struct ctx *c, const char *to, const struct bulk_asked *a) {
    return list_address(c->arena, to, &a->q);
}

static struct url step_url(struct ctx *c, const struct bulk_asked *a, const char *what) {
    struct url u = choice_url(c, path, a);
    if (a->all) u = url_query(c->arena, u, "bulk.all", S("1"));
    u = url_query(c->arena, u, "bulk.seen",
                  str_printf(c->arena, "%lld", (long long)(a->seen >= 0 ? a->seen : a->n)));
    if (a->back.n) u = url_query(c->arena, u, "bulk.back", a->back);
    return what ? url_query(c->arena, u, "bulk.do", str_of(what)) : u;
}

/* --- the change that is asked for, and its name --- */

static struct str filled(struct ctx *c, const char *text, struct str field, struct str value) {
    struct tr_arg args[2] = { { .name = "field", .value = field, .isolate = true },
                              { .name = "value", .value = value, .isolate = true } };
    return tr_fill(c->arena, text, args, 2);
}

static enum status set_change(struct ctx *c, struct str field, struct str typed,
                              struct bulk_change *out, struct str *title) {
    const struct entity *e = entity_now(c, &entity_party);
    const struct field *f = entity_field(e, field);
    struct value v = { 0 };
    if (!f || !bulk_field_ok(c, f)) return MALFORMED;
    *out = (struct bulk_change){ S("set"), field, NO_STR };
    if (typed.n) {
        TRY(f->kind->parse(c, f, S("bulk.value"), typed, &v));
        if (f->kind == &kind_ref && v.i && !entity_title(c, f->ref, v.i).n) return MALFORMED;
        out->value = f->kind->plain(c, f, v);
    }
    struct str label = str_of(field_label(c, f));
    bool empty = !typed.n || value_empty(f, v);
    if (empty && (f->is & REQUIRED))
        return ctx_problem(c, S("bulk.value"), N_("This may not be empty."));
    if (empty && f->kind == &kind_yesno) out->value = S("0"), empty = false;
    *title = empty ? filled(c, T(c, N_("Empty {field}")), label, NO_STR)
                   : filled(c, T(c, N_("Set {field} to {value}")), label, f->kind->show(c, f, v));
    return OK;
}

static enum status tag_change(struct ctx *c, struct str how, struct str value,
                              struct bulk_change *out, struct str *title) {
    int64_t tag;
    bool add = !str_eq(how, S("remove"));
    if (str_to_i64(value, &tag)) {
        struct tag t;
        TRY(store_load(c, &entity_tag, tag, &t));
        *out = (struct bulk_change){ add ? S("add_tag") : S("remove_tag"), NO_STR, value };
        *title =
            filled(c, add ? T(c, N_("Add the tag {value}")) : T(c, N_("Remove the tag {value}")),
                   NO_STR, t.name);
        return OK;
    }
    return ctx_problem(c, S("bulk.value"), N_("Choose a tag."));
}

static enum status change_of(struct ctx *c, const struct bulk_asked *a, struct bulk_change *out,
                             struct str *title) {
    if (str_eq(a->what, S("delete"))) {
        *out = (struct bulk_change){ S("delete"), NO_STR, NO_STR };
        *title = str_of(T(c, N_("Move to the bin")));
        return OK;
    }
    if (str_eq(a->what, S("assign"))) return set_change(c, S("responsible"), a->value, out, title);
    if (str_eq(a->what, S("tag"))) return tag_change(c, a->field, a->value, out, title);
    return set_change(c, a->field, a->value, out, title);
}

/* --- the page --- */

static void keep(struct bulk_page *v, struct str name, struct str value) {
    if (value.n) v->kept.v[v->kept.n++] = (struct bulk_hidden){ name, value };
}

static void keep_choice(struct ctx *c, const struct bulk_asked *a, struct bulk_page *v) {
    v->kept.v = arena_array(c->arena, struct bulk_hidden, a->q.filters_n + a->q.only_n + 7);
    for (int i = 0; i < a->q.filters_n; i++) keep(v, a->q.filters[i].field, a->q.filters[i].value);
    for (int i = 0; i < a->q.only_n; i++)
        keep(v, S("pick"), str_printf(c->arena, "%lld", (long long)a->q.only[i]));
    keep(v, S("q"), a->q.search);
    if (a->q.within) keep(v, S("where"), a->q.within->text);
    if (a->all) keep(v, S("bulk.all"), S("1"));
    keep(v, S("bulk.seen"),
         str_printf(c->arena, "%lld", (long long)(a->seen >= 0 ? a->seen : a->n)));
    keep(v, S("bulk.back"), a->back);
    keep(v, S("bulk.do"), a->what);
}

static struct str counted(struct ctx *c, const char *text, int64_t n) {
    struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, n) };
    return tr_fill(c->arena, text, &arg, 1);
}

static enum status choose_field(struct ctx *c, const struct bulk_asked *a, struct bulk_page *v) {
    const struct entity *e = entity_now(c, &entity_party);
    const struct field *chosen = entity_field(e, a->field.n ? a->field : S("stage"));
    struct value typed = { 0 };
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if (bulk_field_ok(c, f))
            options_add(c->arena, &v->fields, str_of(f->name), str_of(field_label(c, f)),
                        chosen ? str_of(chosen->name) : NO_STR);
    }
    if (!chosen || !bulk_field_ok(c, chosen)) return MALFORMED;
    typed.is_int = chosen->kind->is_int;
    TRY(form_input(c, chosen, S("bulk.value"), typed, &v->input));
    v->input.label = str_of(T(c, N_("New value")));
    v->input.required = false;
    v->input.hint = NO_STR;
    if (v->input.widget.p && str_eq(v->input.widget, S("check"))) {
        v->input.widget = S("select");
        v->input.options.v = arena_array(c->arena, struct form_option, 2);
        v->input.options.v[v->input.options.n++] =
            (struct form_option){ S("1"), str_of(T(c, "yes")), true };
        v->input.options.v[v->input.options.n++] =
            (struct form_option){ S("0"), str_of(T(c, "no")), false };
        v->input.required = true;
    }
    return OK;
}

static enum status choose_tag(struct ctx *c, const struct bulk_asked *a, struct bulk_page *v) {
    struct list_query q = { .entity = &entity_tag, .sort = S("name"), .limit = TAGS_MAX };
    struct list_page page;
    TRY(list_run(c, &q, &page));
    TRY(entity_titles(c, &entity_tag, page.ids, page.n));
    for (int i = 0; i < page.n; i++)
        options_add(c->arena, &v->tags, str_printf(c->arena, "%lld", (long long)page.ids[i]),
                    entity_title(c, &entity_tag, page.ids[i]), a->value);
    v->adds = str_eq(a->field, S("remove")) ? S("remove") : S("add");
    return OK;
}

static enum status choose_member(struct ctx *c, const struct bulk_asked *a, struct bulk_page *v) {
    struct members all;
    TRY(member_all(c, &all));
    for (int i = 0; i < all.n; i++)
        options_add(c->arena, &v->members, str_printf(c->arena, "%lld", (long long)all.v[i].row.id),
                    all.v[i].name, a->value);
    return OK;
}

static struct str shown_value(struct ctx *c, const struct bulk_change *ch, const struct party *p) {
    struct str names[LIMIT_MANY_N];
    if (str_eq(ch->action, S("set"))) {
        const struct field *f = entity_field(entity_now(c, &entity_party), ch->field);
        struct value v = field_get(f, p);
        return value_empty(f, v) && f->kind != &kind_yesno ? NO_STR : f->kind->show(c, f, v);
    }
    for (int i = 0; i < p->tags.n && i < LIMIT_MANY_N; i++)
        names[i] = entity_title(c, &entity_tag, p->tags.v[i].tag);
    return str_join(c->arena, names, p->tags.n, S(", "));
}

/* The first few as they are and as they would be. */
static enum status preview_rows(struct req *r, const struct bulk_asked *a,
                                const struct bulk_change *ch, struct bulk_page *v) {
    struct ctx *c = &r->c;
    struct list_query q = a->q;
    struct list_page page;
    void *rows;
    int n;
    q.limit = SHOWN;
    TRY(list_run(c, &q, &page));
    TRY(store_load_all(c, &entity_party, page.ids, page.n, &rows, &n));
    journal_listed(r->app, c, "party", page.ids, page.n);
    v->rows.v = arena_array(c->arena, struct bulk_before, n + 1);
    for (int i = 0; i < n; i++) {
        struct party *p = (struct party *)rows + i, after = *p;
        struct bulk_before *b = &v->rows.v[v->rows.n++];
        int problems = c->problems.n;
        *b = (struct bulk_before){ .id = p->row.id,
                                   .name = p->display_name,
                                   .face = face_of(c->arena, p->display_name,
                                                   party_is_person(p) ? "small" : "firm small") };
        b->face.picture = party_photo_url(c->arena, p);
        if (str_eq(ch->action, S("delete"))) continue;
        b->before = shown_value(c, ch, p);
        if (bulk_apply(c, ch, &after) != OK && c->problems.n > problems)
            b->problem = ctx_problem_text(c, &c->problems.v[problems]);
        c->problems.n = problems;
        b->after = shown_value(c, ch, &after);
        b->same = str_eq(b->before, b->after);
    }
    v->more = a->n - n;
    return OK;
}

static enum status fill_step(struct req *r, struct bulk_asked *a, struct bulk_page *v) {
    struct ctx *c = &r->c;
    struct bulk_change ch;
    bool straight = str_eq(a->what, S("delete"));
    if (a->n == 0) {
        v->step = "none";
        return OK;
    }
    if (a->go || straight) {
        enum status st = change_of(c, a, &ch, &v->title);
        if (st == OK) {
            v->step = straight ? "delete" : "preview";
            v->value = a->value;
            v->field = a->field;
            return preview_rows(r, a, &ch, v);
        }
        if (st != INVALID) return st;
    }
    if (str_eq(a->what, S("edit"))) {
        v->step = "edit";
        return choose_field(c, a, v);
    }
    if (str_eq(a->what, S("tag"))) {
        v->step = "tag";
        return choose_tag(c, a, v);
    }
    if (str_eq(a->what, S("assign"))) {
        v->step = "assign";
        return choose_member(c, a, v);
    }
    return a->what.n ? MALFORMED : OK;
}

static void fill_ways(struct ctx *c, const struct bulk_asked *a, struct bulk_page *v) {
    struct url out = choice_url(c, "/clients/export", a);
    v->xlsx = url_query(c->arena, out, "format", S("xlsx"));
    v->csv = url_query(c->arena, out, "format", S("csv"));
    v->json = url_query(c->arena, out, "format", S("json"));
    v->vcard = url_query(c->arena, out, "format", S("vcard"));
    v->labels = choice_url(c, "/labels", a);
    v->compares = !a->all && a->q.only_n >= 2 && a->q.only_n <= COMPARED_MAX;
    v->compare = choice_url(c, "/clients/compare", a);
    v->edit = step_url(c, a, "edit");
    v->tag = step_url(c, a, "tag");
    v->assign = step_url(c, a, "assign");
    v->remove = step_url(c, a, "delete");
}

static enum status show(struct req *r, struct bulk_asked *a) {
    struct ctx *c = &r->c;
    bool writes = ctx_may(c, entity_party.may_write);
    struct bulk_page v = { .step = "choose",
                           .what = a->what,
                           .action = step_url(c, a, NULL),
                           .kept_back = a->back,
                           .back = back_url(c, a->back),
                           .writes = writes && (!a->all || ctx_may(c, ROLE_MANAGER)),
                           .exports = ctx_may(c, ROLE_ACCOUNTANT),
                           .danger = str_eq(a->what, S("delete")),
                           .later = a->n > BULK_AT_ONCE,
                           .seen = a->n };
    if (a->what.n && !v.writes) return DENIED;
    if (a->all && a->seen >= 0) v.moved = a->n - a->seen;
    if (!a->all) v.hidden = a->q.only_n - a->n;
    v.sure = v.danger || v.later;
    v.again = step_url(c, a, a->what.n ? str_z(c->arena, a->what) : NULL);
    keep_choice(c, a, &v);
    TRY(fill_step(r, a, &v));
    TRY(bulk_count_up(c, a, &v.totals));
    fill_ways(c, a, &v);
    v.count = counted(c, tr_n(c->loc, "{n} client", "{n} clients", a->n), a->n);
    v.button =
        v.danger ? counted(c,
                           tr_n(c->loc, "Move {n} client to the bin", "Move {n} clients to the bin",
                                a->n),
                           a->n)
                 : counted(c, tr_n(c->loc, "Change {n} client", "Change {n} clients", a->n), a->n);
    r->narrow = true;
    return PAGE(r, T(c, N_("Several clients")), "clients", bulk_page_html, &v);
}

enum status bulk_show(struct req *r) {
    struct bulk_asked a;
    TRY(bulk_ask(r, &a));
    return show(r, &a);
}

/* --- doing it --- */

static enum status gather(struct ctx *c, const struct bulk_asked *a, struct bulk *b) {
    int64_t *ids = arena_array(c->arena, int64_t, (int)a->n + 1), after = 0;
    int n = 0, got = 1;
    while (got && n < a->n) {
        int room = (int)a->n - n;
        TRY(list_walk(c, &a->q, &after, ids + n, room < 4096 ? room : 4096, &got));
        n += got;
    }
    b->ids = bulk_ids_write(c->arena, ids, n);
    b->total = n;
    return OK;
}

/* The form says what was asked, in its own fields, and how many there were. */
static void take_form(struct req *r, struct bulk_asked *a) {
    int64_t seen;
    a->what = req_form(r, "bulk.do");
    a->field = req_form(r, "bulk.field");
    a->value = str_trim(req_form(r, "bulk.value"));
    a->back = req_form(r, "bulk.back");
    a->go = true;
    if (str_to_i64(req_form(r, "bulk.seen"), &seen)) a->seen = seen;
}

static enum status done_at_once(struct req *r, struct bulk *b) {
    struct ctx *c = &r->c;
    TRY(bulk_slice(c, b, NULL, NULL));
    if (b->n.refused || b->n.hidden || !b->n.changed)
        return go(r, url_printf(c->arena, "/bulk/%lld", (long long)b->id));
    const char *said = str_eq(b->change.action, S("delete")) ? N_("The clients are in the bin.")
                                                             : N_("The clients are changed.");
    return go_toast(r, back_url(c, b->back), said, b->batch);
}

enum status bulk_run(struct req *r) {
    struct ctx *c = &r->c;
    struct bulk_asked a;
    struct bulk b = { 0 };
    int64_t job;
    TRY(bulk_ask(r, &a));
    take_form(r, &a);
    if (a.all && !ctx_may(c, ROLE_MANAGER)) return DENIED;
    if (a.n == 0) return ctx_problem(c, NO_STR, N_("No client is chosen."));
    if (a.all && a.seen != a.n)
        return ctx_problem(c, NO_STR, N_("Meanwhile other clients match. Look again, please."));
    bool sure = str_eq(a.what, S("delete")) || a.n > BULK_AT_ONCE;
    if (sure && !req_form(r, "_sure").n)
        return ctx_problem(c, S("_sure"), N_("Tick the box when you are sure."));
    TRY(change_of(c, &a, &b.change, &b.title));
    b.back = a.back;
    TRY(gather(c, &a, &b));
    TRY(bulk_make(c, &b));
    if (b.total <= BULK_AT_ONCE) return done_at_once(r, &b);
    struct str argument = str_printf(c->arena, "{\"bulk\":%lld}", (long long)b.id);
    TRY(job_enqueue(c, "bulk", argument, str_printf(c->arena, "bulk %lld", (long long)b.id), 0,
                    &job));
    return go(r, url_printf(c->arena, "/bulk/%lld", (long long)b.id));
}

enum status bulk_again(struct req *r) {
    struct bulk_asked a;
    TRY(bulk_ask(r, &a));
    take_form(r, &a);
    return show(r, &a);
}
