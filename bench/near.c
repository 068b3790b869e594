/* How long the note while typing takes through a running server: the form's own route, asked for
 * clients of the register with a letter and a digit changed, one after the other on one connection.
 * By the clock and by the processor time of the server's processes. Called by bench/duplicates.sh.
 *
 *   near DATA PORT COOKIE CSRF PID N */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TEXT = 16384 };

static void die(const char *what) {
    fprintf(stderr, "near: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Processor time of the server's process, all its threads. */
static int64_t cpu_us(const char *pid) {
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(atoi(pid), &clock) || clock_gettime(clock, &t))
        die("the server's clock");
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static size_t encoded(char *to, const char *name, const char *value) {
    char *at = to;
    at += sprintf(at, "&%s=", name);
    for (const unsigned char *p = (const unsigned char *)value; *p && at - to < 900; p++)
        at += sprintf(at, "%%%02X", *p);
    return (size_t)(at - to);
}

static int opened(int port) {
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to)) die("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* One request; how long until the whole reply is here. *found: somebody was named. */
static int64_t ask(int fd, const char *head, const char *body, int *found) {
    static char out[2 * TEXT], in[1 << 20];
    int n = snprintf(out, sizeof out, "%sContent-Length: %zu\r\n\r\n%s", head, strlen(body), body);
    size_t have = 0, want = 0;
    int64_t began = now_us();
    if (write(fd, out, (size_t)n) != n) die("write");
    while (!want || have < want) {
        ssize_t got = read(fd, in + have, sizeof in - 1 - have);
        if (got <= 0) die("read");
        have += (size_t)got;
        in[have] = 0;
        char *end = strstr(in, "\r\n\r\n"), *length = strcasestr(in, "\r\nContent-Length:");
        if (end && length) want = (size_t)(end + 4 - in) + strtoul(length + 17, NULL, 10);
    }
    int64_t took = now_us() - began;
    if (strncmp(in, "HTTP/1.1 200", 12) != 0) {
        fprintf(stderr, "near: %.300s\n", in);
        exit(1);
    }
    *found = strstr(in, "_seen") != NULL;
    return took;
}

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static const char *text(sqlite3_stmt *s, int i) {
    const char *t = (const char *)sqlite3_column_text(s, i);
    return t ? t : "";
}

int main(int argc, char **argv) {
    if (argc != 7) return fprintf(stderr, "near DATA PORT COOKIE CSRF PID N\n"), 2;
    int n = atoi(argv[6]), fd = opened(atoi(argv[2])), found_n = 0;
    char path[1024], head[2048], body[TEXT];
    int64_t *us = calloc((size_t)n + 1, sizeof *us), *cpu = calloc((size_t)n + 1, sizeof *cpu);
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    snprintf(path, sizeof path, "file:%s/daftar.db?mode=ro", argv[1]);
    if (!us || !cpu || sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL))
        die(path);
    sqlite3_prepare_v2(
        db,
        "SELECT kind, given_name, family_name, display_name, birth_date, (SELECT "
        "number FROM phone WHERE party = party.id LIMIT 1), (SELECT email FROM email "
        "WHERE party = party.id LIMIT 1), (SELECT town FROM address WHERE party = "
        "party.id LIMIT 1) FROM party WHERE id >= ?1 AND deleted_at IS NULL LIMIT 1",
        -1, &s, NULL);
    sqlite3_stmt *last;
    sqlite3_prepare_v2(db, "SELECT max(id) FROM party", -1, &last, NULL);
    if (!s || sqlite3_step(last) != SQLITE_ROW) die("the register");
    int64_t parties = sqlite3_column_int64(last, 0);
    snprintf(
        head, sizeof head,
        "POST /duplicates/near HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nOrigin: http://127.0.0.1:%s\r\n"
        "Cookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n",
        argv[2], argv[2], argv[3]);
    int64_t sum = 0;
    uint64_t dice = 88172645463325252u;
    for (int i = 0; i < n; i++) {
        static const char *const names[] = { "kind",           "given_name",      "family_name",
                                             "display_name",   "birth_date",      "phones.0.number",
                                             "emails.0.email", "addresses.0.town" };
        dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
        sqlite3_reset(s);
        sqlite3_bind_int64(s, 1, 1 + (int64_t)(dice % (uint64_t)parties));
        if (sqlite3_step(s) != SQLITE_ROW) continue;
        char *at = body + sprintf(body, "csrf=%s", argv[4]);
        int person = !strcmp(text(s, 0), "person"), found;
        for (int k = 0; k < 8; k++) {
            if (k == 3 && person) continue; /* what the form asks of each */
            if ((k == 1 || k == 2) && !person) continue;
            if (*text(s, k)) at += encoded(at, names[k], text(s, k));
        }
        int64_t before = cpu_us(argv[5]);
        us[i] = ask(fd, head, body, &found);
        sum += cpu[i] = cpu_us(argv[5]) - before;
        found_n += found;
    }
    qsort(us, (size_t)n, sizeof *us, by_size);
    qsort(cpu, (size_t)n, sizeof *cpu, by_size);
    printf("while typing through the server, %d clients; somebody was named for %d\n"
           "  by the clock: median %.2f ms, 99 of 100 within %.2f ms, longest %.2f ms\n"
           "  of processor, the server's: %.2f ms each; median %.2f ms, 99 of 100 within %.2f ms, "
           "longest %.2f ms\n",
           n, found_n, (double)us[n / 2] / 1e3, (double)us[n * 99 / 100] / 1e3,
           (double)us[n - 1] / 1e3, (double)sum / n / 1e3, (double)cpu[n / 2] / 1e3,
           (double)cpu[n * 99 / 100] / 1e3, (double)cpu[n - 1] / 1e3);
    sqlite3_close(db);
    return 0;
}
