/* The index of the journal's files (journal_look.h, journal_in.h): reads what a log has got since,
 * checks that each line follows from the one before, keeps 32 bytes of it. Called by
 * journal_look.c, one at a time (a lock on DATA/journal/index.lock); calls journal_bulk.c. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/entity/entity.h"
#include "core/web/journal_in.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/locale/date.h"

#define MAGIC "dfjrnl1"

struct opened {
    int log, idx;
    int64_t log_n;
    struct index_head head;
};

static enum status fails(const char *what, struct str name) {
    log_warn("journal: cannot %s the index of %.*s: %s", what, SF(name), strerror(errno));
    return BROKEN;
}

/* --- one line --- */

static bool number(const char *p, int n, int *out) {
    *out = 0;
    for (int i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9') return false;
        *out = *out * 10 + (p[i] - '0');
    }
    return true;
}

/* 2026-11-21T22:05:09.123Z */
static int64_t instant_of(struct str s) {
    int y, mo, d, h, mi, sec, ms;
    if (s.n != 24 || !number(s.p, 4, &y) || !number(s.p + 5, 2, &mo) || !number(s.p + 8, 2, &d) ||
        !number(s.p + 11, 2, &h) || !number(s.p + 14, 2, &mi) || !number(s.p + 17, 2, &sec) ||
        !number(s.p + 20, 3, &ms) || mo < 1 || mo > 12)
        return 0;
    int64_t day = day_number((struct day){ y, mo, d });
    return (((day * 24 + h) * 60 + mi) * 60 + sec) * 1000 + ms;
}

static uint8_t door_of(struct str code) {
    for (int i = DOOR_WEB; i <= DOOR_JOB; i++)
        if (str_eq_z(code, door_code((enum door)i))) return (uint8_t)i;
    return DOOR_WEB;
}

static uint8_t name_of(struct index_head *h, struct str name) {
    if (name.n >= LOOK_NAME_MAX) name.n = LOOK_NAME_MAX - 1;
    for (int i = 0; i < LOOK_NAMES_N; i++) {
        char *at = h->names[i];
        if (at[0] == 0 && name.n) memcpy(at, name.p, name.n);
        if (str_eq(str_of(at), name)) return (uint8_t)i;
    }
    return LOOK_NAMES_N - 1; /* more kinds of things than there ever were */
}

static void parse(struct index_head *h, struct str line, struct look_line *out) {
    static const struct {
        const char *prefix;
        enum look_kind kind;
    } kinds[] = { { "list-", LOOK_LISTED },
                  { "out-", LOOK_LEFT },
                  { "export-", LOOK_EXPORT },
                  { "event-", LOOK_EVENT } };
    struct str part, rest = line;
    int64_t n = 0;
    if (str_cut(&rest, ' ', &part)) out->at_ms = instant_of(part);
    if (str_cut(&rest, ' ', &part) && str_to_i64(part, &n)) out->member = (int32_t)n;
    if (str_cut(&rest, ' ', &part)) out->door = door_of(part);
    if (!str_cut(&rest, ' ', &part)) part = NO_STR;
    for (int i = 0; i < COUNT(kinds); i++)
        if (str_starts(part, str_of(kinds[i].prefix))) {
            out->kind = (uint8_t)kinds[i].kind;
            part = str_sub(part, strlen(kinds[i].prefix), part.n);
            break;
        }
    out->what = name_of(h, part);
    if (str_cut(&rest, ' ', &part) && !str_to_i64(part, &out->id)) out->id = 0;
}

/* --- a file --- */

static bool digest_at(const struct opened *o, int64_t end, const char want[JOURNAL_HEX_N]) {
    char found[JOURNAL_HEX_N + 1];
    return end > JOURNAL_HEX_N &&
           pread(o->log, found, sizeof found, end - JOURNAL_HEX_N - 1) == sizeof found &&
           found[JOURNAL_HEX_N] == '\n' && memcmp(found, want, JOURNAL_HEX_N) == 0;
}

