/* PostgreSQL behind db.h: a pool of connections for reading and one for writing, prepared
 * statements, values there (as text, bytea binary) and back (binary, by type). Called by db.c
 * through struct driver; calls pg_conn.c, rewrite.c and cache.c. Writes are SERIALIZABLE, reads
 * REPEATABLE READ READ ONLY. A lost connection makes BUSY and is opened again by the next
 * transaction. */
#include <stdio.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/db/pg.h"

enum { WRITERS_N = 8, LOSSES_ALONE = 2, PROBLEMS_N = 100 };

/* Types by their fixed numbers (pg_type.dat). Others are cast in the statement. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_CHAR = 18,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_OID = 26,
    OID_JSON = 114,
    OID_VARCHAR = 1043,
    OID_DATE = 1082,
    OID_VOID = 2278,
    OID_JSONB = 3802,
};

static struct pg_db *of(struct db *d) {
    return (struct pg_db *)d;
}

/* A connection that was lost while it lay idle (a restart of the server) shows it here, by a last
 * word of the server and then its end: nothing has been said on it yet, and it is opened again. */
static enum status begin(struct pg_conn *c, const char *text) {
    if (c->c && (pg_settle(c) != OK || !PQconsumeInput(c->c) || !PQconsumeInput(c->c)))
        pg_disconnect(c);
    TRY(pg_ensure(c));
    return pg_send_simple(c, text);
}

static enum status start(struct pool *pool, struct tx *tx, const char *text) {
    tx->conn = pool_take(pool);
    enum status s = begin(tx->conn, text);
    if (s != OK) pool_give(pool, tx->conn);
    return s;
}

