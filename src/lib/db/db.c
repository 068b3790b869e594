/* The half of the database that SQLite and PostgreSQL share: parameters, rows by name, the list of
 * declared statements, pools of connections, and the way from db.h into the driver.
 * Called by everybody above; calls sqlite_db.c and postgres.c through struct driver. */
#include "lib/db/driver.h"

#include "lib/base/log.h"

/* The linker makes these from the section's name; weak, so that a program without statements links.
 */
extern const struct sql *const __start_daftar_sql[] __attribute__((weak));
extern const struct sql *const __stop_daftar_sql[] __attribute__((weak));

const struct sql *const *sql_all_begin(void) {
    return __start_daftar_sql;
}

const struct sql *const *sql_all_end(void) {
    return __stop_daftar_sql;
}

struct param param_int(const char *name, int64_t v) {
    return (struct param){ .name = name, .type = CELL_INT, .i = v };
}

struct param param_str(const char *name, struct str v) {
    return (struct param){ .name = name, .type = v.p ? CELL_TEXT : CELL_NULL, .s = v };
}

struct param param_z(const char *name, const char *v) {
    return param_str(name, str_of(v));
}

struct param param_blob(const char *name, struct blob v) {
    return (struct param){ .name = name, .type = v.p ? CELL_BLOB : CELL_NULL, .s = { v.p, v.n } };
}

struct param param_null(const char *name) {
    return (struct param){ .name = name, .type = CELL_NULL };
}

int row_column(const struct rows *r, const char *column) {
    for (int i = 0; i < r->columns_n; i++)
        if (strcmp(r->names[i], column) == 0) return i;
    return -1;
}

static const struct cell *cell_of(const struct rows *r, int row, const char *column,
                                  enum cell_type type) {
    int at = row_column(r, column);
    if (at < 0) BUG("no column %s in the result", column);
    if (row < 0 || row >= r->n) BUG("row %d of %d asked for %s", row, r->n, column);
    const struct cell *c = row_cell(r, row, at);
    if (type != CELL_NULL && c->type != CELL_NULL && c->type != type)
        BUG("column %s has type %d, not %d", column, (int)c->type, (int)type);
    return c;
}

int64_t row_int(const struct rows *r, int row, const char *column) {
    return cell_of(r, row, column, CELL_INT)->i;
}

struct str row_str(const struct rows *r, int row, const char *column) {
    return cell_of(r, row, column, CELL_TEXT)->s;
}

struct blob row_blob(const struct rows *r, int row, const char *column) {
    struct str s = cell_of(r, row, column, CELL_BLOB)->s;
    return (struct blob){ s.p, s.n };
}

bool row_null(const struct rows *r, int row, const char *column) {
    return cell_of(r, row, column, CELL_NULL)->type == CELL_NULL;
}

enum status db_open(struct db **out, const struct db_config *config) {
    struct str where = str_of(config->where);
    *out = NULL;
    if (!where.n) BUG("db_open without a place");
    if (str_starts(where, S("postgres://")) || str_starts(where, S("postgresql://")))
        return postgres_db_open(out, config);
    return sqlite_db_open(out, config);
}

void db_close(struct db *d) {
    if (d) d->driver->close(d);
}

bool db_is_pg(const struct db *d) {
    return d->driver->pg;
}

static enum status begin(struct db *d, struct arena *a, struct tx **out, bool writes) {
    struct tx *tx = arena_new_of(a, struct tx);
    tx->db = d;
    tx->arena = a;
    tx->writes = writes;
    *out = NULL;
    TRY(writes ? d->driver->write(d, tx) : d->driver->read(d, tx));
    *out = tx;
    return OK;
}

enum status db_read(struct db *d, struct arena *a, struct tx **out) {
    return begin(d, a, out, false);
}

enum status db_write(struct db *d, struct arena *a, struct tx **out) {
    return begin(d, a, out, true);
}

enum status db_end(struct tx *tx, enum status how) {
    if (how == OK && tx->failed == OK && tx->depth) BUG("%d savepoints still open", tx->depth);
    if (tx->failed != OK && (how == OK || tx->dead)) how = tx->failed;
    return tx->db->driver->end(tx, how);
}

bool tx_is_pg(const struct tx *tx) {
    return tx->db->driver->pg;
}

bool tx_writes(const struct tx *tx) {
    return tx->writes;
}

struct arena *tx_arena(const struct tx *tx) {
    return tx->arena;
}

int64_t db_changed(const struct tx *tx) {
    return tx->changed;
}

int64_t db_written(const struct tx *tx) {
    return tx->failed == OK ? tx->written : -1;
}

bool db_writers_wait(struct db *d) {
    return d->driver->writers_wait(d);
}

