/* Between pages.c and feature.c. */
#ifndef SIGN_IN_PAGES_H
#define SIGN_IN_PAGES_H
#include "core/web/req.h"

enum status session_start_page(struct req *r) MUST_USE;
enum status session_sign_in_page(struct req *r) MUST_USE;
enum status session_sign_in_prepare(struct req *r) MUST_USE;
enum status session_sign_in(struct req *r) MUST_USE;
enum status session_sign_out(struct req *r) MUST_USE;
enum status session_choose_page(struct req *r) MUST_USE;
enum status session_choose_prepare(struct req *r) MUST_USE;
enum status session_choose(struct req *r) MUST_USE;
enum status session_echo_date(struct req *r) MUST_USE;

#endif
