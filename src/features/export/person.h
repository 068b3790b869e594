/* All that is held about one person, as a ZIP file: index.html to read, data.json for programs, his
 * files (GDPR articles 15 and 20). Only for features/export. */
#ifndef EXPORT_PERSON_H
#define EXPORT_PERSON_H
#include "core/app/app.h"
#include "features/export/sink.h"
#include "lib/locale/locale.h"
#include "lib/text/json.h"

struct person_wish {
    int64_t id;
    enum lang lang; /* of index.html */
    bool internal;  /* private notes and fields too */
};
struct person;
/* In the name and rights of c, which it outlives. The sink stays the caller's. */
struct person *person_open(struct app *app, const struct ctx *c, const struct person_wish *wish,
                           struct sink *sink);
/* The next piece; MISSING: no such client, or he may not be seen. */
enum status person_piece(struct person *p, bool *more) MUST_USE;
struct str person_sink_problem(const struct person *p);
void person_close(struct person *p);

/* --- between the files of this folder --- */

/* Which tables speak of a person, and why the others do not: a table that is in neither list fails
 * test_person. */
struct person_table {
    const char *name;
    const struct sql *sql; /* rows of :id */
    enum { PERSON_PLAIN, PERSON_SIDES, PERSON_EYES, PERSON_CHANGES } params;
};
struct person_reason {
    const char *table, *why;
};
extern const struct person_table person_tables[];
extern const int person_tables_n;
extern const struct person_reason person_reasons[];
extern const int person_reasons_n;
/* Rows of one table; EYES and CHANGES leave out what c may not see and, without internal, what is
 * private. */
enum status person_rows(struct ctx *c, const struct person_table *t, const struct person_wish *wish,
                        struct rows *out) MUST_USE;
/* How many private notes and files there are that person_rows leaves out. */
enum status person_left_out(struct ctx *c, const struct person_wish *wish, int64_t *n) MUST_USE;
/* A row as it is in the table, as a JSON object. */
void export_raw_row(const struct rows *r, int i, struct buf *out);
/* The same without what is private: fields of the client, and of what was changed. */
void person_outward_row(struct ctx *c, const struct rows *r, int i, struct buf *out);

/* The rows of imported CSV files that he came from, a JSON array; imports: rows of that table. */
struct party;
enum status person_sources(struct ctx *c, const struct app *app, const struct party *him,
                           const struct rows *imports, struct buf *out) MUST_USE;

struct person_file {
    struct str path, sha256, name;
    int64_t bytes, at;
};
struct person_files {
    struct person_file *v;
    int n;
};
struct look_runs;
/* index.html in the language of c. */
enum status person_page(struct ctx *c, const struct person_wish *wish,
                        const struct person_files *files, const struct look_runs *looks,
                        int64_t left_out, struct buf *out) MUST_USE;

#endif
