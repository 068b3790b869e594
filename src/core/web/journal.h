/* The journal of reads: who looked at which record, when, by which door. Outside the transaction
 * (the one named exception, design.md 5): lines go to DATA/journal/reads-YYYYMM-NNNN.log, synced
 * each second; each line carries a digest over itself and the line before, so that none can be
 * taken out or changed unseen. A new file each month and each 64 MB; the chain goes on.
 *
 * A line: TIME MEMBER DOOR WHAT ID DIGEST, for instance
 *   2026-11-21T22:05:09.123Z 3 web party 1042 5f1d…
 * WHAT is the entity of a record that was opened; list-party: seen in a list or by search;
 * out-party: left in a file; export-party: that file, with the number of its records for an ID.
 * How it is read for people: journal_look.h. */
#ifndef JOURNAL_H
#define JOURNAL_H
#include "core/app/app.h"

struct journal;
/* Opens the journal in that folder, finds the end of the chain, starts the thread that writes.
 * A line that a power cut left unfinished is cut off. BROKEN: the folder cannot be used (logged).
 */
enum status journal_open(struct journal **out, const char *folder) MUST_USE;
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
/* Reads the whole chain again; problems are added to out (room for one at least), lines counted. */
enum status journal_verify(struct arena *a, const char *folder, struct str *problem,
                           int64_t *lines) MUST_USE;

#endif
