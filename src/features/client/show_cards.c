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

static struct way phone_way(struct ctx *c, const struct party *p, const struct phone *ph) {
    bool mobile = str_eq(ph->kind, S("mobile")), first = ph == &p->phones.v[0];
    bool best = first && (str_eq(p->prefers, S("phone")) || str_eq(p->prefers, S("sms")));
    struct str about[3] = {
        choice_of(c, &entity_phone, "kind", ph->kind),
        ph->ext.n ? filled(c, N_("ext. {number}"), "number", ph->ext) : NO_STR,
        best ? str_of(T(c, N_("preferred"))) : NO_STR,
    };
    return (struct way){ mobile ? "mobile" : "phone",
                         { phone_shown(c->arena, ph, c->firm.country) },
                         phone_link(c, ph),
                         dotted(c, about, 3),
                         ph->e164.n ? ph->e164 : ph->number };
}

static struct way email_way(struct ctx *c, const struct party *p, const struct email *e) {
    bool best = e == &p->emails.v[0] && str_eq(p->prefers, S("email"));
    struct str about[2] = { choice_of(c, &entity_email, "kind", e->kind),
                            best ? str_of(T(c, N_("preferred"))) : NO_STR };
    return (struct way){
        "mail", { e->email }, url_mailto(c->arena, e->email), dotted(c, about, 2), e->email
    };
}

static void wish(struct client_view *v, const char *icon_name, struct str text) {
    if (text.n) v->wishes.v[v->wishes.n++] = (struct way){ .icon = icon_name, .about = text };
}

static void wishes(struct ctx *c, const struct party *p, struct client_view *v) {
    const struct {
        const char *field;
        int64_t on;
    } nos[] = { { "no_call", p->no_call }, { "no_mail", p->no_mail }, { "no_sms", p->no_sms } };
    struct str likes[2] = { choice_of(c, &entity_party, "prefers", p->prefers), p->prefers_hours };
    v->wishes.v = arena_array(c->arena, struct way, COUNT(nos) + 1);
    wish(v, "check", dotted(c, likes, 2));
    for (int i = 0; i < COUNT(nos); i++)
        if (nos[i].on)
            wish(v, "no-entry",
                 str_of(T(c, entity_field(&entity_party, str_of(nos[i].field))->label)));
}

void client_ways(struct ctx *c, const struct party *p, struct client_view *v) {
    v->ways.v = arena_array(c->arena, struct way, p->phones.n + p->emails.n + 1);
    for (int i = 0; i < p->phones.n; i++) v->ways.v[v->ways.n++] = phone_way(c, p, &p->phones.v[i]);
    for (int i = 0; i < p->emails.n; i++) v->ways.v[v->ways.n++] = email_way(c, p, &p->emails.v[i]);
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

void client_facts(struct ctx *c, const struct party *p, struct client_view *v) {
    static const char *const names[] = { "title",    "birth_date", "sex",       "father_name",
                                         "nickname", "latin_name", "own_id",    "language",
                                         "zone",     "website",    "territory", "team" };
    v->facts.v = arena_array(c->arena, struct fact, COUNT(names) + 1);
    for (int i = 0; i < COUNT(names); i++) {
        const struct field *f = entity_field(&entity_party, str_of(names[i]));
        struct value value = field_get(f, p);
        bool other_kind = (f->is & ONLY_PERSON) && !party_is_person(p);
        if (value_empty(f, value) || other_kind) continue;
        struct fact *fact = &v->facts.v[v->facts.n++];
        *fact =
            (struct fact){ .label = str_of(T(c, f->label)), .value = f->kind->show(c, f, value) };
        fact->ltr = f->kind->ltr && f->kind != &kind_date;
        if (f->kind == &kind_url) web_address(fact, value.s);
        if (f->kind == &kind_date) born(c, p, fact);
    }
    struct moment since = moment_of(c, p->row.created_at, INSTANT_RELATIVE);
    v->facts.v[v->facts.n++] = (struct fact){ .label = str_of(T(c, N_("Added"))),
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
