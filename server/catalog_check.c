/* catalog_check.c - may this definition be posted, and can it be used. */
#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/fhirpath/fhirpath.h"
#include "resources/fhir/json/json.h"
#include "server/catalog.h"
#include "server/packages.h"
#include "server/security/viewer.h"
#include "server/service.h"

bool catalog_may(const struct viewer *viewer, struct str type, const struct place *at,
                 struct issues *issues)
{
    if (!catalog_has_type(type) || viewer->is_tester || viewer->is_server ||
        str_is(viewer->party_role, "admin") || str_is(viewer->party_role, "tester"))
        return true;
    return issue_add(issues, at, ISSUE_ROLE_NOT_PERMITTED,
                     "a " STR_FMT " takes effect for everybody: the roles admin and tester alone "
                     "change it",
                     STR_ARG(type));
}

/* What is being checked; nothing of it outlives the check but its issues. */
struct check {
    const struct service *service;
    const cJSON *resource;
    struct str type, url;
    struct arena *arena;
    struct issues *issues;
};

static struct place place_of(const struct place *in, const char *name, int index, const cJSON *item)
{
    return (struct place){ in, name, NULL, index, item ? json_offset(item) : -1 };
}

/* The two lowest layers are R4 and the guide. */
static bool check_url(const struct check *check, const struct place *root)
{
    struct str ignored;
    struct place at = place_of(root, "url", -1, json_get(check->resource, "url"));
    if (!check->url.len)
        return issue_add(check->issues, root, ISSUE_REQUIRED_MISSING,
                         STR_FMT ".url: without it nothing can refer to the definition",
                         STR_ARG(check->type));
    return !definitions_resource(definitions_lower(catalog_loaded(check->service), 2), check->type,
                                 check->url, check->arena, &ignored) ||
           issue_add(check->issues, &at, ISSUE_DEFINITION_PROTECTED, STR_FMT, STR_ARG(check->url));
}

static bool check_expression(const struct check *check, const cJSON *holder, const struct place *in)
{
    const cJSON *item = json_get(holder, "expression");
    struct issues found;
    if (!item)
        return true;
    issues_init(&found, check->arena, (struct str){ 0 });
    if (fhirpath_parse(json_text(item), check->arena, &found))
        return true;
    struct place at = place_of(in, "expression", -1, item);
    return issue_add(check->issues, &at, ISSUE_DEFINITION_INVALID, STR_FMT,
                     STR_ARG(found.first->diagnostics));
}

static bool check_constraints(const struct check *check, const cJSON *element,
                              const struct place *at)
{
    const cJSON *list = json_get(element, "constraint");
    bool is_good = true;
    int index = 0;
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next, index++) {
        struct place place = place_of(at, "constraint", index, one);
        is_good = check_expression(check, one, &place) && is_good;
    }
    return is_good;
}

static bool check_elements(const struct check *check, const char *part, const struct place *root)
{
    const cJSON *holder = json_get(check->resource, part), *list = json_get(holder, "element");
    struct place above = place_of(root, part, -1, holder);
    bool is_good = true;
    int index = 0;
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next, index++) {
        struct place at = place_of(&above, "element", index, one);
        is_good = check_constraints(check, one, &at) && is_good;
    }
    return is_good;
}

/* Says what compiling found: what made it fail, where it says so. */
static void add_found(const struct check *check, const struct issues *found)
{
    const struct place root = PLACE_ROOT(str_cstr(check->arena, check->type));
    for (const struct issue *one = found->first; one; one = one->next) {
        if (one->id == ISSUE_DEFINITION_LEFT_OUT && found->errors)
            continue; /* it only says again that it failed */
        enum issue_id id = one->id == ISSUE_DEFINITION_LEFT_OUT ? ISSUE_PROFILE_BROKEN : one->id;
        struct issue *issue =
            issue_raise(check->issues, &root, id, STR_FMT, STR_ARG(one->diagnostics));
        if (one->expression.len)
            issue->expression = str_copy(check->issues->arena, one->expression);
    }
}

static struct str canonical_of(const struct check *check)
{
    return str_print(check->arena, STR_FMT "|" STR_FMT, STR_ARG(check->url),
                     STR_ARG(json_get_text(check->resource, "version")));
}

/* Tried on top of what stands: a snapshot that can not be made, a snapshot that is none. */
static bool check_structure(const struct check *check, const struct place *root)
{
    struct issues found;
    issues_init(&found, check->arena, (struct str){ 0 });
    bool is_good = check_elements(check, "differential", root);
    is_good = check_elements(check, "snapshot", root) && is_good;
    struct definitions *tried =
        packages_extend(check->service->definitions, &check->resource, 1, &found);
    const struct structure *made = tried ? definitions_structure(tried, canonical_of(check)) : NULL;
    if (!made) {
        add_found(check, &found);
        is_good = false;
    }
    definitions_close(tried);
    return is_good;
}

static bool is_of_r4(const struct check *check, struct str base, struct str code)
{
    const struct search_parameter *known = definitions_search_parameter(
        definitions_lower(catalog_loaded(check->service), 1), base, code);
    return known != NULL;
}

static bool check_parameter(const struct check *check, const struct place *root)
{
    const cJSON *bases = json_get(check->resource, "base");
    struct str code = json_get_text(check->resource, "code");
    struct str type = json_get_text(check->resource, "type");
    bool is_good = check_expression(check, check->resource, root);
    if (!json_get(check->resource, "expression") && !str_is(type, "composite") &&
        !str_is(type, "special"))
        is_good = issue_add(check->issues, root, ISSUE_REQUIRED_MISSING,
                            "SearchParameter.expression: without it nothing is found");
    for (size_t i = 0; i < json_count(bases); i++) {
        const cJSON *base = json_at(bases, i);
        if (!is_of_r4(check, json_text(base), code))
            continue;
        struct place at = place_of(root, "code", -1, json_get(check->resource, "code"));
        is_good =
            issue_add(check->issues, &at, ISSUE_DEFINITION_PROTECTED,
                      STR_FMT " of " STR_FMT " is R4's", STR_ARG(code), STR_ARG(json_text(base)));
    }
    return is_good;
}

static const struct kind {
    const char *type;
    bool (*check)(const struct check *check, const struct place *root);
} KINDS[] = {
    { "StructureDefinition", check_structure },
    { "SearchParameter", check_parameter },
};

bool catalog_check(const struct service *service, const cJSON *resource, struct issues *issues)
{
    struct str type = json_get_text(resource, "resourceType");
    if (!service->catalog || !catalog_has_type(type))
        return true;
    CLOSING_ARENA struct arena *arena = arena_open();
    const struct check check = { service, resource, type, json_get_text(resource, "url"),
                                 arena,   issues };
    struct place root = PLACE_ROOT(str_cstr(issues->arena, type));
    if (catalog_count(service) >= CATALOG_MOST_DEFINITIONS)
        return issue_add(issues, &root, ISSUE_TOO_COSTLY, "posted-definitions is %d",
                         CATALOG_MOST_DEFINITIONS);
    if (!check_url(&check, &root))
        return false;
    for (size_t i = 0; i < COUNT(KINDS); i++)
        if (str_is(type, KINDS[i].type))
            return KINDS[i].check(&check, &root);
    return true;
}
