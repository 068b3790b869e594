/* PostgreSQL behind db.h: a pool of connections for reading and one for writing, prepared
 * statements, values there (as text, bytea binary) and back (binary, by type). Called by db.c
 * through struct driver; calls group.c, pg_conn.c, pg_check.c, rewrite.c and cache.c. Writes go one
 * after another (decision 024), reads are REPEATABLE READ READ ONLY. A lost connection makes BUSY
 * and is opened again by the next transaction. */
#include <stdio.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/db/pg.h"

enum { LOOK_EVERY_US = 5000 };

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

static enum status pg_read(struct db *d, struct tx *tx) {
    tx->conn = pool_take(&of(d)->readers);
    enum status s = begin(tx->conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (s != OK) pool_give(&of(d)->readers, tx->conn);
    return s;
}

/* ---- how a batch begins and ends (group.h) ---- */

static struct pg_conn *writer(struct db *base) {
    return &of(base)->all[0];
}

/* One process at a time writes into a schema, whoever waits first: so writers are READ COMMITTED
 * (each statement sees all that was committed before the turn was had) and never lose a race. */
#define TURN "hashtextextended('daftar writer ' || current_schema(), 0)"

static enum status turn(struct pg_conn *c) {
    c->doomed = c->limited = false;
    c->turn_n++;
    TRY(begin(c, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"));
    return pg_send_simple(c, "SELECT pg_advisory_xact_lock(" TURN ")");
}

static enum status pg_group_open(struct db *base) {
    return turn(writer(base));
}

static void pg_group_close(struct db *base) {
    (void)base; /* the server gives the turn on when the transaction ends */
}

static bool pg_group_alive(struct db *base) {
    struct pg_conn *c = writer(base);
    return c->c && PQstatus(c->c) == CONNECTION_OK && !c->doomed &&
           PQtransactionStatus(c->c) != PQTRANS_IDLE;
}

/* Leaves no transaction behind, if need be by leaving the connection. */
static void pg_group_back(struct db *base) {
    struct pg_conn *c = writer(base);
    if (!c->c) return;
    if (pg_settle(c) != OK || PQtransactionStatus(c->c) != PQTRANS_IDLE) {
        PQclear(PQexec(c->c, "ROLLBACK"));
        if (PQtransactionStatus(c->c) != PQTRANS_IDLE) pg_disconnect(c);
    }
    if (c->stale) pg_disconnect(c);
}

static enum status pg_group_anew(struct db *base) {
    pg_group_back(base);
    return turn(writer(base));
}

static enum status pg_group_member(struct db *base, enum point what) {
    struct pg_conn *c = writer(base);
    if (what == POINT_SAVE) {
        c->member_from = c->sent_n;
        return pg_send_simple(c, "SAVEPOINT member");
    }
    if (what == POINT_KEEP) {
        TRY(pg_send_simple(c, "RELEASE SAVEPOINT member"));
        return PQflush(c->c) >= 0 ? OK : BUSY; /* the server works while the next one thinks */
    }
    /* What failed late is what is taken back, unless another sent it. */
    (void)!pg_settle(c);
    if (c->doomed) return BUSY;
    return pg_simple(c, "ROLLBACK TO SAVEPOINT member; RELEASE SAVEPOINT member");
}

static enum status pg_group_refused(struct db *base) {
    (void)base;
    return OK;
}

static enum status pg_group_commit(struct db *base, bool *unsure) {
    struct pg_conn *c = writer(base);
    PGresult *r = NULL;
    enum status s = pg_send_simple(c, "COMMIT");
    if (s == OK) s = pg_receive(c, &r);
    if (s != OK && PQstatus(c->c) != CONNECTION_BAD) return s; /* something before it failed */
    if (PQstatus(c->c) == CONNECTION_BAD) {
        log_warn(
            "postgres: the connection was lost in COMMIT: what was written may be there or not");
        *unsure = true;
        s = BROKEN;
    } else if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        s = pg_status_of(c, r, "COMMIT");
    } else if (strcmp(PQcmdStatus(r), "COMMIT") != 0) {
        log_warn("postgres: COMMIT has rolled back");
        s = BROKEN;
    }
    PQclear(r);
    return s;
}

static void pg_group_committed(struct db *base) {
    if (writer(base)->stale) pg_disconnect(writer(base));
}

static enum status pg_write(struct db *base, struct tx *tx) {
    tx->conn = writer(base);
    return group_write(&of(base)->group, tx);
}

/* What a statement of this transaction ends with. What a writer cannot repeat in this transaction
 * dooms its batch. */
static enum status after(struct tx *tx, enum status s) {
    struct pg_conn *c = tx->conn;
    if (!tx->writes) return tx_fail(tx, s);
    c->doomed |= s == BUSY;
    return group_failed(&of(tx->db)->group, tx, s);
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
    if (tx->writes && how == OK && c->limited) /* not for those who come after it */
        how = after(tx, pg_send_simple(c, "SET LOCAL statement_timeout TO DEFAULT"));
    c->limited = false;
    if (tx->writes) return group_end(&d->group, tx, how);
    if (!c->c || !end_reading(c)) {
        if (c->c && (pg_settle(c) != OK || PQtransactionStatus(c->c) != PQTRANS_IDLE)) {
            PQclear(PQexec(c->c, "ROLLBACK"));
            if (PQtransactionStatus(c->c) != PQTRANS_IDLE) pg_disconnect(c);
        }
        if (c->stale) pg_disconnect(c);
    }
    pool_give(&d->readers, c);
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
    TRY(after(tx, prepare(tx, st, &pr)));
    struct bound b = bind(tx->arena, st, pr, p, n);
    return after(tx, send_prepared(tx->conn, st, pr, &b));
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
    TRY(after(tx, prepare(tx, st, &pr)));
    struct bound b = bind(tx->arena, st, pr, p, n);
    PGresult *r = NULL;
    if (c->sent_n) {
        enum status before = send_prepared(c, st, pr, &b);
        if (before == OK) before = pg_receive(c, &r);
        if (before != OK) return after(tx, before);
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
    return after(tx, s);
}

/* ---- ids: drawn before the row is sent, so that nobody waits for it ---- */

enum { DRAW_MOST = 128 };

/* The table of "INSERT INTO table (…": it has the sequence. */
static const char *table_of(struct arena *a, const struct statement *st) {
    struct str text = str_trim(st->text), into = S("INSERT INTO ");
    size_t n = into.n;
    if (!str_starts(text, into)) BUG("%s is not an INSERT", statement_name(st));
    while (n < text.n && text.p[n] != ' ' && text.p[n] != '(') n++;
    return str_z(a, str_sub(text, into.n, n - into.n));
}

/* For this one and those who wait; in a long transaction more from time to time, so that at most a
 * fifth is drawn in vain. What is left ends with the turn: ids of all processes come in the order
 * of commits. */
static enum status draw(struct tx *tx, struct prepared *pr) {
    struct pg_conn *c = tx->conn;
    int want = 1 + group_waiting(&of(tx->db)->group);
    if (pr->turn_n != c->turn_n) pr->drawn_n = 0;
    if (want < pr->drawn_n / 4) want = pr->drawn_n / 4;
    if (want > DRAW_MOST) want = DRAW_MOST;
    struct rows r;
    struct param p[] = { P("table", pr->table), P("n", want) };
    struct statement st = { .text = S(
                                "SELECT nextval(s.seq) AS id FROM (SELECT CAST("
                                "pg_get_serial_sequence(CAST(:table AS text), 'id') AS regclass) "
                                "AS seq OFFSET 0) AS s, generate_series(1, CAST(:n AS integer))") };
    TRY(run(tx, &st, &r, NULL, p, 2));
    if (r.n != want) BUG("%s has no sequence", pr->table);
    pr->ids_next = row_int(&r, 0, "id");
    /* Another hand may have drawn between: then only the first is known to be ours. */
    pr->ids_n = row_int(&r, want - 1, "id") == pr->ids_next + want - 1 ? want : 1;
    pr->drawn_n += want;
    pr->turn_n = c->turn_n;
    return OK;
}

static enum status insert_returning(struct tx *tx, const struct statement *st, int64_t *id,
                                    const struct param *p, int n) {
    struct rows r;
    TRY(run(tx, st, &r, NULL, p, n));
    if (r.n != 1) return after(tx, BROKEN);
    *id = row_int(&r, 0, "id");
    return OK;
}

static enum status pg_insert(struct tx *tx, const struct statement *st, int64_t *id,
                             const struct param *p, int n) {
    struct pg_conn *c = tx->conn;
    struct prepared *pr = NULL;
    TRY(after(tx, prepare(tx, st, &pr)));
    bool drawn = false;
    for (int i = 0; i < pr->names_n; i++) drawn |= strcmp(pr->names[i], "id") == 0;
    if (!drawn) return insert_returning(tx, st, id, p, n);
    const struct param *given = param_find(p, n, "id", n - 1);
    struct param *all = arena_array(tx->arena, struct param, n + 1);
    if (n) memcpy(all, p, (size_t)n * sizeof *p);
    if (!given) {
        if (!pr->table) pr->table = table_of(pr->arena, st);
        if (!pr->ids_n || pr->turn_n != c->turn_n) TRY(draw(tx, pr));
        all[n++] = param_int("id", pr->ids_next++);
        pr->ids_n--;
    }
    *id = given ? given->i : all[n - 1].i;
    struct bound b = bind(tx->arena, st, pr, all, n);
    return after(tx, send_prepared(c, st, pr, &b));
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
    return after(tx, pg_simple(c, text.p));
}

static enum status point(struct pg_conn *c, enum point what) {
    static const char *const texts[] = {
        [POINT_SAVE] = "SAVEPOINT point",
        [POINT_KEEP] = "RELEASE SAVEPOINT point",
        [POINT_BACK] = "ROLLBACK TO SAVEPOINT point; RELEASE SAVEPOINT point",
    };
    if (what == POINT_SAVE) return pg_send_simple(c, texts[what]);
    /* What failed late is what is taken back. */
    if (what == POINT_BACK) (void)!pg_settle(c);
    return c->doomed ? BUSY : pg_simple(c, texts[what]);
}

static enum status pg_point(struct tx *tx, enum point what) {
    return after(tx, point(tx->conn, what));
}

static enum status pg_script(struct tx *tx, struct str text, struct str *why) {
    struct pg_conn *c = tx->conn;
    TRY(after(tx, pg_settle(c)));
    PGresult *r = PQexec(c->c, str_z(tx->arena, text));
    ExecStatusType got = PQresultStatus(r);
    enum status s = OK;
    if (got != PGRES_COMMAND_OK && got != PGRES_TUPLES_OK && got != PGRES_EMPTY_QUERY) {
        if (why) *why = str_dup(tx->arena, str_of(PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY)));
        s = pg_status_of(c, r, "script");
    }
    PQclear(r);
    return after(tx, s);
}

/* Beside the turn: earlier versions of the program know this lock only. */
static enum status pg_migration_lock(struct tx *tx) {
    return after(tx, pg_simple(tx->conn, "SELECT pg_advisory_xact_lock(hashtextextended("
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
    TRY(after(tx, pg_simple(c, "SAVEPOINT prepare_only")));
    sql_rewrite(tx->arena, text, &words, &names);
    PGresult *r = PQprepare(c->c, "", str_z(tx->arena, words), 0, NULL);
    if (PQresultStatus(r) == PGRES_COMMAND_OK)
        judge_prepared(c, tx->arena, why);
    else
        *why = str_dup(tx->arena, str_of(PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY)));
    if (!why->p && PQresultStatus(r) != PGRES_COMMAND_OK) *why = S("connection lost");
    PQclear(r);
    TRY(after(tx,
              pg_simple(c, "ROLLBACK TO SAVEPOINT prepare_only; RELEASE SAVEPOINT prepare_only")));
    return why->n ? INVALID : OK;
}

static enum status pg_check(struct tx *tx, struct strs *out) {
    return after(tx, pg_check_all(tx->conn, tx->arena, out));
}

static enum status pg_copy(struct db *d, const char *to) {
    (void)d;
    log_warn("postgres: no copy into %s: use pg_dump", to);
    return BROKEN;
}

/* Whether other processes wait for the turn is asked of the server now and then, over a reader. */
static bool others_wait(struct pg_db *d) {
    struct pg_conn *c = pool_try(&d->readers); /* who asks may hold one already */
    PGresult *r = NULL;
    bool wait = false;
    if (!c) return false;
    if (pg_ensure(c) == OK && pg_settle(c) == OK)
        r = PQexec(c->c, "SELECT 1 FROM pg_locks, " TURN " AS turn WHERE locktype = 'advisory' AND "
                         "NOT granted AND classid = ((turn >> 32) & 4294967295)::oid AND "
                         "objid = (turn & 4294967295)::oid AND objsubid = 1 AND database = "
                         "(SELECT oid FROM pg_database WHERE datname = current_database())");
    if (PQresultStatus(r) == PGRES_TUPLES_OK) wait = PQntuples(r) > 0;
    PQclear(r);
    pool_give(&d->readers, c);
    return wait;
}

static bool pg_writers_wait(struct db *base) {
    struct pg_db *d = of(base);
    if (group_waiting(&d->group)) return true;
    int64_t now_us = clock_mono_us();
    pthread_mutex_lock(&d->lock);
    bool known = now_us - d->looked_us < LOOK_EVERY_US, wait = known && d->others_wait;
    if (!known) d->looked_us = now_us;
    pthread_mutex_unlock(&d->lock);
    if (known) return wait;
    wait = others_wait(d);
    pthread_mutex_lock(&d->lock);
    d->others_wait = wait;
    pthread_mutex_unlock(&d->lock);
    return wait;
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
    group_free(&d->group);
    if (d->readers.idle_n != d->readers.all_n) BUG("a database was closed in use");
    for (int i = 0; i < d->all_n; i++) {
        pg_disconnect(&d->all[i]);
        cells_free(&d->all[i].cells);
    }
    pool_free(&d->readers);
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

static void make_connections(struct pg_db *d, int readers_n) {
    d->all_n = 1 + readers_n;
    d->all = calloc((size_t)d->all_n, sizeof *d->all);
    if (!d->all) BUG("out of memory");
    pool_init(&d->readers, readers_n);
    for (int i = 0; i < d->all_n; i++) {
        struct pg_conn *c = &d->all[i];
        c->db = d;
        c->cache.owner = c;
        c->cache.drop = pg_drop_prepared;
        if (i > 0) pool_add(&d->readers, c);
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
        .insert = pg_insert,
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
    static const struct group_ops ops = {
        .open = pg_group_open,
        .close = pg_group_close,
        .alive = pg_group_alive,
        .member = pg_group_member,
        .anew = pg_group_anew,
        .refused = pg_group_refused,
        .commit = pg_group_commit,
        .back = pg_group_back,
        .committed = pg_group_committed,
    };
    if (!address_is_good(config->where)) return BROKEN;
    struct pg_db *d = calloc(1, sizeof *d);
    if (!d) BUG("out of memory");
    d->base.driver = &driver;
    d->where = strdup(config->where);
    if (!d->where) BUG("out of memory");
    if (pthread_mutex_init(&d->lock, NULL)) BUG("no mutex");
    group_init(&d->group, &d->base, &ops);
    make_connections(d, config->readers > 0 ? config->readers : 1);
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
