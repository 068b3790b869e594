/* What the settings of categories show. Only for features/category. */
#ifndef CATEGORY_PAGES_H
#define CATEGORY_PAGES_H
#include "core/web/pieces.h"
#include "features/category/category.h"

struct category_row {
    int64_t id, clients_n;
    struct mark mark;
    struct str count; /* "12 clients" */
    struct url clients, edit, move;
    bool first, last;
};
struct categories_view {
    struct {
        struct category_row *v;
        int n;
    } rows;
    int64_t id; /* of the one that is edited; 0: a new one */
    struct str name, question;
    struct url action, remove;
    struct form_view form;
    struct form_inputs inputs, names;
};

enum status category_page(struct req *r);
enum status category_create(struct req *r);
enum status category_change(struct req *r);
enum status category_again(struct req *r);
enum status category_move(struct req *r);
enum status category_remove(struct req *r);

#endif
