/* The whole program on a disk whose power fails: `power_serve serve …` is `daftar serve …`, until
 * after POWER_CUT writes and syncs at most the server's process ends as if the plug had been pulled
 * and says so. Driven by t/crash/power.mjs. POWER_LIES=1: the disk forgets syncs (the control). */
#include <signal.h>
#include <stdlib.h>

#include "app/commands.h"
#include "power_disk.h"

int main(int argc, char **argv) {
    const char *most = getenv("POWER_CUT"), *lies = getenv("POWER_LIES"),
               *seed = getenv("POWER_SEED");
    signal(SIGPIPE, SIG_IGN);
    shim_install();
    disk.dice = (struct dice){ seed ? strtoull(seed, NULL, 10) : 1 };
    int n = most ? (int)strtol(most, NULL, 10) : 0;
    disk.until_cut_n = n > 0 ? 1 + (int)dice_below(&disk.dice, (uint64_t)n) : 1 << 30;
    disk.lies = lies && *lies == '1';
    disk.last_words = "the power has failed\n";
    disk_begin();
    return cli_main(argc, argv);
}