static enum status pg_read(struct db *d, struct tx *tx) {
    return start(&of(d)->readers, tx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

/* With the lock held; NULL: this thread has not lost. */
static struct loser *loser_find(struct pg_db *d) {
    for (int i = 0; i < d->losers_n; i++)
        if (pthread_equal(d->losers[i].thread, pthread_self())) return &d->losers[i];
    return NULL;
}

static void loser_note(struct pg_db *d, bool lost) {
    pthread_mutex_lock(&d->lock);
    struct loser *l = loser_find(d);
    if (lost && l)
        l->losses++;
    else if (lost && d->losers_n < LOSERS_N)
        d->losers[d->losers_n++] = (struct loser){ pthread_self(), 1 };
    else if (!lost && l)
        *l = d->losers[--d->losers_n];
    pthread_mutex_unlock(&d->lock);
}

static void writer_enter(struct pg_db *d) {
    pthread_mutex_lock(&d->lock);
    const struct loser *l = loser_find(d);
    bool alone = l && l->losses >= LOSSES_ALONE;
    d->losers_wait_n += alone;
    pthread_mutex_unlock(&d->lock);
    if (!alone) {
        pthread_rwlock_rdlock(&d->alone);
        return;
    }
    pthread_rwlock_wrlock(&d->alone);
    pthread_mutex_lock(&d->lock);
    d->losers_wait_n--;
    pthread_mutex_unlock(&d->lock);
}

static void writer_leave(struct pg_db *d, enum status how) {
    pthread_rwlock_unlock(&d->alone);
    loser_note(d, how == BUSY);
}

static enum status pg_write(struct db *base, struct tx *tx) {
    struct pg_db *d = of(base);
    writer_enter(d);
    enum status s = start(&d->writers, tx, "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE");
    if (s != OK) writer_leave(d, s);
    return s;
}

static enum status commit(struct pg_conn *c) {
    PGresult *r = NULL;
    enum status s = pg_send_simple(c, "COMMIT");
    if (s == OK) s = pg_receive(c, &r);
    if (s != OK && PQstatus(c->c) != CONNECTION_BAD) return s; /* something before it failed */
    if (PQstatus(c->c) == CONNECTION_BAD) {
        log_warn(
            "postgres: the connection was lost in COMMIT: what was written may be there or not");
        s = BROKEN;
    } else if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        s = pg_status_of(c, r, "COMMIT");
    } else if (strcmp(PQcmdStatus(r), "COMMIT") != 0) {
        log_warn("postgres: COMMIT has rolled back");
        s = BROKEN;
    } else {
        int full = DB_FULL;
        atomic_compare_exchange_strong(&c->db->base.fault, &full, DB_SOUND);
    }
    PQclear(r);
    return s;
}

/* What was only read is let go without waiting for the answer. */
static bool end_reading(struct pg_conn *c) {
    if (pg_settle(c) != OK || PQtransactionStatus(c->c) != PQTRANS_INTRANS) return false;
    if (pg_send_simple(c, "COMMIT") != OK || !PQpipelineSync(c->c)) return false;
    c->settled = true;
    return PQflush(c->c) >= 0;
}

static enum status pg_end(struct tx *tx, enum status how) {
    struct pg_conn *c = tx->conn;
    struct pg_db *d = of(tx->db);
    c->limited = false;
    if (!tx->writes && c->c && end_reading(c)) {
        pool_give(&d->readers, c);
        return how;
    }
    if (how == OK) {
        enum status s = commit(c);
        if (s != OK) how = s;
    }
    if (c->c && (pg_settle(c) != OK || PQtransactionStatus(c->c) != PQTRANS_IDLE)) {
        PQclear(PQexec(c->c, "ROLLBACK"));
        if (PQtransactionStatus(c->c) != PQTRANS_IDLE) pg_disconnect(c);
    }
    if (c->stale) pg_disconnect(c);
    pool_give(tx->writes ? &d->writers : &d->readers, c);
    if (tx->writes) writer_leave(d, how);
    return how;
}

/* ---- statements ---- */

static enum status prepare(struct tx *tx, const struct statement *st, struct prepared **out) {
    struct pg_conn *c = tx->conn;
    *out = cache_get(&c->cache, st);
    if (*out) return OK;
    TRY(pg_settle(c));
    struct arena *a = arena_new();
    struct prepared *p = arena_new_of(a, struct prepared);
    struct str text;
    p->arena = a;
    p->names_n = sql_rewrite(a, st->text, &text, &p->names);
    snprintf(p->name, sizeof p->name, "s%u", c->made_n++);
    PGresult *r = PQprepare(c->c, p->name, str_z(a, text), 0, NULL);
    enum status s = OK;
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        s = pg_status_of(c, r, statement_name(st));
        if (s != BUSY) s = BROKEN;
    }
    PQclear(r);
    if (s != OK) {
        arena_free(a);
        return s;
    }
    cache_put(&c->cache, st, p);
    *out = p;
    return OK;
}

struct bound {
    const char **values;
    int *lengths, *formats;
};

static struct bound bind(struct arena *a, const struct statement *st, const struct prepared *pr,
                         const struct param *p, int n) {
    struct bound b = { arena_array(a, const char *, pr->names_n), arena_array(a, int, pr->names_n),
                       arena_array(a, int, pr->names_n) };
    for (int i = 0; i < pr->names_n; i++) {
        const struct param *v = param_find(p, n, pr->names[i], i);
        if (!v) BUG("%s: parameter :%s is not given", statement_name(st), pr->names[i]);
        if (v->type == CELL_INT)
            b.values[i] = str_printf(a, "%lld", (long long)v->i).p;
        else if (v->type == CELL_TEXT)
            b.values[i] = str_z(a, v->s);
        else if (v->type == CELL_BLOB) {
            if (v->s.n > INT32_MAX) BUG("%s: too many bytes", statement_name(st));
            b.values[i] = v->s.p;
            b.lengths[i] = (int)v->s.n;
            b.formats[i] = 1;
        }
    }
    params_check_used(st, p, n, pr->names, pr->names_n);
    return b;
}

static int64_t big_endian(const char *p, int n) {
    uint64_t v = n && (signed char)p[0] < 0 ? UINT64_MAX : 0;
    for (int i = 0; i < n; i++) v = v << 8 | (unsigned char)p[i];
    return (int64_t)v;
}

