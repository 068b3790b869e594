/* Any bytes as a file to import: looked at, its plan is whole, written down and read back equal;
 * and any bytes as a plan that was written down. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "features/import/import.h"
#include "lib/text/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool known_charset(struct str name) {
    for (int i = 0; charset_names[i]; i++)
        if (str_eq_z(name, charset_names[i])) return true;
    return false;
}

static void expect_whole(struct ctx *c, const struct import_plan *p) {
    struct import_plan back = { .n = 0 };
    if (p->n < 1 || p->rows_n < 0 || !known_charset(p->charset) || !p->separator)
        BUG("half a plan");
    for (int i = 0; i < p->n; i++) {
        if (p->v[i].to.n && !import_target_valid(c, &party_shape, p->v[i].to)) BUG("nowhere");
        for (int k = 0; k < i && p->v[i].to.n; k++)
            if (str_eq(p->v[i].to, p->v[k].to) && !str_ends(p->v[i].to, S("+")))
                BUG("two columns to one place");
    }
    if (import_plan_read(c, import_plan_json(c, p), &back) != OK || back.n != p->n)
        BUG("plan lost");
    for (int i = 0; i < p->n; i++)
        if (!str_eq(back.v[i].to, p->v[i].to) || !str_eq(back.v[i].header, p->v[i].header) ||
            !str_eq(back.v[i].kind, p->v[i].kind) || back.v[i].how != p->v[i].how ||
            back.v[i].left_out != p->v[i].left_out)
            BUG("another plan came back");
    if (back.has_header != p->has_header || back.keep_rest != p->keep_rest ||
        back.one_name_column != p->one_name_column)
        BUG("flags");
}

static void look(struct ctx *c, const uint8_t *data, size_t size) {
    struct import_plan p;
    char path[64];
    int fd = memfd_create("import", MFD_CLOEXEC);
    if (fd < 0 || (size && write(fd, data, size) != (ssize_t)size)) BUG("no memory file");
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    enum status s = import_look(c, &party_shape, path, NO_STR, 0, HEADER_GUESS, &p);
    if (s == OK)
        expect_whole(c, &p);
    else if (s != INVALID || c->problems.n == 0)
        BUG("refused without a reason: %s", status_name(s));
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena *a = arena_new();
    struct locale loc = { .lang = LANG_FR };
    struct ctx c = { .arena = a, .loc = &loc };
    struct import_plan p = { .n = 0 };
    snprintf(loc.country, sizeof loc.country, "IR");
    if (size > 20000) size = 20000;
    look(&c, data, size);
    enum status s = import_plan_read(&c, (struct str){ (const char *)data, size }, &p);
    if (s != OK && s != BROKEN) BUG("a plan read as %s", status_name(s));
    arena_free(a);
    return 0;
}
