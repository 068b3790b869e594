/* Files of clients in and out: the register's face for core/exchange. */
#ifndef IMPORT_H
#define IMPORT_H
#include "core/exchange/import.h"

extern const struct exchange_shape party_shape;
/* What files can be of: clients, purchases. NULL: no such entity. */
const struct exchange_shape *import_shape_of(struct str kind);
bool import_is_of_clients(const struct import *imp);
/* Exports of other products (known.c). */
enum { IMPORT_KNOWN_N = 13 };
extern const struct exchange_known import_known_products[IMPORT_KNOWN_N];
extern const struct exchange_word import_known_words[];

/* n clients as vCards 4.0, added to out. */
struct party;
enum status party_cards(struct ctx *c, const struct party *p, int n, struct buf *out) MUST_USE;

/* A cell with a photo: a problem at "photo" when it is none; and for a client who has none yet
 * (photo.c). */
void import_photo_check(struct ctx *c, struct str cell);
enum status import_photo_save(struct ctx *c, const struct party *p, struct str cell) MUST_USE;

#endif
