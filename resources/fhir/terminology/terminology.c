/* terminology.c - opens and closes the terminology of a set of definitions; short questions. */
#include <assert.h>

#include "resources/base/arena.h"
#include "resources/fhir/terminology/inside.h"

pthread_mutex_t *terminology_lock(struct terminology *terminology)
{
    int code = pthread_mutex_lock(&terminology->lock);
    assert(code == 0);
    (void)code;
    return &terminology->lock;
}

void terminology_unlock_at(pthread_mutex_t **lock)
{
    pthread_mutex_unlock(*lock);
}

struct terminology *terminology_open(struct definitions *definitions)
{
    struct arena *arena = arena_open();
    struct terminology *terminology = arena_alloc(arena, sizeof *terminology);
    terminology->arena = arena;
    terminology->definitions = definitions;
    pthread_mutex_init(&terminology->lock, NULL);
    map_init(&terminology->systems, arena);
    map_init(&terminology->value_sets, arena);
    systems_add_all(terminology);
    value_sets_add_all(terminology);
    return terminology;
}

void terminology_close(struct terminology *terminology)
{
    if (!terminology)
        return;
    pthread_mutex_destroy(&terminology->lock);
    arena_close(terminology->arena);
}

bool terminology_has_code(struct terminology *terminology, struct str system, struct str code,
                          bool *is_known)
{
    const struct term_coding coding = { system, STR(""), code };
    enum membership known = terminology_look_up(terminology, &coding).known;
    if (known != MEMBER_UNKNOWN)
        *is_known = known == MEMBER_YES;
    return known != MEMBER_UNKNOWN;
}

struct str terminology_display(struct terminology *terminology, struct str system, struct str code)
{
    const struct term_coding coding = { system, STR(""), code };
    return terminology_look_up(terminology, &coding).display;
}

struct str terminology_code_with(struct terminology *terminology, struct str system,
                                 struct str property, struct str value)
{
    const struct system *found = terminology_system(terminology, system, STR(""));
    return found ? concepts_code_with(&found->concepts, property, value) : (struct str){ "", 0 };
}
