/* source.c - contained, Bundle, definitions, library: in this order. */
#include "profiles/validator/questionnaire/source.h"

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/reference.h"

static bool is_questionnaire(const cJSON *resource)
{
    return str_is(json_get_text(resource, "resourceType"), "Questionnaire");
}

/* The Questionnaires of a Bundle by url, and by url|version. */
static const struct map *bundle_index(struct run *run, struct bundle *bundle)
{
    if (bundle->questionnaires)
        return bundle->questionnaires;
    struct map *map = arena_alloc(run->kept, sizeof *map);
    map_init(map, run->kept);
    const cJSON *entry = questions_list(bundle->node->value, "entry");
    for (; entry; entry = entry->next) {
        cJSON *resource = json_get(entry, "resource");
        struct str url = json_get_text(resource, "url"),
                   version = json_get_text(resource, "version");
        if (!is_questionnaire(resource) || !url.len)
            continue;
        if (!map_find(map, url))
            map_set(map, url, resource);
        if (version.len)
            map_set(map, str_print(run->kept, STR_FMT "|" STR_FMT, STR_ARG(url), STR_ARG(version)),
                    resource);
    }
    bundle->questionnaires = map;
    return map;
}

static const cJSON *find_in_bundles(struct run *run, struct str canonical)
{
    for (struct bundle *bundle = run->bundle; bundle; bundle = bundle->outer) {
        const cJSON *found = map_find(bundle_index(run, bundle), canonical);
        if (found)
            return found;
    }
    return NULL;
}

static const cJSON *find_defined(struct run *run, struct str type, struct str canonical)
{
    struct str text;
    if (!definitions_resource(run->validator->definitions, type, canonical, run->kept, &text))
        return NULL;
    struct issues ignored;
    issues_init(&ignored, run->kept, STR(""));
    return json_parse(text, run->kept, &ignored);
}

static const cJSON *find_in_library(struct run *run, struct str canonical)
{
    const struct validation_library *library = run->request->library;
    return library ? library->find(library->context, STR("Questionnaire"), canonical, run->kept)
                   : NULL;
}

static const cJSON *find_anywhere(struct run *run, struct str canonical)
{
    const cJSON *found = find_in_bundles(run, canonical);
    if (!found)
        found = find_defined(run, STR("Questionnaire"), canonical);
    return found ? found : find_in_library(run, canonical);
}

/* Also what was not found is not looked for again: it has no Questionnaire. */
static struct questions *read_or_note(struct run *run, const cJSON *found, struct str canonical)
{
    if (found)
        return questions_read(found, found, canonical, run->kept);
    struct questions *nothing = arena_alloc(run->kept, sizeof *nothing);
    nothing->canonical = str_copy(run->kept, canonical);
    return nothing;
}

/* A canonical that says another type, and such a resource is here. */
static struct str other_type(struct run *run, const cJSON *target, struct str canonical)
{
    if (target)
        return json_get_text(target, "resourceType");
    struct str type = reference_parse(reference_parse_canonical(canonical).url).type, text;
    bool is_here = type.len && definitions_resource(run->validator->definitions, type, canonical,
                                                    run->scratch, &text);
    return is_here ? type : STR("");
}

const struct questions *source_find(struct run *run, const struct node *response,
                                    struct str canonical, struct str *other)
{
    *other = STR("");
    if (canonical.data[0] == '#') {
        const cJSON *target = validator_reference_target(run, canonical, response);
        if (is_questionnaire(target))
            return questions_read(target, run->frame->root->value, canonical, run->kept);
        *other = other_type(run, target, canonical);
        return NULL;
    }
    if (!run->questionnaires.arena)
        map_init(&run->questionnaires, run->kept);
    struct questions *known = map_find(&run->questionnaires, canonical);
    if (!known) {
        known = read_or_note(run, find_anywhere(run, canonical), canonical);
        map_set(&run->questionnaires, known->canonical, known);
    }
    if (known->questionnaire)
        return known;
    *other = other_type(run, NULL, canonical);
    return NULL;
}
