/* The parts of one client's page. Only for features/client. */
#ifndef CLIENT_SHOW_H
#define CLIENT_SHOW_H
#include "features/attachment/attachment.h"
#include "features/bond/bond.h"
#include "features/client/pages.h"
#include "features/note/note.h"
#include "features/tag/tag.h"

struct way { /* to reach somebody */
    const char *icon;
    struct code text;
    struct url to;
    struct str about, copy;
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
struct fact {
    struct str label, value, exact, more;
    struct url to;
    bool ltr;
};
struct assign_view {
    int64_t id;
    struct str name;
    struct face face;
};
struct client_view {
    int64_t id;
    struct str name, line, warning, special, notes_private, there, binned_by, show;
    struct moment binned_at;
    struct face face;
    bool has_mark, person, binned, writes, owns, manages, exports;
    struct mark mark, stage;
    struct url call, sms, mail, older, all, only_notes, only_changes;
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
    struct {
        struct fact *v;
        int n;
    } facts;
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
    bool given_to_me, several;
    struct attachment_card files;
    struct event_days days;
    struct str note_text, note_problem;
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
void client_ways(struct ctx *c, const struct party *p, struct client_view *v);
void client_facts(struct ctx *c, const struct party *p, struct client_view *v);
enum status client_assigns(struct ctx *c, const struct party *p, struct client_view *v) MUST_USE;
enum status client_bonds(struct ctx *c, const struct party *p, struct client_view *v) MUST_USE;
enum status client_time(struct req *r, const struct party *p, struct client_view *v) MUST_USE;

enum status client_note_add(struct req *r);
enum status client_note_again(struct req *r);
enum status client_note_edit(struct req *r);
enum status client_note_change(struct req *r);
enum status client_note_change_again(struct req *r);
enum status client_note_delete(struct req *r);

#endif
