/* Which tables speak of a person (person.h). Called by person.c and by the test that walks the
 * schema: a new table must be named here, with its rows or with the reason why it has none. */
#include "core/entity/history.h"
#include "core/entity/store.h"
#include "features/export/person.h"

#define SEEN_BY_ME "(CAST(:internal AS BIGINT) = 1 AND (CAST(:see_private AS BIGINT) = 1 OR "
SQL(person_party, "SELECT * FROM party WHERE id = :id");
SQL(person_phone, "SELECT * FROM phone WHERE party = :id ORDER BY position");
SQL(person_email, "SELECT * FROM email WHERE party = :id ORDER BY position");
SQL(person_address, "SELECT * FROM address WHERE party = :id ORDER BY position");
SQL(person_relative, "SELECT * FROM relative WHERE party = :id ORDER BY position");
SQL(person_occasion, "SELECT * FROM occasion WHERE party = :id ORDER BY position");
SQL(person_handle, "SELECT * FROM handle WHERE party = :id ORDER BY position");
SQL(person_resource, "SELECT * FROM resource WHERE party = :id ORDER BY position");
SQL(person_party_tag, "SELECT * FROM party_tag WHERE party = :id ORDER BY position");
SQL(person_tag, "SELECT tag.id, tag.name FROM tag JOIN party_tag ON party_tag.tag = tag.id "
                "WHERE party_tag.party = :id ORDER BY tag.id");
SQL(person_category, "SELECT category.* FROM category JOIN party ON party.category = category.id "
                     "WHERE party.id = :id");
SQL(person_bond,
    "SELECT bond.*, p.display_name AS person_name, o.display_name AS organisation_name FROM bond "
    "JOIN party p ON p.id = bond.person JOIN party o ON o.id = bond.organisation "
    "WHERE (bond.person = :id OR bond.organisation = :id) "
    "AND EXISTS (SELECT 1 FROM party WHERE party.id = bond.person" VISIBLE_PARTY ") "
    "AND EXISTS (SELECT 1 FROM party WHERE party.id = bond.organisation" VISIBLE_PARTY ") "
    "ORDER BY bond.id");
SQL(person_note, "SELECT note.*, member.name AS author FROM note LEFT JOIN member ON member.id = "
                 "note.created_by WHERE note.party = :id AND (note.private = 0 OR " SEEN_BY_ME
                 "note.created_by = :see_me))) ORDER BY note.id");
SQL(person_purchase, "SELECT * FROM purchase WHERE party = :id ORDER BY date, id");
SQL(person_not_same, "SELECT * FROM not_same WHERE a = :id OR b = :id ORDER BY a, b");
SQL(person_merge, "SELECT * FROM merge WHERE kept = :id OR gone = :id ORDER BY id");
SQL(person_notice, "SELECT * FROM notice WHERE party = :id ORDER BY id");
SQL(person_attachment, "SELECT * FROM attachment WHERE party = :id AND (private = 0 OR " SEEN_BY_ME
                       "created_by = :see_me))) ORDER BY id");
SQL(person_attachment_version,
    "SELECT attachment_version.* FROM attachment_version JOIN attachment ON attachment.id = "
    "attachment_version.attachment WHERE attachment.party = :id AND (attachment.private = 0 "
    "OR " SEEN_BY_ME "attachment.created_by = :see_me))) "
    "ORDER BY attachment_version.attachment, attachment_version.position");
SQL(person_file,
    "SELECT file.* FROM file WHERE file.id IN (SELECT photo FROM party WHERE id = :id) OR file.id "
    "IN (SELECT v.file FROM attachment_version v JOIN attachment a ON a.id = v.attachment "
    "WHERE a.party = :id AND (a.private = 0 OR " SEEN_BY_ME "a.created_by = :see_me)))) "
    "ORDER BY file.id");
#define HIS_CHANGES                                                                                \
    "(change.party = :id OR change.other_party = :id) AND " VISIBLE_CHANGE                         \
    " AND (change.private_to IS NULL OR CAST(:internal AS BIGINT) = 1) "
