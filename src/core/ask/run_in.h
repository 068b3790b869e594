/* What the files of answering share: one question being answered. Only for core/ask/run*.c. */
#ifndef ASK_RUN_IN_H
#define ASK_RUN_IN_H
#include "core/ask/run.h"
#include "core/entity/store_sql.h"

enum {
    RUN_SEGMENTS_MOST = 16, /* segments in segments */
    RUN_IDS_N = 2000,       /* ids of one statement */
    RUN_FEW = 2000,         /* so few clients are looked up by their ids whatever the index */
    RUN_SOME = 20000        /* so many rather than walking a whole table */
};
struct run {
    struct ctx *c;
    struct search *search;
    const struct ask_catalogue *catalogue;
    enum calendar_id calendar;
    int64_t ends_us; /* by the steady clock */
    bool guarded;    /* a savepoint is open and the database knows the deadline */
    int64_t segments[RUN_SEGMENTS_MOST];
    int segments_n;
};

/* Each gives a new set of clients; only those of `among` matter: others may be in it or not. */
enum status run_node(struct run *r, const struct ask_node *n, const struct bits *among,
                     struct bits **out) MUST_USE; /* these are within among */
enum status run_field(struct run *r, const struct ask_node *n, const struct bits *among,
                      struct bits **out) MUST_USE;
enum status run_related(struct run *r, const struct ask_node *n, const struct bits *among,
                        struct bits **out) MUST_USE; /* measures and has */
enum status run_edge(struct run *r, const struct ask_field *f, const struct ask_period *p,
                     const struct bits *among, struct bits **out) MUST_USE; /* first, latest */
/* What this client has in the matter of a rule, for people; may be empty. */
enum status run_has(struct run *r, const struct ask_node *n, int64_t party,
                    struct str *out) MUST_USE;
enum status run_related_has(struct run *r, const struct ask_node *n, int64_t party,
                            struct str *out) MUST_USE;
enum status run_edge_has(struct run *r, const struct ask_field *f, int64_t party,
                         struct str *out) MUST_USE;
enum status run_sounds(struct run *r, struct str name, const struct bits *among,
                       struct bits **out) MUST_USE;

/* INVALID, with a problem at "where". */
enum status run_refuse(struct run *r, const char *text, struct str value) MUST_USE;
enum status run_gone(struct run *r, struct str name) MUST_USE; /* a field that is not there */
enum status run_in_time(struct run *r) MUST_USE;               /* TOO_BIG when it is over */

/* --- SQL made from constant tables --- */

struct run_sql {
    struct run *run;
    struct buf text;
    struct made_params params; /* RUN_PARAMS_N of room */
};
enum { RUN_PARAMS_N = 400 };
void run_sql_new(struct run *r, struct run_sql *q);
/* Binds a value under a name of its own and writes it into the text as ":p3". */
void run_sql_int(struct run_sql *q, int64_t v);
void run_sql_text(struct run_sql *q, struct str v);
void run_sql_bytes(struct run_sql *q, struct str v);
/* " column IN (…)" of a list of texts that is bound as one value. */
void run_sql_among_texts(struct run_sql *q, const struct strs *v);
/* The same of the codes or ids that a rule names. */
void run_sql_among_values(struct run_sql *q, const struct field *f, const struct ask_node *n);
/* Rows whose first column is a client are added to `to`; with ids, " AND column IN (…)" is put
 * where the text says "@": only these clients, in as many statements as it takes. Without `only`
 * the mark goes. */
enum status run_sql_bits(struct run_sql *q, const char *column, const struct bits *only,
                         struct bits *to) MUST_USE;
enum status run_sql_each(struct run_sql *q, const char *column, const struct bits *only,
                         bool (*row)(void *arg, const struct cell *cells), void *arg) MUST_USE;
/* `among` when it is worth being asked for by id, else NULL. */
const struct bits *run_few(const struct bits *among, bool index);

/* --- numbers, days, texts --- */

/* Whole numbers of 10^-decimals that fit: low > high when none does. */
void run_bounds(const struct ask_node *n, int decimals, int64_t *low, int64_t *high);
int run_decimals(const struct ctx *c, const struct field *f);
/* An ISO day that sorts as the day does; those beyond the calendar sort behind all others. */
struct str run_iso(struct arena *a, int day);
int64_t run_ms(struct ctx *c, int day); /* the instant at which it begins for the firm */

struct run_text { /* what a text is compared with, folded as the field's kind does */
    struct str key;
    bool prefix;
};
struct run_texts {
    struct ctx *c;
    const struct field *field;
    struct run_text *v;
    int n;
};
void run_texts_new(struct ctx *c, const struct field *f, const struct ask_node *n,
                   struct run_texts *out);
bool run_texts_fit(const struct run_texts *t, struct str text);
/* The value of a choice or reference as the column has it: "me" becomes the member's id. */
struct str run_code(struct ctx *c, struct str text);

#endif
