/* Between pages.c and feature.c. */
#ifndef SIGN_IN_PAGES_H
#define SIGN_IN_PAGES_H
#include "core/web/req.h"

enum status session_start_page(struct req *r) MUST_USE;
enum status session_sign_in_page(struct req *r) MUST_USE;
enum status session_sign_in_prepare(struct req *r) MUST_USE;
enum status session_sign_in(struct req *r) MUST_USE;
/* The password was right: where the second factor is on, its page comes next (code.c), else the
 * session begins. */
enum status session_enter(struct req *r, int64_t member, struct str next) MUST_USE;
enum status session_code_page(struct req *r) MUST_USE;
enum status session_code_prepare(struct req *r) MUST_USE;
enum status session_code(struct req *r) MUST_USE;
enum status session_sign_out(struct req *r) MUST_USE;
enum status session_choose_page(struct req *r) MUST_USE;
enum status session_choose_prepare(struct req *r) MUST_USE;
enum status session_choose(struct req *r) MUST_USE;
enum status session_echo_date(struct req *r) MUST_USE;

#endif
