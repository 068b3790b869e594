/* A source of bytes for the readers of lib/text that gives a few at a time: what they make of a
 * file must not depend on where its blocks end. */
#ifndef DRIP_H
#define DRIP_H
#include <string.h>
#include "lib/base/str.h"

struct drip {
    struct str rest;
    size_t step; /* the most that one call gives */
    bool fails;  /* at the end it says that it could not be read */
};

/* For struct csv_source: { drip_read, NULL, &drip }. */
static inline ptrdiff_t drip_read(void *of, char *to, size_t cap) {
    struct drip *d = of;
    size_t n = d->step < cap ? d->step : cap;
    if (n > d->rest.n) n = d->rest.n;
    if (n == 0 && d->fails) return -1;
    if (n) memcpy(to, d->rest.p, n);
    d->rest = str_sub(d->rest, n, d->rest.n);
    return (ptrdiff_t)n;
}

#endif
