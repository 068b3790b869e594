/* Numbers as people read and type them: digits of three scripts, separators of the reader, amounts
 * of money in minor units. Own parser, because ICU reads "12,345.6" in Persian as 12.345 without an
 * error. Rules and examples: localisation.md 3.1. Results live in the arena. */
#ifndef NUMBER_H
#define NUMBER_H
#include "lib/locale/catalogue.h"
#include "lib/locale/locale.h"

/* ---- showing ---- */

/* Grouped by thousands: 1,234,567 · 1 234 567 (NNBSP) · ۱٬۲۳۴٬۵۶۷ */
struct str number_show(struct arena *a, const struct locale *loc, int64_t n);
/* Without grouping: years, counters, house numbers. */
struct str number_show_plain(struct arena *a, const struct locale *loc, int64_t n);
/* scaled / 10^decimals with exactly that many decimals (0 to 18): 1234567 with 2 is 12,345.67. */
struct str decimal_show(struct arena *a, const struct locale *loc, int64_t scaled, int decimals);
/* ASCII digits into the reader's, everything else as it is. May return the text itself. */
struct str digits_show(struct arena *a, const struct locale *loc, struct str ascii);

/* ---- reading ---- */

/* Decimal digits of any script into ASCII, everything else as it is. May return the text itself. */
struct str digits_ascii(struct arena *a, struct str text);
/* The value 0-9 of a decimal digit of any script (Unicode Nd), or -1. */
int digit_value(int32_t code_point);

/* Why a typed number is refused. tr_fill(a, tr(lang, msgid), args, args_n) tells the user. */
struct number_problem {
    const char *msgid; /* NULL: nothing wrong */
    struct tr_arg args[2];
    int args_n;
    bool echo; /* accepted, but the mark could have been read otherwise (1.500): show the value back
                */
};

/* The largest amount taken, in minor units either way: sums of many still fit in 64 bits. */
#define AMOUNT_MAX INT64_C(100000000000000000)

/* A typed amount in minor units of 10^-exponent. currency is an ISO code, or NULL for a plain
 * decimal. Takes any digits, the reader's and other people's separators, currency words and signs
 * of that currency, toman for IRR (times 10), words like هزار, میلیون, ألف, million (but not k or
 * M), and -5, −5, 5-, (5). A single . or , before exactly three digits groups (1.500 is 1500,
 * *why->echo set) unless the currency has three decimals or more: then the reader's own mark
 * decides, or it is refused. More decimals than the currency has are refused, never rounded. why
 * may be NULL. */
bool amount_parse(struct arena *a, const struct locale *loc, const char *currency, int exponent,
                  struct str typed, int64_t *minor, struct number_problem *why);

/* A whole number in any digits: spaces and bidi marks ignored, one minus in front, groups of three
 * allowed if ٬ ' or a space parts them. The whole of typed; false if it does not fit in 64 bits. */
bool int_parse(struct str typed, int64_t *out);

#endif
