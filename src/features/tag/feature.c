/* The feature «tag»: tags and their settings. Its entity and this record are named in
 * app/features.c. */
#include "core/web/feature.h"
#include "features/tag/pages.h"

static const struct route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/settings/tags",
      .need = NEED_MANAGER,
      .access = ACCESS_READ,
      .handler = tag_page },
    MANAGERS_POST("/settings/tags", tag_create, tag_again),
    MANAGERS_POST("/settings/tags/{id}", tag_change, tag_again),
    MANAGERS_POST("/settings/tags/{id}/remove", tag_remove, NULL),
};
const struct feature feature_tag = { .name = "tag",
                                     .routes = { routes, sizeof routes / sizeof *routes } };
