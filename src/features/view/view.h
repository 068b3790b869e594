/* Saved views: lists of clients under a name, private or shared, one of them maybe the page that
 * one starts with. A view is the query of the list's address, read and checked again each time it
 * is opened: what no longer exists of it is shown as such. */
#ifndef VIEW_H
#define VIEW_H
#include "core/entity/list.h"
#include "core/entity/store.h"
#include "lib/html/out.h"

struct saved_view {
    struct row row;
#define FIELD(n, k, ...) ENTITY_C_##k n;
#include "features/view/view.def"
#undef FIELD
};
extern const struct entity entity_saved_view;

struct view_line {
    int64_t id, version;
    struct str name, query, columns;
    bool shared, may_write;
};
struct view_lines {
    struct view_line *v;
    int n;
};
/* The member's own and the shared ones: his own first, each kind in its order; 100 at most. */
enum status view_all(struct ctx *c, struct view_lines *out) MUST_USE;
/* The one of this name; MISSING when he sees none. */
enum status view_named(struct ctx *c, struct str name, struct view_line *out) MUST_USE;
/* A view's query as the list that it asks for. MALFORMED when it cannot be read. */
enum status view_query(struct ctx *c, struct str query, struct list_query *out) MUST_USE;
/* The one that is open in the list at this address; MISSING when there is none. */
enum status view_open_at(struct ctx *c, struct str address, struct view_line *out) MUST_USE;
/* Gives it other columns of its own (JSON); DENIED to whom it is not his to change. */
enum status view_columns_set(struct ctx *c, int64_t id, struct str columns) MUST_USE;
/* Where the member wants to begin: a view, a page, else the list of clients. */
enum status view_start(struct ctx *c, struct url *to) MUST_USE;

/* --- on the list's page --- */

struct view_tab {
    int64_t id; /* 0: ready-made */
    struct str label;
    struct url to;
    const char *icon;
    bool current;
};
struct view_gone { /* a criterion that no longer exists */
    struct str label, value;
};
struct views_shown {
    struct {
        struct view_tab *v;
        int n;
    } tabs;
    struct {
        struct view_gone *v;
        int n;
    } gone;
    struct str without_query; /* the view's criteria without those */
    int64_t id;               /* of the view that is open; 0: none */
    struct str name, query, columns;
    bool changed; /* the list is no longer what the view says */
    bool may_write, may_save, may_share, ready_made, shared;
};
/* What the list's page says about views. Takes out of q the criteria (and the order) of an open
 * view that no longer exist and lists them in `gone`; run the list after it. columns of the open
 * view: those of the sheet, as JSON, empty when it has none of its own. */
enum status view_show(struct ctx *c, struct list_query *q, struct views_shown *out) MUST_USE;
/* Templates: the tabs with saving, and the note about what is gone. */
void view_tabs(struct out *o, const struct views_shown *v);
void view_note(struct out *o, const struct views_shown *v);

#endif
