/* Measures a running server beside floors of the same run: the same rows read by bare SQLite, the
 * same bytes served by bare libmicrohttpd. Called by bench/run.sh; prints a table and, for the
 * comparison of sizes, lines "name median_us" to a file.
 *
 *   bench DATA PORT TOKEN COOKIE RESULT COMMAND   (COMMAND: an import to run beside writes) */
#include <fcntl.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wire.h"

enum { REPLY_MAX = 4 << 20, RUNS = 300, WARM = 10 };

struct reply {
    int status;
    char *body;
    size_t n;
};
struct peer { /* one keep-alive connection */
    int fd;
    char *buffer;
};

static struct peer peer_to(int port) {
    struct peer p = { connect_to(port), malloc(REPLY_MAX) };
    if (!p.buffer) die("malloc");
    return p;
}

static void disconnect(struct peer *p) {
    close(p->fd);
    free(p->buffer);
}

static struct reply ask(struct peer *p, const char *request, size_t n) {
    size_t have = 0, want = 0;
    char *head_end = NULL;
    if (write(p->fd, request, n) != (ssize_t)n) die("write");
    for (;;) {
        ssize_t got = read(p->fd, p->buffer + have, REPLY_MAX - 1 - have);
        if (got <= 0) die("read");
        have += (size_t)got;
        p->buffer[have] = 0;
        if (!head_end && (head_end = strstr(p->buffer, "\r\n\r\n"))) {
            const char *length = strcasestr(p->buffer, "\r\ncontent-length:");
            want = (size_t)(head_end + 4 - p->buffer) +
                   (length && length < head_end ? strtoul(length + 17, NULL, 10) : 0);
        }
        if (head_end && have >= want) break;
    }
    return (struct reply){ (int)strtol(p->buffer + 9, NULL, 10), head_end + 4,
                           have - (size_t)(head_end + 4 - p->buffer) };
}

struct measured {
    int64_t median, p99;
};

static struct measured sum_up(int64_t *us, int n) {
    qsort(us, (size_t)n, sizeof *us, by_value);
    return (struct measured){ us[n / 2], us[n * 99 / 100] };
}

struct bench {
    int port;
    const char *token, *cookie;
    sqlite3 *db;
    FILE *result;
};

static struct measured get(struct bench *b, int port, const char *path, bool api, int expect,
                           char **body, size_t *body_n) {
    char request[4096];
    int64_t us[RUNS];
    struct peer p = peer_to(port);
    for (int i = -WARM; i < RUNS; i++) {
        /* Another cookie each time: no page is sent again as it was (core/web/memo.h). */
        int n = api ? snprintf(request, sizeof request,
                               "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                               "%s\r\n\r\n",
                               path, b->token)
                    : snprintf(request, sizeof request,
                               "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: %s; n=%d\r\n\r\n",
                               path, b->cookie, i);
        int64_t from = now_us();
        struct reply r = ask(&p, request, (size_t)n);
        if (i >= 0) us[i] = now_us() - from;
        if (r.status != expect) {
            fprintf(stderr, "bench: GET %s: %d\n", path, r.status);
            exit(1);
        }
        if (i == RUNS - 1 && body) {
            *body = malloc(r.n + 1);
            memcpy(*body, r.body, r.n);
            (*body)[r.n] = 0;
            *body_n = r.n;
        }
    }
    disconnect(&p);
    return sum_up(us, RUNS);
}

/* --- floor: the same rows by bare SQLite --- */

static int ids_in(const char *body, bool api, int64_t *ids, int cap) {
    const char *mark = api ? "{\"id\":" : "href=\"/clients/";
    int n = 0;
    for (const char *at = body; (at = strstr(at, mark)) && n < cap; at++) {
        int64_t id = strtoll(at + strlen(mark), NULL, 10);
        bool known = id <= 0;
        for (int i = 0; i < n; i++) known |= ids[i] == id;
        if (!known) ids[n++] = id;
    }
    return n;
}

static int64_t read_rows(sqlite3_stmt *const *s, int s_n, const int64_t *ids, int n) {
    int64_t bytes = 0;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < s_n; k++) {
            sqlite3_bind_int64(s[k], 1, ids[i]);
            while (sqlite3_step(s[k]) == SQLITE_ROW)
                for (int c = 0; c < sqlite3_column_count(s[k]); c++) {
                    (void)sqlite3_column_text(s[k], c);
                    bytes += sqlite3_column_bytes(s[k], c);
                }
            sqlite3_reset(s[k]);
        }
    return bytes;
}

static int64_t sqlite_floor(struct bench *b, const int64_t *ids, int n) {
    static const char *const texts[] = {
        "SELECT * FROM party WHERE id = ?",
        "SELECT * FROM phone WHERE party = ?",
        "SELECT * FROM email WHERE party = ?",
        "SELECT * FROM address WHERE party = ?",
    };
    sqlite3_stmt *s[4];
    int64_t us[RUNS];
    if (!b->db) return 0;
    for (int k = 0; k < 4; k++)
        if (sqlite3_prepare_v2(b->db, texts[k], -1, &s[k], NULL) != SQLITE_OK) return 0;
    for (int i = -WARM; i < RUNS; i++) {
        int64_t from = now_us();
        read_rows(s, 4, ids, n);
        if (i >= 0) us[i] = now_us() - from;
    }
    for (int k = 0; k < 4; k++) sqlite3_finalize(s[k]);
    return sum_up(us, RUNS).median;
}

