/* One connection to PostgreSQL: opening it, losing it, what its errors mean, and statements that go
 * out together without waiting for each answer (pipeline mode of libpq, PostgreSQL 15, 34.5).
 * Called by postgres.c. */
#include "lib/db/pg.h"

#include <stdio.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"

enum { LEAST_VERSION = 130000, TELL_EVERY_US = 5000000 };

static void ignore_notice(void *arg, const char *message) {
    (void)arg, (void)message;
}

/* ---- errors ---- */

static void log_result(const char *what, const PGresult *r) {
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    log_warn("postgres: %s: %s %s", what, state ? state : "-----", text ? text : "connection lost");
}

static bool is_one_of(const char *state, const char *const *list) {
    for (; *list; list++)
        if (strncmp(state, *list, strlen(*list)) == 0) return true;
    return false;
}

/* SQLSTATE codes: PostgreSQL 15, appendix A. */
enum status pg_status_of(struct pg_conn *c, const PGresult *r, const char *what) {
    static const char *const again[] = { "40001", "40P01", "55P03", "57014", "57P01", "57P02",
                                         "57P03", "08",    "53300", "25P03", "26000", NULL };
    static const char *const conflicts[] = { "23505", "23503", "23P01", NULL };
    static const char *const invalid[] = { "23", "22", "P0001", NULL };
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    if (PQstatus(c->c) == CONNECTION_BAD || !state) {
        log_warn("postgres: %s: the connection was lost", what);
        return BUSY;
    }
    if (c->limited && strcmp(state, "57014") == 0) return TOO_BIG;
    if (is_one_of(state, again)) return BUSY;
    if (is_one_of(state, conflicts)) return CONFLICT;
    if (is_one_of(state, invalid)) {
        /* The message would quote the value. */
        if (strncmp(state, "22", 2) == 0) log_info("postgres: %s: refused with %s", what, state);
        return INVALID;
    }
    log_result(what, r);
    static const char *const full[] = { "53100", NULL }, *const damaged[] = { "XX001", "XX002",
                                                                              NULL };
    if (is_one_of(state, full)) atomic_store(&c->db->base.fault, DB_FULL);
    if (is_one_of(state, damaged)) atomic_store(&c->db->base.fault, DB_DAMAGED);
    return BROKEN;
}

bool pg_plan_is_stale(const PGresult *r) {
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *routine = PQresultErrorField(r, PG_DIAG_SOURCE_FUNCTION);
    return state && routine && strcmp(state, "0A000") == 0 &&
           strcmp(routine, "RevalidateCachedQuery") == 0;
}

/* ---- statements that go out together ---- */

enum status pg_sent(struct pg_conn *c, const char *what, int good) {
    c->sent[c->sent_n++] = what;
    if (good) return OK;
    log_warn("postgres: %s: the connection was lost", what);
    return BUSY;
}

/* A command without parameters, not waited for. */
enum status pg_send_simple(struct pg_conn *c, const char *text) {
    TRY(pg_sent_room(c));
    return pg_sent(c, text, PQsendQueryParams(c->c, text, 0, NULL, NULL, NULL, NULL, 1));
}

enum status pg_receive(struct pg_conn *c, PGresult **last) {
    enum status s = OK;
    bool synced = c->settled || PQpipelineSync(c->c);
    int n = c->sent_n, member_from = c->member_from;
    c->settled = false;
    c->sent_n = c->member_from = 0;
    for (int i = 0; i < n && synced; i++) {
        PGresult *r = PQgetResult(c->c), *none;
        ExecStatusType got = PQresultStatus(r);
        bool good = got == PGRES_COMMAND_OK || got == PGRES_TUPLES_OK;
        if (last && i == n - 1 && s == OK && r) {
            *last = r;
            r = NULL;
        } else if (!good && s == OK) {
            c->stale = pg_plan_is_stale(r);
            s = c->stale ? BUSY : pg_status_of(c, r, c->sent[i]);
            if (i < member_from) { /* the fault of another, who has ended already */
                c->doomed = true;
                s = BUSY;
            }
        }
        PQclear(r);
        while ((none = PQgetResult(c->c))) PQclear(none);
    }
    PGresult *end = synced ? PQgetResult(c->c) : NULL;
    if (PQresultStatus(end) != PGRES_PIPELINE_SYNC && s == OK) {
        log_warn("postgres: the connection was lost");
        s = BUSY;
    }
    PQclear(end);
    if (!PQexitPipelineMode(c->c) && s == OK) s = BUSY;
    return s;
}

enum status pg_settle(struct pg_conn *c) {
    return c->sent_n ? pg_receive(c, NULL) : OK;
}

