/* The feature «duplicate»: who may be whom. It has no entity; named in app/features.c. */
#include "core/web/feature.h"
#include "features/duplicate/commands.h"
#include "features/duplicate/work.h"

#define POSTS(path, who, f)                                                                        \
    { .method = HTTP_POST, .pattern = path, .need = who, .access = ACCESS_WRITE, .handler = f }

static const struct route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/duplicates",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = duplicate_index },
    { .method = HTTP_GET,
      .pattern = "/duplicates/look",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = duplicate_progress,
      .flags = ROUTE_QUIET },
    POSTS("/duplicates/look", NEED_MANAGER, duplicate_start),
    POSTS("/duplicates/apart", NEED_MEMBER, duplicate_apart),
    POSTS("/duplicates/together", NEED_MEMBER, duplicate_together),
    { .method = HTTP_POST,
      .pattern = "/duplicates/near",
      .need = NEED_MEMBER,
      .access = ACCESS_READ,
      .handler = duplicate_typed,
      .flags = ROUTE_QUIET },
    { .method = HTTP_GET,
      .pattern = "/api/v1/duplicates",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = duplicates_api,
      .flags = ROUTE_API,
      .describe = duplicates_api_text },
    { .method = HTTP_POST,
      .pattern = "/api/v1/duplicates/apart",
      .need = NEED_MEMBER,
      .access = ACCESS_WRITE,
      .handler = duplicate_api_apart,
      .prepare = duplicate_api_prepare,
      .flags = ROUTE_API,
      .describe = duplicate_api_apart_text },
    { .method = HTTP_POST,
      .pattern = "/api/v1/duplicates/together",
      .need = NEED_MEMBER,
      .access = ACCESS_WRITE,
      .handler = duplicate_api_together,
      .prepare = duplicate_api_prepare,
      .flags = ROUTE_API,
      .describe = duplicate_api_together_text },
};
static const char *const needs[] = { "party", "attachment", "category", "member", "merge", NULL };
static const struct command *const commands[] = { &command_duplicates, &command_evaluate };
const struct feature feature_duplicate = { .name = "duplicate",
                                           .needs = needs,
                                           .routes = { routes, COUNT(routes) },
                                           .jobs = duplicate_jobs,
                                           .jobs_n = COUNT(duplicate_jobs),
                                           .commands = commands,
                                           .commands_n = COUNT(commands) };
