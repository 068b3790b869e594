/* Pieces that templates of all features call: {include "core/web/parts.h"}, {call icon("add")}. */
#ifndef PARTS_H
#define PARTS_H
#include "core/web/req.h"

/* An icon of the sprite (names: assets/icons.txt). Those that show a direction turn with the page.
 */
void icon(struct out *o, const char *name);
/* The same with a class more: "spin". */
void icon_more(struct out *o, const char *name, const char *more);

/* What stands for a person or an organisation: up to two initials on one of eight colours, the
 * same for the same name. */
struct face {
    struct str initials;
    const char *hue;    /* "hue-3" */
    const char *more;   /* "" "firm" "small" "big" */
    struct url picture; /* of ours, instead of the initials; empty: none */
};
struct face face_of(struct arena *a, struct str name, const char *more);
void face(struct out *o, const struct face *f);

/* «Empty», «812 bytes», «340 kB», «12 MB». */
struct str size_shown(struct ctx *c, int64_t bytes);

/* The note above a form that says how many fields are wrong, and problems of the whole. */
void problems_note(struct out *o);

/* One <option> list: code, label (already translated), chosen. */
struct option_row {
    struct str code, label;
    bool chosen;
};
struct option_rows {
    struct option_row *v;
    int n;
};
void options_add(struct arena *a, struct option_rows *to, struct str code, struct str label,
                 struct str chosen);
void option_list(struct out *o, const struct option_rows *rows);

/* One field of a form that is not an entity's: sign-in, welcome, settings. */
struct input {
    const char *name, *label, *hint; /* label and hint are msgids; hint may be NULL */
    const char *type;     /* "text" "email" "password" "search" "area" "select" "radio" "check" */
    const char *complete; /* autocomplete, or NULL */
    const char *mode;     /* inputmode, or NULL */
    const char *list;     /* id of a <datalist> of options, or NULL */
    struct str value;
    bool required, ltr, focus, all; /* all: as wide as the form */
    struct option_rows options;
    struct str problem; /* of the request at this field */
};
/* An input with the value that was just refused, else with `value`; passwords come back empty. */
struct input input_of(struct req *r, const char *name, const char *type, const char *label,
                      struct str value);
void input_choice(struct req *r, struct input *i, const char *code, struct str label);
void input(struct out *o, const struct input *i);

/* The name of the product as a link; the four languages as links (?language=), for pages without
 * the shell. */
void brand(struct out *o);
void language_links(struct out *o, struct str current);
/* The menu of the settings: current is "me" "security" "tokens" "firm" "members" "teams"
 * "categories" "tags". Stands first inside <div class="split">, the page's <div class="stack">
 * second. */
void settings_nav(struct out *o, const char *current);

#endif
