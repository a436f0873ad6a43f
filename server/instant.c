/* instant.c - printing moments. */
#include "server/instant.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "resources/base/arena.h"

static struct tm split(int64_t us, int *milliseconds)
{
    int64_t seconds = us / 1000000, rest = us % 1000000;
    if (rest < 0) {
        rest += 1000000;
        seconds--;
    }
    time_t time_of = (time_t)seconds;
    struct tm parts;
    gmtime_r(&time_of, &parts);
    *milliseconds = (int)(rest / 1000);
    return parts;
}

void instant_write(char *out, int64_t us)
{
    char text[64];
    int milliseconds;
    struct tm t = split(us, &milliseconds);
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", t.tm_year + 1900,
             t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, milliseconds);
    memcpy(out, text, INSTANT_LENGTH);
}

struct str instant_print(int64_t us, struct arena *arena)
{
    char text[INSTANT_LENGTH];
    instant_write(text, us);
    return str_copy(arena, (struct str){ text, INSTANT_LENGTH });
}

struct str instant_print_http(int64_t us, struct arena *arena)
{
    static const char *const DAYS[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char *const MONTHS[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int milliseconds;
    struct tm t = split(us, &milliseconds);
    return str_print(arena, "%s, %02d %s %04d %02d:%02d:%02d GMT", DAYS[t.tm_wday], t.tm_mday,
                     MONTHS[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}
