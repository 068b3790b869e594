/* Many clients at once: choosing them in the list, what can be done to them, comparing a few. A
 * choice is the address of a list: ticked ones are pick=7&pick=9, «all that match» is bulk.all=1
 * beside the list's own criteria, with the number that was seen (bulk.seen). */
#ifndef BULK_H
#define BULK_H
#include "core/entity/list.h"
#include "core/web/parts.h"

struct bulk_hidden {
    struct str name, value;
};
struct bulk_bar {
    bool shown, writes, exports;
    bool all; /* «all that match» may be chosen */
    int64_t total;
    struct str back; /* criteria of the list, to come back to */
    struct {
        struct bulk_hidden *v;
        int n;
    } query;
    struct url all_to; /* the same without scripts */
};
/* The bar of the list's page: shown_n rows are on it, total match. */
struct bulk_bar bulk_bar_of(struct ctx *c, const struct list_query *q, int64_t total, int shown_n);
/* Template: the form «picked», which the rows' boxes belong to (form="picked" name="pick"). */
void bulk_bar(struct out *o, const struct bulk_bar *b);

#endif
