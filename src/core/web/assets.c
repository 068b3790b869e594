/* Finds static files by path (core/web's route /assets/…) and by name (templates, {asset "…"}).
 * The table itself is build/gen/assets.c. Calls only lib/base. */
#include "core/web/assets.h"

const struct asset *asset_find(struct str path) {
    for (const struct asset *a = assets_all; a->name; a++)
        if (str_eq_z(path, a->path)) return a;
    return NULL;
}

const char *asset_path(const char *name) {
    for (const struct asset *a = assets_all; a->name; a++)
        if (!strcmp(name, a->name)) return a->path;
    BUG("no static file %s", name);
}
