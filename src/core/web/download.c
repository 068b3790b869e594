/* See download.h. Called by features that give files; calls req.h. */
#include "core/web/download.h"

#include <unistd.h>

#include "core/app/filestore.h"
#include "lib/base/log.h"

void download_as(struct req *r, struct str name, const char *standard, const char *type) {
    struct arena *a = r->c.arena;
    struct buf plain = { .arena = a };
    int32_t cp;
    name = filestore_name(a, name, standard);
    for (struct str rest = name; (cp = utf8_next(&rest)) >= 0;) /* some readers decode % here too */
        buf_add_c(&plain, cp < 0x80 && cp != '%' ? (char)cp : '_');
    struct str value = str_printf(a, "attachment; filename=\"%.*s\"; filename*=UTF-8''%.*s",
                                  SF(buf_str(&plain)), SF(http_escape(a, name)));
    http_pairs_add(a, &r->headers, S("Content-Disposition"), value);
    http_pairs_add(a, &r->headers, S("Content-Type"), str_of(type));
}

static enum status send(struct req *r, const char *path) {
    if (access(path, R_OK) != 0) {
        log_warn("the file %s is not there: daftar check tells which are missing", path);
        return BROKEN;
    }
    r->raw = arena_new_of(r->c.arena, struct http_reply);
    r->raw->file = path;
    http_pairs_add(r->c.arena, &r->headers, S("Content-Security-Policy"),
                   S("sandbox; default-src 'none'"));
    return OK;
}

enum status download_file(struct req *r, const char *path, struct str name, const char *type) {
    TRY(send(r, path));
    download_as(r, name, "file", type);
    return OK;
}

enum status show_picture(struct req *r, const char *path, const char *type, struct str etag) {
    struct arena *a = r->c.arena;
    struct str tag = str_printf(a, "\"%.*s\"", SF(etag));
    http_pairs_add(a, &r->headers, S("ETag"), tag);
    http_pairs_add(a, &r->headers, S("Cache-Control"), S("private, no-cache"));
    if (str_eq(http_header(r->http, "if-none-match"), tag)) {
        r->status = 304;
        return OK;
    }
    TRY(send(r, path));
    http_pairs_add(a, &r->headers, S("Content-Disposition"), S("inline"));
    http_pairs_add(a, &r->headers, S("Content-Type"), str_of(type));
    return OK;
}
