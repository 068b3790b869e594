/* One SQLite connection: opening it safely, prepared statements, running them, copying and
 * checking. The only file that includes sqlite3.h. Called by sqlite_db.c, which knows about
 * threads, processes and batches; this file knows one connection and no lock. Settings:
 * trust.md 2.3. */
#include "lib/db/lite.h"

#include <errno.h>
#include <sqlite3.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/db/cache.h"
#include "lib/db/checksum.h"

enum {
    APPLICATION_ID = 0x44667472,
    BUSY_MS = 5000, /* only programs that are not ours can make us wait here */
    COPY_PAGES_N = 512,
    PROBLEMS_N = 100,
    EACH_COLUMNS_N = 16,
    STEPS_N = 20000, /* of SQLite's machine between two looks at the clock: some 0.2 ms */
};

struct lite {
    sqlite3 *db;
    enum lite_kind kind;
    atomic_int *fault;
    const char *file; /* of one that is not open yet; else NULL */
    int cache_kib;
    bool trusted; /* the statement now prepared or run is the driver's own */
    int wal_frames;
    int64_t seen_version;
    int64_t deadline_us; /* 0: none */
    sqlite3_stmt *verbs[LITE_VERBS_N];
    struct cache cache;
    struct cells cells;
};

struct ready { /* a prepared statement */
    sqlite3_stmt *s;
    int names_n;
    const char *names[]; /* of its parameters, without the colon */
};

void lite_start(void) {
    /* One mutex less on each allocation. Refused when the library runs already: then it is set. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    checksum_register();
}

static void note_fault(struct lite *c, int code) {
    bool full = (code & 0xff) == SQLITE_FULL ||
                ((code & 0xff) == SQLITE_IOERR && sqlite3_system_errno(c->db) == ENOSPC);
    bool damaged = code == SQLITE_IOERR_DATA || (code & 0xff) == SQLITE_CORRUPT ||
                   (code & 0xff) == SQLITE_NOTADB;
    if (c->fault && (full || damaged)) atomic_store(c->fault, full ? DB_FULL : DB_DAMAGED);
}

/* What an error of SQLite is in our words; logs what nobody expects. */
static enum status status_of(struct lite *c, int rc, const char *what) {
    int code = sqlite3_extended_errcode(c->db);
    if ((code & 0xff) != (rc & 0xff)) code = rc;
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY: return CONFLICT;
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC:
        /* The kernel may forget the unwritten pages: only reading everything anew is safe. */
        BUG("%s: a sync failed: %s", what, sqlite3_errmsg(c->db));
    }
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG: return INVALID;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return BUSY;
    case SQLITE_INTERRUPT: return c->deadline_us ? TOO_BIG : BUSY;
    }
    log_warn("sqlite: %s: %s (%d)", what, sqlite3_errmsg(c->db), code);
    note_fault(c, code);
    return BROKEN;
}

static int str_is_one_of(const char *s, const char *const *list) {
    for (; *list; list++)
        if (sqlite3_stricmp(s, *list) == 0) return 1;
    return 0;
}

static int judge_pragma(const char *name, const char *value) {
    static const char *const about[] = { "table_info", "table_xinfo", "index_list",
                                         "index_info", "index_xinfo", "foreign_key_list",
                                         "table_list", NULL };
    static const char *const plain[] = {
        "page_count",     "freelist_count", "page_size",  "user_version",
        "schema_version", "data_version",   "query_only", "journal_mode",
        "synchronous",    "foreign_keys",   NULL
    };
    if (str_is_one_of(name, about)) return SQLITE_OK;
    return !value && str_is_one_of(name, plain) ? SQLITE_OK : SQLITE_DENY;
}