/* Days since 2000-01-01 as YYYY-MM-DD: the proleptic Gregorian calendar in eras of 400 years. */
static struct str date_text(struct arena *a, int64_t days) {
    int64_t z = days + 730425; /* since 0000-03-01 */
    int64_t era = (z >= 0 ? z : z - 146096) / 146097, day = z - era * 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= 365 * year + year / 4 - year / 100;
    int64_t month = (5 * day + 2) / 153;
    day -= (153 * month + 2) / 5;
    month += month < 10 ? 3 : -9;
    year += era * 400 + (month <= 2);
    return str_printf(a, "%04lld-%02lld-%02lld", (long long)year, (long long)month,
                      (long long)day + 1);
}

static bool type_is_known(Oid type) {
    switch (type) {
    case OID_BOOL:
    case OID_BYTEA:
    case OID_CHAR:
    case OID_NAME:
    case OID_INT8:
    case OID_INT2:
    case OID_INT4:
    case OID_TEXT:
    case OID_OID:
    case OID_JSON:
    case OID_VARCHAR:
    case OID_DATE:
    case OID_VOID:
    case OID_JSONB: return true;
    }
    return false;
}

static void read_cell(struct arena *a, Oid type, struct str in, struct cell *to) {
    switch (type) {
    case OID_VOID: return;
    case OID_BOOL:
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
        to->type = CELL_INT;
        to->i = big_endian(in.p, (int)in.n);
        return;
    case OID_OID:
        to->type = CELL_INT;
        to->i = (int64_t)((uint64_t)big_endian(in.p, (int)in.n) & UINT32_MAX);
        return;
    case OID_DATE:
        to->type = CELL_TEXT;
        to->s = date_text(a, big_endian(in.p, (int)in.n));
        return;
    case OID_JSONB: /* a version byte goes before the text */ in = str_sub(in, 1, in.n); break;
    }
    to->type = type == OID_BYTEA ? CELL_BLOB : CELL_TEXT;
    to->s = (struct str){ str_z(a, in), in.n };
}

static void read_rows(struct tx *tx, const struct statement *st, const PGresult *r,
                      struct rows *rows) {
    struct pg_conn *c = tx->conn;
    int columns_n = PQnfields(r), n = PQntuples(r);
    const char **names = arena_array(tx->arena, const char *, columns_n);
    for (int k = 0; k < columns_n; k++) {
        names[k] = PQfname(r, k);
        if (!type_is_known(PQftype(r, k)))
            BUG("%s: column %s has type %u: cast it", statement_name(st), names[k],
                (unsigned)PQftype(r, k));
    }
    for (int i = 0; i < n; i++) {
        struct cell *cells = cells_add(&c->cells, (size_t)columns_n);
        for (int k = 0; k < columns_n; k++) {
            if (PQgetisnull(r, i, k)) continue;
            struct str in = { PQgetvalue(r, i, k), (size_t)PQgetlength(r, i, k) };
            read_cell(tx->arena, PQftype(r, k), in, &cells[k]);
        }
    }
    cells_finish(&c->cells, tx->arena, rows, columns_n, names);
}

static enum status send_prepared(struct pg_conn *c, const struct statement *st,
                                 const struct prepared *pr, const struct bound *b) {
    TRY(pg_sent_room(c));
    return pg_sent(
        c, statement_name(st),
        PQsendQueryPrepared(c->c, pr->name, pr->names_n, b->values, b->lengths, b->formats, 1));
}

static enum status pg_later(struct tx *tx, const struct statement *st, const struct param *p,
                            int n) {
    struct prepared *pr = NULL;
    TRY(tx_fail(tx, prepare(tx, st, &pr)));
    struct bound b = bind(tx->arena, st, pr, p, n);
    return tx_fail(tx, send_prepared(tx->conn, st, pr, &b));
}

struct each { /* who takes the rows one by one */
    bool (*row)(void *arg, const struct cell *cells);
    void *arg;
};

