/* Time zones, read from the system's TZif files (RFC 8536), never from ICU's own older copy.
 * A zone is immutable once read: any thread may use it as long as its struct zones lives. */
#ifndef ZONE_H
#define ZONE_H
#include "lib/locale/calendar.h"

struct zone;  /* as in struct locale; NULL means UTC everywhere below */
struct zones; /* the zones read so far; one a program, with its own lock */

struct zones *zones_new(const char *dir); /* NULL: /usr/share/zoneinfo */
void zones_free(struct zones *zones);     /* and every zone that zone_get gave */

/* The zone of that name ("Asia/Tehran"), read at first use. NULL for names that are unknown,
 * malformed
 * ("../x", "/etc/x", "right/…") or whose file is damaged. Thread-safe. */
const struct zone *zone_get(struct zones *zones, struct str name);
struct str zone_name(const struct zone *zone); /* "UTC" for NULL */

/* Seconds east of Greenwich at that instant; beyond the file's table by its rule for the future. */
int zone_offset_s(const struct zone *zone, int64_t ms);

struct local_time {
    struct day day; /* Gregorian */
    int hour, minute, second;
    int offset_s;
};
struct local_time zone_local(const struct zone *zone, int64_t ms);
/* The instant of a wall-clock time; the first one if it comes twice, and moved forward by the
 * length of the jump if clocks skip it. zone_ms(zone, day, 0) is where a day begins. */
int64_t zone_ms(const struct zone *zone, struct day day, int second_of_day);

/* Names for a choice, sorted, from the system's zone.tab and zone1970.tab, with "UTC"; in the
 * arena. */
struct strs zone_names(const struct zones *zones, struct arena *a);
/* The first zone that zone.tab lists for a country ("IR"): a proposal for the welcome page. NO_STR
 * if there is none. */
struct str zone_of_country(const struct zones *zones, struct arena *a, const char *country);

#endif
