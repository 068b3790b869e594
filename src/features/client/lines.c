/* From ids to lines that people read: names, employers, marks, phones. A page of fifty clients
 * costs a handful of statements, whatever they have. Called by the pages of this folder. */
#include "features/client/lines.h"

#include "features/attachment/attachment.h"
#include "features/bond/bond.h"

struct mark stage_mark(struct ctx *c, struct str stage) {
    static const struct {
        const char *stage, *look;
    } looks[] = { { "lead", "lapis" },
                  { "prospect", "lapis" },
                  { "new", "good" },
                  { "active", "good" },
                  { "refused", "bad" } };
    const struct field *f = entity_field(&entity_party, S("stage"));
    struct mark m = { f->kind->show(c, f, (struct value){ .s = stage }), "line", "" };
    for (int i = 0; i < COUNT(looks); i++)
        if (str_eq_z(stage, looks[i].stage)) m.look = looks[i].look;
    return m;
}

struct str job_line(struct ctx *c, struct str job, struct str organisation) {
    struct str parts[2];
    int n = 0;
    if (job.n) parts[n++] = job;
    if (organisation.n) parts[n++] = organisation;
    return str_join(c->arena, parts, n,
                    c->loc->lang == LANG_FA || c->loc->lang == LANG_AR ? S("، ") : S(", "));
}

/* The names of the first employers, all in one go; parallel to p. */
static enum status employers(struct ctx *c, const struct party *p, int n, struct str *lines) {
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    struct bond *bonds = arena_array(c->arena, struct bond, n + 1);
    void *loaded;
    int firms_n = 0, found_n;
    for (int i = 0; i < n; i++) ids[i] = p[i].row.id;
    if (n) TRY(bond_employers(c, ids, n, bonds));
    for (int i = 0; i < n; i++)
        if (bonds[i].row.id) ids[firms_n++] = bonds[i].organisation;
    if (firms_n == 0) return OK;
    TRY(store_load_all(c, &entity_party, ids, firms_n, &loaded, &found_n));
    const struct party *firms = loaded;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < found_n && bonds[i].row.id; k++)
            if (firms[k].row.id == bonds[i].organisation)
                lines[i] = job_line(c, bonds[i].job_title, firms[k].display_name);
    return OK;
}

struct url phone_link(struct ctx *c, const struct phone *p) {
    return url_of_user(str_printf(c->arena, "tel:%.*s", SF(phone_dialled(c->arena, p))));
}

static void fill(struct ctx *c, const struct party *p, const struct categories *cats,
                 struct str employer, struct client_line *l) {
    bool person = party_is_person(p);
    *l = (struct client_line){
        .id = p->row.id,
        .party = p,
        .name = p->display_name,
        .to = url_printf(c->arena, "/clients/%lld", (long long)p->row.id),
        .edit = url_printf(c->arena, "/clients/%lld/edit", (long long)p->row.id),
        .line = employer.n ? employer
                : person   ? NO_STR
                           : str_of(T(c, N_("Organisation"))),
        .face = face_of(c->arena, p->display_name, person ? "" : "firm"),
    };
    l->face.picture = party_photo_url(c->arena, p);
    if (p->phones.n) {
        l->phone.s = phone_shown(c->arena, &p->phones.v[0], c->firm.country);
        l->tel = phone_link(c, &p->phones.v[0]);
    }
    if (p->emails.n) {
        l->email.s = p->emails.v[0].email;
        l->mailto = url_mailto(c->arena, p->emails.v[0].email);
    }
    for (int i = 0; i < p->addresses.n && !l->town.n; i++) l->town = p->addresses.v[i].town;
    for (int i = 0; i < cats->n; i++)
        if (cats->v[i].row.id == p->category) {
            l->has_mark = true;
            l->mark = category_mark(c, &cats->v[i]);
        }
}

static enum status load(struct ctx *c, const int64_t *ids, int n, bool binned, void **rows,
                        int *rows_n) {
    if (!binned) return store_load_all(c, &entity_party, ids, n, rows, rows_n);
    struct party *v = arena_array(c->arena, struct party, n + 1);
    *rows_n = 0;
    for (int i = 0; i < n; i++) {
        enum status st = store_load_binned(c, &entity_party, ids[i], &v[*rows_n]);
        if (st == OK)
            ++*rows_n;
        else if (st != MISSING)
            return st;
    }
    *rows = v;
    return OK;
}

enum status client_lines(struct ctx *c, const int64_t *ids, int n, bool binned,
                         struct client_lines *out) {
    struct categories cats;
    void *rows;
    int rows_n;
    TRY(load(c, ids, n, binned, &rows, &rows_n));
    TRY(category_all(c, &cats));
    const struct party *p = rows;
    struct str *jobs = arena_array(c->arena, struct str, rows_n + 1);
    TRY(employers(c, p, rows_n, jobs));
    *out = (struct client_lines){ arena_array(c->arena, struct client_line, rows_n + 1), rows_n };
    for (int i = 0; i < rows_n; i++) fill(c, &p[i], &cats, jobs[i], &out->v[i]);
    return OK;
}
