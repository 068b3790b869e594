/* What the pages of merging show. Only for features/merge. */
#ifndef MERGE_PAGES_H
#define MERGE_PAGES_H
#include "core/job/job.h"
#include "features/merge/inner.h"

/* --- two or more side by side --- */
struct merge_choice {
    struct str text, value; /* value: what the radio sends */
    bool ltr, chosen, best; /* best: chosen without asking */
};
struct merge_row {
    struct str label, name;  /* name: of the radios; empty: nothing to choose */
    bool differs, list, pad; /* pad: an empty cell where both together cannot be */
    struct {
        struct merge_choice *v;
        int n;
    } cells; /* of each client, then of both together where that can be */
};
struct merge_group {
    struct str label;
    struct {
        struct merge_row *v;
        int n;
    } rows;
};
struct merge_head {
    struct str name, since;
    struct url to, keep; /* keep: the same page with this one kept; empty: he is */
    struct face face;
    struct {
        struct str *v;
        int n;
    } attached; /* "Notes: 3" */
};
struct merge_page {
    int columns;
    bool together; /* some values can stand together: a column of its own */
    int64_t differ;
    struct str name; /* of the kept one */
    struct url action, back;
    struct {
        struct merge_head *v;
        int n;
    } heads;
    struct {
        struct merge_group *v;
        int n;
    } groups;
    struct {
        int64_t *v;
        int n;
    } others;
};
struct cannot_page { /* they cannot be one: why stands among the problems */
    struct url back;
};
enum status merge_show(struct req *r);
enum status merge_again(struct req *r);
enum status merge_post(struct req *r);

/* --- what was merged --- */
struct merge_line {
    struct url to, kept_to;
    struct str kept, gone, who, state;
    struct moment at;
    bool apart, busy, by_rule;
};
struct merges_page {
    struct {
        struct merge_line *v;
        int n;
    } lines;
    struct url older, newest, rules;
};
enum status merges_page(struct req *r);

struct apart_row {
    struct str value, label, title, who;
    struct moment at;
    bool dated;
};
struct apart_page {
    struct str kept, gone, who, why; /* why: it cannot be */
    struct url kept_to, action, batch;
    struct moment at, undone_at;
    bool apart, busy, by_rule, more, writes;
    struct {
        struct since_field *v;
        int n;
    } fields;
    struct {
        struct apart_row *v;
        int n;
    } rows;
};
enum status apart_show(struct req *r);
enum status apart_post(struct req *r);

/* --- rules --- */
struct rule_view {
    int64_t id;
    struct str code, label, about;
    bool on;
};
struct rules_page {
    struct {
        struct rule_view *v;
        int n;
    } rules;
    struct url merges;
};
enum status rules_page(struct req *r);
enum status rules_save(struct req *r);

/* --- programs, jobs, commands --- */
extern const char merge_api_text[], merge_api_apart_text[], merges_api_text[];
enum status merge_api_prepare(struct req *r);
enum status merge_api(struct req *r);
enum status merge_api_apart_prepare(struct req *r);
enum status merge_api_apart(struct req *r);
enum status merges_api(struct req *r);
enum status merge_rows_job(struct job *j);
enum status merge_rules_job(struct job *j);
extern const struct command command_merge, command_unmerge;

#endif
