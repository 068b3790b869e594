/* The cards of a client's page: how to reach him, addresses, facts, organisations or people. Called
 * by show.c; calls the kinds of fields for words, lib/locale for dates. */
#include "features/client/show.h"
#include "features/member/member.h"
#include "lib/locale/number.h"
#include "lib/locale/zone.h"

static struct str dotted(struct ctx *c, const struct str *parts, int n) {
    struct str some[6];
    int k = 0;
    for (int i = 0; i < n && k < COUNT(some); i++)
        if (parts[i].n) some[k++] = parts[i];
    return str_join(c->arena, some, k, S(" · "));
}

static struct str choice_of(struct ctx *c, const struct entity *e, const char *name,
                            struct str code) {
    const struct field *f = entity_field(e, str_of(name));
    return code.n ? f->kind->show(c, f, (struct value){ .s = code }) : NO_STR;
}

static struct str filled(struct ctx *c, const char *text, const char *name, struct str value) {
    struct tr_arg arg = { .name = name, .value = value, .isolate = true };
    return tr_fill(c->arena, T(c, text), &arg, 1);
}

static void add_act(struct ctx *c, struct way *w, const char *icon_name, const char *label,
                    struct url to) {
    if (!to.s.n) return;
    if (!w->acts.v) w->acts.v = arena_array(c->arena, struct act, 4);
    w->acts.v[w->acts.n++] = (struct act){ icon_name, label, to };
}

/* «sms:+98912…»: what a phone does with a message. Only for what can take one. */
static struct url sms_link(struct ctx *c, const struct phone *ph) {
    bool takes = ph->e164.n && !str_eq(ph->kind, S("fax")) && !str_eq(ph->kind, S("home"));
    return takes ? (struct url){ str_printf(c->arena, "sms:%.*s", SF(ph->e164)) }
                 : (struct url){ NO_STR };
}

static struct url whatsapp_link(struct ctx *c, const struct phone *ph) {
    if (!ph->e164.n || !str_eq(ph->kind, S("mobile"))) return (struct url){ NO_STR };
    struct str digits = str_sub(ph->e164, 1, SIZE_MAX);
    return url_of_user(str_printf(c->arena, "https://wa.me/%.*s", SF(digits)));
}

static struct way phone_way(struct ctx *c, const struct party *p, const struct phone *ph) {
    bool mobile = str_eq(ph->kind, S("mobile")), first = ph == &p->phones.v[0];
    bool best = first && (str_eq(p->prefers, S("phone")) || str_eq(p->prefers, S("sms")));
    struct str about[3] = {
        choice_of(c, &entity_phone, "kind", ph->kind),
        ph->ext.n ? filled(c, N_("ext. {number}"), "number", ph->ext) : NO_STR,
        best ? str_of(T(c, N_("preferred"))) : NO_STR,
    };
    struct way w = { .icon = mobile ? "mobile" : "phone",
                     .text = { phone_shown(c->arena, ph, c->firm.country) },
                     .about = dotted(c, about, 3),
                     .copy = ph->e164.n ? ph->e164 : ph->number,
                     .barred = p->no_call != 0 };
    if (!p->no_call) w.to = phone_link(c, ph);
    if (!p->no_sms) {
        add_act(c, &w, "message", N_("Text message"), sms_link(c, ph));
        add_act(c, &w, "chat", N_("WhatsApp"), whatsapp_link(c, ph));
    }
    return w;
}

static struct way email_way(struct ctx *c, const struct party *p, const struct email *e) {
    bool best = e == &p->emails.v[0] && str_eq(p->prefers, S("email"));
    struct str about[2] = { choice_of(c, &entity_email, "kind", e->kind),
                            best ? str_of(T(c, N_("preferred"))) : NO_STR };
    ptrdiff_t at = str_find_c(e->email, '@');
    struct way w = { .icon = "mail",
                     .text = { str_sub(e->email, 0, at < 0 ? e->email.n : (size_t)at) },
                     .host = { at < 0 ? NO_STR : str_sub(e->email, (size_t)at, e->email.n) },
                     .about = dotted(c, about, 2),
                     .copy = e->email,
                     .barred = p->no_mail != 0 };
    if (!p->no_mail) w.to = url_mailto(c->arena, e->email);
    return w;
}

