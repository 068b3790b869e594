/* The router of router.h: a tree of path segments. Called by serve.c at start and for each request;
 * calls nothing but lib/base. */
#include "core/web/router.h"

enum { METHODS_N = HTTP_OPTIONS + 1, DEPTH_MAX = 12, ARGS_MAX = 4 };

struct node {
    struct str segment;   /* literal nodes */
    struct node *literal; /* first child that is a word; the others follow by .next */
    struct node *id, *name;
    struct node *next;
    const struct route *routes[METHODS_N];
    char *allow; /* NULL: no route ends here */
};

struct router {
    struct arena *arena;
    struct node root;
};

static struct node *child(struct router *r, struct node *at, struct str segment) {
    struct node **slot;
    if (str_eq_z(segment, "{id}")) {
        slot = &at->id;
    } else if (segment.p[0] == '{') {
        if (segment.n < 3 || segment.p[segment.n - 1] != '}') return NULL;
        slot = &at->name;
    } else {
        for (slot = &at->literal; *slot; slot = &(*slot)->next)
            if (str_eq((*slot)->segment, segment)) break;
    }
    if (!*slot) {
        *slot = arena_new_of(r->arena, struct node);
        (*slot)->segment = segment;
    }
    return *slot;
}

static void write_allow(struct router *r, struct node *at) {
    struct buf b = { .arena = r->arena };
    for (int m = 0; m < METHODS_N; m++) {
        if (!at->routes[m] && !(m == HTTP_HEAD && at->routes[HTTP_GET])) continue;
        if (b.n) buf_add(&b, S(", "));
        buf_add_z(&b, http_method_name((enum http_method)m));
    }
    at->allow = b.p;
}

static void check(const struct route *t) {
    if (!t->pattern || t->pattern[0] != '/') BUG("a route without a pattern");
    if (!t->handler) BUG("route %s has no handler", t->pattern);
    if (t->method == HTTP_HEAD || t->method == HTTP_OPTIONS)
        BUG("route %s: HEAD and OPTIONS answer by themselves", t->pattern);
    if (t->again && t->access != ACCESS_WRITE) BUG("route %s: again without WRITE", t->pattern);
    if (t->method == HTTP_GET && t->access == ACCESS_WRITE)
        BUG("route %s: GET changes nothing", t->pattern);
    if ((t->flags & ROUTE_API) && !str_starts(str_of(t->pattern), S("/api/")))
        BUG("route %s: an API route outside /api/", t->pattern);
    if ((t->flags & ROUTE_PROVEN) && (t->flags & (ROUTE_API | ROUTE_UPLOAD | ROUTE_NO_CSRF)))
        BUG("route %s: only forms and pages of a session can ask for a proof", t->pattern);
}

static void add(struct router *r, const struct route *t) {
    check(t);
    struct str rest = str_of(t->pattern + 1), segment;
    struct node *at = &r->root;
    int depth = 0, args = 0;
    while (rest.n && str_cut(&rest, '/', &segment)) {
        if (segment.n == 0 || ++depth > DEPTH_MAX) BUG("bad pattern %s", t->pattern);
        args += segment.p[0] == '{';
        at = child(r, at, segment);
        if (!at || args > ARGS_MAX) BUG("bad pattern %s", t->pattern);
    }
    if (at->routes[t->method]) BUG("two routes for %s", t->pattern);
    at->routes[t->method] = t;
    write_allow(r, at);
}

struct router *router_new(const struct routes *const *tables, int tables_n) {
    struct router *r = calloc(1, sizeof *r);
    if (!r) BUG("out of memory");
    r->arena = arena_new();
    for (int i = 0; i < tables_n; i++)
        for (int k = 0; k < tables[i]->n; k++) add(r, &tables[i]->v[k]);
    return r;
}

void router_free(struct router *r) {
    if (!r) return;
    arena_free(r->arena);
    free(r);
}

static bool is_id(struct str s) {
    if (s.n == 0 || s.n > 18 || s.p[0] == '0') return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    return true;
}

struct walk {
    struct str args[ARGS_MAX];
    int args_n;
};

/* The node where path ends; tries the more exact child first and comes back when it leads nowhere.
 */
static const struct node *find(const struct node *at, struct str rest, struct walk *w) {
    if (!rest.p) return at->allow ? at : NULL;
    struct str segment;
    str_cut(&rest, '/', &segment);
    if (segment.n == 0) return NULL;
    for (const struct node *n = at->literal; n; n = n->next) {
        if (!str_eq(n->segment, segment)) continue;
        const struct node *end = find(n, rest, w);
        if (end) return end;
        break;
    }
    const struct node *const variable[] = { is_id(segment) ? at->id : NULL, at->name };
    for (int i = 0; i < 2; i++) {
        if (!variable[i] || w->args_n == ARGS_MAX) continue;
        w->args[w->args_n++] = segment;
        const struct node *end = find(variable[i], rest, w);
        if (end) return end;
        w->args_n--;
    }
    return NULL;
}

struct routed router_find(const struct router *r, enum http_method method, struct str path) {
    struct walk w = { .args_n = 0 };
    struct routed out = { .route = NULL };
    if (path.n == 0 || path.p[0] != '/') return out;
    struct str rest = { path.p + 1, path.n - 1 };
    const struct node *at = find(&r->root, path.n == 1 ? NO_STR : rest, &w);
    if (!at) return out;
    out.route = at->routes[method == HTTP_HEAD ? HTTP_GET : method];
    if (!out.route) out.allow = at->allow;
    memcpy(out.args, w.args, sizeof out.args);
    return out;
}
