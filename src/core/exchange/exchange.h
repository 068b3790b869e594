/* Import and export of any entity that has a shape. A file is looked at (encoding, separator,
 * columns matched by name and by content), planned with the person, tried without a trace, then run
 * in slices that can be killed at any moment, and undone as one batch. */
#ifndef EXCHANGE_H
#define EXCHANGE_H
#include "core/app/filestore.h"
#include "core/entity/entity.h"
#include "lib/text/csv.h"

/* A column that is no field of the entity: a company's name, a job title. */
struct exchange_extra {
    const char *code, *label, *also;
    bool only_in;       /* files bring it, exports of rows do not */
    const char *starts; /* how each such cell begins, else it goes to the notes; or NULL */
};
/* How cells of a column are read beyond what their field does; bits. */
enum import_how {
    HOW_SEVERAL = 1, /* several values with ::: between; the others go behind the list's last */
    HOW_MILD = 2,    /* what is not understood goes to the notes, and refuses nothing */
    HOW_WORDS = 4,   /* words of another product, see exchange_shape.words */
    HOW_ADDRESS = 8, /* a whole address, for where its parts are not given */
    HOW_GROUPS = 16, /* names of groups; those of the program itself begin with "* " */
    HOW_LABEL = 32,  /* says what the next column is, for its line in the notes */
    HOW_ALL = 63
};
/* The export of another product: which headers tell it, and where each of its columns goes. */
struct exchange_known_column {
    const char
        *headers;     /* ";" between; # stands for the number of a list's row, from 1. One without
                         # is used once: a second column of that name takes the next entry */
    const char *to;   /* a target; %d: that number - 1, else the first free place; "": the
                         notes; "-": left out */
    const char *kind; /* code of the child's kind, or NULL */
    unsigned how;
};
struct exchange_known {
    const char *code, *name; /* "google", "Google Contacts" */
    const char *tells; /* headers as they are written: all of "a;b|c" (b or c) must be there */
    const struct exchange_known_column *columns;
    int columns_n;
};
struct exchange_word {
    const char *field, *word, *code; /* word: folded */
};
/* What a feature says about files of its entity. */
/* Somebody who a new row probably is; id 0: nobody. why: in the person's words. */
struct exchange_doubt {
    int64_t id;
    struct str name, why;
};
struct exchange_shape {
    const struct entity *entity;
    const struct exchange_extra *extras;
    int extras_n;
    const char *const *match_by; /* "email", "phone", "own_id", "uid"; ends with NULL */
    const char *match_standard;  /* some of them: "email,phone" */
    const char *owner;           /* the reference that settle sets: no column of its own; or NULL */
    bool repeats;                /* the same row twice in a file is two records */
    /* After the cells were read: names separated, kind guessed. extra[i]: text for extras[i];
     * given: by field, what the file says. */
    enum status (*complete)(struct ctx *c, void *row, struct str *extra, const bool *given,
                            bool one_name_column);
    /* In the writing transaction, before records are compared: which other records the cells name.
     * What is wrong is a problem, at the code of an extra. May be NULL. */
    enum status (*settle)(struct ctx *c, void *row, const struct str *extra);
    /* A record that is there already, 0 for none; key is what it was found by (for doubles in a
     * file). A uid that a record in the bin has is taken off the row. */
    enum status (*match)(struct ctx *c, struct str by, void *row, int64_t *id, struct str *key);
    /* A record with nothing but this name, made by this very import because another row named it:
     * the row is what was meant. 0 for none. May be NULL. */
    enum status (*named)(struct ctx *c, const void *row, int64_t *id);
    enum status (*saved)(struct ctx *c, const void *row, const struct str *extra);
    /* Records (visible or not) that people call as they call this row, whose name is composed
     * first; newest last, at most max. */
    enum status (*namesakes)(struct ctx *c, void *row, int64_t *ids, int max, int *n);
    /* Was it made in the batch of the context? */
    enum status (*made_here)(struct ctx *c, int64_t id, bool *yes);
    /* A row that matches nobody: who of those that the member sees and that were there before this
     * import is it probably? Costs more than writing the row. May be NULL. */
    enum status (*doubt)(struct ctx *c, const void *row, struct exchange_doubt *out);
    const struct exchange_known *known;
    int known_n;
    const struct exchange_word *words; /* ends with NULL */
    const char *rest; /* the text field that takes columns without a place, named; or NULL */
    /* For export: the extras of these records, rows_n × extras_n texts. */
    enum status (*read_extras)(struct ctx *c, const void *rows, int rows_n, struct str *out);
};

