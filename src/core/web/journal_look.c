/* Looking into the journal of reads (journal_look.h): opens the index of each file, walks it newest
 * first, gathers lines into runs. Called by features/journal and by the export of one person; calls
 * journal_index.c. */
#include "core/web/journal_look.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/web/journal_in.h"
#include "lib/base/log.h"

enum { LATE_MS = 60 * 60 * 1000, PAUSE_MS = 10 * 60 * 1000, RUNS_MAX = 500 };

/* --- opening --- */

static enum status open_files(struct arena *a, struct journal_look *l) {
    struct strs names;
    char before[JOURNAL_HEX_N + 1];
    memset(before, '0', JOURNAL_HEX_N);
    before[JOURNAL_HEX_N] = 0;
    TRY(journal_files(a, l->folder, &names));
    l->files = arena_array(a, struct look_file, names.n + 1);
    for (int i = 0; i < names.n; i++) {
        struct look_file *f = &l->files[l->files_n++];
        *f = (struct look_file){ .name = names.v[i], .base = l->lines_n };
        TRY(journal_index(a, l->folder, f, before));
        if (f->head) l->lines_n += f->head->lines_n;
    }
    return OK;
}

/* The lock is let go with the descriptor. */
static enum status lock_index(struct arena *a, const char *folder, int *lock) {
    *lock = open(str_printf(a, "%s/index.lock", folder).p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*lock >= 0 && flock(*lock, LOCK_EX) == 0) return OK;
    log_warn("journal: cannot lock the index in %s", folder);
    if (*lock >= 0) close(*lock);
    return BROKEN;
}

enum status journal_look_open(struct arena *a, const char *folder, struct journal_look **out) {
    struct journal_look *l = arena_new_of(a, struct journal_look);
    int lock;
    l->folder = str_dup(a, str_of(folder)).p;
    TRY(lock_index(a, folder, &lock));
    enum status s = open_files(a, l);
    close(lock);
    if (s != OK)
        journal_look_close(l);
    else
        *out = l;
    return s;
}

enum status journal_look_forget(struct arena *a, const char *folder, int64_t older_ms) {
    struct strs names;
    int lock;
    TRY(journal_files(a, folder, &names));
    TRY(lock_index(a, folder, &lock));
    for (int i = 0; i < names.n; i++) {
        struct str idx = str_printf(a, "%s/%.*sidx", folder, (int)names.v[i].n - 3, names.v[i].p);
        struct index_head h = { .made_ms = 0 };
        int fd = open(idx.p, O_RDONLY | O_CLOEXEC);
        bool old = fd >= 0 && pread(fd, &h, sizeof h, 0) == sizeof h && h.made_ms < older_ms;
        if (fd >= 0) close(fd);
        if (fd < 0 || (older_ms && !old)) continue;
        if (unlink(idx.p) != 0) log_warn("journal: cannot remove %s", idx.p);
        if (older_ms) break;
    }
    close(lock);
    return OK;
}

void journal_look_close(struct journal_look *l) {
    for (int i = 0; i < l->files_n; i++)
        if (l->files[i].head) munmap((void *)(uintptr_t)l->files[i].head, l->files[i].mapped_n);
    l->files_n = 0;
}

int64_t journal_look_lines(const struct journal_look *l) {
    return l->lines_n;
}

int64_t journal_look_checked_ms(const struct journal_look *l) {
    int64_t first = 0;
    for (int i = 0; i < l->files_n; i++) {
        const struct index_head *h = l->files[i].head;
        if (h && (!first || h->made_ms < first)) first = h->made_ms;
    }
    return first;
}

void journal_look_fault(const struct journal_look *l, struct look_fault *out) {
    *out = (struct look_fault){ .line = 0 };
    for (int i = 0; i < l->files_n; i++)
        if (l->files[i].head && l->files[i].head->bad_line) {
            *out = (struct look_fault){ l->files[i].name, l->files[i].head->bad_line };
            return;
        }
}

/* --- runs --- */

struct ids { /* the different records of a run */
    int64_t *v;
    size_t n, cap;
};
struct run {
    struct look_run out;
    struct str what;
    struct ids ids;
    bool closed;
};
struct walk {
    struct arena *a;
    const struct journal_look *l;
    const struct look_query *q;
    struct run *runs;
    int n, open_from; /* runs before that are closed */
};

static bool ids_add(struct arena *a, struct ids *s, int64_t id) {
    if (s->n * 2 >= s->cap) {
        struct ids more = { .cap = s->cap ? s->cap * 2 : 16 };
        more.v = arena_array(a, int64_t, more.cap);
        for (size_t i = 0; i < s->cap; i++)
            if (s->v[i]) (void)ids_add(a, &more, s->v[i]);
        *s = more;
    }
    size_t at = (size_t)((uint64_t)id * 0x9E3779B97F4A7C15u >> 24) & (s->cap - 1);
    while (s->v[at] && s->v[at] != id) at = (at + 1) & (s->cap - 1);
    if (s->v[at] == id) return false;
    s->v[at] = id;
    s->n++;
    return true;
}

/* A file and the records in it are one run. */
static enum look_kind run_kind(enum look_kind k) {
    return k == LOOK_LEFT ? LOOK_EXPORT : k;
}

struct codes { /* what a file's head calls them; -1: it has none */
    int party, attachment;
};

static bool about(const struct look_query *q, const struct look_line *x, struct codes k) {
    if (x->kind == LOOK_EXPORT) return false;
    if (x->what == k.party) return x->id == q->id;
    if (x->what != k.attachment) return false;
    for (int i = 0; i < q->files_n; i++)
        if (q->files[i] == x->id) return true;
    return false;
}

