/* lookup.c - CodeSystem/$lookup and CodeSystem/$subsumes (R4 codesystem-operation-lookup.html,
 * codesystem-operation-subsumes.html). */
#include "server/operations/subject.h"

struct lookup {
    struct interaction *interaction;
    const cJSON *asked;
    struct subject subject;      /* the code system as JSON, where it is one */
    const struct system *system; /* NULL: a grammar */
    struct term_coding coding;
    struct term_concept concept;
    cJSON *answer;
};

/* system and version name the system, or the instance does. */
static bool find_system(struct lookup *lookup)
{
    struct interaction *with = lookup->interaction;
    struct terminology *terminology = with->service->terminology;
    static const struct subject_names NAMES = { "CodeSystem", "codeSystem", "system", "version" };
    if (with->at.id.len || operation_parameter(lookup->asked, "codeSystem")) {
        if (!subject_find(with, lookup->asked, &NAMES, &lookup->subject) ||
            !lookup->subject.resource)
            return false;
        lookup->system = terminology_system_of(lookup->subject.resource, with->arena);
        lookup->coding.system = json_get_text(lookup->subject.resource, "url");
        return true;
    }
    lookup->system = terminology_system(terminology, lookup->coding.system, lookup->coding.version);
    return true;
}

static bool find_concept(struct lookup *lookup)
{
    struct interaction *with = lookup->interaction;
    lookup->concept = lookup->system
                          ? terminology_concept(lookup->system, lookup->coding.code)
                          : terminology_look_up(with->service->terminology, &lookup->coding);
    if (lookup->concept.known == MEMBER_YES)
        return true;
    struct str reason =
        subject_reason(with->arena, lookup->concept.cause, lookup->concept.about, &lookup->coding);
    return issue_add(&with->issues, NULL, ISSUE_NOT_FOUND, STR_FMT, STR_ARG(reason));
}

/* The system as JSON: definitions and the types of properties stand only there. */
static void read_resource(struct lookup *lookup)
{
    struct interaction *with = lookup->interaction;
    struct str text, version = lookup->concept.version, url = lookup->coding.system;
    if (lookup->subject.resource || !lookup->system)
        return;
    struct str canonical =
        version.len ? str_print(with->arena, STR_FMT "|" STR_FMT, STR_ARG(url), STR_ARG(version))
                    : url;
    if (definitions_resource(with->service->definitions, STR("CodeSystem"), canonical, with->arena,
                             &text))
        lookup->subject.resource = json_parse(text, with->arena, &with->issues);
}

/* The concept at a place in document order, with the one that it stands in. */
static const cJSON *find_item(const cJSON *list, size_t *left, const cJSON *in, const cJSON **above)
{
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next) {
        if ((*left)-- == 0) {
            *above = in;
            return item;
        }
        const cJSON *found = find_item(json_get(item, "concept"), left, item, above);
        if (found)
            return found;
    }
    return NULL;
}

static bool is_wanted(const struct lookup *lookup, struct str property)
{
    bool has_any = false;
    const cJSON *list = json_get(lookup->asked, "parameter");
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next) {
        if (!str_is(json_get_text(one, "name"), "property"))
            continue;
        has_any = true;
        for (const cJSON *value = one->child; value; value = value->next)
            if (str_starts(str_of(value->string), STR("value")) &&
                (str_equal(json_text(value), property) || str_is(json_text(value), "*")))
                return true;
    }
    return !has_any;
}

static void add_property(struct lookup *lookup, struct str code, const char *value, cJSON *item)
{
    struct interaction *with = lookup->interaction;
    if (!is_wanted(lookup, code))
        return;
    cJSON *part = operation_add_parts(with, lookup->answer, "property");
    operation_add_text(with, part, "code", "valueCode", code);
    cJSON *one = operation_add_parts(with, part, "value");
    json_set(with->arena, one, value, item);
}

static void add_text_property(struct lookup *lookup, const char *code, const char *value,
                              struct str text)
{
    if (text.len)
        add_property(lookup, str_of(code), value,
                     json_new_string(lookup->interaction->arena, text));
}

static void add_designations(struct lookup *lookup, const cJSON *list)
{
    struct interaction *with = lookup->interaction;
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next) {
        cJSON *part = operation_add_parts(with, lookup->answer, "designation");
        operation_add_text(with, part, "language", "valueCode", json_get_text(one, "language"));
        if (json_get(one, "use"))
            operation_add(with, part, "use", "valueCoding",
                          json_copy(with->arena, json_get(one, "use")));
        operation_add_text(with, part, "value", "valueString", json_get_text(one, "value"));
    }
}

