/* The beginning of a workspace (setup.h). Called by the set-up page, daftar init and daftar demo;
 * calls member, category and the store. */
#include "features/setup/setup.h"

#include "core/app/app.h"
#include "core/app/secret.h"
#include "features/category/category.h"
#include "features/member/member.h"
#include "features/setup/pages.h"
#include "lib/text/fold.h"

enum { LINK_BYTES = 32, LINK_MS = 60 * 60 * 1000 };

SQL(setup_firm_insert,
    "INSERT INTO firm (id, name, language, alphabet, calendar, digits, first_weekday, zone, "
    "currency, "
    "country, welcomed, demo, created_at, changed_at) VALUES (1, :name, :language, :language, "
    ":calendar, :digits, :weekday, :zone, :currency, :country, :welcomed, :demo, :now, :now)");
SQL(setup_links_end, "DELETE FROM link WHERE purpose = 'setup'");
SQL(setup_link_insert, "INSERT INTO link (token_hash, purpose, expires_at) "
                       "VALUES (:hash, 'setup', :expires)");
SQL(setup_link_find, "SELECT expires_at FROM link WHERE token_hash = :hash AND purpose = 'setup' "
                     "AND used_at IS NULL AND expires_at > :now");
SQL(setup_firm_there, "SELECT version FROM firm WHERE id = 1");

static enum status make_firm(struct ctx *c, const struct setup_facts *f) {
    const struct firm_proposal *p = firm_propose(f->lang);
    struct rows r;
    TRY(db_query(c->tx, &setup_firm_there, &r));
    if (r.n) return CONFLICT;
    return db_run(c->tx, &setup_firm_insert, P("name", f->firm), P("language", p->language),
                  P("calendar", p->calendar), P("digits", p->digits),
                  P("weekday", p->first_weekday), P("zone", p->zone), P("currency", p->currency),
                  P("country", p->country), P("welcomed", f->welcomed), P("demo", f->demo),
                  P("now", c->now_ms));
}

static enum status make_owner(struct ctx *c, const struct setup_facts *f, int64_t *owner) {
    struct member *m = row_new(c, &entity_member);
    ptrdiff_t at = str_find_c(f->email, '@');
    m->name = f->name.n ? f->name : str_sub(f->email, 0, at > 0 ? (size_t)at : f->email.n);
    m->email = f->email;
    m->role = S("owner");
    m->sees = S("all");
    TRY(store_save(c, &entity_member, m));
    *owner = m->row.id;
    return account_set_password(c, *owner, f->hash);
}

enum status setup_make(struct ctx *c, const struct setup_facts *given, int64_t *owner) {
    struct setup_facts f = *given;
    f.firm = text_clean(c->arena, f.firm, CLEAN_LINE);
    f.name = text_clean(c->arena, f.name, CLEAN_LINE);
    f.email = text_clean(c->arena, f.email, CLEAN_LINE);
    if (f.firm.n == 0) ctx_problem(c, S("firm"), N_("This may not be empty."));
    if (str_find_c(f.email, '@') <= 0)
        ctx_problem(c, S("email"), N_("This is not an e-mail address."));
    if (c->problems.n) return INVALID;
    TRY(make_firm(c, &f));
    TRY(make_owner(c, &f, owner));
    /* What is written into the book now is in its language, not in that of the command. */
    struct locale *own = arena_new_of(c->arena, struct locale);
    *own = *c->loc;
    own->lang = f.lang;
    c->loc = own;
    TRY(category_ready_made(c));
    return db_run(c->tx, &setup_links_end);
}

enum status setup_link(struct ctx *c, struct str *token) {
    *token = random_token(c->arena, LINK_BYTES);
    TRY(db_run(c->tx, &setup_links_end));
    return db_run(c->tx, &setup_link_insert, P("hash", sha256_blob(c->arena, *token)),
                  P("expires", c->now_ms + LINK_MS));
}

enum status setup_link_good(struct ctx *c, struct str token) {
    struct rows r;
    TRY(db_query(c->tx, &setup_link_find, &r, P("hash", sha256_blob(c->arena, token)),
                 P("now", c->now_ms)));
    return r.n ? OK : MISSING;
}
