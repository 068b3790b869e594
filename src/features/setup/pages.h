/* Between the files of this folder. */
#ifndef SETUP_PAGES_H
#define SETUP_PAGES_H
#include "core/app/command.h"
#include "core/web/parts.h"
#include "core/web/req.h"
#include "features/settings/settings.h"

struct setup_page {
    struct str lang;
    struct url action;
    struct input firm, name, email, password;
};
void page_setup(struct out *o, const struct setup_page *p);
struct welcome_page {
    struct firm_inputs f;
    struct url language_action;
    int64_t version;
};
void page_welcome(struct out *o, const struct welcome_page *p);
void page_bring(struct out *o, const struct welcome_page *p);

enum status setup_link_good(struct ctx *c, struct str token) MUST_USE;
enum status setup_page_show(struct req *r) MUST_USE;
enum status setup_prepare(struct req *r) MUST_USE;
enum status setup_save(struct req *r) MUST_USE;
enum status welcome_show(struct req *r) MUST_USE;
enum status welcome_save(struct req *r) MUST_USE;
enum status welcome_list(struct req *r) MUST_USE;
extern const struct command command_init;

#endif
