/* json/: every record without loss, what is in the bin too, and the tables behind them as they are.
 * Called as steps by whole.c; calls core/entity/record_json. */
#include "core/entity/history.h"
#include "core/entity/record_json.h"
#include "core/entity/store.h"
#include "features/export/person.h"
#include "features/export/whole.h"

static void begin_array(struct whole *w, struct piece *p) {
    buf_add_z(&p->out, "[");
    w->at.done = 0;
}

static void next_item(struct whole *w, struct piece *p) {
    buf_add_z(&p->out, w->at.done++ ? ",\n" : "\n");
}

static const struct entity *entity_at(int i) {
    const struct registry *all = entity_registry();
    return i < all->n ? all->entities[i] : NULL;
}

static void record(struct whole *w, struct ctx *c, const struct entity *e, const void *row,
                   struct piece *p) {
    struct json_out out = { .b = &p->out };
    next_item(w, p);
    record_json(c, &out, e, row);
}

static void to_next(struct whole *w) {
    w->at.sub++;
    w->at.after = w->at.done = 0;
}

enum status whole_entities_json(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    int64_t ids[WHOLE_ROWS];
    void *rows;
    int n, rows_n;
    const struct entity *e = entity_at(w->at.sub);
    *done = !e;
    if (!e) return OK;
    if (w->at.after == 0) {
        p->entry = str_printf(c->arena, "json/%s.json", e->plural);
        begin_array(w, p);
    }
    TRY(whole_ids(c, e, false, &w->at.after, ids, WHOLE_ROWS, &n));
    TRY(store_load_all(c, e, ids, n, &rows, &rows_n));
    for (int i = 0; i < rows_n; i++) record(w, c, e, (const char *)rows + e->size * (size_t)i, p);
    if (n) return OK;
    buf_add_z(&p->out, "\n]\n");
    to_next(w);
    return OK;
}

/* What is in the bin, entity by entity; no file where there is nothing. */
enum status whole_binned_json(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    int64_t ids[WHOLE_ROWS];
    int n = 0;
    const struct entity *e = entity_at(w->at.sub);
    bool begun = w->at.after != 0;
    *done = !e;
    if (!e) return OK;
    if (e->has_deleted && !e->one_row)
        TRY(whole_ids(c, e, true, &w->at.after, ids, WHOLE_ROWS, &n));
    if (n && !begun) {
        p->entry = str_printf(c->arena, "json/bin-%s.json", e->plural);
        begin_array(w, p);
    }
    for (int i = 0; i < n; i++) {
        void *row = row_new(c, e);
        enum status s = store_load_binned(c, e, ids[i], row);
        if (s == MISSING) continue;
        TRY(s);
        record(w, c, e, row, p);
    }
    if (n) return OK;
    if (begun) buf_add_z(&p->out, "\n]\n");
    to_next(w);
    return OK;
}

/* --- tables behind the records --- */

SQL(whole_table_batch,
    "SELECT * FROM batch WHERE id > :after AND CAST(:after2 AS BIGINT) = 0 ORDER BY id LIMIT 400");
SQL(whole_table_change,
    "SELECT * FROM change WHERE id > :after AND CAST(:after2 AS BIGINT) = 0 ORDER BY id LIMIT 400");
SQL(whole_table_file,
    "SELECT * FROM file WHERE id > :after AND CAST(:after2 AS BIGINT) = 0 ORDER BY id LIMIT 400");
SQL(whole_table_import,
    "SELECT * FROM import WHERE id > :after AND CAST(:after2 AS BIGINT) = 0 ORDER BY id LIMIT 400");
SQL(whole_table_attachment, "SELECT * FROM attachment WHERE id > :after AND CAST(:after2 AS "
                            "BIGINT) = 0 ORDER BY id LIMIT 400");
SQL(whole_table_attachment_version, "SELECT * FROM attachment_version WHERE id > :after AND "
                                    "CAST(:after2 AS BIGINT) = 0 ORDER BY id LIMIT 400");
SQL(whole_table_notice,
    "SELECT * FROM notice WHERE id > :after AND CAST(:after2 AS BIGINT) = 0 ORDER BY id LIMIT 400");
SQL(whole_table_import_refused,
    "SELECT * FROM import_refused WHERE import > :after OR (import = :after AND line > :after2) "
    "ORDER BY import, line LIMIT 400");
SQL(whole_table_moved, "SELECT entity, from_id, to_id FROM moved WHERE from_id > :after AND "
                       "CAST(:after2 AS BIGINT) = 0 "
                       "ORDER BY from_id, entity LIMIT 400000");

static const struct {
    const char *name;
    const struct sql *sql;
    const char *key, *key2;
} tables[] = {
    { "batch", &whole_table_batch, "id", NULL },
    { "change", &whole_table_change, "id", NULL },
    { "file", &whole_table_file, "id", NULL },
    { "import", &whole_table_import, "id", NULL },
    { "import_refused", &whole_table_import_refused, "import", "line" },
    { "attachment", &whole_table_attachment, "id", NULL },
    { "attachment_version", &whole_table_attachment_version, "id", NULL },
    { "notice", &whole_table_notice, "id", NULL },
    { "moved", &whole_table_moved, "from_id", NULL },
};

enum status whole_tables_json(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    struct rows r;
    *done = w->at.sub == COUNT(tables);
    if (*done) return OK;
    if (w->at.after == 0) {
        p->entry = str_printf(c->arena, "json/tables/%s.json", tables[w->at.sub].name);
        begin_array(w, p);
    }
    TRY(db_query(c->tx, tables[w->at.sub].sql, &r, P("after", w->at.after),
                 P("after2", w->at.after2)));
    for (int i = 0; i < r.n; i++) {
        next_item(w, p);
        export_raw_row(&r, i, &p->out);
        w->at.after = row_int(&r, i, tables[w->at.sub].key);
        if (tables[w->at.sub].key2) w->at.after2 = row_int(&r, i, tables[w->at.sub].key2);
    }
    if (r.n) return OK;
    buf_add_z(&p->out, "\n]\n");
    to_next(w);
    w->at.after2 = 0;
    return OK;
}
