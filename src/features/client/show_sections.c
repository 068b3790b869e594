/* Which cards of a client's page stand where: each member orders and hides them for himself. Kept
 * as "reach details|next goals -time|files": columns between bars, a minus before what is hidden.
 * Called by show.c and through feature.c; calls the member's preferences. */
#include "core/app/preference.h"
#include "features/client/show.h"

static const char preference[] = "client.sections";
static const char standard[] =
    "reach details|next special goals requirements time|personal purchases bonds responsible files "
    "private";

static const struct {
    const char *code, *label, *add; /* add: where in the form it is filled */
} known[] = {
    { "reach", N_("How to reach"), "phones" },
    { "details", N_("Details"), NULL },
    { "next", N_("Next"), "f-next_step" },
    { "special", N_("What is special"), "f-special" },
    { "goals", N_("Goals and needs"), "f-goals" },
    { "requirements", N_("Requirements"), "f-requirements" },
    { "time", N_("What happened"), NULL },
    { "personal", N_("Personal"), "relatives" },
    { "bonds", N_("Relationships"), NULL },
    { "responsible", N_("Responsible"), NULL },
    { "files", N_("Files"), NULL },
    { "purchases", N_("Purchases"), NULL },
    { "private", N_("Private notes"), "f-notes_private" },
};

static int known_at(struct str code) {
    for (int i = 0; i < COUNT(known); i++)
        if (str_eq_z(code, known[i].code)) return i;
    return -1;
}

static void add(struct client_view *v, int column, int at, bool hidden) {
    struct section_column *col = &v->columns.v[column];
    col->v[col->n++] =
        (struct section){ .code = known[at].code, .label = known[at].label, .hidden = hidden };
}

/* What is named twice or does not exist is left out; what is not named stands where it usually
 * does, at the end. */
static void arrange(struct ctx *c, struct str kept, struct client_view *v) {
    bool seen[COUNT(known)] = { false };
    v->columns.v = arena_array(c->arena, struct section_column, SECTION_COLUMNS);
    v->columns.n = SECTION_COLUMNS;
    for (int i = 0; i < SECTION_COLUMNS; i++)
        v->columns.v[i].v = arena_array(c->arena, struct section, COUNT(known));
    for (int pass = 0; pass < 2; pass++) {
        struct str rest = pass ? str_of(standard) : kept, column, code;
        for (int i = 0; i < SECTION_COLUMNS && str_cut(&rest, '|', &column); i++)
            while (str_cut(&column, ' ', &code)) {
                bool hidden = str_starts(code, S("-"));
                int at = known_at(hidden ? str_sub(code, 1, SIZE_MAX) : code);
                if (at < 0 || seen[at]) continue;
                seen[at] = true;
                add(v, i, at, hidden);
            }
    }
}

static bool is_empty(const struct client_view *v, const char *code) {
    const struct {
        const char *code;
        bool empty;
    } all[] = {
        { "reach", !v->ways.n && !v->addresses.n && !v->wishes.n && !v->clock.there.n },
        { "next", !v->next.step.n && !v->next.date.n && !v->next.coming.n && !v->next.review },
        { "special", !v->special.n },
        { "goals", !v->goals.n },
        { "requirements", !v->requirements.n && !v->links.n },
        { "personal", !v->personal.n },
        { "bonds", !v->bonds.n },
        { "purchases", !v->purchases.n },
        { "responsible", !v->responsible.n && !v->several },
        { "private", !v->notes_private.n },
    };
    for (int i = 0; i < COUNT(all); i++)
        if (!strcmp(all[i].code, code)) return all[i].empty;
    return false;
}

static struct url where(struct ctx *c, const struct client_view *v, const char *code) {
    int at = known_at(str_of(code));
    if (!strcmp(code, "bonds"))
        return url_printf(c->arena, "/clients/%lld/bonds/new", (long long)v->id);
    if (!strcmp(code, "purchases"))
        return url_printf(c->arena, "/clients/%lld/purchases/new", (long long)v->id);
    if (!known[at].add) return (struct url){ NO_STR };
    return url_printf(c->arena, "/clients/%lld/edit#%s", (long long)v->id, known[at].add);
}

enum status client_sections(struct ctx *c, struct client_view *v) {
    struct str kept;
    TRY(preference_get(c, preference, &kept));
    arrange(c, kept, v);
    v->lacking.v = arena_array(c->arena, struct section, COUNT(known));
    for (int i = 0; i < SECTION_COLUMNS; i++)
        for (int k = 0; k < v->columns.v[i].n; k++) {
            struct section *s = &v->columns.v[i].v[k];
            s->empty = is_empty(v, s->code);
            if (!s->empty || s->hidden || !v->edits) continue;
            s->add = where(c, v, s->code);
            if (s->add.s.n) v->lacking.v[v->lacking.n++] = *s;
        }
    return OK;
}

/* --- choosing --- */

struct chosen {
    struct str v[COUNT(known) + SECTION_COLUMNS];
    int n;
};

static bool is_shown(const struct req *r, struct str code) {
    for (int i = 0; i < r->form.n; i++)
        if (str_eq_z(r->form.v[i].name, "show") && str_eq(r->form.v[i].value, code)) return true;
    return false;
}

static void move(struct chosen *all, struct str code, int step) {
    for (int i = 0; i < all->n; i++) {
        int to = i + step;
        if (!str_eq(all->v[i], code) || to < 0 || to >= all->n) continue;
        struct str other = all->v[to];
        all->v[to] = all->v[i];
        all->v[i] = other;
        return;
    }
}

static enum status read_chosen(struct req *r, struct chosen *all) {
    static const char *const names[] = {
        "csrf", "next", "order", "show", "up", "down", "standard"
    };
    for (int i = 0; i < r->form.n; i++) {
        bool is = false;
        for (int k = 0; k < COUNT(names); k++) is = is || str_eq_z(r->form.v[i].name, names[k]);
        if (!is) return MALFORMED;
        if (!str_eq_z(r->form.v[i].name, "order")) continue;
        if (all->n == COUNT(all->v)) return MALFORMED;
        struct str code = r->form.v[i].value;
        if (!str_eq(code, S("|")) && known_at(code) < 0) return MALFORMED;
        all->v[all->n++] = code;
    }
    return OK;
}

enum status client_sections_save(struct req *r) {
    struct ctx *c = &r->c;
    struct chosen all = { .n = 0 };
    struct buf b = { .arena = c->arena };
    TRY(read_chosen(r, &all));
    struct str up = req_form(r, "up"), down = req_form(r, "down");
    move(&all, up, -1);
    move(&all, down, 1);
    for (int i = 0; i < all.n && !req_form(r, "standard").n; i++) {
        bool bar = str_eq(all.v[i], S("|"));
        if (!bar && b.n && b.p[b.n - 1] != '|') buf_add_c(&b, ' ');
        if (!bar && !is_shown(r, all.v[i])) buf_add_c(&b, '-');
        buf_add(&b, all.v[i]);
    }
    TRY(preference_set(c, preference, buf_str(&b)));
    struct url to = req_next(r, req_form(r, "next"));
    if (up.n || down.n) return go(r, url_query(c->arena, to, "arrange", S("1")));
    return go_toast(r, to, N_("The page is arranged."), 0);
}
