/* What files of clients need beyond the fields: names taken apart, kinds guessed, companies and job
 * titles that become bonds, records found again. Called by core/exchange. */
#include "features/import/import.h"

#include "core/entity/moved.h"
#include "features/bond/bond.h"
#include "features/duplicate/duplicate.h"
#include "features/party/party.h"
#include "lib/locale/phone.h"
#include "lib/text/fold.h"
#include "lib/text/name.h"

enum { EXTRA_COMPANY, EXTRA_JOB_TITLE, EXTRA_UID, EXTRA_PHOTO, EXTRAS_N };
enum { UID_MAX = 200 };

static const struct exchange_extra extras[EXTRAS_N] = {
    { "company", N_("Company"),
      "organisation name;organization;organisation;employer;société;entreprise;employeur;شرکت;محل "
      "کار;سازمان;الشركة;المؤسسة;جهة العمل",
      false, NULL },
    { "job_title", N_("Job title"),
      "position;function;role;fonction;poste;سمت;شغل;المسمى الوظيفي;الوظيفة", false, NULL },
    { "uid", N_("Number of the card (UID)"), NULL, true, NULL },
    { "photo", N_("Photo"), NULL, true, "data:image/" },
};
static const char *const match_by[] = { "email", "phone", "own_id", "uid", NULL };

SQL(party_made_in, "SELECT 1 AS yes FROM change WHERE entity = 'party' AND row_id = :id "
                   "AND action = 'create' AND batch = :batch");
SQL(party_by_name,
    "SELECT party.id FROM sort_value JOIN party ON party.id = sort_value.id "
    "WHERE sort_value.field = :field AND sort_value.key = :key AND party.kind = 'organisation' "
    "AND party.deleted_at IS NULL" VISIBLE_PARTY " ORDER BY sort_value.id LIMIT 1");
SQL(party_by_uid, "SELECT id, deleted_at FROM party WHERE uid = :uid");
SQL(party_namesakes,
    "SELECT party.id FROM sort_value JOIN party ON party.id = sort_value.id "
    "WHERE sort_value.field = :field AND sort_value.key = :key AND party.kind = :kind "
    "AND party.deleted_at IS NULL ORDER BY sort_value.id LIMIT :max");

static void split(struct ctx *c, struct party *p) {
    struct name_parts n;
    name_split(c->arena, p->display_name, lang_code(c->loc->lang), &n);
    p->given_name = n.given;
    p->family_name = n.family;
    if (!p->title.n) p->title = n.title;
    /* «Dr. Sara Lang» is listed as «Sara Lang»: the title has a field of its own. */
    ptrdiff_t at = n.title.n ? str_find(p->display_name, n.title) : -1;
    struct str rest = at == 0 ? str_trim(str_sub(p->display_name, n.title.n, SIZE_MAX)) : NO_STR;
    if (rest.n) p->display_name = rest;
    if (!p->father_name.n) p->father_name = n.father;
    if (!p->nickname.n) p->nickname = n.nickname;
    if (!p->sex.n && n.sex) p->sex = n.sex == 'f' ? S("f") : S("m");
}

/* A row with a company and no person in it is the company, unless it says that it is a person. */
static enum status complete(struct ctx *c, void *row, struct str *extra, const bool *given,
                            bool one_name_column) {
    struct party *p = row;
    bool person = p->given_name.n || p->family_name.n;
    if (extra[EXTRA_UID].n <= UID_MAX) p->row.uid = extra[EXTRA_UID];
    import_photo_check(c, extra[EXTRA_PHOTO]);
    bool said = given[entity_field(&entity_party, S("kind")) - entity_party.fields];
    if (!p->display_name.n && !person && extra[EXTRA_COMPANY].n) {
        p->display_name = extra[EXTRA_COMPANY];
        if (!said) p->kind = S("organisation");
        extra[EXTRA_COMPANY] = NO_STR;
        one_name_column |= said;
    }
    if (!person && !said && looks_like_organisation(p->display_name)) p->kind = S("organisation");
    if (one_name_column && party_is_person(p) && p->display_name.n && !person) split(c, p);
    return OK;
}

