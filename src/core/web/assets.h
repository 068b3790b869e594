/* Static files inside the program: style sheet, scripts, fonts, icons. Made by tools/assets.sh and
 * tools/embed; the path holds a hash of the content, so a browser may keep it for ever. */
#ifndef ASSETS_H
#define ASSETS_H
#include "lib/base/str.h"

struct asset {
    const char *name; /* "app.css" */
    const char *path; /* "/assets/app.3f9a1c2b7d.css" */
    const char *type; /* "text/css; charset=utf-8" */
    const char *etag; /* "\"…\"", with its quotes; from SHA-256 of raw */
    struct str raw;
    struct str gzip, brotli; /* empty unless smaller than raw */
};
extern const struct asset
    assets_all[]; /* bytewise by name; ends with an entry whose name is NULL */
extern const int assets_all_n;

/* The asset with exactly that path ("/assets/…"), or NULL. */
const struct asset *asset_find(struct str path);
/* "app.css" gives its path. BUG for a name that is not there: templates name them in {asset "…"}.
 */
const char *asset_path(const char *name);

#endif
