/* The feature «history»: pages of what was changed, and taking it back. Named in app/features.c. */
#include "core/web/feature.h"
#include "features/history/pages.h"

static const struct route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/history",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = history_page },
    { .method = HTTP_GET,
      .pattern = "/history/{id}",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = history_batch_page },
    { .method = HTTP_POST,
      .pattern = "/history/{id}/undo",
      .need = NEED_MEMBER,
      .access = ACCESS_WRITE,
      .handler = history_undo_batch_post,
      .again = history_obstacles },
    { .method = HTTP_POST,
      .pattern = "/history/change/{id}/undo",
      .need = NEED_MEMBER,
      .access = ACCESS_WRITE,
      .handler = history_undo_change_post,
      .again = history_obstacles },
};

static const char *const needs[] = { "member", "merge", NULL };
const struct feature feature_history = { .name = "history",
                                         .needs = needs,
                                         .jobs = history_jobs,
                                         .jobs_n = 1,
                                         .routes = { routes, sizeof routes / sizeof *routes } };
