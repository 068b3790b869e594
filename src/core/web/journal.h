/* The journal of reads: who looked at which record, when, by which door. Outside the transaction
 * (the one named exception, design.md 5): lines go to DATA/journal/reads-YYYYMM-NNNN.log, synced
 * each second; each line carries a digest over itself and the line before, so that none can be
 * taken out or changed unseen. A new file each month and each 64 MB; the chain goes on.
 *
 * A line: TIME MEMBER DOOR WHAT ID DIGEST, for instance
 *   2026-11-21T22:05:09.123Z 3 web party 1042 5f1d…
 * WHAT is the entity of a record that was opened; list-party: seen in a list or by search;
 * out-party: left in a file; export-party: that file, with the number of its records for an ID.
 * An event of the doors has one column more, the address that it came from:
 *   2026-11-21T22:05:09.123Z 3 web event-signed-in 3 192.0.2.7 5f1d…
 * MEMBER did it (0: somebody who was not signed in), ID is the member it happened to (0: a name
 * that does not exist); the names are those of enum journal_what. How it is read for people:
 * journal_look.h. */
#ifndef JOURNAL_H
#define JOURNAL_H
#include "core/app/app.h"

struct journal;
/* Opens the journal in that folder, finds the end of the chain, starts the thread that writes.
 * A line that a power cut left unfinished is cut off. BROKEN: the folder cannot be used (logged).
 */
enum status journal_open(struct journal **out, const char *folder) MUST_USE;
/* The disk is full and half of the queue waits for room: what would be noted must not be shown
 * until there is. j may be NULL. */
bool journal_stuck(struct journal *j);
/* Waits, two seconds at most, until what was noted so far stands in the files: before they are
 * looked into. j may be NULL. */
void journal_settle(struct journal *j);
/* Writes what is left, syncs, ends the thread. */
void journal_close(struct journal *j);
/* Notes that the member of c saw these records. Only waits when 65,536 notes are unwritten (the
 * disk stands still). app->journal NULL (commands): nothing is noted. */
void journal_read(struct app *app, const struct ctx *c, const char *entity, const int64_t *ids,
                  int n);
/* The same for records that were shown as rows of a list, and for those that left in a file. */
void journal_listed(struct app *app, const struct ctx *c, const char *entity, const int64_t *ids,
                    int n);
void journal_left(struct app *app, const struct ctx *c, const char *entity, const int64_t *ids,
                  int n);
/* Notes that n records left in one file: "export-party", with the number where an id stands. */
void journal_export(struct app *app, const struct ctx *c, const char *entity, int64_t n);
/* What happens at the doors. In the journal: "event-" and the name in small letters. */
enum journal_what {
    EVENT_SIGNED_IN,       /* signed-in: password, and code where one is asked */
    EVENT_SIGN_IN_REFUSED, /* sign-in-refused: the password was wrong */
    EVENT_SIGN_IN_PAUSED,  /* sign-in-paused: too many tries, none was looked at any more */
    EVENT_CODE_REFUSED,    /* code-refused: the password was right, the second factor was not */
    EVENT_CODE_PAUSED,     /* code-paused */
    EVENT_RECOVERY_USED,   /* recovery-used: a recovery code stood in for the second factor */
    EVENT_PROOF_REFUSED,   /* proof-refused: asked again in a session, and not right */
    EVENT_SIGNED_OUT,      /* signed-out */
    EVENT_SESSION_ENDED,   /* session-ended: one, or all but one's own */
    EVENT_PASSWORD,        /* password-changed */
    EVENT_FACTOR_ON,       /* factor-on */
    EVENT_FACTOR_OFF,      /* factor-off */
    EVENT_FACTOR_RESET,    /* factor-reset: by an owner, for a member who cannot come in */
    EVENT_RECOVERY_MADE,   /* recovery-made: new recovery codes */
    EVENT_TOKEN_MADE,      /* token-made */
    EVENT_TOKEN_REVOKED,   /* token-revoked */
    EVENT_LINK_MADE,       /* link-made: a one-time link for a password */
    EVENT_LINK_USED,       /* link-used */
    EVENT_RIGHTS,          /* rights-changed: role or e-mail of a member */
    EVENTS_N
};
const char *journal_event_name(enum journal_what what); /* "signed-in" */
/* Notes one. A handler says req_event() of req.h instead, which waits for the commit. */
void journal_event(struct app *app, const struct ctx *c, enum journal_what what, int64_t member,
                   struct str address);
/* Reads the whole chain again; problems are added to out (room for one at least), lines counted. */
enum status journal_verify(struct arena *a, const char *folder, struct str *problem,
                           int64_t *lines) MUST_USE;

#endif
