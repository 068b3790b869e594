/* Between vcard.c and vcard_value.c only. */
#ifndef TEXT_VCARD_VALUE_H
#define TEXT_VCARD_VALUE_H
#include "lib/text/vcard.h"

/* UTF-8 whatever came in: a wrong byte becomes U+FFFD. */
struct str vcard_repair(struct arena *a, struct str bytes);
/* A parameter's value: quotes taken off, ^n ^' ^^ undone (RFC 6868). */
struct str vcard_param_text(struct arena *a, struct str raw);

#endif
