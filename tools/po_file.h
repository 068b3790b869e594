/* Reading and writing gettext .po files: only what this program uses (comments, msgid,
 * msgid_plural, msgstr, msgstr[n], the fuzzy flag). Shared by poc and poscan. */
#ifndef PO_FILE_H
#define PO_FILE_H
#include "lib/base/buf.h"
#include "lib/base/map.h"

#define PO_FORMS_MAX 6

struct po_entry {
    struct str id, plural;         /* plural empty: not counted */
    struct str text[PO_FORMS_MAX]; /* text[0] is msgstr */
    struct str comments;           /* the translator's "# …" lines, each with its line feed */
    struct str places;             /* "#: …" lines */
    bool fuzzy;
    int line;
    struct po_entry *next;
};
struct po_file {
    const char *path;
    struct str lang; /* "fa", from the file's name */
    int forms_n;
    struct str header; /* msgstr of the empty msgid */
    struct po_entry *first;
    struct map by_id;
};

/* Forms of a counted text in that language: en 2, fr 3, fa 2, ar 6; 0 for an unknown one. */
int po_forms_n(struct str lang);
/* Prints FILE:LINE: text and exits 1 on a mistake. A missing file gives an empty one. */
struct po_file po_read(struct arena *a, const char *path);
void po_write(const struct po_file *po);
/* Every form has a text and nobody doubts it. */
bool po_done(const struct po_file *po, const struct po_entry *e);
/* "a \"quoted\" text" as .po and C write it. */
void po_put_string(struct buf *b, struct str s);
struct str po_slurp(struct arena *a, const char *path, bool *found);
void po_spew(const char *path, struct str s);

#endif