static enum status match_uid(struct ctx *c, struct party *p, int64_t *id, struct str *key) {
    struct rows r;
    *key = p->row.uid;
    if (!key->n) return OK;
    TRY(db_query(c->tx, &party_by_uid, &r, P("uid", p->row.uid)));
    if (!r.n) return OK;
    *id = row_int(&r, 0, "id");
    if (row_null(&r, 0, "deleted_at")) return OK;
    p->row.uid = NO_STR;
    TRY(moved_to(c, &entity_party, *id, id)); /* he became a part of another, or is in the bin */
    if (*id && !entity_title(c, &entity_party, *id).n) *id = 0;
    return OK;
}

static enum status match(struct ctx *c, struct str by, void *row, int64_t *id, struct str *key) {
    struct party *p = row;
    *id = 0;
    if (str_eq(by, S("email"))) {
        for (int i = 0; i < p->emails.n && !*id; i++) {
            if (!key->n) *key = fold_email(c->arena, p->emails.v[i].email);
            TRY(party_by_email(c, p->emails.v[i].email, id));
        }
    } else if (str_eq(by, S("phone"))) {
        for (int i = 0; i < p->phones.n && !*id; i++) {
            struct phone_number n;
            if (!phone_parse(c->arena, p->phones.v[i].number, ctx_country(c), &n)) continue;
            if (!key->n) *key = str_dup(c->arena, str_of(n.e164));
            TRY(party_by_phone(c, str_dup(c->arena, str_of(n.e164)), id));
        }
    } else if (str_eq(by, S("own_id"))) {
        *key = p->own_id;
        int64_t old;
        TRY(party_by_own_id(c, p->own_id, id));
        TRY(party_by_old_own_id(c, p->own_id, &old));
        if (*id && *id == old) p->own_id = NO_STR; /* he keeps the number that he has now */
    } else if (str_eq(by, S("uid"))) {
        TRY(match_uid(c, p, id, key));
    } else if (by.n) {
        ctx_problem(c, S("match"), N_("Matching by “{value}” is not possible."), ARG("value", by));
        return MALFORMED;
    }
    return OK;
}

static struct str name_key(struct ctx *c, struct str name) {
    const struct field *f = entity_field(&entity_party, S("display_name"));
    return f->kind->sort_key(c, f, (struct value){ .s = name });
}

static enum status find_organisation(struct ctx *c, struct str name, int64_t *id) {
    struct str key = name_key(c, name);
    struct rows r;
    TRY(db_query(c->tx, &party_by_name, &r, P("field", store_sort_field(S("display_name"))),
                 P("key", ((struct blob){ key.p, key.n })), P_VISIBLE(c)));
    *id = r.n ? row_int(&r, 0, "id") : 0;
    return OK;
}

/* The name as the store would compose it. */
static enum status namesakes(struct ctx *c, void *row, int64_t *ids, int max, int *n) {
    struct party *p = row;
    struct str name = p->display_name.n ? p->display_name : party_full_name(c->arena, p);
    if (!name.n) name = p->nickname.n ? p->nickname : p->latin_name;
    *n = 0;
    if (!name.n) return OK;
    struct str key = name_key(c, name);
    struct rows r;
    TRY(db_query(c->tx, &party_namesakes, &r, P("field", store_sort_field(S("display_name"))),
                 P("key", ((struct blob){ key.p, key.n })), P("kind", p->kind), P("max", max)));
    for (; *n < r.n; ++*n) ids[*n] = row_int(&r, *n, "id");
    return OK;
}

static enum status made_here(struct ctx *c, int64_t id, bool *yes) {
    struct rows r;
    TRY(db_query(c->tx, &party_made_in, &r, P("id", id), P("batch", c->batch)));
    *yes = r.n > 0;
    return OK;
}

/* Not those of this very file: the look at all that follows finds them; nor those in the bin (where
 * an import that was taken back lies too), unless something is to be known of them. */
