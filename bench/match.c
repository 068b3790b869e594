/* The record linkage engine alone on invented people: seconds, memory, precision and recall.
 *     build/release/bench_match [RECORDS] [THREADS]
 * One in twenty is there twice, with slips as people make them: a letter off, left out or doubled,
 * neighbours exchanged, names swapped, another phone or e-mail, a new address, nothing at all.
 * Run by `make bench-match`; calls lib/match. */
#include <stdlib.h>
#include <sys/resource.h>

#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/match/match.h"

enum { GIVEN, FAMILY, PHONE, EMAIL, STREET, HOUSE, TOWN, POSTCODE, BIRTH, COLUMNS_N, ROOM = 64 };
static const struct match_column columns[COLUMNS_N] = {
    [GIVEN] = { "given", MATCH_GIVEN },    [FAMILY] = { "family", MATCH_FAMILY },
    [PHONE] = { "phone", MATCH_PHONE },    [EMAIL] = { "email", MATCH_EMAIL },
    [STREET] = { "street", MATCH_STREET }, [HOUSE] = { "house", MATCH_NUMBER },
    [TOWN] = { "town", MATCH_TOWN },       [POSTCODE] = { "postcode", MATCH_POSTCODE },
    [BIRTH] = { "birth", MATCH_DATE },
};
struct person {
    char v[COLUMNS_N][ROOM];
};

static int below(struct dice *d, int n) {
    return (int)dice_below(d, n);
}

/* The first of a list come far oftener than the last, as names and towns do. */
static int skewed(struct dice *d, int n) {
    double x = (double)below(d, 1 << 20) / (1 << 20);
    return (int)(x * x * x * n);
}

/* A word of two to four syllables that only depends on its number. */
static void word(uint64_t number, char *to) {
    static const char *const parts[] = { "ma",  "ri", "so", "ne",  "ka",  "ba", "del",
                                         "fa",  "ho", "li", "tan", "mi",  "ra", "se",
                                         "vin", "zo", "pa", "gu",  "cha", "er" };
    struct dice d = { number * 77777 + 5 };
    size_t n = 0;
    for (int i = 2 + below(&d, 3); i > 0; i--) {
        const char *p = parts[below(&d, 20)];
        for (; *p; p++) to[n++] = *p;
    }
    to[n] = 0;
}

static void invent(struct dice *d, struct person *p) {
    char road[ROOM];
    int town = skewed(d, 3000);
    word((uint64_t)skewed(d, 4000) + 1000000, p->v[GIVEN]);
    word((uint64_t)skewed(d, 80000) + 2000000, p->v[FAMILY]);
    snprintf(p->v[PHONE], ROOM, "+98912%07d", below(d, 10000000));
    snprintf(p->v[EMAIL], ROOM, "%.20s.%.20s%d@mail%d.example", p->v[GIVEN], p->v[FAMILY],
             below(d, 100), skewed(d, 300));
    word((uint64_t)skewed(d, 30000) + 3000000, road);
    snprintf(p->v[STREET], ROOM, "%.40s street", road);
    snprintf(p->v[HOUSE], ROOM, "%d", 1 + skewed(d, 300));
    word((uint64_t)town + 4000000, p->v[TOWN]);
    snprintf(p->v[POSTCODE], ROOM, "%05d", town * 17 % 9000 * 10 + below(d, 10));
    snprintf(p->v[BIRTH], ROOM, "%04d-%02d-%02d", 1930 + below(d, 80), 1 + below(d, 12),
             1 + below(d, 28));
    static const int missing[COLUMNS_N] = { 2, 2, 25, 35, 30, 30, 15, 35, 40 };
    for (int c = 0; c < COLUMNS_N; c++)
        if (below(d, 100) < missing[c]) p->v[c][0] = 0;
}

static void slip(struct dice *d, char *s) {
    size_t n = strlen(s);
    if (n < 3 || n + 2 > ROOM) return;
    size_t at = (size_t)below(d, (int)n - 1);
    bool digit = s[at] >= '0' && s[at] <= '9';
    switch (below(d, 4)) {
    case 0: s[at] = digit ? (char)('0' + below(d, 10)) : (char)('a' + below(d, 26)); break;
    case 1: memmove(s + at, s + at + 1, n - at); break;
    case 2: memmove(s + at + 1, s + at, n - at + 1); break;
    default: {
        char t = s[at];
        s[at] = s[at + 1];
        s[at + 1] = t;
    }
    }
}

