/* latest.c - groups that grow together, each with its latest members. */
#include "server/operations/latest.h"

#include <stdlib.h>

#include "resources/base/arena.h"
#include "resources/fhir/types/date.h"

enum { MOST_KEY = 2048, ID_BYTES = 64 };

struct latest_group {
    struct latest_group *into; /* it became a part of this one */
    struct latest_one *first;  /* the latest */
};

void latest_init(struct latest *latest, size_t max, struct arena *arena)
{
    *latest = (struct latest){ .arena = arena, .max = max };
    map_init(&latest->groups, arena);
}

static int64_t time_of(struct str text)
{
    struct date date;
    int64_t low, high;
    if (!text.len || !date_parse(&date, text, DATE_FORM_PARTIAL) || date.is_time)
        return INT64_MIN;
    date_range(&date, &low, &high);
    return low;
}

/* When it began, as a search sorts it; of several moments the last. */
static int64_t when(const cJSON *observation)
{
    const cJSON *period = json_get(observation, "effectivePeriod");
    const cJSON *timing = json_get(json_get(observation, "effectiveTiming"), "event");
    static const char *const TEXTS[] = { "effectiveDateTime", "effectiveInstant" };
    int64_t latest = INT64_MIN;
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        if (json_get(observation, TEXTS[i]))
            return time_of(json_get_text(observation, TEXTS[i]));
    if (period)
        return json_get(period, "start") ? time_of(json_get_text(period, "start"))
                                         : time_of(json_get_text(period, "end"));
    for (const cJSON *event = timing ? timing->child : NULL; event; event = event->next) {
        int64_t at = time_of(json_text(event));
        latest = at > latest ? at : latest;
    }
    return latest;
}

static struct latest_group *root_of(struct latest_group *group)
{
    while (group->into)
        group = group->into;
    return group;
}

static struct latest_one *new_one(struct latest *latest)
{
    struct latest_one *one = latest->free;
    if (!one)
        return arena_alloc(latest->arena, sizeof *one + ID_BYTES);
    latest->free = one->next;
    return one;
}

/* What is later than nothing that has to stay goes. */
static void trim(struct latest *latest, struct latest_group *group)
{
    struct latest_one *last = group->first;
    size_t count = 1;
    while (last && last->next && (count < latest->max || last->next->at_us == last->at_us)) {
        last = last->next;
        count++;
    }
    while (last && last->next) {
        struct latest_one *gone = last->next;
        last->next = gone->next;
        gone->next = latest->free;
        latest->free = gone;
        latest->kept--;
    }
}

static void insert(struct latest_group *group, struct latest_one *one)
{
    struct latest_one **at = &group->first;
    while (*at && (*at)->at_us >= one->at_us)
        at = &(*at)->next;
    one->next = *at;
    *at = one;
}

static struct latest_group *join(struct latest_group *a, struct latest_group *b)
{
    if (!a || a == b)
        return b;
    struct latest_one *next;
    for (struct latest_one *one = b->first; one; one = next) {
        next = one->next;
        insert(a, one);
    }
    b->first = NULL;
    b->into = a;
    return a;
}

/* The group of a key, which is one with `group` from now on. */
static struct latest_group *with_key(struct latest *latest, struct latest_group *group,
                                     struct str key)
{
    struct latest_group *found = map_find(&latest->groups, key);
    if (!found) {
        found = group ? group : arena_alloc(latest->arena, sizeof *found);
        map_set(&latest->groups, str_copy(latest->arena, key), found);
    }
    return join(group, root_of(found));
}

/* A kind letter keeps texts and codes apart; a line feed stands in no system. */
static struct str key_of(char *room, char kind, struct str system, struct str code)
{
    size_t len = 0;
    room[len++] = kind;
    for (size_t i = 0; i < system.len && len < MOST_KEY - 1; i++)
        room[len++] = system.data[i];
    room[len++] = '\n';
    for (size_t i = 0; i < code.len && len < MOST_KEY; i++)
        room[len++] = code.data[i];
    return (struct str){ room, len };
}

static struct latest_group *group_of(struct latest *latest, const cJSON *observation)
{
    const cJSON *code = json_get(observation, "code"), *codings = json_get(code, "coding");
    struct latest_group *group = NULL;
    char room[MOST_KEY + 1];
    for (const cJSON *coding = codings ? codings->child : NULL; coding; coding = coding->next)
        if (json_get(coding, "code"))
            group = with_key(
                latest, group,
                key_of(room, 'c', json_get_text(coding, "system"), json_get_text(coding, "code")));
    return group ? group
                 : with_key(latest, NULL,
                            key_of(room, 't', (struct str){ 0 }, json_get_text(code, "text")));
}

void latest_add(struct latest *latest, const cJSON *observation)
{
    struct latest_group *group = group_of(latest, observation);
    struct latest_one *one = new_one(latest);
    struct str id = json_get_text(observation, "id");
    char *copy = (char *)(one + 1);
    size_t len = id.len < ID_BYTES ? id.len : ID_BYTES;
    memcpy(copy, id.data, len);
    one->at_us = when(observation);
    one->id = (struct str){ copy, len };
    latest->kept++;
    insert(group, one);
    trim(latest, group);
}

static int by_time(const void *a, const void *b)
{
    const struct latest_one *x = a, *y = b;
    if (x->at_us != y->at_us)
        return x->at_us > y->at_us ? -1 : 1;
    return str_compare(x->id, y->id);
}

struct latest_one *latest_list(struct latest *latest, size_t *count)
{
    struct latest_one *all = arena_array(latest->arena, latest->kept, sizeof *all);
    size_t at = 0;
    struct str key;
    void *value;
    *count = 0;
    while (map_next(&latest->groups, &at, &key, &value)) {
        struct latest_group *group = root_of(value);
        for (struct latest_one *one = group->first; one; one = one->next)
            all[(*count)++] = *one;
        group->first = NULL; /* several keys lead to one group */
    }
    qsort(all, *count, sizeof *all, by_time);
    return all;
}
