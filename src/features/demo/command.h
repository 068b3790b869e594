/* The command demo. */
#ifndef DEMO_COMMAND_H
#define DEMO_COMMAND_H
#include "core/app/command.h"

extern const struct command command_demo;

#endif
