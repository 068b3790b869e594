/* Files come in: from the client's page and from the page of one file. What can be refused is
 * refused before anything is kept (prepare), so that a refusal leaves no file behind. Routes:
 * feature.c; calls core/app/filestore.h, then the store. */
#include "features/attachment/pages.h"
#include "lib/locale/number.h"

enum { FILES_MAX = 50 };

enum status reading(struct req *r, enum status (*work)(struct req *r, void *arg), void *arg) {
    struct tx *tx;
    TRY(db_read(r->app->db, r->c.arena, &tx));
    r->c.tx = tx;
    enum status s = work(r, arg);
    r->c.tx = NULL;
    return db_end(tx, s);
}

static bool counts(const struct http_file *f) { /* an empty choice comes without name and bytes */
    return str_eq_z(f->field, "file") && (f->name.n || f->size);
}

static enum status count_files(struct req *r, const struct http_files *files, int *n) {
    struct ctx *c = &r->c;
    *n = 0;
    for (int i = 0; i < files->n; i++) *n += counts(&files->v[i]);
    if (*n == 0) return ctx_problem(c, S("file"), N_("Choose a file first."));
    if (*n <= FILES_MAX) return OK;
    return ctx_problem(c, S("file"), N_("At most {max} files at once."),
                       ARG("max", number_show(c->arena, c->loc, FILES_MAX)));
}

static enum status keep_all(struct req *r, struct incoming *in, const char *files) {
    enum status s = OK;
    for (int i = 0; i < in->n; i++) {
        if (s == OK)
            s = filestore_keep(r->c.arena, files, &in->v[i]);
        else
            filestore_drop(&in->v[i]);
        if (s == BROKEN && in->v[i].full) r->status = 507;
    }
    return s;
}

enum status incoming_take(struct req *r, const struct http_files *files, struct incoming *out) {
    struct arena *a = r->c.arena;
    const char *folder = filestore_folder(r->app, a);
    int n;
    TRY(count_files(r, files, &n));
    *out = (struct incoming){ arena_array(a, struct stored_file, n), 0 };
    for (int i = 0; i < files->n; i++) {
        if (!counts(&files->v[i])) continue;
        enum status s = filestore_take_upload(a, folder, &files->v[i], &out->v[out->n]);
        if (s != OK) {
            bool full = out->v[out->n].full;
            while (out->n) filestore_drop(&out->v[--out->n]);
            return full ? req_no_room(r) : s;
        }
        out->n++;
    }
    return keep_all(r, out, folder);
}

/* --- to a client --- */

static enum status see_client(struct req *r, void *arg) {
    struct party p;
    (void)arg;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    return store_load(&r->c, &entity_party, id, &p);
}

enum status files_prepare(struct req *r) {
    struct incoming *in = arena_new_of(r->c.arena, struct incoming);
    TRY(reading(r, see_client, NULL));
    TRY(incoming_take(r, &r->files, in));
    r->kept = in;
    return OK;
}

static const char *said(const int *how, int n) {
    if (n > 1) return N_("The files are kept.");
    if (how[ATTACHMENT_SAME]) return N_("This very file is here already.");
    if (how[ATTACHMENT_VERSION]) return N_("Kept as the newest version of the file of this name.");
    return N_("The file is kept.");
}

enum status files_save(struct req *r) {
    struct ctx *c = &r->c;
    struct incoming *in = r->kept;
    struct party p;
    int64_t id;
    int how[3] = { 0 };
    bool separate = req_form(r, "separate").n > 0, private = req_form(r, "private").n > 0;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(c, &entity_party, id, &p));
    for (int i = 0; i < in->n; i++) {
        struct attachment a;
        enum attachment_added added;
        TRY(attachment_add(c, id, &in->v[i], !separate, private, &added, &a));
        how[added]++;
    }
    const char *to =
        str_eq(req_query(r, "from"), S("card")) ? "/clients/%lld" : "/clients/%lld/files";
    return go_toast(r, url_printf(c->arena, to, (long long)id), said(how, in->n), c->batch);
}

/* --- to a file that is there --- */

static enum status see_attachment(struct req *r, void *arg) {
    struct attachment a;
    int64_t id;
    (void)arg;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    return store_load(&r->c, &entity_attachment, id, &a);
}

enum status version_prepare(struct req *r) {
    struct incoming *in = arena_new_of(r->c.arena, struct incoming);
    TRY(reading(r, see_attachment, NULL));
    TRY(incoming_take(r, &r->files, in));
    r->kept = in;
    return OK;
}

enum status version_save(struct req *r) {
    struct ctx *c = &r->c;
    struct incoming *in = r->kept;
    struct attachment a;
    int64_t id;
    enum attachment_added how = ATTACHMENT_SAME;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(c, &entity_attachment, id, &a));
    for (int i = 0; i < in->n; i++) TRY(attachment_add_version(c, &a, &in->v[i], &how));
    return go_toast(r, url_printf(c->arena, "/attachments/%lld", (long long)id),
                    how == ATTACHMENT_SAME ? N_("This very file is here already.")
                                           : N_("The new version is kept."),
                    c->batch);
}
