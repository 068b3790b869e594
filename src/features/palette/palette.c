/* GET /palette: clients, pages and actions by what was typed; without a word what one used last and
 * what can be done here. A page of its own, or with fragment=1 the list for the dialog. Called
 * through feature.c; calls acts.c, core/entity/list and the store, which know whom one sees. */
#include "core/app/app.h"
#include "core/ask/run.h"
#include "core/entity/list.h"
#include "core/web/journal.h"
#include "core/web/router.h"
#include "features/palette/pages.h"
#include "features/palette/palette.html.h"
#include "features/segment/segment.h"
#include "features/view/view.h"
#include "lib/text/fold.h"

enum {
    CLIENTS_MOST = 6,
    SOUNDING_MOST = 3,
    ACTS_MOST = 7,
    RECENT_MOST = 6,
    GROUPS_MOST = 8,
    PATH_MOST = 120
};

struct finding {
    struct req *r;
    struct strs asked;        /* words of the fold */
    const struct party *here; /* the client whose page one is on, or NULL */
    struct palette_view view;
    int n; /* lines so far */
};

/* --- Groups and lines --- */

static struct found_group *group(struct finding *f, const char *title, int most) {
    if (f->view.groups.n == GROUPS_MOST) BUG("too many groups");
    struct found_group *g = &f->view.groups.v[f->view.groups.n++];
    *g = (struct found_group){ .title = title };
    g->lines.v = arena_array(f->r->c.arena, struct palette_line, most);
    return g;
}

static struct palette_line *line(struct finding *f, struct found_group *g) {
    struct palette_line *l = &g->lines.v[g->lines.n++];
    *l = (struct palette_line){ .n = f->n, .first = f->n == 0 };
    f->n++;
    return l;
}

static void drop_empty(struct finding *f) {
    int n = 0;
    for (int i = 0; i < f->view.groups.n; i++)
        if (f->view.groups.v[i].lines.n) f->view.groups.v[n++] = f->view.groups.v[i];
    f->view.groups.n = n;
}

static void add_client(struct finding *f, struct found_group *g, const struct party *p) {
    struct ctx *c = &f->r->c;
    struct palette_line *l = line(f, g);
    l->title = p->display_name;
    l->person = true;
    l->face = face_of(c->arena, p->display_name, party_is_person(p) ? "small" : "small firm");
    l->to = url_printf(c->arena, "/clients/%lld", (long long)p->row.id);
    if (p->phones.n)
        l->line = phone_shown(c->arena, &p->phones.v[0], c->firm.country);
    else if (p->emails.n)
        l->line = p->emails.v[0].email;
}

static const char *form_of(const struct act *a) {
    if (a->kind != ACT_POST) return NULL;
    if (strcmp(a->to, "/settings/me") == 0) return "palette-mine";
    return a->name ? "palette-assign" : "palette-go";
}

static void add_act(struct finding *f, struct found_group *g, const struct act *a,
                    struct str path) {
    struct ctx *c = &f->r->c;
    struct palette_line *l = line(f, g);
    l->title = str_of(T(c, a->label));
    l->icon = a->icon;
    l->key = a->key;
    l->form = form_of(a);
    l->print = a->kind == ACT_PROGRAM && strcmp(a->to, "print") == 0;
    l->help = a->kind == ACT_PROGRAM && !l->print;
    if (a->kind == ACT_PROGRAM) return;
    bool spot = a->kind == ACT_GO && a->name; /* a place on the page */
    l->to = url_own(spot ? str_printf(c->arena, "%.*s#%s", SF(path), a->name) : path);
    if (a->kind != ACT_POST) return;
    l->name = a->name;
    l->value = a->value;
    enum lang lang;
    if (a->value && lang_of(str_of(a->value), &lang)) l->line = str_of(lang_name(lang));
    if (a->name && !a->value) l->value = str_printf(c->arena, "%lld", (long long)c->who.id).p;
    if (!a->ask) return;
    struct tr_arg name = { .name = "name", .value = f->here->display_name, .isolate = true };
    l->ask = tr_fill(c->arena, T(c, a->ask), &name, 1);
}

/* --- What is found --- */

/* On a client's page: the ways to reach him, then what can be done with him. */
static bool act_is_here(struct finding *f, const struct act *a) {
    if (a->place != ON_CLIENT) return true;
    if (!f->here || f->here->row.deleted_at) return false;
    bool assign = strcmp(a->to, "/clients/{id}/assign") == 0;
    return !assign || f->here->responsible != f->r->c.who.id;
}

