/* The feature «note»: notes. Its entities and this record are named in app/features.c. */
#include "core/web/feature.h"

static const char *const needs[] = { "notice", "party", NULL };
const struct feature feature_note = { .name = "note", .needs = needs };
