/* The feature «purchase»: what clients bought. Its entity and this record are named in
 * app/features.c. */
#include "core/web/feature.h"
#include "features/purchase/purchase.h"

static const char *const needs[] = { "party", NULL };
const struct feature feature_purchase = { .name = "purchase",
                                          .needs = needs,
                                          .measure = &purchase_measure };
