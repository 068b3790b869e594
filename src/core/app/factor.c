/* Time-based codes and recovery codes (factor.h). Called by sign-in, by the settings and by the
 * gate when it asks again; calls liboath for the codes and secret.c for the sealed seed. */
#include "core/app/factor.h"

#include <liboath/oath.h>

#include "core/app/secret.h"
#include "lib/base/log.h"
#include "lib/html/out.h"
#include "lib/locale/number.h"

enum { RECOVERY_CHARS = 24, RECOVERY_GROUP = 4 };
#define SEALED_FOR "factor"

SQL(factor_read, "SELECT seed, confirmed_at, last_step FROM factor WHERE member = :member");
SQL(factor_codes_left,
    "SELECT count(*) AS n FROM recovery_code WHERE member = :member AND used_at IS NULL");
SQL(factor_insert, "INSERT INTO factor (member, seed) VALUES (:member, :seed) "
                   "ON CONFLICT (member) DO UPDATE SET seed = excluded.seed, last_step = 0 "
                   "WHERE factor.confirmed_at IS NULL");
SQL(factor_step, "UPDATE factor SET last_step = :step, confirmed_at = coalesce(confirmed_at, :now) "
                 "WHERE member = :member AND last_step < :step");
SQL(factor_delete, "DELETE FROM factor WHERE member = :member");
SQL(factor_codes_delete, "DELETE FROM recovery_code WHERE member = :member");
SQL(factor_codes_insert, "INSERT INTO recovery_code (member, code_hash) VALUES (:member, :hash)");
SQL(factor_codes_use, "UPDATE recovery_code SET used_at = :now "
                      "WHERE member = :member AND code_hash = :hash AND used_at IS NULL");

enum status factor_find(struct ctx *c, int64_t member, struct factor *out) {
    struct rows r;
    *out = (struct factor){ .begun = false };
    TRY(db_query(c->tx, &factor_read, &r, P("member", member)));
    if (r.n) {
        out->begun = true;
        out->on = !row_null(&r, 0, "confirmed_at");
        out->confirmed_at = row_int(&r, 0, "confirmed_at");
    }
    TRY(db_query(c->tx, &factor_codes_left, &r, P("member", member)));
    out->codes_left = (int)row_int(&r, 0, "n");
    return OK;
}

enum status factor_begin(struct app *app, struct ctx *c, int64_t member) {
    char seed[FACTOR_SEED_N];
    random_bytes(seed, sizeof seed);
    struct blob sealed =
        secret_seal(app, c->arena, SEALED_FOR, member, (struct str){ seed, sizeof seed });
    memset(seed, 0, sizeof seed);
    TRY(db_run(c->tx, &factor_insert, P("member", member), P("seed", sealed)));
    return db_changed(c->tx) ? OK : CONFLICT;
}

static bool open_seed(struct app *app, struct ctx *c, int64_t member, const struct rows *r,
                      struct str *seed) {
    if (secret_unseal(app, c->arena, SEALED_FOR, member, row_blob(r, 0, "seed"), seed)) return true;
    log_warn("the second factor of member %lld was sealed with another key than keys/seal.key",
             (long long)member);
    return false;
}

enum status factor_seed(struct app *app, struct ctx *c, int64_t member, struct str *seed) {
    struct rows r;
    TRY(db_query(c->tx, &factor_read, &r, P("member", member)));
    if (r.n == 0 || !row_null(&r, 0, "confirmed_at")) return MISSING;
    return open_seed(app, c, member, &r, seed) ? OK : MISSING;
}

struct str factor_code(struct arena *a, struct str seed, int64_t step, int digits) {
    char out[16];
    if (digits < 6 || digits > 8) BUG("a code of %d digits", digits);
    if (oath_totp_generate(seed.p, seed.n, (time_t)(step * FACTOR_STEP_S), FACTOR_STEP_S, 0,
                           (unsigned)digits, out) != OATH_OK)
        BUG("liboath makes no code");
    return str_dup(a, str_of(out));
}

/* What was typed without blanks and signs, digits as ASCII, letters small. */
static struct str bare(struct arena *a, struct str typed) {
    struct str s = str_lower_ascii(a, digits_ascii(a, str_sub(typed, 0, 200)));
    char *to = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if ((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z')) to[n++] = ch;
    }
    return (struct str){ to, n };
}

bool factor_is_code(struct arena *a, struct str typed) {
    struct str s = bare(a, typed);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] > '9') return false;
    return s.n == FACTOR_DIGITS;
}

