/* See list_address.h. Called by features/client, view, bulk; calls core/ask for questions. */
#include "core/web/list_address.h"

#include "core/ask/run.h"
#include "core/entity/moved.h"

static bool is_word_of(struct str name, const char *words) {
    struct str rest = str_of(words), word;
    while (str_cut(&rest, ' ', &word))
        if (str_eq(name, word)) return true;
    return false;
}

/* One client that was ticked, or whose part he became; twice the same is once. */
static enum status add_pick(struct ctx *c, struct str value, struct list_query *q) {
    int64_t id, to = 0;
    if (!str_to_i64(value, &id) || id <= 0 || id > UINT32_MAX) {
        ctx_problem(c, S("pick"), N_("“{value}” is not a value here."), ARG("value", value));
        return MALFORMED;
    }
    if (c->tx) TRY(moved_to(c, q->entity, id, &to));
    if (to) id = to;
    if (!q->only) q->only = arena_array(c->arena, int64_t, LIMIT_PAGE_N);
    for (int i = 0; i < q->only_n; i++)
        if (q->only[i] == id) return OK;
    if (q->only_n == LIMIT_PAGE_N) {
        ctx_problem(c, S("pick"), N_("Too many criteria at once."));
        return MALFORMED;
    }
    q->only[q->only_n++] = id;
    return OK;
}

enum status list_address_read(struct ctx *c, const struct http_pairs *asked, const char *beside,
                              const struct entity *e, struct list_query *out) {
    static const char own[] = "q sort after before letter view where";
    bool all = http_pairs_get(asked, "bulk.all").n > 0; /* what was ticked is part of it */
    *out = (struct list_query){
        .entity = e,
        .search = str_trim(http_pairs_get(asked, "q")),
        .sort = http_pairs_get(asked, "sort"),
        .after = http_pairs_get(asked, "after"),
        .before = http_pairs_get(asked, "before"),
        .letter = http_pairs_get(asked, "letter"),
        .view = http_pairs_get(asked, "view"),
    };
    struct str where = str_trim(http_pairs_get(asked, "where"));
    if (where.n > LIMIT_WHERE)
        return ctx_problem(c, S("where"),
                           N_("The question is too long for an address. Save it as a segment."));
    if (where.n) out->within = ask_within_line(c->arena, where, LANG_N);
    for (int i = 0; i < asked->n; i++) {
        struct str name = asked->v[i].name, value = str_trim(asked->v[i].value);
        if (value.n == 0 || is_word_of(name, beside) || is_word_of(name, own)) continue;
        if (str_starts(name, S("bulk."))) continue; /* of a choice of clients: features/bulk */
        if (str_eq(name, S("pick"))) {
            if (!all) TRY(add_pick(c, value, out));
            continue;
        }
        if (out->filters_n == LIMIT_FILTERS_N) {
            ctx_problem(c, name, N_("Too many criteria at once."));
            return MALFORMED;
        }
        out->filters[out->filters_n++] = (struct list_filter){ name, value };
    }
    return OK;
}

struct url list_address(struct arena *a, const char *path, const struct list_query *q) {
    const struct {
        const char *name;
        struct str value;
    } parts[] = { { "q", q->search },
                  { "sort", q->sort },
                  { "letter", q->letter },
                  { "after", q->after },
                  { "before", q->before },
                  { "view", q->view },
                  { "where", q->within ? q->within->text : NO_STR } };
    struct url u = url_own(str_of(path));
    for (int i = 0; i < q->filters_n; i++)
        u = url_query(a, u, str_z(a, q->filters[i].field), q->filters[i].value);
    for (int i = 0; i < COUNT(parts); i++)
        if (parts[i].value.n) u = url_query(a, u, parts[i].name, parts[i].value);
    for (int i = 0; i < q->only_n; i++)
        u = url_query(a, u, "pick", str_printf(a, "%lld", (long long)q->only[i]));
    return u;
}

struct str list_address_criteria(struct arena *a, const struct list_query *q) {
    struct list_query bare = *q;
    bare.after = bare.before = bare.letter = bare.view = NO_STR;
    bare.only_n = 0;
    struct str s = list_address(a, "/", &bare).s, path;
    str_cut(&s, '?', &path);
    return s.p ? s : S("");
}
