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

struct person_form {
    int64_t id;
    struct str name;
    struct option_rows languages;
    bool owner;
};

enum status person_form_page(struct req *r);
enum status person_send(struct req *r);
/* "attachment; filename=…" for a name of ours, and the type of a ZIP file. */
void export_send_as(struct req *r, struct str name);
enum status export_page(struct req *r);
enum status export_everything(struct req *r);

extern const struct command command_export_all, command_person;

#endif
