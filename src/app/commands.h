/* The commands of the program, and what the command line needs to know of features. */
#ifndef COMMANDS_H
#define COMMANDS_H
#include "core/app/command.h"

extern const struct command command_serve, command_backup, command_check, command_rebuild,
    command_list, command_count;
/* The i-th command of the program, features' included; NULL behind the last. (features.c) */
const struct command *app_command(int i);
/* A new one-time link for the first owner: the part behind /setup/. (features.c) */
enum status app_setup_link(struct ctx *c, struct str *token) MUST_USE;
/* The list of clients that the saved view of this name asks for; MISSING: there is none.
 * (features.c) */
struct list_query;
enum status app_view_query(struct ctx *c, struct str name, struct list_query *q) MUST_USE;
/* Runs the command that argv names; the exit code. (cli.c) */
int cli_main(int argc, char **argv);
int exit_code(enum status s);

#endif
