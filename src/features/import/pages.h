/* What the templates of this folder read, and the handlers that feature.c lists. */
#ifndef IMPORT_PAGES_H
#define IMPORT_PAGES_H
#include "core/web/parts.h"
#include "core/web/req.h"
#include "features/import/import.h"

enum { STEP_UPLOAD = 1, STEP_COLUMNS, STEP_PREVIEW, STEP_RUN, STEP_RESULT };

struct import_row_view {
    struct url to;
    struct str name, when;
    int64_t rows_n;
    const char *state, *look, *what; /* msgid; class of the mark; msgid: «Clients» */
};
struct imports_view {
    struct url action;
    struct str limit, pasted; /* pasted: what was typed and refused */
    bool purchases;           /* is chosen */
    struct {
        struct import_row_view *v;
        int n;
    } rows;
};

struct column_view {
    struct str header, input, label;
    struct strs samples;
    struct option_rows to;
    const char *look, *icon, *sure; /* sure: msgid */
};
struct column_views {
    struct column_view *v;
    int n;
};
struct match_view {
    const char *code, *label, *more; /* msgids */
    bool on;
};
struct match_views {
    struct match_view *v;
    int n;
};
struct fault_view {
    int64_t line; /* 0: none */
    struct str text;
};
struct columns_view {
    int64_t id, rows_n, faults_n, faults_more, earlier; /* earlier: an import of the same file */
    int columns_n;
    struct str name, size, known, last_at, last_who; /* last_at: the columns are as last time */
    const char *heading;                             /* msgid */
    bool clients;                                    /* else purchases */
    bool table; /* a file of rows: encoding and separator can be chosen */
    bool keep_rest;
    struct option_rows charsets, separators, headers, sheets;
    struct {
        struct fault_view *v;
        int n;
    } faults;
    struct column_views columns, empty; /* empty: nothing in the first rows */
    struct match_views by, on, doubts;  /* doubts: what becomes of such rows; none of purchases */
    bool one_name;
};

struct tally_view {
    int64_t created, changed, skipped, refused;
};
struct preview_cell {
    struct str text, problem;
};
struct preview_row_view {
    int64_t line;
    const char *state, *look, *outcome; /* msgid; class of the mark; class of the row */
    struct str title, given, family, problem, doubt; /* doubt: «May be Sara Karimi: same phone» */
    struct url who;                                  /* whom the doubt names */
    struct {
        struct preview_cell *v;
        int n;
    } cells;
};
struct preview_view {
    int64_t id, tried, rows_n, twice, doubts, compared;
    const char *heading; /* msgid */
    struct str name;
    bool whole, split, one_name, held, some; /* held: the doubtful are refused; some: not all rows
                                                were compared */
    struct tally_view tally;
    struct strs heads;
    struct {
        struct preview_row_view *v;
        int n;
    } rows;
};

struct progress_view {
    int64_t id, done, all;
    int percent;
    bool undo, stands;   /* stands: nobody works on it */
    const char *heading; /* msgid */
    struct str name;
    struct tally_view tally;
};

struct obstacle_view {
    struct url to;
    struct str name, field, who, when;
};
struct made_view {
    struct url to;
    struct str name;
    const char *what; /* msgid */
};
struct refused_cell_view {
    struct str name, id, head, label, text, problem;
    bool many; /* of several lines */
    bool kept; /* too long to be corrected here; it stays as it is */
};
struct refused_view_row {
    int64_t line;
    struct str problem; /* that stands at no cell */
    struct {
        struct refused_cell_view *v;
        int n;
    } cells;
};
struct refused_view {
    int64_t id, left, after;
    bool held; /* some may be clients who are here */
    struct str name;
    struct url next; /* empty: the last page */
    struct strs heads;
    struct {
        struct refused_view_row *v;
        int n;
    } rows;
};
struct result_view {
    int64_t id, written, twice, doubts;
    struct str name, size, charset, separator, sha256, who, when;
    const char *source;  /* msgid: what the file was, unless a table */
    const char *problem; /* msgid */
    const char *heading; /* msgid */
    bool clients;        /* else purchases */
    bool undone, failed, can_undo, obstacles_more;
    struct tally_view tally;
    struct {
        struct obstacle_view *v;
        int n;
    } obstacles;
    struct {
        struct made_view *v;
        int n;
    } made;
};

void page_imports(struct out *o, const struct imports_view *v);
void page_columns(struct out *o, const struct columns_view *v);
void page_preview(struct out *o, const struct preview_view *v);
void page_progress(struct out *o, const struct progress_view *v);
void part_progress(struct out *o, const struct progress_view *v);
void page_result(struct out *o, const struct result_view *v);
void page_refused(struct out *o, const struct refused_view *v);

enum status imports_show(struct req *r) MUST_USE;
enum status upload_prepare(struct req *r) MUST_USE;
enum status upload_save(struct req *r) MUST_USE;
enum status import_show(struct req *r) MUST_USE;
enum status columns_prepare(struct req *r) MUST_USE;
enum status columns_save(struct req *r) MUST_USE;
enum status preview_show(struct req *r) MUST_USE;
enum status import_start(struct req *r) MUST_USE;
enum status import_progress(struct req *r) MUST_USE;
enum status import_refused(struct req *r) MUST_USE;
enum status refused_show(struct req *r) MUST_USE;
enum status refused_save(struct req *r) MUST_USE;
enum status import_source(struct req *r) MUST_USE;
enum status import_undo(struct req *r) MUST_USE;
enum status clients_export(struct req *r) MUST_USE;
enum status client_card(struct req *r); /* export_vcard.c */

/* --- between the .c files --- */
struct str size_show(struct req *r, int64_t bytes);
struct str beginning(struct arena *a, struct str s); /* of a long cell, with … */
struct str separator_name(struct req *r, char separator);
struct str target_label(struct ctx *c, const struct import_plan *plan, struct str code);
const char *import_heading(const struct import_plan *plan); /* msgid: «Import clients» */
struct tally_view tally_of(const struct import_counts *n);
const char *format_name(enum sheet_format f); /* msgid */
/* The import that the address names, which the reader may see; its file. */
enum status import_of(struct req *r, struct ctx *c, struct import *out) MUST_USE;
/* The same outside any transaction of the caller's. */
enum status import_find(struct req *r, struct import *out) MUST_USE;
const char *import_path(struct req *r, const struct import *imp);
enum status columns_show(struct req *r, const struct import *imp) MUST_USE;
/* Is a job at it? */
enum status import_at_work(struct ctx *c, const char *kind, int64_t id, bool *yes) MUST_USE;
/* A file for the person to keep, under this name (RFC 6266, RFC 5987). */
void send_as(struct req *r, struct str name);
#endif
