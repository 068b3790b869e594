/* A list as a file, piece by piece: each piece is a range of ids in a reading transaction of its
 * own, so that memory stays flat and nothing is held while a slow reader takes his time. Which file
 * it becomes is a row of a table (export_format.c). */
#ifndef IMPORT_EXPORT_H
#define IMPORT_EXPORT_H
#include "core/app/app.h"
#include "core/entity/list.h"
#include "core/exchange/exchange.h"
#include "lib/base/buf.h"

/* What a format works with while one file is made. */
struct export_work {
    struct arena *arena; /* of this file; begin() may keep things here */
    const struct exchange_shape *shape;
    struct app *app;
    const struct locale *loc; /* the reader's */
    char separator;           /* of CSV */
    bool bom;                 /* CSV begins with a byte order mark */
    int64_t rows_n;           /* written before this piece */
    void *state;              /* the format's own */
};
struct export_format {
    const char *code, *type, *ending; /* "csv", "text/csv; charset=utf-8", "csv" */
    bool only_clients;
    /* Each in a reading transaction that may be run again, out then as it was before: what stands
     * before the records, and n records of the shape's entity. begin may be NULL. */
    enum status (*begin)(struct export_work *w, struct ctx *c, struct buf *out) MUST_USE;
    enum status (*rows)(struct export_work *w, struct ctx *c, const void *rows, int n,
                        struct buf *out) MUST_USE;
    /* Outside of transactions, once for each piece: what was added from `from` on may be taken
     * away and put elsewhere. May be NULL. */
    enum status (*keep)(struct export_work *w, struct buf *out, size_t from) MUST_USE;
    /* What stands behind the last record; called again while it says *more. May be NULL. */
    enum status (*end)(struct export_work *w, struct buf *out, bool *more) MUST_USE;
    void (*close)(struct export_work *w); /* also when it was broken off; may be NULL */
};
extern const struct export_format export_csv, export_xlsx, export_json, export_vcard, export_vcard3;
const struct export_format *export_format_of(struct str code); /* NULL: no such */

struct export_stream;
/* In the name, language and rights of c, which it outlives. The query was checked by list_count. */
struct export_stream *export_open(struct app *app, const struct ctx *c, const struct list_query *q,
                                  const struct export_format *format, char separator, bool bom);
/* Adds some hundred records to out, or none yet; *more tells whether others follow. */
enum status export_piece(struct export_stream *e, struct buf *out, bool *more) MUST_USE;
void export_close(struct export_stream *e);

#endif
