/* A plain main for a fuzz target: gives it every file of the named folders (or files), once each.
 * Called by t/run.sh with t/fuzz/corpus/NAME and t/fuzz/regression/NAME, so that a crash found once
 * is a test for ever, without libFuzzer. Calls LLVMFuzzerTestOneInput of the target it is linked
 * to. Each input is copied to its own heap block of exactly its size: the sanitizer sees a byte too
 * far. */
#include <dirent.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static void die(const char *what, const char *path) {
    fprintf(stderr, "%s %s\n", what, path);
    exit(2);
}

static void replay_file(const char *path, const struct stat *st) {
    size_t n = (size_t)st->st_size;
    FILE *f = fopen(path, "rb");
    uint8_t *data = malloc(n ? n : 1);
    if (!f || !data || fread(data, 1, n, f) != n) die("cannot read", path);
    fclose(f);
    fprintf(stderr, "%s\n", path); /* the last line before a crash names the input */
    LLVMFuzzerTestOneInput(data, n);
    free(data);
}

static int replay(const char *path) {
    struct stat st;
    if (stat(path, &st) != 0) return 0;
    if (S_ISREG(st.st_mode)) {
        replay_file(path, &st);
        return 1;
    }
    DIR *d = opendir(path);
    if (!d) die("cannot open", path);
    int n = 0;
    struct dirent *e;
    while ((e = readdir(d))) {
        char below[4096];
        if (e->d_name[0] == '.') continue;
        if (snprintf(below, sizeof below, "%s/%s", path, e->d_name) >= (int)sizeof below)
            die("path too long", path);
        n += replay(below);
    }
    closedir(d);
    return n;
}

int main(int argc, char **argv) {
    int n = 0;
    if (LLVMFuzzerInitialize) LLVMFuzzerInitialize(&argc, &argv);
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) n += replay(argv[i]);
    if (n == 0) die("no input under", argc > 1 ? argv[1] : "nothing");
    printf("ok 1 - %d inputs\n", n);
    return 0;
}
