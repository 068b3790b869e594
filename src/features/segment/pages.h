/* What the pages of segments show, and what their files share. Only for features/segment. */
#ifndef SEGMENT_PAGES_H
#define SEGMENT_PAGES_H
#include "features/segment/asking.h"

/* --- segment.c --- */

struct segment_use {
    struct str name;
    struct url to;
    bool shared;
};
struct segment_uses {
    struct segment_use *v;
    int n;
    int hidden; /* further ones, of colleagues alone */
};
/* Which segments and views name it. */
enum status segment_uses_of(struct ctx *c, int64_t id, struct segment_uses *out) MUST_USE;
/* uses.c: adds the views. */
enum status segment_view_uses(struct ctx *c, int64_t id, struct segment_uses *out) MUST_USE;
/* id 0: any. */
bool segment_in_tree(const struct ask_node *n, int64_t id);
enum status segment_tree_of(struct ctx *c, const struct segment *s,
                            const struct ask_node **tree) MUST_USE;
struct str segment_calendar_name(struct ctx *c, struct str code);
const struct ask_node *segment_node(struct arena *a, int64_t id);

/* --- the pages --- */

struct example {
    struct str line, label;
    struct url to;
};
struct builder_page { /* the three faces and what they find */
    int64_t id, version;
    struct str title, line; /* line: as it stands in the field */
    struct str was;         /* the line that the boxes show */
    struct input name_input;
    bool may_save, may_share, shared, frozen, small;
    struct asked asked;
    struct answer answer;
    struct said said;
    struct box_view boxes;
    struct url action, back;
    struct segment_uses uses;
    struct {
        struct example *v;
        int n;
    } examples;
};
struct segment_item {
    int64_t id, n;
    struct str name, count, problem;
    struct said said;
    struct moment frozen;
    struct url to;
    bool shared, may_write, is_frozen, later, first, last;
};
struct segments_page {
    struct {
        struct segment_item *v;
        int n;
    } own, shared;
    struct {
        struct example *v;
        int n;
    } examples;
    bool writes;
};
struct segment_page {
    struct segment_item item;
    struct answer answer;
    struct str line, calendar;
    struct url list, edit;
    struct segment_uses uses;
};
struct why_line {
    struct str asks, has;
    int64_t depth;
    bool holds;
};
struct why_page {
    int64_t id;
    struct str name, client, frozen_at;
    struct url to, client_to;
    bool in, frozen;
    struct {
        struct why_line *v;
        int n;
    } lines;
};
struct in_line {
    struct str name;
    struct url to;
    bool in, frozen;
};
struct in_page { /* the segments a client is in */
    int64_t party;
    struct str client;
    struct url client_to;
    struct {
        struct in_line *v;
        int n;
    } in, out;
};
struct completions {
    struct {
        struct completion_line {
            struct str put, label, word; /* put: the line up to the cursor with it */
            int64_t n;
        } * v;
        int n;
    } lines;
};

void examples_of(struct ctx *c, struct example **v, int *n);

enum status segment_index(struct req *r);
enum status segment_new(struct req *r);
enum status segment_build(struct req *r);
enum status segment_complete(struct req *r);
enum status segment_create(struct req *r);
enum status segment_again(struct req *r);
enum status segment_show(struct req *r);
enum status segment_count(struct req *r);
enum status segment_edit(struct req *r);
enum status segment_change(struct req *r);
enum status segment_freeze_now(struct req *r);
enum status segment_thaw_now(struct req *r);
enum status segment_move(struct req *r);
enum status segment_remove(struct req *r);
enum status segment_why(struct req *r);
enum status segment_of_client(struct req *r);

#endif
