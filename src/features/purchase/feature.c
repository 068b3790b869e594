/* The feature «purchase»: what clients bought. Its entity and this record are named in
 * app/features.c. */
#include "core/web/feature.h"

static const char *const needs[] = { "party", NULL };
const struct feature feature_purchase = { .name = "purchase", .needs = needs };
