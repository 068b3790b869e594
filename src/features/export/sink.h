/* Where an export goes: a ZIP archive as a stream, or a new folder. The same calls for both. */
#ifndef EXPORT_SINK_H
#define EXPORT_SINK_H
#include "lib/base/buf.h"

struct sink;
struct sink *sink_zip(struct arena *a);
/* The folder must be new or empty: CONFLICT; BROKEN with the reason in *why. */
enum status sink_folder(struct arena *a, const char *folder, struct sink **out,
                        struct str *why) MUST_USE;
/* Begins an entry; ends the one before. bytes -1: not known. Names are made by us, never by
 * people: relative, without "..". */
enum status sink_entry(struct sink *s, struct str name, int64_t bytes, int64_t at_ms) MUST_USE;
enum status sink_write(struct sink *s, struct str bytes) MUST_USE;
enum status sink_end(struct sink *s) MUST_USE;
/* Of a ZIP: what is ready, added to out. */
void sink_take(struct sink *s, struct buf *out);
struct str sink_problem(const struct sink *s);
void sink_free(struct sink *s);

#endif
