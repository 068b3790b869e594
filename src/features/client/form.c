/* A client's form: new, edit, save; a refused one comes back as it was typed, and when somebody
 * else saved meanwhile it says what and who. Called through feature.c; calls form_read, store_save,
 * form_view. */
#include "core/app/app.h"
#include "core/web/journal.h"
#include "features/bond/bond.h"
#include "features/client/form.html.h"
#include "features/client/pages.h"
#include "lib/locale/zone.h"

/* The parts of the form in the order in which people think of a client; names of fields and lists.
 */
static const struct {
    const char *id, *title, *lead, *names;
} parts[] = {
    { "part-who", N_("Who"), NULL,
      "kind title given_name family_name display_name nickname father_name latin_name own_id" },
    { "part-contact", N_("Contact"),
      N_("Write numbers the way you are used to: national or international, in any digits."),
      "phones emails handles website" },
    { "part-address", N_("Addresses"), NULL, "addresses" },
    { "part-wishes", N_("Preferences"), N_("Shown before anyone gets in touch."),
      "prefers prefers_hours zone language answers no_call no_mail no_sms" },
    { "part-business", N_("Working together"), NULL,
      "category stage responsible team territory tags next_step next_date pleasant" },
    { "part-goals", N_("Goals and requirements"),
      N_("What the client wants to reach, and how the work must be."),
      "goals needs goals_reviewed requirements style_guide resources" },
    { "part-person", N_("Personal"), NULL, "birth_date sex interests relatives occasions" },
    { "part-notes", N_("Notes"), NULL, "special notes_private" },
};

static bool has_word(const char *words, struct str word) {
    struct str rest = str_of(words), one;
    while (str_cut(&rest, ' ', &one))
        if (str_eq(one, word)) return true;
    return false;
}

static int part_of(struct str name) {
    for (int i = 0; i < COUNT(parts); i++)
        if (has_word(parts[i].names, name)) return i;
    return COUNT(parts) - 1;
}

static int order_in(const char *words, struct str name) {
    struct str rest = str_of(words), one;
    for (int i = 0; str_cut(&rest, ' ', &one); i++)
        if (str_eq(one, name)) return i;
    return 1000;
}

static struct str name_of(const struct form_part *p) {
    return p->is_list ? p->list.name : p->input.name;
}

/* A field of the other kind of client stays as it is: the form does not show it. */
static bool fits(const struct ctx *c, struct str name, bool person) {
    const struct field *f = entity_field(entity_now(c, &entity_party), name);
    return !f || !(f->is & (person ? ONLY_ORGANISATION : ONLY_PERSON));
}

/* The name: of an organisation it is a must; of a person it follows from its parts. */
static void say_name(struct ctx *c, const struct client_form *v, struct form_input *in) {
    if (!str_eq(in->name, S("display_name"))) return;
    if (v->person)
        in->hint = str_of(T(c, N_("Made from first and last name when left empty.")));
    else
        in->label = str_of(T(c, N_("Organisation|Name")));
    in->required = !v->person;
}

static void place(struct form_part_view *to, const char *words, const struct form_part *p) {
    int at = to->parts.n++;
    int order = order_in(words, name_of(p));
    for (; at > 0 && order_in(words, name_of(&to->parts.v[at - 1])) > order; at--)
        to->parts.v[at] = to->parts.v[at - 1];
    to->parts.v[at] = *p;
}

/* Own fields stand in the part that the business named, one of ours or one of its own. */
static struct form_part_view *own_part(struct ctx *c, struct client_form *v, struct str label,
                                       int room) {
    int i = 0;
    while (i < v->sections.n && !str_eq(v->sections.v[i].title, label)) i++;
    if (i < v->sections.n) return &v->sections.v[i];
    struct form_part_view *made = &v->sections.v[v->sections.n++];
    *made =
        (struct form_part_view){ .id = str_printf(c->arena, "part-own-%d", i).p, .title = label };
    made->parts.v = arena_array(c->arena, struct form_part, room);
    return made;
}

static void arrange(struct ctx *c, struct client_form *v) {
    int all_n = entity_now(c, &entity_party)->fields_n + entity_party.manys_n;
    v->sections.v = arena_array(c->arena, struct form_part_view, COUNT(parts) + all_n);
    for (; v->sections.n < COUNT(parts); v->sections.n++) {
        int i = v->sections.n;
        v->sections.v[i] = (struct form_part_view){ .id = parts[i].id,
                                                    .title = str_of(T(c, parts[i].title)),
                                                    .lead = parts[i].lead };
        v->sections.v[i].parts.v = arena_array(c->arena, struct form_part, all_n);
    }
    for (int s = 0; s < v->form.sections.n; s++)
        for (int i = 0; i < v->form.sections.v[s].parts.n; i++) {
            struct form_part *p = &v->form.sections.v[s].parts.v[i];
            say_name(c, v, &p->input);
            struct str name = name_of(p);
            bool asked_apart = str_eq(name, S("kind")) && v->id == 0;
            int at = part_of(name);
            if (!fits(c, name, v->person) || asked_apart) continue;
            if (str_starts(name, S("cf_")))
                place(own_part(c, v, v->form.sections.v[s].label, all_n), "", p);
            else
                place(&v->sections.v[at], parts[at].names, p);
        }
    int kept = 0;
    for (int i = 0; i < v->sections.n; i++)
        if (v->sections.v[i].parts.n) v->sections.v[kept++] = v->sections.v[i];
    v->sections.n = kept;
}

