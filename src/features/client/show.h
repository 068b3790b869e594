/* The parts of one client's page. Only for features/client. */
#ifndef CLIENT_SHOW_H
#define CLIENT_SHOW_H
#include "features/attachment/attachment.h"
#include "features/bond/bond.h"
#include "features/client/pages.h"
#include "features/merge/merge.h"
#include "features/note/note.h"
#include "features/purchase/purchase.h"
#include "features/tag/tag.h"
#include "features/timeline/timeline.h"

struct act {                  /* what one press does: call, write */
    const char *icon, *label; /* msgid */
    struct url to;
};
struct way { /* to reach somebody */
    const char *icon;
    struct code text, host; /* host: of an e-mail from the @ on, for a line of its own */
    struct url to;          /* what a press on the text does; empty: he does not want it */
    struct str about, copy;
    bool barred;
    struct {
        struct act *v;
        int n;
    } acts;
};
struct address_view {
    struct strs lines;
    struct str about, copy;
};
struct bond_view {
    int64_t id;
    struct url to, edit;
    struct str name, line;
    struct face face;
    bool past;
};
struct tag_view {
    struct str name;
    const char *hue;
    struct url to;
};
struct fact { /* one field, or one row of a list, as label and value */
    struct str label, value, exact, more;
    struct url to;
    bool ltr, area, long_text;
    struct str field; /* edited in place under this name; empty: not */
    struct url edit;  /* its place in the form; empty: may not */
};
struct facts {
    struct fact *v;
    int n;
};
struct assign_view {
    int64_t id;
    struct str name;
    struct face face;
};
/* The hour at his place and whether it is a good one. */
struct clock_view {
    struct str there; /* "It is 21:40 there, 2 h ahead of you"; empty: the same as here */
    struct str hours; /* as typed */
    bool understood, good;
};
struct coming_view {
    const char *icon;
    struct str what, when, more;
    bool soon;
};
struct next_view {
    struct str step, date, date_exact, was; /* was: goals_reviewed as it is kept */
    struct str today;
    bool late, review;
    struct str reviewed;
    struct {
        struct coming_view *v;
        int n;
    } coming;
};
/* A card of the page, which each person places and hides for himself. */
struct section {
    const char *code, *label; /* msgid */
    bool hidden, empty;
    struct url add; /* where an empty one is filled */
};
struct section_column {
    struct section *v;
    int n;
};
enum { SECTION_COLUMNS = 3 };
struct beside_view { /* the list that one came from */
    struct url list, prev, next;
};
struct client_view {
    int64_t id;
    struct str name, line, warning, binned_by;
    struct duplicate_nears twins; /* who may be the same */
    struct moment binned_at;
    struct face face;
    bool has_mark, person, binned, writes, owns, manages, exports,
        edits; /* edits: and not binned */
    struct mark mark, stage;
    struct url call, message, mail, here;
    struct beside_view beside;
    struct {
        struct way *v;
        int n;
    } ways;
    struct {
        struct address_view *v;
        int n;
    } addresses;
    struct {
        struct way *v;
        int n;
    } wishes; /* what he prefers (icon "check") or forbids ("no-entry") */
    struct clock_view clock;
    struct next_view next;
    struct facts special, goals, requirements, links, personal, details, notes_private;
    struct {
        struct bond_view *v;
        int n;
    } bonds;
    struct {
        struct tag_view *v;
        int n;
    } tags;
    struct {
        struct assign_view *v;
        int n;
    } assign; /* to whom the client may be given */
    int64_t responsible_id;
    struct str responsible;
    struct face responsible_face;
    bool given_to_me, several, arranging;
    struct attachment_card files;
    struct purchase_card purchases;
    struct merge_notes merged;
    const struct timeline_view *time;
    struct str note_text, note_problem;
    struct {
        struct section_column *v;
        int n;
    } columns;
    struct {
        struct section *v;
        int n;
    } lacking; /* sections that are empty: one line that says what can be added */
};

struct cell_view { /* one field edited in place */
    int64_t id;
    struct str field, was, problem, now;
    bool stale;
    struct form_input input;
};

struct note_form {
    int64_t id;
    struct str client;
    struct url back;
    struct form_view form;
    struct form_inputs inputs;
};

/* The whole page, also after a note that was refused. */
enum status client_show_view(struct req *r, int64_t id) MUST_USE;
/* The client's page, with the list that one came from. */
struct url client_here(struct req *r, int64_t id);
void client_ways(struct ctx *c, const struct party *p, struct client_view *v);
void client_facts(struct ctx *c, const struct party *p, struct client_view *v);
void client_clock(struct req *r, const struct party *p, struct client_view *v);
void client_next(struct ctx *c, const struct party *p, struct client_view *v);
/* «Sara’s birthday»… what one may look forward to in the next weeks. */
enum status client_beside(struct req *r, int64_t id, struct beside_view *out) MUST_USE;
/* After everything else: which cards stand where, and which have nothing to show. */
enum status client_sections(struct ctx *c, struct client_view *v) MUST_USE;
enum status client_assigns(struct ctx *c, const struct party *p, struct client_view *v) MUST_USE;
enum status client_bonds(struct ctx *c, const struct party *p, struct client_view *v) MUST_USE;

enum status client_timeline(struct req *r);
enum status client_sections_save(struct req *r);
enum status client_cell(struct req *r);
enum status client_cell_save(struct req *r);
enum status client_cell_again(struct req *r);

enum status client_note_add(struct req *r);
enum status client_note_again(struct req *r);
enum status client_note_edit(struct req *r);
enum status client_note_change(struct req *r);
enum status client_note_change_again(struct req *r);
enum status client_note_delete(struct req *r);

#endif
