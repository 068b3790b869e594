/* Offsets from UTC out of the system's TZif files: transitions by binary search, after the last one
 * by the POSIX TZ rule in the file's footer (Cairo's summer time lives there). Called by date.c for
 * everything shown in a reader's zone, and by whoever needs to know where a day begins. Calls the
 * file system; the cache has its own lock, the zones themselves never change. */
#include "lib/locale/zone.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/map.h"

#define ZONE_DIR      "/usr/share/zoneinfo"
#define ZONE_FILE_MAX (1 << 20)
#define ZONE_NAME_MAX 64

/* A day on which the clocks change each year: POSIX's Mm.w.d, Jn or n. */
struct rule_day {
    char kind; /* 'M', 'J' or 'n' */
    int month, week, day;
    int second; /* of the day, by the clock before the change; may lie days off */
};
struct rule {
    bool known, has_dst;
    int std_s, dst_s;
    struct rule_day start, end; /* of summer time */
};

struct zone {
    struct str name;
    int transitions_n;
    const int64_t *at;          /* seconds since 1970, rising */
    const unsigned char *type;  /* in force from at[i] on */
    const int32_t *type_offset; /* seconds east */
    struct rule rule;
};

struct zones {
    pthread_mutex_t lock;
    struct arena *arena; /* zones and their names; guarded by lock */
    struct map known;    /* name to struct zone */
    char *dir;
};

/* ---- the footer's rule ---- */

static bool take_int(struct str *s, int max, int *out) {
    int n = 0;
    size_t i = 0;
    for (; i < s->n && s->p[i] >= '0' && s->p[i] <= '9'; i++)
        if ((n = n * 10 + s->p[i] - '0') > max) return false;
    *out = n;
    *s = str_sub(*s, i, s->n);
    return i > 0;
}

static bool take_c(struct str *s, char c) {
    if (!s->n || s->p[0] != c) return false;
    *s = str_sub(*s, 1, s->n);
    return true;
}

/* [+-]hh[:mm[:ss]] */
static bool take_time(struct str *s, int *seconds) {
    int h, m = 0, sec = 0;
    int sign = take_c(s, '-') ? -1 : 1;
    if (sign > 0) take_c(s, '+');
    if (!take_int(s, 167, &h)) return false;
    if (take_c(s, ':') && !take_int(s, 59, &m)) return false;
    if (take_c(s, ':') && !take_int(s, 59, &sec)) return false;
    *seconds = sign * (h * 3600 + m * 60 + sec);
    return true;
}

static bool take_name(struct str *s) {
    size_t n = 0;
    if (take_c(s, '<')) {
        while (n < s->n && s->p[n] != '>') n++;
        bool closed = n < s->n;
        *s = str_sub(*s, n + 1, s->n);
        return closed && n > 0;
    }
    while (n < s->n && ((s->p[n] | 32) >= 'a' && (s->p[n] | 32) <= 'z')) n++;
    *s = str_sub(*s, n, s->n);
    return n >= 3;
}

static bool take_rule_day(struct str *s, struct rule_day *d) {
    d->second = 2 * 3600;
    if (take_c(s, 'M')) {
        d->kind = 'M';
        if (!take_int(s, 12, &d->month) || !take_c(s, '.') || !take_int(s, 5, &d->week))
            return false;
        if (!take_c(s, '.') || !take_int(s, 6, &d->day) || !d->month || !d->week) return false;
    } else {
        d->kind = take_c(s, 'J') ? 'J' : 'n';
        if (!take_int(s, 365, &d->day) || (d->kind == 'J' && !d->day)) return false;
    }
    return !take_c(s, '/') || take_time(s, &d->second);
}

/* "EET-2EEST,M4.5.5/0,M10.5.4/24" */
static bool rule_parse(struct str s, struct rule *r) {
    int west;
    if (!take_name(&s) || !take_time(&s, &west)) return false;
    r->std_s = -west;
    r->known = true;
    if (!s.n) return true;
    if (!take_name(&s)) return false;
    r->dst_s = r->std_s + 3600;
    if (s.n && s.p[0] != ',') {
        if (!take_time(&s, &west)) return false;
        r->dst_s = -west;
    }
    r->has_dst = true;
    return take_c(&s, ',') && take_rule_day(&s, &r->start) && take_c(&s, ',') &&
           take_rule_day(&s, &r->end) && !s.n;
}

/* The instant, in local seconds since 1970, at which a change falls in a year. */
static int64_t rule_second(const struct rule_day *d, int32_t year) {
    int64_t day = day_number((struct day){ year, 1, 1 });
    bool leap = month_days(CAL_GREGORIAN, year, 2) == 29;
    if (d->kind == 'M') {
        struct day first = { year, d->month, 1 };
        int sunday_first = weekday(first) % 7; /* POSIX counts Sunday as 0 */
        int of_month = (d->day - sunday_first + 7) % 7 + 7 * (d->week - 1);
        while (of_month >= month_days(CAL_GREGORIAN, year, d->month)) of_month -= 7;
        day = day_number(first) + of_month;
    } else if (d->kind == 'J') {
        day += d->day - 1 + (leap && d->day >= 60);
    } else {
        day += d->day;
    }
    return day * 86400 + d->second;
}

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

