/* The line of text: «sex:female sum(purchases, last 30 days) over 500», in the words of any
 * language; written in those of the reader's. */
#ifndef ASK_TEXT_H
#define ASK_TEXT_H
#include "core/ask/catalogue.h"

struct ask_problem {
    int at, n;        /* bytes of the line that are wrong; n 0: at its end, something is missing */
    const char *text; /* msgid */
    struct tr_arg *args;
    int args_n;
};
/* Words of all languages may be mixed; those of the reader's win. Empty: an all-group without
 * items. INVALID: *problem says where and what (and nothing else was changed). A line of
 * FIELD=VALUE means field:value. */
enum status ask_parse(struct ctx *c, const struct ask_catalogue *k, struct str line,
                      const struct ask_node **out, struct ask_problem *problem) MUST_USE;
/* In the reader's language, digits and calendar; ask_parse of it gives an equal tree. */
struct str ask_print(struct ctx *c, const struct ask_catalogue *k, const struct ask_node *n);
/* For addresses: tags, segments, members, categories by their numbers, own fields and their choices
 * by their codes, so that renaming breaks no bookmark. ask_parse of it gives an equal tree too. */
struct str ask_print_steady(struct ctx *c, const struct ask_catalogue *k, const struct ask_node *n);
/* A rule or group as a person reads it aloud: «Sex is female». Plain text. */
struct str ask_say(struct ctx *c, const struct ask_catalogue *k, const struct ask_node *n);
/* The same of a rule about the records of a relation (a criterion of has, count …). */
struct str ask_say_in(struct ctx *c, const struct ask_catalogue *k, const struct relation *of,
                      const struct ask_node *n);
/* What may follow at this place of the line: whole words to put there, best first, at most max;
 * *from: where the word that they replace begins. */
struct ask_completion {
    struct str word;  /* to be put there */
    struct str label; /* what it is, for people */
};
int ask_complete(struct ctx *c, const struct ask_catalogue *k, struct str line, int cursor,
                 struct ask_completion *out, int max, int *from);
/* As it is stored: JSON with language-neutral names. Reading: INVALID when it is no tree; fields
 * that are gone are left in it (run says so). */
struct str ask_json(struct arena *a, const struct ask_node *n);
enum status ask_json_read(struct arena *a, struct str json, const struct ask_node **out) MUST_USE;

#endif
