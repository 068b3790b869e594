/* Into the bin and back; GET /bin. Called through feature.c; calls store_delete and store_restore.
 */
#include "core/web/journal.h"
#include "features/client/bin.html.h"
#include "features/client/pages.h"
#include "features/member/member.h"
#include "lib/locale/number.h"

SQL(bin_who, "SELECT change.id, batch.member FROM change JOIN batch ON batch.id = change.batch "
             "WHERE change.party = :party AND change.entity = 'party' AND change.action = 'delete' "
             "ORDER BY change.id DESC LIMIT 1");

enum status client_bin(struct req *r) {
    struct ctx *c = &r->c;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_delete(c, &entity_party, id, 0));
    return go_toast(r, url_own(S("/clients")), N_("The client is in the bin."), c->batch);
}

enum status client_restore(struct req *r) {
    struct ctx *c = &r->c;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_restore(c, &entity_party, id));
    return go_toast(r, url_printf(c->arena, "/clients/%lld", (long long)id),
                    N_("The client is back."), c->batch);
}

static enum status who_did(struct ctx *c, int64_t party, struct str *who) {
    struct rows r;
    TRY(db_query(c->tx, &bin_who, &r, P("party", party)));
    *who = r.n ? entity_title(c, &entity_member, row_int(&r, 0, "member")) : NO_STR;
    return OK;
}

enum status client_binned(struct req *r) {
    struct ctx *c = &r->c;
    struct list_query q = { .entity = &entity_party,
                            .binned = true,
                            .after = req_query(r, "after"),
                            .before = req_query(r, "before") };
    struct list_page page;
    struct client_lines lines;
    struct bin_view v = { .writes = ctx_may(c, entity_party.may_write) };
    TRY(list_run(c, &q, &page));
    TRY(client_lines(c, page.ids, page.n, true, &lines));
    journal_listed(r->app, c, "party", page.ids, page.n);
    v.total = page.total;
    struct tr_arg n = { .name = "n", .value = number_show(c->arena, c->loc, page.total) };
    v.count = tr_fill(c->arena, tr_n(c->loc, "{n} client", "{n} clients", page.total), &n, 1);
    v.rows.v = arena_array(c->arena, struct binned, lines.n + 1);
    for (; v.rows.n < lines.n; v.rows.n++) {
        struct client_line *l = &lines.v[v.rows.n];
        struct binned *b = &v.rows.v[v.rows.n];
        *b = (struct binned){ .line = l,
                              .at = moment_of(c, l->party->row.deleted_at, INSTANT_RELATIVE),
                              .restore =
                                  url_printf(c->arena, "/clients/%lld/restore", (long long)l->id) };
        TRY(who_did(c, l->id, &b->who));
    }
    struct url bin = url_own(S("/bin"));
    if (page.next.n) v.next = url_query(c->arena, bin, "after", page.next);
    if (page.prev.n) v.prev = url_query(c->arena, bin, "before", page.prev);
    return PAGE(r, T(c, N_("Bin")), "bin", bin_page, &v);
}