static void add_way(struct finding *f, struct found_group *g, const char *label, const char *also,
                    const char *icon, struct url to, struct str said) {
    struct act way = { .label = label, .also = also };
    if (!to.s.n || !act_match(&f->r->c, &way, &f->asked)) return;
    struct palette_line *l = line(f, g);
    l->title = str_of(T(&f->r->c, label));
    l->icon = icon;
    l->to = to;
    l->line = said;
}

static void reach(struct finding *f, struct found_group *g) {
    struct arena *a = f->r->c.arena;
    const struct party *p = f->here;
    if (p->phones.n && p->phones.v[0].e164.n)
        add_way(f, g, N_("Call"), "phone;telephone;appeler;téléphone;تلفن;زنگ;اتصال;هاتف", "phone",
                url_tel(a, p->phones.v[0].e164),
                phone_shown(a, &p->phones.v[0], f->r->c.firm.country));
    if (p->emails.n)
        add_way(f, g, N_("E-mail"), "mail;write;send;écrire;envoyer;نامه;رایانامه;رسالة;بريد",
                "mail", url_mailto(a, p->emails.v[0].email), p->emails.v[0].email);
}

static void acts_at(struct finding *f, struct found_group *g, enum act_place place, int score,
                    int most) {
    for (int i = 0; i < acts_n && g->lines.n < most; i++) {
        struct str path;
        if (acts[i].place != place || !act_is_here(f, &acts[i])) continue;
        if (f->asked.n && act_match(&f->r->c, &acts[i], &f->asked) != score) continue;
        if (act_allowed(f->r, &acts[i], f->here ? f->here->row.id : 0, &path))
            add_act(f, g, &acts[i], path);
    }
}

static void find_here(struct finding *f) {
    if (!f->here) return;
    struct found_group *g = group(f, NULL, acts_n + 2);
    g->name = f->here->display_name;
    if (!f->here->row.deleted_at) reach(f, g);
    for (int score = 2; score >= (f->asked.n ? 1 : 2); score--)
        acts_at(f, g, ON_CLIENT, score, acts_n);
}

static enum status find_clients(struct finding *f) {
    struct ctx *c = &f->r->c;
    struct list_query q = {
        .entity = &entity_party, .search = f->view.query, .no_total = true, .limit = CLIENTS_MOST
    };
    struct list_page page;
    struct party *rows;
    int n;
    TRY(list_run(c, &q, &page));
    TRY(store_load_all(c, &entity_party, page.ids, page.n, (void **)&rows, &n));
    struct found_group *g = group(f, N_("Clients"), CLIENTS_MOST);
    for (int i = 0; i < n; i++) add_client(f, g, &rows[i]);
    journal_listed(f->r->app, c, "party", page.ids, page.n);
    return OK;
}

/* Whose name sounds as typed, in another script or spelling. */
static enum status find_sounding(struct finding *f) {
    struct ctx *c = &f->r->c;
    int64_t ids[SOUNDING_MOST];
    struct party *rows;
    int n;
    TRY(ask_sounding(c, f->view.query, SOUNDING_MOST, ids, &n));
    TRY(store_load_all(c, &entity_party, ids, n, (void **)&rows, &n));
    struct found_group *g = group(f, N_("Sounds the same"), SOUNDING_MOST);
    for (int i = 0; i < n; i++) add_client(f, g, &rows[i]);
    journal_listed(f->r->app, c, "party", ids, n);
    return OK;
}

static const struct act *act_of_path(struct str path) {
    for (int i = 0; i < acts_n; i++)
        if (acts[i].kind == ACT_GO && acts[i].place == ANYWHERE && str_eq_z(path, acts[i].to))
            return &acts[i];
    return NULL;
}

static bool client_of_path(struct str path, int64_t *id) {
    struct str head = S("/clients/");
    if (!str_starts(path, head)) return false;
    struct str rest = str_sub(path, head.n, path.n), number;
    return str_cut(&rest, '/', &number) && str_to_i64(number, id) && *id > 0;
}

/* The browser remembers the paths that were open last, no names; who may not see one any more
 * does not get its name. */
static enum status find_recent(struct finding *f) {
    struct ctx *c = &f->r->c;
    struct str rest = req_query(f->r, "recent"), path, to;
    struct found_group *g = group(f, N_("Palette|Recent"), RECENT_MOST);
    for (int i = 0; i < 2 * RECENT_MOST && g->lines.n < RECENT_MOST && str_cut(&rest, ',', &path);
         i++) {
        int64_t id;
        const struct act *a = act_of_path(path);
        if (a && act_allowed(f->r, a, 0, &to)) add_act(f, g, a, to);
        if (a || !client_of_path(path, &id) || (f->here && f->here->row.id == id)) continue;
        struct party *p;
        int n;
        TRY(store_load_all(c, &entity_party, &id, 1, (void **)&p, &n));
        if (!n) continue;
        add_client(f, g, p);
        journal_listed(f->r->app, c, "party", &id, 1);
    }
    return OK;
}

