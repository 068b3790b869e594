/* Between parts.c and parts.html. */
#ifndef PARTS_IN_H
#define PARTS_IN_H
#include "core/web/parts.h"

struct problem_link {
    struct str id, text;
};
struct problems_view {
    struct problem_links {
        struct problem_link *v;
        int n;
    } fields; /* what stands at fields of this page */
    struct strs whole;
};
struct settings_link {
    struct url to;
    const char *icon, *label;
    bool current, begins; /* begins: the first of a group */
};
struct settings_menu {
    struct settings_link *v;
    int n;
};
void settings_links(struct out *o, const struct settings_menu *m);
void icon_plain(struct out *o, const char *name, const char *more);
void problems_summary(struct out *o, const struct problems_view *v);
void csrf_input(struct out *o, struct str token);

#endif
