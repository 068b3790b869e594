/* The feature «timeline»: what happened with a client. No entity and no routes of its own. */
#include "core/web/feature.h"

static const char *const needs[] = { "attachment", "member",   "note", "notice",
                                     "party",      "purchase", NULL };
const struct feature feature_timeline = { .name = "timeline", .needs = needs };