static int rule_offset(const struct rule *r, int64_t s) {
    if (!r->has_dst) return r->std_s;
    int32_t year = day_of_number(floor_div(s + r->std_s, 86400)).year;
    int64_t start = rule_second(&r->start, year) - r->std_s;
    int64_t end = rule_second(&r->end, year) - r->dst_s;
    bool dst = start < end ? s >= start && s < end : s >= start || s < end;
    return dst ? r->dst_s : r->std_s;
}

/* ---- the file ---- */

static uint32_t be32(const unsigned char *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

struct tzif_header {
    size_t isut_n, isstd_n, leap_n, transitions_n, types_n, chars_n;
};

#define TZIF_HEADER 44

static bool header_read(struct str file, size_t at, struct tzif_header *h) {
    if (file.n < TZIF_HEADER || at > file.n - TZIF_HEADER) return false;
    const unsigned char *p = (const unsigned char *)file.p + at;
    if (memcmp(p, "TZif", 4) != 0) return false;
    *h = (struct tzif_header){ be32(p + 20), be32(p + 24), be32(p + 28),
                               be32(p + 32), be32(p + 36), be32(p + 40) };
    return h->types_n >= 1 && h->types_n <= 256 && h->transitions_n <= ZONE_FILE_MAX &&
           h->leap_n <= ZONE_FILE_MAX && h->chars_n <= ZONE_FILE_MAX && h->isstd_n <= 256 &&
           h->isut_n <= 256;
}

static size_t body_size(const struct tzif_header *h, size_t time_size) {
    return h->transitions_n * (time_size + 1) + h->types_n * 6 + h->chars_n +
           h->leap_n * (time_size + 4) + h->isstd_n + h->isut_n;
}

static bool tables_read(struct arena *a, const struct tzif_header *h, const unsigned char *p,
                        struct zone *z) {
    size_t n = h->transitions_n;
    int64_t *at = arena_array(a, int64_t, n + 1);
    unsigned char *type = arena_array(a, unsigned char, n + 1);
    int32_t *offset = arena_array(a, int32_t, h->types_n);
    for (size_t i = 0; i < n; i++) {
        at[i] = (int64_t)((uint64_t)be32(p + 8 * i) << 32 | be32(p + 8 * i + 4));
        type[i] = p[8 * n + i];
        if (type[i] >= h->types_n || (i && at[i] <= at[i - 1])) return false;
    }
    const unsigned char *types = p + 9 * n;
    for (size_t i = 0; i < h->types_n; i++) {
        offset[i] = (int32_t)be32(types + 6 * i);
        if (offset[i] < -89999 || offset[i] > 93599) return false;
    }
    z->transitions_n = (int)n;
    z->at = at;
    z->type = type;
    z->type_offset = offset;
    return true;
}

/* Version 2 and later: a first body with 32-bit times, which is skipped, then header, body with
 * 64-bit times, and the rule between two newlines. */
static bool tzif_read(struct arena *a, struct str file, struct zone *z) {
    struct tzif_header h;
    if (!header_read(file, 0, &h) || file.p[4] < '2') return false;
    size_t at = TZIF_HEADER + body_size(&h, 4);
    if (!header_read(file, at, &h)) return false;
    at += TZIF_HEADER;
    size_t body = body_size(&h, 8);
    if (body > file.n - at) return false;
    if (!tables_read(a, &h, (const unsigned char *)file.p + at, z)) return false;
    struct str footer = str_sub(file, at + body, file.n);
    if (!take_c(&footer, '\n') || !str_ends(footer, S("\n"))) return false;
    footer.n--;
    return !footer.n || rule_parse(footer, &z->rule);
}

static bool file_read(struct arena *a, const char *path, struct str *out) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return false;
    struct stat st;
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= ZONE_FILE_MAX;
    if (ok) {
        char *p = arena_alloc(a, (size_t)st.st_size + 1);
        size_t n = 0;
        for (ssize_t got; n < (size_t)st.st_size; n += (size_t)got)
            if ((got = read(fd, p + n, (size_t)st.st_size - n)) <= 0) break;
        *out = (struct str){ p, n };
    }
    close(fd);
    return ok;
}

/* ---- the cache ---- */

struct zones *zones_new(const char *dir) {
    struct zones *z = calloc(1, sizeof *z);
    char *own = strdup(dir ? dir : ZONE_DIR);
    if (!z || !own) BUG("out of memory");
    pthread_mutex_init(&z->lock, NULL);
    z->arena = arena_new();
    z->known = map_new(z->arena);
    z->dir = own;
    return z;
}

