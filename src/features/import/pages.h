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
    const char *state, *look; /* msgid; class of the mark */
};
struct imports_view {
    struct url action;
    struct str limit;
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
struct match_view {
    const char *code, *label, *more; /* msgids */
    bool on;
};
struct match_views {
    struct match_view *v;
    int n;
};
struct columns_view {
    int64_t id, rows_n;
    int columns_n;
    struct str name, size;
    struct option_rows charsets, separators, headers;
    struct {
        struct column_view *v;
        int n;
    } columns;
    struct match_views by, on;
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
    struct str title, given, family, problem;
    struct {
        struct preview_cell *v;
        int n;
    } cells;
};
struct preview_view {
    int64_t id, tried, rows_n, goes; /* goes: rows that would be written */
    struct str name;
    bool whole, split, one_name;
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
    bool undo, stands; /* stands: nobody works on it */
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
struct result_view {
    int64_t id, written;
    struct str name, size, charset, separator, sha256, who, when;
    const char *problem; /* msgid */
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
enum status import_source(struct req *r) MUST_USE;
enum status import_undo(struct req *r) MUST_USE;
enum status clients_export(struct req *r) MUST_USE;
enum status client_card(struct req *r); /* export_vcard.c */

/* --- between the .c files --- */
struct str size_show(struct req *r, int64_t bytes);
struct str separator_name(struct req *r, char separator);
struct str target_label(struct ctx *c, struct str code);
struct tally_view tally_of(const struct import_counts *n);
/* The import that the address names, which the reader may see; its file. */
enum status import_of(struct req *r, struct ctx *c, struct import *out) MUST_USE;
const char *import_path(struct req *r, const struct import *imp);
enum status columns_show(struct req *r, const struct import *imp) MUST_USE;
/* Is a job at it? */
enum status import_at_work(struct ctx *c, const char *kind, int64_t id, bool *yes) MUST_USE;
/* A file for the person to keep, under this name (RFC 6266, RFC 5987). */
void send_as(struct req *r, struct str name);
#endif