static void hand_rows(struct tx *tx, const struct statement *st, const PGresult *r,
                      const struct each *to) {
    int columns_n = PQnfields(r), n = PQntuples(r);
    struct cell *cells = arena_array(tx->arena, struct cell, columns_n);
    bool more = true;
    for (int k = 0; k < columns_n; k++)
        if (!type_is_known(PQftype(r, k))) BUG("%s: cast column %d", statement_name(st), k);
    for (int i = 0; i < n && more; i++) {
        struct arena_mark m = arena_mark(tx->arena);
        for (int k = 0; k < columns_n; k++) {
            cells[k] = (struct cell){ 0 };
            if (PQgetisnull(r, i, k)) continue;
            struct str in = { PQgetvalue(r, i, k), (size_t)PQgetlength(r, i, k) };
            read_cell(tx->arena, PQftype(r, k), in, &cells[k]);
        }
        more = to->row(to->arg, cells);
        arena_back(tx->arena, m);
    }
}

static enum status run(struct tx *tx, const struct statement *st, struct rows *rows,
                       const struct each *each, const struct param *p, int n) {
    struct pg_conn *c = tx->conn;
    struct prepared *pr = NULL;
    TRY(tx_fail(tx, prepare(tx, st, &pr)));
    struct bound b = bind(tx->arena, st, pr, p, n);
    PGresult *r = NULL;
    if (c->sent_n) {
        enum status before = send_prepared(c, st, pr, &b);
        if (before == OK) before = pg_receive(c, &r);
        if (before != OK) return tx_fail(tx, before);
    } else {
        r = PQexecPrepared(c->c, pr->name, pr->names_n, b.values, b.lengths, b.formats, 1);
    }
    ExecStatusType got = PQresultStatus(r);
    enum status s = OK;
    if (got == PGRES_TUPLES_OK || got == PGRES_COMMAND_OK) {
        struct str tag = str_of(PQcmdStatus(r));
        if (!str_starts(tag, S("SELECT"))) (void)str_to_i64(str_of(PQcmdTuples(r)), &tx->changed);
        if (rows) read_rows(tx, st, r, rows);
        if (each) hand_rows(tx, st, r, each);
        if (PQtransactionStatus(c->c) != PQTRANS_INTRANS) {
            log_warn("postgres: %s has ended the transaction", statement_name(st));
            s = BROKEN;
        }
    } else if (pg_plan_is_stale(r)) {
        pg_disconnect(c);
        s = BUSY;
    } else {
        s = pg_status_of(c, r, statement_name(st));
    }
    PQclear(r);
    return tx_fail(tx, s);
}

static enum status pg_query(struct tx *tx, const struct statement *st, struct rows *rows,
                            const struct param *p, int n) {
    return run(tx, st, rows, NULL, p, n);
}

static enum status pg_each(struct tx *tx, const struct statement *st, const struct param *p, int n,
                           bool (*row)(void *arg, const struct cell *cells), void *arg) {
    return run(tx, st, NULL, &(struct each){ row, arg }, p, n);
}

static enum status pg_deadline(struct tx *tx, int ms) {
    struct pg_conn *c = tx->conn;
    struct str text = str_printf(tx->arena, "SET LOCAL statement_timeout = %d", ms);
    if (!ms && !c->limited) return OK;
    c->limited = ms > 0;
    return tx_fail(tx, pg_simple(c, text.p));
}

static enum status pg_point(struct tx *tx, enum point what) {
    static const char *const texts[] = {
        [POINT_SAVE] = "SAVEPOINT point",
        [POINT_KEEP] = "RELEASE SAVEPOINT point",
        [POINT_BACK] = "ROLLBACK TO SAVEPOINT point; RELEASE SAVEPOINT point",
    };
    if (what == POINT_SAVE) return pg_send_simple(tx->conn, texts[what]);
    /* What failed late is what is taken back. */
    if (what == POINT_BACK) (void)!pg_settle(tx->conn);
    return pg_simple(tx->conn, texts[what]);
}

