/* The feature «duplicate»: who may be whom. This record is named in app/features.c. */
#include "core/web/feature.h"
#include "features/duplicate/commands.h"

static const char *const needs[] = { "party", NULL };
static const struct command *const commands[] = { &command_evaluate };
const struct feature feature_duplicate = {
    .name = "duplicate", .needs = needs, .commands = commands, .commands_n = COUNT(commands)
};
