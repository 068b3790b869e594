/* The feature «demo»: the command that invents clients. A leaf: nothing needs it. */
#include "core/web/feature.h"
#include "features/demo/command.h"

static const char *const needs[] = { "attachment", "party", "bond",  "note",
                                     "purchase",   "tag",   "setup", NULL };
static const struct command *const commands[] = { &command_demo };
const struct feature feature_demo = {
    .name = "demo", .needs = needs, .commands = commands, .commands_n = COUNT(commands)
};
