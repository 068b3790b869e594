/* GET /bulk/{id}: how bulk work goes, what came of it, who was refused and why. Routes: feature.c.
 */
#include "core/entity/history.h"
#include "core/web/list_address.h"
#include "features/bulk/bulk.html.h"
#include "features/bulk/pages.h"
#include "features/member/member.h"
#include "lib/locale/number.h"

enum { REFUSED_SHOWN = 100 };

SQL(bulk_undone, "SELECT undone_by FROM batch WHERE id = :batch");

static struct url back_to(struct ctx *c, struct str back) {
    struct http_pairs pairs;
    struct list_query q;
    struct str why;
    if (!back.n || http_form(c->arena, back, &pairs, &why) != OK ||
        list_address_read(c, &pairs, NULL, &entity_party, &q) != OK)
        return url_own(S("/clients"));
    return list_address(c->arena, "/clients", &q);
}

static enum status fill(struct ctx *c, const struct bulk *b, struct bulk_result *v) {
    struct tr_arg n = { .name = "n", .value = number_show(c->arena, c->loc, b->total) };
    *v = (struct bulk_result){
        .id = b->id,
        .all = b->total,
        .done = b->n.done,
        .title = b->title,
        .n = b->n,
        .who = entity_title(c, &entity_member, b->member),
        .at = moment_of(c, b->ended_at ? b->ended_at : b->at, INSTANT_LONG),
        .failed = str_eq(b->state, S("failed")),
        .runs = str_eq(b->state, S("waiting")) || str_eq(b->state, S("running")),
        .back = back_to(c, b->back),
        .count = tr_fill(c->arena, tr_n(c->loc, "{n} client", "{n} clients", b->total), &n, 1),
    };
    v->percent = b->total ? b->n.done * 100 / b->total : 100;
    return OK;
}

static enum status fill_end(struct ctx *c, const struct bulk *b, struct bulk_result *v) {
    struct bulk_refusals refused;
    struct rows r;
    TRY(bulk_refusals(c, b->id, REFUSED_SHOWN, &refused));
    v->refused.v = arena_array(c->arena, struct bulk_refused_view, refused.n + 1);
    for (int i = 0; i < refused.n; i++)
        v->refused.v[v->refused.n++] =
            (struct bulk_refused_view){ url_printf(c->arena, "/clients/%lld",
                                                   (long long)refused.v[i].party),
                                        refused.v[i].name, refused.v[i].reason };
    v->more = b->n.refused - refused.n;
    if (!b->batch) return OK;
    v->history = url_printf(c->arena, "/history/%lld", (long long)b->batch);
    TRY(db_query(c->tx, &bulk_undone, &r, P("batch", b->batch)));
    v->undone = r.n && !row_null(&r, 0, "undone_by");
    if (!v->undone && history_may_undo(c, 0, b->member))
        v->undo = url_printf(c->arena, "/history/%lld/undo", (long long)b->batch);
    return OK;
}

static enum status load(struct req *r, struct bulk *b) {
    int64_t id;
    return req_arg_id(r, 0, &id) ? bulk_load(&r->c, id, b) : MISSING;
}

enum status bulk_result_page(struct req *r) {
    struct ctx *c = &r->c;
    struct bulk b;
    struct bulk_result v;
    TRY(load(r, &b));
    TRY(fill(c, &b, &v));
    r->narrow = true;
    if (v.runs) return PAGE(r, T(c, N_("Several clients")), "clients", bulk_progress_html, &v);
    TRY(fill_end(c, &b, &v));
    return PAGE(r, T(c, N_("Several clients")), "clients", bulk_result_html, &v);
}

enum status bulk_progress_part(struct req *r) {
    struct bulk b;
    struct bulk_result v;
    TRY(load(r, &b));
    TRY(fill(&r->c, &b, &v));
    if (!v.runs) {
        TRY(fill_end(&r->c, &b, &v));
        bulk_result_part(page_begin(r), &v);
        return fragment_end(r);
    }
    if (!req_wants_fragment(r)) return go(r, url_printf(r->c.arena, "/bulk/%lld", (long long)b.id));
    bulk_progress_bar(page_begin(r), &v);
    return fragment_end(r);
}
