/* The feature «tag»: tags. Its entities and this record are named in app/features.c. */
#include "core/web/feature.h"

const struct feature feature_tag = { .name = "tag" };
