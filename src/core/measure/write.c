/* What a write leaves of its amounts, and where the days of a measure come from. Called by features
 * when a record is saved; calls lib/db. */
#include "core/measure/measure.h"
#include "lib/locale/calendar.h"

SQL(measure_pending_add,
    "INSERT INTO measure_pending (measure, currency, number, day, amount, gone) "
    "VALUES (:measure, :currency, :number, :day, :amount, :gone)");

static int two(struct str s, size_t at) {
    return (s.p[at] - '0') * 10 + (s.p[at + 1] - '0');
}

int measure_day(struct str iso) {
    bool good = iso.n == 10 && iso.p[4] == '-' && iso.p[7] == '-';
    for (size_t i = 0; good && i < 10; i++)
        good = i == 4 || i == 7 || (iso.p[i] >= '0' && iso.p[i] <= '9');
    if (!good) return MEASURE_DAY_MIN - 1;
    struct day d = { two(iso, 0) * 100 + two(iso, 2), two(iso, 5), two(iso, 8) };
    return day_valid(d) ? (int)day_number(d) : MEASURE_DAY_MIN - 1;
}

static enum status leave(struct tx *tx, int measure, const struct measure_row *r, int gone) {
    if (!r || r->day < MEASURE_DAY_MIN || r->day > MEASURE_DAY_MAX) return OK;
    return db_later(tx, &measure_pending_add, P("measure", measure), P("currency", r->currency),
                    P("number", r->party), P("day", r->day), P("amount", r->amount),
                    P("gone", gone));
}

enum status measure_write(struct tx *tx, int measure, const struct measure_row *before,
                          const struct measure_row *after) {
    if (before && after && before->party == after->party && before->amount == after->amount &&
        before->day == after->day && str_eq(before->currency, after->currency))
        return OK;
    TRY(leave(tx, measure, before, 1));
    return leave(tx, measure, after, 0);
}
