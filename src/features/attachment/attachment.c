/* Files of clients as records: the store's rules, and how a file becomes one. Called by the pages
 * and the API of this folder, and by features that bring files; calls the store and the queue. */
#include "features/attachment/attachment.h"

#include "core/job/job.h"
#include "core/web/parts.h"
#include "features/attachment/preview.h"
#include "features/member/member.h"
#include "lib/image/image.h"

#define FIELD(...) ENTITY_FIELD(attachment_version, __VA_ARGS__)
static const struct field version_fields[] = {
#include "features/attachment/attachment_version.def"
};
#undef FIELD
#define MANY(...)
#define FIELD(...) ENTITY_FIELD(attachment, __VA_ARGS__)
static const struct field attachment_fields[] = {
#include "features/attachment/attachment.def"
};
#undef FIELD
#undef MANY
#define FIELD(...)
#define MANY(...) ENTITY_MANY(attachment, __VA_ARGS__)
static const struct many attachment_manys[] = {
#include "features/attachment/attachment.def"
};
#undef FIELD
#undef MANY

#define MAY_SEE                                                                                    \
    " AND (attachment.private = 0 OR attachment.created_by = :me OR CAST(:owner AS INTEGER) = 1)"
#define P_MAY_SEE(c) P("me", (c)->who.id), P("owner", ctx_may((c), ROLE_OWNER))

SQL(attachment_ids,
    "SELECT id FROM attachment WHERE party = :party AND deleted_at IS NULL "
    "AND (CAST(:below AS BIGINT) = 0 OR id < :below)" MAY_SEE " ORDER BY id DESC LIMIT :limit");
SQL(attachment_binned_ids,
    "SELECT id FROM attachment WHERE party = :party AND deleted_at IS NOT NULL "
    "AND (CAST(:below AS BIGINT) = 0 OR id < :below)" MAY_SEE " ORDER BY id DESC LIMIT :limit");
SQL(attachment_sums,
    "SELECT count(DISTINCT attachment.id) AS files_n, "
    "CAST(COALESCE(sum(attachment_version.bytes), 0) AS BIGINT) AS bytes FROM attachment "
    "JOIN attachment_version ON attachment_version.attachment = attachment.id "
    "WHERE attachment.party = :party AND attachment.deleted_at IS NULL" MAY_SEE);
SQL(attachment_same_name,
    "SELECT id FROM attachment WHERE party = :party AND deleted_at IS NULL AND (name = :name OR "
    "EXISTS (SELECT 1 FROM attachment_version WHERE attachment_version.attachment = attachment.id "
    "AND attachment_version.name = :name))" MAY_SEE " ORDER BY id DESC LIMIT 1");

/* --- rules --- */

static enum status check(struct ctx *c, void *row, const void *before) {
    const struct attachment *a = row;
    (void)before;
    if (a->versions.n == 0) return ctx_problem(c, S("versions"), N_("A file comes by upload."));
    return OK;
}

static bool has_version(const struct attachment *a, int64_t id) {
    for (int i = 0; a && i < a->versions.n; i++)
        if (a->versions.v[i].row.id == id) return true;
    return false;
}

/* Previews of what is new are made before somebody asks for them. */
static enum status saved(struct ctx *c, const void *row, const void *before) {
    const struct attachment *a = row;
    for (int i = 0; a && i < a->versions.n; i++) {
        const struct attachment_version *v = &a->versions.v[i];
        if (!has_version(before, v->row.id)) TRY(preview_enqueue(c, v->file, v->type));
    }
    return OK;
}

static struct str title(struct ctx *c, const void *row) {
    (void)c;
    return ((const struct attachment *)row)->name;
}

/* With its size: versions have the same name, mostly. */
static struct str version_title(struct ctx *c, const void *row) {
    const struct attachment_version *v = row;
    return str_printf(c->arena, "%.*s (%.*s)", SF(v->name), SF(size_shown(c, v->bytes)));
}

/* --- reading --- */

static enum status load(struct ctx *c, const struct rows *r, int limit, struct attachments *out) {
    int n = r->n > limit ? limit : r->n;
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    void *rows;
    for (int i = 0; i < n; i++) ids[i] = row_int(r, i, "id");
    TRY(store_load_all(c, &entity_attachment, ids, n, &rows, &out->n));
    out->v = rows;
    out->next = r->n > limit ? ids[n - 1] : 0;
    return OK;
}

enum status attachment_of_party(struct ctx *c, int64_t party, bool binned, int64_t below, int limit,
                                struct attachments *out) {
    struct rows r;
    TRY(db_query(c->tx, binned ? &attachment_binned_ids : &attachment_ids, &r, P("party", party),
                 P("below", below), P("limit", limit + 1), P_MAY_SEE(c)));
    return load(c, &r, limit, out);
}

