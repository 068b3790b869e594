/* Looking into the journal of reads: who saw what, newest first, in runs («48 clients between 14:00
 * and 14:20»). Answered from an index beside each file (reads-….idx, derived: 32 bytes a line, made
 * and brought up to date here, thrown away when it does not fit its log), so that a year of two
 * million lines is walked in some 20 ms. Making it checks the chain; what is shown is read again
 * from the log and compared. */
#ifndef JOURNAL_LOOK_H
#define JOURNAL_LOOK_H
#include "core/app/app.h"

enum look_kind { LOOK_OPENED, LOOK_LISTED, LOOK_LEFT, LOOK_EXPORT, LOOK_EVENT, LOOK_KINDS_N };

/* More different clients of one member in ten minutes than these are a bulk read. */
#define LOOK_BULK_OPENED 40
#define LOOK_BULK_LISTED 600
#define LOOK_BULK_MS     (10 * 60 * 1000LL)
#define LOOK_RUN_MS      (60 * 60 * 1000LL) /* no run is longer; a pause of ten minutes ends it */

struct journal_look;
/* Brings the index up to date and opens it; everything lives in a until journal_look_close. */
enum status journal_look_open(struct arena *a, const char *folder,
                              struct journal_look **out) MUST_USE;
void journal_look_close(struct journal_look *l);
int64_t journal_look_lines(const struct journal_look *l); /* of the whole journal */

/* When every file had been read and checked whole; 0: there is none. */
int64_t journal_look_checked_ms(const struct journal_look *l);
/* Throws the index away: the next one to open it reads and checks all files again. older_ms: only
 * what was checked before then, one file at a time. */
enum status journal_look_forget(struct arena *a, const char *folder, int64_t older_ms) MUST_USE;

/* The first line that does not follow from the one before: file.n == 0 when there is none. */
struct look_fault {
    struct str file;
    int64_t line; /* counted from 1; 0: the end of the file is gone */
};
void journal_look_fault(const struct journal_look *l, struct look_fault *out);

struct look_query {
    int64_t member;       /* -1: anybody; events that happened to him count too */
    int64_t id;           /* one client; 0: any */
    const int64_t *files; /* with id: his attachments, which count too */
    int files_n;
    int64_t from_ms, until_ms; /* 0: no bound; until is not included */
    int door;                  /* enum door; -1: any */
    unsigned kinds;            /* 1 << enum look_kind; 0: all */
    bool bulk;                 /* only bulk reads */
    bool apart;                /* each line by itself */
    int64_t before;            /* the next of an earlier answer; 0: the newest */
    int limit;                 /* runs */
};
enum { LOOK_IDS_N = 6 };
struct look_run {
    int64_t member, line; /* number of its newest line, for reading on */
    enum door door;
    enum look_kind kind;
    struct str what;    /* "party"; of an event its name */
    struct str address; /* of an event: where it came from, "-" or empty when not known */
    int64_t first_ms, last_ms;
    int64_t lines_n;
    int64_t n;               /* different records; of an export as many as it said */
    int64_t ids[LOOK_IDS_N]; /* the newest of them */
    int ids_n;
    bool bulk;
    bool wrong; /* the log does not say what is shown, or does not follow */
};
struct look_runs {
    struct look_run *v;
    int n;
    int64_t next; /* 0: the end */
};
enum status journal_look_runs(struct arena *a, const struct journal_look *l,
                              const struct look_query *q, struct look_runs *out) MUST_USE;

/* --- anchors: where each file ended, kept in the database (table anchor) --- */
/* Notes the end of each file that grew; at most once a minute (a part of the tick). */
enum status journal_anchor(struct app *app, struct arena *a) MUST_USE;
/* Compares all anchors with the files: the first that is shorter than it was, other, or gone. */
enum status journal_anchor_check(struct ctx *c, const char *folder,
                                 struct look_fault *out) MUST_USE;

#endif
