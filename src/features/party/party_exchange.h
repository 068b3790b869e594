/* The register's face for import and export. */
#ifndef PARTY_EXCHANGE_H
#define PARTY_EXCHANGE_H
#include "core/exchange/exchange.h"

extern const struct exchange_shape party_shape;

#endif
