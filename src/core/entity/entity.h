/* The declarations that everything reads: fields, kinds of fields, entities.
 * A .def file lists an entity's fields once; it is expanded to the struct, the enum and the table,
 * and forms, lists, search, history, API, import, export, command line and rights read the table.
 *
 *   FIELD(name, kind, "Label", options…)     MANY(name, child, "Label", options…)
 *
 * One name everywhere: column = struct member = input name = JSON key = CSV header. */
#ifndef ENTITY_H
#define ENTITY_H
#include <stddef.h>

#include "core/entity/ctx.h"
#include "core/entity/kinds.h"

enum field_is {
    LISTED = 1,    /* may be a column of a list, and sorted by */
    FILTERED = 2,  /* may be a criterion */
    SEARCHED = 4,  /* its words are found by search */
    MATCHED = 8,   /* import and duplicates compare it */
    PERSONAL = 16, /* personal data: shown, exported and erased with the person */
    REQUIRED = 32, /* may not be empty */
    PRIVATE = 64,  /* for members and above; never on a page of the client's own */
    SYSTEM =
        128, /* written by the program: shown and listed, never taken from a form, API or file */
    DERIVED = 256, /* computed from other fields when saved; not in history */
    ONLY_PERSON = 512,
    ONLY_ORGANISATION = 1024,
    SECRET = 2048, /* never leaves the program: no list, filter, sort, export, API */
    /* Of own fields alone (own.h): */
    TERMS = 4096,      /* its filter terms are kept up, offered as a criterion or not */
    KEYS = 8192,       /* its sort values are kept up */
    PREPARING = 16384, /* terms or sort values are being made: no filter, no sort yet */
    REMOVED = 32768,   /* removed: the store keeps its values, nobody else sees it */
};

struct entity;
struct field;

struct field {
    const char *name;
    const struct kind *kind;
    const char *label; /* msgid */
    unsigned is;       /* enum field_is */
    int max;           /* characters; 0: 200, areas 20,000 */
    const char *also;  /* other names of it in files, ";" between: "last name;surname;nom" */
    const struct choice *choices;  /* ends with code NULL */
    const char *standard;          /* code or value of a new record */
    const struct entity *ref;      /* what a kind_ref points to */
    const char *group;             /* msgid of its section in the form */
    const char *hint;              /* msgid shown under the input */
    int decimals;                  /* of a kind_number: digits behind the mark */
    const char *currency;          /* of a kind_money; NULL: the firm's */
    size_t currency_at;            /* of one whose currency is another field: where it lies */
    int64_t custom;                /* id of its row in custom_field; 0: declared in a .def file */
    int slot;                      /* of a custom field: its place in row.custom; no offset then */
    const struct own_names *names; /* of a custom field: what people call it */
    size_t offset;
};

struct many {         /* child records: phones, addresses … */
    const char *name; /* "phones": struct member, form prefix, JSON key; CSV headers drop the s */
    const char *label, *also, *group;
    const struct entity *child;
    const char *single; /* set: JSON and CSV show this one field of the child only (tags by name) */
    size_t offset;
};
struct many_rows { /* the layout of every child list inside a parent's struct */
    void *v;
    int n;
};

/* First member of every entity's struct. */
struct row {
    int64_t id, version, created_at, created_by, changed_at, deleted_at;
    struct str uid;       /* only where the entity has_uid */
    struct value *custom; /* of an entity with own fields: by field.slot; NULL: none has a value */
};

struct terms;
struct own; /* own.h */

struct entity {
    const char *name, *plural;        /* table "party", path "parties" */
    const char *label, *label_plural; /* msgids */
    size_t size;
    const struct field *fields;
    int fields_n;
    const struct many *manys;
    int manys_n;
    bool is_child; /* lives in a parent's list: columns party and position, no row header but id */
    const char *parent_column; /* of a child whose parent is no party: its name instead of party */
    bool by_upload; /* made by uploading a file, or part of such: never of values alone (API) */
    bool has_uid, has_deleted, indexed; /* indexed: party, with search terms and sort values */
    bool one_row;                       /* the business itself: no list, not in the API */
    bool has_own;          /* takes own fields: a column extra beside its declared ones */
    const struct own *own; /* as seen by a context that has own fields (entity_now) */
    const char *
        party_column; /* the column that names the client it belongs to ("party"; bond: "person") */
    const char *other_column;      /* a second client: rows are for who sees both (bond) */
    const char *private_column;    /* rows where it is 1: for their author and owners alone */
    enum role may_read, may_write; /* the least role */
    /* Rules over several fields. row may be changed (names composed, phones normalised); before is
     * NULL for a new record. Problems are added to the context. Every door passes here. */
    enum status (*check)(struct ctx *c, void *row, const void *before);
    /* In the same transaction after the row is written; row or before is NULL at delete / create.
     */
    enum status (*saved)(struct ctx *c, const void *row, const void *before);
    /* What people call the record. */
    struct str (*title)(struct ctx *c, const void *row);
    /* The record that people call so (import, references by name); 0 when there is none. */
    enum status (*find)(struct ctx *c, struct str name, int64_t *id);
    /* Search terms beyond the fields' own (names of a person's organisations). */
    enum status (*terms)(struct ctx *c, const void *row, struct terms *out);
    /* Terms of how it sounds; keys_version is raised when they change, a job makes them anew. */
    void (*keys)(struct ctx *c, const void *row, struct terms *out);
    int keys_version;
};

