/* What the templates of the history read, and the handlers that feature.c lists. */
#ifndef HISTORY_PAGES_H
#define HISTORY_PAGES_H
#include "core/job/job.h"
#include "core/web/pieces.h"

struct batch_view { /* one form, one import, one call: everything that was done at once */
    int64_t id, changes_n;
    struct event event;  /* the batch as a sentence, or its only change */
    struct events shown; /* its first changes */
    bool more;           /* there are more than those */
    struct url all;
};
struct batch_day {
    struct str label;
    struct {
        struct batch_view *v;
        int n;
    } batches;
};
struct history_view {
    struct {
        struct batch_day *v;
        int n;
    } days;
    struct option_rows members, doors;
    struct url older, newest, journal; /* journal: for owners */
    bool filtered;
};
struct batch_page {
    int64_t id;
    struct str who, door, title, count;
    struct moment at;
    struct event_days days;
    struct url undo, undid;       /* undid: the batch that this one took back */
    bool undone, at_work, failed; /* of a long taking back */
    struct url older, newest, import;
};
struct obstacle_view {
    struct str name, field, who;
    struct moment at;
    struct url to;
};
struct obstacles_page {
    struct {
        struct obstacle_view *v;
        int n;
    } list;
    int64_t more;
    struct url back, merge; /* merge: what is to be taken back is one; its own page can do more */
    bool done_before;
};

extern const struct job_kind history_jobs[1];

enum status history_page(struct req *r);
enum status history_batch_page(struct req *r);
enum status history_undo_batch_post(struct req *r);
enum status history_undo_change_post(struct req *r);
enum status history_obstacles(struct req *r);

#endif
