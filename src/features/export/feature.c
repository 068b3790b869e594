/* The feature «export»: everything of the business, or everything about one person, as ordinary
 * files. Named in app/features.c. */
#include "core/web/feature.h"
#include "features/export/pages.h"

static const struct route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/export",
      .need = NEED_OWNER,
      .access = ACCESS_READ,
      .handler = export_page },
    { .method = HTTP_POST,
      .pattern = "/export",
      .need = NEED_OWNER,
      .access = ACCESS_READ,
      .handler = export_everything,
      .flags = ROUTE_PROVEN },
    { .method = HTTP_GET,
      .pattern = "/clients/{id}/data",
      .need = NEED_MANAGER,
      .access = ACCESS_READ,
      .handler = person_form_page },
    { .method = HTTP_POST,
      .pattern = "/clients/{id}/data",
      .need = NEED_MANAGER,
      .access = ACCESS_READ,
      .handler = person_send,
      .flags = ROUTE_PROVEN },
};
static const char *const needs[] = { "party", "category", "import", NULL };
static const struct command *const commands[] = { &command_export_all, &command_person };
const struct feature feature_export = { .name = "export",
                                        .needs = needs,
                                        .routes = { routes, COUNT(routes) },
                                        .commands = commands,
                                        .commands_n = COUNT(commands) };
