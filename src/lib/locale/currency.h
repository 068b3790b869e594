/* What is known of each ISO 4217 currency: how many decimals are stored, in law, and shown.
 * Source: ISO 4217 for the law, CLDR for what people see, localisation.md 3.2 for the rial. */
#ifndef CURRENCY_H
#define CURRENCY_H
#include "lib/base/str.h"

struct currency {
    char code[4];
    signed char exponent; /* of the minor units that we store: 12.34 EUR is 1234 with 2 */
    signed char iso;   /* of ISO 4217, for bank files and e-invoices; differs for IRR alone (2) */
    signed char shown; /* decimals people expect to see: 0 for IRR, LBP… */
};

/* By its code in capitals; NULL if there is no such currency in use. */
const struct currency *currency_get(struct str code);
/* Minor units that we store have this many decimals (0 to 4); -1 for an unknown code. */
int currency_exponent(const char *code);
/* All of them in order of code, for a choice. */
const struct currency *currency_list(int *n);

#endif