/* --- floor: the same bytes by bare libmicrohttpd --- */

struct page {
    char *body;
    size_t n;
};

static enum MHD_Result serve_page(void *cls, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_n, void **state) {
    const struct page *p = cls;
    (void)url, (void)method, (void)version, (void)data, (void)data_n;
    if (!*state) { /* a reply to the first call would end the connection */
        *state = cls;
        return MHD_YES;
    }
    struct MHD_Response *r = MHD_create_response_from_buffer(p->n, p->body, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result ok = MHD_queue_response(c, 200, r);
    MHD_destroy_response(r);
    return ok;
}

static int64_t http_floor(struct bench *b, char *body, size_t n) {
    struct page page = { body, n };
    struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL,
                                            serve_page, &page, MHD_OPTION_END);
    if (!d) die("libmicrohttpd");
    int port = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
    struct measured m = get(b, port, "/", false, 200, NULL, NULL);
    MHD_stop_daemon(d);
    return m.median;
}

static void row(struct bench *b, const char *name, const char *path, bool api) {
    char *body;
    size_t n;
    int64_t ids[400];
    struct measured m = get(b, b->port, path, api, 200, &body, &n);
    int ids_n = ids_in(body, api, ids, 400);
    int64_t rows = sqlite_floor(b, ids, ids_n), bytes = http_floor(b, body, n);
    printf("%-44s %8.2f %8.2f %4d %6.1f %8.2f %6.1f %8.2f %6.1f\n", name, (double)m.median / 1000,
           (double)m.p99 / 1000, ids_n, (double)n / 1024, (double)rows / 1000,
           rows ? (double)m.median / (double)rows : 0, (double)bytes / 1000,
           bytes ? (double)m.median / (double)bytes : 0);
    fflush(stdout);
    fprintf(b->result, "%s\t%lld\n", name, (long long)m.median);
    free(body);
}

/* A page far down the list: the key of the page after `pages` steps by the API, 200 at a time. */
static void deep_path(struct bench *b, int pages, char *path, size_t cap) {
    char *body, *next;
    size_t n;
    char at[400] = "";
    for (int i = 0; i < pages; i++) {
        char request[900];
        struct peer p = peer_to(b->port);
        int len = snprintf(request, sizeof request,
                           "GET /api/v1/parties?sort=display_name&limit=200%s%s HTTP/1.1\r\nHost: "
                           "127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n",
                           at[0] ? "&after=" : "", at, b->token);
        struct reply r = ask(&p, request, (size_t)len);
        body = strndup(r.body, r.n);
        n = r.n;
        disconnect(&p);
        next = strstr(body, "\"next\":\"");
        if (!next) {
            free(body);
            break;
        }
        snprintf(at, sizeof at, "%.*s", (int)strcspn(next + 8, "\""), next + 8);
        free(body);
    }
    (void)n;
    snprintf(path, cap, "/clients?sort=display_name&after=%s", at);
}

/* --- writing --- */

struct writer {
    struct bench *b;
    int id, count;
    int64_t longest, total;
};

static void *write_parties(void *arg) {
    struct writer *w = arg;
    char body[400], request[1000];
    struct peer p = peer_to(w->b->port);
    for (int i = 0; i < w->count; i++) {
        int n = snprintf(body, sizeof body,
                         "{\"given_name\":\"Bench\",\"family_name\":\"Writer %d "
                         "%d\",\"phones\":[{\"number\":\"0912 %03d %04d\"}]}",
                         w->id, i, w->id, i);
        int len = snprintf(
            request, sizeof request,
            "POST /api/v1/parties HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
            "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
            w->b->token, n, body);
        int64_t from = now_us();
        struct reply r = ask(&p, request, (size_t)len);
        int64_t took = now_us() - from;
        if (r.status != 201) {
            fprintf(stderr, "bench: POST /api/v1/parties: %d %.200s\n", r.status, r.body);
            exit(1);
        }
        if (took > w->longest) w->longest = took;
        w->total += took;
    }
    disconnect(&p);
    return NULL;
}

static double create_rate(struct bench *b, int writers, int each) {
    pthread_t threads[64];
    struct writer w[64] = { 0 };
    int64_t from = now_us();
    for (int i = 0; i < writers; i++) {
        w[i] = (struct writer){ .b = b, .id = i, .count = each };
        pthread_create(&threads[i], NULL, write_parties, &w[i]);
    }
    for (int i = 0; i < writers; i++) pthread_join(threads[i], NULL);
    return (double)writers * each / ((double)(now_us() - from) / 1e6);
}

