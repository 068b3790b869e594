/* Which columns the sheet has: what may be one, the standard ones, those that a member chose, and
 * the page that chooses. Called by list.c, grid_edit.c and through feature.c; calls the table of
 * fields and the member's preferences. */
#include "core/app/preference.h"
#include "features/category/category.h"
#include "features/client/pages.h"
#include "features/client/grid.html.h"
#include "lib/text/json.h"

static const char preference[] = "list.columns";
enum { NAME_WIDTH = 240, TEXT_MAX = 4000 };

/* How wide a column is, and which class its cells have (on a phone a row is a card). */
static const struct {
    const char *name;
    int width;
    const char *look;
} known[] = {
    { "display_name", NAME_WIDTH, "" },
    { "category", 136, "first" },
    { "stage", 104, "" },
    { "phone", 146, "under" },
    { "email", 260, "" },
    { "town", 104, "" },
    { "country", 120, "" },
    { "responsible", 124, "" },
    { "changed_at", 134, "last" },
    { "tags", 180, "" },
};

/* Those that stand in the list until somebody chooses; the class leaves out what there is no room
 * for. In English nothing is cut at 768 pixels without the last three kinds, at 1280 with the wide
 * ones, at 1440 with the broad one too, at 1560 with all. */
static const struct {
    const char *name, *look;
} standard[] = { { "category", NULL },         { "stage", "wide" }, { "phone", NULL },
                 { "email", "wide" },          { "town", NULL },    { "responsible", "broad" },
                 { "changed_at", "last vast" } };

static int width_of(const struct grid_column *col) {
    for (int i = 0; i < COUNT(known); i++)
        if (str_eq_z(col->name, known[i].name)) return known[i].width;
    const struct kind *k = col->field ? col->field->kind : NULL;
    if (k == &kind_area) return 240;
    if (k == &kind_url || k == &kind_email) return 200;
    if (k == &kind_date || k == &kind_choice) return 124;
    if (k == &kind_yesno || k == &kind_int) return 96;
    return 150;
}

static const char *look_of(const struct grid_column *col) {
    for (int i = 0; i < COUNT(known); i++)
        if (str_eq_z(col->name, known[i].name)) return known[i].look;
    bool number = col->field && col->field->kind->is_int && col->field->kind != &kind_ref &&
                  col->field->kind != &kind_yesno;
    return number ? "num" : "";
}

static enum grid_editor editor_of(const struct ctx *c, const struct grid_column *col) {
    const struct field *f = col->field;
    if (!f || (f->is & (SYSTEM | DERIVED | SECRET)) || !ctx_may(c, entity_party.may_write))
        return EDIT_NOT;
    if (col->many && col->many->single) return EDIT_TEXT;
    const struct kind *k = f->kind;
    if (k == &kind_file || k == &kind_instant) return EDIT_NOT;
    if (k == &kind_ref)
        return f->ref == &entity_party ? EDIT_TEXT : f->ref->party_column ? EDIT_NOT : EDIT_SELECT;
    if (k == &kind_yesno) return EDIT_CHECK;
    if (k == &kind_date) return EDIT_DATE;
    if (k == &kind_area) return EDIT_AREA;
    if (k == &kind_choice || k == &kind_language || k == &kind_country) return EDIT_SELECT;
    if (k == &kind_text || k == &kind_choices) return EDIT_TEXT;
    if (k == &kind_phone || k == &kind_email || k == &kind_url || k == &kind_zone) return EDIT_LTR;
    return EDIT_ASK;
}

static void complete(struct ctx *c, struct grid_column *col, const char *label) {
    const struct field *f = col->field;
    col->label = str_of(label);
    col->width = width_of(col);
    col->look = look_of(col);
    col->edit = editor_of(c, col);
    col->sorts = !f || ((f->is & LISTED) && list_sortable(f));
}

/* Everything that can be a column, the name first, in the order of the declarations. Not: pictures,
 * and fields of phones and addresses that are no list fields. */
