/* The feature «bond»: bonds between people and organisations. Its entities and this record are
 * named in app/features.c. */
#include "core/web/feature.h"
#include "features/bond/bond.h"

static const char *const needs[] = { "party", NULL };
const struct feature feature_bond = { .name = "bond", .needs = needs, .relation = &bond_relation };
