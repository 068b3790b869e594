/* Bulk reads: more different clients of one member within ten minutes than anybody's work needs
 * (journal_look.h). A sliding window over the lines in their order; fed by journal_index.c. */
#include "core/web/journal_in.h"

struct window_event {
    int64_t at_ms, id, i; /* i: the line's number in its file */
    int32_t member;
    uint8_t kind;
};
struct window_seen { /* when that member last saw that client */
    int64_t at_ms, id;
    int32_t member;
    uint8_t kind, used;
};
struct window_count {
    int32_t member;
    uint8_t kind;
    int64_t n;
};
struct bulk {
    struct arena *a;
    struct window_event *queue;
    int64_t head, tail, queue_cap;
    struct window_seen *seen;
    size_t seen_n, seen_cap;
    struct window_count *counts;
    int counts_n;
    int64_t now_ms; /* never goes back */
};

enum { SEEN_START = 1024, QUEUE_START = 1024 };

struct bulk *bulk_new(struct arena *a) {
    struct bulk *b = arena_new_of(a, struct bulk);
    b->a = a;
    b->seen_cap = SEEN_START;
    b->seen = arena_array(a, struct window_seen, b->seen_cap);
    b->queue_cap = QUEUE_START;
    b->queue = arena_array(a, struct window_event, b->queue_cap);
    return b;
}

static struct window_seen *place(struct window_seen *v, size_t cap, int32_t member, uint8_t kind,
                                 int64_t id) {
    uint64_t h = (uint64_t)id * 0x9E3779B97F4A7C15u ^ (uint64_t)member * 0xC2B2AE3D27D4EB4Fu ^ kind;
    for (size_t at = (size_t)(h >> 20) & (cap - 1);; at = (at + 1) & (cap - 1)) {
        struct window_seen *s = &v[at];
        if (!s->used || (s->id == id && s->member == member && s->kind == kind)) return s;
    }
}

/* Room for one more; those that are past the window stay behind. */
static void make_room(struct bulk *b) {
    if (b->seen_n * 2 < b->seen_cap) return;
    size_t live = 0;
    for (size_t i = 0; i < b->seen_cap; i++)
        live += b->seen[i].used && b->seen[i].at_ms >= b->now_ms - LOOK_BULK_MS;
    size_t cap = b->seen_cap;
    while (live * 4 > cap) cap *= 2;
    struct window_seen *v = arena_array(b->a, struct window_seen, cap);
    b->seen_n = 0;
    for (size_t i = 0; i < b->seen_cap; i++) {
        const struct window_seen *s = &b->seen[i];
        if (!s->used || s->at_ms < b->now_ms - LOOK_BULK_MS) continue;
        *place(v, cap, s->member, s->kind, s->id) = *s;
        b->seen_n++;
    }
    b->seen = v;
    b->seen_cap = cap;
}

static int64_t *count_of(struct bulk *b, int32_t member, uint8_t kind) {
    for (int i = 0; i < b->counts_n; i++)
        if (b->counts[i].member == member && b->counts[i].kind == kind) return &b->counts[i].n;
    size_t size = sizeof *b->counts;
    b->counts =
        arena_grow(b->a, b->counts, (size_t)b->counts_n * size, (size_t)(b->counts_n + 1) * size);
    b->counts[b->counts_n] = (struct window_count){ .member = member, .kind = kind };
    return &b->counts[b->counts_n++].n;
}

static void leave(struct bulk *b) {
    while (b->head < b->tail) {
        const struct window_event *e = &b->queue[b->head % b->queue_cap];
        if (e->at_ms >= b->now_ms - LOOK_BULK_MS) return;
        struct window_seen *s = place(b->seen, b->seen_cap, e->member, e->kind, e->id);
        if (s->used && s->at_ms == e->at_ms) --*count_of(b, e->member, e->kind);
        b->head++;
    }
}

static void enqueue(struct bulk *b, struct window_event e) {
    if (b->tail - b->head == b->queue_cap) {
        struct window_event *v = arena_array(b->a, struct window_event, b->queue_cap * 2);
        for (int64_t i = b->head; i < b->tail; i++)
            v[i % (b->queue_cap * 2)] = b->queue[i % b->queue_cap];
        b->queue = v;
        b->queue_cap *= 2;
    }
    b->queue[b->tail++ % b->queue_cap] = e;
}

void bulk_feed(struct bulk *b, struct look_line *lines, int64_t first, int64_t i) {
    struct look_line *l = &lines[i];
    if (l->kind > LOOK_LISTED || l->member == 0 || l->id == 0) return;
    int64_t most = l->kind == LOOK_OPENED ? LOOK_BULK_OPENED : LOOK_BULK_LISTED;
    if (l->at_ms > b->now_ms) b->now_ms = l->at_ms;
    leave(b);
    make_room(b);
    struct window_seen *s = place(b->seen, b->seen_cap, l->member, l->kind, l->id);
    int64_t *n = count_of(b, l->member, l->kind), was = *n;
    bool known = s->used && s->at_ms >= b->now_ms - LOOK_BULK_MS;
    bool again = known && s->at_ms == b->now_ms; /* one place in the queue for one moment */
    if (!known) ++*n;
    if (!s->used) b->seen_n++;
    *s = (struct window_seen){ b->now_ms, l->id, l->member, l->kind, 1 };
    if (!again) enqueue(b, (struct window_event){ b->now_ms, l->id, i, l->member, l->kind });
    if (*n <= most) return;
    l->bulk = 1;
    if (was > most) return;
    for (int64_t k = b->head; k < b->tail; k++) { /* and what led to it */
        const struct window_event *e = &b->queue[k % b->queue_cap];
        if (e->member == l->member && e->kind == l->kind && e->i >= first) lines[e->i].bulk = 1;
    }
}
