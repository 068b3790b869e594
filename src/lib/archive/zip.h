/* ZIP archives: reading one with hard limits, writing one as a stream. The folder is the one home
 * of libarchive. */
#ifndef ZIP_H
#define ZIP_H
#include "lib/base/buf.h"
#include "lib/base/status.h"

/* --- reading (trust.md T-43): entries by name, from an open file that can seek --- */
struct unzip_limits {
    int entries_n; /* more: TOO_BIG */
    int64_t total; /* bytes of all entries as read, counted while inflating */
    int ratio;     /* bytes out to bytes of the whole archive, counted while inflating */
};
struct unzip;
/* INVALID: not a ZIP file, two entries of one name, a name that leads outside (absolute, "..",
 * backslash, NUL), entries that overlap. *why is an English msgid for people,
 * {max} in it is the limit. */
enum status unzip_open(struct arena *a, int fd, const struct unzip_limits *limits,
                       struct unzip **out, const char **why) MUST_USE;
void unzip_close(struct unzip *z);
int unzip_entries(const struct unzip *z);
struct str unzip_name(const struct unzip *z, int i);
/* The same sentence in our own memory, for what came out of another process; NULL: not one of ours.
 */
const char *unzip_sentence(struct str text);
/* What {max} stands for in it with these limits; 0: nothing. */
int64_t unzip_sentence_max(const char *sentence, const struct unzip_limits *limits);
/* Opens one entry for reading; only one is open at a time. MISSING: no such. */
enum status unzip_entry(struct unzip *z, struct str name) MUST_USE;
/* The next bytes of it; *n 0 at its end. TOO_BIG: a limit was passed. INVALID: damaged. */
enum status unzip_read(struct unzip *z, void *to, size_t cap, size_t *n, const char **why) MUST_USE;

/* --- writing: bytes come out piece by piece, entries are never held in memory --- */
struct zip;
struct zip *zip_new(struct arena *a);
void zip_free(struct zip *z);
/* Begins an entry (UTF-8 name, "/" between folders; made safe for Windows by the caller) of that
 * many bytes, -1 when not known (what is written beyond them is dropped); time in ms. Ends the one
 * before. Names like "a.jpg" are stored, others deflated. */
void zip_entry(struct zip *z, struct str name, int64_t bytes, int64_t at_ms);
void zip_write(struct zip *z, struct str bytes);
void zip_end(struct zip *z); /* the directory at the end */
/* What is ready to be sent, added to out and forgotten here. */
void zip_take(struct zip *z, struct buf *out);

#endif
