/* The feature «category»: categories. Its entities and this record are named in app/features.c. */
#include "core/web/feature.h"

const struct feature feature_category = { .name = "category" };