/* The second wall: even a statement that an attacker could write may do no more than this. */
static int judge(void *conn, int action, const char *a, const char *b, const char *schema,
                 const char *trigger) {
    const struct lite *c = conn;
    (void)schema, (void)trigger;
    switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_DETACH: return SQLITE_DENY;
    case SQLITE_FUNCTION: return sqlite3_stricmp(b, "load_extension") ? SQLITE_OK : SQLITE_DENY;
    }
    if (c->trusted) return SQLITE_OK;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_PRAGMA: return judge_pragma(a, b);
    }
    if (c->kind == LITE_READER) return SQLITE_DENY;
    switch (action) {
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
    case SQLITE_CREATE_INDEX:
    case SQLITE_DROP_INDEX:
    case SQLITE_CREATE_TABLE:
    case SQLITE_DROP_TABLE:
    case SQLITE_ALTER_TABLE:
    case SQLITE_REINDEX:
    case SQLITE_ANALYZE: return SQLITE_OK;
    }
    return SQLITE_DENY;
}

static int wal_grew(void *conn, sqlite3 *db, const char *schema, int frames_n) {
    struct lite *c = conn;
    (void)db, (void)schema;
    c->wal_frames = frames_n;
    return SQLITE_OK;
}

static enum status run_plain(struct lite *c, const char *text) {
    c->trusted = true;
    int rc = sqlite3_exec(c->db, text, NULL, NULL, NULL);
    enum status s = rc == SQLITE_OK ? OK : status_of(c, rc, text);
    c->trusted = false;
    return s;
}

