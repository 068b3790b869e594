/* Files of clients in and out: the register's face for core/exchange. */
#ifndef IMPORT_H
#define IMPORT_H
#include "core/exchange/exchange.h"

extern const struct exchange_shape party_shape;

/* n clients as vCards 4.0, added to out. */
struct party;
enum status party_cards(struct ctx *c, const struct party *p, int n, struct buf *out) MUST_USE;

#endif
