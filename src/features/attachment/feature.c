/* The feature «attachment»: files of clients and their photos. Its entities and this record are
 * named in app/features.c; the card of the client's page is called by features/client. */
#include "core/web/feature.h"
#include "features/attachment/attachment.h"
#include "features/attachment/pages.h"
#include "features/attachment/preview.h"

#define READS(path, f)                                                                             \
    {                                                                                              \
        .method = HTTP_GET, .pattern = path, .need = NEED_READER, .access = ACCESS_READ,           \
        .handler = f                                                                               \
    }
/* Pictures are made outside of any transaction. */
#define PICTURE(path, f)                                                                           \
    {                                                                                              \
        .method = HTTP_GET, .pattern = path, .need = NEED_READER, .access = ACCESS_NONE,           \
        .handler = f, .flags = ROUTE_QUIET                                                         \
    }
#define FORM(path, f)                                                                              \
    {                                                                                              \
        .method = HTTP_GET, .pattern = path, .need = NEED_MEMBER, .access = ACCESS_READ,           \
        .handler = f                                                                               \
    }
#define WRITES(path, f, shown_again)                                                               \
    {                                                                                              \
        .method = HTTP_POST, .pattern = path, .need = NEED_MEMBER, .access = ACCESS_WRITE,         \
        .handler = f, .again = shown_again                                                         \
    }
#define UPLOAD(path, before, f, shown_again)                                                       \
    {                                                                                              \
        .method = HTTP_POST, .pattern = path, .need = NEED_MEMBER, .access = ACCESS_WRITE,         \
        .prepare = before, .handler = f, .again = shown_again, .flags = ROUTE_UPLOAD               \
    }

#define API_UPLOAD(path, before, f, text)                                                          \
    {                                                                                              \
        .method = HTTP_POST, .pattern = path, .need = NEED_MEMBER, .access = ACCESS_WRITE,         \
        .prepare = before, .handler = f, .flags = ROUTE_API | ROUTE_UPLOAD, .describe = text       \
    }
#define API_READS(path, f, text)                                                                   \
    {                                                                                              \
        .method = HTTP_GET, .pattern = path, .need = NEED_READER, .access = ACCESS_READ,           \
        .handler = f, .flags = ROUTE_API, .describe = text                                         \
    }

static const struct route routes[] = {
    READS("/clients/{id}/files", files_show),
    UPLOAD("/clients/{id}/files", files_prepare, files_save, files_show),
    READS("/attachments/{id}", attachment_show),
    WRITES("/attachments/{id}", attachment_change, attachment_show),
    UPLOAD("/attachments/{id}/versions", version_prepare, version_save, attachment_show),
    WRITES("/attachments/{id}/versions/{id}/restore", version_restore, attachment_show),
    WRITES("/attachments/{id}/bin", attachment_bin, NULL),
    WRITES("/attachments/{id}/restore", attachment_unbin, NULL),
    READS("/files/{id}", file_download),
    PICTURE("/files/{id}/preview", file_preview),
    PICTURE("/clients/{id}/photo", photo_show),
    FORM("/clients/{id}/photo/edit", photo_edit),
    UPLOAD("/clients/{id}/photo", photo_prepare, photo_save, photo_edit),
    WRITES("/clients/{id}/photo/choose", photo_choose, photo_edit),
    WRITES("/clients/{id}/photo/remove", photo_remove, NULL),
    API_UPLOAD("/api/v1/parties/{id}/attachments", api_upload_prepare, api_upload, upload_text),
    API_UPLOAD("/api/v1/attachments/{id}/versions", api_version_prepare, api_version, version_text),
    API_READS("/api/v1/attachments/{id}/content", api_content, content_text),
    API_READS("/api/v1/attachments/{id}/versions/{id}/content", api_content, version_content_text),
};
static const char *const needs[] = { "party", "member", NULL };
const struct feature feature_attachment = { .name = "attachment",
                                            .needs = needs,
                                            .relation = &attachment_relation,
                                            .routes = { routes, sizeof routes / sizeof *routes },
                                            .jobs = &preview_job,
                                            .jobs_n = 1 };
