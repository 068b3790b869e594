/* The feature «custom»: fields that the business made itself. Its entity and this record are named
 * in app/features.c. */
#include "core/web/feature.h"
#include "features/custom/custom.h"
#include "features/custom/pages.h"

static const struct job_kind jobs[] = { { .name = "prepare_field", .run = custom_prepare } };
const struct feature feature_custom = { .name = "custom", .jobs = jobs, .jobs_n = COUNT(jobs) };
