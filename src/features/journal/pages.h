/* What the templates of the journal read, and the handlers that feature.c lists. */
#ifndef JOURNAL_PAGES_H
#define JOURNAL_PAGES_H
#include "core/web/journal_look.h"
#include "core/web/pieces.h"

struct looked { /* one run */
    const char *look, *icon;
    const char *what; /* msgid with {who} {thing} {name} */
    struct str who, thing;
    struct markup name;
    struct moment at;
    struct str span;  /* «14:00–14:20», empty for one moment */
    struct str where; /* door, address */
    struct {
        struct looked_client {
            struct url to;
            struct str name;
        } * v;
        int n;
    } names;
    int64_t more; /* clients that are not named */
    struct url each;
    bool bulk, left, night, wrong;
};
struct looked_day {
    struct str label;
    struct {
        struct looked *v;
        int n;
    } runs;
};
struct journal_tab {
    const char *label;
    struct url to;
    bool current;
};
struct journal_chip {
    struct url without;
    struct str label, value;
};
struct journal_view {
    struct {
        struct journal_tab *v;
        int n;
    } tabs;
    struct {
        struct journal_chip *v;
        int n;
    } chips;
    struct option_rows members, doors, spans;
    struct str from, until, client, show, from_problem, until_problem;
    struct {
        struct looked_day *v;
        int n;
    } days;
    struct {
        struct looked_client *v;
        int n;
    } candidates; /* several clients have the typed name */
    bool nobody;  /* no client has it */
    struct str typed;
    struct url older, newest, csv, clear;
    bool filtered, bulk_tab;
    int64_t lines, bulk_opened, bulk_listed;
    struct moment checked;
    bool has_checked;
    struct str fault_file;
    struct str fault_line; /* empty: its end is gone */
};

/* The filters of an address, read once for the page and for the file. */
struct journal_asked {
    struct look_query q;
    struct str by, door, days, from, until, show;
    int64_t client;
    struct str from_problem, until_problem;
};
enum status journal_asked(struct req *r, struct journal_asked *out) MUST_USE;
/* Asks about this client and his files. */
enum status journal_about(struct ctx *c, int64_t client, struct look_query *q) MUST_USE;
struct url journal_url(struct ctx *c, const char *path, const struct journal_asked *k);

/* Names of members, gone ones too. */
struct journal_names {
    int64_t *ids;
    struct str *names;
    int n;
};
enum status journal_names(struct ctx *c, struct journal_names *out) MUST_USE;
struct str journal_name(struct ctx *c, const struct journal_names *m, int64_t id);
struct looked looked_of(struct req *r, const struct journal_names *m, const struct look_run *run,
                        int64_t client);

enum status journal_page(struct req *r);
enum status journal_csv(struct req *r);
enum status journal_check(struct req *r);

#endif
