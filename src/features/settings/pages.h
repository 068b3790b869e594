/* Between the files of this folder. */
#ifndef SETTINGS_PAGES_H
#define SETTINGS_PAGES_H
#include "core/app/command.h"
#include "features/settings/settings.h"

struct session_line {
    struct str browser, address, seen;
    struct url end;
    bool current;
};
struct session_lines {
    struct session_line *v;
    int n;
};
struct me_page {
    struct input name, language, calendar, digits, first_weekday, zone, old, fresh;
    int64_t version;
    struct session_lines sessions;
};
struct token_line {
    struct str name, made, used;
    struct url revoke;
};
struct token_lines {
    struct token_line *v;
    int n;
};
struct tokens_page {
    struct token_lines tokens;
    struct input name;
    struct str fresh; /* shown once */
};
struct firm_page {
    struct firm_inputs f;
    int64_t version;
};
void page_me(struct out *o, const struct me_page *p);
void page_tokens(struct out *o, const struct tokens_page *p);
void page_firm(struct out *o, const struct firm_page *p);

enum status me_show(struct req *r) MUST_USE;
enum status me_save(struct req *r) MUST_USE;
enum status password_prepare(struct req *r) MUST_USE;
enum status password_save(struct req *r) MUST_USE;
enum status session_stop(struct req *r) MUST_USE;
enum status session_stop_others(struct req *r) MUST_USE;
enum status tokens_show(struct req *r) MUST_USE;
enum status tokens_add(struct req *r) MUST_USE;
enum status token_stop(struct req *r) MUST_USE;
enum status firm_show(struct req *r) MUST_USE;
enum status firm_save(struct req *r) MUST_USE;
extern const struct command command_token;

#endif
