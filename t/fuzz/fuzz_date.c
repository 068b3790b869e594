/* Typed dates: any bytes, any reader. What is accepted exists, and is read back when it is shown.
 */
#include "lib/locale/date.h"
#include "lib/locale/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char countries[][3] = { "IR", "FR", "MA", "US" };
    if (size < 1 || size > 200) return 0;
    struct arena *a = arena_new();
    struct locale loc = { .lang = (enum lang)(data[0] % (LANG_N + 1)),
                          .calendar = (enum calendar_id)(data[0] / 5 % CALENDAR_N),
                          .digits = (enum digits)(data[0] / 15 % DIGITS_N),
                          .now_ms = INT64_C(1795262400000) };
    memcpy(loc.country, countries[data[0] >> 6], 3);
    struct str typed = { (const char *)data + 1, size - 1 };
    struct day day = { 0 }, back = { 0 }, same = { 0 };
    struct date_problem why;
    if (date_parse(a, &loc, typed, &day, &why)) {
        if (!day_valid(day)) BUG("no such day");
        struct str shown = date_show(a, &loc, day, DATE_LONG);
        /* Two-digit years and named calendars aside, a long form says all that was meant. */
        if (!date_parse(a, &loc, shown, &back, NULL) || !day_eq(day, back))
            BUG("«%.*s» became «%.*s»", SF(typed), SF(shown));
        date_echo(a, &loc, day);
    } else if (!why.msgid) {
        BUG("refused without a reason");
    }
    if (date_parse_partial(a, &loc, typed, &day, &why)) {
        struct str iso = day_iso(a, day);
        if (!day_of_iso(iso, &same) || !day_eq(day, same)) BUG("«%.*s»", SF(iso));
        date_show(a, &loc, day, DATE_SHORT);
    }
    if (day_of_iso(typed, &day) && !str_eq(day_iso(a, day), typed)) BUG("ISO");
    arena_free(a);
    return 0;
}
