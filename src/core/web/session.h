/* Who is at the door: sessions of browsers, tokens of programs. Only digests of secrets are stored.
 * A session ends after 12 hours without use and 30 days after sign-in at the latest. */
#ifndef SESSION_H
#define SESSION_H
#include "core/app/app.h"
#include "core/web/req.h"

#define SESSION_IDLE_MS  (12 * 3600 * 1000LL)
#define SESSION_WHOLE_MS (30 * 24 * 3600 * 1000LL)

/* Reads the cookie and, when its session is alive, fills r->c.who, r->c.loc, r->c.firm, r->session
 * and r->csrf. One query. OK also when nobody is signed in; MISSING when there is no firm yet. */
enum status session_find(struct req *r) MUST_USE;
/* The same for "Authorization: Bearer dft_…". SIGNED_OUT without a live token. */
enum status token_find(struct req *r) MUST_USE;

/* In a WRITE handler: a new session for the member, its cookie in the reply; the one that this
 * browser had is ended, so that a cookie set before never lives on. factor_given: he has shown his
 * second factor; else, when the business binds him to one that he does not have, he is led to its
 * set-up before anything else. The browser is a known one from now on (device.h). */
enum status session_start(struct req *r, int64_t member, bool factor_given) MUST_USE;
/* The member of this session has just shown password or factor once more. */
enum status session_proved(struct req *r) MUST_USE;
/* His second factor was set up in this session: nothing stands before the rest any more. */
enum status session_factor_given(struct req *r) MUST_USE;
/* He turned it off: when the business binds him, a new one comes before anything else. */
enum status session_factor_gone(struct req *r) MUST_USE;
/* Whether firm.two_factor ("offered" "owners" "everyone") binds that role. */
bool factor_binds(struct str two_factor, enum role role);
/* Ends sessions: one (of that member only), or all of a member but `keep` (0: all). */
enum status session_end(struct ctx *c, int64_t member, int64_t session) MUST_USE;
enum status session_end_all(struct ctx *c, int64_t member, int64_t keep) MUST_USE;
void session_forget_cookie(struct req *r);
/* Deletes sessions that are over, at most a thousand. */
enum status session_clean(struct app *app, struct arena *a) MUST_USE;

/* A new API token of the member; the text is shown once and not stored. */
enum status token_start(struct ctx *c, int64_t member, struct str name, struct str *text) MUST_USE;
enum status token_revoke(struct ctx *c, int64_t member, int64_t token) MUST_USE;
enum status token_revoke_all(struct ctx *c, int64_t member) MUST_USE;

/* For the pages that list them. */
struct session_row {
    int64_t id, created_at, seen_at;
    struct str user_agent, address;
    bool current;
};
struct session_rows {
    struct session_row *v;
    int n;
};
struct token_row {
    int64_t id, created_at, used_at;
    struct str name;
};
struct token_rows {
    struct token_row *v;
    int n;
};
/* "Firefox · Linux" of what a browser calls itself. */
struct str session_browser(struct ctx *c, struct str user_agent);
enum status session_list(struct ctx *c, int64_t member, int64_t current,
                         struct session_rows *out) MUST_USE;
enum status token_list(struct ctx *c, int64_t member, struct token_rows *out) MUST_USE;

/* «Last seen» is written by a thread of its own (core/job), at most every 5 minutes a session, so
 * that reading a page writes nothing. */
struct seen *seen_new(void);
void seen_free(struct seen *s);
enum status seen_write(struct app *app, struct arena *a) MUST_USE;

#endif
