/* What the pages of bulk work show. Only for features/bulk. */
#ifndef BULK_PAGES_H
#define BULK_PAGES_H
#include "core/web/pieces.h"
#include "features/bulk/bulk.h"
#include "features/bulk/work.h"

struct bulk_asked { /* what an address asks for */
    struct list_query q;
    bool all;
    int64_t seen; /* how many there were when they were chosen; -1: not said */
    int64_t n;    /* how many there are now, that one sees */
    struct str what, field, value, back;
    bool go; /* the preview is wanted */
};
/* Reads it and counts. */
enum status bulk_ask(struct req *r, struct bulk_asked *out) MUST_USE;

/* --- totals --- */
struct total_part {
    struct str label, value;
    const char *look;
};
struct total_group {
    const char *label; /* msgid, or NULL: name */
    struct str name;
    struct {
        struct total_part *v;
        int n;
    } parts;
};
struct bulk_totals {
    int64_t n;
    struct str count;
    struct {
        struct total_group *v;
        int n;
    } groups;
    bool too_many; /* for sums of own fields */
};
enum status bulk_count_up(struct ctx *c, const struct bulk_asked *asked,
                          struct bulk_totals *out) MUST_USE;

/* --- asking what to do, and showing what it would do --- */
struct bulk_before { /* one client of the preview */
    int64_t id;
    struct str name, before, after;
    struct face face;
    bool same;
    struct str problem;
};
struct bulk_page {
    struct bulk_totals totals;
    struct {
        struct bulk_hidden *v;
        int n;
    } kept; /* the choice, as hidden fields */
    struct url action, back, again;
    struct str what, title, count, button;
    const char *step; /* "none" "choose" "edit" "tag" "assign" "delete" "preview" */
    struct option_rows fields, tags, members;
    struct form_input input;
    struct str field, value, adds, kept_back;
    struct {
        struct bulk_before *v;
        int n;
    } rows;
    int64_t more, hidden, moved; /* moved: how many more (or less) than when they were chosen */
    int64_t seen;
    bool danger, sure, writes, exports, compares, later;
    struct url xlsx, csv, json, vcard, labels, compare;
    struct url edit, tag, assign, remove;
};

/* --- how it goes, what came of it --- */
struct bulk_refused_view {
    struct url to;
    struct str name, reason;
};
struct bulk_result {
    int64_t id, percent, all, done;
    struct str title, who, count;
    struct moment at;
    struct bulk_counts n;
    bool failed, undone, runs;
    struct url undo, history, back;
    struct {
        struct bulk_refused_view *v;
        int n;
    } refused;
    int64_t more;
};

/* --- side by side --- */
struct compared {
    int64_t id;
    struct str name, line;
    struct url to, without;
    struct face face;
    bool has_mark;
    struct mark mark;
};
struct compare_cell {
    struct str text;
    bool ltr;
};
struct compare_row {
    struct str label;
    bool differs;
    struct {
        struct compare_cell *v;
        int n;
    } cells;
};
struct compare_group {
    struct str label;
    bool differs;
    struct {
        struct compare_row *v;
        int n;
    } rows;
};
struct compare_hit {
    struct url to;
    struct str name;
    struct face face;
};
struct compare_view {
    struct {
        struct compared *v;
        int n;
    } clients;
    struct {
        struct compare_group *v;
        int n;
    } groups;
    struct {
        struct compare_hit *v;
        int n;
    } hits;
    struct str query;
    int64_t differ, hidden, columns;
    bool only, full, searched;
    struct url all, differences, merge; /* merge: empty where they cannot be one */
};

enum status bulk_totals_part(struct req *r);
enum status bulk_show(struct req *r);
enum status bulk_run(struct req *r);
enum status bulk_again(struct req *r);
enum status bulk_result_page(struct req *r);
enum status bulk_progress_part(struct req *r);
enum status compare_page(struct req *r);

#endif