/* Does what is kept fit this log, and the file before it? */
static bool fits(struct opened *o, const char *before) {
    struct index_head *h = &o->head;
    struct stat st;
    if (fstat(o->idx, &st) != 0 || pread(o->idx, h, sizeof *h, 0) != sizeof *h) return false;
    if (memcmp(h->magic, MAGIC, sizeof h->magic) != 0 || h->lines_n < 0 || h->lines_n > INT32_MAX ||
        h->covered < 0 || h->covered > o->log_n)
        return false;
    if (st.st_size < (int64_t)sizeof *h + h->lines_n * (int64_t)sizeof(struct look_line))
        return false;
    if (memcmp(h->before, before, JOURNAL_HEX_N) != 0) return false;
    return h->covered == 0 || digest_at(o, h->covered, h->last);
}

static int64_t window_start(const struct look_line *lines, int64_t n) {
    int64_t i = n;
    while (i > 0 && lines[i - 1].at_ms >= lines[n - 1].at_ms - LOOK_BULK_MS) i--;
    return i;
}

/* Lines of text[0..n), which begins where the index ends. */
static void take_lines(struct index_head *h, struct look_line *lines, struct str text,
                       struct arena *a) {
    struct bulk *bulk = bulk_new(a);
    char last[JOURNAL_HEX_N + 1] = "";
    memcpy(last, h->last, JOURNAL_HEX_N);
    int64_t first = h->lines_n ? window_start(lines, h->lines_n) : 0;
    uint8_t party = name_of(h, S("party"));
    for (int64_t i = first; i < h->lines_n; i++)
        if (lines[i].what == party) bulk_feed(bulk, lines, first, i);
    for (const char *at = text.p, *end; text.n; at = end + 1) {
        end = memchr(at, '\n', (size_t)(text.p + text.n - at));
        if (!end) break;
        struct str line = { at, (size_t)(end - at) };
        struct look_line *l = &lines[h->lines_n];
        *l = (struct look_line){ .offset = (uint32_t)(h->covered + (at - text.p)),
                                 .length = (uint16_t)(line.n > UINT16_MAX ? 0 : line.n) };
        if (!journal_line_good(last, line)) {
            if (!h->bad_line) h->bad_line = h->lines_n + 1;
            if (line.n > JOURNAL_HEX_N)
                memcpy(last, line.p + line.n - JOURNAL_HEX_N, JOURNAL_HEX_N);
        }
        parse(h, line, l);
        if (h->lines_n == 0 || l->at_ms < h->first_ms) h->first_ms = l->at_ms;
        if (h->lines_n == 0 || l->at_ms > h->last_ms) h->last_ms = l->at_ms;
        if (l->what == party) bulk_feed(bulk, lines, first, h->lines_n);
        h->lines_n++;
    }
    memcpy(h->last, last, JOURNAL_HEX_N);
}

static enum status extend(struct opened *o, struct str name, int64_t covered) {
    size_t n = (size_t)(covered - o->head.covered);
    int64_t from = o->head.covered & ~(int64_t)0xFFFF;
    size_t map_n = (size_t)(covered - from);
    char *log = mmap(NULL, map_n, PROT_READ, MAP_PRIVATE, o->log, from);
    if (log == MAP_FAILED) return fails("read for", name);
    struct str text = { log + (o->head.covered - from), n };
    int64_t more = 0;
    for (const char *p = text.p; (p = memchr(p, '\n', (size_t)(text.p + n - p))); p++) more++;
    size_t size = sizeof o->head + (size_t)(o->head.lines_n + more) * sizeof(struct look_line);
    char *idx = MAP_FAILED;
    if (ftruncate(o->idx, (off_t)size) == 0)
        idx = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, o->idx, 0);
    if (idx == MAP_FAILED) {
        munmap(log, map_n);
        return fails("write", name);
    }
    struct arena *a = arena_new();
    take_lines(&o->head, (void *)(idx + sizeof o->head), text, a);
    o->head.covered = covered;
    memcpy(idx, &o->head, sizeof o->head);
    arena_free(a);
    munmap(idx, size);
    munmap(log, map_n);
    return OK;
}

