/* The feature «notice»: who was given a client, who was named in a note. Named in app/features.c;
 * the bell in every page's head is core/web's, which counts what is unread with the session. */
#include "core/web/feature.h"
#include "features/notice/pages.h"

#define READS(path, who, f, more)                                                                  \
    {                                                                                              \
        .method = HTTP_GET, .pattern = path, .need = who, .access = ACCESS_READ, .handler = f,     \
        .flags = more                                                                              \
    }
#define WRITES(path, f, more, text)                                                                \
    {                                                                                              \
        .method = HTTP_POST, .pattern = path, .need = NEED_READER, .access = ACCESS_WRITE,         \
        .handler = f, .flags = more, .describe = text                                              \
    }
static const struct route routes[] = {
    READS("/notices", NEED_READER, notices_show, 0),
    WRITES("/notices", notices_seen, 0, NULL),
    WRITES("/notices/{id}/seen", notice_seen, 0, NULL),
    READS("/clients/{id}/people", NEED_MEMBER, notice_people, ROUTE_QUIET),
    { .method = HTTP_GET,
      .pattern = "/api/v1/notices",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = notices_api,
      .flags = ROUTE_API,
      .describe = notices_api_text },
    WRITES("/api/v1/notices/seen", notices_api_seen, ROUTE_API, notices_api_seen_text),
    WRITES("/api/v1/notices/{id}/seen", notice_api_seen, ROUTE_API, notice_api_seen_text),
};
static const char *const needs[] = { "member", NULL };
const struct feature feature_notice = { .name = "notice",
                                        .needs = needs,
                                        .routes = { routes, sizeof routes / sizeof *routes } };
