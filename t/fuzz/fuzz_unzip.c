/* A ZIP archive from bytes: opened, every entry read, with small limits. */
#include <sys/mman.h>
#include <unistd.h>

#include "lib/archive/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct unzip_limits limits = { .entries_n = 50, .total = 4 << 20, .ratio = 100 };
    int fd = memfd_create("zip", MFD_CLOEXEC);
    if (fd < 0 || (size && write(fd, data, size) != (ssize_t)size)) return 0;
    struct arena *a = arena_new();
    struct unzip *z;
    const char *why = NULL;
    char block[4096];
    size_t n;
    enum status s = unzip_open(a, fd, &limits, &z, &why);
    if (s != OK && !why) BUG("refused without a sentence");
    for (int i = 0; s == OK && i < unzip_entries(z); i++)
        if (unzip_entry(z, unzip_name(z, i)) == OK)
            while (unzip_read(z, block, sizeof block, &n, &why) == OK && n) continue;
    if (s == OK) unzip_close(z);
    arena_free(a);
    close(fd);
    return 0;
}
