/* Periods as days of the firm, and numbers as whole ones: what a question means before anything is
 * looked up. Called by the other run files; calls lib/locale. */
#include "core/ask/run_in.h"
#include "core/measure/measure.h"
#include "lib/locale/currency.h"
#include "lib/locale/date.h"
#include "lib/locale/zone.h"

/* --- periods --- */

static struct day unit_start(struct ctx *c, enum ask_unit unit, enum calendar_id cal,
                             struct day day) {
    if (unit == ASK_DAY) return day;
    if (unit == ASK_WEEK) {
        int first = c->firm.first_weekday ? c->firm.first_weekday : 1;
        return day_of_number(day_number(day) - (weekday(day) - first + 7) % 7);
    }
    struct day in = day_in(cal, day, NULL), out = day;
    in.day = 1;
    if (unit == ASK_QUARTER) in.month -= (in.month - 1) % 3;
    if (unit == ASK_YEAR) in.month = 1;
    return day_from(cal, in, &out) ? out : day;
}

static struct day unit_add(enum ask_unit unit, enum calendar_id cal, struct day start, int n) {
    switch (unit) {
    case ASK_DAY: return day_of_number(day_number(start) + n);
    case ASK_WEEK: return day_of_number(day_number(start) + 7 * (int64_t)n);
    case ASK_MONTH: return day_add_months(cal, start, n);
    case ASK_QUARTER: return day_add_months(cal, start, 3 * n);
    case ASK_YEAR: return day_add_months(cal, start, 12 * n);
    }
    return start;
}

static int64_t iso_number(struct str iso, int64_t standard) {
    struct day day;
    return day_of_iso(iso, &day) && day.year ? day_number(day) : standard;
}

static int within_calendar(int64_t day) {
    if (day < MEASURE_DAY_MIN) return MEASURE_DAY_MIN;
    return day > MEASURE_DAY_MAX + 1 ? MEASURE_DAY_MAX + 1 : (int)day;
}

void ask_days(struct ctx *c, const struct ask_period *p, enum calendar_id cal, int *from,
              int *until) {
    struct day today = zone_local(c->firm.clock, c->now_ms).day;
    struct day start = unit_start(c, p->unit, cal, today);
    int64_t a = MEASURE_DAY_MIN, b = MEASURE_DAY_MAX + 1;
    switch (p->when) {
    case ASK_EVER: break;
    case ASK_LAST:
        a = day_number(unit_add(p->unit, cal, start, 1 - p->n));
        b = day_number(unit_add(p->unit, cal, start, 1));
        break;
    case ASK_NEXT:
        a = day_number(start);
        b = day_number(unit_add(p->unit, cal, start, p->n));
        break;
    case ASK_THIS:
        a = day_number(start);
        b = day_number(unit_add(p->unit, cal, start, 1));
        break;
    case ASK_PREVIOUS:
        a = day_number(unit_add(p->unit, cal, start, -1));
        b = day_number(start);
        break;
    case ASK_FOLLOWING:
        a = day_number(unit_add(p->unit, cal, start, 1));
        b = day_number(unit_add(p->unit, cal, start, 2));
        break;
    case ASK_RANGE:
        a = iso_number(p->from, a);
        b = iso_number(p->until, b - 1) + 1;
        break;
    case ASK_BEFORE: b = iso_number(p->until, b); break;
    case ASK_AFTER: a = iso_number(p->from, a - 1) + 1; break;
    }
    *from = within_calendar(a);
    *until = within_calendar(b);
    if (*until < *from) *until = *from;
}

struct str run_iso(struct arena *a, int day) {
    if (day > MEASURE_DAY_MAX) return S(":");
    return day <= MEASURE_DAY_MIN ? S("0") : day_iso(a, day_of_number(day));
}

int64_t run_ms(struct ctx *c, int day) {
    if (day > MEASURE_DAY_MAX) return INT64_MAX;
    return day <= MEASURE_DAY_MIN ? INT64_MIN : zone_ms(c->firm.clock, day_of_number(day), 0);
}

/* --- numbers --- */

/* The greatest whole number of 10^-decimals that is not above s. Beyond 64 bits: their ends. */
static int64_t scaled_floor(struct str s, int decimals, bool *exact) {
    bool minus = str_starts(s, S("-")), point = false;
    uint64_t u = 0;
    int behind = 0;
    *exact = true;
    for (size_t i = minus; i < s.n; i++) {
        if (s.p[i] == '.') {
            point = true;
            continue;
        }
        int digit = s.p[i] - '0';
        if (point && behind == decimals) {
            *exact = *exact && digit == 0;
            continue;
        }
        behind += point;
        u = u > (uint64_t)INT64_MAX / 20 ? (uint64_t)INT64_MAX : u * 10 + (uint64_t)digit;
    }
    for (; behind < decimals; behind++)
        u = u > (uint64_t)INT64_MAX / 20 ? (uint64_t)INT64_MAX : u * 10;
    int64_t v = minus ? -(int64_t)u : (int64_t)u;
    return minus && !*exact ? v - 1 : v;
}

void run_bounds(const struct ask_node *n, int decimals, int64_t *low, int64_t *high) {
    bool exact, exact2;
    int64_t x = scaled_floor(n->number, decimals, &exact);
    *low = -INT64_MAX;
    *high = INT64_MAX;
    switch (n->op) {
    case ASK_OVER: *low = x == INT64_MAX ? x : x + 1; break;
    case ASK_AT_LEAST: *low = exact || x == INT64_MAX ? x : x + 1; break;
    case ASK_UNDER: *high = exact ? x - 1 : x; break;
    case ASK_AT_MOST: *high = x; break;
    case ASK_BETWEEN:
        *low = exact || x == INT64_MAX ? x : x + 1;
        *high = scaled_floor(n->number2, decimals, &exact2);
        break;
    default: *low = exact ? x : 1; *high = exact ? x : 0;
    }
}

int run_decimals(const struct ctx *c, const struct field *f) {
    if (f->kind == &kind_number) return f->decimals;
    if (f->kind != &kind_money) return 0;
    const struct currency *known =
        currency_get(f->currency ? str_of(f->currency) : c->firm.currency);
    return known ? known->exponent : 2;
}
