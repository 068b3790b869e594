/* Writing to a running server, measured beside a floor of the same run. Called by bench/writes.sh.
 *   writes create PORT PID TOKEN WRITERS SECONDS   POST /api/v1/parties, each waited for
 *   writes beside PORT PID TOKEN ROWS COMMAND      one web write each 20 ms while COMMAND runs
 *   writes commits DIR                             bare SQLite, one row a synced commit
 * CPU time is that of the process PID and of its children, so that other people's load on the
 * machine can be told from our own work. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wire.h"

enum { REPLY_MAX = 1 << 20, WRITERS_MAX = 64, WAITS_MAX = 1 << 20 };

struct writer {
    int port, id;
    const char *token;
    int64_t until_us, count, longest_us;
    int64_t *waits; /* NULL: not kept */
    pthread_t thread;
};

/* User and system time of the server: /proc/PID/stat of the process and of those it has started. */
static double cpu_s(const char *pid) {
    char command[200], line[64] = "";
    snprintf(command, sizeof command,
             "cat /proc/%s/stat $(pgrep -P %s | sed 's:.*:/proc/&/stat:') 2>/dev/null | "
             "sed 's/.*) //' | awk '{ t += $12 + $13 } END { print t }'",
             pid, pid);
    FILE *f = popen(command, "r");
    if (!f || !fgets(line, sizeof line, f)) line[0] = 0;
    if (f) pclose(f);
    return strtod(line, NULL) / (double)sysconf(_SC_CLK_TCK);
}

static int ask(int fd, const char *request, size_t n, char *reply) {
    size_t have = 0, want = 0;
    char *head_end = NULL;
    if (write(fd, request, n) != (ssize_t)n) die("write");
    while (!head_end || have < want) {
        ssize_t got = read(fd, reply + have, REPLY_MAX - 1 - have);
        if (got <= 0) die("read");
        have += (size_t)got;
        reply[have] = 0;
        if (head_end || !(head_end = strstr(reply, "\r\n\r\n"))) continue;
        const char *length = strcasestr(reply, "\r\ncontent-length:");
        want = (size_t)(head_end + 4 - reply) + (length ? strtoul(length + 17, NULL, 10) : 0);
    }
    return (int)strtol(reply + 9, NULL, 10);
}

