/* A field that holds a file of the store (core/app/filestore.h): its row's id. Files come by
 * upload, never as a value, so nothing is ever parsed; people see the name. Called through struct
 * kind. */
#include "core/entity/kind.h"

SQL(kind_file_name, "SELECT name FROM file WHERE id = :id");

static enum status parse_file(struct ctx *c, const struct field *f, struct str at, struct str typed,
                              struct value *out) {
    (void)f;
    *out = value_int(0);
    return typed.n ? ctx_problem(c, at, N_("A file is not written but uploaded.")) : OK;
}

static struct str show_file(struct ctx *c, const struct field *f, struct value v) {
    struct rows r;
    (void)f;
    if (!v.i || db_query(c->tx, &kind_file_name, &r, P("id", v.i)) != OK || r.n == 0) return NO_STR;
    return row_str(&r, 0, "name");
}

static struct str plain_file(struct ctx *c, const struct field *f, struct value v) {
    (void)f;
    return v.i ? str_printf(c->arena, "%lld", (long long)v.i) : NO_STR;
}

const struct kind kind_file = { .name = "file",
                                .is_int = true,
                                .zero_is_null = true,
                                .widget = "file",
                                .parse = parse_file,
                                .show = show_file,
                                .edit = plain_file,
                                .plain = plain_file,
                                .json_type = "integer",
                                .json_format = "int64" };
