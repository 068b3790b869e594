/* What db.c asks of a database, and what the parts of this folder share. Nobody outside src/lib/db
 * includes this file (tests may, to reach `script`).
 *
 * struct db and struct tx are the first member of the driver's own structs, or carry its
 * connection. */
#ifndef DB_DRIVER_H
#define DB_DRIVER_H
#include <pthread.h>
#include <stdatomic.h>

#include "lib/base/buf.h"
#include "lib/db/db.h"

struct statement { /* what to run: a declared one, or text made at run time (named == NULL) */
    const struct sql *named;
    struct str text; /* in the words of this database */
};
enum point { POINT_SAVE, POINT_KEEP, POINT_BACK };

struct driver {
    bool pg;
    void (*close)(struct db *d);
    enum status (*read)(struct db *d, struct tx *tx);
    enum status (*write)(struct db *d, struct tx *tx);
    enum status (*end)(struct tx *tx, enum status how);
    enum status (*query)(struct tx *tx, const struct statement *st, struct rows *rows,
                         const struct param *p, int n);
    /* Like query, but each row is handed on and forgotten. */
    enum status (*each)(struct tx *tx, const struct statement *st, const struct param *p, int n,
                        bool (*row)(void *arg, const struct cell *cells), void *arg);
    enum status (*deadline)(struct tx *tx, int ms); /* 0: none */
    /* The id of the row inserted last; NULL: insert. */
    int64_t (*new_id)(const struct tx *tx);
    /* An INSERT whose :id the driver draws unless it is given; nobody waits for the row. */
    enum status (*insert)(struct tx *tx, const struct statement *st, int64_t *id,
                          const struct param *p, int n);
    /* Like query without rows, sent with the next one; NULL: the driver has no use for it. */
    enum status (*later)(struct tx *tx, const struct statement *st, const struct param *p, int n);
    enum status (*point)(struct tx *tx, enum point what);
    /* Several statements at once, trusted: migrations and tests only. why gets the message. */
    enum status (*script)(struct tx *tx, struct str text, struct str *why);
    /* Waits until no other process migrates; held until the transaction ends. */
    enum status (*migration_lock)(struct tx *tx);
    enum status (*prepare)(struct tx *tx, struct str text, struct str *why);
    enum status (*copy)(struct db *d, const char *to);
    enum status (*check)(struct tx *tx, struct strs *out);
    bool (*writers_wait)(struct db *d);
    enum status (*stamp)(struct db *d, uint64_t *stamp);
    enum status (*serve_lock)(struct db *d);
};
struct db {
    const struct driver *driver;
    atomic_int fault; /* enum db_fault */
};
struct tx {
    struct db *db;
    struct arena *arena;
    void *conn; /* the driver's connection */
    bool writes;
    bool dead;          /* no savepoint helps any more: only db_end is left */
    enum status failed; /* what the last statement ended with, if not OK */
    int depth;          /* open savepoints */
    int64_t changed, written;
    bool whole; /* the first of its batch: it has no savepoint, the batch is taken back for it */
};

enum status sqlite_db_open(struct db **out, const struct db_config *config);
enum status postgres_db_open(struct db **out, const struct db_config *config);

/* CONFLICT and INVALID can be undone by a savepoint; everything else kills the transaction. */
enum status tx_fail(struct tx *tx, enum status s);
const struct param *param_find(const struct param *p, int n, const char *name, int guess);
/* Parameters that a declared statement does not have are a mistake of the caller: BUG. */
void params_check_used(const struct statement *st, const struct param *p, int n,
                       const char *const *names, int names_n);
void strs_add(struct arena *a, struct strs *list, struct str s);

/* Cells while their number is not known yet; on the heap, kept by the connection between queries.
 */
struct cells {
    struct cell *v;
    size_t n, cap;
};
struct cell *cells_add(struct cells *c, size_t n); /* n zeroed cells at the end */
/* Copies them into the arena as the result of a query, and forgets them. */
void cells_finish(struct cells *c, struct arena *a, struct rows *rows, int columns_n,
                  const char *const *names);
void cells_free(struct cells *c);

/* Connections that threads borrow; waiting is first come, first served. */
struct pool {
    pthread_mutex_t lock;
    struct pool_waiter *first, *last;
    void **idle;
    int idle_n, all_n;
};
void pool_init(struct pool *p, int most);
void pool_add(struct pool *p, void *conn);
void *pool_take(struct pool *p);
void *pool_try(struct pool *p); /* NULL: none is idle */
void pool_give(struct pool *p, void *conn);
void pool_free(struct pool *p); /* close every connection before: pool_take them all */

/* :name becomes $n (the same name the same number) outside of literals, comments and casts. names
 * gets the names in the order of their numbers, in the arena. Returns how many. */
int sql_rewrite(struct arena *a, struct str text, struct str *out, const char *const **names);

#endif
