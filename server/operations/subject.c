/* subject.c - the value set, code system or concept map that a terminology operation is about, and
 * the codes that it is asked about. */
#include "server/operations/subject.h"

#include "resources/fhir/definitions/heads.h"
#include "server/interactions/loaded.h"
#include "server/interactions/outcome.h"

static bool parse(struct interaction *interaction, struct str text, cJSON **resource)
{
    *resource = json_parse(text, interaction->arena, &interaction->issues);
    return *resource != NULL;
}

static bool missing(struct interaction *interaction, const char *type, struct str canonical)
{
    return issue_add(&interaction->issues, NULL, ISSUE_NOT_FOUND, "%s " STR_FMT, type,
                     STR_ARG(canonical));
}

/* The record of the address: a stored one, else one of the loaded definitions. */
static bool read_record(struct interaction *interaction, struct subject *subject)
{
    const struct route_match *at = &interaction->at;
    struct store_version found = { 0 };
    enum outcome outcome = loaded_read(interaction->service, interaction->viewer, at->type, at->id,
                                       interaction->arena, &found);
    if (outcome != OUTCOME_OK)
        return outcome_raise(
            &interaction->issues, outcome,
            str_print(interaction->arena, STR_FMT "/" STR_FMT, STR_ARG(at->type), STR_ARG(at->id)));
    return parse(interaction, found.body, &subject->resource);
}

static bool take_brought(struct interaction *interaction, cJSON *brought,
                         const struct subject_names *names, struct subject *subject)
{
    struct str type = json_get_text(brought, "resourceType");
    if (!str_is(type, names->type))
        return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "%s: a %s is needed, not '" STR_FMT "'", names->brought, names->type,
                         STR_ARG(type));
    subject->resource = brought;
    return true;
}

static bool find_loaded(struct interaction *interaction, const char *type, struct subject *subject)
{
    struct str text;
    subject->is_loaded = true;
    if (definitions_resource(interaction->service->definitions, str_of(type), subject->canonical,
                             interaction->arena, &text))
        return parse(interaction, text, &subject->resource);
    return str_is(str_of(type), "ValueSet") || missing(interaction, type, subject->canonical);
}

bool subject_find(struct interaction *interaction, const cJSON *asked,
                  const struct subject_names *names, struct subject *subject)
{
    *subject = (struct subject){ 0 };
    const cJSON *brought = operation_parameter(asked, names->brought);
    struct str version = names->version ? operation_text(asked, names->version) : STR("");
    subject->canonical = operation_text(asked, names->canonical);
    if (interaction->at.id.len)
        return read_record(interaction, subject);
    if (cJSON_IsObject(brought))
        return take_brought(interaction, (cJSON *)(uintptr_t)brought, names, subject);
    if (!subject->canonical.len)
        return true;
    if (version.len && str_find(subject->canonical, '|', 0) == subject->canonical.len)
        subject->canonical = str_print(interaction->arena, STR_FMT "|" STR_FMT,
                                       STR_ARG(subject->canonical), STR_ARG(version));
    return find_loaded(interaction, names->type, subject);
}

const struct value_set *subject_value_set(struct interaction *interaction, const cJSON *asked,
                                          struct subject *subject)
{
    static const struct subject_names NAMES = { "ValueSet", "valueSet", "url", "valueSetVersion" };
    struct terminology *terminology = interaction->service->terminology;
    if (!subject_find(interaction, asked, &NAMES, subject))
        return NULL;
    const struct value_set *set = NULL;
    if (subject->is_loaded)
        set = terminology_value_set(terminology, subject->canonical);
    else if (subject->resource)
        set = terminology_value_set_of(terminology, subject->resource, interaction->arena);
    else
        issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                  "url, valueSet or an id in the address is needed");
    if (!set && subject->is_loaded)
        missing(interaction, "ValueSet", subject->canonical);
    return set;
}

bool subject_system(struct interaction *interaction, const cJSON *asked, struct subject *subject,
                    const struct system **system)
{
    static const struct subject_names NAMES = { "CodeSystem", "codeSystem", "url", "version" };
    *system = NULL;
    struct str url = operation_text(asked, "url"), version = operation_text(asked, "version");
    bool is_brought = interaction->at.id.len || operation_parameter(asked, "codeSystem");
    if (!is_brought && url.len) {
        *system = terminology_system(interaction->service->terminology, url, version);
        subject->canonical = url;
        return true;
    }
    if (!subject_find(interaction, asked, &NAMES, subject))
        return false;
    if (subject->resource)
        *system = terminology_system_of(subject->resource, interaction->arena);
    return true;
}

static bool add(struct interaction *interaction, struct subject_codings *codings,
                const struct subject_coding *coding)
{
    if (codings->count == SUBJECT_MOST_CODINGS)
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "more than %d codings in a codeableConcept", SUBJECT_MOST_CODINGS);
    codings->items[codings->count++] = *coding;
    return true;
}

static struct subject_coding read_coding(const cJSON *coding)
{
    return (struct subject_coding){ { json_get_text(coding, "system"),
                                      json_get_text(coding, "version"),
                                      json_get_text(coding, "code") },
                                    json_get_text(coding, "display") };
}

/* A Coding in a query: system|code. */
static struct subject_coding cut_coding(struct str text)
{
    struct str code = text, system = str_cut(&code, '|');
    struct subject_coding coding = { { system, STR(""), code }, STR("") };
    if (!code.data)
        coding.coding = (struct term_coding){ STR(""), STR(""), text };
    return coding;
}

bool subject_codings(struct interaction *interaction, const cJSON *asked, const char *system,
                     const char *version, struct subject_codings *codings)
{
    const cJSON *coding = operation_parameter(asked, "coding");
    const cJSON *concept = operation_parameter(asked, "codeableConcept");
    struct subject_coding plain = { { operation_text(asked, system), operation_text(asked, version),
                                      operation_text(asked, "code") },
                                    operation_text(asked, "display") };
    codings->count = 0;
    if (plain.coding.code.len && !add(interaction, codings, &plain))
        return false;
    struct subject_coding one =
        cJSON_IsObject(coding) ? read_coding(coding) : cut_coding(json_text(coding));
    if (coding && !add(interaction, codings, &one))
        return false;
    const cJSON *list = json_get(concept, "coding");
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next) {
        one = read_coding(item);
        if (!add(interaction, codings, &one))
            return false;
    }
    return codings->count > 0 || issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                                           "code, coding or codeableConcept is needed");
}

struct str subject_reason(struct arena *arena, enum term_cause cause, struct str about,
                          const struct term_coding *coding)
{
    static const char *const TEXTS[] = {
        [CAUSE_NONE] = "there is no code to check",
        [CAUSE_VALUE_SET_UNKNOWN] = "can not be checked: the value set is not here",
        [CAUSE_SYSTEM_UNKNOWN] = "can not be checked: the code system is not here",
        [CAUSE_SYSTEM_INCOMPLETE] = "can not be checked: the code system is here only in part",
        [CAUSE_FILTER] = "can not be checked: a filter can not be judged here",
        [CAUSE_LIMIT] = "can not be checked: the value set is too large or leads in a circle",
        [CAUSE_CODE_UNKNOWN] = "the code system does not have this code",
        [CAUSE_NOT_CHOSEN] = "the value set does not have this code",
        [CAUSE_INACTIVE] = "the code is inactive, and the value set leaves inactive codes out",
    };
    return str_print(arena, STR_FMT "#" STR_FMT ": %s (" STR_FMT ")", STR_ARG(coding->system),
                     STR_ARG(coding->code), TEXTS[cause], STR_ARG(about));
}
