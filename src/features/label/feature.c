/* The feature «label»: mailing labels and envelopes. It has no entity; named in app/features.c. Who
 * may export clients may print them: the right is that of /clients/export. */
#include "core/web/feature.h"
#include "features/label/pages.h"

#define READS(path, f)                                                                             \
    {                                                                                              \
        .method = HTTP_GET, .pattern = path, .need = NEED_ACCOUNTANT, .access = ACCESS_READ,       \
        .handler = f                                                                               \
    }

static const struct route routes[] = {
    READS("/labels", labels_show),
    READS("/labels/made", labels_made),
    READS("/labels/file", labels_file),
    READS("/labels/frame", labels_frame),
    { .method = HTTP_POST,
      .pattern = "/labels",
      .need = NEED_ACCOUNTANT,
      .access = ACCESS_WRITE,
      .handler = labels_save,
      .again = labels_show },
    { .method = HTTP_POST,
      .pattern = "/labels/preview",
      .need = NEED_ACCOUNTANT,
      .access = ACCESS_READ,
      .handler = labels_preview,
      .flags = ROUTE_QUIET },
};
static const char *const needs[] = { "party", "bond", "client", NULL };
static const struct command *const commands[] = { &command_labels };
const struct feature feature_label = { .name = "label",
                                       .needs = needs,
                                       .routes = { routes, COUNT(routes) },
                                       .commands = commands,
                                       .commands_n = COUNT(commands) };
