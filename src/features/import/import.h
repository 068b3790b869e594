/* Files of clients in and out: the register's face for core/exchange. */
#ifndef IMPORT_H
#define IMPORT_H
#include "core/exchange/import.h"

extern const struct exchange_shape party_shape;
/* Exports of other products (known.c). */
enum { IMPORT_KNOWN_N = 13 };
extern const struct exchange_known import_known_products[IMPORT_KNOWN_N];
extern const struct exchange_word import_known_words[];

/* n clients as vCards 4.0, added to out. */
struct party;
enum status party_cards(struct ctx *c, const struct party *p, int n, struct buf *out) MUST_USE;

#endif
