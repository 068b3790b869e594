/* A lease in the table meta: work that one process at a time may do, and that another may take over
 * a minute after its holder was last heard of (it was killed, or stands still). Who holds it works
 * out what to write outside the writer and then writes it in short slices, each of which is refused
 * once the lease is lost: two holders never write side by side. */
#ifndef DB_LEASE_H
#define DB_LEASE_H
#include "lib/db/db.h"

struct lease {
    const char *key; /* of the row in meta */
    struct str mine; /* its value: until when, in milliseconds of the wall clock, and a token */
    bool held;
};
/* Takes the lease `key` for a minute, in a write of its own. Not held: another holds it, or the
 * database was busy. mine lies in a; key is kept. */
enum status lease_take(struct db *db, struct arena *a, const char *key, struct lease *out) MUST_USE;
/* Does the work 0 to n - 1: calls slice in one write after another until *at is n (at least once).
 * slice goes on from *at, and stops when clock_mono_us() reaches until_us, so that no writer waits
 * long; one that the database refused (BUSY) is called again with the same *at. CONFLICT: the lease
 * was lost; what earlier slices wrote stays. */
enum status lease_slices(struct db *db, struct arena *a, const struct lease *l, int n,
                         enum status (*slice)(struct tx *tx, void *arg, int *at, int64_t until_us),
                         void *arg) MUST_USE;
/* Gives it back. how: what became of the work, and the result, but that OK stands for CONFLICT and
 * BUSY too: another one took over, or will. */
enum status lease_end(struct db *db, struct arena *a, const struct lease *l,
                      enum status how) MUST_USE;

#endif
