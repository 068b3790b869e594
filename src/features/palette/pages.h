/* Between the files of this folder. */
#ifndef PALETTE_PAGES_H
#define PALETTE_PAGES_H
#include "core/web/parts.h"
#include "features/party/party.h"

/* What one can do: a page to go to, something to do with the client that is open, or with the
 * program. Right and existence are asked from the routes, so that nobody sees what he may not do.
 */
enum act_kind {
    ACT_GO,      /* a link */
    ACT_POST,    /* a form without fields but the button's own */
    ACT_PROGRAM, /* done in the browser: print, the help */
};
enum act_place { ANYWHERE, ON_CLIENT, GENERAL };
struct act {
    const char *label, *icon; /* label: msgid */
    const char *to;           /* "/clients/{id}/edit"; of ACT_PROGRAM what the button does */
    const char *key;          /* "g c", or NULL */
    const char *also;         /* other names in the four languages, ";" between */
    enum act_kind kind;
    enum act_place place;
    const char *name, *value; /* of the button, or NULL */
    const char *ask;          /* msgid of a question first, or NULL */
};
extern const struct act acts[];
extern const int acts_n;

/* One line of what was found. */
struct palette_line {
    struct str title, line; /* title: in the reader's language */
    const char *icon, *key;
    struct url to;    /* a page, or where a form goes */
    const char *form; /* id of the form that the button sends, NULL: a link */
    const char *name, *value;
    struct str ask;
    bool print, help; /* ACT_PROGRAM */
    bool person;      /* face instead of icon */
    struct face face;
    int n;      /* of all lines: the option's id */
    bool first; /* n == 0 */
};
struct found_group {
    const char *title; /* msgid, or NULL: name is it */
    struct str name;
    struct {
        struct palette_line *v;
        int n;
    } lines;
};
struct palette_view {
    struct str query, at;
    struct {
        struct found_group *v;
        int n;
    } groups;
    bool page; /* not a fragment: links that one can reach with Tab */
    int64_t assign_was;
};
void palette_found(struct out *o, const struct palette_view *v);
void palette_page(struct out *o, const struct palette_view *v);

/* Whether what was typed names it: every word begins one of its words, in any language. 2: it
 * begins the name that the reader sees; 0: not at all. asked: the words of a fold. */
int act_match(struct ctx *c, const struct act *a, const struct strs *asked);
/* May he, and is there such a page in this program? id: the client's, for ON_CLIENT. */
bool act_allowed(struct req *r, const struct act *a, int64_t id, struct str *path);

enum status palette_show(struct req *r) MUST_USE;

#endif
