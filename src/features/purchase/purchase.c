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

SQL(purchase_measure_rows,
    "SELECT party, date AS day, amount, currency FROM purchase WHERE party >= :from AND party < "
    ":until AND deleted_at IS NULL");
const struct measure_source purchase_measure = { MEASURE_PURCHASES, &purchase_measure_rows };

/* What the sums know of it; NULL: nothing. */
static const struct measure_row *counted(const struct purchase *p, struct measure_row *to) {
    if (!p || p->row.deleted_at) return NULL;
    *to = (struct measure_row){ p->party, p->amount, p->currency, measure_day(p->date) };
    return to;
}

static enum status saved(struct ctx *c, const void *row, const void *before) {
    struct measure_row is, was;
    return measure_write(c->tx, MEASURE_PURCHASES, counted(before, &was), counted(row, &is));
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
                                        .saved = saved,
                                        .title = title };