/* The entity with the fields that the business made itself behind its declared ones, as this
 * context sees them. Whoever walks fields or finds one by its name does so through this; it is the
 * same entity where there are none. Lives as long as the context. */
const struct entity *entity_now(const struct ctx *c, const struct entity *e);
/* Is it this one, with or without its own fields? */
static inline bool entity_is(const struct entity *e, const struct entity *which) {
    return e->name == which->name;
}
/* The same with the removed ones behind: whose values the store, history and undo keep. */
const struct entity *entity_whole(const struct ctx *c, const struct entity *e);
/* The field's name for people, in their language (own fields have names of their own). */
const char *field_label(const struct ctx *c, const struct field *f);
const char *choice_label(const struct ctx *c, const struct field *f, const struct choice *ch);
static inline bool choice_retired(const struct choice *ch) {
    return ch->also && !strcmp(ch->also, CHOICE_RETIRED);
}
/* "string" "integer" "boolean" "array": what its value is in JSON. */
const char *field_json_type(const struct field *f);

/* Access by table. An own field is set in a row that row_new, the store or row_ready made; a struct
 * of one's own reads as empty until row_ready gave it room. */
struct value field_get(const struct field *f, const void *row);
void field_set(const struct field *f, void *row, struct value v);
void row_ready(struct ctx *c, const struct entity *e, void *row);
/* The field as it is in this record, for its kind: an amount in the currency that this says. */
const struct field *field_in(struct ctx *c, const struct field *f, const void *row);
/* Is it read after others of its record, since those say how? */
static inline bool field_follows(const struct field *f) {
    return f->currency_at != 0;
}
/* An amount that was not written anew stays what it reads when its currency becomes another one:
 * 12.00 EUR, 12.000 KWD (a problem, where it cannot); an emptied currency stays what it was. */
void field_follow(struct ctx *c, const struct field *f, void *row, const void *was, bool written);
/* Of a number or an amount: how many stand behind its mark. */
int field_decimals(const struct ctx *c, const struct field *f);
bool value_empty(const struct field *f, struct value v);
bool value_eq(struct value a, struct value b);
/* SECRET to nobody, PRIVATE to members and above; the store blanks the others as it reads. */
bool field_readable(const struct ctx *c, const struct field *f);
struct many_rows many_get(const struct many *m, const void *row);
void many_set(const struct many *m, void *row, struct many_rows rows);
static inline void *many_at(const struct many *m, struct many_rows rows, int i) {
    return (char *)rows.v + (size_t)i * m->child->size;
}
const struct field *entity_field(const struct entity *e, struct str name); /* NULL: no such */
const struct many *entity_many(const struct entity *e, struct str name);
void *row_new(struct ctx *c,
              const struct entity *e); /* zeroed, with the standard values of its fields */
void *row_copy(struct ctx *c, const struct entity *e,
               const void *row); /* lists copied, texts shared */
static inline struct row *row_head(void *row) {
    return row;
}
static inline const struct row *row_head_of(const void *row) {
    return row;
}
struct str field_path(struct ctx *c, const struct many *m, int i,
                      const struct field *f); /* "phones.0.kind" */

/* What people call the record of this id, in their language; empty: gone. Kept for the context. */
struct str entity_title(struct ctx *c, const struct entity *e, int64_t id);
/* Reads the titles of many in one query, for entity_title to find; ids may repeat. */
enum status entity_titles(struct ctx *c, const struct entity *e, const int64_t *ids,
                          int n) MUST_USE;

/* The expansions. In the header:
 *   struct party { struct row row;
 *   #define FIELD(n, k, ...) ENTITY_C_##k n;
 *   #define MANY(n, child, ...) struct { struct child *v; int n; } n;
 *   #include "features/party/party.def"
 * In the feature's entity file, the table: */
#define ENTITY_FIELD(type, n, k, l, ...)                                                           \
    { .name = #n, .kind = &kind_##k, .label = l, .offset = offsetof(struct type, n), __VA_ARGS__ },
#define ENTITY_MANY(type, n, c, l, ...)                                                            \
    { .name = #n,                                                                                  \
      .child = &entity_##c,                                                                        \
      .label = l,                                                                                  \
      .offset = offsetof(struct type, n),                                                          \
      __VA_ARGS__ },
#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

#endif
