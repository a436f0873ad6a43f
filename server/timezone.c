/* timezone.c - asking the C library, day by day, when a zone's offset changes. */
#include "server/timezone.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "resources/base/arena.h"

enum { STEP = 86400, MOST_CHANGES = 512 };
static const time_t LAST = INT64_C(4102444800); /* 2100-01-01T00:00:00Z */

static int offset_at(time_t moment)
{
    struct tm parts;
    localtime_r(&moment, &parts);
    return (int)parts.tm_gmtoff;
}

/* The first second at which the offset is no longer that of `low`. */
static time_t find_change(time_t low, time_t high)
{
    int before = offset_at(low);
    while (high - low > 1) {
        time_t middle = low + (high - low) / 2;
        if (offset_at(middle) == before)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static size_t collect(struct program_zone *zone)
{
    size_t count = 0;
    zone[count++] = (struct program_zone){ INT64_MIN, offset_at(0) };
    for (time_t at = 0; at < LAST && count < MOST_CHANGES; at += STEP) {
        if (offset_at(at + STEP) == offset_at(at))
            continue;
        time_t change = find_change(at, at + STEP);
        zone[count++] = (struct program_zone){ (int64_t)change * 1000000, offset_at(change) };
    }
    return count;
}

/* An unknown TZ is UTC to the C library, without a word: so the file is looked for first. */
static bool is_known(struct str name)
{
    char path[256];
    if (!name.len || name.data[0] == '/' || name.data[0] == '.' ||
        str_find_str(name, STR(".."), 0) < name.len)
        return false;
    int length = snprintf(path, sizeof path, "/usr/share/zoneinfo/" STR_FMT, STR_ARG(name));
    return length > 0 && (size_t)length < sizeof path && access(path, R_OK) == 0;
}

const struct program_zone *timezone_read(struct str name, size_t *count, struct arena *arena)
{
    if (!is_known(name))
        return NULL;
    const char *before = getenv("TZ");
    char *kept = before ? str_cstr(arena, str_of(before)) : NULL;
    struct program_zone *zone = arena_array(arena, MOST_CHANGES, sizeof *zone);
    setenv("TZ", str_cstr(arena, name), 1);
    tzset();
    *count = collect(zone);
    if (kept)
        setenv("TZ", kept, 1);
    else
        unsetenv("TZ");
    tzset();
    return zone;
}
