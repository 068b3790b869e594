/* The template grammar (docs/templates.md): text in, tree out. One parser for the templates of this
 * program (tools/tplc makes C of the tree) and for texts that users write (interpreted). It knows
 * nothing of HTML: lib/html/tpl_context.h does. Everything lives in the arena, text is borrowed. */
#ifndef TPL_PARSE_H
#define TPL_PARSE_H
#include "lib/base/str.h"

#define TPL_ARGS_MAX 16 /* arguments of one {call}, {t} or {template} */

struct tpl_error {
    int line;         /* of the text, from 1 */
    const char *text; /* English, for developers; in the arena or static */
};

struct tpl_path { /* &p.who.name: prefix '&', head "p", rest ".who.name" */
    char prefix;  /* '&', '*' or 0 */
    struct str head;
    struct str rest; /* .name ->name [0] [i], checked, without blanks */
};

enum tpl_expr_kind {
    TPL_PATH,
    TPL_STRING, /* text: without quotes, \" \\ \n resolved */
    TPL_INT,    /* text: -12 */
    TPL_CONST,  /* text: ALL_CAPS, true or false */
    TPL_TR      /* text: a msgid to be translated: t "Save" */
};
struct tpl_expr {
    enum tpl_expr_kind kind;
    struct str text;
    struct tpl_path path;
};

enum tpl_op { TPL_TRUE, TPL_NOT, TPL_AND, TPL_OR, TPL_EQ, TPL_NE, TPL_LT, TPL_GT, TPL_LE, TPL_GE };
struct tpl_cond {
    enum tpl_op op;
    struct tpl_cond *a, *b; /* TPL_NOT (a), TPL_AND, TPL_OR */
    struct tpl_expr x, y;   /* TPL_TRUE (x) and the comparisons */
};

struct tpl_arg {
    struct str name; /* of a {t} argument; empty in {call} */
    struct tpl_expr value;
};

enum tpl_kind {
    TPL_TEXT,  /* text */
    TPL_VALUE, /* x */
    TPL_T,     /* x (a string or a path to a msgid), args */
    TPL_TN,    /* x one, y other, args; count is the argument named n */
    TPL_IF,    /* cond, body, otherwise ({elif} is an if inside otherwise) */
    TPL_FOR,   /* name, index, x the list, body, otherwise when it is empty */
    TPL_CALL,  /* x the path of the partial, args */
    TPL_ASSET  /* text the name of a static file */
};
struct tpl_node {
    enum tpl_kind kind;
    int line;
    struct tpl_node *next;
    struct str text, name, index;
    struct tpl_expr x, y;
    struct tpl_arg *args;
    int args_n;
    struct tpl_cond *cond;
    struct tpl_node *body, *otherwise;
};

struct tpl_param {
    struct str c;    /* the declaration as written: const struct page *p */
    struct str name; /* p */
    bool pointer;
};
struct tpl {
    struct tpl *next;
    int line;
    struct str name;
    struct tpl_param *params;
    int params_n;
    struct tpl_node *body;
};
struct tpl_file {
    struct strs includes;
    struct tpl *first;
};

/* A file of {include} and {template}. MALFORMED with *error set when it is no template file. */
enum status tpl_parse(struct arena *a, struct str text, struct tpl_file *file,
                      struct tpl_error *error) MUST_USE;
/* The inside of one template, as users write it. */
enum status tpl_parse_body(struct arena *a, struct str text, struct tpl_node **body,
                           struct tpl_error *error) MUST_USE;

#endif
