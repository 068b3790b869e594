/* How often one may guess: at most ten passwords (five codes) that are looked at in a quarter of an
 * hour, for one name, existing or not, wherever they come from (trust.md T-34, T-37). A browser
 * that the member signed in with before (device.h) has an allowance of its own, so that guessers do
 * not lock him out. Counts stand in the database, in 16,384 places found by a keyed hash: a restart
 * forgets none, and strangers cannot fill the disk. Two names may share a place, and then its
 * limit.
 */
#ifndef GUESS_H
#define GUESS_H
#include "core/web/req.h"

enum { GUESS_PASSWORDS = 10, GUESS_CODES = 5, GUESS_WINDOW_MS = 15 * 60 * 1000 };
enum guess_kind { GUESS_PASSWORD, GUESS_CODE };
struct guess {
    int64_t slot;
    int most;
};
/* Whose guess it is: the known device's (device 0: none), else that of the name as it is compared
 * (email_key). */
struct guess guess_of(struct req *r, enum guess_kind kind, int64_t device, struct str name);
/* Before anything is looked at, outside of a transaction, so that guesses side by side count too.
 * TOO_MANY: nothing may be looked at now; then nothing is written either. */
enum status guess_take(struct req *r, struct guess g) MUST_USE;
/* It was right: does not count. In the transaction that lets in. */
enum status guess_right(struct ctx *c, struct guess g) MUST_USE;

#endif