enum status attachment_total(struct ctx *c, int64_t party, struct attachment_total *out) {
    struct rows r;
    TRY(db_query(c->tx, &attachment_sums, &r, P("party", party), P_MAY_SEE(c)));
    *out = (struct attachment_total){ row_int(&r, 0, "files_n"), row_int(&r, 0, "bytes") };
    return OK;
}

/* --- adding --- */

static enum status same_content(struct ctx *c, const struct attachment_version *v,
                                const struct stored_file *f, bool *same) {
    struct stored_file there;
    TRY(filestore_find(c, v->file, &there));
    *same = str_eq(there.sha256, f->sha256);
    return OK;
}

enum status attachment_add_version(struct ctx *c, struct attachment *a, const struct stored_file *f,
                                   enum attachment_added *how) {
    int64_t file;
    bool same = false;
    int n = a->versions.n;
    *how = n ? ATTACHMENT_VERSION : ATTACHMENT_NEW;
    if (n) TRY(same_content(c, attachment_newest(a), f, &same));
    if (same) {
        *how = ATTACHMENT_SAME;
        return OK;
    }
    if (n >= LIMIT_MANY_N)
        return ctx_problem(
            c, S("file"), N_("“{name}” has {max} versions already: give the file another name."),
            ARG("name", a->name), ARG("max", str_printf(c->arena, "%d", LIMIT_MANY_N)));
    TRY(filestore_row(c, f, &file));
    struct attachment_version *v = arena_array(c->arena, struct attachment_version, n + 1);
    if (n) memcpy(v, a->versions.v, (size_t)n * sizeof *v);
    v[n] = (struct attachment_version){ .file = file,
                                        .name = f->name,
                                        .type = str_of(f->type),
                                        .bytes = f->bytes,
                                        .at = c->now_ms,
                                        .member = c->who.id };
    a->versions.v = v;
    a->versions.n = n + 1;
    return store_save(c, &entity_attachment, a);
}

static struct str name_of(struct ctx *c, const struct stored_file *f) {
    struct str end = f->name;
    for (int i = 0; i < 200 && end.n; i++) utf8_next(&end);
    return str_dup(c->arena, str_sub(f->name, 0, f->name.n - end.n));
}

static enum status find_same_name(struct ctx *c, int64_t party, struct str name, int64_t *id) {
    struct rows r;
    TRY(db_query(c->tx, &attachment_same_name, &r, P("party", party), P("name", name),
                 P_MAY_SEE(c)));
    *id = r.n ? row_int(&r, 0, "id") : 0;
    return OK;
}

enum status attachment_add(struct ctx *c, int64_t party, const struct stored_file *f,
                           bool as_version, bool private, enum attachment_added *how,
                           struct attachment *out) {
    int64_t same = 0;
    memcpy(out, row_new(c, &entity_attachment), sizeof *out);
    if (as_version) TRY(find_same_name(c, party, f->name, &same));
    if (same) {
        TRY(store_load(c, &entity_attachment, same, out));
    } else {
        out->party = party;
        out->name = name_of(c, f);
        out->private = private;
    }
    return attachment_add_version(c, out, f, how);
}

const struct entity entity_attachment_version = { .name = "attachment_version",
                                                  .plural = "attachment_versions",
                                                  .label = N_("File|Version"),
                                                  .label_plural = N_("Versions"),
                                                  .size = sizeof(struct attachment_version),
                                                  .fields = version_fields,
                                                  .fields_n = COUNT(version_fields),
                                                  .is_child = true,
                                                  .by_upload = true,
                                                  .parent_column = "attachment",
                                                  .title = version_title };
const struct entity entity_attachment = { .name = "attachment",
                                          .plural = "attachments",
                                          .label = N_("File|File"),
                                          .label_plural = N_("Files"),
                                          .size = sizeof(struct attachment),
                                          .fields = attachment_fields,
                                          .fields_n = COUNT(attachment_fields),
                                          .manys = attachment_manys,
                                          .manys_n = COUNT(attachment_manys),
                                          .by_upload = true,
                                          .has_deleted = true,
                                          .party_column = "party",
                                          .private_column = "private",
                                          .may_read = ROLE_READER,
                                          .may_write = ROLE_MEMBER,
                                          .check = check,
                                          .saved = saved,
                                          .title = title };

const struct relation attachment_relation = {
    .name = "files",
    .label = N_("Files"),
    .also = "file;attachments;documents;fichier;pièces-jointes;فایل;فایل‌ها;"
            "پیوست‌ها;الملفات;ملفات;المرفقات",
    .entity = &entity_attachment,
    .date = "created_at",
    .date_is_instant = true,
};
