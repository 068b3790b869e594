/* Purchases of clients: what was bought, when, of which kind, for how much. Imported or typed;
 * invoices will feed the same table. */
#ifndef PURCHASE_H
#define PURCHASE_H
#include "core/entity/store.h"
#include "core/measure/measure.h"

struct purchase {
    struct row row;
#define FIELD(n, k, ...) ENTITY_C_##k n;
#include "features/purchase/purchase.def"
#undef FIELD
};
extern const struct entity entity_purchase;
extern const struct measure_source purchase_measure;

#endif