static struct way handle_way(struct ctx *c, const struct party *p, const struct handle *h) {
    bool best = h->kind.n && str_eq(p->prefers, h->kind);
    struct str about[2] = { choice_of(c, &entity_handle, "kind", h->kind),
                            best ? str_of(T(c, N_("preferred"))) : NO_STR };
    return (struct way){ .icon = "chat",
                         .text = { h->handle },
                         .to = handle_url(c->arena, h),
                         .about = dotted(c, about, 2),
                         .copy = h->handle };
}

static void wish(struct client_view *v, const char *icon_name, struct str text) {
    if (text.n) v->wishes.v[v->wishes.n++] = (struct way){ .icon = icon_name, .about = text };
}

static void wishes(struct ctx *c, const struct party *p, struct client_view *v) {
    const struct {
        const char *field;
        int64_t on;
    } nos[] = { { "no_call", p->no_call }, { "no_mail", p->no_mail }, { "no_sms", p->no_sms } };
    struct str answers = choice_of(c, &entity_party, "answers", p->answers);
    v->wishes.v = arena_array(c->arena, struct way, COUNT(nos) + 2);
    wish(v, "check", choice_of(c, &entity_party, "prefers", p->prefers));
    if (answers.n) wish(v, "clock", filled(c, N_("Answers: {how}"), "how", answers));
    for (int i = 0; i < COUNT(nos); i++)
        if (nos[i].on)
            wish(v, "no-entry",
                 str_of(T(c, entity_field(&entity_party, str_of(nos[i].field))->label)));
}

void client_ways(struct ctx *c, const struct party *p, struct client_view *v) {
    v->ways.v = arena_array(c->arena, struct way, p->phones.n + p->emails.n + p->handles.n + 1);
    for (int i = 0; i < p->phones.n; i++) v->ways.v[v->ways.n++] = phone_way(c, p, &p->phones.v[i]);
    for (int i = 0; i < p->emails.n; i++) v->ways.v[v->ways.n++] = email_way(c, p, &p->emails.v[i]);
    for (int i = 0; i < p->handles.n; i++)
        v->ways.v[v->ways.n++] = handle_way(c, p, &p->handles.v[i]);
    v->addresses.v = arena_array(c->arena, struct address_view, p->addresses.n + 1);
    for (int i = 0; i < p->addresses.n; i++) {
        const struct address *ad = &p->addresses.v[i];
        struct address_view a = { .lines =
                                      address_lines(c->arena, c->loc->lang, ad, c->firm.country),
                                  .about = choice_of(c, &entity_address, "kind", ad->kind) };
        a.copy = str_join(c->arena, a.lines.v, a.lines.n, S("\n"));
        if (a.lines.n) v->addresses.v[v->addresses.n++] = a;
    }
    wishes(c, p, v);
}

/* --- facts --- */

static void born(struct ctx *c, const struct party *p, struct fact *f) {
    int age = party_age(c, p);
    f->exact = p->birth_date;
    if (age < 0) return;
    struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, age) };
    f->more = tr_fill(c->arena, tr_n(c->loc, "{n} year old", "{n} years old", age), &arg, 1);
}

/* Without what every address has. */
static void web_address(struct fact *f, struct str address) {
    f->to = url_of_user(address);
    if (str_starts(address, S("https://"))) f->value = str_sub(address, 8, SIZE_MAX);
    if (f->value.n && str_ends(f->value, S("/"))) f->value.n--;
}

enum { LONG_TEXT = 150, LONG_LINES = 3 };

static bool is_long(struct str s) {
    int lines = 0;
    for (size_t i = 0; i < s.n; i++) lines += s.p[i] == '\n';
    return utf8_count(s) > LONG_TEXT || lines >= LONG_LINES;
}

static struct fact *add_fact(struct ctx *c, struct facts *to, int cap) {
    if (!to->v) to->v = arena_array(c->arena, struct fact, cap);
    return &to->v[to->n++];
}

static struct url in_form(struct ctx *c, const struct client_view *v, const char *at) {
    return v->edits ? url_printf(c->arena, "/clients/%lld/edit#%s", (long long)v->id, at)
                    : (struct url){ NO_STR };
}

static bool is_edited(const struct ctx *c, const struct field *f) {
    return !(f->is & (SYSTEM | DERIVED | SECRET)) && f->kind != &kind_file &&
           ctx_may(c, entity_party.may_write);
}