static struct form_input plain_input(struct req *r, const char *name, const char *label,
                                     const char *hint) {
    struct ctx *c = &r->c;
    const struct problem *p = ctx_problem_at(c, str_of(name));
    return (struct form_input){ .name = str_of(name),
                                .id = str_printf(c->arena, "f-%s", name),
                                .label = str_of(T(c, label)),
                                .value = req_form(r, name),
                                .hint = hint ? str_of(T(c, hint)) : NO_STR,
                                .widget = S("text"),
                                .max = 200,
                                .problem = p ? ctx_problem_text(c, p) : NO_STR };
}

static enum status show_form(struct req *r, const struct party *p, const struct http_pairs *form,
                             struct client_form *v) {
    struct ctx *c = &r->c;
    v->id = p->row.id;
    v->version = p->row.version;
    v->person = party_is_person(p);
    v->kind = p->kind;
    v->name = p->row.id ? entity_title(c, &entity_party, p->row.id) : NO_STR;
    v->zones = zone_names(r->app->zones, c->arena);
    TRY(form_view(c, &entity_party, p, form, &v->form));
    arrange(c, v);
    v->back =
        v->id ? url_printf(c->arena, "/clients/%lld", (long long)v->id) : url_own(S("/clients"));
    v->action = v->id ? v->back : url_own(S("/clients"));
    v->as_person = url_own(S("/clients/new?kind=person"));
    v->as_organisation = url_own(S("/clients/new?kind=organisation"));
    if (!v->id && v->person) {
        v->organisation =
            plain_input(r, "_organisation", N_("Organisation"),
                        N_("Where this person works. A new one is added to your clients."));
        v->job = plain_input(r, "_job_title", N_("Job title"), NULL);
    }
    const char *title = v->id       ? N_("Edit client")
                        : v->person ? N_("New client")
                                    : N_("New organisation");
    return PAGE(r, T(c, title), "clients", form_page, v);
}

/* --- new --- */

enum status client_new(struct req *r) {
    struct ctx *c = &r->c;
    struct client_form v = { 0 };
    struct party *p = row_new(c, &entity_party);
    if (str_eq(req_query(r, "kind"), S("organisation"))) p->kind = S("organisation");
    p->display_name = str_trim(req_query(r, "name")); /* what was searched for and not found */
    if (ctx_may(c, ROLE_MEMBER)) p->responsible = c->who.id;
    return show_form(r, p, NULL, &v);
}

/* The organisation that a new person works for: by name, or made. */
static enum status employ(struct req *r, const struct party *p) {
    struct ctx *c = &r->c;
    struct str name = str_trim(req_form(r, "_organisation")),
               job = str_trim(req_form(r, "_job_title"));
    struct list_query q = { .entity = &entity_party,
                            .search = name,
                            .limit = LIMIT_PAGE_N,
                            .no_total = true,
                            .filters = { { S("kind"), S("organisation") } },
                            .filters_n = 1 };
    struct list_page page;
    int64_t id = 0;
    if (name.n == 0 || !party_is_person(p)) return OK;
    if (name.n > LIMIT_QUERY) return ctx_problem(c, S("_organisation"), N_("This is too long."));
    TRY(list_run(c, &q, &page));
    for (int i = 0; i < page.n && !id; i++)
        if (str_eq(entity_title(c, &entity_party, page.ids[i]), name)) id = page.ids[i];
    if (!id) {
        struct party *firm = row_new(c, &entity_party);
        firm->kind = S("organisation");
        firm->display_name = name;
        firm->responsible = p->responsible;
        TRY(store_save(c, &entity_party, firm));
        id = firm->row.id;
    }
    enum sees own = c->who.sees; /* both were just found or made, and the person may be another's */
    c->who.sees = SEES_ALL;
    enum status st = bond_make(c, p->row.id, id, job);
    c->who.sees = own;
    return st;
}

enum status client_go_on(struct req *r, const struct party *p, const char *said) {
    struct ctx *c = &r->c;
    if (!party_seen(c, p))
        return go_toast(r, url_own(S("/clients")),
                        N_("Saved. The client is with somebody else now: you do not see it any "
                           "more."),
                        0);
    return go_toast(r, url_printf(c->arena, "/clients/%lld", (long long)p->row.id), said, c->batch);
}

/* Whoever is likely there already, or was refused: asked about once, then what is saved is meant.
 */
