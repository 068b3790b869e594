/* Fields that the business made itself (custom_field), as further rows of the table of an entity's
 * fields. One unchanging snapshot for each state of custom_field: read once, kept by app.c, chosen
 * for a context when its transaction begins, so that a request sees one set of fields from its
 * start to its end, on every server of the same database. Values lie in the column extra as JSON
 * under "cf_ID": numbers and money as scaled integers, yes and no as 1 and 0, several choices as an
 * array of their codes. Those of removed fields stay there. */
#ifndef OWN_H
#define OWN_H
#include "core/entity/entity.h"

enum { OWN_FIELDS_MAX = 200 }; /* live ones of a business */

struct own_names {
    const char *main;       /* never NULL */
    const char *in[LANG_N]; /* NULL: none in that language */
    const char *kind;       /* "text" "area" "number" … as in custom_field.kind */
    bool filtered, listed;  /* as ticked; field.is tells what works already */
};

struct own {
    const struct entity *base; /* as declared */
    struct entity now, whole;  /* with its own fields; with the removed ones behind those */
    int values_n;              /* slots of row.custom */
};

/* The snapshot of what this transaction sees, in two steps: what is asked of the database, and what
 * is made of it in a; NULL where no own field was ever made. */
enum status own_rows(struct tx *tx, struct rows *out) MUST_USE;
const struct own *own_make(struct arena *a, const struct rows *rows);
/* After a change of custom_field, in its transaction: contexts that begin from now on read anew. */
enum status own_changed(struct tx *tx) MUST_USE;

/* The column extra of a row of e (of entity_whole), and back. NO_STR: no own field has a value. */
struct str own_json(struct ctx *c, const struct entity *e, const void *row);
enum status own_parse(struct ctx *c, const struct entity *e, struct str extra, void *row) MUST_USE;

struct value *own_copy(struct ctx *c, const struct value *values); /* of row.custom */

/* Whether the field is asked of this row: some are of persons or of organisations alone. */
bool own_applies(const struct entity *e, const struct field *f, const void *row);

/* The text of custom_field.choices: one a line, "code: label", retired ones with '-' before. */
int own_choices(struct arena *a, struct str text, struct choice **out);
/* How much of a PREPARING field is done, in percent. */
enum status own_progress(struct ctx *c, const struct field *f, int *percent) MUST_USE;
/* The kinds there are, by their code; NULL: no such. */
const struct kind *own_kind(struct str code);

#endif
