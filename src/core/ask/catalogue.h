/* What may be asked, in all languages at once: fields of clients (declared ones, own ones, those of
 * child lists, computed ones such as birthday), relations and their fields, and the words of the
 * grammar. Made from the entities' tables and from ask_relations(); what the reader may not read is
 * not in it. */
#ifndef ASK_CATALOGUE_H
#define ASK_CATALOGUE_H
#include "core/ask/ask.h"

struct bits;

/* All relations; defined in app/features.c, the only file that names all. Tests bring their own. */
const struct relation *ask_relation_at(int i); /* NULL behind the last */
const struct relation *const *ask_relations(struct arena *a, int *n);
/* Saved segments, for segment:name: set in app/features.c, as core knows no features. Any may be
 * NULL in tests: there are no segments then. */
struct ask_segments {
    /* The one that people call so, as far as the reader may see it; *id 0: none. */
    enum status (*find)(struct ctx *c, struct str name, int64_t *id);
    /* Names that begin so (folded), for completion; NULL: none are offered. */
    enum status (*names)(struct ctx *c, struct str begin, struct strs *out);
    /* Its name; empty: gone or not for the reader. */
    struct str (*name)(struct ctx *c, int64_t id);
    /* Its tree and calendar, or, when it is frozen, its members (bits_free). MISSING: gone. */
    enum status (*tree)(struct ctx *c, int64_t id, const struct ask_node **tree,
                        enum calendar_id *calendar, struct bits **frozen);
};
const struct ask_segments *ask_segments(void); /* defined in app/features.c */

/* The catalogue of this context; kept in it, lives as long as it. Its words are made when they are
 * first asked for, in the context's arena: no arena_back beyond that. */
const struct ask_catalogue *ask_catalogue(struct ctx *c);
/* For tests: with relations, further fields of clients and segments of their own. It is then the
 * catalogue of this context. */
struct ask_catalogue *ask_catalogue_of(struct ctx *c, const struct relation *const *relations,
                                       int relations_n);
void ask_catalogue_add(struct ask_catalogue *k, const struct ask_field *f);
void ask_catalogue_segments(struct ask_catalogue *k, const struct ask_segments *s);
const struct ask_segments *ask_catalogue_segments_of(const struct ask_catalogue *k);

/* By canonical name; NULL: no such, or not for the reader. relation NULL: of the client. */
const struct ask_field *ask_field(const struct ask_catalogue *k, const struct relation *of,
                                  struct str name);
const struct relation *ask_relation(const struct ask_catalogue *k, struct str name);
/* All of them in the order in which a page offers them. */
int ask_fields(const struct ask_catalogue *k, const struct relation *of,
               const struct ask_field *const **out);
int ask_relations_of(const struct ask_catalogue *k, const struct relation *const **out);
/* By any word of any language, folded alike (the reader's language first). */
const struct ask_field *ask_field_called(const struct ask_catalogue *k, const struct relation *of,
                                         struct str word);
const struct ask_field *ask_name_called(const struct ask_catalogue *k,
                                        struct str word); /* that of type ASK_NAME */
const struct relation *ask_relation_called(const struct ask_catalogue *k, struct str word);
/* What a value means that a person typed: code of a choice, id of a reference ("#12" too), "me" of
 * members, ISO day, plain number, text as it is (75*: prefix; 75\* is that very text); the plain
 * form. false: nothing of that name. */
bool ask_value_called(struct ctx *c, const struct ask_field *f, struct str typed,
                      struct ask_value *out);
/* The other way: for people, in their language; ask_value_called understands it. */
struct str ask_value_shown(struct ctx *c, const struct ask_field *f, struct ask_value v);
/* Numbers and days as people type and read them (the reader's digits, marks, calendar); of, if not
 * NULL, tells the currency in which amounts may be typed. Plain number and ISO day in the tree. */
bool ask_number_called(struct ctx *c, const struct ask_field *of, struct str typed,
                       struct str *out);
struct str ask_number_shown(struct ctx *c, struct str number);
bool ask_day_called(struct ctx *c, struct str typed, struct str *out);
struct str ask_day_shown(struct ctx *c, struct str iso);
/* What it is called on pages (its label), and as one word of the line of text. f comes from a
 * catalogue. */
struct str ask_field_shown(struct ctx *c, const struct ask_field *f);
struct str ask_field_word(struct ctx *c, const struct ask_field *f);
struct str ask_relation_word(struct ctx *c, const struct relation *r);

#endif
