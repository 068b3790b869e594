/* Between the files of this folder. */
#ifndef SETTINGS_PAGES_H
#define SETTINGS_PAGES_H
#include "core/app/command.h"
#include "core/web/guess.h"
#include "features/member/member.h"
#include "features/settings/settings.h"

struct session_line {
    struct str browser, address, since, seen;
    struct url end;
    bool current;
};
struct session_lines {
    struct session_line *v;
    int n;
};
struct me_page {
    struct input name, language, calendar, digits, first_weekday, zone, scheme, keys;
    int64_t version;
};
struct security_page {
    bool factor, binds; /* second factor: on; asked for by the business */
    int64_t codes_left;
    struct str since;
    struct input old, fresh, code, tokens; /* code, tokens: without a name not shown */
    struct session_lines sessions;
};
struct two_factor_page {
    bool begun, on, binds, due;
    int64_t codes_left;
    struct str since, secret;
    struct url uri;
    struct markup qr;
    struct input code, password, off_code;
};
struct codes_page {
    struct strs codes;
    struct str all; /* one a line */
    bool first;     /* just turned on */
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
    struct input two_factor;
    int64_t version;
};
void page_me(struct out *o, const struct me_page *p);
void page_security(struct out *o, const struct security_page *p);
void page_two_factor(struct out *o, const struct two_factor_page *p);
void page_codes(struct out *o, const struct codes_page *p);
void page_tokens(struct out *o, const struct tokens_page *p);
void page_firm(struct out *o, const struct firm_page *p);

enum status me_show(struct req *r) MUST_USE;
enum status me_save(struct req *r) MUST_USE;
enum status security_show(struct req *r) MUST_USE;
enum status password_prepare(struct req *r) MUST_USE;
enum status password_save(struct req *r) MUST_USE;
enum status session_stop(struct req *r) MUST_USE;
enum status session_stop_others(struct req *r) MUST_USE;
enum status two_factor_show(struct req *r) MUST_USE;
enum status two_factor_begin(struct req *r) MUST_USE;
enum status two_factor_confirm_prepare(struct req *r) MUST_USE;
enum status two_factor_confirm(struct req *r) MUST_USE;
enum status two_factor_off_prepare(struct req *r) MUST_USE;
enum status two_factor_off(struct req *r) MUST_USE;
enum status two_factor_codes(struct req *r) MUST_USE;
enum status two_factor_file(struct req *r) MUST_USE;

/* What a form shows of its sender, looked at before the transaction (security.c). */
struct shown {
    struct account was;
    struct guess password, code;
};
/* The password at that field: INVALID with a problem there. */
enum status shown_password(struct req *r, const char *field, struct shown *s) MUST_USE;
/* Takes a guess for a code; what was typed is looked at in the transaction, by shown_code. */
enum status shown_code_take(struct req *r, struct shown *s) MUST_USE;
enum status shown_code(struct req *r, const char *field, const struct shown *s) MUST_USE;
enum status shown_right(struct req *r, const struct shown *s) MUST_USE; /* does not count */

enum status tokens_show(struct req *r) MUST_USE;
enum status tokens_add(struct req *r) MUST_USE;
enum status token_stop(struct req *r) MUST_USE;
enum status firm_show(struct req *r) MUST_USE;
enum status firm_save(struct req *r) MUST_USE;
extern const struct command command_token;

#endif
