/* timezone.h - when a time zone's clocks change, by the system's tzdata. */
#ifndef SERVER_TIMEZONE_H
#define SERVER_TIMEZONE_H
#include "resources/ltss/program.h"

/* The changes of a zone such as "America/New_York" until 2100, in order; what held in 1970 holds
 * before. NULL: there is no such zone. Asks the C library by way of TZ, so only for use while the
 * program starts, on its one thread. */
const struct program_zone *timezone_read(struct str name, size_t *count, struct arena *arena);
#endif