enum status pg_sent_room(struct pg_conn *c) {
    if (c->settled || c->sent_n == SENT_N - 2) TRY(pg_settle(c));
    if (c->sent_n == 0 && !PQenterPipelineMode(c->c)) return BUSY;
    return OK;
}

enum status pg_simple(struct pg_conn *c, const char *text) {
    TRY(pg_settle(c));
    PGresult *r = PQexec(c->c, text);
    ExecStatusType got = PQresultStatus(r);
    enum status s = OK;
    if (got != PGRES_COMMAND_OK && got != PGRES_TUPLES_OK) s = pg_status_of(c, r, text);
    PQclear(r);
    return s;
}

enum status pg_simple_text(struct pg_conn *c, struct arena *a, const char *text, struct str *out) {
    *out = NO_STR;
    TRY(pg_settle(c));
    PGresult *r = PQexec(c->c, text);
    enum status s = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : pg_status_of(c, r, text);
    *out = NO_STR;
    if (s == OK && PQntuples(r) && !PQgetisnull(r, 0, 0))
        *out = str_dup(a, str_of(PQgetvalue(r, 0, 0)));
    PQclear(r);
    return s;
}

/* ---- connections ---- */

void pg_drop_prepared(void *owner, void *prepared) {
    struct pg_conn *c = owner;
    struct prepared *p = prepared;
    char text[40];
    if (c->c && PQstatus(c->c) == CONNECTION_OK && pg_settle(c) == OK) {
        snprintf(text, sizeof text, "DEALLOCATE %s", p->name);
        PQclear(PQexec(c->c, text));
    }
    arena_free(p->arena);
}

void pg_disconnect(struct pg_conn *c) {
    PGconn *gone = c->c;
    c->sent_n = c->member_from = 0;
    c->settled = c->stale = false;
    c->c = NULL; /* so that nothing is deallocated one by one */
    cache_clear(&c->cache);
    PQfinish(gone);
}

/* Never the address itself: it may hold a password. Once in a while: a server that is down is asked
 * for again by every request. */
static void log_connection(struct pg_db *d, const PGconn *c) {
    char text[500];
    int64_t now_us = clock_mono_us();
    pthread_mutex_lock(&d->lock);
    bool quiet = d->told_us && now_us - d->told_us < TELL_EVERY_US;
    if (!quiet) d->told_us = now_us;
    pthread_mutex_unlock(&d->lock);
    if (quiet) return;
    snprintf(text, sizeof text, "%s", PQerrorMessage(c));
    for (char *p = text; *p; p++)
        if (*p == '\n' || *p == '\t') *p = ' ';
    log_warn("postgres: %s", text);
}

static enum status check_server(struct pg_conn *c) {
    const char *encoding = PQparameterStatus(c->c, "server_encoding");
    if (PQserverVersion(c->c) < LEAST_VERSION) {
        log_warn("postgres: version %d is too old", PQserverVersion(c->c));
        return BROKEN;
    }
    if (!encoding || strcmp(encoding, "UTF8") != 0) {
        log_warn("postgres: the encoding of the database is not UTF8");
        return BROKEN;
    }
    /* synchronous_commit is only raised from off: db_end promises that all is durable. */
    return pg_simple(c, "SET client_min_messages = error; SET timezone = 'UTC';"
                        "SET datestyle = 'ISO, YMD'; SET standard_conforming_strings = on;"
                        "SET lock_timeout = '10s';"
                        "SELECT set_config('synchronous_commit', 'on', false)"
                        " WHERE current_setting('synchronous_commit') = 'off'");
}

enum status pg_ensure(struct pg_conn *c) {
    if (c->c && PQstatus(c->c) == CONNECTION_OK) return OK;
    const char *const keys[] = { "dbname", "client_encoding", "fallback_application_name",
                                 "connect_timeout", NULL };
    const char *const values[] = { c->db->where, "UTF8", "daftar", "10", NULL };
    pg_disconnect(c);
    c->c = PQconnectdbParams(keys, values, 1);
    if (!c->c) BUG("out of memory");
    PQsetNoticeProcessor(c->c, ignore_notice, NULL);
    enum status s = OK;
    if (PQstatus(c->c) != CONNECTION_OK) {
        log_connection(c->db, c->c);
        s = BUSY;
    }
    if (s == OK) s = check_server(c);
    /* A process that was stopped in the middle of a batch must not keep others for ever. */
    if (s == OK && c == &c->db->all[0])
        s = pg_simple(c, "SET idle_in_transaction_session_timeout = '60s'");
    if (s != OK) pg_disconnect(c);
    return s;
}
