/* See memo.h. Called by serve.c around the first transaction; calls db_stamp. */
#include "core/web/memo.h"

#include <pthread.h>

#include "core/app/secret.h"
#include "core/web/journal.h"

struct page { /* unchanging once it is kept */
    unsigned char digest[SHA256_N];
    uint64_t stamp;
    int64_t made_ms, used;
    int refs;
    size_t n;
    char body[];
};
struct memo {
    pthread_mutex_t lock;
    struct page *pages[MEMO_PAGES_N];
    size_t bytes;
    int64_t clock, hits;
};

struct memo *memo_new(void) {
    struct memo *m = calloc(1, sizeof *m);
    if (!m) BUG("out of memory");
    pthread_mutex_init(&m->lock, NULL);
    return m;
}

static void release(struct page *p) { /* with the lock held */
    if (p && --p->refs == 0) free(p);
}

void memo_free(struct memo *m) {
    if (!m) return;
    for (int i = 0; i < MEMO_PAGES_N; i++) release(m->pages[i]);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

int64_t memo_hits(struct memo *m) {
    pthread_mutex_lock(&m->lock);
    int64_t n = m->hits;
    pthread_mutex_unlock(&m->lock);
    return n;
}

static void drop(struct memo *m, int i) {
    m->bytes -= m->pages[i]->n;
    release(m->pages[i]);
    m->pages[i] = NULL;
}

static void digest_of(const struct req *r, unsigned char out[SHA256_N]) {
    const struct str parts[] = { r->http->path, r->http->query_raw, http_header(r->http, "cookie"),
                                 req_wants_fragment(r) ? S("fragment") : S("page") };
    struct sha256 h;
    sha256_begin(&h);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        uint64_t n = parts[i].n;
        sha256_add(&h, (struct str){ (const char *)&n, sizeof n });
        if (n) sha256_add(&h, parts[i]);
    }
    sha256_end(&h, out);
}

/* The page under this key, held; what is too old or was made before the last commit goes. */
static struct page *take(struct memo *m, const struct memo_key *key, int64_t now_ms) {
    struct page *found = NULL;
    pthread_mutex_lock(&m->lock);
    for (int i = 0; i < MEMO_PAGES_N; i++) {
        struct page *p = m->pages[i];
        if (!p || memcmp(p->digest, key->digest, sizeof p->digest) != 0) continue;
        if (p->stamp != key->stamp || now_ms < p->made_ms || now_ms - p->made_ms >= MEMO_MS) {
            drop(m, i);
            continue;
        }
        p->used = ++m->clock;
        p->refs++;
        m->hits++;
        found = p;
    }
    pthread_mutex_unlock(&m->lock);
    return found;
}

bool memo_find(struct gate *g, struct memo_key *key) {
    struct req *r = &g->r;
    struct memo *m = r->app->memo;
    *key = (struct memo_key){ .asked = false };
    if (!m || !r->route || !(r->route->flags & ROUTE_STEADY) || r->http->method != HTTP_GET ||
        !http_header(r->http, "cookie").n || journal_stuck(r->app->journal))
        return false;
    if (db_stamp(r->app->db, &key->stamp) != OK) return false;
    key->asked = true;
    digest_of(r, key->digest);
    struct page *p = take(m, key, r->c.now_ms);
    if (!p) return false;
    buf_reserve(&r->body, p->n);
    buf_add(&r->body, (struct str){ p->body, p->n });
    r->type = S("text/html; charset=utf-8");
    pthread_mutex_lock(&m->lock);
    release(p);
    pthread_mutex_unlock(&m->lock);
    return true;
}

/* Where the next page goes: a free place, else that of the page that was not asked for longest. */
static int place_for(struct memo *m, size_t n) {
    for (;;) {
        int free_at = -1, oldest = -1;
        for (int i = 0; i < MEMO_PAGES_N; i++) {
            if (!m->pages[i])
                free_at = i;
            else if (oldest < 0 || m->pages[i]->used < m->pages[oldest]->used)
                oldest = i;
        }
        if (free_at >= 0 && m->bytes + n <= MEMO_BYTES) return free_at;
        drop(m, oldest);
    }
}

void memo_keep(struct gate *g, const struct memo_key *key) {
    struct req *r = &g->r;
    struct memo *m = r->app->memo;
    bool steady = key->asked && r->session && !r->status && !r->go.n && !r->raw && !r->after &&
                  !r->headers.n && !r->events_n && !g->proving &&
                  str_eq_z(r->type, "text/html; charset=utf-8") && r->body.n <= MEMO_PAGE_MAX;
    if (!steady) return;
    struct page *p = malloc(sizeof *p + r->body.n);
    if (!p) BUG("out of memory");
    memcpy(p->digest, key->digest, sizeof p->digest);
    p->stamp = key->stamp;
    p->made_ms = r->c.now_ms;
    p->refs = 1;
    p->n = r->body.n;
    memcpy(p->body, r->body.p, r->body.n);
    pthread_mutex_lock(&m->lock);
    for (int i = 0; i < MEMO_PAGES_N; i++)
        if (m->pages[i] && memcmp(m->pages[i]->digest, p->digest, sizeof p->digest) == 0)
            drop(m, i);
    int at = place_for(m, p->n);
    p->used = ++m->clock;
    m->bytes += p->n;
    m->pages[at] = p;
    pthread_mutex_unlock(&m->lock);
}