SQL(person_change, "SELECT change.* FROM change WHERE " HIS_CHANGES "ORDER BY change.id");
SQL(person_batch,
    "SELECT batch.*, member.name AS who FROM batch LEFT JOIN member ON member.id = batch.member "
    "WHERE batch.id IN (SELECT change.batch FROM change WHERE " HIS_CHANGES ") ORDER BY batch.id");
SQL(person_moved, "SELECT * FROM moved WHERE entity = 'party' AND (from_id = :id OR to_id = :id) "
                  "ORDER BY from_id");
SQL(person_import,
    "SELECT import.id, import.at, import.state, import.format, import.batch, file.name, "
    "file.sha256 FROM import JOIN file ON file.id = import.file WHERE import.batch IN "
    "(SELECT change.batch FROM change WHERE change.party = :id AND change.entity = 'party') "
    "ORDER BY import.id");
SQL(person_bulk_refused, "SELECT * FROM bulk_refused WHERE party = :id ORDER BY bulk");
SQL(person_hidden,
    "SELECT (SELECT count(*) FROM note WHERE party = :id AND private <> 0 AND NOT " SEEN_BY_ME
    "created_by = :see_me))) + (SELECT count(*) FROM attachment WHERE party = :id AND private <> "
    "0 AND NOT " SEEN_BY_ME "created_by = :see_me))) AS n");

const struct person_table person_tables[] = {
    { "party", &person_party, PERSON_PLAIN },
    { "phone", &person_phone, PERSON_PLAIN },
    { "email", &person_email, PERSON_PLAIN },
    { "address", &person_address, PERSON_PLAIN },
    { "relative", &person_relative, PERSON_PLAIN },
    { "occasion", &person_occasion, PERSON_PLAIN },
    { "handle", &person_handle, PERSON_PLAIN },
    { "resource", &person_resource, PERSON_PLAIN },
    { "party_tag", &person_party_tag, PERSON_PLAIN },
    { "tag", &person_tag, PERSON_PLAIN },
    { "category", &person_category, PERSON_PLAIN },
    { "bond", &person_bond, PERSON_SIDES },
    { "note", &person_note, PERSON_EYES },
    { "purchase", &person_purchase, PERSON_PLAIN },
    { "not_same", &person_not_same, PERSON_PLAIN },
    { "merge", &person_merge, PERSON_PLAIN },
    { "notice", &person_notice, PERSON_PLAIN },
    { "attachment", &person_attachment, PERSON_EYES },
    { "attachment_version", &person_attachment_version, PERSON_EYES },
    { "file", &person_file, PERSON_EYES },
    { "change", &person_change, PERSON_CHANGES },
    { "batch", &person_batch, PERSON_CHANGES },
    { "moved", &person_moved, PERSON_PLAIN },
    { "import", &person_import, PERSON_PLAIN },
    { "bulk_refused", &person_bulk_refused, PERSON_PLAIN },
};
const int person_tables_n = COUNT(person_tables);

const struct person_reason person_reasons[] = {
    { "firm", "the business, not a person" },
    { "team", "the business, not a person" },
    { "member", "colleagues: their names stand beside what they wrote" },
    { "session", "colleagues signed in" },
    { "link", "sign-in links of colleagues" },
    { "token", "programs of colleagues" },
    { "factor", "second factors of colleagues" },
    { "recovery_code", "second factors of colleagues" },
    { "device", "browsers of colleagues" },
    { "guess", "tries to sign in, by digests" },
    { "preference", "choices of colleagues" },
    { "custom_field", "names of fields" },
    { "segment", "questions that colleagues keep" },
    { "segment_frozen", "members of a question at a moment, by number" },
    { "merge_rule", "what colleagues decided" },
    { "saved_view", "lists that colleagues keep, by their criteria" },
    { "bulk", "what was done to many, by number; what it changed is in the history" },
    { "import_refused", "rows that became nobody" },
    { "import_mapping", "names of columns" },
    { "job", "work to be done, by number; gone after a month" },
    { "idempotency", "answers to programs, kept for a day, by digests" },
    { "anchor", "digests of the journal's files; the journal itself is in the file" },
    { "meta", "of the program" },
    { "search_term", "derived from the person's rows" },
    { "search_pending", "derived from the person's rows" },
    { "measure_block", "derived from the person's rows" },
    { "measure_pending", "derived from the person's rows" },
    { "duplicate", "derived from the person's rows" },
    { "duplicate_run", "when and how all were compared" },
    { "sort_value", "derived from the person's rows" },
};
const int person_reasons_n = COUNT(person_reasons);