/* One field as a fact, when it has a value. */
static void fact_of(struct ctx *c, const struct party *p, const struct field *f,
                    const struct client_view *v, struct facts *to, int cap) {
    struct value value = field_get(f, p);
    bool other_kind = (f->is & ONLY_PERSON) && !party_is_person(p);
    if (value_empty(f, value) || other_kind || !field_readable(c, f)) return;
    if (f->kind == &kind_yesno && !value.i) return;
    struct fact *fact = add_fact(c, to, cap);
    *fact =
        (struct fact){ .label = str_of(field_label(c, f)), .value = f->kind->show(c, f, value) };
    fact->ltr = f->kind->ltr && f->kind != &kind_date;
    fact->area = f->kind == &kind_area;
    fact->long_text = fact->area && is_long(fact->value);
    if (f->kind == &kind_url) web_address(fact, value.s);
    if (!strcmp(f->name, "birth_date")) born(c, p, fact);
    if (!v->edits || !is_edited(c, f)) return;
    fact->field = str_of(f->name);
    fact->edit = in_form(c, v, str_printf(c->arena, "f-%s", f->name).p);
}

static void facts_named(struct ctx *c, const struct party *p, const char *names,
                        const struct client_view *v, struct facts *to, int cap) {
    struct str rest = str_of(names), name;
    const struct entity *e = entity_now(c, &entity_party);
    while (str_cut(&rest, ' ', &name)) {
        const struct field *f = entity_field(e, name);
        if (f) fact_of(c, p, f, v, to, cap);
    }
}

static void relatives(struct ctx *c, const struct party *p, struct client_view *v) {
    for (int i = 0; i < p->relatives.n; i++) {
        const struct relative *x = &p->relatives.v[i];
        struct str kind = choice_of(c, &entity_relative, "kind", x->kind);
        struct fact *f = add_fact(c, &v->personal, 8 + 2 * LIMIT_MANY_N);
        struct day born_on;
        *f = (struct fact){ .label = kind.n ? kind : str_of(T(c, entity_relative.label)),
                            .value = x->name,
                            .edit = in_form(c, v, "relatives") };
        if (!day_of_iso(x->birth_date, &born_on)) continue;
        int age = born_on.year ? date_age(born_on, date_today(c->loc)) : -1;
        struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, age) };
        f->more = age >= 0 ? tr_fill(c->arena, tr_n(c->loc, "{n} year old", "{n} years old", age),
                                     &arg, 1)
                           : date_show(c->arena, c->loc, born_on, DATE_LONG);
        f->exact = date_show(c->arena, c->loc, born_on, DATE_LONG);
    }
}

static void occasions(struct ctx *c, const struct party *p, struct client_view *v) {
    for (int i = 0; i < p->occasions.n; i++) {
        const struct occasion *x = &p->occasions.v[i];
        struct str kind = choice_of(c, &entity_occasion, "kind", x->kind);
        struct day day;
        struct fact *f = add_fact(c, &v->personal, 8 + 2 * LIMIT_MANY_N);
        *f = (struct fact){ .label = x->label.n ? x->label
                                     : kind.n   ? kind
                                                : str_of(T(c, entity_occasion.label)),
                            .edit = in_form(c, v, "occasions") };
        f->value = day_of_iso(x->day, &day) ? date_show(c->arena, c->loc, day, DATE_LONG) : x->day;
    }
}

static void links(struct ctx *c, const struct party *p, struct client_view *v) {
    for (int i = 0; i < p->resources.n; i++) {
        const struct resource *x = &p->resources.v[i];
        struct str kind = choice_of(c, &entity_resource, "kind", x->kind);
        struct fact *f = add_fact(c, &v->links, LIMIT_MANY_N);
        *f = (struct fact){ .label = kind, .value = x->url };
        web_address(f, x->url);
        if (x->label.n) f->value = x->label;
    }
}

/* What stands in a card of its own, or in the head; all other fields, own ones too, are details. */
static const char placed[] =
    " kind display_name given_name family_name category stage responsible prefers prefers_hours "
    "no_call no_mail no_sms special notes_private photo next_step next_date goals needs "
    "goals_reviewed requirements style_guide interests birth_date sex answers zone ";

