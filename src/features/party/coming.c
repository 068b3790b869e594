/* Days that come every year: when the next one is, in the calendar of who reads. A birthday of ۱۵
 * مهر is on that day for Persian readers, whatever the Gregorian year makes of it. Called by the
 * client's page; calls lib/locale. */
#include "features/party/party.h"
#include "lib/locale/calendar.h"

bool coming_day(enum calendar_id reader, struct day today, struct str iso, struct coming *out) {
    struct day born, next;
    int years;
    if (!day_of_iso(iso, &born) || !day_annual(reader, born, today, &next, &years)) return false;
    *out = (struct coming){ .day = next,
                            .in_days = (int)(day_number(next) - day_number(today)),
                            .years = years };
    return years != 0; /* the day itself is no anniversary */
}
