/* The feature «palette»: Ctrl+K, one field that finds clients, pages and actions. Named in
 * app/features.c; the dialog stands in core/web/layout.html, its script in assets/js/40-keys.js. */
#include "core/web/feature.h"
#include "features/palette/pages.h"

static const struct route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/palette",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = palette_show,
      .flags = ROUTE_QUIET },
};
static const char *const needs[] = { "party", "segment", "view", NULL };
const struct feature feature_palette = { .name = "palette",
                                         .needs = needs,
                                         .routes = { routes, sizeof routes / sizeof *routes } };
