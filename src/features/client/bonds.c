/* The form of a bond: who works where, as what, from when, until when. It stands on the page of
 * either side; the other one is searched for while typing, or, without scripts, named. Called
 * through feature.c. */
#include "features/client/bond.html.h"
#include "features/client/show.h"
#include "lib/locale/number.h"
#include "lib/locale/zone.h"

static struct url client_url(struct ctx *c, int64_t id) {
    return url_printf(c->arena, "/clients/%lld", (long long)id);
}

static int64_t other_of(const struct bond *b, int64_t client) {
    return b->person == client ? b->organisation : b->person;
}

static enum status show_bond(struct req *r, const struct bond *b, int64_t client,
                             const struct http_pairs *form) {
    static const char *const names[] = { "job_title", "role", "from_date", "until_date" };
    struct ctx *c = &r->c;
    struct party p;
    TRY(store_load(c, &entity_party, client, &p));
    struct bond_form v = { .client = client,
                           .id = b->row.id,
                           .name = p.display_name,
                           .client_is_person = party_is_person(&p),
                           .other_name = req_form(r, "_other"),
                           .back = client_url(c, client) };
    TRY(form_view(c, &entity_bond, b, form, &v.form));
    v.inputs.v = arena_array(c->arena, struct form_input, COUNT(names));
    for (int i = 0; i < COUNT(names); i++)
        v.inputs.v[v.inputs.n++] = *form_find(&v.form, str_of(names[i]));
    const struct problem *problem = ctx_problem_at(c, S("_other"));
    if (problem) v.other_problem = ctx_problem_text(c, problem);
    if (v.id) v.other_name = entity_title(c, &entity_party, other_of(b, client));
    v.action = v.id ? url_printf(c->arena, "/bonds/%lld", (long long)v.id)
                    : url_printf(c->arena, "/clients/%lld/bonds", (long long)client);
    v.pick = url_own(v.client_is_person ? S("/clients/pick?kind=organisation")
                                        : S("/clients/pick?kind=person"));
    v.title = v.id                 ? N_("Edit the relationship")
              : v.client_is_person ? N_("Add an organisation")
                                   : N_("Add a person");
    v.ended = b->until_date.n > 0;
    r->narrow = true;
    return PAGE(r, T(c, v.title), "clients", bond_page, &v);
}

/* --- who is meant --- */

static enum status make_other(struct ctx *c, const struct party *client, struct str name,
                              int64_t *id) {
    struct party *p = row_new(c, &entity_party);
    if (party_is_person(client)) p->kind = S("organisation");
    p->display_name = name;
    p->responsible = client->responsible;
    TRY(store_save(c, &entity_party, p));
    *id = p->row.id;
    return OK;
}

/* The client of the other kind with exactly this name; 0 when there is none. */
static enum status named(struct ctx *c, const struct party *client, struct str name, int64_t *id) {
    struct list_query q = { .entity = &entity_party,
                            .search = name,
                            .limit = LIMIT_PAGE_N,
                            .no_total = true,
                            .filters_n = 1 };
    struct list_page page;
    q.filters[0] = (struct list_filter){ S("kind"), party_is_person(client) ? S("organisation")
                                                                            : S("person") };
    *id = 0;
    if (name.n > LIMIT_QUERY) return ctx_problem(c, S("_other"), N_("This is too long."));
    TRY(list_run(c, &q, &page));
    for (int i = 0; i < page.n && !*id; i++)
        if (str_eq(entity_title(c, &entity_party, page.ids[i]), name)) *id = page.ids[i];
    return OK;
}

static enum status find_other(struct req *r, const struct party *client, int64_t *id) {
    struct ctx *c = &r->c;
    struct str name = str_trim(req_form(r, "_other")), chosen = req_form(r, "_other_id");
    if (str_to_i64(chosen, id) && *id > 0) return OK;
    if (name.n == 0) return ctx_problem(c, S("_other"), N_("Who do you mean? Type a name."));
    if (str_to_i64(digits_ascii(c->arena, name), id) && *id > 0) return OK;
    TRY(named(c, client, name, id));
    if (*id) return OK;
    if (req_form(r, "_make").n) return make_other(c, client, name, id);
    return ctx_problem(c, S("_other"),
                       N_("Nobody has exactly this name. Choose one below, or add it as new."));
}

/* --- handlers --- */

static enum status begin(struct req *r, struct bond *b, struct party *client) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(&r->c, &entity_party, id, client));
    *b = *(struct bond *)row_new(&r->c, &entity_bond);
    if (party_is_person(client))
        b->person = id;
    else
        b->organisation = id;
    return OK;
}

enum status client_bond_new(struct req *r) {
    struct bond b;
    struct party client;
    TRY(begin(r, &b, &client));
    return show_bond(r, &b, client.row.id, NULL);
}

enum status client_bond_create(struct req *r) {
    struct ctx *c = &r->c;
    struct bond b;
    struct party client;
    int64_t other = 0;
    TRY(begin(r, &b, &client));
    enum status st = form_read(c, &r->form, &entity_bond, &b);
    if (st != OK && st != INVALID) return st;
    TRY(find_other(r, &client, &other));
    TRY(st);
    if (party_is_person(&client))
        b.person = client.row.id, b.organisation = other;
    else
        b.organisation = client.row.id, b.person = other;
    TRY(store_save(c, &entity_bond, &b));
    return go_toast(r, client_url(c, client.row.id), N_("Saved."), c->batch);
}

/* The side on whose page the person is: the address or the form says so, if it is one of the two.
 */
static int64_t side_of(struct req *r, const struct bond *b) {
    int64_t client;
    struct str said = req_form(r, "_client").n ? req_form(r, "_client") : req_query(r, "client");
    return str_to_i64(said, &client) && client == b->organisation ? client : b->person;
}

enum status client_bond_edit(struct req *r) {
    struct bond b;
    TRY(req_record(r, &entity_bond, &b));
    return show_bond(r, &b, side_of(r, &b), NULL);
}

enum status client_bond_change(struct req *r) {
    struct ctx *c = &r->c;
    struct bond b;
    TRY(req_record(r, &entity_bond, &b));
    int64_t person = b.person, organisation = b.organisation;
    TRY(form_read(c, &r->form, &entity_bond, &b));
    b.person = person, b.organisation = organisation;
    TRY(store_save(c, &entity_bond, &b));
    return go_toast(r, client_url(c, side_of(r, &b)), N_("Saved."), c->batch);
}

enum status client_bond_create_again(struct req *r) {
    struct bond b;
    struct party client;
    TRY(begin(r, &b, &client));
    return show_bond(r, &b, client.row.id, &r->form);
}

enum status client_bond_change_again(struct req *r) {
    struct bond b;
    TRY(req_record(r, &entity_bond, &b));
    return show_bond(r, &b, side_of(r, &b), &r->form);
}

enum status client_bond_end(struct req *r) {
    struct ctx *c = &r->c;
    struct bond b;
    TRY(req_record(r, &entity_bond, &b));
    b.until_date = day_iso(c->arena, date_today(c->loc));
    TRY(store_save(c, &entity_bond, &b));
    return go_toast(r, client_url(c, side_of(r, &b)), N_("Ended today."), c->batch);
}

enum status client_bond_remove(struct req *r) {
    struct ctx *c = &r->c;
    struct bond b;
    TRY(req_record(r, &entity_bond, &b));
    TRY(store_delete(c, &entity_bond, b.row.id, 0));
    return go_toast(r, client_url(c, side_of(r, &b)), N_("The relationship is removed."), c->batch);
}