void client_facts(struct ctx *c, const struct party *p, struct client_view *v) {
    const struct entity *e = entity_now(c, &entity_party);
    int cap = e->fields_n + 2;
    facts_named(c, p, "special", v, &v->special, 1);
    facts_named(c, p, "goals needs", v, &v->goals, 2);
    if (v->goals.n && p->goals_reviewed.n && !v->next.review) {
        struct day day;
        struct str when = day_of_iso(p->goals_reviewed, &day)
                              ? date_show(c->arena, c->loc, day, DATE_RELATIVE)
                              : p->goals_reviewed;
        v->goals.v[0].more = filled(c, N_("looked at {when}"), "when", when);
    }
    facts_named(c, p, "requirements style_guide", v, &v->requirements, 2);
    facts_named(c, p, "notes_private", v, &v->notes_private, 1);
    facts_named(c, p, "birth_date sex", v, &v->personal, 8 + 2 * LIMIT_MANY_N);
    relatives(c, p, v);
    occasions(c, p, v);
    facts_named(c, p, "interests", v, &v->personal, 8 + 2 * LIMIT_MANY_N);
    links(c, p, v);
    for (int i = 0; i < e->fields_n; i++)
        if (!strstr(placed, str_printf(c->arena, " %s ", e->fields[i].name).p))
            fact_of(c, p, &e->fields[i], v, &v->details, cap);
    struct moment since = moment_of(c, p->row.created_at, INSTANT_RELATIVE);
    struct fact *added = add_fact(c, &v->details, cap);
    *added = (struct fact){ .label = str_of(T(c, N_("Added"))),
                            .value = since.said,
                            .exact = since.exact };
}

/* --- bonds --- */

static struct str day_text(struct ctx *c, struct str iso) {
    struct day day;
    return day_of_iso(iso, &day) ? date_show(c->arena, c->loc, day, DATE_LONG) : iso;
}

static struct str span_text(struct ctx *c, const struct bond *b) {
    struct tr_arg both[2] = {
        { .name = "from", .value = day_text(c, b->from_date), .isolate = true },
        { .name = "until", .value = day_text(c, b->until_date), .isolate = true }
    };
    if (b->from_date.n && b->until_date.n)
        return tr_fill(c->arena, T(c, N_("{from} to {until}")), both, 2);
    if (b->from_date.n) return tr_fill(c->arena, T(c, N_("since {from}")), both, 2);
    return b->until_date.n ? tr_fill(c->arena, T(c, N_("until {until}")), both, 2) : NO_STR;
}

static bool bond_past(struct ctx *c, const struct bond *b) {
    struct day today = date_today(c->loc), until;
    return day_of_iso(b->until_date, &until) && day_number(until) <= day_number(today);
}

static const struct party *with_id(const struct party *v, int n, int64_t id) {
    for (int i = 0; i < n; i++)
        if (v[i].row.id == id) return &v[i];
    return NULL;
}

enum status client_bonds(struct ctx *c, const struct party *p, struct client_view *v) {
    struct bonds bonds;
    void *rows;
    int n = 0;
    TRY(bond_of_party(c, p->row.id, &bonds));
    int64_t *ids = arena_array(c->arena, int64_t, bonds.n + 1);
    for (int i = 0; i < bonds.n; i++)
        ids[i] = bonds.v[i].person == p->row.id ? bonds.v[i].organisation : bonds.v[i].person;
    if (bonds.n) TRY(store_load_all(c, &entity_party, ids, bonds.n, &rows, &n));
    v->bonds.v = arena_array(c->arena, struct bond_view, bonds.n + 1);
    for (int i = 0; i < bonds.n; i++) {
        const struct bond *b = &bonds.v[i];
        const struct party *other = n ? with_id(rows, n, ids[i]) : NULL;
        if (!other) continue; /* in the bin, or not for this reader */
        struct str line[3] = { b->job_title, b->role, span_text(c, b) };
        bool past = bond_past(c, b);
        if (!past && p->row.id == b->person && !v->line.n)
            v->line = job_line(c, b->job_title, other->display_name);
        v->bonds.v[v->bonds.n++] = (struct bond_view){
            .id = b->row.id,
            .to = url_printf(c->arena, "/clients/%lld", (long long)ids[i]),
            .edit = url_printf(c->arena, "/bonds/%lld/edit?client=%lld", (long long)b->row.id,
                               (long long)p->row.id),
            .name = other->display_name,
            .line = dotted(c, line, 3),
            .past = past,
            .face = face_of(c->arena, other->display_name, party_is_person(other) ? "" : "firm"),
        };
        v->bonds.v[v->bonds.n - 1].face.picture = party_photo_url(c->arena, other);
    }
    if (!v->line.n && !party_is_person(p)) v->line = str_of(T(c, N_("Organisation")));
    return OK;
}
