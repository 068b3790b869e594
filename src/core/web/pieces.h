/* Pieces of pages that show records: marks, fields of a form, lists by key, what happened.
 * Templates of all features call them: {include "core/web/pieces.h"}, {call mark(&c.mark)}. Made of
 * field.html, list.html and timeline.html; the view structs are filled by the features, or here
 * from the house's own structs. */
#ifndef PIECES_H
#define PIECES_H
#include "core/entity/form.h"
#include "core/entity/history.h"
#include "core/web/parts.h"
#include "lib/locale/date.h"

/* A category's or a state's mark. */
struct mark {
    struct str label;
    const char *look; /* a class of the sheet: "" "vip" "problem" "good" "bad" "line" "hue-3" */
    const char *icon; /* "" for none */
};
void mark(struct out *o, const struct mark *m);
const char *hue_class(struct str colour); /* "0" to "7" gives "hue-0" to "hue-7", else "" */

/* An instant as people say it, with the exact one for title= and the machine's for datetime=. */
struct moment {
    struct str said, exact, iso;
};
struct moment moment_of(struct ctx *c, int64_t ms, enum instant_style style);
void moment(struct out *o, const struct moment *m);

/* --- field.html: inputs as core/entity/form.h describes them --- */
void field(struct out *o, const struct form_input *i);         /* label, control, hint, problem */
void field_control(struct out *o, const struct form_input *i); /* the control alone */
void field_problem(struct out *o, const struct form_input *i);
void field_part(struct out *o, const struct form_part *p); /* an input or a list of rows */
void field_sections(struct out *o, const struct form_view *v);
/* The note above a form that was refused: what is wrong, each with a link to its field. */
void field_problems(struct out *o, const struct form_view *v);

/* --- list.html --- */
struct sort_head {
    const char *label;  /* msgid */
    struct url to;      /* sorted by this, or the other way round; empty: cannot be sorted by */
    const char *sorted; /* "ascending" "descending" or "" */
    const char *look;   /* class of the cell */
};
struct sort_heads {
    struct sort_head *v;
    int n;
};
void sort_row(struct out *o, const struct sort_heads *heads);
struct jump {
    struct str letter;
    struct url to;
    bool current;
};
struct jumps {
    struct jump *v;
    int n;
};
void jump_bar(struct out *o, const struct jumps *j);
/* count: a translated text like "12 clients"; empty urls where there is nothing. */
void pager(struct out *o, struct str count, struct url prev, struct url next);

/* --- timeline.html: history entries and notes, newest first --- */
struct event_field {
    struct str label, before, after;
    bool ltr;
};
struct event {
    const char *look, *icon; /* of the dot */
    const char *what;        /* msgid with {who} {name} {thing}; name is a link */
    struct str who, thing;
    struct markup name;
    struct moment at;
    struct str door, title; /* by which door; title of the batch (a file's name) */
    struct {
        struct event_field *v;
        int n;
    } fields;
    struct str note;           /* text of a note */
    struct markup note_marked; /* the same with what is marked in it; empty: as it is */
    bool note_private;
    struct url note_edit, note_delete; /* empty: may not */
    struct url undo;                   /* POST; empty: cannot be undone */
    struct url batch;                  /* the whole of it */
    bool undone;
};
struct events {
    struct event *v;
    int n;
};
struct event_day {
    struct str label;
    struct events events;
};
struct event_days {
    struct event_day *v;
    int n;
};
/* One entry of the history for people. party: the client whose page it is (his own name is not a
 * link), 0 on the firm's. */
struct event event_of(struct ctx *c, const struct history_entry *e, int64_t party);
/* Adds under the day's heading, made when the day differs from the last one's. */
void event_add(struct ctx *c, struct event_days *days, struct event e, int64_t at_ms);
void timeline(struct out *o, const struct event_days *days);
void event_list(struct out *o, const struct events *events);
void event_item(struct out *o, const struct event *e);
void event_changes(struct out *o,
                   const struct event *e); /* its fields, before and after; or nothing */
/* The link that stands for a record in a sentence. */
struct markup name_link(struct ctx *c, struct url to, struct str name);

#endif
