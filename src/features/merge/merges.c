/* GET /merges, GET /merges/{id} and POST /merges/{id}/apart: what was merged, and taking it apart,
 * with what came since to be sorted; the note on the client's page. Routes: feature.c. Calls
 * merge.c and part.c. */
#include "core/web/journal.h"
#include "features/merge/pages.h"

#include "features/member/member.h"
#include "features/merge/pages.html.h"

enum { LINES = 50 };

static struct str who_of(struct ctx *c, int64_t member) {
    struct str name = member ? entity_title(c, &entity_member, member) : NO_STR;
    return name.n ? name : str_of(T(c, N_("The program")));
}

static struct url one_url(struct ctx *c, int64_t id, const char *act) {
    return url_printf(c->arena, "/merges/%lld%s", (long long)id, act);
}

/* --- the list --- */

static struct merge_line line_of(struct ctx *c, const struct merge *m) {
    return (struct merge_line){
        .to = one_url(c, m->id, ""),
        .kept_to = url_printf(c->arena, "/clients/%lld", (long long)m->kept),
        .kept = entity_title(c, &entity_party, m->kept),
        .gone = entity_title(c, &entity_party, m->gone),
        .who = who_of(c, m->member),
        .at = moment_of(c, m->at, INSTANT_RELATIVE),
        .apart = m->state == MERGE_APART,
        .busy = m->state == MERGE_MOVING || m->state == MERGE_PARTING,
        .by_rule = m->rule != 0,
    };
}

/* The gone one's name is that of a part of who is seen: everybody who sees him may read it. */
static enum status names_of(struct ctx *c, const struct merges *all) {
    int64_t *ids = arena_array(c->arena, int64_t, all->n * 2 + 1);
    for (int i = 0; i < all->n; i++) ids[i * 2] = all->v[i].kept, ids[i * 2 + 1] = all->v[i].gone;
    return entity_titles(c, &entity_party, ids, all->n * 2);
}

enum status merges_page(struct req *r) {
    struct ctx *c = &r->c;
    struct str text = req_query(r, "below");
    struct merges all;
    struct merges_page v = { .lines = { .n = 0 } };
    int64_t below = 0;
    if (text.n && (!str_to_i64(text, &below) || below <= 0)) return MALFORMED;
    TRY(merge_list(c, below, LINES, &all));
    TRY(names_of(c, &all));
    v.lines.v = arena_array(c->arena, struct merge_line, all.n + 1);
    int64_t *ids = arena_array(c->arena, int64_t, all.n + 1);
    for (int i = 0; i < all.n; i++) {
        v.lines.v[v.lines.n++] = line_of(c, &all.v[i]);
        ids[i] = all.v[i].kept;
    }
    journal_listed(r->app, c, "party", ids, all.n);
    if (all.next)
        v.older = url_query(c->arena, url_own(S("/merges")), "below",
                            str_printf(c->arena, "%lld", (long long)all.next));
    if (below) v.newest = url_own(S("/merges"));
    if (ctx_may(c, ROLE_MANAGER)) v.rules = url_own(S("/settings/merging"));
    return PAGE(r, T(c, N_("Merged clients")), "duplicates", merges_html, &v);
}

/* --- one --- */

static enum status since_of(struct ctx *c, const struct merge *m, struct apart_page *v) {
    struct since s;
    TRY(part_since(c, m, &s));
    v->fields.v = s.fields, v->fields.n = s.fields_n;
    v->more = s.more;
    v->rows.v = arena_array(c->arena, struct apart_row, s.rows_n + 1);
    for (int i = 0; i < s.rows_n; i++)
        v->rows.v[v->rows.n++] = (struct apart_row){
            .value = str_printf(c->arena, "%.*s %lld", SF(s.rows[i].goes.name),
                                (long long)s.rows[i].goes.id),
            .label = str_of(T(c, s.rows[i].label)),
            .title = s.rows[i].title,
            .dated = s.rows[i].at != 0,
            .who = s.rows[i].at ? who_of(c, s.rows[i].member) : NO_STR,
            .at = moment_of(c, s.rows[i].at, INSTANT_RELATIVE),
        };
    return OK;
}

