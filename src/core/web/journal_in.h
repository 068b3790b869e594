/* What the files of the journal share: journal.c writes them, journal_index.c reads them. */
#ifndef JOURNAL_IN_H
#define JOURNAL_IN_H
#include "core/web/journal.h"
#include "core/web/journal_look.h"

enum { JOURNAL_HEX_N = 64, JOURNAL_LINE_MAX = 400 };

/* Names of the journal's files in their order. */
enum status journal_files(struct arena *a, const char *folder, struct strs *out) MUST_USE;
/* Does this line (without its line feed) follow from the digest of the one before? last becomes the
 * digest that the line should have. */
bool journal_line_good(char last[JOURNAL_HEX_N + 1], struct str line);

/* One line as the index keeps it: the n-th of a file stands at n. Made by journal_index.c. */
struct look_line {
    int64_t at_ms, id;
    int32_t member;
    uint32_t offset; /* in the log */
    uint16_t length; /* without the line feed */
    uint8_t what;    /* in names of the head */
    uint8_t door, kind, bulk;
    uint8_t spare[2];
};
enum { LOOK_NAMES_N = 64, LOOK_NAME_MAX = 24 };
struct index_head {
    char magic[8];
    int64_t covered, lines_n; /* bytes of the log, lines in them */
    int64_t bad_line;         /* the first that does not follow, counted from 1; 0: none */
    int64_t first_ms, last_ms;
    int64_t made_ms; /* when it was begun: the whole file was read and checked then */
    char before[JOURNAL_HEX_N], last[JOURNAL_HEX_N];
    char names[LOOK_NAMES_N][LOOK_NAME_MAX];
};
struct look_file {
    struct str name;
    const struct index_head *head; /* mapped, the lines behind it; NULL: empty */
    const struct look_line *lines;
    size_t mapped_n;
    int64_t base; /* number of its first line in the whole journal */
};
struct journal_look {
    const char *folder;
    struct look_file *files;
    int files_n;
    int64_t lines_n;
};

/* Brings the index of one file up to date and maps it. before: the digest that its first line
 * follows from, and then the last one's. */
enum status journal_index(struct arena *a, const char *folder, struct look_file *f,
                          char before[JOURNAL_HEX_N + 1]) MUST_USE;
/* One line from the log, digest and all; how: does it follow, and say what the index says? */
enum status journal_line_read(struct arena *a, const struct journal_look *l,
                              const struct look_file *f, int64_t i, struct str *text,
                              bool *good) MUST_USE;

/* Who opened too many too quickly: fed with lines in their order. journal_bulk.c */
struct bulk;
struct bulk *bulk_new(struct arena *a);
/* lines[i] is marked when it is one too many, and with it those that led there, from `first` on. */
void bulk_feed(struct bulk *b, struct look_line *lines, int64_t first, int64_t i);

#endif
