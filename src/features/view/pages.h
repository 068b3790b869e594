/* What the pages of saved views show. Only for features/view. */
#ifndef VIEW_PAGES_H
#define VIEW_PAGES_H
#include "core/web/pieces.h"
#include "features/view/view.h"

struct view_page { /* a page that one may start with; ends with code NULL */
    const char *code, *label, *path;
};
extern const struct view_page view_pages[];
/* The list as that view wants it. */
struct url view_url(struct ctx *c, const struct view_line *v);

struct view_words { /* what a view asks for, in words */
    struct str label, value;
    bool gone;
};
struct view_item {
    int64_t id;
    struct str name, count;
    struct url to;
    struct {
        struct view_words *v;
        int n;
    } words;
    bool shared, may_write, first, last, starts;
};
struct views_page {
    struct {
        struct view_item *v;
        int n;
    } own, shared;
    struct option_rows starts;
    bool writes;
};
struct view_form {
    int64_t id;
    struct url action, back;
    struct form_view form;
    struct form_inputs inputs;
    struct str name, query;
    bool may_share, shared, columns, may_write;
};

enum status view_index(struct req *r);
enum status view_open(struct req *r);
enum status view_create(struct req *r);
enum status view_create_again(struct req *r);
enum status view_edit(struct req *r);
enum status view_change(struct req *r);
enum status view_change_again(struct req *r);
enum status view_update(struct req *r);
enum status view_move(struct req *r);
enum status view_remove(struct req *r);
enum status view_start_save(struct req *r);

#endif