/* One row, one synced commit at a time, by bare SQLite on the same disk. */
static double commit_floor(const char *dir) {
    char path[600];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/floor.db", dir);
    unlink(path);
    if (sqlite3_open(path, &db) != SQLITE_OK) return 0;
    sqlite3_exec(db,
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (id INTEGER "
                 "PRIMARY KEY, a TEXT, b TEXT)",
                 NULL, NULL, NULL);
    int64_t from = now_us();
    enum { COMMITS = 300 };
    for (int i = 0; i < COMMITS; i++)
        if (sqlite3_exec(db, "INSERT INTO t (a, b) VALUES ('Bench Writer', '0912 345 6789')", NULL,
                         NULL, NULL) != SQLITE_OK)
            return 0;
    double rate = COMMITS / ((double)(now_us() - from) / 1e6);
    sqlite3_close(db);
    unlink(path);
    return rate;
}

static void import_with_writes(struct bench *b, const char *command, int64_t rows) {
    int64_t from = now_us(), longest = 0, writes = 0;
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        struct writer w = { .b = b, .id = 900 + (int)(writes % 99), .count = 1 };
        write_parties(&w);
        if (w.longest > longest) longest = w.longest;
        writes++;
        usleep(20000);
    }
    double s = (double)(now_us() - from) / 1e6;
    printf("import of %lld rows: %.1f s, %.0f rows a second (exit %d); longest of %lld web writes "
           "meanwhile: %.1f ms\n",
           (long long)rows, s, (double)rows / s, WEXITSTATUS(status), (long long)writes,
           (double)longest / 1000);
}

static const struct {
    const char *name, *path;
    bool api;
} reads[] = {
    { "list by name, first page", "/clients?sort=display_name", false },
    { "list, page deep down", NULL, false },
    { "list at a letter", "/clients?letter=%D9%85", false },
    { "list by name, backwards", "/clients?sort=-display_name", false },
    { "list by last change", "/clients?sort=-changed_at", false },
    { "list by day of creation", "/clients?sort=-created_at", false },
    { "list by category", "/clients?sort=category", false },
    { "list by stage", "/clients?sort=stage", false },
    { "list by kind", "/clients?sort=-kind", false },
    { "list by responsible", "/clients?sort=responsible", false },
    { "list by family name", "/clients?sort=family_name", false },
    { "list by birth date", "/clients?sort=-birth_date", false },
    { "list by own number", "/clients?sort=own_id", false },
    { "list by phone", "/clients?sort=phone", false },
    { "list by e-mail", "/clients?sort=-email", false },
    { "list by town", "/clients?sort=town", false },
    { "one criterion, by town", "/clients?stage=active&sort=town", false },
    { "two criteria: common", "/clients?kind=person&stage=active", false },
    { "two criteria: rare", "/clients?category=4&town=%D8%B1%D8%B4%D8%AA", false },
    { "two criteria: none", "/clients?stage=refused&kind=organisation", false },
    { "search 1 letter", "/search?q=%D9%85", false },
    { "search 1 letter, Latin", "/search?q=s", false },
    { "search 2 letters", "/search?q=ma", false },
    { "search 3 letters", "/search?q=%D9%85%D8%AD%D9%85", false },
    { "search 4 letters", "/search?q=mart", false },
    { "search 4 letters, Arabic", "/search?q=%D8%B9%D8%A8%D8%AF%D8%A7", false },
    { "search two words of 1 and 2 letters", "/search?q=%D9%85%20%D8%A7%D8%AD", false },
    { "search the middle of a phone number", "/search?q=3456", false },
    { "one client's page", "/clients/4711", false },
    { "API list", "/api/v1/parties?limit=50", true },
};

int main(int argc, char **argv) {
    if (argc != 7) return 2;
    struct bench b = { .port = (int)strtol(argv[2], NULL, 10),
                       .token = argv[3],
                       .cookie = argv[4],
                       .result = fopen(argv[5], "w") };
    char path[600], deep[600];
    snprintf(path, sizeof path, "%s/daftar.db", argv[1]);
    if (!b.result) die(argv[5]);
    if (sqlite3_open_v2(path, &b.db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) b.db = NULL;
    deep_path(&b, 40, deep, sizeof deep);
    printf("%-44s %8s %8s %4s %6s %8s %6s %8s %6s\n", "page", "median", "p99 ms", "rows", "kB",
           "sqlite", "times", "http", "times");
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        row(&b, reads[i].name, reads[i].path ? reads[i].path : deep, reads[i].api);
    double floor = commit_floor(argv[1]), one = create_rate(&b, 1, 300),
           many = create_rate(&b, 16, 150);
    printf("API create, each synced: 1 writer %.0f a second, 16 writers %.0f; bare SQLite commits "
           "one row %.0f times a second (%.2f and %.2f of it)\n",
           one, many, floor, one / floor, many / floor);
    int64_t rows = strtoll(getenv("BENCH_CSV_ROWS") ? getenv("BENCH_CSV_ROWS") : "0", NULL, 10);
    if (rows) import_with_writes(&b, argv[6], rows);
    fclose(b.result);
    sqlite3_close(b.db);
    return 0;
}
