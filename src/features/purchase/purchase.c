/* Purchases: their rules, and the sums that are kept of them. Called by the store; calls
 * core/measure. */
#include "features/purchase/purchase.h"

#include "features/party/party.h"

#define FIELD(...) ENTITY_FIELD(purchase, __VA_ARGS__)
static const struct field purchase_fields[] = {
#include "features/purchase/purchase.def"
};
#undef FIELD

static enum status check(struct ctx *c, void *row, const void *before) {
    struct purchase *p = row;
    (void)before;
    if (!p->currency.n) p->currency = c->firm.currency;
    return OK;
}

static struct str title(struct ctx *c, const void *row) {
    const struct purchase *p = row;
    (void)c;
    return p->product.n ? p->product : p->reference.n ? p->reference : p->date;
}

const struct entity entity_purchase = { .name = "purchase",
                                        .plural = "purchases",
                                        .label = N_("Purchase"),
                                        .label_plural = N_("Purchases"),
                                        .size = sizeof(struct purchase),
                                        .fields = purchase_fields,
                                        .fields_n = COUNT(purchase_fields),
                                        .has_deleted = true,
                                        .party_column = "party",
                                        .may_read = ROLE_READER,
                                        .may_write = ROLE_MEMBER,
                                        .check = check,
                                        .title = title };
