/* One line of time out of several sources: each is read in pieces along its own key, the newest of
 * their heads comes first, and where each stopped is the place from which the next page goes on.
 * Nothing is read that does not come near the page, unless a search has to look for it. Called by
 * view.c; calls the sources. */
#include "features/timeline/timeline.h"

#include "lib/text/fold.h"

enum { PIECE = 100, LOOKED_MOST = 2000, SLACK_MS = 24 * 60 * 60 * 1000 };

struct stream {
    const struct timeline_source *source;
    struct timeline_items piece;
    int at;
    int64_t below, last; /* where the next piece begins; the last item that was passed */
    bool ended;
};
struct merge {
    struct ctx *c;
    const struct timeline_query *q;
    struct strs words;
    struct stream v[TIMELINE_SOURCES_MAX];
    int piece, looked;
};

static bool begins_a_word(struct str text, struct str word) {
    for (struct str rest = text, one; str_cut(&rest, ' ', &one);)
        if (str_starts(one, word)) return true;
    return false;
}

/* Every word that was typed begins some word of its texts, in whatever script and accents. */
static bool says(const struct merge *m, const struct stream *s, const struct timeline_item *i) {
    struct arena *a = m->c->arena;
    if (m->words.n == 0) return true;
    struct arena_mark mark = arena_mark(a);
    struct strs texts = s->source->texts(m->c, i);
    int found = 0;
    for (int k = 0; k < texts.n; k++) texts.v[k] = fold(a, texts.v[k]);
    for (int w = 0; w < m->words.n; w++)
        for (int k = 0; k < texts.n; k++)
            if (begins_a_word(texts.v[k], m->words.v[w])) {
                found++;
                break;
            }
    arena_back(a, mark);
    return found == m->words.n;
}

static bool wanted(const struct merge *m, const struct stream *s, const struct timeline_item *i) {
    const struct timeline_query *q = m->q;
    if (q->member && i->member != q->member) return false;
    if (q->from_ms && i->at < q->from_ms) return false;
    if (q->until_ms && i->at >= q->until_ms) return false;
    return says(m, s, i);
}

/* To the next item of this source that is wanted; or to its end, or until enough was looked at. */
static enum status settle(struct merge *m, struct stream *s) {
    while (!s->ended && m->looked < LOOKED_MOST) {
        if (s->at < s->piece.n) {
            const struct timeline_item *i = &s->piece.v[s->at];
            if (m->q->from_ms && i->at < m->q->from_ms - SLACK_MS) {
                s->ended = true;
                return OK;
            }
            if (wanted(m, s, i)) return OK;
            s->last = i->id;
            s->at++;
            m->looked++;
            continue;
        }
        if (s->piece.n || s->piece.last) {
            if (!s->piece.more) {
                s->ended = true;
                return OK;
            }
            s->below = s->last = s->piece.last;
        }
        s->piece = (struct timeline_items){ 0 };
        s->at = 0;
        TRY(s->source->read(m->c, m->q->party, s->below, m->piece, &s->piece));
        if (!s->piece.n && !s->piece.last) s->ended = true;
        if (s->piece.n == 0) m->looked++;
    }
    return OK;
}

static bool has_head(const struct stream *s) {
    return !s->ended && s->at < s->piece.n;
}

static struct strs words_of(struct ctx *c, struct str typed) {
    struct strs words;
    fold_words(c->arena, typed, &words);
    return words;
}

static void begin(struct ctx *c, const struct timeline_query *q, struct merge *m) {
    bool narrow = q->member || q->from_ms || q->until_ms || q->search.n;
    *m = (struct merge){
        .c = c, .q = q, .words = words_of(c, q->search), .piece = narrow ? PIECE : q->limit + 1
    };
    for (int i = 0; i < timeline_sources_n; i++)
        m->v[i] = (struct stream){ .source = &timeline_sources[i],
                                   .below = q->below[i],
                                   .last = q->below[i],
                                   .ended = q->sources && !(q->sources >> i & 1) };
}

static struct stream *newest(struct merge *m) {
    struct stream *best = NULL;
    for (int i = 0; i < timeline_sources_n; i++) {
        struct stream *s = &m->v[i];
        if (has_head(s) && (!best || s->piece.v[s->at].at > best->piece.v[best->at].at)) best = s;
    }
    return best;
}

enum status timeline_read(struct ctx *c, const struct timeline_query *q,
                          struct timeline_page *out) {
    struct merge m;
    bool more = false;
    *out = (struct timeline_page){ 0 };
    begin(c, q, &m);
    out->items.v = arena_array(c->arena, struct timeline_item, q->limit + 1);
    for (;;) {
        for (int i = 0; i < timeline_sources_n; i++) TRY(settle(&m, &m.v[i]));
        struct stream *s = newest(&m);
        bool cut_short = false;
        for (int i = 0; i < timeline_sources_n; i++)
            cut_short = cut_short || (!m.v[i].ended && !has_head(&m.v[i]));
        out->unfinished = cut_short;
        more = s || cut_short;
        if (!s || cut_short || out->items.n == q->limit) break;
        out->items.v[out->items.n] = s->piece.v[s->at++];
        out->items.v[out->items.n].source = (int)(s - m.v);
        s->last = out->items.v[out->items.n++].id;
    }
    for (int i = 0; i < timeline_sources_n; i++) out->below[i] = m.v[i].last;
    out->items.more = more;
    return OK;
}

struct str timeline_place_write(struct arena *a, const int64_t *below) {
    struct buf b = { .arena = a };
    for (int i = 0; i < timeline_sources_n; i++)
        buf_printf(&b, "%s%lld", i ? "-" : "", (long long)below[i]);
    return buf_str(&b);
}

bool timeline_place_read(struct str text, int64_t *below) {
    struct str one;
    int n = 0;
    while (str_cut(&text, '-', &one)) {
        if (n == timeline_sources_n || !str_to_i64(one, &below[n]) || below[n] < 0) return false;
        n++;
    }
    return n == timeline_sources_n;
}
