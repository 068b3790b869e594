/* The feature «journal»: who looked at what, for owners: by person, client, time and door; and as a
 * file. It has no table: the journal itself is core/web/journal.h. Named in app/features.c. */
#include "core/web/feature.h"
#include "features/journal/pages.h"

static const struct route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/journal",
      .need = NEED_OWNER,
      .access = ACCESS_READ,
      .handler = journal_page,
      .flags = ROUTE_PROVEN },
    { .method = HTTP_GET,
      .pattern = "/journal.csv",
      .need = NEED_OWNER,
      .access = ACCESS_READ,
      .handler = journal_csv,
      .flags = ROUTE_PROVEN },
    { .method = HTTP_POST,
      .pattern = "/journal/check",
      .need = NEED_OWNER,
      .access = ACCESS_NONE,
      .handler = journal_check },
};
static const char *const needs[] = { "party", NULL };
const struct feature feature_journal = { .name = "journal",
                                         .needs = needs,
                                         .routes = { routes, COUNT(routes) } };
