/* The feature «import»: files of clients in and out. Stands apart from «party» because a file also
 * names companies, which become bonds. Named in app/features.c. */
#include "core/web/feature.h"

static const char *const needs[] = { "party", "bond", NULL };
const struct feature feature_import = { .name = "import", .needs = needs };
