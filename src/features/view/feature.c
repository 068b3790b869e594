/* The feature «view»: saved views of the list of clients. Its entity and this record are named in
 * app/features.c. */
#include "core/web/feature.h"
#include "features/view/pages.h"

#define POSTS(path, who, f, shown_again)                                                           \
    {                                                                                              \
        .method = HTTP_POST, .pattern = path, .need = who, .access = ACCESS_WRITE, .handler = f,   \
        .again = shown_again                                                                       \
    }
#define READS(path, who, f)                                                                        \
    { .method = HTTP_GET, .pattern = path, .need = who, .access = ACCESS_READ, .handler = f }

static const struct route routes[] = {
    READS("/views", NEED_READER, view_index),
    READS("/views/{id}", NEED_READER, view_open),
    READS("/views/{id}/edit", NEED_MEMBER, view_edit),
    POSTS("/views", NEED_MEMBER, view_create, view_create_again),
    POSTS("/views/start", NEED_READER, view_start_save, NULL),
    POSTS("/views/{id}", NEED_MEMBER, view_change, view_change_again),
    POSTS("/views/{id}/update", NEED_MEMBER, view_update, NULL),
    POSTS("/views/{id}/move", NEED_MEMBER, view_move, NULL),
    POSTS("/views/{id}/remove", NEED_MEMBER, view_remove, NULL),
};
static const char *const needs[] = { "party", NULL };
const struct feature feature_view = { .name = "view",
                                      .needs = needs,
                                      .routes = { routes, sizeof routes / sizeof *routes } };
