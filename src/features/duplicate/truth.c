/* How good the look at all is, where the truth is known (daftar demo --truth FILE), and how quick
 * the look at one. Called by cli.c. */
#include "core/app/command.h"
#include "features/duplicate/work.h"
#include "lib/base/clock.h"
#include "lib/text/csv.h"

SQL(truth_pairs, "SELECT a, b, grp FROM duplicate WHERE certainty >= :least AND (a, b) > (:a, :b) "
                 "ORDER BY a, b LIMIT 5000");
SQL(truth_some,
    "SELECT id FROM party WHERE id >= :from AND deleted_at IS NULL ORDER BY id LIMIT 1");
SQL(truth_last, "SELECT max(id) AS last FROM party");

struct two {
    int64_t a, b;
};
struct truth {
    struct two *v; /* planted pairs */
    char (*what)[16];
    int n, cap;
    struct two *root; /* id and the least id of its person, by id */
    int root_n;
    struct two *found, *member; /* pairs; group and client */
    int64_t found_n, member_n, found_cap;
    int64_t least, a, b;
    int got;
};

static void *grown(void *p, int64_t n, size_t size) {
    p = realloc(p, (size_t)n * size);
    if (!p) BUG("out of memory");
    return p;
}

static int by_a_b(const void *x, const void *y) {
    const struct two *p = x, *q = y;
    if (p->a != q->a) return p->a < q->a ? -1 : 1;
    return p->b < q->b ? -1 : p->b > q->b;
}

static struct two *root_of(const struct truth *t, int64_t id) {
    int low = 0, high = t->root_n;
    while (low < high) {
        int at = low + (high - low) / 2;
        if (t->root[at].a == id) return &t->root[at];
        if (t->root[at].a < id)
            low = at + 1;
        else
            high = at;
    }
    return NULL;
}

static int64_t person_of(const struct truth *t, int64_t id) {
    const struct two *r = root_of(t, id);
    return r ? r->b : id;
}

static bool read_file(struct truth *t, const char *file) {
    FILE *f = fopen(file, "rb");
    struct csv *csv = calloc(1, sizeof *csv);
    struct csv_row row;
    if (!csv) BUG("out of memory");
    if (!f) {
        free(csv);
        return false;
    }
    csv_open(csv, csv_from_file(f), ',');
    while (csv_next(csv, &row) == CSV_ROW) {
        struct two p;
        if (row.cells_n < 3 || !str_to_i64(row.cells[0], &p.a) || !str_to_i64(row.cells[1], &p.b))
            continue; /* the head */
        if (t->n == t->cap) {
            t->cap = t->cap ? t->cap * 2 : 1024;
            t->v = grown(t->v, t->cap, sizeof *t->v);
            t->what = grown(t->what, t->cap, sizeof *t->what);
        }
        snprintf(t->what[t->n], sizeof *t->what, "%.*s", SF(row.cells[2]));
        t->v[t->n++] = p;
    }
    csv_close(csv);
    free(csv);
    fclose(f);
    return true;
}

/* A twin is of an original, never of a twin: one step is enough. */
static void find_roots(struct truth *t) {
    t->root = grown(NULL, t->n * 2 + 1, sizeof *t->root);
    for (int i = 0; i < t->n; i++) {
        t->root[t->root_n++] = (struct two){ t->v[i].b, t->v[i].a };
        t->root[t->root_n++] = (struct two){ t->v[i].a, t->v[i].a };
    }
    qsort(t->root, (size_t)t->root_n, sizeof *t->root, by_a_b);
    int n = 0;
    for (int i = 0; i < t->root_n; i++)
        if (!n || t->root[n - 1].a != t->root[i].a) t->root[n++] = t->root[i];
    t->root_n = n;
}

static enum status read_found(struct ctx *c, void *arg) {
    struct truth *t = arg;
    struct rows r;
    TRY(db_query(c->tx, &truth_pairs, &r, P("least", t->least), P("a", t->a), P("b", t->b)));
    if (t->found_n + r.n > t->found_cap) {
        t->found_cap = (t->found_n + r.n) * 2;
        t->found = grown(t->found, t->found_cap, sizeof *t->found);
        t->member = grown(t->member, t->found_cap * 2, sizeof *t->member);
    }
    for (int i = 0; i < r.n; i++) {
        int64_t group = row_int(&r, i, "grp");
        t->a = row_int(&r, i, "a");
        t->b = row_int(&r, i, "b");
        t->found[t->found_n++] = (struct two){ t->a, t->b };
        if (!group) continue;
        t->member[t->member_n++] = (struct two){ group, t->a };
        t->member[t->member_n++] = (struct two){ group, t->b };
    }
    t->got = r.n;
    return OK;
}

static int64_t pairs_among(int64_t n) {
    return n * (n - 1) / 2;
}

/* Of runs of equal a: how many pairs there are among them. */
static int64_t pairs_in_runs(const struct two *v, int64_t n) {
    int64_t all = 0, from = 0;
    for (int64_t i = 1; i <= n; i++)
        if (i == n || v[i].a != v[from].a) {
            all += pairs_among(i - from);
            from = i;
        }
    return all;
}

static void print_rates(const char *what, int64_t good, int64_t found, int64_t all) {
    double precision = found ? (double)good / (double)found : 1,
           recall = all ? (double)good / (double)all : 1;
    printf("%s: found %lld, right %lld, planted %lld, precision %.4f, recall %.4f, F1 %.4f\n", what,
           (long long)found, (long long)good, (long long)all, precision, recall,
           precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0);
}

