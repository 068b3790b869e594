/* What one kind of field can do. Below: the type of a struct member for each kind of field: what
 * FIELD(name, kind, …) expands to in a header. The kinds themselves stand in entity.h; a new one is
 * a line here, a line there and its file. */
#ifndef KINDS_H
#define KINDS_H
#include "core/entity/ctx.h"

struct entity;
struct field;

/* What a field holds, as stored. Text with p == NULL and numbers 0 of a kind with zero_is_null are
 * none. */
struct value {
    bool is_int;
    int64_t i;
    struct str s;
};

#define NUMBER_NONE INT64_MIN

/* `also` of a choice of an own field that is not offered any more, but stays where it is. */
#define CHOICE_RETIRED ";"

struct choice {
    const char *code, *label; /* label is a msgid */
    const char *also;         /* other spellings for import: "f;female;femme;زن;أنثى" */
};

/* One kind of field; kind_*.c, one file each (small ones share kind_text.c). */
struct kind {
    const char *name;
    bool is_int;        /* struct member is int64_t, else struct str */
    bool zero_is_null;  /* 0 is stored as NULL (references, instants) */
    bool min_is_null;   /* NUMBER_NONE is stored as NULL, so that 0 is a value (numbers, money) */
    const char *widget; /* "text" "area" "email" "tel" "date" "select" "radio" "check" "number"
                           "ref" "list" "choices" "decimal" */
    bool ltr;           /* input and value are left to right whatever the page */
    /* What a person typed, in any digits, calendar and language → stored value. Adds a problem at
     * `at` and returns INVALID if it cannot be understood. Empty text gives an empty value and OK.
     */
    enum status (*parse)(struct ctx *c, const struct field *f, struct str at, struct str typed,
                         struct value *out);
    /* For people, in their language (plain text; a template escapes it). Empty for an empty value.
     */
    struct str (*show)(struct ctx *c, const struct field *f, struct value v);
    /* For an input: what parse would understand again, in the person's calendar and digits. */
    struct str (*edit)(struct ctx *c, const struct field *f, struct value v);
    /* For programs (CSV, JSON, filters in URLs): stable and language-neutral. parse understands it
     * too. */
    struct str (*plain)(struct ctx *c, const struct field *f, struct value v);
    /* Bytes that sort as people expect, at most 80; empty value: n == 0. NULL: cannot be sorted by.
     */
    struct str (*sort_key)(struct ctx *c, const struct field *f, struct value v);
    /* The text under which the value is a criterion, folded; empty: none. */
    struct str (*filter_key)(struct ctx *c, const struct field *f, struct value v);
    const char *json_type; /* of the API: "string" "integer" "boolean"; with format, for OpenAPI */
    const char *json_format;
};
extern const struct kind kind_text, kind_area, kind_email, kind_phone, kind_date, kind_choice,
    kind_yesno, kind_int, kind_ref, kind_language, kind_country, kind_zone, kind_url, kind_instant,
    kind_colour, kind_file, kind_number, kind_money, kind_choices, kind_currency;

#define ENTITY_C_text     struct str
#define ENTITY_C_area     struct str
#define ENTITY_C_email    struct str
#define ENTITY_C_phone    struct str
#define ENTITY_C_date     struct str
#define ENTITY_C_choice   struct str
#define ENTITY_C_yesno    int64_t
#define ENTITY_C_int      int64_t
#define ENTITY_C_ref      int64_t
#define ENTITY_C_language struct str
#define ENTITY_C_country  struct str
#define ENTITY_C_zone     struct str
#define ENTITY_C_url      struct str
#define ENTITY_C_instant  int64_t
#define ENTITY_C_colour   struct str
#define ENTITY_C_file     int64_t
#define ENTITY_C_number   int64_t
#define ENTITY_C_money    int64_t
#define ENTITY_C_choices  struct str
#define ENTITY_C_currency struct str

#endif
