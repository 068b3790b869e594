/* What the files of the PostgreSQL driver share: one connection, and what goes over it. Only they
 * include this. */
#ifndef DB_PG_H
#define DB_PG_H
#include <libpq-fe.h>

#include "lib/db/cache.h"
#include "lib/db/group.h"

enum { SENT_N = 256 };

struct prepared {
    char name[16]; /* on the server */
    int names_n;
    const char *const *names; /* of its parameters, in the order of $1, $2… */
    struct arena *arena;      /* holds them */
    /* Of an INSERT whose ids are drawn: its table, and what is left of those drawn in a turn. */
    const char *table;
    int64_t ids_next;
    int ids_n, drawn_n;
    unsigned turn_n;
};

struct pg_conn {
    struct pg_db *db;
    PGconn *c; /* NULL: not open yet, or lost */
    struct cache cache;
    unsigned made_n;
    struct cells cells;
    /* Statements sent but not asked for (their names, for the log); the connection is then in
     * pipeline mode. Nobody has synced it yet, unless settled: all that is left is to read. */
    const char *sent[SENT_N];
    int sent_n;
    int member_from; /* of the writer: from here on it is what the member that writes now has sent
                      */
    bool settled;
    unsigned turn_n; /* of the writer: counts the batches */
    bool doomed;     /* of the writer: the open batch cannot be committed any more */
    bool limited;    /* db_deadline: what the server cancels has taken too long */
    bool stale;      /* a table has changed under what is prepared: to be opened anew */
};

struct pg_db {
    struct db base;
    char *where;
    struct pool readers;
    struct pg_conn *all; /* the writer, then the readers */
    int all_n;
    struct group group;
    /* The turn of this process among all that write into the schema; asked of the writer. */
    int64_t looked_us; /* when others were looked for */
    bool others_wait;

    pthread_mutex_t lock; /* guards what follows */
    int64_t told_us;      /* when it was last logged that the server does not answer */
    uint64_t stamp;
    char snapshot[256]; /* which transactions were over when the stamp was counted */
};

/* What an error is in our words; logs what nobody expects. r may be NULL. */
enum status pg_status_of(struct pg_conn *c, const PGresult *r, const char *what);
/* A table has changed under a statement prepared before: all are prepared anew. */
bool pg_plan_is_stale(const PGresult *r);

/* Opens the connection if it is not open. BUSY: the server does not answer (now). */
enum status pg_ensure(struct pg_conn *c) MUST_USE;
void pg_disconnect(struct pg_conn *c);
void pg_drop_prepared(void *conn, void *prepared); /* for the cache */

/* Statements that go out together: what needs no answer (BEGIN, a row of the history) is sent and
 * not waited for. The next statement that does need one follows it in the same packet; behind the
 * first that fails the server passes over the others, so that one status speaks for all. */
enum status pg_send_simple(struct pg_conn *c, const char *text) MUST_USE;
/* The same for others: make room, PQsend… in pipeline mode, and say whether that was taken. */
enum status pg_sent_room(struct pg_conn *c) MUST_USE;
enum status pg_sent(struct pg_conn *c, const char *what, int good) MUST_USE;
/* Reads what all that was sent answers, and leaves pipeline mode. The answer of the last one goes
 * to *last (may be NULL), for the caller to judge, when all before it went well. */
enum status pg_receive(struct pg_conn *c, PGresult **last) MUST_USE;
enum status pg_settle(struct pg_conn *c) MUST_USE; /* the same if anything was sent */

/* A statement without parameters, waited for; several, with ";" between them. */
enum status pg_simple(struct pg_conn *c, const char *text) MUST_USE;
/* The one text that a statement gives, in the arena; p NULL for none. */
enum status pg_simple_text(struct pg_conn *c, struct arena *a, const char *text,
                           struct str *out) MUST_USE;

/* Constraints and indexes that are not in force, and rows that cannot be read, one a line. Indexes
 * are not compared with their tables (that needs the extension amcheck). */
enum status pg_check_all(struct pg_conn *c, struct arena *a, struct strs *out) MUST_USE;

#endif
