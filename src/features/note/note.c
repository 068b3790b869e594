/* Notes. Called by the store and by the client's page. */
#include "features/note/note.h"

#include "features/notice/notice.h"
#include "features/party/party.h"

#define FIELD(...) ENTITY_FIELD(note, __VA_ARGS__)
static const struct field note_fields[] = {
#include "features/note/note.def"
};
#undef FIELD

/* Private ones of others do not count, or a page would be short and say so. */
SQL(note_ids, "SELECT id FROM note WHERE party = :party AND deleted_at IS NULL AND (:before = 0 OR "
              "id < :before) AND (private = 0 OR created_by = :me OR CAST(:owner AS INTEGER) = 1) "
              "ORDER BY id DESC LIMIT :limit");

enum status note_of_party(struct ctx *c, int64_t party, int64_t before, int limit,
                          struct notes *out) {
    struct rows r;
    void *rows;
    TRY(db_query(c->tx, &note_ids, &r, P("party", party), P("before", before), P("limit", limit),
                 P("me", c->who.id), P("owner", ctx_may(c, ROLE_OWNER))));
    int64_t *ids = arena_array(c->arena, int64_t, r.n);
    for (int i = 0; i < r.n; i++) ids[i] = row_int(&r, i, "id");
    TRY(store_load_all(c, &entity_note, ids, r.n, &rows, &out->n));
    out->v = rows;
    return OK;
}

/* The first line, as far as it goes. */
static struct str title(struct ctx *c, const void *row) {
    struct str rest = ((const struct note *)row)->text, line;
    (void)c;
    if (!str_cut(&rest, '\n', &line)) return NO_STR;
    struct str end = line;
    for (int i = 0; i < 60 && end.n; i++) utf8_next(&end);
    return str_sub(line, 0, line.n - end.n);
}

/* Whom it names is told; what is deleted or made private is no longer told of. */
static enum status saved(struct ctx *c, const void *row, const void *was) {
    const struct note *n = row, *before = was;
    if (!n) return notice_forget(c, "note", before->row.id, false);
    if (n->private && before && !before->private) TRY(notice_forget(c, "note", n->row.id, true));
    if (!before && n->row.version > 1) return OK; /* brought back from the bin */
    return notice_named(c, n->party, "note", n->row.id, before ? before->text : NO_STR, n->text,
                        n->private != 0);
}

const struct entity entity_note = { .name = "note",
                                    .plural = "notes",
                                    .label = N_("Note"),
                                    .label_plural = N_("Notes"),
                                    .size = sizeof(struct note),
                                    .fields = note_fields,
                                    .fields_n = COUNT(note_fields),
                                    .has_deleted = true,
                                    .party_column = "party",
                                    .private_column = "private",
                                    .may_read = ROLE_READER,
                                    .may_write = ROLE_MEMBER,
                                    .saved = saved,
                                    .title = title };

const struct relation note_relation = {
    .name = "notes",
    .label = N_("Notes"),
    .also = "note;remarks;remarques;یادداشت;یادداشت‌ها;الملاحظات;"
            "ملاحظة;"
            "ملاحظات",
    .entity = &entity_note,
    .date = "created_at",
    .date_is_instant = true,
    .first = N_("First note"),
    .first_also = "première-note;نخستین-یادداشت;اولین-یادداشت;أول-ملاحظة",
    .latest = N_("Last note"),
    .latest_also = "latest-note;dernière-note;آخرین-یادداشت;آخر-ملاحظة",
};
