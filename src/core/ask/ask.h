/* A question about clients as a tree: «all of: sex is female; sum of purchases in the last 30 days
 * over 500». Three faces show the same tree: a line of text, boxes on a page, a plain sentence; the
 * tree is what is kept. Its names are those of fields and codes, so that a segment saved in French
 * opens in Persian. Grammar and rules: query-language.md C2 (reference of the project).
 *
 * A tree is unchanging after it was made, lives in its arena, and is always in its normal form
 * (ask_normal): no group of kind all in all, any in any, or with one item only (but for none); the
 * root is any node. Equal questions in normal form have equal trees: ask_equal. */
#ifndef ASK_H
#define ASK_H
#include "core/entity/entity.h"

enum ask_kind {
    ASK_GROUP,   /* all, any or none of items */
    ASK_FIELD,   /* a field against values, a number, a period */
    ASK_MEASURE, /* count, sum … of related records against a number */
    ASK_HAS,     /* has (or has no) related record */
    ASK_SEGMENT, /* is in a saved segment */
    ASK_WORDS    /* free words, as the search box takes them */
};
enum ask_group { ASK_ALL, ASK_ANY, ASK_NONE };
enum ask_op {
    ASK_IS,       /* one of values; prefix: begins with */
    ASK_FILLED,   /* has a value */
    ASK_EMPTY,    /* has none */
    ASK_OVER,     /* number */
    ASK_AT_LEAST, /* number */
    ASK_UNDER,    /* number */
    ASK_AT_MOST,  /* number */
    ASK_EXACTLY,  /* number: of measures and numbers */
    ASK_BETWEEN,  /* number to number2, both included */
    ASK_IN,       /* period: of dates */
    ASK_SOUNDS    /* values[0]: a name that sounds so, in any script */
};
enum ask_fn { ASK_COUNT, ASK_SUM, ASK_AVERAGE, ASK_LARGEST, ASK_SMALLEST };
enum ask_unit { ASK_DAY, ASK_WEEK, ASK_MONTH, ASK_QUARTER, ASK_YEAR };
enum ask_when {
    ASK_EVER,
    ASK_LAST,      /* the last n units, today's among them */
    ASK_NEXT,      /* the next n units, today's among them */
    ASK_THIS,      /* this unit */
    ASK_PREVIOUS,  /* the unit before this one */
    ASK_FOLLOWING, /* the unit after this one: next month, tomorrow */
    ASK_RANGE,     /* from…until, both days included */
    ASK_BEFORE,    /* until: days before it */
    ASK_AFTER      /* from: days after it */
};
struct ask_period {
    enum ask_when when;
    int n; /* 1 to 9999 */
    enum ask_unit unit;
    struct str from, until; /* ISO days */
};
struct ask_value {
    struct str text; /* plain form of its kind (kind.h): a code, an id, a text as it was typed
                        (compared folded); "me" of members */
    bool prefix;     /* begins with (75*); of texts alone */
};
struct ask_node {
    enum ask_kind kind;
    enum ask_group group;
    const struct ask_node *const *items;
    int items_n;
    struct str field; /* of ASK_FIELD: its name in the catalogue; of ASK_MEASURE: the measured one,
                         empty for count */
    enum ask_op op;
    const struct ask_value *values;
    int values_n;
    struct str number, number2; /* "-12.5": plain decimals with a point, no needless zeros */
    struct ask_period period;   /* of the field (ASK_IN) or of the related records */
    struct str relation;        /* of ASK_MEASURE and ASK_HAS: its name in the catalogue */
    enum ask_fn fn;
    bool no;                      /* of ASK_HAS: has no such record */
    const struct ask_node *where; /* criteria of the related records' own fields, or NULL */
    int64_t segment;
    struct str words;
};
enum {
    ASK_DEPTH_MOST = 4, /* groups in groups, related records' criteria counted */
    ASK_RULES_MOST = 50,
    ASK_MEASURES_MOST = 4,
    ASK_MS_MOST = 2000, /* of the clock */
    ASK_PERIOD_N_MOST = 9999,
    ASK_TEXT_MOST = 1000 /* bytes of one text in a question */
};

/* --- what may be asked: the catalogue --- */

enum ask_type {
    ASK_TEXT,    /* is, begins with, filled, empty */
    ASK_CODE,    /* choices and references: is, filled, empty */
    ASK_YESNO,   /* is */
    ASK_NUMBER,  /* compared */
    ASK_MONEY,   /* compared, in the currency of the business */
    ASK_DATE,    /* in a period, filled, empty; years may be unknown */
    ASK_INSTANT, /* in a period, in the zone of the business */
    ASK_ANNUAL,  /* comes round each year: in a period */
    ASK_NAME     /* sounds like */
};
enum ask_from {
    ASK_FROM_FIELD,  /* a field of the entity or of a child list */
    ASK_FROM_ROW,    /* a column of the record itself: created, changed */
    ASK_FROM_ANNUAL, /* the day of a date field in each year: birthday */
    ASK_FROM_AGE,    /* whole years since a date field */
    ASK_FROM_FIRST,  /* the day of the first record of a relation */
    ASK_FROM_LATEST, /* of the last one */
    ASK_FROM_NOWHERE /* the whole client: name~ */
};
struct ask_field {
    const char *name;  /* "sex", "town", "cf_12", "birthday", "first_purchase" */
    const char *label; /* msgid; of an own field see field_label */
    const char *also;  /* further words for it, of all languages, ";" between: "gender;genre" */
    enum ask_type type;
    enum ask_from from;
    const struct field *field;       /* it stands on; or NULL */
    const struct many *many;         /* the child list it is in; NULL: the entity's own */
    const char *column;              /* of ASK_FROM_ROW */
    const struct relation *relation; /* of ASK_FROM_FIRST and _LATEST */
};
/* Records that belong to clients: one table in the feature, named in app/features.c. */
struct relation {
    const char *name;  /* "purchases" */
    const char *label; /* msgid */
    const char *also;  /* "orders;achats;commandes;خریدها;سفارش‌ها;الطلبات" */
    const struct entity *entity;
    const char *date;     /* the column of its day; or of its instant */
    bool date_is_instant; /* milliseconds; else an ISO day */
    const char *amount;   /* the field that sum and average mean without a name; NULL: none */
    const char *currency; /* the column that says the currency of amounts; NULL: the firm's */
    int measure;          /* its number in core/measure (measure.h); 0: not kept there */
    /* msgids of the client's fields «day of the first, of the last one», and further words for
     * them; NULL: not offered. Their names are first_ and last_ with the entity's. */
    const char *first, *first_also, *latest, *latest_also;
};
struct ask_catalogue; /* catalogue.h: what the reader of this context may ask, with all words */

/* --- the tree --- */

bool ask_equal(const struct ask_node *a, const struct ask_node *b);
/* The same question in normal form. A group without items says nothing and goes; NULL and what is
 * left empty become an all-group without items. What is normal already comes back as it is. */
const struct ask_node *ask_normal(struct arena *a, const struct ask_node *n);
/* What the limits count: rules (those of related records too), groups in groups, measures. */
int ask_rules_n(const struct ask_node *n);
int ask_depth(const struct ask_node *n);
int ask_measures_n(const struct ask_node *n);
bool ask_period_equal(const struct ask_period *a, const struct ask_period *b);
/* "-12.5": digits, a point, no needless zeros, at most 13 digits before it and 4
 * behind. */
bool ask_number_is(struct str s);

#endif
