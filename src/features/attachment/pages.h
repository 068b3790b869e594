/* What the templates of this folder read, the handlers that feature.c lists, and what its .c files
 * share. */
#ifndef ATTACHMENT_PAGES_H
#define ATTACHMENT_PAGES_H
#include "core/web/pieces.h"
#include "features/attachment/attachment.h"

struct file_view { /* an attachment by its newest version */
    int64_t id;
    struct url to, download, small, large; /* small, large: empty when there is nothing to show */
    struct str name, size, who;
    struct moment at;
    const char *icon;
    int versions_n;
    bool private;
};
struct file_views {
    struct file_view *v;
    int n;
};
struct files_view { /* the card, and the page */
    int64_t party, files_n;
    struct str client, count, size, limit, problem;
    struct url action, all, older;
    bool writes, page, shows; /* shows: something has a preview */
    int64_t limit_bytes;
    struct file_views files, binned;
};

struct version_view {
    int64_t id, number;
    struct url download, small, large;
    struct str name, size, who;
    struct moment at;
    const char *icon;
    bool newest;
};
struct attachment_view {
    int64_t id;
    struct str name, client, description, limit, problem;
    struct url client_url, files_url, upload;
    bool writes, binned, picture, shows, private;
    int64_t party, limit_bytes;
    struct form_view form;
    struct form_inputs inputs;
    struct {
        struct version_view *v;
        int n;
    } versions; /* newest first */
};

struct photo_view {
    int64_t party;
    struct str client, limit, problem;
    struct url back, upload;
    struct face face;
    bool has;
    struct {
        struct version_view *v;
        int n;
    } pictures;
};

/* pages.c, versions.c, upload.c */
enum status files_show(struct req *r) MUST_USE;
enum status files_prepare(struct req *r) MUST_USE;
enum status files_save(struct req *r) MUST_USE;
enum status attachment_show(struct req *r) MUST_USE;
enum status attachment_change(struct req *r) MUST_USE;
enum status attachment_bin(struct req *r) MUST_USE;
enum status attachment_unbin(struct req *r) MUST_USE;
enum status version_prepare(struct req *r) MUST_USE;
enum status version_save(struct req *r) MUST_USE;
enum status version_restore(struct req *r) MUST_USE;
/* downloads.c */
enum status file_download(struct req *r) MUST_USE;
enum status file_preview(struct req *r) MUST_USE;
enum status photo_show(struct req *r) MUST_USE;
/* photo_pages.c */
enum status photo_edit(struct req *r) MUST_USE;
enum status photo_prepare(struct req *r) MUST_USE;
enum status photo_save(struct req *r) MUST_USE;
enum status photo_choose(struct req *r) MUST_USE;
enum status photo_remove(struct req *r) MUST_USE;
/* api.c */
enum status api_upload_prepare(struct req *r) MUST_USE;
enum status api_upload(struct req *r) MUST_USE;
enum status api_version_prepare(struct req *r) MUST_USE;
enum status api_version(struct req *r) MUST_USE;
enum status api_content(struct req *r) MUST_USE;
extern const char upload_text[], version_text[], content_text[], version_content_text[];

/* --- between the .c files --- */

/* One look into the database outside of the handler's transaction: for prepare, and for routes
 * without one. */
enum status reading(struct req *r, enum status (*work)(struct req *r, void *arg),
                    void *arg) MUST_USE;
/* The version that an address names, and the attachment it belongs to; whoever may not see that
 * gets MISSING. */
enum status version_find(struct ctx *c, int64_t id, struct attachment *a,
                         const struct attachment_version **v) MUST_USE;
/* Files of a form, taken and kept: at most 50; INVALID with a problem at "file" when there are
 * none. */
struct incoming {
    struct stored_file *v;
    int n;
};
enum status incoming_take(struct req *r, const struct http_files *files,
                          struct incoming *out) MUST_USE;
/* The reply that gives a version as it came, noted in the journal. */
enum status version_send(struct req *r, const struct attachment *a,
                         const struct attachment_version *v) MUST_USE;
void version_view_of(struct req *r, const struct attachment_version *v, struct version_view *out);
enum status photo_take_upload(struct req *r, const struct http_file *file,
                              struct stored_file *out) MUST_USE;
enum status photo_put(struct ctx *c, int64_t party, int64_t file, struct str type) MUST_USE;

#endif
