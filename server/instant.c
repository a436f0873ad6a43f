/* instant.c - printing moments. */
#include "server/instant.h"

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

/* Every read and every answer prints a moment: digits are put, not formatted. */
static void put_number(char *out, int number, int digits)
{
    for (int i = digits - 1; i >= 0; i--, number /= 10)
        out[i] = (char)('0' + number % 10);
}

void instant_write(char *out, int64_t us)
{
    int milliseconds;
    struct tm t = split(us, &milliseconds);
    memcpy(out, "0000-00-00T00:00:00.000Z", INSTANT_LENGTH);
    put_number(out, t.tm_year + 1900, 4);
    put_number(out + 5, t.tm_mon + 1, 2);
    put_number(out + 8, t.tm_mday, 2);
    put_number(out + 11, t.tm_hour, 2);
    put_number(out + 14, t.tm_min, 2);
    put_number(out + 17, t.tm_sec, 2);
    put_number(out + 20, milliseconds, 3);
}

struct str instant_print(int64_t us, struct arena *arena)
{
    char text[INSTANT_LENGTH];
    instant_write(text, us);
    return str_copy(arena, (struct str){ text, INSTANT_LENGTH });
}

struct str instant_print_http(int64_t us, struct arena *arena)
{
    static const char DAYS[] = "SunMonTueWedThuFriSat";
    static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char text[] = "Sun, 00 Jan 0000 00:00:00 GMT";
    int milliseconds;
    struct tm t = split(us, &milliseconds);
    memcpy(text, DAYS + 3 * t.tm_wday, 3);
    memcpy(text + 8, MONTHS + 3 * t.tm_mon, 3);
    put_number(text + 5, t.tm_mday, 2);
    put_number(text + 12, t.tm_year + 1900, 4);
    put_number(text + 17, t.tm_hour, 2);
    put_number(text + 20, t.tm_min, 2);
    put_number(text + 23, t.tm_sec, 2);
    return str_copy(arena, (struct str){ text, sizeof text - 1 });
}
