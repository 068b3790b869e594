/* The table of currencies. Called by number.c and by everything that keeps money.
 * IRR is stored in whole rials, since nobody counts dinars; ISO's exponent is beside it.
 * LBP, SYP, YER… keep ISO's two decimals in store and show none, as CLDR does. */
#include "lib/locale/currency.h"

/* code, stored, ISO 4217, shown; in order of code */
static const struct currency currencies[] = {
    { "AED", 2, 2, 2 }, { "AFN", 2, 2, 0 }, { "ALL", 2, 2, 0 }, { "AMD", 2, 2, 2 },
    { "ANG", 2, 2, 2 }, { "AOA", 2, 2, 2 }, { "ARS", 2, 2, 2 }, { "AUD", 2, 2, 2 },
    { "AWG", 2, 2, 2 }, { "AZN", 2, 2, 2 }, { "BAM", 2, 2, 2 }, { "BBD", 2, 2, 2 },
    { "BDT", 2, 2, 2 }, { "BHD", 3, 3, 3 }, { "BIF", 0, 0, 0 }, { "BMD", 2, 2, 2 },
    { "BND", 2, 2, 2 }, { "BOB", 2, 2, 2 }, { "BRL", 2, 2, 2 }, { "BSD", 2, 2, 2 },
    { "BTN", 2, 2, 2 }, { "BWP", 2, 2, 2 }, { "BYN", 2, 2, 2 }, { "BZD", 2, 2, 2 },
    { "CAD", 2, 2, 2 }, { "CDF", 2, 2, 2 }, { "CHF", 2, 2, 2 }, { "CLF", 4, 4, 4 },
    { "CLP", 0, 0, 0 }, { "CNY", 2, 2, 2 }, { "COP", 2, 2, 2 }, { "CRC", 2, 2, 2 },
    { "CUP", 2, 2, 2 }, { "CVE", 2, 2, 2 }, { "CZK", 2, 2, 2 }, { "DJF", 0, 0, 0 },
    { "DKK", 2, 2, 2 }, { "DOP", 2, 2, 2 }, { "DZD", 2, 2, 2 }, { "EGP", 2, 2, 2 },
    { "ERN", 2, 2, 2 }, { "ETB", 2, 2, 2 }, { "EUR", 2, 2, 2 }, { "FJD", 2, 2, 2 },
    { "FKP", 2, 2, 2 }, { "GBP", 2, 2, 2 }, { "GEL", 2, 2, 2 }, { "GHS", 2, 2, 2 },
    { "GIP", 2, 2, 2 }, { "GMD", 2, 2, 2 }, { "GNF", 0, 0, 0 }, { "GTQ", 2, 2, 2 },
    { "GYD", 2, 2, 2 }, { "HKD", 2, 2, 2 }, { "HNL", 2, 2, 2 }, { "HTG", 2, 2, 2 },
    { "HUF", 2, 2, 2 }, { "IDR", 2, 2, 2 }, { "ILS", 2, 2, 2 }, { "INR", 2, 2, 2 },
    { "IQD", 3, 3, 0 }, { "IRR", 0, 2, 0 }, { "ISK", 0, 0, 0 }, { "JMD", 2, 2, 2 },
    { "JOD", 3, 3, 3 }, { "JPY", 0, 0, 0 }, { "KES", 2, 2, 2 }, { "KGS", 2, 2, 2 },
    { "KHR", 2, 2, 2 }, { "KMF", 0, 0, 0 }, { "KPW", 2, 2, 0 }, { "KRW", 0, 0, 0 },
    { "KWD", 3, 3, 3 }, { "KYD", 2, 2, 2 }, { "KZT", 2, 2, 2 }, { "LAK", 2, 2, 0 },
    { "LBP", 2, 2, 0 }, { "LKR", 2, 2, 2 }, { "LRD", 2, 2, 2 }, { "LSL", 2, 2, 2 },
    { "LYD", 3, 3, 3 }, { "MAD", 2, 2, 2 }, { "MDL", 2, 2, 2 }, { "MGA", 2, 2, 0 },
    { "MKD", 2, 2, 2 }, { "MMK", 2, 2, 0 }, { "MNT", 2, 2, 2 }, { "MOP", 2, 2, 2 },
    { "MRU", 2, 2, 2 }, { "MUR", 2, 2, 2 }, { "MVR", 2, 2, 2 }, { "MWK", 2, 2, 2 },
    { "MXN", 2, 2, 2 }, { "MYR", 2, 2, 2 }, { "MZN", 2, 2, 2 }, { "NAD", 2, 2, 2 },
    { "NGN", 2, 2, 2 }, { "NIO", 2, 2, 2 }, { "NOK", 2, 2, 2 }, { "NPR", 2, 2, 2 },
    { "NZD", 2, 2, 2 }, { "OMR", 3, 3, 3 }, { "PAB", 2, 2, 2 }, { "PEN", 2, 2, 2 },
    { "PGK", 2, 2, 2 }, { "PHP", 2, 2, 2 }, { "PKR", 2, 2, 2 }, { "PLN", 2, 2, 2 },
    { "PYG", 0, 0, 0 }, { "QAR", 2, 2, 2 }, { "RON", 2, 2, 2 }, { "RSD", 2, 2, 0 },
    { "RUB", 2, 2, 2 }, { "RWF", 0, 0, 0 }, { "SAR", 2, 2, 2 }, { "SBD", 2, 2, 2 },
    { "SCR", 2, 2, 2 }, { "SDG", 2, 2, 2 }, { "SEK", 2, 2, 2 }, { "SGD", 2, 2, 2 },
    { "SHP", 2, 2, 2 }, { "SLE", 2, 2, 2 }, { "SOS", 2, 2, 0 }, { "SRD", 2, 2, 2 },
    { "SSP", 2, 2, 2 }, { "STN", 2, 2, 2 }, { "SVC", 2, 2, 2 }, { "SYP", 2, 2, 0 },
    { "SZL", 2, 2, 2 }, { "THB", 2, 2, 2 }, { "TJS", 2, 2, 2 }, { "TMT", 2, 2, 2 },
    { "TND", 3, 3, 3 }, { "TOP", 2, 2, 2 }, { "TRY", 2, 2, 2 }, { "TTD", 2, 2, 2 },
    { "TWD", 2, 2, 2 }, { "TZS", 2, 2, 2 }, { "UAH", 2, 2, 2 }, { "UGX", 0, 0, 0 },
    { "USD", 2, 2, 2 }, { "UYU", 2, 2, 2 }, { "UYW", 4, 4, 4 }, { "UZS", 2, 2, 2 },
    { "VED", 2, 2, 2 }, { "VES", 2, 2, 2 }, { "VND", 0, 0, 0 }, { "VUV", 0, 0, 0 },
    { "WST", 2, 2, 2 }, { "XAF", 0, 0, 0 }, { "XCD", 2, 2, 2 }, { "XCG", 2, 2, 2 },
    { "XOF", 0, 0, 0 }, { "XPF", 0, 0, 0 }, { "YER", 2, 2, 0 }, { "ZAR", 2, 2, 2 },
    { "ZMW", 2, 2, 2 }, { "ZWG", 2, 2, 2 },
};
#define CURRENCIES_N (int)(sizeof currencies / sizeof *currencies)

const struct currency *currency_get(struct str code) {
    int low = 0, high = CURRENCIES_N;
    while (low < high) {
        int mid = (low + high) / 2;
        int c = str_cmp(code, str_of(currencies[mid].code));
        if (c == 0) return &currencies[mid];
        if (c < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

int currency_exponent(const char *code) {
    const struct currency *c = currency_get(str_of(code));
    return c ? c->exponent : -1;
}

const struct currency *currency_list(int *n) {
    *n = CURRENCIES_N;
    return currencies;
}
