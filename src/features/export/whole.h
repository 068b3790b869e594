/* The whole business as a folder of ordinary files: csv/, json/, vcard/, files/ and an index.html
 * that opens from disk and can be searched there. Made piece by piece: each piece is a range of
 * keys in a reading transaction of its own, so that memory stays flat and nothing is held while a
 * slow reader takes his time. Only for features/export. */
#ifndef EXPORT_WHOLE_H
#define EXPORT_WHOLE_H
#include "core/app/app.h"
#include "core/exchange/exchange.h"
#include "features/export/sink.h"

struct whole;
/* In the name and language of c, which it outlives. The sink stays the caller's. */
struct whole *whole_open(struct app *app, const struct ctx *c, struct sink *sink);
/* Writes some hundred records; *more tells whether others follow. BROKEN: a file cannot be written
 * (sink_problem says why). */
enum status whole_piece(struct whole *w, bool *more) MUST_USE;
int64_t whole_clients(const struct whole *w); /* written so far */
void whole_close(struct whole *w);

/* --- between the files of this folder --- */

struct whole_at { /* a place to go back to when a transaction must be run again */
    int step, sub;
    int64_t after, after2; /* keys that are done */
    int64_t done;          /* rows of this entry, bytes of this file */
    int64_t lists_n, clients_n, missing_n;
};
struct piece { /* what one call makes: perhaps the beginning of an entry, and bytes of it */
    struct str entry;
    int64_t bytes, at_ms; /* bytes -1: not known */
    struct buf out;
};
struct whole {
    struct arena *arena;
    struct app *app;
    struct ctx as;
    struct locale loc;
    bool sees_own; /* as.own is what the first piece saw */
    struct sink *sink;
    struct whole_at at;
    struct export_sheet *sheet;
    struct str missing; /* names of files that are not on the disk, a line each */
};
/* One step's next piece; *done: the step is over. May be called again for the same place. */
typedef enum status whole_step(struct whole *w, struct ctx *c, struct piece *p, bool *done);
whole_step whole_cards, whole_clients_csv, whole_entities_csv, whole_history_csv;
whole_step whole_entities_json, whole_binned_json, whole_tables_json;
whole_step whole_book_frame, whole_book_list, whole_book_clients, whole_book_names;
whole_step whole_attached, whole_photos, whole_sources, whole_missing;

enum { WHOLE_ROWS = 400, WHOLE_LIST_ROWS = 2000 };
/* ids of the next records of e, binned ones or the others; *after moves on. */
enum status whole_ids(struct ctx *c, const struct entity *e, bool binned, int64_t *after,
                      int64_t *ids, int cap, int *n) MUST_USE;

struct str whole_asset(const char *name); /* a static file of the program: "book.css" */

/* «Sara Ahmadi (12)», safe on every system: no reserved names, no signs that Windows refuses, not
 * long. */
struct str whole_safe_name(struct arena *a, struct str name, int64_t id);
struct str whole_numbered_name(struct arena *a, int64_t id, struct str name); /* «3 old.csv» */
/* files/Sara Ahmadi (12)/contract (34).pdf; older versions «contract (34, version 1).pdf». */
struct str whole_file_path(struct ctx *c, int64_t party, struct str name, int64_t attachment,
                           int64_t version, bool newest);

#endif
