/* What comes round by itself, once a second in the server. */
#ifndef TICK_H
#define TICK_H
#include "core/app/app.h"

struct tick {
    struct app *app;
    int bench;
    int64_t hourly_ms; /* when the hourly part was last done */
};
/* Everything that is due; failures are logged and tried again at the next round. */
void tick_all(struct tick *t, struct arena *a);

/* Parts of other folders, called each second or each hour: defined in app/features.c, as the
 * sessions of core/web stand above this folder. */
struct tick_part {
    const char *name;
    bool hourly;
    enum status (*run)(struct app *app, struct arena *a);
};
const struct tick_part *app_ticks(int *n);

#endif
