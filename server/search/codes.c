/* codes.c - systems of value sets. */
#include "server/search/codes.h"

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

void codes_init(struct codes *codes)
{
    pthread_mutex_init(&codes->lock, NULL);
    codes->arena = arena_open();
    map_init(&codes->systems, codes->arena);
}

void codes_done(struct codes *codes)
{
    arena_close(codes->arena);
    pthread_mutex_destroy(&codes->lock);
}

static struct str read_system(struct definitions *definitions, struct str value_set,
                              struct arena *arena)
{
    struct str text, system = { NULL, 0 };
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    if (!definitions_resource(definitions, STR("ValueSet"), value_set, arena, &text))
        return system;
    const cJSON *resource = json_parse(text, arena, &issues);
    const cJSON *includes = json_get(json_get(resource, "compose"), "include");
    for (const cJSON *include = includes ? includes->child : NULL; include;
         include = include->next) {
        struct str one = json_get_text(include, "system");
        if (!one.len || (system.len && !str_equal(one, system)))
            return (struct str){ NULL, 0 };
        system = one;
    }
    return system;
}

struct str codes_system(struct codes *codes, struct definitions *definitions, struct str value_set)
{
    if (!value_set.len)
        return (struct str){ NULL, 0 };
    pthread_mutex_lock(&codes->lock);
    struct str *known = map_find(&codes->systems, value_set);
    pthread_mutex_unlock(&codes->lock);
    if (known)
        return *known;
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct str system = read_system(definitions, value_set, scratch);
    pthread_mutex_lock(&codes->lock);
    known = map_find(&codes->systems, value_set);
    if (!known) {
        known = arena_alloc(codes->arena, sizeof *known);
        *known = str_copy(codes->arena, system);
        map_set(&codes->systems, str_copy(codes->arena, value_set), known);
    }
    pthread_mutex_unlock(&codes->lock);
    return *known;
}
