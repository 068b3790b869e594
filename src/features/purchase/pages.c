/* The card «Purchases» of a client's page, all his purchases page by page, and the form of one.
 * Routes: feature.c; the card is called by features/client. Calls the store, pages.html. */
#include "features/purchase/pages.h"

#include "features/party/party.h"
#include "features/purchase/pages.html.h"
#include "lib/locale/date.h"
#include "lib/locale/number.h"

enum { ON_CARD = 3, ON_PAGE = 50, MONTHS = 12 };

static struct url all_of(struct ctx *c, int64_t party) {
    return url_printf(c->arena, "/clients/%lld/purchases", (long long)party);
}

static struct str dotted(struct ctx *c, struct str a, struct str b) {
    struct str both[] = { a, b };
    return a.n && b.n ? str_join(c->arena, both, 2, S(" · ")) : a.n ? a : b;
}

static struct str quantity(struct ctx *c, const struct purchase *p) {
    const struct field *f = entity_field(&entity_purchase, S("quantity"));
    if (p->quantity == NUMBER_NONE) return NO_STR;
    if (p->quantity % 1000 == 0) return number_show(c->arena, c->loc, p->quantity / 1000);
    return f->kind->show(c, f, (struct value){ .is_int = true, .i = p->quantity });
}

static struct purchase_view line_of(struct ctx *c, const struct purchase *p, bool writes) {
    struct day day = { 0 };
    struct purchase_view v = { .id = p->row.id,
                               .title = entity_purchase.title(c, p),
                               .kind = p->product_kind,
                               .quantity = quantity(c, p),
                               .reference = p->reference,
                               .iso = p->date,
                               .amount = purchase_amount(c, p),
                               .returned = p->amount < 0 };
    if (day_of_iso(p->date, &day)) v.date = date_show(c->arena, c->loc, day, DATE_LONG);
    if (str_eq(v.title, p->date)) v.title = str_of(T(c, entity_purchase.label));
    if (p->product.n) v.about = v.kind;
    if (!str_eq(v.title, p->reference)) v.about = dotted(c, v.about, p->reference);
    if (!writes) return v;
    v.edit = url_printf(c->arena, "/purchases/%lld/edit", (long long)v.id);
    v.remove = url_printf(c->arena, "/purchases/%lld/delete", (long long)v.id);
    return v;
}

static enum status fill(struct req *r, int64_t party, bool writes, int64_t below, int limit,
                        struct purchases_view *v) {
    struct ctx *c = &r->c;
    struct purchases list;
    struct day year_ago = day_add_months(CAL_GREGORIAN, date_today(c->loc), -MONTHS);
    *v = (struct purchases_view){ .party = party, .writes = writes, .all = all_of(c, party) };
    v->add = url_printf(c->arena, "/clients/%lld/purchases/new", (long long)party);
    TRY(purchase_sums(c, party, NO_STR, &v->sums));
    v->n = v->sums.all;
    if (v->n) TRY(purchase_sums(c, party, day_iso(c->arena, year_ago), &v->year));
    TRY(purchase_of_party(c, party, below, limit + 1, &list));
    v->rows.v = arena_array(c->arena, struct purchase_view, list.n + 1);
    for (; v->rows.n < list.n && v->rows.n < limit; v->rows.n++)
        v->rows.v[v->rows.n] = line_of(c, &list.v[v->rows.n], writes);
    if (list.n <= limit) return OK;
    struct str place = str_printf(c->arena, "%lld", (long long)purchase_place(&list.v[limit - 1]));
    v->older = url_query(c->arena, v->all, "before", place);
    return OK;
}

enum status purchase_card_of(struct req *r, int64_t party, bool writes, struct purchase_card *out) {
    struct purchases_view *v = arena_new_of(r->c.arena, struct purchases_view);
    TRY(fill(r, party, writes, 0, ON_CARD, v));
    *out = (struct purchase_card){ v->n, v };
    return OK;
}

void purchase_card(struct out *o, const struct purchase_card *card) {
    purchases_card(o, card->view);
}

