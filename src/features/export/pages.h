/* What the templates of the export read, and the handlers that feature.c lists. */
#ifndef EXPORT_PAGES_H
#define EXPORT_PAGES_H
#include "core/app/command.h"
#include "core/web/parts.h"

struct export_view {
    int64_t clients, notes, files;
    struct str size;
    bool has_files;
};

enum status export_page(struct req *r);
enum status export_everything(struct req *r);

extern const struct command command_export_all;

#endif
