/* What timeline.html shows. Only for features/timeline. */
#ifndef TIMELINE_VIEW_H
#define TIMELINE_VIEW_H
#include "features/timeline/timeline.h"

struct timeline_kind {
    const char *label; /* msgid */
    struct url to, part;
    bool current;
};
struct timeline_group { /* one event, or all of one batch */
    int64_t batch;
    struct events events;
    struct str who, title;
    struct moment at;
};
struct timeline_day {
    struct str label;
    struct {
        struct timeline_group *v;
        int n;
    } groups;
};
struct timeline_view {
    struct url page, part, older, older_part;
    struct {
        struct timeline_kind *v;
        int n;
    } kinds;
    struct str show, has, by, in; /* in: the list that one came from */
    struct option_rows members;
    struct form_input from, until;
    bool refused, narrow, more_open, unfinished;
    struct {
        struct timeline_day *v;
        int n;
    } days;
};

#endif
