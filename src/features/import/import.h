/* Files of clients in and out: the register's face for core/exchange. */
#ifndef IMPORT_H
#define IMPORT_H
#include "core/exchange/exchange.h"

extern const struct exchange_shape party_shape;

#endif