static void written_again(struct dice *d, const struct person *p, struct person *out) {
    struct person fresh;
    *out = *p;
    invent(d, &fresh);
    for (int i = 1 + below(d, 3); i > 0; i--) {
        int c = below(d, COLUMNS_N);
        if (below(d, 2))
            slip(d, out->v[c]);
        else if (c == GIVEN && below(d, 5) == 0)
            memcpy(out->v[GIVEN], p->v[FAMILY], ROOM), memcpy(out->v[FAMILY], p->v[GIVEN], ROOM);
        else if (c >= PHONE && c < BIRTH)
            memcpy(out->v[c], fresh.v[c], ROOM);
        else
            slip(d, out->v[c]);
    }
}

static void add(struct match *m, int64_t id, const struct person *p) {
    match_record(m, id);
    for (int c = 0; c < COLUMNS_N; c++) match_value(m, c, str_of(p->v[c]));
}

static double since(int64_t *us) {
    int64_t now = clock_mono_us(), took = now - *us;
    *us = now;
    return (double)took / 1e6;
}

static int64_t right_of(const struct match *m, const struct match_pairs *pairs, double least,
                        int64_t *found) {
    int64_t right = 0;
    *found = 0;
    for (int64_t i = 0; i < pairs->n; i++) {
        if ((double)pairs->v[i].certainty < least) continue;
        ++*found;
        right += match_id(m, pairs->v[i].a) == match_id(m, pairs->v[i].b);
    }
    return right;
}

int main(int argc, char **argv) {
    int64_t records = 1000000, threads = 2, truth = 0, us = clock_mono_us(), begun;
    if (argc > 1) (void)str_to_i64(str_of(argv[1]), &records);
    if (argc > 2) (void)str_to_i64(str_of(argv[2]), &threads);
    struct match *m = match_new(columns, COLUMNS_N);
    struct dice d = { 1 };
    for (int64_t id = 0; match_records_n(m) < records; id++) {
        struct person p, again;
        invent(&d, &p);
        add(m, id, &p);
        if (below(&d, 20) || match_records_n(m) >= records) continue;
        written_again(&d, &p, &again);
        add(m, id, &again);
        truth++;
    }
    printf("made %.1f s, ", since(&us));
    begun = us;
    match_train(m, (int)threads);
    printf("trained %.1f s, ", since(&us));
    struct match_pairs pairs;
    match_find(m, (int)threads, 0.5, &pairs);
    printf("found %.1f s, ", since(&us));
    int32_t *of = calloc((size_t)records + 1, sizeof *of);
    if (!of) return 1;
    match_cluster(m, &pairs, 0.9, of);
    printf("grouped %.1f s\n", since(&us));
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    printf("%lld records, %lld threads: %.1f s (%.1f s of processor in all), %ld MB, "
           "%lld pairs looked at\n",
           (long long)records, (long long)threads, (double)(us - begun) / 1e6,
           (double)use.ru_utime.tv_sec + (double)use.ru_utime.tv_usec / 1e6, use.ru_maxrss / 1024,
           (long long)pairs.compared_n);
    static const double least[] = { 0.5, 0.9, 0.99 };
    uint64_t sum = 0;
    for (int64_t i = 0; i < pairs.n; i++)
        sum = sum * 31 + (uint64_t)pairs.v[i].a * 7 + (uint64_t)pairs.v[i].b +
              (uint64_t)(int64_t)(pairs.v[i].weight * 1e4f);
    for (int i = 0; i < 3; i++) {
        int64_t found, right = right_of(m, &pairs, least[i], &found);
        printf("certainty %.2f: %lld pairs, precision %.4f, recall %.4f\n", least[i],
               (long long)found, found ? (double)right / (double)found : 1,
               truth ? (double)right / (double)truth : 1);
    }
    printf("checksum of pairs and weights %016llx\n", (unsigned long long)sum);
    free(of);
    match_pairs_free(&pairs);
    match_free(m);
    return 0;
}
