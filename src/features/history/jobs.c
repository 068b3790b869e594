/* The job "take_back": {"batch": 12}. Takes back more changes than one request may hold the writer
 * for, in short slices; the first one looks at everything and does nothing when something stands in
 * the way. Put into the queue by pages.c, run by core/job. */
#include "features/history/pages.h"
#include "lib/base/clock.h"
#include "lib/text/json.h"

enum { SLICE_FIRST = 20, SLICE_MAX = 500, SLICE_US = 20000, BUSY_MAX = 50 };

static enum status slice(struct job *j, int64_t batch, int *limit, int64_t *left) {
    struct ctx *c;
    struct obstacles found = { 0 };
    TRY(job_begin(j, &c));
    int64_t began = clock_mono_us();
    enum status s = history_undo_some(c, batch, *limit, left, &found);
    int64_t took = clock_mono_us() - began;
    if (took < SLICE_US / 2 && *limit < SLICE_MAX) *limit *= 2;
    if (took > SLICE_US && *limit > 1) *limit /= 2;
    return job_end(j, s);
}

static enum status take_back(struct job *j) {
    struct json *v;
    struct str why;
    int64_t left = 1;
    int limit = SLICE_FIRST, busy = 0;
    if (json_parse(j->arena, j->argument, &v, &why) != OK) return MALFORMED;
    int64_t batch = json_int(json_get(v, S("batch")));
    while (left > 0) {
        enum status s = slice(j, batch, &limit, &left);
        if (s == BUSY && ++busy > BUSY_MAX) return BUSY;
        if (s != OK && s != BUSY) return s;
        if (s == BUSY) left = 1;
        if (left > 0 && job_stopping(j)) return BUSY;
    }
    return OK;
}

const struct job_kind history_jobs[1] = {
    { .name = "take_back", .run = take_back, .tries_max = 5 }
};
