/* What a business calls its clients, put into the sentences: po/words.txt as rules. Shared by poc
 * (which makes the texts) and poscan (which says what the file does not know). How the file is
 * written stands at its top. */
#ifndef FORMS_H
#define FORMS_H
#include "lib/base/map.h"
#include "lib/locale/locale.h"

struct forms;

/* Prints FILE:LINE: text and exits 1 on a mistake. */
struct forms *forms_read(struct arena *a, const char *path);
/* form (0 to 5) of a text, said with that word. The text itself, same pointer, when it does not
 * speak of clients. id is the whole msgid: sentences of their own are found by it. */
struct str forms_say(struct forms *f, enum lang lang, enum client_word word, struct str id,
                     int form, struct str text);
/* Why the file does not do for this text, with what to write into it; NULL: it does. */
const char *forms_fault(struct forms *f, enum lang lang, struct str id, int form, struct str text);
/* What stands before the bar of "context|Text" is no text. */
struct str forms_without_context(struct str id);

#endif
