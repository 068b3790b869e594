/* What the templates of this folder read, and the handlers that feature.c lists. */
#ifndef CLIENT_PAGES_H
#define CLIENT_PAGES_H
#include "features/bulk/bulk.h"
#include "features/client/client.h"
#include "features/client/lines.h"
#include "features/client/grid.h"
#include "features/duplicate/duplicate.h"
#include "features/segment/segment.h"
#include "features/view/view.h"

/* --- the list --- */
struct grid_head {
    const struct grid_column *column;
    struct url to;      /* sorted by this, or the other way round; empty: cannot be sorted by */
    const char *sorted; /* "ascending" "descending" or "" */
    const char *edit;   /* a letter (enum grid_editor), "" for what cannot be edited */
};
struct grid_heads {
    struct grid_head *v;
    int n;
};
struct column_choice {
    const struct grid_column *column;
    bool on;
};
struct columns_view {
    struct grid_columns columns;
    struct {
        struct column_choice *v;
        int n;
    } choices; /* the chosen ones first, in their order */
    struct url next;
};
struct cell_saved { /* one cell was saved: its row anew */
    struct grid_rows rows;
    int64_t batch; /* 0: nothing was changed */
};
struct pasted {
    struct str name, label, was, typed, problem;
    int column;
};
struct pasteds {
    struct pasted *v;
    int n;
};
struct paste_view {
    struct pasteds cells; /* what would change, and what is refused */
    int good, bad, clients, more;
    int beyond; /* rows below the end of the page */
    int beside; /* cells beyond the last column */
    int unseen; /* rows that one does not see any more */
    bool too_many, moved;
    struct str block, ids, cols, seen;
    struct url next;
};
struct chip {
    struct str label, value;
    struct url without;
};
struct chips {
    struct chip *v;
    int n;
};
struct hidden {
    struct str name, value;
};
struct hiddens {
    struct hidden *v;
    int n;
};
struct list_page_view {
    int64_t total;
    struct str search, count, caption;
    struct views_shown views;
    struct segment_bar ask;
    struct bulk_bar bulk;
    struct chips chips;
    struct url filters, clear, csv, xlsx, json, vcard, labels, prev, next, add_named;
    struct grid_heads heads;
    struct grid_rows rows;
    struct jumps letters;
    const char *fits; /* class of the table: "" or "standard" */
    bool writes, exports, book_empty;
};
struct filters_view {
    struct form_inputs inputs;
    struct hiddens kept;
};

/* --- search --- */
struct search_view {
    struct str query;
    struct client_lines lines, sounding; /* sounding: found by how the name sounds */
    struct str count;
    struct url all, add_named, sounding_all, prev, next;
    bool too_short, writes;
};

/* --- the form --- */
struct form_part_view {
    const char *id, *lead; /* lead: a msgid */
    struct str title;
    struct {
        struct form_part *v;
        int n;
    } parts;
};
struct client_form {
    int64_t id, version;
    struct str name, kind;
    struct url action, back, as_person, as_organisation;
    bool person;
    struct {
        struct form_part_view *v;
        int n;
    } sections;
    struct form_view form; /* for its problems */
    struct strs zones;
    struct events meanwhile;             /* what others changed since the form was opened */
    struct form_input organisation, job; /* of a new person */
    struct duplicate_nears nears;        /* who he may already be */
    bool asked;                          /* saving stopped once to ask about them */
};

/* --- the bin --- */
struct binned {
    struct client_line *line;
    struct moment at;
    struct str who;
    struct url restore;
};
struct bin_view {
    struct {
        struct binned *v;
        int n;
    } rows;
    int64_t total;
    struct str count;
    struct url prev, next;
    bool writes;
};

/* --- a bond's form, and choosing a client --- */
struct bond_form {
    int64_t client, id;
    struct str name; /* of the client whose page it is */
    bool client_is_person, ended;
    const char *title; /* msgid */
    struct str other_name, other_problem;
    struct url action, back, pick;
    struct form_view form;
    struct form_inputs inputs;
};
struct pick_view {
    struct client_lines lines;
    bool searched;
};

/* To the client, or to the list when he was given to somebody whose clients one does not see. */
enum status client_go_on(struct req *r, const struct party *p, const char *said);

enum status client_assign(struct req *r);
enum status client_list(struct req *r);
enum status client_filters(struct req *r);
enum status client_search(struct req *r);
enum status client_new(struct req *r);
enum status client_create(struct req *r);
enum status client_create_again(struct req *r);
enum status client_show(struct req *r);
enum status client_edit(struct req *r);
enum status client_change(struct req *r);
enum status client_change_again(struct req *r);
enum status client_bin(struct req *r);
enum status client_restore(struct req *r);
enum status client_binned(struct req *r);
enum status client_pick(struct req *r);
enum status client_bond_new(struct req *r);
enum status client_bond_create(struct req *r);
enum status client_bond_edit(struct req *r);
enum status client_bond_change(struct req *r);
enum status client_bond_create_again(struct req *r);
enum status client_bond_change_again(struct req *r);
enum status client_bond_end(struct req *r);
enum status client_bond_remove(struct req *r);

#endif
