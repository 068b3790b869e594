/* What the templates of this folder read, and the handlers that feature.c lists. */
#ifndef PURCHASE_PAGES_H
#define PURCHASE_PAGES_H
#include "core/web/parts.h"
#include "core/web/pieces.h"
#include "features/purchase/purchase.h"

struct purchase_view {
    int64_t id;
    struct url edit, remove; /* empty: may not */
    struct str title, about, kind, quantity, reference, date, iso, amount;
    bool returned; /* less than nothing */
};
struct purchases_view {
    int64_t party, n;
    bool writes;
    struct str client;
    struct url all, add, newer, older;
    struct purchase_sums year, sums; /* of the last 12 months; of all */
    struct {
        struct purchase_view *v;
        int n;
    } rows;
};
struct purchase_form {
    int64_t id, party;
    struct str client, name;
    const char *title; /* msgid */
    struct url action, back, remove;
    struct form_view form;
    struct form_inputs inputs;
};

enum status purchases_show(struct req *r) MUST_USE;
enum status purchase_new(struct req *r) MUST_USE;
enum status purchase_create(struct req *r) MUST_USE;
enum status purchase_create_again(struct req *r) MUST_USE;
enum status purchase_edit(struct req *r) MUST_USE;
enum status purchase_change(struct req *r) MUST_USE;
enum status purchase_change_again(struct req *r) MUST_USE;
enum status purchase_delete(struct req *r) MUST_USE;

#endif
