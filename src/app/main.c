/* The program's entrance. Everything else is a command: cli.c. */
#include <signal.h>

#include "app/commands.h"

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    return cli_main(argc, argv);
}
