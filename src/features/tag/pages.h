/* What the settings of tags show. Only for features/tag. */
#ifndef TAG_PAGES_H
#define TAG_PAGES_H
#include "core/web/pieces.h"
#include "features/tag/tag.h"

struct tag_row {
    int64_t id;
    struct str name, count;
    const char *hue;
    struct url clients, edit;
};
struct tags_view {
    struct {
        struct tag_row *v;
        int n;
    } rows;
    int64_t id; /* of the one that is edited; 0: a new one */
    struct str name, question, count;
    struct url action, remove, prev, next;
    struct form_view form;
    struct form_inputs inputs;
};

enum status tag_page(struct req *r);
enum status tag_create(struct req *r);
enum status tag_change(struct req *r);
enum status tag_again(struct req *r);
enum status tag_remove(struct req *r);

#endif
