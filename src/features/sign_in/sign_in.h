/* Signing in and out, and the one-time link by which a member chooses his password. */
#ifndef FEATURE_SIGN_IN_H
#define FEATURE_SIGN_IN_H
#include "core/web/parts.h"

struct sign_in_page {
    struct str firm, lang, next, problem;
    struct input email, password;
};
void page_sign_in(struct out *o, const struct sign_in_page *p);

struct code_page { /* GET /sign-in/code */
    struct str lang, next, problem;
    struct url here, other; /* other: with a recovery code instead, or with the app again */
    struct input code;
    bool recovery;
};
void page_code(struct out *o, const struct code_page *p);

struct choose_page { /* GET /password/TOKEN */
    struct str name;
    struct url action;
    struct input password;
};
void page_choose_password(struct out *o, const struct choose_page *p);

#endif
