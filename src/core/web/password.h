/* Which passwords are taken. Hashing is core/app/secret.h. */
#ifndef PASSWORD_H
#define PASSWORD_H
#include "core/entity/ctx.h"

/* The password as it is hashed: NFC, blanks at both ends and control characters gone, so that the
 * same keys give the same bytes on every keyboard. A view or in the arena. */
struct str password_clean(struct arena *a, struct str typed);
/* Rules after NIST SP 800-63B-4: any characters, no composition rules, no forced change; at least
 * PASSWORD_LEAST characters (it asks 15 where the password is the only factor; we ask 10 and refuse
 * the common ones, because people write 15 on a note), at most LIMIT_PASSWORD bytes; refused are
 * common ones, runs and repetitions, and what others know of the person (name, e-mail, firm).
 * Adds one problem at field and returns INVALID. */
enum { PASSWORD_LEAST = 10 };
enum status password_check(struct ctx *c, struct str field, struct str cleaned,
                           const struct str *known, int known_n) MUST_USE;

/* Digests (hash_bytes, folded, without blanks) of the 10,000 most frequent passwords of published
 * leaks, sorted; made by tools/passwordc.c at build time. */
extern const uint64_t password_table[];
extern const int password_table_n;
/* What a form says under a new password: a msgid. */
const char *password_hint(void);

#endif
