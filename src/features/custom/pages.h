/* What the settings of own fields show. Only for features/custom. */
#ifndef CUSTOM_PAGES_H
#define CUSTOM_PAGES_H
#include "core/job/job.h"
#include "core/web/pieces.h"
#include "features/custom/custom.h"

struct custom_row {
    int64_t used;
    struct str name, kind, section, of, count, preparing; /* preparing: "Being prepared, 40 %" */
    struct url edit, move, remove, restore;
    bool first, last, required, filtered, listed;
};
struct custom_rows {
    struct custom_row *v;
    int n;
};
struct custom_choice { /* names of its inputs, what is in them */
    struct str code_name, label_name, gone_name, back_name, code, label;
    bool retired;
};
struct custom_view {
    struct custom_rows rows, binned;
    int64_t id; /* of the one that is edited; 0: a new one */
    struct str name, question, ask_title;
    bool asks, sure;
    struct url action, remove;
    struct form_view form;
    struct form_inputs inputs, where, flags, names;
    struct form_input choices, currency, decimals;
    struct {
        struct custom_choice *v;
        int n;
    } offered;
};

enum status custom_prepare(struct job *j) MUST_USE;
/* Choices as the form has them: labels with their codes behind, new ones a line each; *gone is the
 * label of one that goes though clients have it, *gone_n how many. */
enum status custom_choices_read(struct req *r, struct custom_field *f, struct str *gone,
                                int64_t *gone_n) MUST_USE;
void custom_choices_show(struct ctx *c, const struct custom_field *f, struct custom_view *v);

enum status custom_page(struct req *r);
enum status custom_create(struct req *r);
enum status custom_change(struct req *r);
enum status custom_again(struct req *r);
enum status custom_move(struct req *r);
enum status custom_remove(struct req *r);
enum status custom_restore(struct req *r);

#endif
