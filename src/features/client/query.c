/* The list that an address asks for, and addresses of lists. Called by the list's page and by the
 * export. */
#include "features/client/client.h"

#include "features/party/party.h"

static bool is_one_of(struct str name, const char *const *names) {
    for (; *names; names++)
        if (str_eq_z(name, *names)) return true;
    return false;
}

static bool is_word_of(struct str name, const char *words) {
    struct str rest = str_of(words), word;
    while (str_cut(&rest, ' ', &word))
        if (str_eq(name, word)) return true;
    return false;
}

enum status client_query(struct req *r, const char *beside, struct list_query *out) {
    static const char *const own[] = { "q", "sort", "after", "before", "letter", NULL };
    const struct http_pairs *asked = &r->http->query;
    *out = (struct list_query){
        .entity = &entity_party,
        .search = str_trim(req_query(r, "q")),
        .sort = req_query(r, "sort"),
        .after = req_query(r, "after"),
        .before = req_query(r, "before"),
        .letter = req_query(r, "letter"),
    };
    for (int i = 0; i < asked->n; i++) {
        struct str name = asked->v[i].name, value = str_trim(asked->v[i].value);
        bool others = is_word_of(name, beside);
        if (value.n == 0 || others || is_one_of(name, own)) continue;
        if (out->filters_n == LIMIT_FILTERS_N) {
            ctx_problem(&r->c, name, N_("Too many criteria at once."));
            return MALFORMED;
        }
        out->filters[out->filters_n++] = (struct list_filter){ name, value };
    }
    return OK;
}

struct url client_query_url(struct arena *a, const char *path, const struct list_query *q) {
    const struct {
        const char *name;
        struct str value;
    } parts[] = { { "q", q->search },
                  { "sort", q->sort },
                  { "letter", q->letter },
                  { "after", q->after },
                  { "before", q->before } };
    struct url u = url_own(str_of(path));
    for (int i = 0; i < q->filters_n; i++)
        u = url_query(a, u, str_z(a, q->filters[i].field), q->filters[i].value);
    for (int i = 0; i < COUNT(parts); i++)
        if (parts[i].value.n) u = url_query(a, u, parts[i].name, parts[i].value);
    return u;
}