static enum status show(struct req *r, const struct merge *m) {
    struct ctx *c = &r->c;
    struct party gone;
    struct apart_page v = {
        .kept = entity_title(c, &entity_party, m->kept),
        .who = who_of(c, m->member),
        .kept_to = url_printf(c->arena, "/clients/%lld", (long long)m->kept),
        .batch = url_printf(c->arena, "/history/%lld",
                            (long long)(m->apart_batch ? m->apart_batch : m->batch)),
        .action = one_url(c, m->id, "/apart"),
        .at = moment_of(c, m->at, INSTANT_LONG),
        .apart = m->state == MERGE_APART,
        .busy = m->state == MERGE_MOVING || m->state == MERGE_PARTING,
        .by_rule = m->rule != 0,
        .writes = ctx_may(c, entity_party.may_write),
    };
    TRY(store_load_binned(c, &entity_party, m->gone, &gone));
    v.gone = gone.display_name;
    if (v.apart) v.undone_at = moment_of(c, m->undone_at, INSTANT_LONG);
    int had = c->problems.n;
    enum status st = v.writes && !v.apart && !v.busy ? merge_may_part(c, m) : CONFLICT;
    if (st != OK && st != CONFLICT) return st;
    if (c->problems.n > had) v.why = ctx_problem_text(c, &c->problems.v[c->problems.n - 1]);
    if (st == OK)
        TRY(since_of(c, m, &v));
    else
        v.action = (struct url){ NO_STR };
    int64_t ids[2] = { m->kept, m->gone };
    journal_read(r->app, c, "party", ids, 2);
    return PAGE(r, T(c, N_("Merged clients")), "duplicates", apart_html, &v);
}

/* Both are to be seen: what is taken apart shows the other one's name and values. */
static enum status asked(struct req *r, struct merge *m) {
    struct party p;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(merge_load(&r->c, id, m));
    return store_load_binned(&r->c, &entity_party, m->gone, &p);
}

enum status apart_show(struct req *r) {
    struct merge m;
    TRY(asked(r, &m));
    return show(r, &m);
}

/* «note 12», «phones 7» */
static enum status read_goes(struct req *r, struct merge_goes *out, int *n) {
    *n = 0;
    for (int i = 0; i < r->form.n; i++) {
        struct str rest = r->form.v[i].value, name;
        if (!str_eq_z(r->form.v[i].name, "goes")) continue;
        if (*n == SINCE_MAX) return TOO_MANY;
        if (!str_cut(&rest, ' ', &name) || !str_to_i64(rest, &out[*n].id)) return MALFORMED;
        out[(*n)++].name = name;
    }
    return OK;
}

enum status apart_post(struct req *r) {
    struct ctx *c = &r->c;
    struct merge m;
    struct merge_goes *goes = arena_array(c->arena, struct merge_goes, SINCE_MAX);
    int n;
    TRY(asked(r, &m));
    TRY(read_goes(r, goes, &n));
    TRY(merge_part(c, &m, goes, n));
    return go_toast(r, url_printf(c->arena, "/clients/%lld", (long long)m.gone),
                    N_("They are two again."), 0);
}

/* --- on the client's page --- */

enum status merge_notes_of(struct ctx *c, int64_t client, struct merge_notes *out) {
    struct merges all;
    TRY(merge_of_client(c, client, &all));
    *out = (struct merge_notes){ .v = arena_array(c->arena, struct merge_note, all.n + 1) };
    TRY(names_of(c, &all));
    for (int i = 0; i < all.n; i++) {
        struct merge_note *n = &out->v[out->n++];
        *n = (struct merge_note){ .name = entity_title(c, &entity_party, all.v[i].gone),
                                  .at = moment_of(c, all.v[i].at, INSTANT_RELATIVE) };
        if (ctx_may(c, entity_party.may_write)) n->to = one_url(c, all.v[i].id, "");
        if (!n->name.n) out->n--; /* somebody else's, before */
    }
    return OK;
}
