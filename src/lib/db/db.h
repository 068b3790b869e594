/* The database, all of it that anybody above may use: SQLite or PostgreSQL behind the same words.
 *
 * Statements are declared with SQL(name, text) at file level: every one is known before it runs,
 * and one test prepares them all on both databases. Parameters (:name) and columns go by name only.
 * A transaction lives on one connection and belongs to one thread. All results lie in the arena
 * given to db_read/db_write. No function here builds SQL from values.
 *
 * Group commit (SQLite): writers run one after another inside one open batch, each in a savepoint;
 * the last waiter, 64 members or 5 ms commit for all. db_end returns when the batch is on the disk.
 */
#ifndef DB_H
#define DB_H
#include "lib/base/str.h"

struct sql {
    const char *name, *lite, *pg, *file;
};
/* Both texts side by side, for the few statements that differ on purpose. */
#define SQL2(id, lite_text, pg_text)                                                               \
    static const struct sql id = { #id, lite_text, pg_text, __FILE__ };                            \
    static const struct sql *const sql_ref_##id                                                    \
        __attribute__((used, retain, section("daftar_sql"))) = &id
#define SQL(id, text) SQL2(id, text, text)
/* All statements of the program: for (p = sql_all_begin(); p < sql_all_end(); p++) use(*p). */
const struct sql *const *sql_all_begin(void);
const struct sql *const *sql_all_end(void);

struct blob {
    const void *p;
    size_t n;
};
enum cell_type { CELL_NULL, CELL_INT, CELL_TEXT, CELL_BLOB };
struct param {
    const char *name;
    enum cell_type type;
    int64_t i;
    struct str s;
};
struct param param_int(const char *name, int64_t v);
struct param param_str(const char *name, struct str v); /* v.p == NULL: SQL NULL */
struct param param_z(const char *name, const char *v);
struct param param_blob(const char *name, struct blob v); /* v.p == NULL: SQL NULL */
struct param param_null(const char *name);
#define P(name, v)                                                                                 \
    _Generic((v),                                                                                  \
        struct str: param_str,                                                                     \
        struct blob: param_blob,                                                                   \
        char *: param_z,                                                                           \
        const char *: param_z,                                                                     \
        default: param_int)(name, v)

struct cell {
    enum cell_type type;
    int64_t i;
    struct str s; /* text or blob */
};
struct rows {
    int n, columns_n;
    const char *const *names;
    struct cell *cells; /* n * columns_n */
};
/* A column that the statement does not have is BUG. NULL reads as 0 / NO_STR. */
int64_t row_int(const struct rows *r, int row, const char *column);
struct str row_str(const struct rows *r, int row, const char *column);
struct blob row_blob(const struct rows *r, int row, const char *column);
bool row_null(const struct rows *r, int row, const char *column);
int row_column(const struct rows *r, const char *column); /* its number, -1 if it has none */
static inline const struct cell *row_cell(const struct rows *r, int row, int column) {
    return &r->cells[(size_t)row * (size_t)r->columns_n + (size_t)column];
}

struct db;
struct tx;
struct db_config {
    const char *where; /* a folder (SQLite: WHERE/daftar.db), or postgres://… (its search_path names
                          the schema) */
    bool create;       /* make the database if it is not there; the schema comes from migrate_up */
    int readers;       /* connections for reading: one for each thread that may read at once */
    bool checkpoints; /* this process (the server) checkpoints the WAL; others do when it is long */
};
/* MISSING: nothing there; BROKEN: logged; BUSY: another process keeps the lock. Not to be carried
 * over a fork: the child opens its own. */
enum status db_open(struct db **out, const struct db_config *config) MUST_USE;
void db_close(struct db *d);
bool db_is_pg(const struct db *d);
/* For the server: CONFLICT when another server already serves this folder; kept until db_close.
 * PostgreSQL: always OK, several servers may share it. */
enum status db_serve_lock(struct db *d) MUST_USE;

/* A snapshot to read from; waits for a free connection (so no thread may hold two). End it with
 * db_end(tx, OK). */
enum status db_read(struct db *d, struct arena *a, struct tx **out) MUST_USE;
/* Waits for the writer's turn (SQLite: also across processes) and opens a savepoint in it. */
enum status db_write(struct db *d, struct arena *a, struct tx **out) MUST_USE;
/* how == OK commits and returns only when it is durable; anything else rolls this member back
 * alone. Returns how, or BUSY (nothing happened, run it all again), or BROKEN. tx is gone in any
 * case. */
enum status db_end(struct tx *tx, enum status how) MUST_USE;
bool tx_is_pg(const struct tx *tx);
bool tx_writes(const struct tx *tx);
struct arena *tx_arena(const struct tx *tx);
/* True when others wait for the writer: a long job should end its batch soon. */
bool db_writers_wait(struct db *d);

/* A number that stays the same as long as nothing was committed, by whatever process: what was read
 * after it was drawn is still so when it is drawn again alike. Cheap; outside a transaction. It may
 * change without a commit. Means nothing to another process. */
enum status db_stamp(struct db *d, uint64_t *stamp) MUST_USE;

/* What the disk last refused, for a message that helps. Full ends with the next commit. */
enum db_fault { DB_SOUND, DB_FULL, DB_DAMAGED };
enum db_fault db_fault(const struct db *d);

/* Statuses: OK; CONFLICT for a broken UNIQUE or FOREIGN KEY; INVALID for CHECK and NOT NULL; BUSY;
 * BROKEN; TOO_BIG past db_deadline. After anything but OK the transaction can only be ended, not
 * continued. */
#define db_query(tx, sql, rows, ...)                                                               \
    db_query_((tx), (sql), (rows), (struct param[]){ { 0 }, ##__VA_ARGS__ },                       \
              sizeof((struct param[]){ { 0 }, ##__VA_ARGS__ }) / sizeof(struct param))
#define db_run(tx, sql, ...) db_query(tx, sql, NULL, ##__VA_ARGS__)
/* A made INSERT of one row: its new id. On PostgreSQL its text names the column id and :id, which
 * is drawn from the table's sequence (many at once when many write) unless it is among the
 * parameters, and the row goes out as with db_later; or it ends in RETURNING id, and is waited for.
 * On SQLite it does neither: there RETURNING would make a table of its own for that one number. */
enum status db_insert_made(struct tx *tx, struct str text, int64_t *id, const struct param *p,
                           int n) MUST_USE;
/* The same for a declared one (SQL2). */
#define db_insert(tx, sql, id, ...)                                                                \
    db_insert_((tx), (sql), (id), (struct param[]){ { 0 }, ##__VA_ARGS__ },                        \
               sizeof((struct param[]){ { 0 }, ##__VA_ARGS__ }) / sizeof(struct param))
enum status db_insert_(struct tx *tx, const struct sql *sql, int64_t *id, const struct param *p,
                       size_t n) MUST_USE;
/* db_run for a write that nobody waits for: on PostgreSQL it goes out with the next statement
 * whose answer is needed, db_end's COMMIT at the latest, and that one fails if it fails. Its
 * db_changed is not known. */
#define db_later(tx, sql, ...)                                                                     \
    db_later_((tx), (sql), (struct param[]){ { 0 }, ##__VA_ARGS__ },                               \
              sizeof((struct param[]){ { 0 }, ##__VA_ARGS__ }) / sizeof(struct param))
enum status db_later_(struct tx *tx, const struct sql *sql, const struct param *p,
                      size_t n) MUST_USE;
/* p[0] is a placeholder and not read. rows may be NULL. */
enum status db_query_(struct tx *tx, const struct sql *sql, struct rows *rows,
                      const struct param *p, size_t n) MUST_USE;
/* SQL made at run time from constant tables and bound values; only the files that layers.sh lists
 * may call it. p has n real parameters (no placeholder). Statements are cached by text. */
enum status db_query_made(struct tx *tx, struct str text, struct rows *rows, const struct param *p,
                          int n) MUST_USE;
/* The rows of a made SELECT one after another, nothing kept: the cells are good during the call
 * only, and no statement may run inside it. row gives false when it has seen enough. */
enum status db_each_made(struct tx *tx, struct str text, const struct param *p, int n,
                         bool (*row)(void *arg, const struct cell *cells), void *arg) MUST_USE;
/* From now on a statement of this transaction that is still at work after so many milliseconds of
 * the clock ends with TOO_BIG: a savepoint made before leads back. 0: no limit any more. */
enum status db_deadline(struct tx *tx, int ms) MUST_USE;
int64_t db_changed(const struct tx *tx); /* rows changed by the last statement */
/* How many statements of this transaction have changed rows so far; -1 once it can only be ended:
 * with the number before, whether there is anything to take back. */
int64_t db_written(const struct tx *tx);

/* A point inside a transaction to go back to (a row of an import). Nesting is allowed. */
enum status db_savepoint(struct tx *tx) MUST_USE;
enum status db_savepoint_end(struct tx *tx, bool keep) MUST_USE;

/* Migrations: migrations/NNNN_name.{sqlite,pg}.sql, embedded; each is applied once, in its own
 * transaction. */
enum status migrate_up(struct db *d, struct arena *a) MUST_USE;
/* Prepares sql on this connection and throws it away: for the prepare-all test. why gets the
 * message. */
enum status db_prepare_only(struct tx *tx, struct str text, struct str *why) MUST_USE;
/* A consistent copy into the file `to` (SQLite), checked and synced; PostgreSQL: BROKEN, see
 * backup.c. */
enum status db_copy(struct db *d, const char *to) MUST_USE;
/* Integrity of the file and of foreign keys; problems are added to out, one a line. */
enum status db_check(struct tx *tx, struct strs *out) MUST_USE;

#endif
