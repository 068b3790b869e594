/* A list as a file, piece by piece: each piece is a range of ids in a reading transaction of its
 * own, so that memory stays flat and nothing is held while a slow reader takes his time. */
#ifndef IMPORT_EXPORT_H
#define IMPORT_EXPORT_H
#include "core/app/app.h"
#include "core/entity/list.h"
#include "lib/base/buf.h"

enum export_format { EXPORT_CSV, EXPORT_JSON };
struct export_stream;
/* In the name, language and rights of c, which it outlives. The query was checked by list_count. */
struct export_stream *export_open(struct app *app, const struct ctx *c, const struct list_query *q,
                                  enum export_format format, char separator, bool bom);
/* Adds some hundred records to out; *more tells whether others follow. */
enum status export_piece(struct export_stream *e, struct buf *out, bool *more) MUST_USE;
void export_close(struct export_stream *e);

#endif
