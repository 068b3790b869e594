/* What a client may see of a PostgreSQL server's health. Called by postgres.c for db_check; calls
 * pg_conn.c. */
#include "lib/base/log.h"
#include "lib/db/pg.h"

enum { PROBLEMS_N = 100 };

static void add_column(struct arena *a, struct strs *out, const PGresult *r) {
    for (int i = 0; i < PQntuples(r) && out->n < PROBLEMS_N; i++)
        strs_add(a, out, str_dup(a, str_of(PQgetvalue(r, i, 0))));
}

/* Reads a whole table, so that damaged pages show themselves. */
static enum status read_table(struct pg_conn *c, struct arena *a, const char *name,
                              struct strs *out) {
    struct str text = str_printf(a, "SELECT count(t.*) FROM %s AS t", name);
    TRY(pg_simple(c, "SAVEPOINT checking"));
    PGresult *r = PQexec(c->c, text.p);
    if (PQresultStatus(r) != PGRES_TUPLES_OK) {
        const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
        strs_add(a, out,
                 str_printf(a, "table %s: %s", name, message ? message : "connection lost"));
    }
    PQclear(r);
    return pg_simple(c, "ROLLBACK TO SAVEPOINT checking; RELEASE SAVEPOINT checking");
}

static enum status look_at_all(struct pg_conn *c, struct arena *a, struct strs *out) {
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
    TRY(pg_settle(c));
    PGresult *r = PQexec(c->c, doubts);
    enum status s = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : pg_status_of(c, r, "check");
    if (s == OK) add_column(a, out, r);
    PQclear(r);
    TRY(s);
    r = PQexec(c->c, tables);
    s = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : pg_status_of(c, r, "check");
    for (int i = 0; s == OK && i < PQntuples(r); i++)
        s = read_table(c, a, PQgetvalue(r, i, 0), out);
    PQclear(r);
    return s;
}

enum status pg_check_all(struct pg_conn *c, struct arena *a, struct strs *out) {
    struct str sums;
    TRY(look_at_all(c, a, out));
    TRY(pg_simple_text(c, a, "SHOW data_checksums", &sums));
    log_info(
        "postgres: all rows were read, constraints and indexes are in force; data checksums are "
        "%.*s; indexes were not compared with their tables",
        SF(sums));
    return OK;
}
