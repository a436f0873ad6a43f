/* key.c - reading the guide's issue keys. */
#include "resources/ltss/key.h"

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/ltss/record.h"

static const struct {
    int status;
    enum issue_id id;
} STATUSES[] = { { 400, ISSUE_RULE_INVALID },     { 403, ISSUE_RULE_FORBIDDEN },
                 { 404, ISSUE_RULE_NOT_FOUND },   { 405, ISSUE_DELETE_NOT_ALLOWED },
                 { 409, ISSUE_RULE_CONFLICT },    { 412, ISSUE_VERSION_STALE },
                 { 428, ISSUE_IF_MATCH_REQUIRED } };

static const cJSON *find_property(const cJSON *concept, const char *code)
{
    for (const cJSON *one = record_first(concept, "property"); one; one = one->next)
        if (str_is(json_get_text(one, "code"), code))
            return record_value(one);
    return NULL;
}

static enum issue_type type_of(struct str code)
{
    for (enum issue_type type = TYPE_INVALID; type < TYPE_INFORMATIONAL; type++)
        if (str_is(code, issue_type_code(type)))
            return type;
    return TYPE_BUSINESS_RULE;
}

static struct ltss_key key_of(const cJSON *concept, struct arena *arena)
{
    int status = 422;
    struct ltss_key key = { .code = str_copy(arena, json_get_text(concept, "code")),
                            .text = str_copy(arena, json_get_text(concept, "display")),
                            .id = ISSUE_RULE_BROKEN };
    key.type = type_of(json_text(find_property(concept, "issue-type")));
    key.is_warning = str_is(json_text(find_property(concept, "severity")), "warning");
    str_to_int(&status, json_text(find_property(concept, "http-status")));
    for (size_t i = 0; i < COUNT(STATUSES); i++)
        if (STATUSES[i].status == status)
            key.id = STATUSES[i].id;
    return key;
}

bool ltss_key_read(struct ltss_keys *keys, struct definitions *definitions, struct arena *arena,
                   struct issues *issues)
{
    struct str text, source = issues->source;
    if (!definitions_resource(definitions, STR("CodeSystem"), STR(LTSS_CODES "tandem-issue"), arena,
                              &text))
        return issue_add(issues, NULL, ISSUE_CONFIGURATION,
                         "a program needs the guide, which is not beside the definitions");
    const cJSON *system = json_parse(text, arena, issues);
    issues_read(issues, source);
    const cJSON *concepts = json_get(system, "concept");
    keys->count = 0;
    keys->keys = arena_array(arena, json_count(concepts), sizeof *keys->keys);
    for (const cJSON *one = record_first(system, "concept"); one; one = one->next)
        keys->keys[keys->count++] = key_of(one, arena);
    return system != NULL;
}

const struct ltss_key *ltss_key_find(const struct ltss_keys *keys, struct str code)
{
    for (size_t i = 0; i < keys->count; i++)
        if (str_equal(keys->keys[i].code, code))
            return &keys->keys[i];
    return NULL;
}
