/* A disk whose syncs take longer: preloaded into the server by bench/writes.sh.
 *   gcc -shared -fPIC -O2 -o slow_sync.so bench/slow_sync.c
 *   SLOW_SYNC_US=1000 LD_PRELOAD=./slow_sync.so build/daftar serve …
 * Each fsync and fdatasync is followed by that pause (1 ms unless told otherwise). */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int late(long result) {
    const char *told = getenv("SLOW_SYNC_US");
    long us = told ? strtol(told, NULL, 10) : 1000;
    struct timespec pause = { us / 1000000, us % 1000000 * 1000 };
    nanosleep(&pause, NULL);
    return (int)result;
}

int fsync(int fd) {
    return late(syscall(SYS_fsync, fd));
}

int fdatasync(int fd) {
    return late(syscall(SYS_fdatasync, fd));
}
