/* Time as everybody here counts it: instants are milliseconds since 1970 in UTC. */
#ifndef CLOCK_H
#define CLOCK_H
#include <stdint.h>

int64_t clock_now_ms(void);  /* wall clock */
int64_t clock_mono_us(void); /* for measuring and deadlines: never jumps */

#endif
