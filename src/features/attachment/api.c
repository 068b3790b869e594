/* Files by the API: uploads as multipart/form-data, and contents. Reading, changing and deleting of
 * the records is that of all entities (core/api). Routes: feature.c; calls core/api/api.h. */
#include "core/api/api.h"
#include "core/web/problem.h"
#include "features/attachment/pages.h"

struct upload {
    struct problem_more said; /* first: the gate finds it at r->kept */
    struct incoming in;
    bool separate, private;
};

static enum status no_query(struct req *r) {
    if (r->http->query.n == 0) return OK;
    ctx_problem(&r->c, r->http->query.v[0].name, N_("There is no such parameter here."));
    return MALFORMED;
}

/* "separate" and "private" are 1 or 0; nothing else is asked for beside the file. */
static enum status read_flag(struct req *r, const struct http_pair *p, const char *name,
                             bool *out) {
    if (!str_eq_z(p->name, name)) return MISSING;
    *out = str_eq(p->value, S("1"));
    if (*out || str_eq(p->value, S("0"))) return OK;
    ctx_problem(&r->c, p->name, N_("This is 1 or 0."));
    return MALFORMED;
}

static enum status read_parts(struct req *r, struct upload *u, bool flags) {
    struct str why = NO_STR;
    if (!http_is_multipart(r->http)) {
        r->status = 415;
        u->said.detail =
            str_of(T(&r->c, N_("The file comes as multipart/form-data, part “file”.")));
        return MALFORMED;
    }
    TRY(multipart_parse(r->c.arena, r->http, &r->form, &r->files, &why));
    for (int i = 0; i < r->form.n; i++) {
        const struct http_pair *p = &r->form.v[i];
        enum status s = flags ? read_flag(r, p, "separate", &u->separate) : MISSING;
        if (s == MISSING && flags) s = read_flag(r, p, "private", &u->private);
        if (s == MISSING) {
            ctx_problem(&r->c, p->name, N_("There is no field “{value}”."), ARG("value", p->name));
            return MALFORMED;
        }
        TRY(s);
    }
    int n = 0;
    for (int i = 0; i < r->files.n; i++) n += str_eq_z(r->files.v[i].field, "file");
    if (n == 1 && r->files.n == 1) return OK;
    return ctx_problem(&r->c, S("file"), N_("Send one file, as part “file”."));
}

static enum status see(struct req *r, void *arg) {
    const struct entity *e = *(const struct entity **)arg;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    return store_load(&r->c, e, id, arena_alloc(r->c.arena, e->size));
}

static enum status prepare(struct req *r, const struct entity *of, bool flags) {
    struct upload *u = arena_new_of(r->c.arena, struct upload);
    r->kept = u;
    TRY(no_query(r));
    TRY(reading(r, see, &of));
    TRY(read_parts(r, u, flags));
    return incoming_take(r, &r->files, &u->in);
}

enum status api_upload_prepare(struct req *r) {
    return prepare(r, &entity_party, true);
}

enum status api_upload(struct req *r) {
    const struct upload *u = r->kept;
    struct attachment a;
    struct party p;
    enum attachment_added how;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(&r->c, &entity_party, id, &p));
    TRY(attachment_add(&r->c, id, &u->in.v[0], !u->separate, u->private, &how, &a));
    api_answer_row(r, &entity_attachment, &a, how == ATTACHMENT_NEW ? 201 : 200);
    return OK;
}

enum status api_version_prepare(struct req *r) {
    return prepare(r, &entity_attachment, false);
}

enum status api_version(struct req *r) {
    const struct upload *u = r->kept;
    struct attachment a;
    enum attachment_added how;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(&r->c, &entity_attachment, id, &a));
    TRY(attachment_add_version(&r->c, &a, &u->in.v[0], &how));
    api_answer_row(r, &entity_attachment, &a, 200);
    return OK;
}

