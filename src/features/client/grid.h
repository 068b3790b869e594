/* The list as a sheet: which columns it has, what stands in a cell, how one cell or a pasted block
 * is written. Only for features/client; what other features may ask stands in client.h. */
#ifndef CLIENT_GRID_H
#define CLIENT_GRID_H
#include "core/entity/list.h"
#include "features/client/lines.h"

enum {
    GRID_COLUMNS_MAX = 40, /* beside the name */
    GRID_WIDTH_MIN = 60,   /* of a column, in CSS pixels */
    GRID_WIDTH_MAX = 800,
    GRID_TEXT_MAX = 200,     /* characters of a long text that a cell shows */
    GRID_PASTE_CELLS = 2000, /* of one pasted block */
};

/* How a cell is typed into; data-k of its head, read by assets/js/list/60-sheet.js. */
enum grid_editor {
    EDIT_NOT,
    EDIT_TEXT,   /* "t": what is shown is what is typed */
    EDIT_LTR,    /* "l": the same, left to right */
    EDIT_DATE,   /* "d": with the echo of what was understood */
    EDIT_AREA,   /* "a": several lines */
    EDIT_SELECT, /* "s": options asked for once */
    EDIT_CHECK,  /* "c" */
    EDIT_ASK     /* "x": the server is asked for the control with its value */
};
struct grid_column {
    struct str name; /* of the field, or created_at, changed_at; the first: display_name */
    const struct field *field; /* NULL: created_at, changed_at */
    const struct many *many;   /* the field is of its first child; of all, when many->single */
    struct str label;          /* for people, in their language */
    int width;                 /* CSS pixels */
    bool sorts;
    enum grid_editor edit;
    const char *look; /* class of its cells: "" "first" "under" "last" "num" "broad" */
};
struct grid_columns {
    struct grid_column *v; /* the name first */
    int n;
    int all_n;     /* grid_columns_all: how many of them are chosen, from the first on */
    bool standard; /* nobody chose: narrow windows leave some out */
};
/* The columns of the request's member: chosen (JSON as a saved view keeps it) when not empty, else
 * his own, else the standard ones. Names that do not exist any more are left out. */
enum status grid_columns(struct req *r, struct str chosen, struct grid_columns *out) MUST_USE;
/* The same, and behind them all that could be chosen. */
enum status grid_columns_all(struct req *r, struct str chosen, struct grid_columns *out) MUST_USE;
/* One column by its name; false: there is none, or it may not be read. */
bool grid_column_find(struct ctx *c, struct str name, struct grid_column *out);
/* Names with commas between, as the page sends them; unknown ones are left out. */
struct grid_columns grid_columns_named(struct ctx *c, struct str names);
/* [["display_name",240],["town",0]]: what is kept. */
struct str grid_columns_json(struct arena *a, const struct grid_columns *cols);

/* What a cell shows, as plain text. */
struct str grid_text(struct ctx *c, const struct grid_column *col, const struct party *p);
/* Sets the cell from what a person typed. INVALID: problems in the context, the row as it was. */
enum status grid_put(struct ctx *c, const struct grid_column *col, struct party *p,
                     struct str typed) MUST_USE;
/* Takes the cell's value from another version of the same client. */
void grid_take(const struct grid_column *col, struct party *to, const struct party *from);
/* Whether a problem at that field is about this column. */
bool grid_is_about(const struct grid_column *col, struct str field);

struct grid_cell {
    struct str text; /* for people; user's text */
    struct code code;
    struct url to;
    struct moment at; /* of created_at, changed_at */
    bool has_mark;
    struct mark mark;
    const char *look;
};
struct grid_cells {
    struct grid_cell *v;
    int n;
};
struct grid_row {
    struct client_line *line;
    struct grid_cells cells; /* without the name */
    bool picks;              /* has a box to select it by */
};
struct grid_rows {
    struct grid_row *v;
    int n;
};
/* In the order of ids; who may not be seen is left out. */
enum status grid_rows(struct ctx *c, const struct grid_columns *cols, const int64_t *ids, int n,
                      struct grid_rows *out) MUST_USE;

/* A block from a spreadsheet: cells between tabs, rows between line ends, quoted where a cell holds
 * such. Rows are as wide as they are. */
struct grid_block {
    struct strs *v; /* rows */
    int n;
    int cells_n;
};
struct grid_block grid_tsv(struct arena *a, struct str text);

enum status grid_columns_page(struct req *r);
enum status grid_columns_save(struct req *r);
enum status grid_cell_edit(struct req *r);
enum status grid_cell_save(struct req *r);
enum status grid_cell_again(struct req *r);
enum status grid_paste(struct req *r);
enum status grid_paste_again(struct req *r);

#endif