/* Where the last whole line ends. */
static int64_t whole(int fd, int64_t n) {
    char tail[JOURNAL_LINE_MAX + JOURNAL_HEX_N + 2];
    int64_t from = n > (int64_t)sizeof tail ? n - (int64_t)sizeof tail : 0;
    ssize_t got = pread(fd, tail, sizeof tail, from);
    while (got > 0 && tail[got - 1] != '\n') got--;
    return got > 0 ? from + got : from;
}

static enum status update(struct opened *o, struct str name, const char *idx, const char *before) {
    struct stat st;
    if (fstat(o->log, &st) != 0) return fails("read for", name);
    o->log_n = st.st_size;
    int64_t covered = whole(o->log, o->log_n);
    if (!fits(o, before)) {
        o->head = (struct index_head){ .magic = MAGIC, .made_ms = clock_now_ms() };
        memcpy(o->head.before, before, JOURNAL_HEX_N);
        memcpy(o->head.last, before, JOURNAL_HEX_N);
        /* a new file: who still reads the old one has it mapped */
        close(o->idx);
        if (unlink(idx) != 0) return fails("remove", name);
        o->idx = open(idx, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (o->idx < 0) return fails("make", name);
    }
    if (covered > o->head.covered) return extend(o, name, covered);
    return OK;
}

static enum status map(struct opened *o, struct look_file *f) {
    if (o->head.lines_n == 0) return OK;
    size_t n = sizeof o->head + (size_t)o->head.lines_n * sizeof(struct look_line);
    void *p = mmap(NULL, n, PROT_READ, MAP_SHARED, o->idx, 0);
    if (p == MAP_FAILED) return fails("read", f->name);
    f->head = p;
    f->lines = (const void *)((const char *)p + sizeof o->head);
    f->mapped_n = n;
    return OK;
}

enum status journal_index(struct arena *a, const char *folder, struct look_file *f,
                          char before[JOURNAL_HEX_N + 1]) {
    struct str log = str_printf(a, "%s/%.*s", folder, SF(f->name));
    struct str idx = str_printf(a, "%.*sidx", (int)log.n - 3, log.p);
    struct opened o = { .log = open(log.p, O_RDONLY | O_CLOEXEC) };
    if (o.log < 0) return fails("read for", f->name);
    o.idx = open(idx.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    enum status s = o.idx < 0 ? fails("open", f->name) : update(&o, f->name, idx.p, before);
    if (s == OK) s = map(&o, f);
    if (s == OK) memcpy(before, o.head.last, JOURNAL_HEX_N);
    close(o.log);
    if (o.idx >= 0) close(o.idx);
    return s;
}

enum status journal_line_read(struct arena *a, const struct journal_look *l,
                              const struct look_file *f, int64_t i, struct str *text, bool *good) {
    const struct look_line *want = &f->lines[i];
    char last[JOURNAL_HEX_N + 1] = "", got[JOURNAL_LINE_MAX + 2 * JOURNAL_HEX_N];
    size_t lead = i ? JOURNAL_HEX_N + 1 : 0, n = lead + want->length;
    int fd = open(str_printf(a, "%s/%.*s", l->folder, SF(f->name)).p, O_RDONLY | O_CLOEXEC);
    *text = NO_STR;
    *good = false;
    if (fd < 0) return fails("read for", f->name);
    bool whole_line =
        n <= sizeof got && pread(fd, got, n, want->offset - (off_t)lead) == (ssize_t)n;
    close(fd);
    if (!whole_line || want->length <= JOURNAL_HEX_N) return OK;
    memcpy(last, i ? got : f->head->before, JOURNAL_HEX_N);
    struct str line = { got + lead, want->length };
    struct look_line now = { .offset = want->offset, .length = want->length, .bulk = want->bulk };
    struct index_head names = *f->head;
    parse(&names, line, &now);
    *good = journal_line_good(last, line) && memcmp(&now, want, sizeof now) == 0;
    *text = str_dup(a, str_sub(line, 0, line.n - JOURNAL_HEX_N - 1));
    return OK;
}