static void add_details(struct lookup *lookup)
{
    struct arena *arena = lookup->interaction->arena;
    const cJSON *above = NULL;
    size_t left = lookup->concept.index;
    const cJSON *item =
        find_item(json_get(lookup->subject.resource, "concept"), &left, NULL, &above);
    if (is_wanted(lookup, STR("designation")))
        add_designations(lookup, json_get(item, "designation"));
    add_text_property(lookup, "definition", "valueString", json_get_text(item, "definition"));
    add_text_property(lookup, "parent", "valueCode", json_get_text(above, "code"));
    const cJSON *children = json_get(item, "concept");
    for (const cJSON *child = children ? children->child : NULL; child; child = child->next)
        add_text_property(lookup, "child", "valueCode", json_get_text(child, "code"));
    const cJSON *properties = json_get(item, "property");
    for (const cJSON *one = properties ? properties->child : NULL; one; one = one->next)
        for (const cJSON *value = one->child; value; value = value->next)
            if (str_starts(str_of(value->string), STR("value")))
                add_property(lookup, json_get_text(one, "code"), value->string,
                             json_copy(arena, value));
}

static bool print(struct lookup *lookup)
{
    struct interaction *with = lookup->interaction;
    struct str language = operation_text(lookup->asked, "displayLanguage");
    struct str display = lookup->concept.display, name = { 0 };
    read_resource(lookup);
    if (language.len && lookup->system) {
        struct str other = terminology_display_in(lookup->system, lookup->coding.code, language);
        display = other.len ? other : display;
    }
    name = json_get_text(lookup->subject.resource, "name");
    lookup->answer = operation_new_parameters(with);
    operation_add_text(with, lookup->answer, "name", "valueString",
                       name.len ? name : lookup->coding.system);
    operation_add_text(with, lookup->answer, "version", "valueString", lookup->concept.version);
    operation_add_text(with, lookup->answer, "display", "valueString",
                       display.len ? display : lookup->concept.code);
    if (lookup->subject.resource && lookup->concept.index != SIZE_MAX)
        add_details(lookup);
    return operation_answer(with, lookup->answer);
}

bool operations_lookup(struct interaction *interaction)
{
    struct lookup lookup = { .interaction = interaction };
    struct subject_codings codings;
    lookup.asked = operation_inputs(interaction);
    if (!lookup.asked || !subject_codings(interaction, lookup.asked, "system", "version", &codings))
        return false;
    lookup.coding = codings.items[0].coding;
    if (!lookup.coding.system.len && !interaction->at.id.len &&
        !operation_parameter(lookup.asked, "codeSystem"))
        return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "system: it is needed where a code is given");
    return find_system(&lookup) && find_concept(&lookup) && print(&lookup);
}

/* codeA or codingA; a coding brings its system along. */
static bool read_side(struct lookup *lookup, const char *code, const char *coding, struct str *text)
{
    const cJSON *item = operation_parameter(lookup->asked, coding);
    *text = item ? json_get_text(item, "code") : operation_text(lookup->asked, code);
    struct str system = json_get_text(item, "system");
    if (!lookup->coding.system.len)
        lookup->coding.system = system;
    if (!text->len)
        return issue_add(&lookup->interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "%s or %s is needed", code, coding);
    return !system.len || str_equal(system, lookup->coding.system) ||
           issue_add(&lookup->interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                     "%s: both codes must be of one system", coding);
}

static bool check_side(struct lookup *lookup, struct str code)
{
    lookup->coding.code = code;
    return find_concept(lookup);
}

bool operations_subsumes(struct interaction *interaction)
{
    static const char *const OUTCOMES[] = { [RELATION_EQUIVALENT] = "equivalent",
                                            [RELATION_SUBSUMES] = "subsumes",
                                            [RELATION_SUBSUMED_BY] = "subsumed-by",
                                            [RELATION_NONE] = "not-subsumed" };
    struct lookup lookup = { .interaction = interaction };
    struct str a, b;
    lookup.asked = operation_inputs(interaction);
    if (!lookup.asked)
        return false;
    lookup.coding.system = operation_text(lookup.asked, "system");
    lookup.coding.version = operation_text(lookup.asked, "version");
    if (!read_side(&lookup, "codeA", "codingA", &a) ||
        !read_side(&lookup, "codeB", "codingB", &b) || !find_system(&lookup) ||
        !check_side(&lookup, a) || !check_side(&lookup, b))
        return false;
    enum term_relation relation = lookup.system     ? terminology_relate(lookup.system, a, b)
                                  : str_equal(a, b) ? RELATION_EQUIVALENT
                                                    : RELATION_NONE;
    cJSON *answer = operation_new_parameters(interaction);
    operation_add_text(interaction, answer, "outcome", "valueCode", str_of(OUTCOMES[relation]));
    return operation_answer(interaction, answer);
}
