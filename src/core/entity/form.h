/* Forms of any entity: from typed fields to a record, and from a record to what a template shows.
 * Names of inputs: "given_name", "phones.0.number", "phones.0.id"; lists may have gaps and empty
 * rows. */
#ifndef FORM_H
#define FORM_H
#include "core/entity/entity.h"
#include "lib/http/http.h"

/* Sets in row what the form holds; fields that the form does not have stay as they are (an absent
 * check box is off when "NAME.here" came with the form). "version" is read into the row's head.
 * Unknown names are MALFORMED (save csrf, names that begin with '_' and those ending in ".here");
 * what cannot be understood is a problem at its field, INVALID, with all other fields set. */
enum status form_read(struct ctx *c, const struct http_pairs *form, const struct entity *e,
                      void *row) MUST_USE;

/* A list of one field from names with commas, semicolons or line ends between ("VIP، بهار ۱۴۰۵").
 */
enum status form_words(struct ctx *c, const struct many *m, struct str typed, void *row) MUST_USE;

struct form_option {
    struct str value, label;
    bool selected;
};
struct form_input {
    struct str name, id, label, value, hint, problem, widget, kind;
    bool required, checked, ltr;
    int max;
    struct {
        struct form_option *v;
        int n;
    } options; /* select, radio, ref, country, zone, list */
};
struct form_inputs {
    struct form_input *v;
    int n;
};
struct form_list_row {
    struct form_inputs inputs;
    struct str id, id_name; /* hidden: the child's id and the name of its input */
};
struct form_list {
    struct str name, label, add; /* add: "Add a phone" */
    struct {
        struct form_list_row *v;
        int n;
    } rows;                     /* with spare empty ones at the end */
    struct form_list_row blank; /* names with __i__ for the index: for the script that adds rows */
    bool words;                 /* a single field of names (tags): one input with commas */
    struct form_input input;    /* used when words */
    struct str problem;
};
struct form_part { /* in the order of the .def file: an input or a list */
    struct form_input input;
    struct form_list list;
    bool is_list;
};
struct form_section {
    struct str label;
    struct {
        struct form_part *v;
        int n;
    } parts;
};
struct form_problem {
    struct str text, label, id; /* id of the input it stands at; empty: the whole form */
};
struct form_view {
    struct {
        struct form_section *v;
        int n;
    } sections;
    struct {
        struct form_problem *v;
        int n;
    } problems;
    int64_t version;
};
/* form: what was typed (shown again as it was), NULL at first. only: names of fields to show, NULL
 * all. */
enum status form_view(struct ctx *c, const struct entity *e, const void *row,
                      const struct http_pairs *form, struct form_view *out) MUST_USE;
/* One input by itself (settings, filters). */
enum status form_input(struct ctx *c, const struct field *f, struct str name, struct value v,
                       struct form_input *out) MUST_USE;
const struct form_input *form_find(const struct form_view *v, struct str name);

#endif
