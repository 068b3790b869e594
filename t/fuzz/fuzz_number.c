/* Typed amounts and whole numbers: any bytes, any locale. What is accepted must survive being
 * shown. */
#include "lib/locale/currency.h"
#include "lib/locale/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const currencies[] = { "EUR", "IRR", "KWD", "TND", NULL };
    static const char countries[][3] = { "IR", "FR", "MA", "US" };
    if (size < 1 || size > 400) return 0;
    struct arena *a = arena_new();
    struct locale loc = { .lang = (enum lang)(data[0] % (LANG_N + 1)),
                          .digits = (enum digits)(data[0] / 5 % DIGITS_N) };
    memcpy(loc.country, countries[data[0] >> 6], 3);
    const char *currency = currencies[data[0] / 16 % 5];
    int exponent = currency ? currency_exponent(currency) : data[0] % 7;
    struct str typed = { (const char *)data + 1, size - 1 };
    struct number_problem why;
    int64_t minor, again;
    if (amount_parse(a, &loc, currency, exponent, typed, &minor, &why)) {
        struct str shown = decimal_show(a, &loc, minor, exponent);
        if (!amount_parse(a, &loc, currency, exponent, shown, &again, NULL) || again != minor)
            BUG("«%.*s» became «%.*s»", SF(typed), SF(shown));
    } else if (!why.msgid) {
        BUG("refused without a reason");
    }
    if (int_parse(typed, &minor)) {
        struct str shown = number_show_plain(a, &loc, minor);
        if (!int_parse(shown, &again) || again != minor) BUG("«%.*s»", SF(shown));
    }
    arena_free(a);
    return 0;
}