enum status db_stamp(struct db *d, uint64_t *stamp) {
    return d->driver->stamp(d, stamp);
}

enum status db_serve_lock(struct db *d) {
    return d->driver->serve_lock(d);
}

enum status db_copy(struct db *d, const char *to) {
    return d->driver->copy(d, to);
}

enum status tx_fail(struct tx *tx, enum status s) {
    if (s == OK) return OK;
    tx->failed = s;
    if (s != CONFLICT && s != INVALID && s != TOO_BIG) tx->dead = true;
    return s;
}

/* PostgreSQL stores neither bytes that are not UTF-8 nor NUL in text; so nobody does. */
static bool text_is_storable(struct str s) {
    if (s.n && memchr(s.p, 0, s.n)) return false;
    return utf8_valid(s);
}

static enum status may_run(struct tx *tx, const struct param *p, int n) {
    tx->changed = 0;
    if (tx->failed != OK) return tx->failed;
    for (int i = 0; i < n; i++)
        if (p[i].type == CELL_TEXT && !text_is_storable(p[i].s)) return tx_fail(tx, INVALID);
    return OK;
}

static enum status query(struct tx *tx, const struct statement *st, struct rows *rows,
                         const struct param *p, int n) {
    if (rows) *rows = (struct rows){ 0 };
    TRY(may_run(tx, p, n));
    enum status s = tx->db->driver->query(tx, st, rows, p, n);
    tx->written += tx->changed > 0;
    return s;
}

enum status db_query_(struct tx *tx, const struct sql *sql, struct rows *rows,
                      const struct param *p, size_t n) {
    struct statement st = { sql, str_of(tx_is_pg(tx) ? sql->pg : sql->lite) };
    return query(tx, &st, rows, p + 1, (int)n - 1);
}

static enum status insert(struct tx *tx, const struct statement *st, int64_t *id,
                          const struct param *p, int n) {
    const struct driver *d = tx->db->driver;
    if (d->insert) {
        TRY(may_run(tx, p, n));
        tx->written++;
        return d->insert(tx, st, id, p, n);
    }
    TRY(query(tx, st, NULL, p, n));
    *id = d->new_id(tx);
    return OK;
}

enum status db_insert_(struct tx *tx, const struct sql *sql, int64_t *id, const struct param *p,
                       size_t n) {
    struct statement st = { sql, str_of(tx_is_pg(tx) ? sql->pg : sql->lite) };
    return insert(tx, &st, id, p + 1, (int)n - 1);
}

enum status db_insert_made(struct tx *tx, struct str text, int64_t *id, const struct param *p,
                           int n) {
    struct statement st = { NULL, text };
    return insert(tx, &st, id, p, n);
}

enum status db_later_(struct tx *tx, const struct sql *sql, const struct param *p, size_t n) {
    struct statement st = { sql, str_of(tx_is_pg(tx) ? sql->pg : sql->lite) };
    if (!tx->db->driver->later) return query(tx, &st, NULL, p + 1, (int)n - 1);
    TRY(may_run(tx, p + 1, (int)n - 1));
    tx->written++;
    return tx->db->driver->later(tx, &st, p + 1, (int)n - 1);
}

enum status db_query_made(struct tx *tx, struct str text, struct rows *rows, const struct param *p,
                          int n) {
    struct statement st = { NULL, text };
    return query(tx, &st, rows, p, n);
}

enum status db_each_made(struct tx *tx, struct str text, const struct param *p, int n,
                         bool (*row)(void *arg, const struct cell *cells), void *arg) {
    struct statement st = { NULL, text };
    TRY(may_run(tx, p, n));
    return tx->db->driver->each(tx, &st, p, n, row, arg);
}

enum status db_deadline(struct tx *tx, int ms) {
    if (tx->failed != OK) return tx->failed;
    return tx->db->driver->deadline(tx, ms);
}

enum status db_savepoint(struct tx *tx) {
    if (tx->failed != OK) return tx->failed;
    TRY(tx_fail(tx, tx->db->driver->point(tx, POINT_SAVE)));
    tx->depth++;
    return OK;
}

enum status db_savepoint_end(struct tx *tx, bool keep) {
    enum status before = tx->failed;
    if (!tx->depth) BUG("no savepoint is open");
    tx->depth--;
    if (tx->dead) return before;
    tx->failed = OK;
    bool really = keep && before == OK;
    TRY(tx_fail(tx, tx->db->driver->point(tx, really ? POINT_KEEP : POINT_BACK)));
    return keep ? before : OK;
}

enum status db_prepare_only(struct tx *tx, struct str text, struct str *why) {
    *why = NO_STR;
    if (tx->failed != OK) return tx->failed;
    return tx->db->driver->prepare(tx, text, why);
}

