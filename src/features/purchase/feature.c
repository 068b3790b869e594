/* The feature «purchase»: what clients bought. Its entity and this record are named in
 * app/features.c. */
#include "core/web/feature.h"
#include "features/purchase/purchase.h"
#include "features/purchase/pages.h"

#define FORM(path, f)                                                                              \
    {                                                                                              \
        .method = HTTP_GET, .pattern = path, .need = NEED_MEMBER, .access = ACCESS_READ,           \
        .handler = f                                                                               \
    }
#define WRITES(path, f, shown_again)                                                               \
    {                                                                                              \
        .method = HTTP_POST, .pattern = path, .need = NEED_MEMBER, .access = ACCESS_WRITE,         \
        .handler = f, .again = shown_again                                                         \
    }

static const struct route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/clients/{id}/purchases",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = purchases_show },
    FORM("/clients/{id}/purchases/new", purchase_new),
    WRITES("/clients/{id}/purchases", purchase_create, purchase_create_again),
    FORM("/purchases/{id}/edit", purchase_edit),
    WRITES("/purchases/{id}", purchase_change, purchase_change_again),
    WRITES("/purchases/{id}/delete", purchase_delete, NULL),
};

static const char *const needs[] = { "party", NULL };
const struct feature feature_purchase = { .name = "purchase",
                                          .needs = needs,
                                          .relation = &purchase_relation,
                                          .routes = { routes, COUNT(routes) },
                                          .measure = &purchase_measure };