/* Saved lists, one's own and shared ones. */
static enum status find_views(struct finding *f) {
    struct ctx *c = &f->r->c;
    struct view_lines all;
    TRY(view_all(c, &all));
    struct found_group *g = group(f, N_("Views"), all.n + 1);
    for (int i = 0; i < all.n; i++) {
        struct act named = { .label = str_z(c->arena, all.v[i].name), .also = "" };
        if (!act_match(c, &named, &f->asked)) continue;
        struct palette_line *l = line(f, g);
        l->title = all.v[i].name;
        l->icon = "filter";
        l->to = url_printf(c->arena, "/views/%lld", (long long)all.v[i].id);
    }
    return OK;
}

static enum status find_segments(struct finding *f) {
    struct ctx *c = &f->r->c;
    struct segment_lines all;
    TRY(segment_all(c, &all));
    struct found_group *g = group(f, N_("Segments"), all.n + 1);
    for (int i = 0; i < all.n; i++) {
        struct act named = { .label = str_z(c->arena, all.v[i].name), .also = "" };
        if (!act_match(c, &named, &f->asked)) continue;
        struct palette_line *l = line(f, g);
        l->title = all.v[i].name;
        l->icon = "segment";
        l->to = url_printf(c->arena, "/segments/%lld", (long long)all.v[i].id);
    }
    return OK;
}

/* Nothing typed: where one was, what one can do here, where one can go. */
static enum status find_all(struct finding *f) {
    if (!f->here) TRY(find_recent(f));
    find_here(f);
    if (f->here) TRY(find_recent(f));
    TRY(find_views(f));
    TRY(find_segments(f));
    acts_at(f, group(f, N_("Palette|Go to"), acts_n), ANYWHERE, 0, acts_n);
    acts_at(f, group(f, N_("Palette|Actions"), acts_n), GENERAL, 0, acts_n);
    return OK;
}

/* What begins as the reader sees it comes before clients, what only means it after them. */
static enum status find_typed(struct finding *f) {
    struct found_group *g;
    find_here(f);
    g = group(f, N_("Pages and actions"), 2 * ACTS_MOST);
    acts_at(f, g, ANYWHERE, 2, ACTS_MOST);
    acts_at(f, g, GENERAL, 2, 2 * ACTS_MOST);
    TRY(find_views(f));
    TRY(find_segments(f));
    TRY(find_clients(f));
    TRY(find_sounding(f));
    g = group(f, N_("Pages and actions"), 2 * ACTS_MOST);
    acts_at(f, g, ANYWHERE, 1, ACTS_MOST);
    acts_at(f, g, GENERAL, 1, 2 * ACTS_MOST);
    return OK;
}

static enum status load_here(struct finding *f) {
    int64_t id;
    struct party *p;
    int n;
    if (!client_of_path(f->view.at, &id)) return OK;
    TRY(store_load_all(&f->r->c, &entity_party, &id, 1, (void **)&p, &n));
    if (n) f->here = p;
    if (n) f->view.assign_was = p->responsible;
    return OK;
}

/* At most what list_run takes, cut between characters. */
static struct str typed(struct req *r) {
    struct str s = str_trim(req_query(r, "q")), rest = s;
    size_t end = 0;
    while (rest.n && utf8_next(&rest) >= 0 && s.n - rest.n <= LIMIT_QUERY) end = s.n - rest.n;
    return str_sub(s, 0, end);
}

static void words_asked(struct finding *f) {
    struct str rest = fold(f->r->c.arena, f->view.query), word;
    f->asked.v = arena_array(f->r->c.arena, struct str, (int)(rest.n / 2) + 1);
    while (str_cut(&rest, ' ', &word))
        if (word.n) f->asked.v[f->asked.n++] = word;
}

enum status palette_show(struct req *r) {
    struct finding f = { .r = r };
    struct found_group groups[GROUPS_MOST];
    f.view = (struct palette_view){ .query = typed(r),
                                    .at = req_query(r, "at"),
                                    .page = !req_query(r, "fragment").n };
    if (f.view.at.n > PATH_MOST) f.view.at = NO_STR;
    f.view.groups.v = groups;
    words_asked(&f);
    TRY(load_here(&f));
    TRY(f.asked.n ? find_typed(&f) : find_all(&f));
    drop_empty(&f);
    if (f.view.page) return PAGE(r, T(&r->c, N_("Find and do")), "palette", palette_page, &f.view);
    palette_found(page_begin(r), &f.view);
    return fragment_end(r);
}