static enum status doubt(struct ctx *c, const void *row, struct exchange_doubt *out) {
    struct duplicate_nears nears;
    TRY(duplicate_near(c, row, 0, DUPLICATE_POSSIBLE, &nears));
    for (int i = 0; i < nears.n; i++) {
        const struct duplicate_near *near = &nears.v[i];
        bool ours = false;
        if (near->binned && !near->warning) continue;
        if (c->batch) TRY(made_here(c, near->id, &ours));
        if (ours) continue;
        *out = (struct exchange_doubt){ .id = near->id, .name = near->name, .why = near->why };
        return OK;
    }
    return OK;
}

static struct party *new_organisation(struct ctx *c, struct str name) {
    struct party *o = row_new(c, &entity_party);
    o->kind = S("organisation");
    o->display_name = name;
    return o;
}

/* The organisation of that name, made when there is none. */
static enum status organisation(struct ctx *c, struct str name, int64_t *id) {
    TRY(find_organisation(c, name, id));
    if (*id) return OK;
    struct party *o = new_organisation(c, name);
    TRY(store_save(c, &entity_party, o));
    *id = o->row.id;
    return OK;
}

/* Has it more than the name under which it was made? */
static bool is_bare(struct ctx *c, const struct party *there) {
    const struct party *bare = new_organisation(c, there->display_name);
    const struct entity *e = entity_now(c, &entity_party);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if (!(f->is & (SYSTEM | DERIVED)) && !value_eq(field_get(f, there), field_get(f, bare)))
            return false;
    }
    return there->phones.n + there->emails.n + there->addresses.n + there->tags.n == 0;
}

static enum status named(struct ctx *c, const void *row, int64_t *id) {
    const struct party *p = row;
    struct party there;
    int64_t found;
    bool ours;
    *id = 0;
    if (party_is_person(p) || !p->display_name.n || !c->batch) return OK;
    TRY(find_organisation(c, p->display_name, &found));
    if (!found) return OK;
    TRY(made_here(c, found, &ours));
    if (!ours) return OK;
    enum status s = store_load(c, &entity_party, found, &there);
    if (s == MISSING) return OK;
    TRY(s);
    if (is_bare(c, &there)) *id = found;
    return OK;
}

static enum status saved(struct ctx *c, const void *row, const struct str *extra) {
    const struct party *p = row;
    int64_t id;
    TRY(import_photo_save(c, p, extra[EXTRA_PHOTO]));
    if (!extra[EXTRA_COMPANY].n || !party_is_person(p)) return OK;
    TRY(organisation(c, extra[EXTRA_COMPANY], &id));
    return bond_make(c, p->row.id, id, extra[EXTRA_JOB_TITLE]);
}

static enum status read_extras(struct ctx *c, const void *rows, int n, struct str *out) {
    const struct party *p = rows;
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    struct bond *bonds = arena_array(c->arena, struct bond, n + 1);
    for (int i = 0; i < n; i++) ids[i] = p[i].row.id;
    TRY(bond_employers(c, ids, n, bonds));
    for (int i = 0; i < n; i++) {
        if (!bonds[i].row.id) continue;
        out[i * EXTRAS_N + EXTRA_COMPANY] = entity_title(c, &entity_party, bonds[i].organisation);
        out[i * EXTRAS_N + EXTRA_JOB_TITLE] = bonds[i].job_title;
    }
    return OK;
}

const struct exchange_shape party_shape = { .entity = &entity_party,
                                            .extras = extras,
                                            .extras_n = EXTRAS_N,
                                            .match_by = match_by,
                                            .match_standard = "email,phone",
                                            .complete = complete,
                                            .match = match,
                                            .named = named,
                                            .saved = saved,
                                            .namesakes = namesakes,
                                            .made_here = made_here,
                                            .doubt = doubt,
                                            .known = import_known_products,
                                            .known_n = IMPORT_KNOWN_N,
                                            .words = import_known_words,
                                            .rest = "notes_private",
                                            .read_extras = read_extras };
