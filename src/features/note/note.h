/* Notes on a client: the smallest feature, and the model of one. */
#ifndef NOTE_H
#define NOTE_H
#include "core/ask/ask.h"
#include "core/entity/store.h"

struct note {
    struct row row;
#define FIELD(n, k, ...) ENTITY_C_##k n;
#include "features/note/note.def"
#undef FIELD
};
extern const struct entity entity_note;
extern const struct relation note_relation;

struct notes {
    struct note *v;
    int n;
};
/* Notes of a client, newest first, at most limit, older than `before` (0: newest). */
enum status note_of_party(struct ctx *c, int64_t party, int64_t before, int limit,
                          struct notes *out) MUST_USE;

#endif
