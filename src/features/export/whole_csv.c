/* csv/: a file for each kind of record, in columns that a spreadsheet shows, and the history; and
 * vcard/clients.vcf.
 * Called as steps by whole.c; calls core/exchange for clients, the kinds of fields for all others.
 */
#include "core/entity/history.h"
#include "core/entity/record_json.h"
#include "core/exchange/exchange.h"
#include "core/entity/store.h"
#include "core/web/journal.h"
#include "features/export/whole.h"
#include "features/import/import.h"
#include "features/party/party.h"

SQL(whole_changes,
    "SELECT change.id, change.batch, batch.at, batch.door, batch.member, member.name AS who, "
    "change.entity, change.row_id, change.party, change.action, change.before, change.after "
    "FROM change JOIN batch ON batch.id = change.batch "
    "LEFT JOIN member ON member.id = batch.member "
    "WHERE change.id > :after ORDER BY change.id LIMIT :limit");

#define BOM "\xef\xbb\xbf" /* without it Excel reads another encoding */

enum status whole_clients_csv(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    int64_t ids[WHOLE_ROWS];
    void *rows;
    int n, rows_n;
    if (w->at.after == 0) {
        struct ctx own = *c;
        own.arena = w->arena;
        TRY(export_sheet_new(&own, &party_shape, &w->sheet));
        p->entry = S("csv/clients.csv");
        buf_add_z(&p->out, BOM);
        export_header(w->sheet, ',', &p->out);
    }
    TRY(whole_ids(c, &entity_party, false, &w->at.after, ids, WHOLE_ROWS, &n));
    TRY(store_load_all(c, &entity_party, ids, n, &rows, &rows_n));
    TRY(export_rows(c, w->sheet, rows, rows_n, ',', &p->out));
    journal_left(w->app, c, "party", ids, n);
    w->at.clients_n += rows_n;
    *done = n == 0;
    return OK;
}

enum status whole_cards(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    int64_t ids[WHOLE_ROWS];
    void *rows;
    int n, rows_n;
    if (w->at.after == 0) p->entry = S("vcard/clients.vcf");
    TRY(whole_ids(c, &entity_party, false, &w->at.after, ids, WHOLE_ROWS, &n));
    TRY(store_load_all(c, &entity_party, ids, n, &rows, &rows_n));
    *done = n == 0;
    return party_cards(c, rows, rows_n, &p->out);
}

/* --- any entity --- */

static void cell(struct buf *b, struct str s, unsigned flags, bool *first) {
    if (!*first) buf_add_c(b, ',');
    *first = false;
    csv_write_cell(b, s, ',', flags);
}

static void head(struct ctx *c, const struct entity *e, struct buf *b) {
    e = entity_now(c, e);
    bool first = true;
    buf_add_z(b, BOM);
    cell(b, S("id"), 0, &first);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if (!field_readable(c, f)) continue;
        cell(b, exchange_header(c, f), 0, &first);
        if (f->kind == &kind_ref) cell(b, str_printf(c->arena, "%s_id", f->name), 0, &first);
    }
    cell(b, S("created_at"), 0, &first);
    cell(b, S("changed_at"), 0, &first);
    buf_add_z(b, "\r\n");
}

static void line(struct ctx *c, const struct entity *e, const void *row, struct buf *b) {
    bool first = true;
    e = entity_now(c, e);
    const struct row *h = row_head_of(row);
    cell(b, str_printf(c->arena, "%lld", (long long)h->id), CSV_NUMERIC, &first);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        struct value v = field_get(f, row);
        bool empty = value_empty(f, v), ref = f->kind == &kind_ref;
        if (!field_readable(c, f)) continue;
        if (ref) cell(b, empty ? NO_STR : entity_title(c, f->ref, v.i), 0, &first);
        struct str plain = empty ? NO_STR
                           : ref ? str_printf(c->arena, "%lld", (long long)v.i)
                                 : f->kind->plain(c, field_in(c, f, row), v);
        cell(b, plain, v.is_int ? CSV_NUMERIC : 0, &first);
    }
    cell(b, h->created_at ? instant_iso(c->arena, h->created_at) : NO_STR, 0, &first);
    cell(b, h->changed_at ? instant_iso(c->arena, h->changed_at) : NO_STR, 0, &first);
    buf_add_z(b, "\r\n");
}

/* Clients have their own file. */
static const struct entity *entity_at(int i) {
    const struct registry *all = entity_registry();
    return i < all->n ? all->entities[i] : NULL;
}

enum status whole_entities_csv(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    int64_t ids[WHOLE_ROWS];
    void *rows;
    int n, rows_n;
    const struct entity *e = entity_at(w->at.sub);
    *done = !e;
    if (!e) return OK;
    if (e->indexed) {
        w->at.sub++;
        return OK;
    }
    if (w->at.after == 0) {
        p->entry = str_printf(c->arena, "csv/%s.csv", e->plural);
        head(c, e, &p->out);
    }
    TRY(whole_ids(c, e, false, &w->at.after, ids, WHOLE_ROWS, &n));
    TRY(store_load_all(c, e, ids, n, &rows, &rows_n));
    for (int i = 0; i < rows_n; i++) line(c, e, (const char *)rows + e->size * (size_t)i, &p->out);
    if (n == 0) {
        w->at.sub++;
        w->at.after = 0;
    }
    return OK;
}

/* --- the history --- */

enum status whole_history_csv(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    static const char *const columns[] = {
        "id",     "batch",  "at",    "door",   "member", "who",
        "entity", "row_id", "party", "action", "before", "after"
    };
    struct rows r;
    bool first = true;
    if (w->at.after == 0) {
        p->entry = S("csv/history.csv");
        buf_add_z(&p->out, BOM);
        for (int i = 0; i < COUNT(columns); i++) cell(&p->out, str_of(columns[i]), 0, &first);
        buf_add_z(&p->out, "\r\n");
    }
    TRY(db_query(c->tx, &whole_changes, &r, P("after", w->at.after), P("limit", WHOLE_ROWS)));
    for (int i = 0; i < r.n; i++) {
        first = true;
        for (int k = 0; k < COUNT(columns); k++) {
            const struct cell *x = row_cell(&r, i, row_column(&r, columns[k]));
            struct str s = x->type == CELL_NULL  ? NO_STR
                           : x->type == CELL_INT ? str_printf(c->arena, "%lld", (long long)x->i)
                                                 : x->s;
            if (k == 2) s = instant_iso(c->arena, x->i);
            cell(&p->out, s, x->type == CELL_INT ? CSV_NUMERIC : 0, &first);
        }
        buf_add_z(&p->out, "\r\n");
        w->at.after = row_int(&r, i, "id");
    }
    *done = r.n == 0;
    return OK;
}