static int64_t create(int fd, const struct writer *w, char *reply) {
    char body[400], request[1000];
    long i = (long)w->count, who = (long)getpid() % 10000;
    int n = snprintf(body, sizeof body,
                     "{\"given_name\":\"Bench\",\"family_name\":\"Writer %d %ld\","
                     "\"phones\":[{\"number\":\"0912 %03ld %04ld\"}]}",
                     w->id, i, (w->id * 61 + who) % 1000, (i * 7 + who) % 10000);
    int len =
        snprintf(request, sizeof request,
                 "POST /api/v1/parties HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
                 "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                 w->token, n, body);
    int64_t from = now_us();
    int status = ask(fd, request, (size_t)len, reply);
    if (status != 201) {
        fprintf(stderr, "writes: POST /api/v1/parties: %d %.300s\n", status, reply);
        exit(1);
    }
    return now_us() - from;
}

static void *write_all(void *arg) {
    struct writer *w = arg;
    int fd = connect_to(w->port);
    char *reply = malloc(REPLY_MAX);
    if (!reply) die("malloc");
    while (now_us() < w->until_us) {
        int64_t took = create(fd, w, reply);
        if (took > w->longest_us) w->longest_us = took;
        if (w->waits && w->count < WAITS_MAX) w->waits[w->count] = took;
        w->count++;
    }
    close(fd);
    free(reply);
    return NULL;
}

static int run_create(int port, const char *pid, const char *token, int writers, int seconds) {
    static struct writer w[WRITERS_MAX];
    int64_t from = now_us(), count = 0, longest = 0;
    double cpu = cpu_s(pid);
    for (int i = 0; i < writers; i++) {
        w[i] = (struct writer){ .port = port, .id = i, .token = token };
        w[i].until_us = from + (int64_t)seconds * 1000000;
        if (pthread_create(&w[i].thread, NULL, write_all, &w[i])) die("pthread_create");
    }
    for (int i = 0; i < writers; i++) {
        pthread_join(w[i].thread, NULL);
        count += w[i].count;
        if (w[i].longest_us > longest) longest = w[i].longest_us;
    }
    double s = (double)(now_us() - from) / 1e6;
    cpu = cpu_s(pid) - cpu;
    printf("create, %d writers: %.0f a second, longest %.1f ms, %.0f us of the server's CPU each "
           "(its two cores would do %.0f a second)\n",
           writers, (double)count / s, (double)longest / 1000, cpu * 1e6 / (double)count,
           (double)count / cpu * 2);
    return 0;
}

static int run_beside(int port, const char *pid, const char *token, double rows,
                      const char *command) {
    struct writer w = { .port = port, .id = 900, .token = token };
    int64_t *waits = calloc(WAITS_MAX, sizeof *waits), from = now_us();
    char *reply = malloc(REPLY_MAX);
    double cpu = cpu_s(pid);
    struct rusage own = { 0 };
    if (!waits || !reply) die("malloc");
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    int status = 0, fd = connect_to(port);
    while (wait4(child, &status, WNOHANG, &own) == 0) {
        int64_t took = create(fd, &w, reply);
        if (w.count < WAITS_MAX) waits[w.count++] = took;
        usleep(20000);
    }
    double s = (double)(now_us() - from) / 1e6;
    cpu = cpu_s(pid) - cpu;
    double mine = (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec) +
                  (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6;
    qsort(waits, (size_t)w.count, sizeof *waits, by_value);
    printf("import of %.0f rows: %.1f s, %.0f rows a second (exit %d); CPU a row: %.0f us in the "
           "command, %.0f us in the server\n",
           rows, s, rows / s, WEXITSTATUS(status), mine * 1e6 / rows, cpu * 1e6 / rows);
    if (!w.count) return 1;
    printf("  %lld web writes meanwhile: median %.1f ms, 95 %% %.1f, 99 %% %.1f, longest %.1f\n",
           (long long)w.count, (double)waits[w.count / 2] / 1000,
           (double)waits[w.count * 95 / 100] / 1000, (double)waits[w.count * 99 / 100] / 1000,
           (double)waits[w.count - 1] / 1000);
    return WEXITSTATUS(status);
}

static int run_commits(const char *dir) {
    char path[600];
    sqlite3 *db;
    enum { COMMITS = 500 };
    snprintf(path, sizeof path, "%s/floor.db", dir);
    unlink(path);
    if (sqlite3_open(path, &db) != SQLITE_OK) die(path);
    sqlite3_exec(db,
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (id INTEGER "
                 "PRIMARY KEY, a TEXT, b TEXT)",
                 NULL, NULL, NULL);
    int64_t from = now_us();
    for (int i = 0; i < COMMITS; i++)
        if (sqlite3_exec(db, "INSERT INTO t (a, b) VALUES ('Bench Writer', '0912 345 6789')", NULL,
                         NULL, NULL) != SQLITE_OK)
            die("insert");
    printf("floor: bare SQLite, one writer, one row a synced commit: %.0f a second\n",
           COMMITS / ((double)(now_us() - from) / 1e6));
    sqlite3_close(db);
    unlink(path);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 7 && !strcmp(argv[1], "create"))
        return run_create(atoi(argv[2]), argv[3], argv[4], atoi(argv[5]), atoi(argv[6]));
    if (argc == 7 && !strcmp(argv[1], "beside"))
        return run_beside(atoi(argv[2]), argv[3], argv[4], strtod(argv[5], NULL), argv[6]);
    if (argc == 3 && !strcmp(argv[1], "commits")) return run_commits(argv[2]);
    fprintf(stderr, "see the top of bench/writes.c\n");
    return 2;
}