static enum status pg_script(struct tx *tx, struct str text, struct str *why) {
    struct pg_conn *c = tx->conn;
    TRY(tx_fail(tx, pg_settle(c)));
    PGresult *r = PQexec(c->c, str_z(tx->arena, text));
    ExecStatusType got = PQresultStatus(r);
    enum status s = OK;
    if (got != PGRES_COMMAND_OK && got != PGRES_TUPLES_OK && got != PGRES_EMPTY_QUERY) {
        if (why) *why = str_dup(tx->arena, str_of(PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY)));
        s = pg_status_of(c, r, "script");
    }
    PQclear(r);
    return tx_fail(tx, s);
}

/* READ COMMITTED, so that what an earlier migrator has done is seen once the lock is had. */
static enum status pg_migration_lock(struct tx *tx) {
    return tx_fail(tx, pg_simple(tx->conn, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
                                           "SELECT pg_advisory_xact_lock(hashtextextended("
                                           "'daftar migrations ' || current_schema(), 0))"));
}

/* The types of the result are judged too: a statement that would be BUG when it runs is refused. */
static void judge_prepared(struct pg_conn *c, struct arena *a, struct str *why) {
    PGresult *r = PQdescribePrepared(c->c, "");
    for (int k = 0; k < PQnfields(r) && !why->n; k++)
        if (!type_is_known(PQftype(r, k)))
            *why = str_printf(a, "column %s has type %u: cast it", PQfname(r, k),
                              (unsigned)PQftype(r, k));
    PQclear(r);
}

static enum status pg_prepare(struct tx *tx, struct str text, struct str *why) {
    struct pg_conn *c = tx->conn;
    struct str words;
    const char *const *names;
    TRY(tx_fail(tx, pg_simple(c, "SAVEPOINT prepare_only")));
    sql_rewrite(tx->arena, text, &words, &names);
    PGresult *r = PQprepare(c->c, "", str_z(tx->arena, words), 0, NULL);
    if (PQresultStatus(r) == PGRES_COMMAND_OK)
        judge_prepared(c, tx->arena, why);
    else
        *why = str_dup(tx->arena, str_of(PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY)));
    if (!why->p && PQresultStatus(r) != PGRES_COMMAND_OK) *why = S("connection lost");
    PQclear(r);
    TRY(tx_fail(
        tx, pg_simple(c, "ROLLBACK TO SAVEPOINT prepare_only; RELEASE SAVEPOINT prepare_only")));
    return why->n ? INVALID : OK;
}

/* ---- checks ---- */

static void add_column(struct arena *a, struct strs *out, const PGresult *r) {
    for (int i = 0; i < PQntuples(r) && out->n < PROBLEMS_N; i++)
        strs_add(a, out, str_dup(a, str_of(PQgetvalue(r, i, 0))));
}

/* Reads a whole table, so that damaged pages show themselves. */
static enum status read_table(struct tx *tx, const char *name, struct strs *out) {
    struct pg_conn *c = tx->conn;
    struct str text = str_printf(tx->arena, "SELECT count(t.*) FROM %s AS t", name);
    TRY(pg_simple(c, "SAVEPOINT checking"));
    PGresult *r = PQexec(c->c, text.p);
    if (PQresultStatus(r) != PGRES_TUPLES_OK) {
        const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
        strs_add(
            tx->arena, out,
            str_printf(tx->arena, "table %s: %s", name, message ? message : "connection lost"));
    }
    PQclear(r);
    return pg_simple(c, "ROLLBACK TO SAVEPOINT checking; RELEASE SAVEPOINT checking");
}

/* What a client may see of a server's health: constraints and indexes that are in force, and every
 * row readable. Indexes are not compared with their tables (that needs the extension amcheck). */