static enum status ask_once(struct req *r, const struct party *p, struct duplicate_nears *nears) {
    TRY(duplicate_near_typed(&r->c, p, 0, nears));
    bool asks = false;
    for (int i = 0; i < nears->n; i++)
        asks |= nears->v[i].certainty >= DUPLICATE_LIKELY || nears->v[i].warning;
    return asks && !duplicate_seen(&r->form, nears) ? CONFLICT : OK;
}

enum status client_create(struct req *r) {
    struct ctx *c = &r->c;
    struct duplicate_nears nears;
    struct party *p = row_new(c, &entity_party);
    TRY(form_read(c, &r->form, &entity_party, p));
    if (p->row.version) return MALFORMED;
    TRY(ask_once(r, p, &nears));
    TRY(store_save(c, &entity_party, p));
    TRY(duplicate_keep(c, p->row.id, &nears));
    TRY(employ(r, p));
    return client_go_on(r, p, N_("The client is added."));
}

/* What was typed, read once more without counting its problems twice. */
static enum status typed_again(struct req *r, struct party *p) {
    struct ctx *c = &r->c;
    struct problems had = c->problems;
    c->problems = (struct problems){ 0 };
    enum status st = form_read(c, &r->form, &entity_party, p);
    if (had.n || st == OK) c->problems = had;
    return st == INVALID ? OK : st;
}

enum status client_create_again(struct req *r) {
    struct client_form v = { 0 };
    struct party *p = row_new(&r->c, &entity_party);
    TRY(typed_again(r, p));
    TRY(duplicate_near_typed(&r->c, p, 0, &v.nears));
    v.asked = v.nears.n && !r->c.problems.n;
    return show_form(r, p, &r->form, &v);
}

/* --- edit --- */

enum status client_edit(struct req *r) {
    struct client_form v = { 0 };
    struct party p;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(&r->c, &entity_party, id, &p));
    journal_read(r->app, &r->c, "party", &id, 1);
    return show_form(r, &p, NULL, &v);
}

enum status client_change(struct req *r) {
    struct ctx *c = &r->c;
    struct party p;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(c, &entity_party, id, &p));
    p.row.version = 0; /* the form's must come with it */
    TRY(form_read(c, &r->form, &entity_party, &p));
    if (p.row.version <= 0) return MALFORMED;
    TRY(store_save(c, &entity_party, &p));
    return client_go_on(r, &p, c->batch ? N_("Saved.") : N_("Nothing was changed."));
}

static void replace(struct http_pairs *form, struct str name, struct str value) {
    for (int i = 0; i < form->n; i++)
        if (str_eq(form->v[i].name, name)) form->v[i].value = value;
}

/* Where the others wrote and the person did not, their value stands in the form: what he typed
 * shows the value that the field had before them. */
static void take_over(struct ctx *c, const struct history_entry *e, const struct party *typed,
                      const struct party *now, struct http_pairs *form) {
    const struct entity *party = entity_now(c, &entity_party);
    for (int i = 0; i < e->fields.n; i++)
        for (int k = 0; k < party->fields_n; k++) {
            const struct field *f = &party->fields[k];
            struct value mine = field_get(f, typed), theirs = field_get(f, now);
            if (!str_eq(e->fields.v[i].label, str_of(field_label(c, f)))) continue;
            struct str shown = value_empty(f, mine) ? NO_STR : f->kind->show(c, f, mine);
            if (!str_eq(shown, e->fields.v[i].before)) continue;
            replace(form, str_of(f->name),
                    value_empty(f, theirs) ? S("") : f->kind->edit(c, f, theirs));
        }
}

/* The changes since the version that the form was opened with, newest first. */
static enum status meanwhile(struct req *r, const struct party *typed, const struct party *now,
                             struct client_form *v) {
    struct ctx *c = &r->c;
    struct history_list list;
    int64_t since = now->row.version - typed->row.version;
    if (since <= 0) return OK;
    TRY(history_read(c, now->row.id, 0, 0, LIMIT_PAGE_N, &list));
    v->meanwhile.v = arena_array(c->arena, struct event, list.n + 1);
    for (int i = 0; i < list.n && v->meanwhile.n < since; i++) {
        if (!entity_is(list.v[i].entity, &entity_party)) continue;
        struct event e = event_of(c, &list.v[i], now->row.id);
        e.undo = (struct url){ NO_STR };
        e.at = moment_of(c, list.v[i].at, INSTANT_RELATIVE);
        v->meanwhile.v[v->meanwhile.n++] = e;
        take_over(c, &list.v[i], typed, now, &r->form);
    }
    return OK;
}

enum status client_change_again(struct req *r) {
    struct ctx *c = &r->c;
    struct client_form v = { 0 };
    struct party now, *typed;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(c, &entity_party, id, &now));
    typed = row_copy(c, &entity_party, &now);
    TRY(typed_again(r, typed));
    TRY(meanwhile(r, typed, &now, &v));
    typed->row.version = now.row.version;
    return show_form(r, typed, &r->form, &v);
}
