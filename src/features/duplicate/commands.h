/* Commands of this feature, named in feature.c. */
#ifndef DUPLICATE_COMMANDS_H
#define DUPLICATE_COMMANDS_H
#include "core/app/command.h"

extern const struct command command_duplicates, command_evaluate;

#endif
