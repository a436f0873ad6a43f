/* translate.c - ConceptMap/$translate (R4 conceptmap-operation-translate.html). */
#include "resources/fhir/definitions/heads.h"
#include "server/operations/subject.h"

/* Matches of an answer; maps that refer to maps, in depth and in all. */
enum { MOST_MATCHES = 1000, MOST_MAP_DEPTH = 8, MOST_OTHER_MAPS = 100 };

struct translate {
    struct interaction *interaction;
    const cJSON *asked;
    const struct subject_codings *codings;
    struct str source, target, target_system;
    bool is_reverse;
    cJSON *matches; /* a Parameters whose parameters are the matches */
    size_t count;
    bool has_good, has_map;
    int depth, others;
};

/* What is said from left to right, said from right to left. */
static struct str turn(struct str equivalence)
{
    static const struct {
        const char *from, *to;
    } PAIRS[] = { { "wider", "narrower" },
                  { "narrower", "wider" },
                  { "subsumes", "specializes" },
                  { "specializes", "subsumes" } };
    for (size_t i = 0; i < COUNT(PAIRS); i++)
        if (str_is(equivalence, PAIRS[i].from))
            return str_of(PAIRS[i].to);
    return equivalence;
}

static bool add_match(struct translate *translate, struct str equivalence, cJSON *coding,
                      const cJSON *products, struct str map)
{
    struct interaction *with = translate->interaction;
    if (translate->count++ == MOST_MATCHES)
        return issue_add(&with->issues, NULL, ISSUE_TOO_COSTLY, "there are more than %d matches",
                         MOST_MATCHES);
    cJSON *match = operation_add_parts(with, translate->matches, "match");
    translate->has_good |= !str_is(equivalence, "unmatched") && !str_is(equivalence, "disjoint");
    operation_add_text(with, match, "equivalence", "valueCode", equivalence);
    if (coding)
        operation_add(with, match, "concept", "valueCoding", coding);
    for (const cJSON *one = products ? products->child : NULL; one; one = one->next) {
        cJSON *product = operation_add_parts(with, match, "product");
        cJSON *concept = json_new_object(with->arena);
        const char *const KEYS[][2] = { { "system", "system" },
                                        { "code", "value" },
                                        { "display", "display" } };
        operation_add_text(with, product, "element", "valueUri", json_get_text(one, "property"));
        for (size_t i = 0; i < COUNT(KEYS); i++)
            if (json_get(one, KEYS[i][1]))
                json_set(with->arena, concept, KEYS[i][0],
                         json_copy(with->arena, json_get(one, KEYS[i][1])));
        operation_add(with, product, "concept", "valueCoding", concept);
    }
    operation_add_text(with, match, "source", "valueUri", map);
    return true;
}

static cJSON *new_coding(struct translate *translate, struct str system, struct str version,
                         const cJSON *item)
{
    struct arena *arena = translate->interaction->arena;
    const struct {
        const char *key;
        struct str text;
    } TEXTS[] = { { "system", system },
                  { "version", version },
                  { "code", json_get_text(item, "code") },
                  { "display", json_get_text(item, "display") } };
    cJSON *coding = json_new_object(arena);
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        if (TEXTS[i].text.len)
            json_set(arena, coding, TEXTS[i].key, json_new_string(arena, TEXTS[i].text));
    return coding;
}

static bool wants_system(const struct translate *translate, struct str system)
{
    return !translate->target_system.len || str_equal(translate->target_system, system);
}

/* A code of the group's source, to each of its targets. */
static bool follow(struct translate *translate, const cJSON *group, const cJSON *element,
                   struct str map)
{
    const cJSON *targets = json_get(element, "target");
    struct str system = json_get_text(group, "target");
    for (const cJSON *one = targets ? targets->child : NULL; one; one = one->next) {
        cJSON *coding =
            json_get(one, "code")
                ? new_coding(translate, system, json_get_text(group, "targetVersion"), one)
                : NULL;
        if (!add_match(translate, json_get_text(one, "equivalence"), coding,
                       json_get(one, "product"), map))
            return false;
    }
    return true;
}

static bool follow_back(struct translate *translate, const cJSON *group, const cJSON *element,
                        struct str code, struct str map)
{
    const cJSON *targets = json_get(element, "target");
    struct str system = json_get_text(group, "source");
    for (const cJSON *one = targets ? targets->child : NULL; one; one = one->next)
        if (str_equal(json_get_text(one, "code"), code) &&
            !add_match(
                translate, turn(json_get_text(one, "equivalence")),
                new_coding(translate, system, json_get_text(group, "sourceVersion"), element), NULL,
                map))
            return false;
    return true;
}

static bool use_map(struct translate *translate, const cJSON *map,
                    const struct subject_coding *coding);

