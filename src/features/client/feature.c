/* The feature «client»: the pages of the register. It has no entity; named in app/features.c. */
#include "core/web/feature.h"
#include "features/client/show.h"

#define READS(path, f)                                                                             \
    {                                                                                              \
        .method = HTTP_GET, .pattern = path, .need = NEED_READER, .access = ACCESS_READ,           \
        .handler = f                                                                               \
    }
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
      .pattern = "/clients",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = client_list,
      .flags = ROUTE_STEADY },
    READS("/clients/filters", client_filters),
    { .method = HTTP_GET,
      .pattern = "/search",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = client_search,
      .flags = ROUTE_QUIET | ROUTE_STEADY },
    { .method = HTTP_GET,
      .pattern = "/clients/pick",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = client_pick,
      .flags = ROUTE_QUIET },
    READS("/clients/columns", grid_columns_page),
    { .method = HTTP_POST,
      .pattern = "/clients/columns",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .handler = grid_columns_save },
    { .method = HTTP_GET,
      .pattern = "/clients/{id}/cell",
      .need = NEED_MEMBER,
      .access = ACCESS_READ,
      .handler = grid_cell_edit,
      .flags = ROUTE_QUIET },
    WRITES("/clients/{id}/cell", grid_cell_save, grid_cell_again),
    WRITES("/clients/cells", grid_paste, grid_paste_again),
    FORM("/clients/new", client_new),
    WRITES("/clients", client_create, client_create_again),
    READS("/clients/{id}", client_show),
    { .method = HTTP_GET,
      .pattern = "/clients/{id}/timeline",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = client_timeline,
      .flags = ROUTE_QUIET },
    { .method = HTTP_GET,
      .pattern = "/clients/{id}/field",
      .need = NEED_MEMBER,
      .access = ACCESS_READ,
      .handler = client_cell,
      .flags = ROUTE_QUIET },
    WRITES("/clients/{id}/field", client_cell_save, client_cell_again),
    { .method = HTTP_POST,
      .pattern = "/clients/sections",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .handler = client_sections_save },
    FORM("/clients/{id}/edit", client_edit),
    WRITES("/clients/{id}", client_change, client_change_again),
    WRITES("/clients/{id}/assign", client_assign, NULL),
    WRITES("/clients/{id}/bin", client_bin, NULL),
    WRITES("/clients/{id}/restore", client_restore, NULL),
    READS("/bin", client_binned),
    WRITES("/clients/{id}/notes", client_note_add, client_note_again),
    FORM("/notes/{id}/edit", client_note_edit),
    WRITES("/notes/{id}", client_note_change, client_note_change_again),
    WRITES("/notes/{id}/delete", client_note_delete, NULL),
    FORM("/clients/{id}/bonds/new", client_bond_new),
    WRITES("/clients/{id}/bonds", client_bond_create, client_bond_create_again),
    FORM("/bonds/{id}/edit", client_bond_edit),
    WRITES("/bonds/{id}", client_bond_change, client_bond_change_again),
    WRITES("/bonds/{id}/end", client_bond_end, NULL),
    WRITES("/bonds/{id}/remove", client_bond_remove, NULL),
};

static const char *const needs[] = { "party",    "attachment", "bond",     "bulk",
                                     "category", "duplicate",  "member",   "merge",
                                     "note",     "notice",     "purchase", "segment",
                                     "tag",      "timeline",   "view",     NULL };
const struct feature feature_client = { .name = "client",
                                        .needs = needs,
                                        .routes = { routes, sizeof routes / sizeof *routes } };