static enum status check(struct tx *tx, struct strs *out) {
    static const char doubts[] =
        "SELECT 'index ' || c.relname || ' is not valid' FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = current_schema() AND NOT (i.indisvalid AND i.indisready)"
        " UNION ALL SELECT 'constraint ' || conname || ' was never validated' FROM pg_constraint k"
        " JOIN pg_namespace n ON n.oid = k.connamespace"
        " WHERE n.nspname = current_schema() AND NOT k.convalidated";
    static const char tables[] =
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = current_schema() AND c.relkind = 'r' ORDER BY c.relname";
    struct pg_conn *c = tx->conn;
    TRY(pg_settle(c));
    PGresult *r = PQexec(c->c, doubts);
    enum status s = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : pg_status_of(c, r, "check");
    if (s == OK) add_column(tx->arena, out, r);
    PQclear(r);
    TRY(s);
    r = PQexec(c->c, tables);
    s = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : pg_status_of(c, r, "check");
    for (int i = 0; s == OK && i < PQntuples(r); i++) s = read_table(tx, PQgetvalue(r, i, 0), out);
    PQclear(r);
    return s;
}

static enum status pg_check(struct tx *tx, struct strs *out) {
    struct str sums;
    TRY(tx_fail(tx, check(tx, out)));
    TRY(tx_fail(tx, pg_simple_text(tx->conn, tx->arena, "SHOW data_checksums", &sums)));
    log_info(
        "postgres: all rows were read, constraints and indexes are in force; data checksums are "
        "%.*s; indexes were not compared with their tables",
        SF(sums));
    return OK;
}

static enum status pg_copy(struct db *d, const char *to) {
    (void)d;
    log_warn("postgres: no copy into %s: use pg_dump", to);
    return BROKEN;
}

static bool pg_writers_wait(struct db *base) {
    struct pg_db *d = of(base);
    pthread_mutex_lock(&d->lock);
    bool losers_wait = d->losers_wait_n > 0;
    pthread_mutex_unlock(&d->lock);
    return losers_wait || pool_waited_for(&d->writers);
}

/* Two snapshots with the same text see the same: no transaction that writes began or ended between
 * them. A text that is too long is taken for another. */
static enum status pg_stamp(struct db *base, uint64_t *stamp) {
    struct pg_db *d = of(base);
    struct pg_conn *c = pool_take(&d->readers);
    enum status s = pg_ensure(c);
    if (s == OK) s = pg_settle(c);
    PGresult *r = s == OK ? PQexec(c->c, "SELECT pg_current_snapshot()") : NULL;
    const char *now = r && PQresultStatus(r) == PGRES_TUPLES_OK ? PQgetvalue(r, 0, 0) : "";
    pthread_mutex_lock(&d->lock);
    if (!now[0] || strlen(now) >= sizeof d->snapshot || strcmp(now, d->snapshot) != 0) {
        d->stamp++;
        snprintf(d->snapshot, sizeof d->snapshot, "%s", now);
    }
    *stamp = d->stamp;
    pthread_mutex_unlock(&d->lock);
    if (!now[0] && s == OK) s = BUSY;
    PQclear(r);
    pool_give(&d->readers, c);
    return s;
}

static enum status pg_serve_lock(struct db *d) {
    (void)d;
    return OK;
}

/* ---- opening and closing ---- */

/* The schema that search_path names first; "$user" and nothing count as what the server chose. */
static struct str wanted_schema(struct arena *a, struct str path, struct str current) {
    struct str first;
    if (!str_cut(&path, ',', &first)) return current;
    first = str_trim(first);
    if (first.n >= 2 && first.p[0] == '"') first = str_sub(first, 1, first.n - 2);
    if (!first.n || str_eq(first, S("$user"))) return current;
    return str_dup(a, first);
}

static enum status create_schema(struct pg_conn *c, struct arena *a, struct str name) {
    char *quoted = PQescapeIdentifier(c->c, name.p, name.n);
    if (!quoted) BUG("out of memory");
    struct str text = str_printf(a, "CREATE SCHEMA IF NOT EXISTS %s", quoted);
    PQfreemem(quoted);
    return pg_simple(c, text.p);
}