/* What the group does with a code that it does not list. */
static bool use_unmapped(struct translate *translate, const cJSON *group,
                         const struct subject_coding *coding, struct str map)
{
    struct arena *arena = translate->interaction->arena;
    const cJSON *unmapped = json_get(group, "unmapped");
    struct str mode = json_get_text(unmapped, "mode"), system = json_get_text(group, "target"),
               text;
    if (str_is(mode, "provided")) {
        cJSON *same = json_new_object(arena);
        json_set(arena, same, "code", json_new_string(arena, coding->coding.code));
        return add_match(
            translate, STR("equal"),
            new_coding(translate, system.len ? system : coding->coding.system, STR(""), same), NULL,
            map);
    }
    if (str_is(mode, "fixed"))
        return add_match(translate, STR("inexact"),
                         new_coding(translate, system, STR(""), unmapped), NULL, map);
    if (!str_is(mode, "other-map") || translate->depth >= MOST_MAP_DEPTH ||
        translate->others++ >= MOST_OTHER_MAPS ||
        !definitions_resource(translate->interaction->service->definitions, STR("ConceptMap"),
                              json_get_text(unmapped, "url"), arena, &text))
        return true;
    const cJSON *other = json_parse(text, arena, &translate->interaction->issues);
    translate->depth++;
    bool is_good = other && use_map(translate, other, coding);
    translate->depth--;
    return is_good;
}

static bool use_group(struct translate *translate, const cJSON *group,
                      const struct subject_coding *coding, struct str map)
{
    struct str from = json_get_text(group, translate->is_reverse ? "target" : "source");
    struct str to = json_get_text(group, translate->is_reverse ? "source" : "target");
    struct str system = coding->coding.system, code = coding->coding.code;
    bool is_listed = false;
    if ((system.len && from.len && !str_equal(system, from)) || !wants_system(translate, to))
        return true;
    const cJSON *elements = json_get(group, "element");
    for (const cJSON *one = elements ? elements->child : NULL; one; one = one->next) {
        bool is_it = str_equal(json_get_text(one, "code"), code);
        is_listed |= is_it;
        if (translate->is_reverse ? !follow_back(translate, group, one, code, map)
                                  : is_it && !follow(translate, group, one, map))
            return false;
    }
    return is_listed || translate->is_reverse || use_unmapped(translate, group, coding, map);
}

static bool use_map(struct translate *translate, const cJSON *map,
                    const struct subject_coding *coding)
{
    const cJSON *groups = json_get(map, "group");
    struct str url = json_get_text(map, "url");
    for (const cJSON *one = groups ? groups->child : NULL; one; one = one->next)
        if (!use_group(translate, one, coding, url))
            return false;
    return true;
}

static bool use_all_codings(struct translate *translate, const cJSON *map)
{
    translate->has_map = true;
    for (size_t i = 0; i < translate->codings->count; i++)
        if (!use_map(translate, map, &translate->codings->items[i]))
            return false;
    return true;
}

static bool fits(struct str asked, const cJSON *map, const char *uri, const char *canonical)
{
    struct str has = json_get_text(map, canonical);
    has = has.len ? has : json_get_text(map, uri);
    struct str url = str_cut(&has, '|');
    return !asked.len || str_equal(url, asked);
}

/* Without a map named, every loaded one that fits source and target. */
static bool use_loaded(struct translate *translate)
{
    struct interaction *with = translate->interaction;
    struct definitions *definitions = with->service->definitions;
    size_t count;
    const struct definition_head *heads =
        definitions_heads(definitions, STR("ConceptMap"), STR(""), STR(""), with->arena, &count);
    for (size_t i = 0; i < count; i++) {
        struct str text;
        const cJSON *map = definitions_head_text(&heads[i], with->arena, &text)
                               ? json_parse(text, with->arena, &with->issues)
                               : NULL;
        if (map && fits(translate->source, map, "sourceUri", "sourceCanonical") &&
            fits(translate->target, map, "targetUri", "targetCanonical") &&
            !use_all_codings(translate, map))
            return false;
    }
    return true;
}

static bool print(struct translate *translate)
{
    struct interaction *with = translate->interaction;
    cJSON *answer = operation_new_parameters(with);
    operation_add_bool(with, answer, "result", translate->has_good);
    if (!translate->has_map)
        operation_add_text(with, answer, "message", "valueString",
                           STR("no concept map between these value sets is here"));
    else if (!translate->has_good)
        operation_add_text(with, answer, "message", "valueString", STR("there is no translation"));
    cJSON *list = json_remove(translate->matches, "parameter");
    for (cJSON *one = list ? list->child : NULL; one; one = list->child) {
        json_unlink(list, one);
        json_add(json_get(answer, "parameter"), one);
    }
    return operation_answer(with, answer);
}

bool operations_translate(struct interaction *interaction)
{
    static const struct subject_names NAMES = { "ConceptMap", "conceptMap", "url",
                                                "conceptMapVersion" };
    struct subject subject;
    struct subject_codings codings;
    struct translate translate = { .interaction = interaction, .codings = &codings };
    translate.asked = operation_inputs(interaction);
    if (!translate.asked ||
        !subject_codings(interaction, translate.asked, "system", "version", &codings) ||
        !operation_flag(interaction, translate.asked, "reverse", &translate.is_reverse) ||
        !subject_find(interaction, translate.asked, &NAMES, &subject))
        return false;
    translate.source = operation_text(translate.asked, "source");
    translate.target = operation_text(translate.asked, "target");
    translate.target_system = operation_text(translate.asked, "targetsystem");
    translate.matches = operation_new_parameters(interaction);
    bool is_done =
        subject.resource ? use_all_codings(&translate, subject.resource) : use_loaded(&translate);
    return is_done && print(&translate);
}