enum status db_check(struct tx *tx, struct strs *out) {
    if (tx->failed != OK) return tx->failed;
    return tx->db->driver->check(tx, out);
}

const struct param *param_find(const struct param *p, int n, const char *name, int guess) {
    if (guess < n && strcmp(p[guess].name, name) == 0) return &p[guess];
    for (int i = 0; i < n; i++)
        if (strcmp(p[i].name, name) == 0) return &p[i];
    return NULL;
}

void params_check_used(const struct statement *st, const struct param *p, int n,
                       const char *const *names, int names_n) {
    /* Made text and SQL2 may leave a parameter out in one of their forms. */
    if (n <= names_n || !st->named || strcmp(st->named->lite, st->named->pg) != 0) return;
    for (int i = 0; i < n; i++) {
        bool used = false;
        for (int k = 0; k < names_n && !used; k++) used = strcmp(names[k], p[i].name) == 0;
        if (!used) BUG("statement %s has no parameter :%s", st->named->name, p[i].name);
    }
}

void strs_add(struct arena *a, struct strs *list, struct str s) {
    size_t n = (size_t)list->n;
    list->v = arena_grow(a, list->v, n * sizeof s, (n + 1) * sizeof s);
    list->v[list->n++] = s;
}

struct cell *cells_add(struct cells *c, size_t n) {
    if (c->cap - c->n < n) {
        size_t cap = c->cap ? c->cap : 64;
        while (cap - c->n < n) cap = arena_mul_(cap, 2);
        c->v = realloc(c->v, arena_mul_(cap, sizeof *c->v));
        if (!c->v) BUG("out of memory: %zu cells", cap);
        c->cap = cap;
    }
    struct cell *at = c->v + c->n;
    c->n += n;
    if (n) memset(at, 0, n * sizeof *at);
    return at;
}

void cells_finish(struct cells *c, struct arena *a, struct rows *rows, int columns_n,
                  const char *const *names) {
    enum { KEEP = 16384 }; /* cells, half a megabyte */
    const char **copies = arena_array(a, const char *, columns_n);
    for (int i = 0; i < columns_n; i++) copies[i] = str_z(a, str_of(names[i]));
    rows->names = copies;
    rows->columns_n = columns_n;
    rows->n = columns_n ? (int)(c->n / (size_t)columns_n) : 0;
    rows->cells = arena_array(a, struct cell, c->n);
    if (c->n) memcpy(rows->cells, c->v, c->n * sizeof *c->v);
    c->n = 0;
    if (c->cap > KEEP) cells_free(c);
}

void cells_free(struct cells *c) {
    free(c->v);
    *c = (struct cells){ 0 };
}

struct pool_waiter {
    struct pool_waiter *next;
    pthread_cond_t go;
    void *conn;
};

void pool_init(struct pool *p, int most) {
    *p = (struct pool){ 0 };
    if (pthread_mutex_init(&p->lock, NULL)) BUG("no mutex");
    p->idle = calloc((size_t)most, sizeof *p->idle);
    if (!p->idle) BUG("out of memory");
}

void pool_add(struct pool *p, void *conn) {
    p->all_n++;
    pool_give(p, conn);
}

void *pool_take(struct pool *p) {
    pthread_mutex_lock(&p->lock);
    if (p->idle_n) {
        void *conn = p->idle[--p->idle_n];
        pthread_mutex_unlock(&p->lock);
        return conn;
    }
    struct pool_waiter me = { .conn = NULL };
    if (pthread_cond_init(&me.go, NULL)) BUG("no condition variable");
    if (p->last)
        p->last->next = &me;
    else
        p->first = &me;
    p->last = &me;
    while (!me.conn) pthread_cond_wait(&me.go, &p->lock);
    pthread_mutex_unlock(&p->lock);
    pthread_cond_destroy(&me.go);
    return me.conn;
}

void *pool_try(struct pool *p) {
    pthread_mutex_lock(&p->lock);
    void *conn = p->idle_n ? p->idle[--p->idle_n] : NULL;
    pthread_mutex_unlock(&p->lock);
    return conn;
}

void pool_give(struct pool *p, void *conn) {
    pthread_mutex_lock(&p->lock);
    struct pool_waiter *w = p->first;
    if (w) {
        p->first = w->next;
        if (!p->first) p->last = NULL;
        w->conn = conn;
        pthread_cond_signal(&w->go);
    } else {
        p->idle[p->idle_n++] = conn;
    }
    pthread_mutex_unlock(&p->lock);
}

void pool_free(struct pool *p) {
    free(p->idle);
    pthread_mutex_destroy(&p->lock);
}

enum db_fault db_fault(const struct db *d) {
    return (enum db_fault)atomic_load(&d->fault);
}
