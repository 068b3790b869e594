/* First start in the browser: the one-time set-up page, the welcome, «bring your list» (T-23).
 * Routes: feature.c. Calls setup.c and the settings' form of the business. */
#include "features/setup/pages.h"

#include "core/app/secret.h"
#include "core/web/password.h"
#include "core/web/session.h"
#include "features/setup/setup.h"
#include "lib/base/log.h"

/* --- /setup/TOKEN --- */

enum status setup_page_show(struct req *r) {
    struct ctx *c = &r->c;
    TRY(setup_link_good(c, r->args[0]));
    struct setup_page p = { .lang = str_of(lang_code(c->loc->lang)) };
    p.action = url_printf(c->arena, "/setup/%.*s", SF(url_encode(c->arena, r->args[0])));
    p.action = url_query(c->arena, p.action, "language", p.lang);
    p.firm = input_of(r, "firm", "text", N_("Business name"), S(""));
    p.firm.required = p.firm.focus = true;
    p.name = input_of(r, "name", "text", N_("Your name"), S(""));
    p.name.complete = "name";
    p.email = input_of(r, "email", "email", N_("E-mail"), S(""));
    p.email.complete = "username";
    p.email.required = true;
    p.password = input_of(r, "password", "password", N_("Password"), S(""));
    p.password.complete = "new-password";
    p.password.hint = password_hint();
    p.password.required = true;
    return PAGE(r, T(c, "A new book"), NULL, page_setup, &p);
}

static enum status link_is_good(struct req *r) {
    struct tx *tx;
    TRY(db_read(r->app->db, r->c.arena, &tx));
    r->c.tx = tx;
    enum status s = setup_link_good(&r->c, r->args[0]);
    r->c.tx = NULL;
    return db_end(tx, s);
}

enum status setup_prepare(struct req *r) {
    struct arena *a = r->c.arena;
    TRY(link_is_good(r)); /* strangers do not make us hash */
    struct str password = password_clean(a, req_form(r, "password"));
    struct str known[] = { req_form(r, "firm"), req_form(r, "name"), req_form(r, "email") };
    TRY(password_check(&r->c, S("password"), password, known, 3));
    struct str *hash = arena_new_of(a, struct str);
    TRY(password_hash(r->app->hasher, a, password, hash));
    r->kept = hash;
    return OK;
}

enum status setup_save(struct req *r) {
    struct ctx *c = &r->c;
    const struct str *hash = r->kept;
    TRY(setup_link_good(c, r->args[0]));
    struct setup_facts facts = { .firm = req_form(r, "firm"),
                                 .lang = c->loc->lang,
                                 .name = req_form(r, "name"),
                                 .email = req_form(r, "email"),
                                 .hash = *hash };
    if (facts.lang >= LANG_N) facts.lang = LANG_EN;
    int64_t owner;
    app_become_program(c);
    TRY(setup_make(c, &facts, &owner));
    c->who.id = 0;
    TRY(session_start(r, owner, false));
    log_info("set up by the one-time link, from %.*s", SF(r->peer));
    return go(r, url_own(S("/welcome")));
}

/* --- /welcome --- */

enum status welcome_show(struct req *r) {
    struct ctx *c = &r->c;
    struct firm_row f;
    struct welcome_page p = { .version = 0 };
    TRY(firm_load(c, &f));
    firm_inputs(r, &f, &p.f);
    p.version = f.row.version;
    return PAGE(r, T(c, "Welcome"), NULL, page_welcome, &p);
}

enum status welcome_save(struct req *r) {
    struct firm_row f;
    TRY(firm_load(&r->c, &f));
    TRY(firm_read(r, &f));
    f.welcomed = 1;
    r->c.batch_title = str_of(T(&r->c, "First settings"));
    TRY(store_save(&r->c, &entity_firm, &f));
    return go(r, url_own(S("/welcome/list")));
}

enum status welcome_list(struct req *r) {
    struct welcome_page p = { .version = 0 };
    p.f.name.value = r->c.firm.name;
    return PAGE(r, T(&r->c, "Bring your list"), NULL, page_bring, &p);
}
