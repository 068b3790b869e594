/* The feature «party»: clients. Its entities and this record are named in app/features.c. */
#include "core/web/feature.h"

static const char *const needs[] = { "category", "member", "notice", "tag", NULL };
const struct feature feature_party = { .name = "party", .needs = needs };