/* The newest version, or the one that the address names. */
enum status api_content(struct req *r) {
    struct attachment a;
    int64_t id, version = 0;
    r->kept = arena_new_of(r->c.arena, struct upload);
    TRY(no_query(r));
    if (!req_arg_id(r, 0, &id)) return MISSING;
    if (r->args[1].p && !req_arg_id(r, 1, &version)) return MISSING;
    TRY(store_load(&r->c, &entity_attachment, id, &a));
    if (!version) version = attachment_newest(&a)->row.id;
    for (int i = 0; i < a.versions.n; i++)
        if (a.versions.v[i].row.id == version) return version_send(r, &a, &a.versions.v[i]);
    return MISSING;
}

/* --- for GET /api/v1/openapi.json --- */

#define PROBLEM(code) "\"" code "\":{\"$ref\":\"#/components/responses/Problem\"}"
#define PROBLEMS                                                                                   \
    PROBLEM("400")                                                                                 \
    "," PROBLEM("401") "," PROBLEM("403") "," PROBLEM("404") "," PROBLEM("429") "," PROBLEM(       \
        "500") "," PROBLEM("503")
#define ID "{\"$ref\":\"#/components/parameters/Id\"}"
#define VERSION                                                                                    \
    "{\"name\":\"version\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"integer\","    \
    "\"format\":\"int64\",\"minimum\":1}}"
#define RECORD(code, text)                                                                         \
    "\"" code "\":{\"description\":\"" text                                                        \
    "\",\"headers\":{\"ETag\":{\"$ref\":\"#/components/headers/ETag\"}},"                          \
    "\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/"              \
    "Attachment\"}}}}"
#define FORM(more)                                                                                 \
    "\"requestBody\":{\"required\":true,\"content\":{\"multipart/form-data\":{\"schema\":{"        \
    "\"type\":\"object\",\"required\":[\"file\"],\"properties\":{\"file\":{\"type\":\"string\","   \
    "\"contentMediaType\":\"application/octet-stream\"}" more "}}}}}"
#define CONTENT                                                                                    \
    "\"200\":{\"description\":\"The bytes as they came, always as an attachment\",\"content\":{"   \
    "\"*/*\":{\"schema\":{\"type\":\"string\"}}}}"

const char upload_text[] =
    "{\"operationId\":\"parties_post_attachments\",\"summary\":\"Attach a file; one of the same "
    "name gets a new version\",\"tags\":[\"attachments\"],\"parameters\":[" ID "]," FORM(
        ",\"separate\":{\"type\":\"string\",\"enum\":[\"0\",\"1\"],\"description\":\"1: beside a "
        "file of the same name, not as its version\"},\"private\":{\"type\":\"string\","
        "\"enum\":[\"0\",\"1\"]}") ",\"responses\":{" RECORD("201",
                                                             "Created") "," RECORD("200",
                                                                                   "A new version, "
                                                                                   "or the same "
                                                                                   "content as "
                                                                                   "before") "," PROBLEMS
                                                                                             "," PROBLEM("413") "," PROBLEM("415") "," PROBLEM(
                                                                                                 "4"
                                                                                                 "2"
                                                                                                 "2") "," PROBLEM("507") "}}";
const char version_text[] =
    "{\"operationId\":\"attachments_post_versions\",\"summary\":\"Add a version\",\"tags\":["
    "\"attachments\"],\"parameters\":[" ID
    "]," FORM("") ",\"responses\":{" RECORD("200", "OK") "," PROBLEMS "," PROBLEM(
        "413") "," PROBLEM("415") "," PROBLEM("422") "," PROBLEM("507") "}}";
const char content_text[] =
    "{\"operationId\":\"attachments_get_content\",\"summary\":\"The newest version's content\","
    "\"tags\":[\"attachments\"],\"parameters\":[" ID "],\"responses\":{" CONTENT "," PROBLEMS "}}";
const char version_content_text[] =
    "{\"operationId\":\"attachments_get_version_content\",\"summary\":\"One version's content\","
    "\"tags\":[\"attachments\"],\"parameters\":[" ID "," VERSION "],\"responses\":{" CONTENT
    "," PROBLEMS "}}";