enum status factor_take(struct app *app, struct ctx *c, int64_t member, struct str typed,
                        bool *good) {
    struct rows r;
    struct str seed, code = bare(c->arena, typed);
    *good = false;
    TRY(db_query(c->tx, &factor_read, &r, P("member", member)));
    if (r.n == 0 || !open_seed(app, c, member, &r, &seed)) return OK;
    int64_t now = c->now_ms / 1000 / FACTOR_STEP_S, last = row_int(&r, 0, "last_step"), step = 0;
    for (int64_t k = now - 1; k <= now + 1; k++) /* all three, so that the time tells nothing */
        if (secret_equal(factor_code(c->arena, seed, k, FACTOR_DIGITS), code) && k > last) step = k;
    if (!step) return OK;
    TRY(db_run(c->tx, &factor_step, P("member", member), P("step", step), P("now", c->now_ms)));
    *good = db_changed(c->tx) == 1; /* else somebody used it a moment ago */
    return OK;
}

enum status factor_off(struct ctx *c, int64_t member) {
    TRY(db_run(c->tx, &factor_codes_delete, P("member", member)));
    return db_run(c->tx, &factor_delete, P("member", member));
}

/* --- Recovery codes: Crockford's 32 letters and digits, none of which looks like another --- */

static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";

enum status recovery_make(struct ctx *c, int64_t member, struct strs *codes) {
    TRY(db_run(c->tx, &factor_codes_delete, P("member", member)));
    *codes = (struct strs){ .v = arena_array(c->arena, struct str, RECOVERY_CODES_N) };
    for (; codes->n < RECOVERY_CODES_N; codes->n++) {
        unsigned char drawn[RECOVERY_CHARS];
        char plain[RECOVERY_CHARS], shown[RECOVERY_CHARS * 2];
        size_t n = 0;
        random_bytes(drawn, sizeof drawn);
        for (int i = 0; i < RECOVERY_CHARS; i++) {
            plain[i] = letters[drawn[i] % 32];
            if (i && i % RECOVERY_GROUP == 0) shown[n++] = '-';
            shown[n++] = plain[i];
        }
        codes->v[codes->n] = str_dup(c->arena, (struct str){ shown, n });
        struct blob hash = sha256_blob(c->arena, (struct str){ plain, sizeof plain });
        TRY(db_run(c->tx, &factor_codes_insert, P("member", member), P("hash", hash)));
    }
    return OK;
}

enum status recovery_take(struct ctx *c, int64_t member, struct str typed, bool *good) {
    struct str code = bare(c->arena, typed);
    char *fixed = str_z(c->arena, code);
    *good = false;
    if (code.n != RECOVERY_CHARS) return OK;
    for (size_t i = 0; i < code.n; i++) {
        if (fixed[i] == 'o') fixed[i] = '0';
        if (fixed[i] == 'i' || fixed[i] == 'l') fixed[i] = '1';
    }
    struct blob hash = sha256_blob(c->arena, (struct str){ fixed, code.n });
    TRY(db_run(c->tx, &factor_codes_use, P("member", member), P("hash", hash),
               P("now", c->now_ms)));
    *good = db_changed(c->tx) == 1;
    return OK;
}

bool recovery_shape(struct str s) {
    if (s.n != RECOVERY_CHARS + RECOVERY_CHARS / RECOVERY_GROUP - 1) return false;
    for (size_t i = 0; i < s.n; i++) {
        bool hyphen = i % (RECOVERY_GROUP + 1) == RECOVERY_GROUP;
        if (hyphen ? s.p[i] != '-' : !s.p[i] || !strchr(letters, s.p[i])) return false;
    }
    return true;
}

/* --- What is shown of a seed --- */

static struct str base32(struct arena *a, struct str seed) {
    char *out = NULL;
    size_t n = 0;
    if (oath_base32_encode(seed.p, seed.n, &out, &n) != OATH_OK) BUG("out of memory");
    while (n && out[n - 1] == '=') n--;
    struct str text = str_dup(a, (struct str){ out, n });
    memset(out, 0, n);
    free(out);
    return text;
}

struct str factor_text(struct arena *a, struct str seed) {
    struct str s = base32(a, seed);
    char *to = arena_alloc(a, s.n * 2 + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (i && i % 4 == 0) to[n++] = ' ';
        to[n++] = s.p[i];
    }
    return (struct str){ to, n };
}

struct str factor_uri(struct arena *a, struct str seed, struct str firm, struct str email) {
    struct str issuer = url_encode(a, str_sub(firm, 0, 80)), secret = base32(a, seed);
    return str_printf(a, "otpauth://totp/%.*s:%.*s?secret=%.*s&issuer=%.*s", SF(issuer),
                      SF(url_encode(a, str_sub(email, 0, 120))), SF(secret), SF(issuer));
}
