/* The second factor: time-based codes (TOTP, RFC 6238: SHA-1, six digits, steps of 30 seconds) and
 * recovery codes. factor.c is the one home of liboath and of the tables factor and recovery_code.
 * How often one may guess is core/web/guess.h. */
#ifndef FACTOR_H
#define FACTOR_H
#include "core/app/app.h"

enum { FACTOR_STEP_S = 30, FACTOR_DIGITS = 6, FACTOR_SEED_N = 20, RECOVERY_CODES_N = 10 };

struct factor {
    bool begun;           /* there is a seed, scanned or not */
    bool on;              /* a code was typed once: signing in asks for it */
    int64_t confirmed_at; /* since when */
    int codes_left;       /* unused recovery codes */
};
enum status factor_find(struct ctx *c, int64_t member, struct factor *out) MUST_USE;

/* In writing transactions. A new seed, sealed with the key outside the database; one that was begun
 * and not confirmed goes. CONFLICT: it is on already. */
enum status factor_begin(struct app *app, struct ctx *c, int64_t member) MUST_USE;
/* The seed, for the page that shows it. MISSING: none, or confirmed already (it is never shown
 * again), or our key does not open it. */
enum status factor_seed(struct app *app, struct ctx *c, int64_t member, struct str *seed) MUST_USE;
/* Is this code right, in this step or the one before or after it, and was it not used yet? What
 * was typed may hold blanks and digits of any script. A good one is used up. When the factor was
 * only begun, a good one turns it on. Not good, too, when our key does not open the seed (logged:
 * the key is lost; recovery codes still work). */
enum status factor_take(struct app *app, struct ctx *c, int64_t member, struct str typed,
                        bool *good) MUST_USE;
/* Seed and recovery codes go. */
enum status factor_off(struct ctx *c, int64_t member) MUST_USE;

/* Ten new recovery codes; older ones end. Shown once, stored as digests: 24 letters and digits of
 * 120 random bits, so that a plain digest is enough (ASVS 5.0, 6.5.2 asks for 112). */
enum status recovery_make(struct ctx *c, int64_t member, struct strs *codes) MUST_USE;
/* Uses up the code that was typed (any case, with or without hyphens, O for 0, I and L for 1). */
enum status recovery_take(struct ctx *c, int64_t member, struct str typed, bool *good) MUST_USE;
/* Six digits, of any script: a time-based code; else what was typed is meant for a recovery code.
 */
bool factor_is_code(struct arena *a, struct str typed);
/* "k7f3-q9d2-…": the shape of a recovery code, nothing about whether it is one. */
bool recovery_shape(struct str text);

/* For the page: the seed as people type it ("JBSW Y3DP …") and as a QR code says it
 * (otpauth://totp/Firm:name@example.com?secret=…). */
struct str factor_text(struct arena *a, struct str seed);
struct str factor_uri(struct arena *a, struct str seed, struct str firm, struct str email);
/* The code of one step: RFC 6238 with its number of digits, 6 to 8. */
struct str factor_code(struct arena *a, struct str seed, int64_t step, int digits);

#endif