enum status purchases_show(struct req *r) {
    struct ctx *c = &r->c;
    struct purchases_view v;
    struct party p;
    int64_t id, below = 0;
    struct str asked = req_query(r, "before");
    if (!req_arg_id(r, 0, &id)) return MISSING;
    if (asked.n && (!str_to_i64(asked, &below) || below <= 0)) return MALFORMED;
    TRY(store_load_binned(c, &entity_party, id, &p));
    bool writes = !p.row.deleted_at && ctx_may(c, entity_purchase.may_write);
    TRY(fill(r, id, writes, below, ON_PAGE, &v));
    v.client = p.display_name;
    if (below) v.newer = v.all;
    return PAGE(r, T(c, N_("Purchases")), "clients", purchases_page, &v);
}

/* --- the form --- */

static enum status show_form(struct req *r, const struct purchase *p,
                             const struct http_pairs *form) {
    static const char *const names[] = { "product", "product_kind", "amount",   "currency",
                                         "date",    "quantity",     "reference" };
    struct ctx *c = &r->c;
    struct purchase_form v = { .id = p->row.id, .party = p->party, .back = all_of(c, p->party) };
    v.client = entity_title(c, &entity_party, p->party);
    TRY(form_view(c, &entity_purchase, p, form, &v.form));
    v.inputs.v = arena_array(c->arena, struct form_input, COUNT(names));
    for (int i = 0; i < COUNT(names); i++)
        v.inputs.v[v.inputs.n++] = *form_find(&v.form, str_of(names[i]));
    v.action = v.id ? url_printf(c->arena, "/purchases/%lld", (long long)v.id) : v.back;
    if (v.id) v.remove = url_printf(c->arena, "/purchases/%lld/delete", (long long)v.id);
    v.title = v.id ? N_("Edit the purchase") : N_("Add a purchase");
    r->narrow = true;
    return PAGE(r, T(c, v.title), "clients", purchase_page, &v);
}

/* Of the client whom the address names, today. */
static enum status begin(struct req *r, struct purchase **out) {
    struct party p;
    int64_t id;
    struct purchase *b = *out = row_new(&r->c, &entity_purchase);
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(&r->c, &entity_party, id, &p));
    b->party = id;
    return OK;
}

enum status purchase_new(struct req *r) {
    struct purchase *p;
    TRY(begin(r, &p));
    p->date = day_iso(r->c.arena, date_today(r->c.loc));
    return show_form(r, p, NULL);
}

enum status purchase_create(struct req *r) {
    struct ctx *c = &r->c;
    struct purchase *p;
    TRY(begin(r, &p));
    int64_t party = p->party;
    TRY(form_read(c, &r->form, &entity_purchase, p));
    if (p->party != party) return MALFORMED;
    TRY(store_save(c, &entity_purchase, p));
    return go_toast(r, all_of(c, party), N_("The purchase is added."), c->batch);
}

enum status purchase_create_again(struct req *r) {
    struct purchase *p;
    TRY(begin(r, &p));
    return show_form(r, p, &r->form);
}

enum status purchase_edit(struct req *r) {
    struct purchase p;
    TRY(req_record(r, &entity_purchase, &p));
    return show_form(r, &p, NULL);
}

enum status purchase_change(struct req *r) {
    struct ctx *c = &r->c;
    struct purchase p;
    TRY(req_record(r, &entity_purchase, &p));
    int64_t party = p.party;
    TRY(form_read(c, &r->form, &entity_purchase, &p));
    if (p.party != party) return MALFORMED;
    TRY(store_save(c, &entity_purchase, &p));
    return go_toast(r, all_of(c, party), N_("Saved."), c->batch);
}

enum status purchase_change_again(struct req *r) {
    struct purchase p;
    TRY(req_record(r, &entity_purchase, &p));
    return show_form(r, &p, &r->form);
}

enum status purchase_delete(struct req *r) {
    struct ctx *c = &r->c;
    struct purchase p;
    TRY(req_record(r, &entity_purchase, &p));
    TRY(store_delete(c, &entity_purchase, p.row.id, 0));
    return go_toast(r, all_of(c, p.party), N_("The purchase is deleted."), c->batch);
}
