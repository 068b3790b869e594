/* One SQLite connection: what sqlite.c offers to sqlite_db.c (the folder, readers, group commit).
 * Not thread-safe: whoever holds the writer's turn, or has taken the reader from the pool, uses it.
 */
#ifndef DB_LITE_H
#define DB_LITE_H
#include "lib/db/driver.h"

struct lite;
enum lite_kind { LITE_WRITER, LITE_READER };
enum lite_verb {
    LITE_BEGIN,       /* of a reader: the snapshot is taken by the first statement */
    LITE_BEGIN_WRITE, /* takes the write lock at once */
    LITE_COMMIT,
    LITE_ROLLBACK,
    LITE_MEMBER, /* the savepoint of one member of a batch */
    LITE_MEMBER_KEEP,
    LITE_MEMBER_BACK,
    LITE_MEMBER_GONE,
    LITE_POINT, /* savepoints of db_savepoint: one name, the innermost is meant */
    LITE_POINT_KEEP,
    LITE_POINT_BACK,
    LITE_DATA_VERSION, /* for lite_data_version */
    LITE_VERBS_N
};

/* The process-wide settings of the library; before the first lite_open. */
void lite_start(void);
/* fault: where the reason of a BROKEN is noted (enum db_fault); NULL: nowhere. A file of no bytes
 * becomes a database: reserved bytes, page size, application id. cache_kib: page cache. */
enum status lite_open(struct lite **out, const char *file, enum lite_kind kind, int cache_kib,
                      atomic_int *fault) MUST_USE;
/* A reader that is opened by the first lite_ready: before that it costs nothing. file must live as
 * long. What uses a connection comes after an OK of lite_ready; several may be tried. */
struct lite *lite_later(const char *file, int cache_kib, atomic_int *fault);
enum status lite_ready(struct lite *c) MUST_USE;
void lite_close(struct lite *c);

enum status lite_do(struct lite *c, enum lite_verb verb) MUST_USE;
/* False after an error means: SQLite has ended the whole transaction by itself. */
bool lite_in_transaction(const struct lite *c);
/* Foreign keys that are still broken and would be refused by COMMIT only. */
bool lite_keys_pending(const struct lite *c);
/* Differs from the last time when another connection has committed meanwhile, of any process; -1 on
 * an error. Outside a transaction. */
int64_t lite_data_version(struct lite *c);
/* For the owner of the connection: what he saw last. */
int64_t *lite_seen_version(struct lite *c);
enum status lite_query(struct lite *c, const struct statement *st, struct arena *a,
                       struct rows *rows, const struct param *p, int n, int64_t *changed) MUST_USE;
/* The same, each row handed on; cells point into the connection and are good during the call. */
enum status lite_each(struct lite *c, const struct statement *st, const struct param *p, int n,
                      bool (*row)(void *arg, const struct cell *cells), void *arg) MUST_USE;
/* Statements that are at work after this instant (clock_mono_us) end TOO_BIG; 0: no limit. */
void lite_deadline(struct lite *c, int64_t at_us);
int64_t lite_new_id(const struct lite *c); /* of the row inserted last */
enum status lite_script(struct lite *c, struct arena *a, struct str text, struct str *why) MUST_USE;
enum status lite_prepare(struct lite *c, struct arena *a, struct str text,
                         struct str *why) MUST_USE;

/* Frames in the WAL after the last commit of this connection. */
int lite_wal_frames(const struct lite *c);
/* Copies what it can from the WAL into the file. truncate: waits up to wait_ms for readers, then
 * empties the WAL file. left gets the frames that could not be copied yet. Hold write.lock. */
enum status lite_checkpoint(struct lite *c, bool truncate, int wait_ms, int *left) MUST_USE;

/* The whole database as one consistent plain file without WAL. The reader's snapshot lasts as long.
 */
enum status lite_copy(struct lite *reader, const char *to) MUST_USE;
/* Opens a copied file and checks it. Problems go to out (in a). */
enum status lite_check_file(const char *file, struct arena *a, struct strs *out) MUST_USE;
enum status lite_check(struct lite *c, struct arena *a, struct strs *out) MUST_USE;

#endif