static int offered(struct ctx *c, struct grid_column **out) {
    static const char *const heads[][2] = { { "changed_at", N_("Client|Changed") },
                                            { "created_at", N_("Client|Added") } };
    const struct entity *e = entity_now(c, &entity_party);
    struct list_field *listed;
    int listed_n = list_fields(c->arena, e, LISTED | FILTERED, &listed), n = 1;
    struct grid_column *v = arena_array(c->arena, struct grid_column, e->fields_n + listed_n + 4);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        bool name = !strcmp(f->name, "display_name");
        if (!field_readable(c, f) || f->kind == &kind_file) continue;
        struct grid_column *col = name ? &v[0] : &v[n++];
        *col = (struct grid_column){ .name = str_of(f->name), .field = f };
        complete(c, col, name ? T(c, N_("Client|Name")) : field_label(c, f));
    }
    for (int i = 0; i < listed_n; i++) {
        if (!listed[i].many || !field_readable(c, listed[i].field)) continue;
        const struct many *m = listed[i].many;
        v[n] = (struct grid_column){ .name = m->single ? str_of(m->name) : listed[i].name,
                                     .field = listed[i].field,
                                     .many = m };
        complete(c, &v[n++], m->single ? T(c, m->label) : field_label(c, listed[i].field));
    }
    for (int i = 0; i < COUNT(heads); i++) {
        v[n] = (struct grid_column){ .name = str_of(heads[i][0]) };
        complete(c, &v[n++], T(c, heads[i][1]));
    }
    *out = v;
    return n;
}

/* Moves the column of that name to place `at` of the first ones; false: it is there already, or
 * nowhere. */
static bool choose(struct grid_column *all, int all_n, int at, struct str name) {
    for (int i = at; i < all_n; i++) {
        if (!str_eq(all[i].name, name)) continue;
        struct grid_column found = all[i];
        memmove(all + at + 1, all + at, (size_t)(i - at) * sizeof *all);
        all[at] = found;
        return true;
    }
    return false;
}

static bool read_chosen(struct ctx *c, struct str text, struct grid_columns *cols) {
    struct json *list;
    struct str why;
    if (text.n == 0 || text.n > TEXT_MAX || json_parse(c->arena, text, &list, &why) != OK ||
        json_type(list) != JSON_ARRAY)
        return false;
    for (int i = 0; i < json_n(list) && cols->n <= GRID_COLUMNS_MAX; i++) {
        const struct json *pair = json_at(list, i);
        struct str name = json_str(json_at(pair, 0));
        int64_t width = json_int(json_at(pair, 1));
        int at = str_eq_z(name, "display_name") ? 0 : cols->n;
        if (at && !choose(cols->v, cols->all_n, at, name)) continue;
        if (width >= GRID_WIDTH_MIN && width <= GRID_WIDTH_MAX) cols->v[at].width = (int)width;
        if (at) cols->n++;
    }
    return true;
}

enum status grid_columns_all(struct req *r, struct str chosen, struct grid_columns *out) {
    struct ctx *c = &r->c;
    struct str own = chosen;
    *out = (struct grid_columns){ .n = 1 };
    out->all_n = offered(c, &out->v);
    if (own.n == 0) TRY(preference_get(c, preference, &own));
    if (read_chosen(c, own, out)) return OK;
    out->standard = true;
    for (int i = 0; i < COUNT(standard); i++)
        if (choose(out->v, out->all_n, out->n, str_of(standard[i].name))) {
            if (standard[i].look) out->v[out->n].look = standard[i].look;
            out->n++;
        }
    return OK;
}

enum status grid_columns(struct req *r, struct str chosen, struct grid_columns *out) {
    return grid_columns_all(r, chosen, out);
}

bool grid_column_find(struct ctx *c, struct str name, struct grid_column *out) {
    struct grid_column *all;
    int n = offered(c, &all);
    for (int i = 0; i < n; i++)
        if (str_eq(all[i].name, name)) {
            *out = all[i];
            return true;
        }
    return false;
}

struct grid_columns grid_columns_named(struct ctx *c, struct str names) {
    struct grid_columns out = { .n = 1 };
    struct str name;
    out.all_n = offered(c, &out.v);
    while (str_cut(&names, ',', &name) && out.n <= GRID_COLUMNS_MAX)
        out.n += choose(out.v, out.all_n, out.n, name);
    return out;
}

struct str grid_columns_json(struct arena *a, const struct grid_columns *cols) {
    struct buf b = { .arena = a };
    struct json_out w = { .b = &b };
    jw_array(&w);
    for (int i = 0; i < cols->n; i++) {
        jw_array(&w);
        jw_str(&w, cols->v[i].name);
        jw_int(&w, cols->v[i].width);
        jw_end(&w);
    }
    jw_end(&w);
    return buf_str(&b);
}

enum status client_columns(struct req *r, struct str chosen, struct str *json) {
    struct grid_columns cols;
    TRY(grid_columns(r, chosen, &cols));
    *json = grid_columns_json(r->c.arena, &cols);
    return OK;
}

/* --- choosing --- */

/* The list that the panel stands in: htmx says so. */
static struct str came_from(struct req *r) {
    struct str page = http_header(r->http, "hx-current-url");
    ptrdiff_t host = str_find(page, S("://"));
    if (host < 0) return req_query(r, "next");
    page = str_sub(page, (size_t)host + 3, SIZE_MAX);
    ptrdiff_t path = str_find_c(page, '/');
    return path < 0 ? NO_STR : str_sub(page, (size_t)path, SIZE_MAX);
}