enum on_match { ON_MATCH_SKIP, ON_MATCH_FILL, ON_MATCH_OVERWRITE, ON_MATCH_N };
const char *on_match_code(enum on_match o); /* "skip" "fill" "overwrite" */
bool on_match_of(struct str code, enum on_match *out);

struct import_column {
    struct str header;     /* as in the file; "" where there is no header row */
    struct str samples[3]; /* first cells that are not empty */
    struct str to;         /* "given_name", "phones.0.number", "company"; empty: left out */
    struct str kind;       /* code for the child's kind ("mobile"), from the header */
    unsigned how;          /* enum import_how */
    bool by_content;       /* the name said nothing, the cells did */
    bool left_out;         /* to is empty, and it does not go to the notes either */
};
struct import_plan {
    struct str charset,
        charset_found; /* found: what import_look would guess, empty when not asked */
    char separator;
    bool has_header, one_name_column;
    bool hold_doubts; /* new rows that are probably somebody who is there are refused */
    bool keep_rest;   /* columns without a place go, named, to the shape's rest */
    struct str known; /* code of the product that the headers tell, or empty */
    struct str kind;  /* name of the entity */
    int64_t rows_n;   /* counted by import_look */
    struct import_column *v;
    int n;
    struct str match; /* "email,phone"; empty: no row is ever taken for a client who is there */
    enum on_match on_match;
};
enum import_header { HEADER_GUESS, HEADER_YES, HEADER_NO };
/* Reads the whole file, needs no transaction: fills everything of the plan but match and on_match,
 * which get their standard. charset and separator may be forced (empty, 0: guessed). INVALID with a
 * problem that names the place: not a file of rows (a NUL, a quote that stays open, nothing, too
 * many), or no such charset. */
enum status import_look(struct ctx *c, const struct exchange_shape *shape, const char *path,
                        struct str charset, char separator, enum import_header header,
                        struct import_plan *out) MUST_USE;
/* The same file again with the places that a person chose: headers, samples and counts from the
 * file, to and kind from chosen where the columns are as many. */
void import_plan_keep_choices(struct import_plan *fresh, const struct import_plan *chosen);
/* Are the names of this plan taken apart? Set again when columns were chosen by hand. */
void import_plan_settle(struct import_plan *plan);
/* A digest of the names of the columns in their order; false: they have none. */
bool import_plan_digest(struct arena *a, const struct import_plan *plan, unsigned char out[32]);
const struct exchange_known *import_known(const struct exchange_shape *shape, struct str code);
/* Places that a column may go to, with their labels, for the person's choice. */
struct import_target {
    struct str code, label;
};
int import_targets(struct ctx *c, const struct exchange_shape *shape, struct import_target **out);
/* A target ends with "+" where the cell is put behind what another column gave (a middle name). */
bool import_target_valid(const struct ctx *c, const struct exchange_shape *shape, struct str code);
struct str import_target_label(struct ctx *c, const struct exchange_shape *shape, struct str code);
/* The plan as it is kept (import.columns), and back. */
struct str import_plan_json(struct ctx *c, const struct import_plan *plan);
enum status import_plan_read(struct ctx *c, struct str json, struct import_plan *plan) MUST_USE;

/* Its column bears the child's name before its own ("relative_birth_date"), because the record or
 * another list has a field of that name. */
/* What stands above its column in files: its name; of an own field what people call it, and its
 * name behind: "Motto (cf_12)". */
struct str exchange_header(struct ctx *c, const struct field *f);
bool exchange_prefixed(const struct entity *e, const struct field *child);

/* --- export --- */
struct export_sheet; /* columns of a shape as they are now: as many phone columns as somebody has */
enum status export_sheet_new(struct ctx *c, const struct exchange_shape *shape,
                             struct export_sheet **out) MUST_USE;
int export_columns_n(const struct export_sheet *s);
struct str export_column_header(const struct export_sheet *s, int column);
const struct kind *export_column_kind(const struct export_sheet *s, int column); /* NULL: text */
/* rows_n × export_columns_n texts, row by row: what each cell says. */
enum status export_cells(struct ctx *c, const struct export_sheet *s, const void *rows, int rows_n,
                         struct str **out) MUST_USE;
void export_header(const struct export_sheet *s, char separator, struct buf *out);
enum status export_rows(struct ctx *c, const struct export_sheet *s, const void *rows, int rows_n,
                        char separator, struct buf *out) MUST_USE;
/* The separator and mark that the Excel of this reader expects. */
char export_separator(const struct locale *loc);

#endif
