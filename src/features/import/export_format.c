/* The formats of an export: the table, CSV and JSON. Called by export.c and the page; calls
 * core/exchange and core/entity. */
#include "core/entity/record_json.h"
#include "features/import/export.h"
#include "features/import/import.h"
#include "features/party/party.h"

static const struct export_format *const formats[] = { &export_csv, &export_xlsx, &export_json,
                                                       &export_vcard, &export_vcard3 };

const struct export_format *export_format_of(struct str code) {
    for (int i = 0; i < COUNT(formats); i++)
        if (str_eq_z(code, formats[i]->code)) return formats[i];
    return NULL;
}

/* --- CSV --- */

static enum status csv_begin(struct export_work *w, struct ctx *c, struct buf *out) {
    struct export_sheet *sheet;
    struct ctx own = *c;
    own.arena = w->arena;
    TRY(export_sheet_new(&own, w->shape, &sheet));
    w->state = sheet;
    if (w->bom) buf_add_z(out, "\xef\xbb\xbf");
    export_header(sheet, w->separator, out);
    return OK;
}

static enum status csv_rows(struct export_work *w, struct ctx *c, const void *rows, int n,
                            struct buf *out) {
    return export_rows(c, w->state, rows, n, w->separator, out);
}

const struct export_format export_csv = { .code = "csv",
                                          .type = "text/csv; charset=utf-8",
                                          .ending = "csv",
                                          .begin = csv_begin,
                                          .rows = csv_rows };

/* --- JSON --- */

static enum status json_begin(struct export_work *w, struct ctx *c, struct buf *out) {
    (void)w, (void)c;
    buf_add_z(out, "[");
    return OK;
}

static enum status json_rows(struct export_work *w, struct ctx *c, const void *rows, int n,
                             struct buf *out) {
    const struct entity *e = w->shape->entity;
    for (int i = 0; i < n; i++) {
        struct json_out json = { .b = out };
        buf_add_z(out, w->rows_n + i ? ",\n" : "\n");
        record_json(c, &json, e, (const char *)rows + e->size * (size_t)i);
    }
    return OK;
}

static enum status json_end(struct export_work *w, struct buf *out, bool *more) {
    buf_add_z(out, w->rows_n ? "\n]\n" : "]\n");
    *more = false;
    return OK;
}

const struct export_format export_json = { .code = "json",
                                           .type = "application/json",
                                           .ending = "json",
                                           .begin = json_begin,
                                           .rows = json_rows,
                                           .end = json_end };
