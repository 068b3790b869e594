/* A task that a thread of its own does, once each time it is asked, beside whoever asked: an import
 * reads rows and folds the index beside its writing. */
#ifndef ASIDE_H
#define ASIDE_H
#include "lib/base/status.h"

struct aside;
/* Without a thread to be had, the task is done by whoever waits for it. */
struct aside *aside_new(enum status (*task)(void *arg), void *arg);
/* What arg holds is the task's until aside_wait, which comes before the next aside_ask. */
void aside_ask(struct aside *a);
/* Waits until the task is over, and gives what it ended with; OK when nothing was asked. */
enum status aside_wait(struct aside *a) MUST_USE;
/* Waits, and forgets what it ended with. a may be NULL. */
void aside_free(struct aside *a);
#endif