void zones_free(struct zones *z) {
    if (!z) return;
    pthread_mutex_destroy(&z->lock);
    arena_free(z->arena);
    free(z->dir);
    free(z);
}

/* Only what zone names are made of, so that no name can leave the folder. */
static bool name_ok(struct str name) {
    if (!name.n || name.n > ZONE_NAME_MAX || name.p[0] == '/') return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool letter = ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || !strchr("_+-/", c))) return false;
    }
    return !str_starts(name, S("right/"));
}

const struct zone *zone_get(struct zones *zones, struct str name) {
    if (!name_ok(name)) return NULL;
    pthread_mutex_lock(&zones->lock);
    struct zone *zone = map_get(&zones->known, name);
    if (!zone) {
        struct arena *scratch = arena_new();
        struct str path = str_printf(scratch, "%s/%.*s", zones->dir, SF(name)), file;
        struct zone read = { 0 };
        /* Read twice into memory but kept once: a damaged or unknown name leaves nothing behind. */
        if (file_read(scratch, path.p, &file) && tzif_read(scratch, file, &read)) {
            zone = arena_new_of(zones->arena, struct zone);
            tzif_read(zones->arena, file, zone);
            zone->name = str_dup(zones->arena, name);
            *map_at(&zones->known, zone->name) = zone;
        }
        arena_free(scratch);
    }
    pthread_mutex_unlock(&zones->lock);
    return zone;
}

struct str zone_name(const struct zone *zone) {
    return zone ? zone->name : S("UTC");
}

/* ---- questions ---- */

int zone_offset_s(const struct zone *z, int64_t ms) {
    if (!z) return 0;
    int64_t s = floor_div(ms, 1000);
    int low = 0, high = z->transitions_n; /* how many transitions are at or before s */
    while (low < high) {
        int mid = (low + high) / 2;
        if (z->at[mid] <= s)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == z->transitions_n && z->rule.known) return rule_offset(&z->rule, s);
    return low ? z->type_offset[z->type[low - 1]] : z->type_offset[0];
}

struct local_time zone_local(const struct zone *zone, int64_t ms) {
    int offset = zone_offset_s(zone, ms);
    int64_t s = floor_div(ms, 1000) + offset;
    int64_t day = floor_div(s, 86400);
    int of_day = (int)(s - day * 86400);
    return (struct local_time){ day_of_number(day), of_day / 3600, of_day / 60 % 60, of_day % 60,
                                offset };
}

int64_t zone_ms(const struct zone *zone, struct day day, int second_of_day) {
    int64_t local = (day_number(day) * 86400 + second_of_day) * 1000;
    int64_t before = zone_offset_s(zone, local - 86400000) * INT64_C(1000);
    int64_t after = zone_offset_s(zone, local + 86400000) * INT64_C(1000);
    /* The offset from before the change is right before it, and in a gap it is what moves forward.
     */
    if (zone_offset_s(zone, local - before) * INT64_C(1000) == before) return local - before;
    if (zone_offset_s(zone, local - after) * INT64_C(1000) == after) return local - after;
    return local - before;
}

/* ---- lists ---- */

/* Lines of zone.tab: countries, coordinates, name, comment, by tabs. */
static bool tab_line(struct str *rest, struct str *countries, struct str *name) {
    struct str line, cell;
    while (str_cut(rest, '\n', &line)) {
        if (!line.n || line.p[0] == '#') continue;
        if (str_cut(&line, '\t', countries) && str_cut(&line, '\t', &cell) &&
            str_cut(&line, '\t', name) && name_ok(*name))
            return true;
    }
    return false;
}

static int by_name(const void *a, const void *b) {
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct strs zone_names(const struct zones *zones, struct arena *a) {
    static const char *const tabs[] = { "zone.tab", "zone1970.tab" };
    struct map seen = map_new(a);
    *map_at(&seen, S("UTC")) = NULL;
    for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++) {
        struct str file, countries, name;
        struct str path = str_printf(a, "%s/%s", zones->dir, tabs[i]);
        if (!file_read(a, path.p, &file)) continue;
        while (tab_line(&file, &countries, &name)) *map_at(&seen, name) = NULL;
    }
    struct strs list = { arena_array(a, struct str, seen.n), seen.n };
    for (int i = 0; i < seen.n; i++) list.v[i] = seen.v[i].key;
    qsort(list.v, (size_t)list.n, sizeof *list.v, by_name);
    return list;
}

struct str zone_of_country(const struct zones *zones, struct arena *a, const char *country) {
    struct str file, countries, name;
    struct str path = str_printf(a, "%s/zone.tab", zones->dir);
    if (!file_read(a, path.p, &file)) return NO_STR;
    while (tab_line(&file, &countries, &name))
        if (str_eq_z(countries, country)) return name;
    return NO_STR;
}
