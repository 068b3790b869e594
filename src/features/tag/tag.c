/* Tags. Called by the store, by forms, import and API when a tag is named. */
#include "features/tag/tag.h"

#include "lib/text/fold.h"

#define FIELD(...) ENTITY_FIELD(tag, __VA_ARGS__)
static const struct field tag_fields[] = {
#include "features/tag/tag.def"
};
#undef FIELD

SQL(tag_by_key, "SELECT id FROM tag WHERE name_key = :key AND deleted_at IS NULL");

static enum status by_name(struct ctx *c, struct str name, int64_t *id) {
    struct rows r;
    *id = 0;
    TRY(db_query(c->tx, &tag_by_key, &r, P("key", fold(c->arena, name))));
    if (r.n) *id = row_int(&r, 0, "id");
    return OK;
}

enum status tag_make(struct ctx *c, struct str name, int64_t *id) {
    TRY(by_name(c, name, id));
    if (*id) return OK;
    struct tag t = { .name = name };
    TRY(store_save(c, &entity_tag, &t));
    *id = t.row.id;
    return OK;
}

static struct str title(struct ctx *c, const void *row) {
    (void)c;
    return ((const struct tag *)row)->name;
}

static enum status check(struct ctx *c, void *row, const void *before) {
    struct tag *t = row;
    int64_t other;
    (void)before;
    t->name_key = fold(c->arena, t->name);
    if (!t->name_key.n)
        return ctx_problem(c, S("name"), N_("A tag needs at least one letter or digit."));
    TRY(by_name(c, t->name, &other));
    if (other && other != t->row.id)
        return ctx_problem(c, S("name"), N_("There is a tag with this name already."));
    return OK;
}

/* A tag that is named where one may write is made (names typed in a form, cells of a file). */
static enum status find(struct ctx *c, struct str name, int64_t *id) {
    if (!c->asks && tx_writes(c->tx) && ctx_may(c, ROLE_MEMBER) && fold(c->arena, name).n)
        return tag_make(c, name, id);
    return by_name(c, name, id);
}

const struct entity entity_tag = { .name = "tag",
                                   .plural = "tags",
                                   .label = N_("Tag"),
                                   .label_plural = N_("Tags"),
                                   .size = sizeof(struct tag),
                                   .fields = tag_fields,
                                   .fields_n = COUNT(tag_fields),
                                   .has_deleted = true,
                                   .may_read = ROLE_READER,
                                   .may_write = ROLE_MEMBER,
                                   .check = check,
                                   .title = title,
                                   .find = find };
