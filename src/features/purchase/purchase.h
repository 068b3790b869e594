/* Purchases of clients: what was bought, when, of which kind, for how much. Imported or typed;
 * invoices will feed the same table. Amounts are minor units of the row's own currency. What was
 * given back is a purchase with a negative amount (and quantity, where one is said): so every sum
 * is what was really earned. */
#ifndef PURCHASE_H
#define PURCHASE_H
#include "core/ask/ask.h"
#include "core/entity/store.h"
#include "core/exchange/exchange.h"
#include "core/measure/measure.h"
#include "core/web/req.h"

/* Largest amount either way, in minor units: sums of thousands of them still fit in 64 bits. */
#define PURCHASE_AMOUNT_MAX INT64_C(1000000000000000)

struct purchase {
    struct row row;
#define FIELD(n, k, ...) ENTITY_C_##k n;
#include "features/purchase/purchase.def"
#undef FIELD
};
extern const struct entity entity_purchase;
extern const struct relation purchase_relation;
extern const struct measure_source purchase_measure;

struct purchases {
    struct purchase *v;
    int n;
};
/* Of a client, newest day first, at most limit. below: purchase_place of the last that was seen; 0:
 * from the newest. */
enum status purchase_of_party(struct ctx *c, int64_t party, int64_t below, int limit,
                              struct purchases *out) MUST_USE;
/* Its place in that order, positive; unique. */
int64_t purchase_place(const struct purchase *p);

struct purchase_sum {
    struct str currency;
    int64_t amount, n;
    struct str shown; /* «1,250.00 EUR» */
};
struct purchase_sums {
    struct purchase_sum *v; /* most purchases first */
    int n;
    int64_t all; /* purchases of every currency */
};
/* since: the first day that counts, "2026-01-31"; empty: all. */
enum status purchase_sums(struct ctx *c, int64_t party, struct str since,
                          struct purchase_sums *out) MUST_USE;
/* Writes n new ones as they stand, without rules, history and sums: for invented data in bulk, with
 * measure_rebuild afterwards. Quickest when n is PURCHASE_BARE_N. */
enum { PURCHASE_BARE_N = 8 };
enum status purchase_add_bare(struct ctx *c, const struct purchase *v, int n) MUST_USE;
/* Its amount with the currency, for people. */
struct str purchase_amount(struct ctx *c, const struct purchase *p);

/* --- the card «Purchases» of a client's page: {call purchase_card(&v.purchases)} --- */
struct purchase_card {
    int64_t n; /* of all purchases */
    const struct purchases_view *view;
};
enum status purchase_card_of(struct req *r, int64_t party, bool writes,
                             struct purchase_card *out) MUST_USE;
void purchase_card(struct out *o, const struct purchase_card *card);

/* Files of purchases (shape.c). */
extern const struct exchange_shape purchase_shape;

#endif