enum status person_rows(struct ctx *c, const struct person_table *t, const struct person_wish *wish,
                        struct rows *out) {
    int64_t internal = wish->internal;
    switch (t->params) {
    case PERSON_EYES:
        return db_query(c->tx, t->sql, out, P("id", wish->id), P("internal", internal),
                        P("see_private", ctx_may(c, ROLE_OWNER)), P("see_me", c->who.id));
    case PERSON_SIDES: return db_query(c->tx, t->sql, out, P("id", wish->id), P_VISIBLE(c));
    case PERSON_CHANGES:
        return db_query(c->tx, t->sql, out, P("id", wish->id), P("internal", internal),
                        P_VISIBLE_CHANGE(c));
    default: return db_query(c->tx, t->sql, out, P("id", wish->id));
    }
}

enum status person_left_out(struct ctx *c, const struct person_wish *wish, int64_t *n) {
    struct rows r;
    int64_t internal = wish->internal;
    TRY(db_query(c->tx, &person_hidden, &r, P("id", wish->id), P("internal", internal),
                 P("see_private", ctx_may(c, ROLE_OWNER)), P("see_me", c->who.id)));
    *n = row_int(&r, 0, "n");
    return OK;
}

/* Keys for sorting (blobs) are left out: they are made anew from the rest. */
static void write_cell(struct json_out *w, const char *name, const struct cell *x) {
    if (x->type == CELL_BLOB) return;
    jw_key(w, name);
    if (x->type == CELL_NULL)
        jw_null(w);
    else if (x->type == CELL_INT)
        jw_int(w, x->i);
    else
        jw_str(w, x->s);
}

void export_raw_row(const struct rows *r, int i, struct buf *out) {
    struct json_out w = { .b = out };
    jw_object(&w);
    for (int k = 0; k < r->columns_n; k++) write_cell(&w, r->names[k], row_cell(r, i, k));
    jw_end(&w);
}

static bool is_private(const struct entity *e, struct str name) {
    const struct field *f = e ? entity_field(e, name) : NULL;
    return f && (f->is & PRIVATE) && !e->private_column;
}

/* What a change holds, an object of field names, without the private ones. */
static struct str outward(struct ctx *c, const struct entity *e, struct str text) {
    struct json *j;
    struct str why;
    if (!text.n || json_parse(c->arena, text, &j, &why) != OK) return text;
    if (json_type(j) != JSON_OBJECT) return text;
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    jw_object(&w);
    for (int i = 0; i < json_n(j); i++) {
        if (is_private(e, json_key(j, i))) continue;
        jw_key_str(&w, json_key(j, i));
        jw_json(&w, json_value(j, i));
    }
    jw_end(&w);
    return buf_str(&b);
}

void person_outward_row(struct ctx *c, const struct rows *r, int i, struct buf *out) {
    int of = row_column(r, "entity"), before = row_column(r, "before");
    bool change = of >= 0 && before >= 0;
    const struct entity *e =
        registry_find(entity_registry(), change ? row_cell(r, i, of)->s : S("party"));
    struct json_out w = { .b = out };
    jw_object(&w);
    for (int k = 0; k < r->columns_n; k++) {
        struct cell x = *row_cell(r, i, k);
        struct str name = str_of(r->names[k]);
        if (!change && is_private(e, name)) continue;
        if (change && x.type == CELL_TEXT && (str_eq_z(name, "before") || str_eq_z(name, "after")))
            x.s = outward(c, e, x.s);
        write_cell(&w, r->names[k], &x);
    }
    jw_end(&w);
}
