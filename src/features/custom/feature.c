/* The feature «custom»: fields that the business made itself. Its entity and this record are named
 * in app/features.c. */
#include "core/web/feature.h"
#include "features/custom/custom.h"
#include "features/custom/pages.h"

static const struct route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/settings/fields",
      .need = NEED_MANAGER,
      .access = ACCESS_READ,
      .handler = custom_page },
    MANAGERS_POST("/settings/fields", custom_create, custom_again),
    MANAGERS_POST("/settings/fields/{id}", custom_change, custom_again),
    MANAGERS_POST("/settings/fields/{id}/move", custom_move, NULL),
    MANAGERS_POST("/settings/fields/{id}/remove", custom_remove, NULL),
    MANAGERS_POST("/settings/fields/{id}/restore", custom_restore, NULL),
};
static const struct job_kind jobs[] = { { .name = "prepare_field", .run = custom_prepare } };
static const struct command *const commands[] = { &command_field };
const struct feature feature_custom = { .name = "custom",
                                        .routes = { routes, COUNT(routes) },
                                        .jobs = jobs,
                                        .jobs_n = COUNT(jobs),
                                        .commands = commands,
                                        .commands_n = COUNT(commands) };
