/* What a feature gives to the house: one record in its feature.c, named only in app/features.c
 * (where its entities are named too). */
#ifndef FEATURE_H
#define FEATURE_H
#include "core/app/command.h"
#include "core/entity/entity.h"
#include "core/job/job.h"
#include "core/web/req.h"

/* A route of a settings form: for managers and above. */
#define MANAGERS_POST(path, f, shown_again)                                                        \
    {                                                                                              \
        .method = HTTP_POST, .pattern = path, .need = NEED_MANAGER, .access = ACCESS_WRITE,        \
        .handler = f, .again = shown_again                                                         \
    }

struct measure_source; /* core/measure/measure.h */
struct relation;       /* core/ask/ask.h */
struct ask_segments;   /* core/ask/catalogue.h */

struct feature {
    const char *name;         /* its folder */
    const char *const *needs; /* features whose public header it includes; ends with NULL */
    struct routes routes;
    const struct job_kind *jobs;
    int jobs_n;
    const struct command *const *commands;
    int commands_n;
    const struct relation *relation;     /* its records can be asked for; or NULL */
    const struct ask_segments *segments; /* of the one feature that has them */
    /* A batch was taken back from the history. */
    enum status (*taken_back)(struct ctx *c, int64_t batch);
    const struct measure_source *measure; /* sums that are kept of its records; or NULL */
};

#endif
