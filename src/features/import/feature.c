/* The feature «import»: files of clients in and out. Stands apart from «party» because a file also
 * names companies, which become bonds. Named in app/features.c. */
#include "core/web/feature.h"
#include "features/import/work.h"

static const char *const needs[] = { "party", "bond", NULL };
static const struct command *const commands[] = { &command_import, &command_export };
const struct feature feature_import = { .name = "import",
                                        .needs = needs,
                                        .jobs = import_jobs,
                                        .jobs_n = COUNT(import_jobs),
                                        .commands = commands,
                                        .commands_n = COUNT(commands) };
