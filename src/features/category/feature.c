/* The feature «category»: categories of clients and their settings. Its entity and this record are
 * named in app/features.c. */
#include "core/web/feature.h"
#include "features/category/pages.h"

static const struct route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/settings/categories",
      .need = NEED_MANAGER,
      .access = ACCESS_READ,
      .handler = category_page },
    MANAGERS_POST("/settings/categories", category_create, category_again),
    MANAGERS_POST("/settings/categories/{id}", category_change, category_again),
    MANAGERS_POST("/settings/categories/{id}/move", category_move, NULL),
    MANAGERS_POST("/settings/categories/{id}/remove", category_remove, NULL),
};
const struct feature feature_category = { .name = "category",
                                          .routes = { routes, sizeof routes / sizeof *routes } };
