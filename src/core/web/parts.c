/* What parts.html cannot say by itself: which icons turn, initials and colour of a face, inputs and
 * the problems of the request. Called by templates; calls parts.html. */
#include "core/web/parts.h"

#include "core/entity/entity.h"
#include "core/web/parts_in.h"
#include "lib/base/map.h"
#include "lib/locale/number.h"

static bool turns(const char *name) {
    static const char *const all[] = { "arrow",   "back",     "next", "previous",
                                       "sign-in", "sign-out", "undo" };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(name, all[i]) == 0) return true;
    return false;
}

void icon(struct out *o, const char *name) {
    icon_plain(o, name, turns(name) ? "turns" : "");
}

void icon_more(struct out *o, const char *name, const char *more) {
    icon_plain(o, name, more);
}

static bool is_letter(int32_t c) {
    if (c < 0x80) return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return c >= 0xC0 && c != 0xD7 && c != 0xF7 && (c < 0x2000 || c > 0x2FFF) && c != 0xFEFF &&
           (c < 0x600 || c > 0x61F);
}

static bool is_break(int32_t c) {
    return c == ' ' || c == '-' || c == 0xA0 || c == 0x200C || c == '.' || c == '\'' || c == 0x2019;
}

struct face face_of(struct arena *a, struct str name, const char *more) {
    static const char *const hues[] = { "hue-0", "hue-1", "hue-2", "hue-3",
                                        "hue-4", "hue-5", "hue-6", "hue-7" };
    struct face f = { .more = more };
    f.hue = hues[hash_bytes(name.p, name.n, 0) % 8];
    struct buf b = { .arena = a };
    bool at_start = true;
    int n = 0;
    for (struct str s = name; s.n && n < 2;) {
        int32_t c = utf8_next(&s);
        if (at_start && is_letter(c)) {
            if (n && c >= 0x600 && c < 0x700) buf_add_utf8(&b, 0x200C); /* they must not join */
            buf_add_utf8(&b, c);
            n++;
            at_start = false;
        } else {
            at_start = is_break(c) || (at_start && !is_letter(c));
        }
    }
    f.initials = buf_str(&b);
    return f;
}

void problems_note(struct out *o) {
    struct ctx *c = &out_req(o)->c;
    if (c->problems.n == 0) return;
    struct problems_view v = { .whole = { 0 } };
    v.fields.v = arena_array(c->arena, struct problem_link, c->problems.n);
    v.whole.v = arena_array(c->arena, struct str, c->problems.n);
    for (int i = 0; i < c->problems.n; i++) {
        const struct problem *p = &c->problems.v[i];
        if (p->asked)
            v.fields.v[v.fields.n++] = (struct problem_link){ p->field, ctx_problem_text(c, p) };
        else
            v.whole.v[v.whole.n++] = ctx_problem_text(c, p);
    }
    problems_summary(o, &v);
}

struct str size_shown(struct ctx *c, int64_t bytes) {
    int64_t kb = (bytes + 1023) / 1024, mb = (bytes + (1 << 19)) >> 20;
    bool small = bytes < 1000, middle = bytes < 10 << 20;
    if (bytes == 0) return str_of(T(c, N_("Size|empty")));
    const char *text = small    ? tr_n(c->loc, "{n} byte", "{n} bytes", bytes)
                       : middle ? T(c, N_("{n} kB"))
                                : T(c, N_("{n} MB"));
    struct str n = number_show(c->arena, c->loc, small ? bytes : middle ? kb : mb);
    return tr_fill(c->arena, text, (struct tr_arg[]){ { .name = "n", .value = n } }, 1);
}

void options_add(struct arena *a, struct option_rows *to, struct str code, struct str label,
                 struct str chosen) {
    size_t size = sizeof *to->v;
    to->v = arena_grow(a, to->v, (size_t)to->n * size, (size_t)(to->n + 1) * size);
    to->v[to->n++] = (struct option_row){ code, label, str_eq(code, chosen) };
}

struct input input_of(struct req *r, const char *name, const char *type, const char *label,
                      struct str value) {
    struct input i = { .name = name, .type = type, .label = label, .value = value };
    struct str given = req_form(r, name);
    bool secret = strcmp(type, "password") == 0;
    if (given.p && !secret)
        i.value = given;
    else if (r->form.n && strcmp(type, "check") == 0)
        i.value = NO_STR;
    i.ltr = secret || strcmp(type, "email") == 0;
    const struct problem *p = ctx_problem_at(&r->c, str_of(name));
    if (p) i.problem = ctx_problem_text(&r->c, p);
    return i;
}

void input_choice(struct req *r, struct input *i, const char *code, struct str label) {
    options_add(r->c.arena, &i->options, str_of(code), label, i->value);
}

void csrf_field(struct out *o) {
    csrf_input(o, out_req(o)->csrf);
}

void settings_nav(struct out *o, const char *current) {
    static const struct {
        const char *key, *path, *icon, *label;
        enum role least;
        int group;
    } all[] = {
        { "me", "/settings", "person", N_("Settings|Me"), ROLE_READER, 0 },
        { "security", "/settings/security", "shield", N_("Sign-in and safety"), ROLE_READER, 0 },
        { "tokens", "/settings/tokens", "key", N_("Access by programs"), ROLE_READER, 0 },
        { "firm", "/settings/firm", "firm", N_("Settings|The business"), ROLE_OWNER, 1 },
        { "members", "/settings/members", "people", N_("Members"), ROLE_MANAGER, 1 },
        { "teams", "/settings/teams", "work", N_("Teams"), ROLE_MANAGER, 1 },
        { "fields", "/settings/fields", "columns", N_("Own fields"), ROLE_MANAGER, 2 },
        { "categories", "/settings/categories", "category", N_("Categories"), ROLE_MANAGER, 2 },
        { "tags", "/settings/tags", "tag", N_("Tags"), ROLE_MANAGER, 2 },
        { "merging", "/settings/merging", "people", N_("Merging"), ROLE_MANAGER, 2 },
        { "export", "/export", "export", N_("Take everything with you"), ROLE_OWNER, 3 },
        { "journal", "/journal", "eye", N_("Who looked at what"), ROLE_OWNER, 3 },
    };
    struct req *r = out_req(o);
    struct settings_menu m = { .v = arena_array(r->c.arena, struct settings_link, COUNT(all)) };
    for (int i = 0, group = 0; i < COUNT(all); i++)
        if (ctx_may(&r->c, all[i].least)) {
            m.v[m.n++] =
                (struct settings_link){ url_own(str_of(all[i].path)), all[i].icon, all[i].label,
                                        strcmp(all[i].key, current) == 0, all[i].group != group };
            group = all[i].group;
        }
    settings_links(o, &m);
}
