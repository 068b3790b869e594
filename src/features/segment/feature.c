/* The feature «segment»: questions about clients, asked and kept. Its entity and this record are
 * named in app/features.c. */
#include "core/web/feature.h"
#include "features/segment/segment.h"
#include "features/segment/pages.h"

#define POSTS(path, f, shown_again)                                                                \
    {                                                                                              \
        .method = HTTP_POST, .pattern = path, .need = NEED_MEMBER, .access = ACCESS_WRITE,         \
        .handler = f, .again = shown_again                                                         \
    }
#define READS(how, path, f)                                                                        \
    { .method = how, .pattern = path, .need = NEED_READER, .access = ACCESS_READ, .handler = f }

static const struct route routes[] = {
    READS(HTTP_GET, "/segments", segment_index),
    READS(HTTP_GET, "/segments/new", segment_new),
    READS(HTTP_POST, "/segments/build", segment_build),
    READS(HTTP_GET, "/segments/complete", segment_complete),
    READS(HTTP_GET, "/segments/{id}", segment_show),
    READS(HTTP_GET, "/segments/{id}/count", segment_count),
    READS(HTTP_GET, "/segments/{id}/edit", segment_edit),
    READS(HTTP_GET, "/segments/{id}/why", segment_why),
    READS(HTTP_GET, "/clients/{id}/segments", segment_of_client),
    POSTS("/segments", segment_create, segment_again),
    POSTS("/segments/{id}", segment_change, segment_again),
    POSTS("/segments/{id}/freeze", segment_freeze_now, segment_show),
    POSTS("/segments/{id}/thaw", segment_thaw_now, segment_show),
    POSTS("/segments/{id}/move", segment_move, NULL),
    POSTS("/segments/{id}/remove", segment_remove, segment_show),
};
static const char *const needs[] = { "party", "view", NULL };
const struct feature feature_segment = { .name = "segment",
                                         .needs = needs,
                                         .segments = &segment_lookup,
                                         .routes = { routes, sizeof routes / sizeof *routes } };