static int64_t all_pairs(const struct truth *t) {
    struct two *v = grown(NULL, t->root_n + 1, sizeof *v);
    for (int i = 0; i < t->root_n; i++) v[i] = (struct two){ t->root[i].b, t->root[i].a };
    qsort(v, (size_t)t->root_n, sizeof *v, by_a_b);
    int64_t n = pairs_in_runs(v, t->root_n);
    free(v);
    return n;
}

static void print_pairs(const struct truth *t, int64_t all) {
    int64_t good = 0;
    for (int64_t i = 0; i < t->found_n; i++)
        good += person_of(t, t->found[i].a) == person_of(t, t->found[i].b);
    print_rates("pairs", good, t->found_n, all);
}

static void print_groups(struct truth *t, int64_t all) {
    int64_t n = 0, found, good;
    qsort(t->member, (size_t)t->member_n, sizeof *t->member, by_a_b);
    for (int64_t i = 0; i < t->member_n; i++)
        if (!n || by_a_b(&t->member[n - 1], &t->member[i])) t->member[n++] = t->member[i];
    found = pairs_in_runs(t->member, n);
    struct two *v = grown(NULL, n + 1, sizeof *v);
    for (int64_t i = 0; i < n; i++)
        v[i] = (struct two){ t->member[i].a, person_of(t, t->member[i].b) };
    qsort(v, (size_t)n, sizeof *v, by_a_b);
    good = 0;
    for (int64_t from = 0, i = 1; i <= n; i++)
        if (i == n || by_a_b(&v[from], &v[i])) {
            good += pairs_among(i - from);
            from = i;
        }
    free(v);
    print_rates("groups", good, found, all);
}

static void print_kinds(const struct truth *t) {
    bool *done = grown(NULL, t->n + 1, sizeof *done);
    for (int i = 0; i < t->n; i++) done[i] = false;
    for (int i = 0; i < t->n; i++) {
        int all = 0, found = 0;
        if (done[i]) continue;
        for (int k = i; k < t->n; k++) {
            struct two p = { t->v[k].a < t->v[k].b ? t->v[k].a : t->v[k].b,
                             t->v[k].a < t->v[k].b ? t->v[k].b : t->v[k].a };
            if (strcmp(t->what[k], t->what[i]) != 0) continue;
            done[k] = true;
            all++;
            found += bsearch(&p, t->found, (size_t)t->found_n, sizeof p, by_a_b) != NULL;
        }
        printf("  %-9s %d of %d (%.1f %%)\n", t->what[i], found, all,
               100.0 * found / (all ? all : 1));
    }
    free(done);
}

enum status duplicate_against_truth(struct cli *cli, int64_t least) {
    struct truth t = { .least = least };
    enum status s = OK;
    if (!read_file(&t, cli_get(cli, "--truth")))
        return cli_say(cli, MISSING, "%s cannot be read", cli_get(cli, "--truth"));
    find_roots(&t);
    do s = cli_read(cli, read_found, &t);
    while (s == OK && t.got);
    if (s == OK) {
        int64_t all = all_pairs(&t);
        print_pairs(&t, all);
        print_groups(&t, all);
        print_kinds(&t);
    }
    free(t.v);
    free(t.what);
    free(t.root);
    free(t.found);
    free(t.member);
    return s;
}

/* --- how long it takes while typing --- */

struct timing {
    int64_t *wall, *cpu; /* microseconds of each */
    int64_t n, asked, found;
};

/* Of this thread alone: what it took, whatever else the machine did. */
static int64_t cpu_us(void) {
    struct timespec t;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t)) return 0;
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static enum status near_one(struct ctx *c, void *arg) {
    struct timing *t = arg;
    struct rows r;
    struct party p;
    struct duplicate_nears nears;
    struct dice dice = { 12345u + (uint64_t)t->asked };
    c->who.sees = SEES_ALL;
    TRY(db_query(c->tx, &truth_last, &r));
    int64_t last = row_int(&r, 0, "last");
    TRY(db_query(c->tx, &truth_some, &r, P("from", 1 + dice_below(&dice, last))));
    if (!r.n) return OK;
    TRY(store_load(c, &entity_party, row_int(&r, 0, "id"), &p));
    int64_t wall = clock_mono_us(), cpu = cpu_us();
    TRY(duplicate_near(c, &p, p.row.id, DUPLICATE_POSSIBLE, &nears));
    t->cpu[t->n] = cpu_us() - cpu;
    t->wall[t->n++] = clock_mono_us() - wall;
    t->found += nears.n > 0;
    return OK;
}

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void print_times(const char *what, int64_t *us, int64_t n) {
    qsort(us, (size_t)n, sizeof *us, by_size);
    printf("  %s: median %.2f ms, 99 of 100 within %.2f ms, longest %.2f ms\n", what,
           (double)us[n / 2] / 1e3, (double)us[n * 99 / 100] / 1e3, (double)us[n - 1] / 1e3);
}

enum status duplicate_time_near(struct cli *cli) {
    struct timing t = { 0 };
    int64_t n;
    enum status s = OK;
    TRY(cli_number(cli, "--near", 1, 100000, 1000, &n));
    t.wall = grown(NULL, n, sizeof *t.wall);
    t.cpu = grown(NULL, n, sizeof *t.cpu);
    for (t.asked = 0; t.asked < n && s == OK; t.asked++) s = cli_read(cli, near_one, &t);
    if (s == OK && t.n) {
        printf("while typing, %lld clients; somebody was found for %lld\n", (long long)t.n,
               (long long)t.found);
        print_times("by the clock", t.wall, t.n);
        print_times("of processor", t.cpu, t.n);
    }
    free(t.wall);
    free(t.cpu);
    return s;
}