/* The open view when it has columns of its own; else one without an id. */
static enum status view_at(struct ctx *c, struct str address, struct view_line *out) {
    enum status st = view_open_at(c, address, out);
    if (st != OK || out->columns.n == 0) *out = (struct view_line){ 0 };
    return st == MISSING ? OK : st;
}

enum status grid_columns_page(struct req *r) {
    struct str from = came_from(r);
    struct columns_view v = { .next = req_next(r, from.n ? from : S("/clients")) };
    struct view_line open;
    TRY(view_at(&r->c, v.next.s, &open));
    TRY(grid_columns_all(r, open.columns, &v.columns));
    v.choices.n = v.columns.all_n - 1;
    v.choices.v = arena_array(r->c.arena, struct column_choice, v.choices.n + 1);
    for (int i = 0; i < v.choices.n; i++)
        v.choices.v[i] = (struct column_choice){ &v.columns.v[i + 1], i + 1 < v.columns.n };
    if (req_wants_fragment(r)) {
        columns_form(page_begin(r), &v);
        return fragment_end(r);
    }
    r->narrow = true;
    return PAGE(r, T(&r->c, N_("Columns")), "clients", columns_page, &v);
}

/* "town:140": a column, and how wide it is (0 or nothing: as wide as it is by itself). */
static bool add_chosen(struct grid_columns *cols, struct str given) {
    struct str name;
    int64_t width = 0;
    if (!str_cut(&given, ':', &name) || (given.n && !str_to_i64(given, &width))) return false;
    int at = str_eq_z(name, "display_name") ? 0 : cols->n;
    if (cols->n > GRID_COLUMNS_MAX) return false;
    if (at && !choose(cols->v, cols->all_n, at, name)) return true;
    if (width > GRID_WIDTH_MAX) width = GRID_WIDTH_MAX;
    if (width >= GRID_WIDTH_MIN) cols->v[at].width = (int)width;
    if (at) cols->n++;
    return true;
}

static void move(struct grid_columns *cols, struct str name, int by) {
    for (int i = 1; i < cols->n; i++) {
        int to = i + by;
        if (!str_eq(cols->v[i].name, name)) continue;
        if (to < 1 || to >= cols->n) return;
        struct grid_column kept = cols->v[i];
        cols->v[i] = cols->v[to];
        cols->v[to] = kept;
        return;
    }
}

/* What is chosen in a view that has columns of its own changes the view, which is what one sees.
 * When it is not one's own to change, they become one's own columns, of the same list without the
 * view; a width that is dragged there (asked by the script) lasts as long as the page. */
static enum status keep(struct req *r, struct str chosen, struct url *back) {
    struct ctx *c = &r->c;
    struct view_line open;
    struct grid_columns usual;
    TRY(view_at(c, back->s, &open));
    if (!open.id) return preference_set(c, preference, chosen);
    if (open.may_write && chosen.n) return view_columns_set(c, open.id, chosen);
    if (open.may_write) {
        TRY(grid_columns_all(r, S("standard"), &usual));
        return view_columns_set(c, open.id, grid_columns_json(c->arena, &usual));
    }
    if (req_wants_fragment(r)) return OK;
    *back = url_own(open.query.n ? str_printf(c->arena, "/clients?%.*s", SF(open.query))
                                 : S("/clients"));
    return preference_set(c, preference, chosen);
}

/* Chosen are the boxes that came, in their order. The arrows beside them (without scripts) move one
 * and come back to the page. */
enum status grid_columns_save(struct req *r) {
    struct ctx *c = &r->c;
    struct grid_columns cols = { .n = 1 };
    struct str up = req_form(r, "up"), down = req_form(r, "down");
    struct str next = req_form(r, "next");
    struct url back = req_next(r, next.n ? next : S("/clients"));
    struct url page = url_own(S("/clients/columns"));
    cols.all_n = offered(c, &cols.v);
    if (req_form(r, "standard").n) {
        TRY(keep(r, NO_STR, &back));
        return go(r, back);
    }
    if (!req_form(r, "col").n) return MALFORMED;
    for (int i = 0; i < r->form.n; i++) {
        if (!str_eq_z(r->form.v[i].name, "col")) continue;
        if (!add_chosen(&cols, r->form.v[i].value)) return MALFORMED;
    }
    move(&cols, up, -1);
    move(&cols, down, 1);
    TRY(keep(r, grid_columns_json(c->arena, &cols), &back));
    return go(r, up.n || down.n ? url_query(c->arena, page, "next", back.s) : back);
}
