/* Days that come every year: when the next one is, in the calendar of who reads. A birthday of ۱۵
 * مهر is on that day for Persian readers, whatever the Gregorian year makes of it. Called by the
 * client's page. */
#include "features/party/party.h"
#include "lib/locale/calendar.h"

/* A partial date is kept through the Persian year 1405 (date.h), from 21 March 2026 on. */
static struct day with_some_year(struct day d) {
    if (d.year == 0) d.year = d.month > 3 || (d.month == 3 && d.day >= 21) ? 2026 : 2027;
    return d;
}

static struct day in_year(enum calendar_id cal, int32_t year, struct day d) {
    struct day out = { 0 };
    int last = month_days(cal, year, d.month);
    struct day wanted = { year, d.month, d.day > last ? last : d.day };
    return day_from(cal, wanted, &out) ? out : (struct day){ 0 };
}

bool coming_day(enum calendar_id reader, struct day today, struct str iso, struct coming *out) {
    struct day day;
    if (!day_of_iso(iso, &day)) return false;
    enum calendar_id cal = reader == CAL_PERSIAN ? CAL_PERSIAN : CAL_GREGORIAN;
    bool leap = cal == CAL_GREGORIAN && day.year == 0; /* 29 February exists without its year */
    struct day theirs = leap ? day : day_in(cal, with_some_year(day), NULL);
    struct day now = day_in(cal, today, NULL);
    struct day next = in_year(cal, now.year, theirs);
    int32_t year = now.year;
    if (next.year && day_number(next) < day_number(today)) next = in_year(cal, ++year, theirs);
    if (!next.year) return false;
    *out = (struct coming){ .day = next,
                            .in_days = (int)(day_number(next) - day_number(today)),
                            .years = day.year ? year - theirs.year : -1 };
    return out->years != 0 || day.year == 0; /* the day itself is no anniversary */
}
