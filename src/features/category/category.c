/* Categories: fields, names in four languages, the ready-made four. Called by the store and by
 * pages. */
#include "features/category/category.h"

#include "lib/text/fold.h"

static const struct choice category_marks[] = {
    { "plain", N_("Mark|Plain"), NULL },
    { "vip", N_("Mark|Star"), "vip" },
    { "problem", N_("Mark|Warning"), "problem" },
    { "good", N_("Mark|Good"), NULL },
    { NULL, NULL, NULL },
};

#define FIELD(...) ENTITY_FIELD(category, __VA_ARGS__)
static const struct field category_fields[] = {
#include "features/category/category.def"
};
#undef FIELD

SQL(category_ids,
    "SELECT id FROM category WHERE deleted_at IS NULL ORDER BY position, id LIMIT 500");

struct str category_name(const struct ctx *c, const struct category *cat) {
    const struct str *const names[LANG_N] = { [LANG_EN] = &cat->name_en,
                                              [LANG_FR] = &cat->name_fr,
                                              [LANG_FA] = &cat->name_fa,
                                              [LANG_AR] = &cat->name_ar };
    const struct str *own = (int)c->loc->lang < LANG_N ? names[c->loc->lang] : NULL;
    return own && own->n ? *own : cat->name;
}

enum status category_all(struct ctx *c, struct categories *out) {
    struct rows r;
    void *rows;
    TRY(db_query(c->tx, &category_ids, &r));
    int64_t *ids = arena_array(c->arena, int64_t, r.n);
    for (int i = 0; i < r.n; i++) ids[i] = row_int(&r, i, "id");
    TRY(store_load_all(c, &entity_category, ids, r.n, &rows, &out->n));
    out->v = rows;
    return OK;
}

static struct str title(struct ctx *c, const void *row) {
    return category_name(c, row);
}

static enum status find(struct ctx *c, struct str name, int64_t *id) {
    struct categories all;
    struct str key = fold(c->arena, name);
    TRY(category_all(c, &all));
    *id = 0;
    for (int i = 0; i < all.n && !*id; i++) {
        const struct category *cat = &all.v[i];
        const struct str names[] = { cat->name,    cat->name_en, cat->name_fr,
                                     cat->name_fa, cat->name_ar, cat->code };
        for (int k = 0; k < COUNT(names); k++)
            if (names[k].n && str_eq(fold(c->arena, names[k]), key)) *id = cat->row.id;
    }
    return OK;
}

static enum status check(struct ctx *c, void *row, const void *before) {
    struct category *cat = row;
    int64_t other;
    (void)before;
    if (!cat->mark.n) cat->mark = S("plain");
    TRY(find(c, cat->name, &other));
    if (other && other != cat->row.id)
        return ctx_problem(c, S("name"), N_("There is a category with this name already."));
    return OK;
}

enum status category_ready_made(struct ctx *c) {
    static const struct category made[] = {
        { .code = S("ordinary"),
          .name = S("Ordinary"),
          .name_en = S("Ordinary"),
          .name_fr = S("Ordinaire"),
          .name_fa = S("عادی"),
          .name_ar = S("عادي"),
          .mark = S("plain"),
          .position = 1 },
        { .code = S("vip"),
          .name = S("VIP"),
          .name_en = S("VIP"),
          .name_fr = S("VIP"),
          .name_fa = S("ویژه"),
          .name_ar = S("مميز"),
          .mark = S("vip"),
          .position = 2 },
        { .code = S("problem"),
          .name = S("Problem client"),
          .name_en = S("Problem client"),
          .name_fr = S("Client à risque"),
          .name_fa = S("مشتری پرمسئله"),
          .name_ar = S("عميل صعب"),
          .mark = S("problem"),
          .position = 3 },
        { .code = S("employee"),
          .name = S("Employee"),
          .name_en = S("Employee"),
          .name_fr = S("Employé"),
          .name_fa = S("کارمند"),
          .name_ar = S("موظف"),
          .mark = S("good"),
          .position = 4 },
    };
    for (int i = 0; i < COUNT(made); i++) {
        struct category cat = made[i];
        if (str_eq(cat.code, S("problem")))
            cat.warning = str_of(T(c, N_("Full payment in advance.")));
        TRY(store_save(c, &entity_category, &cat));
    }
    return OK;
}

const struct entity entity_category = { .name = "category",
                                        .plural = "categories",
                                        .label = N_("Category"),
                                        .label_plural = N_("Categories"),
                                        .size = sizeof(struct category),
                                        .fields = category_fields,
                                        .fields_n = COUNT(category_fields),
                                        .has_deleted = true,
                                        .may_read = ROLE_READER,
                                        .may_write = ROLE_MANAGER,
                                        .check = check,
                                        .title = title,
                                        .find = find };
