/* library.c - a map of StructureDefinitions by url and by url|version. */
#include "profiles/snapshot/library.h"

#include "resources/base/arena.h"
#include "resources/base/map.h"
#include "resources/fhir/json/json.h"

struct snapshot_library_set {
    struct arena *arena;
    struct map profiles;
};

struct snapshot_library_set *snapshot_library_open(struct arena *arena)
{
    struct snapshot_library_set *set = arena_alloc(arena, sizeof *set);
    set->arena = arena;
    map_init(&set->profiles, arena);
    return set;
}

/* The map takes what it does not change as if it could. */
struct kept {
    const cJSON *profile;
};

static void keep(struct snapshot_library_set *set, struct str canonical, struct kept *kept)
{
    if (!map_find(&set->profiles, canonical))
        map_set(&set->profiles, canonical, kept);
}

static void add_profile(struct snapshot_library_set *set, const cJSON *profile)
{
    struct str url = json_get_text(profile, "url"), version = json_get_text(profile, "version");
    if (!url.len)
        return;
    struct kept *kept = arena_alloc(set->arena, sizeof *kept);
    kept->profile = json_copy(set->arena, profile);
    keep(set, str_copy(set->arena, url), kept);
    if (version.len)
        keep(set, str_print(set->arena, STR_FMT "|" STR_FMT, STR_ARG(url), STR_ARG(version)), kept);
}

void snapshot_library_add(struct snapshot_library_set *set, const cJSON *resource)
{
    struct str type = json_get_text(resource, "resourceType");
    if (str_is(type, "StructureDefinition"))
        add_profile(set, resource);
    const cJSON *entries = str_is(type, "Bundle") ? json_get(resource, "entry") : NULL;
    for (const cJSON *entry = entries ? entries->child : NULL; entry; entry = entry->next) {
        const cJSON *inside = json_get(entry, "resource");
        if (str_is(json_get_text(inside, "resourceType"), "StructureDefinition"))
            add_profile(set, inside);
    }
}

static const cJSON *find(void *context, struct str canonical)
{
    const struct snapshot_library_set *set = context;
    const struct kept *kept = map_find(&set->profiles, canonical);
    return kept ? kept->profile : NULL;
}

struct snapshot_library snapshot_library_of(struct snapshot_library_set *set)
{
    return (struct snapshot_library){ set, find };
}