static bool matches(const struct look_query *q, const struct look_line *x, struct codes k) {
    bool his = x->member == q->member || (x->kind == LOOK_EVENT && x->id == q->member);
    if (q->member >= 0 && !his) return false;
    if (q->id && !about(q, x, k)) return false;
    if (q->door >= 0 && x->door != q->door) return false;
    if (q->kinds && !(q->kinds & 1u << x->kind)) return false;
    if (q->bulk && !x->bulk) return false;
    if (q->from_ms && x->at_ms < q->from_ms) return false;
    return !q->until_ms || x->at_ms < q->until_ms;
}

static struct run *run_for(struct walk *w, const struct look_line *x, struct str what) {
    if (w->q->apart || x->kind == LOOK_EVENT) return NULL;
    for (int i = w->n - 1; i >= w->open_from; i--) {
        struct run *r = &w->runs[i];
        if (r->closed) continue;
        if (r->out.first_ms - x->at_ms > LATE_MS + PAUSE_MS) r->closed = true;
        bool near = x->at_ms >= r->out.first_ms - PAUSE_MS && x->at_ms <= r->out.last_ms + PAUSE_MS;
        bool shorter = r->out.last_ms - x->at_ms <= LOOK_RUN_MS;
        if (near && shorter && r->out.member == x->member && r->out.door == (enum door)x->door &&
            r->out.kind == run_kind((enum look_kind)x->kind) && str_eq(r->what, what))
            return r;
    }
    while (w->open_from < w->n && w->runs[w->open_from].closed) w->open_from++;
    return NULL;
}

static void add(struct walk *w, struct run *r, const struct look_line *x) {
    struct look_run *o = &r->out;
    if (x->at_ms < o->first_ms) o->first_ms = x->at_ms;
    if (x->at_ms > o->last_ms) o->last_ms = x->at_ms;
    o->lines_n++;
    o->bulk = o->bulk || x->bulk;
    if (x->kind == LOOK_EXPORT) {
        o->n += x->id;
    } else if (x->kind == LOOK_EVENT || x->id == 0 || !ids_add(w->a, &r->ids, x->id)) {
        return;
    } else if (o->ids_n < LOOK_IDS_N) {
        o->ids[o->ids_n++] = x->id;
    }
}

/* The start of a new run, read again from the log. */
static enum status begin(struct walk *w, const struct look_file *f, int64_t i, struct str what) {
    const struct look_line *x = &f->lines[i];
    struct run *r = &w->runs[w->n++];
    struct str text;
    bool good;
    *r = (struct run){ .what = what };
    r->out = (struct look_run){ .member = x->member,
                                .line = f->base + i + 1,
                                .door = (enum door)x->door,
                                .kind = run_kind((enum look_kind)x->kind),
                                .what = str_dup(w->a, what),
                                .first_ms = x->at_ms,
                                .last_ms = x->at_ms };
    TRY(journal_line_read(w->a, w->l, f, i, &text, &good));
    r->out.wrong = !good;
    if (x->kind == LOOK_EVENT) {
        struct str part;
        for (int k = 0; k < 5; k++) (void)str_cut(&text, ' ', &part);
        r->out.address = text;
        r->out.ids[r->out.ids_n++] = x->id;
    }
    return OK;
}

/* *full: another run would begin at line i. */
static enum status walk_file(struct walk *w, const struct look_file *f, int64_t last, int limit,
                             int64_t *stop, bool *ended) {
    struct codes codes = { -1, -1 };
    for (int i = 0; i < LOOK_NAMES_N; i++) {
        if (strcmp(f->head->names[i], "party") == 0) codes.party = i;
        if (strcmp(f->head->names[i], "attachment") == 0) codes.attachment = i;
    }
    int64_t early = w->q->from_ms ? w->q->from_ms - LATE_MS : INT64_MIN;
    if (f->head->last_ms < early) {
        *ended = true;
        return OK;
    }
    for (int64_t i = last; i >= 0; i--) {
        const struct look_line *x = &f->lines[i];
        if (x->at_ms < early) {
            *ended = true;
            return OK;
        }
        if (!matches(w->q, x, codes)) continue;
        struct str what = str_of(f->head->names[x->what]);
        struct run *r = run_for(w, x, what);
        if (!r) {
            if (w->n == limit) {
                *stop = f->base + i + 1;
                *ended = true;
                return OK;
            }
            TRY(begin(w, f, i, what));
            r = &w->runs[w->n - 1];
        }
        add(w, r, x);
    }
    return OK;
}

enum status journal_look_runs(struct arena *a, const struct journal_look *l,
                              const struct look_query *q, struct look_runs *out) {
    int limit = q->limit < 1 ? 50 : q->limit > RUNS_MAX ? RUNS_MAX : q->limit;
    struct walk w = { .a = a, .l = l, .q = q, .runs = arena_array(a, struct run, limit) };
    bool ended = false;
    *out = (struct look_runs){ .n = 0 };
    for (int i = l->files_n - 1; i >= 0 && !ended; i--) {
        const struct look_file *f = &l->files[i];
        int64_t last = f->head ? f->head->lines_n - 1 : -1;
        if (q->before && last > q->before - 1 - f->base) last = q->before - 1 - f->base;
        if (last < 0 || (q->until_ms && f->head->first_ms >= q->until_ms)) continue;
        TRY(walk_file(&w, f, last, limit, &out->next, &ended));
    }
    out->v = arena_array(a, struct look_run, w.n + 1);
    for (; out->n < w.n; out->n++) {
        out->v[out->n] = w.runs[out->n].out;
        if (!out->v[out->n].n) out->v[out->n].n = (int64_t)w.runs[out->n].ids.n;
    }
    return OK;
}
