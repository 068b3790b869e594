/* A fixed number of threads that take tasks from one queue, first come first served. Internal to
 * lib/http: server.c hands over whole requests. */
#ifndef HTTP_WORKERS_H
#define HTTP_WORKERS_H

struct task { /* first member of what is to be done */
    struct task *next;
};
struct task_list {
    struct task *first, *last;
    int n;
};
void task_add(struct task_list *, struct task *);

struct workers;
enum { WORKERS_MAX = 64 };
/* n threads, 1 to WORKERS_MAX; run(ctx, worker 0 to n-1, task) is called once for each task. NULL:
 * no threads to be had. */
struct workers *workers_new(int n, void (*run)(void *ctx, int worker, struct task *), void *ctx);
/* All tasks of the list at once (one lock, no more threads woken than tasks); empties it. */
void workers_put(struct workers *, struct task_list *);
void workers_free(struct workers *); /* runs what is queued, then joins the threads */

/* Starts a thread in which signals are blocked, so that the main thread gets them. 0 or an errno.
 */
int thread_start(unsigned long *id, void *(*run)(void *), void *arg);

#endif
