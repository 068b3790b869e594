/* The feature «setup»: its routes and the command init. Named in app/features.c. */
#include "core/web/feature.h"
#include "features/setup/pages.h"

static const struct route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/setup/{token}",
      .need = NEED_NOTHING,
      .access = ACCESS_READ,
      .handler = setup_page_show,
      .flags = ROUTE_SET_UP },
    { .method = HTTP_POST,
      .pattern = "/setup/{token}",
      .need = NEED_NOTHING,
      .access = ACCESS_WRITE,
      .prepare = setup_prepare,
      .handler = setup_save,
      .again = setup_page_show,
      .flags = ROUTE_SET_UP | ROUTE_NO_CSRF },
    { .method = HTTP_GET,
      .pattern = "/welcome",
      .need = NEED_OWNER,
      .access = ACCESS_READ,
      .handler = welcome_show },
    { .method = HTTP_POST,
      .pattern = "/welcome",
      .need = NEED_OWNER,
      .access = ACCESS_WRITE,
      .handler = welcome_save,
      .again = welcome_show },
    { .method = HTTP_GET,
      .pattern = "/welcome/list",
      .need = NEED_OWNER,
      .access = ACCESS_READ,
      .handler = welcome_list },
};
static const char *const needs[] = { "member", "category", "settings", NULL };
static const struct command *const commands[] = { &command_init };
const struct feature feature_setup = { .name = "setup",
                                       .needs = needs,
                                       .routes = { routes, COUNT(routes) },
                                       .commands = commands,
                                       .commands_n = COUNT(commands) };
