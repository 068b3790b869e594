/* Bonds: rules, and the words that an organisation lends its people. Called by the store and by
 * pages. */
#include "features/bond/bond.h"

#include "features/party/party.h"
#include "lib/locale/date.h"

#define FIELD(...) ENTITY_FIELD(bond, __VA_ARGS__)
static const struct field bond_fields[] = {
#include "features/bond/bond.def"
};
#undef FIELD

SQL(bond_ids,
    "SELECT id FROM bond WHERE (person = :party OR organisation = :party) AND deleted_at IS NULL "
    "ORDER BY until_date IS NOT NULL, id LIMIT 200");
SQL2(
    bond_first_employers,
    "SELECT id, person FROM bond WHERE person IN (SELECT value FROM json_each(:ids)) AND "
    "deleted_at IS NULL "
    "AND until_date IS NULL ORDER BY person, id",
    "SELECT id, person FROM bond WHERE person = ANY(CAST(translate(:ids, '[]', '{}') AS bigint[])) "
    "AND deleted_at IS NULL AND until_date IS NULL ORDER BY person, id");
SQL(bond_between, "SELECT id FROM bond WHERE person = :person AND organisation = :organisation "
                  "AND deleted_at IS NULL ORDER BY id LIMIT 1");

static enum status load(struct ctx *c, const struct rows *r, struct bonds *out) {
    void *rows;
    int64_t *ids = arena_array(c->arena, int64_t, r->n);
    for (int i = 0; i < r->n; i++) ids[i] = row_int(r, i, "id");
    TRY(store_load_all(c, &entity_bond, ids, r->n, &rows, &out->n));
    out->v = rows;
    return OK;
}

enum status bond_of_party(struct ctx *c, int64_t party, struct bonds *out) {
    struct rows r;
    TRY(db_query(c->tx, &bond_ids, &r, P("party", party)));
    return load(c, &r, out);
}

enum status bond_employers(struct ctx *c, const int64_t *people, int n, struct bond *out) {
    struct buf ids = { .arena = c->arena };
    struct rows r;
    struct bonds found;
    buf_add_c(&ids, '[');
    for (int i = 0; i < n; i++) buf_printf(&ids, i ? ",%lld" : "%lld", (long long)people[i]);
    buf_add_c(&ids, ']');
    TRY(db_query(c->tx, &bond_first_employers, &r, P("ids", buf_str(&ids))));
    TRY(load(c, &r, &found));
    for (int i = 0; i < n; i++) {
        out[i] = (struct bond){ 0 };
        for (int k = 0; k < found.n && !out[i].row.id; k++)
            if (found.v[k].person == people[i]) out[i] = found.v[k];
    }
    return OK;
}

enum status bond_make(struct ctx *c, int64_t person, int64_t organisation, struct str job_title) {
    struct rows r;
    TRY(db_query(c->tx, &bond_between, &r, P("person", person), P("organisation", organisation)));
    if (r.n) return OK;
    struct bond b = { .person = person, .organisation = organisation, .job_title = job_title };
    return store_save(c, &entity_bond, &b);
}

static enum status side(struct ctx *c, const char *field, int64_t id, const char *kind,
                        const char *text) {
    struct party p;
    enum status st = store_load(c, &entity_party, id, &p);
    if (st == MISSING) return ctx_problem(c, str_of(field), N_("There is no such client."));
    TRY(st);
    return str_eq_z(p.kind, kind) ? OK : ctx_problem(c, str_of(field), text);
}

static enum status check(struct ctx *c, void *row, const void *was) {
    struct bond *b = row;
    const struct bond *before = was;
    enum status st = OK;
    if (!before || before->person != b->person)
        st = side(c, "person", b->person, "person", N_("Choose a person here."));
    if (st != OK && st != INVALID) return st;
    if (!before || before->organisation != b->organisation)
        st = side(c, "organisation", b->organisation, "organisation",
                  N_("Choose an organisation here."));
    if (st != OK && st != INVALID) return st;
    if (b->from_date.n && b->until_date.n && str_cmp(b->until_date, b->from_date) < 0)
        ctx_problem(c, S("until_date"), N_("This is before the beginning."));
    return c->problems.n ? INVALID : OK;
}

static enum status saved(struct ctx *c, const void *row, const void *was) {
    const struct bond *b = row, *before = was;
    if (b && before && b->person == before->person && b->organisation == before->organisation)
        return OK;
    if (before)
        TRY(party_reindex(c, before->person, entity_title(c, &entity_party, before->organisation),
                          NO_STR));
    if (b)
        TRY(party_reindex(c, b->person, NO_STR, entity_title(c, &entity_party, b->organisation)));
    return OK;
}

static struct str title(struct ctx *c, const void *row) {
    const struct bond *b = row;
    struct str both[2] = { entity_title(c, &entity_party, b->person),
                           entity_title(c, &entity_party, b->organisation) };
    return str_join(c->arena, both, 2, S(" · "));
}

const struct entity entity_bond = { .name = "bond",
                                    .plural = "bonds",
                                    .label = N_("Relationship"),
                                    .label_plural = N_("Relationships"),
                                    .size = sizeof(struct bond),
                                    .fields = bond_fields,
                                    .fields_n = COUNT(bond_fields),
                                    .has_deleted = true,
                                    .party_column = "person",
                                    .other_column = "organisation",
                                    .may_read = ROLE_READER,
                                    .may_write = ROLE_MEMBER,
                                    .check = check,
                                    .saved = saved,
                                    .title = title };

const struct relation bond_relation = {
    .name = "bonds",
    .label = N_("Relationships"),
    .also = "bond;jobs;relation;relations;emplois;رابطه;رابطه‌ها;روابط;"
            "العلاقات;"
            "علاقات;"
            "الوظائف",
    .entity = &entity_bond,
    .date = "from_date",
};