/* The number that a statement of one row and one column gives, or -1. */
static int64_t plain_number(struct lite *c, const char *text) {
    sqlite3_stmt *s = NULL;
    int64_t v = -1;
    c->trusted = true;
    if (sqlite3_prepare_v2(c->db, text, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
        v = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    c->trusted = false;
    return v;
}

static void harden(struct lite *c) {
    static const struct {
        int what, on;
    } flags[] = {
        { SQLITE_DBCONFIG_DEFENSIVE, 1 },
        { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
        { SQLITE_DBCONFIG_DQS_DML, 0 },
        { SQLITE_DBCONFIG_DQS_DDL, 0 },
        { SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1 },
        { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
        { SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
        { SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0 },
        { SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        int now = -1;
        if (sqlite3_db_config(c->db, flags[i].what, flags[i].on, &now) != SQLITE_OK ||
            now != flags[i].on)
            BUG("SQLite refuses setting %d", flags[i].what);
    }
    sqlite3_extended_result_codes(c->db, 1);
    sqlite3_busy_timeout(c->db, BUSY_MS);
    sqlite3_limit(c->db, SQLITE_LIMIT_LENGTH, 256 << 20);
    sqlite3_limit(c->db, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
    sqlite3_limit(c->db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 4096);
    sqlite3_limit(c->db, SQLITE_LIMIT_WORKER_THREADS, 0);
}

/* What a damaged log still holds would be dropped by SQLite without a word. */
static enum status log_is_whole(const char *file) {
    char *path = NULL;
    if (asprintf(&path, "%s-wal", file) < 0) BUG("out of memory");
    int64_t frame = checksum_log_damage(path);
    if (frame >= 0)
        log_warn("%s is damaged at frame %lld: what was saved from there on is lost. Restore a "
                 "backup; or move that file away, to go on with what was saved before it",
                 path, (long long)frame);
    free(path);
    return frame < 0 ? OK : BROKEN;
}

/* A file made before pages had checksums: every page is written again, with its sum. */
static enum status add_sums(struct lite *c, const char *file) {
    log_info("sqlite: writing page checksums into %s", file);
    TRY(run_plain(c, "VACUUM"));
    return run_plain(c, "PRAGMA wal_checkpoint(TRUNCATE)");
}

/* The first connection that meets a file of no bytes decides its page layout for ever. */
static enum status lay_out(struct lite *c) {
    char text[64];
    int reserve = CHECKSUM_BYTES;
    if (sqlite3_file_control(c->db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve) != SQLITE_OK)
        BUG("SQLite cannot reserve bytes");
    snprintf(text, sizeof text, "PRAGMA page_size=%d", CHECKSUM_PAGE_BYTES);
    TRY(run_plain(c, text));
    snprintf(text, sizeof text, "PRAGMA application_id=%d", APPLICATION_ID);
    return run_plain(c, text);
}

static enum status configure(struct lite *c, int cache_kib) {
    char text[64];
    harden(c);
    TRY(run_plain(c, "PRAGMA mmap_size=0; PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON;"
                     "PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON"));
    if (c->kind == LITE_WRITER && plain_number(c, "PRAGMA page_count") == 0) TRY(lay_out(c));
    if (plain_number(c, "PRAGMA application_id") != APPLICATION_ID) {
        log_warn("sqlite: the file is not a database of this program, or damaged");
        return BROKEN;
    }
    if (c->kind == LITE_WRITER) {
        TRY(run_plain(c, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                         "PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=16777216"));
        /* What a savepoint needs to come back lies in memory: a file of it would be written twice
         * as much as the database itself. */
        TRY(run_plain(c, "PRAGMA temp_store=MEMORY"));
        if (plain_number(c, "SELECT 1 FROM pragma_journal_mode WHERE journal_mode = 'wal'") != 1 ||
            plain_number(c, "PRAGMA synchronous") != 2) {
            log_warn("sqlite: this file system allows no write-ahead log");
            return BROKEN;
        }
        sqlite3_wal_hook(c->db, wal_grew, c);
    } else {
        TRY(run_plain(c, "PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0"));
    }
    /* json_each declares its columns at first use, which the authorizer would take for CREATE
     * TABLE. */
    if (plain_number(c, "SELECT count(*) FROM json_each('[1]')") != 1) BUG("SQLite without JSON");
    snprintf(text, sizeof text, "PRAGMA cache_size=-%d", cache_kib);
    return run_plain(c, text);
}

static enum status prepare_verbs(struct lite *c) {
    static const char *const texts[LITE_VERBS_N] = {
        [LITE_BEGIN] = "BEGIN",
        [LITE_BEGIN_WRITE] = "BEGIN IMMEDIATE",
        [LITE_COMMIT] = "COMMIT",
        [LITE_ROLLBACK] = "ROLLBACK",
        [LITE_MEMBER] = "SAVEPOINT member",
        [LITE_MEMBER_KEEP] = "RELEASE member",
        [LITE_MEMBER_BACK] = "ROLLBACK TO member",
        [LITE_MEMBER_GONE] = "RELEASE member",
        [LITE_POINT] = "SAVEPOINT point",
        [LITE_POINT_KEEP] = "RELEASE point",
        [LITE_POINT_BACK] = "ROLLBACK TO point",
        [LITE_DATA_VERSION] = "PRAGMA data_version",
    };
    c->trusted = true;
    for (int i = 0; i < LITE_VERBS_N; i++)
        if (sqlite3_prepare_v3(c->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &c->verbs[i], NULL))
            return status_of(c, SQLITE_ERROR, texts[i]);
    c->trusted = false;
    return OK;
}

static void drop(void *owner, void *prepared) {
    struct ready *r = prepared;
    (void)owner;
    sqlite3_finalize(r->s);
    free(r);
}

static struct lite *new_lite(enum lite_kind kind, const char *file, int cache_kib,
                             atomic_int *fault) {
    struct lite *c = calloc(1, sizeof *c);
    if (!c) BUG("out of memory");
    c->kind = kind;
    c->file = file;
    c->cache_kib = cache_kib;
    c->fault = fault;
    c->cache.drop = drop;
    return c;
}

static void shut(struct lite *c) {
    for (int i = 0; i < LITE_VERBS_N; i++) {
        sqlite3_finalize(c->verbs[i]);
        c->verbs[i] = NULL;
    }
    cache_clear(&c->cache);
    if (sqlite3_close(c->db) != SQLITE_OK) BUG("a connection was closed in use");
    c->db = NULL;
}

struct lite *lite_later(const char *file, int cache_kib, atomic_int *fault) {
    return new_lite(LITE_READER, file, cache_kib, fault);
}

enum status lite_ready(struct lite *c) {
    const char *file = c->file;
    if (!file) return OK;
    if (c->kind == LITE_WRITER && log_is_whole(file) != OK) return BROKEN;
    /* Asked first: who closes a file gives up all locks that his process has on it, also SQLite's;
     * the next program to close the database would take away the log of a server that runs. */
    bool without_sums = c->kind == LITE_WRITER && checksum_missing(file);
    int rc = sqlite3_open_v2(file, &c->db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
                             CHECKSUM_VFS);
    enum status s = OK;
    if (rc != SQLITE_OK) s = c->db ? status_of(c, rc, file) : BROKEN;
    if (s == OK) s = configure(c, c->cache_kib);
    if (s == OK && without_sums) s = add_sums(c, file);
    if (s == OK && sqlite3_set_authorizer(c->db, judge, c) != SQLITE_OK) BUG("no authorizer");
    if (s == OK) s = prepare_verbs(c);
    if (s == OK)
        c->file = NULL;
    else
        shut(c);
    return s;
}

enum status lite_open(struct lite **out, const char *file, enum lite_kind kind, int cache_kib,
                      atomic_int *fault) {
    struct lite *c = new_lite(kind, file, cache_kib, fault);
    enum status s = lite_ready(c);
    *out = s == OK ? c : NULL;
    if (s != OK) lite_close(c);
    return s;
}

void lite_close(struct lite *c) {
    if (!c) return;
    shut(c);
    cells_free(&c->cells);
    free(c);
}

enum status lite_do(struct lite *c, enum lite_verb verb) {
    c->trusted = true;
    int rc = sqlite3_step(c->verbs[verb]);
    enum status s = rc == SQLITE_DONE ? OK : status_of(c, rc, sqlite3_sql(c->verbs[verb]));
    sqlite3_reset(c->verbs[verb]);
    c->trusted = false;
    return s;
}

int64_t lite_data_version(struct lite *c) {
    sqlite3_stmt *s = c->verbs[LITE_DATA_VERSION];
    int64_t v = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : -1;
    return sqlite3_reset(s) == SQLITE_OK ? v : -1;
}

int64_t *lite_seen_version(struct lite *c) {
    return &c->seen_version;
}

bool lite_in_transaction(const struct lite *c) {
    return !sqlite3_get_autocommit(c->db);
}

bool lite_keys_pending(const struct lite *c) {
    int now = 0, high = 0;
    sqlite3_db_status(c->db, SQLITE_DBSTATUS_DEFERRED_FKS, &now, &high, 0);
    return now != 0;
}

/* ---- prepared statements ---- */

static enum status prepare(struct lite *c, const struct statement *want, unsigned flags,
                           sqlite3_stmt **out) {
    const char *rest = NULL;
    int rc = sqlite3_prepare_v3(c->db, want->text.p, (int)want->text.n, flags, out, &rest);
    if (rc != SQLITE_OK) {
        enum status s = status_of(c, rc, statement_name(want));
        return s == BUSY ? BUSY : BROKEN;
    }
    size_t used = (size_t)(rest - want->text.p);
    if (*out && !str_trim(str_sub(want->text, used, want->text.n)).n) return OK;
    log_warn("sqlite: %s is not one statement", statement_name(want));
    sqlite3_finalize(*out);
    *out = NULL;
    return BROKEN;
}

/* SQLite looks a parameter's name up by walking all of them, and forgets it when it prepares a
 * statement again after a change of the schema: so they are copied. */
static struct ready *ready_of(const struct statement *want, sqlite3_stmt *s) {
    int n = sqlite3_bind_parameter_count(s);
    size_t bytes = 0;
    for (int i = 1; i <= n; i++) {
        const char *name = sqlite3_bind_parameter_name(s, i);
        if (!name || name[0] != ':') BUG("%s: parameter %d has no name", statement_name(want), i);
        bytes += strlen(name);
    }
    struct ready *r = malloc(sizeof *r + (size_t)n * sizeof *r->names + bytes);
    if (!r) BUG("out of memory");
    char *at = (char *)(r->names + n);
    r->s = s;
    r->names_n = n;
    for (int i = 0; i < n; i++) {
        const char *name = sqlite3_bind_parameter_name(s, i + 1) + 1;
        size_t size = strlen(name) + 1;
        r->names[i] = memcpy(at, name, size);
        at += size;
    }
    return r;
}

static enum status cached(struct lite *c, const struct statement *want, struct ready **out) {
    sqlite3_stmt *s;
    *out = cache_get(&c->cache, want);
    if (*out) return OK;
    TRY(prepare(c, want, SQLITE_PREPARE_PERSISTENT, &s));
    *out = ready_of(want, s);
    cache_put(&c->cache, want, *out);
    return OK;
}

/* ---- running ---- */

static int bind_one(sqlite3_stmt *s, int at, const struct param *p) {
    switch (p->type) {
    case CELL_INT: return sqlite3_bind_int64(s, at, p->i);
    case CELL_TEXT: return sqlite3_bind_text64(s, at, p->s.p, p->s.n, SQLITE_STATIC, SQLITE_UTF8);
    case CELL_BLOB: return sqlite3_bind_blob64(s, at, p->s.p, p->s.n, SQLITE_STATIC);
    case CELL_NULL: break;
    }
    return sqlite3_bind_null(s, at);
}

static enum status bind(struct lite *c, const struct statement *st, const struct ready *r,
                        const struct param *p, int n) {
    for (int i = 0; i < r->names_n; i++) {
        const struct param *value = param_find(p, n, r->names[i], i);
        if (!value) BUG("%s: parameter :%s is not given", statement_name(st), r->names[i]);
        int rc = bind_one(r->s, i + 1, value);
        if (rc != SQLITE_OK) return status_of(c, rc, statement_name(st));
    }
    params_check_used(st, p, n, r->names, r->names_n);
    return OK;
}

static void read_cell(sqlite3_stmt *s, int i, struct cell *to) {
    *to = (struct cell){ 0 };
    switch (sqlite3_column_type(s, i)) {
    case SQLITE_INTEGER:
        to->type = CELL_INT;
        to->i = sqlite3_column_int64(s, i);
        break;
    case SQLITE_TEXT:
        to->type = CELL_TEXT;
        to->s.p = (const char *)sqlite3_column_text(s, i);
        to->s.n = (size_t)sqlite3_column_bytes(s, i);
        break;
    case SQLITE_BLOB:
        to->type = CELL_BLOB;
        to->s.p = sqlite3_column_blob(s, i);
        to->s.n = (size_t)sqlite3_column_bytes(s, i);
        break;
    }
}

static enum status read_row(struct lite *c, const struct statement *st, sqlite3_stmt *s,
                            struct arena *a, int columns_n) {
    struct cell *cells = cells_add(&c->cells, (size_t)columns_n);
    for (int i = 0; i < columns_n; i++) {
        struct cell *to = &cells[i];
        struct str s_in = NO_STR;
        switch (sqlite3_column_type(s, i)) {
        case SQLITE_INTEGER:
            to->type = CELL_INT;
            to->i = sqlite3_column_int64(s, i);
            continue;
        case SQLITE_NULL: continue;
        case SQLITE_TEXT:
            to->type = CELL_TEXT;
            s_in.p = (const char *)sqlite3_column_text(s, i);
            break;
        case SQLITE_BLOB:
            to->type = CELL_BLOB;
            s_in.p = sqlite3_column_blob(s, i);
            break;
        default:
            log_warn("sqlite: %s: column %s is a floating number", statement_name(st),
                     sqlite3_column_name(s, i));
            return BROKEN;
        }
        s_in.n = (size_t)sqlite3_column_bytes(s, i);
        if (!s_in.p && s_in.n) return status_of(c, SQLITE_NOMEM, statement_name(st));
        to->s = (struct str){ str_z(a, s_in), s_in.n };
    }
    return OK;
}

static void finish(struct lite *c, sqlite3_stmt *s, struct arena *a, struct rows *rows) {
    const char *few[64], **names = few;
    int n = sqlite3_column_count(s);
    if (n > 64) names = arena_array(a, const char *, n);
    for (int i = 0; i < n; i++) names[i] = sqlite3_column_name(s, i);
    cells_finish(&c->cells, a, rows, n, names);
}

enum status lite_query(struct lite *c, const struct statement *want, struct arena *a,
                       struct rows *rows, const struct param *p, int n, int64_t *changed) {
    struct ready *ready;
    TRY(cached(c, want, &ready));
    sqlite3_stmt *st = ready->s;
    enum status s = bind(c, want, ready, p, n);
    int rc = SQLITE_DONE;
    while (s == OK && (rc = sqlite3_step(st)) == SQLITE_ROW)
        if (rows) s = read_row(c, want, st, a, sqlite3_column_count(st));
    if (s == OK && rc != SQLITE_DONE) s = status_of(c, rc, statement_name(want));
    if (s == OK && rows) finish(c, st, a, rows);
    c->cells.n = 0;
    *changed = s == OK && !sqlite3_stmt_readonly(st) ? sqlite3_changes64(c->db) : 0;
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    return s;
}

enum status lite_each(struct lite *c, const struct statement *want, const struct param *p, int n,
                      bool (*row)(void *arg, const struct cell *cells), void *arg) {
    struct ready *ready;
    struct cell cells[EACH_COLUMNS_N];
    TRY(cached(c, want, &ready));
    sqlite3_stmt *st = ready->s;
    int columns_n = sqlite3_column_count(st), rc = SQLITE_DONE;
    if (columns_n > EACH_COLUMNS_N || !sqlite3_stmt_readonly(st))
        BUG("%s is not for reading row by row", statement_name(want));
    enum status s = bind(c, want, ready, p, n);
    bool more = true;
    while (s == OK && more && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        for (int i = 0; i < columns_n; i++) read_cell(st, i, &cells[i]);
        more = row(arg, cells);
    }
    if (s == OK && more && rc != SQLITE_DONE) s = status_of(c, rc, statement_name(want));
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    return s;
}

static int past_deadline(void *conn) {
    const struct lite *c = conn;
    return clock_mono_us() >= c->deadline_us;
}

void lite_deadline(struct lite *c, int64_t at_us) {
    if (!at_us && !c->deadline_us) return;
    c->deadline_us = at_us;
    sqlite3_progress_handler(c->db, STEPS_N, at_us ? past_deadline : NULL, c);
}

int64_t lite_new_id(const struct lite *c) {
    return sqlite3_last_insert_rowid(c->db);
}

enum status lite_script(struct lite *c, struct arena *a, struct str text, struct str *why) {
    char *message = NULL;
    c->trusted = true;
    int rc = sqlite3_exec(c->db, str_z(a, text), NULL, NULL, &message);
    if (why) *why = str_dup(a, str_of(message));
    sqlite3_free(message);
    enum status s = rc == SQLITE_OK ? OK : status_of(c, rc, "script");
    c->trusted = false;
    return s;
}

enum status lite_prepare(struct lite *c, struct arena *a, struct str text, struct str *why) {
    sqlite3_stmt *s = NULL;
    const char *rest = NULL;
    int rc = sqlite3_prepare_v3(c->db, text.p, (int)text.n, 0, &s, &rest);
    if (rc != SQLITE_OK)
        *why = str_dup(a, str_of(sqlite3_errmsg(c->db)));
    else if (!s || str_trim(str_sub(text, (size_t)(rest - text.p), text.n)).n)
        *why = S("not exactly one statement");
    sqlite3_finalize(s);
    return why->n ? INVALID : OK;
}

/* ---- WAL, copies, checks ---- */

int lite_wal_frames(const struct lite *c) {
    return c->wal_frames;
}

enum status lite_checkpoint(struct lite *c, bool truncate, int wait_ms, int *left) {
    int log = 0, copied = 0;
    int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    sqlite3_busy_timeout(c->db, wait_ms);
    int rc = sqlite3_wal_checkpoint_v2(c->db, "main", mode, &log, &copied);
    enum status s = rc == SQLITE_OK ? OK : status_of(c, rc, "checkpoint");
    sqlite3_busy_timeout(c->db, BUSY_MS);
    if (log >= 0) c->wal_frames = log;
    *left = log > copied ? log - copied : 0;
    return s;
}

static enum status copy_pages(struct lite *c, sqlite3 *to, const char *path) {
    sqlite3_backup *b = sqlite3_backup_init(to, "main", c->db, "main");
    if (!b) {
        log_warn("copy to %s: %s", path, sqlite3_errmsg(to));
        return BROKEN;
    }
    int rc;
    do rc = sqlite3_backup_step(b, COPY_PAGES_N);
    while (rc == SQLITE_OK);
    sqlite3_backup_finish(b);
    /* A copy says that it is a plain file: it can then be read where no WAL can be made. */
    if (rc == SQLITE_DONE) rc = sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    if (rc == SQLITE_OK) return OK;
    log_warn("copy to %s: %s", path, sqlite3_errmsg(to));
    return BROKEN;
}

enum status lite_copy(struct lite *c, const char *path) {
    sqlite3 *to = NULL;
    TRY(lite_do(c, LITE_BEGIN));
    /* A snapshot that lasts for the whole copy: else each write would make it start again. */
    enum status s = plain_number(c, "SELECT count(*) FROM sqlite_schema") < 0 ? BROKEN : OK;
    if (s == OK &&
        sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, CHECKSUM_VFS)) {
        log_warn("copy to %s: %s", path, to ? sqlite3_errmsg(to) : "out of memory");
        s = BROKEN;
    }
    if (s == OK) s = copy_pages(c, to, path);
    if (sqlite3_close(to) != SQLITE_OK) BUG("a copy was closed in use");
    if (lite_in_transaction(c) && lite_do(c, LITE_ROLLBACK) != OK) BUG("ROLLBACK failed");
    return s;
}

static enum status add_problems(sqlite3 *db, const char *text, struct arena *a, struct strs *out) {
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db, text, -1, &s, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        struct str line = str_of((const char *)sqlite3_column_text(s, 0));
        if (!str_eq(line, S("ok"))) strs_add(a, out, str_dup(a, line));
        rc = SQLITE_OK;
    }
    if (rc != SQLITE_DONE) strs_add(a, out, str_printf(a, "%s: %s", text, sqlite3_errmsg(db)));
    bool damaged =
        (rc & 0xff) == SQLITE_CORRUPT || sqlite3_extended_errcode(db) == SQLITE_IOERR_DATA;
    sqlite3_finalize(s);
    return rc == SQLITE_DONE || damaged ? OK : BROKEN;
}

static enum status check(sqlite3 *db, struct arena *a, struct strs *out) {
    char text[64];
    snprintf(text, sizeof text, "PRAGMA integrity_check(%d)", PROBLEMS_N);
    TRY(add_problems(db, text, a, out));
    return add_problems(db,
                        "SELECT 'row ' || coalesce(rowid, '?') || ' of ' || \"table\" ||"
                        " ' refers to a row of ' || parent || ' that is not there'"
                        " FROM pragma_foreign_key_check LIMIT 100",
                        a, out);
}

enum status lite_check(struct lite *c, struct arena *a, struct strs *out) {
    c->trusted = true;
    enum status s = check(c->db, a, out);
    c->trusted = false;
    return s;
}

enum status lite_check_file(const char *file, struct arena *a, struct strs *out) {
    sqlite3 *db = NULL;
    enum status s = BROKEN;
    if (sqlite3_open_v2(file, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, CHECKSUM_VFS) ==
        SQLITE_OK)
        s = check(db, a, out);
    else
        log_warn("cannot open %s: %s", file, db ? sqlite3_errmsg(db) : "out of memory");
    if (sqlite3_close(db) != SQLITE_OK) BUG("a copy was closed in use");
    return s;
}