/* MISSING: no such schema, or an empty one, and nobody asked to make it. */
static enum status find_schema(struct pg_conn *c, struct arena *a, bool create) {
    struct str path, current, tables;
    TRY(pg_simple_text(c, a, "SHOW search_path", &path));
    TRY(pg_simple_text(c, a, "SELECT current_schema()", &current));
    struct str want = wanted_schema(a, path, current);
    if (!want.n) {
        log_warn("postgres: the address names no schema (search_path), and there is none");
        return BROKEN;
    }
    if (create) return str_eq(want, current) ? OK : create_schema(c, a, want);
    if (!str_eq(want, current)) return MISSING;
    TRY(pg_simple_text(c, a, "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() LIMIT 1",
                       &tables));
    return tables.n ? OK : MISSING;
}

static void pg_close(struct db *base) {
    struct pg_db *d = of(base);
    if (d->readers.idle_n != d->readers.all_n || d->writers.idle_n != d->writers.all_n)
        BUG("a database was closed in use");
    for (int i = 0; i < d->all_n; i++) {
        pg_disconnect(&d->all[i]);
        cells_free(&d->all[i].cells);
    }
    pool_free(&d->readers);
    pool_free(&d->writers);
    pthread_rwlock_destroy(&d->alone);
    pthread_mutex_destroy(&d->lock);
    free(d->all);
    free(d->where);
    free(d);
}

static bool address_is_good(const char *where) {
    char *message = NULL;
    PQconninfoOption *parts = PQconninfoParse(where, &message);
    bool good = parts != NULL;
    PQconninfoFree(parts);
    PQfreemem(message);
    if (!good) log_warn("postgres: the address of the database cannot be understood");
    return good;
}

static void make_locks(struct pg_db *d) {
    pthread_rwlockattr_t how;
    if (pthread_rwlockattr_init(&how) ||
        pthread_rwlockattr_setkind_np(&how, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) ||
        pthread_rwlock_init(&d->alone, &how) || pthread_mutex_init(&d->lock, NULL))
        BUG("no locks");
    pthread_rwlockattr_destroy(&how);
}

static void make_pools(struct pg_db *d, int readers_n) {
    d->all_n = readers_n + WRITERS_N;
    d->all = calloc((size_t)d->all_n, sizeof *d->all);
    if (!d->all) BUG("out of memory");
    pool_init(&d->readers, readers_n);
    pool_init(&d->writers, WRITERS_N);
    for (int i = 0; i < d->all_n; i++) {
        struct pg_conn *c = &d->all[i];
        c->db = d;
        c->cache.owner = c;
        c->cache.drop = pg_drop_prepared;
        pool_add(i < readers_n ? &d->readers : &d->writers, c);
    }
}

enum status postgres_db_open(struct db **out, const struct db_config *config) {
    static const struct driver driver = {
        .pg = true,
        .close = pg_close,
        .read = pg_read,
        .write = pg_write,
        .end = pg_end,
        .query = pg_query,
        .each = pg_each,
        .deadline = pg_deadline,
        .later = pg_later,
        .point = pg_point,
        .script = pg_script,
        .migration_lock = pg_migration_lock,
        .prepare = pg_prepare,
        .copy = pg_copy,
        .check = pg_check,
        .writers_wait = pg_writers_wait,
        .stamp = pg_stamp,
        .serve_lock = pg_serve_lock,
    };
    if (!address_is_good(config->where)) return BROKEN;
    struct pg_db *d = calloc(1, sizeof *d);
    if (!d) BUG("out of memory");
    d->base.driver = &driver;
    d->where = strdup(config->where);
    if (!d->where) BUG("out of memory");
    make_locks(d);
    make_pools(d, config->readers > 0 ? config->readers : 1);
    struct arena *a = arena_new();
    enum status s = pg_ensure(&d->all[0]);
    if (s == OK) s = find_schema(&d->all[0], a, config->create);
    arena_free(a);
    if (s == BUSY) s = BROKEN;
    if (s != OK) {
        pg_close(&d->base);
        return s;
    }
    *out = &d->base;
    return OK;
}
