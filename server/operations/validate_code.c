/* validate_code.c - ValueSet/$validate-code and CodeSystem/$validate-code (R4
 * valueset-operation-validate-code.html). */
#include "server/operations/subject.h"

/* The verdict on one coding. */
struct verdict {
    enum membership membership;
    struct str message;
    struct term_coding found; /* system, version and code as they are defined */
    struct str display;
};
struct asking {
    struct interaction *interaction;
    struct terminology *terminology;
    const struct value_set *set; /* NULL: the code system is asked */
    const struct system *system; /* NULL: by the coding's own url */
    struct str language;
    bool refuses_abstract;
};

/* What the system adds to a code that is in: its display, and what may be said against it. */
static void add_details(const struct asking *asking, const struct subject_coding *coding,
                        const struct term_concept *concept, struct verdict *verdict)
{
    struct arena *arena = asking->interaction->arena;
    const struct system *system =
        asking->system ? asking->system
                       : terminology_system(asking->terminology, verdict->found.system, STR(""));
    if (concept->code.len)
    verdict->found.code = concept->code;
    if (!verdict->display.len)
    verdict->display = concept->display;
    struct str other = asking->language.len && system
                           ? terminology_display_in(system, coding->coding.code, asking->language)
                           : STR("");
    verdict->display = other.len ? other : verdict->display;
    bool is_named = !coding->display.len || !system ||
                    str_equal(coding->display, verdict->display) ||
                    terminology_is_name(system, coding->coding.code, coding->display);
    if (concept->is_inactive)
        verdict->message = STR("the code is inactive");
    if (concept->is_abstract && asking->refuses_abstract) {
        verdict->membership = MEMBER_NO;
        verdict->message = STR("the code is abstract: it groups others and is not to be chosen");
    }
    if (!is_named) {
        verdict->membership = MEMBER_NO;
        verdict->message =
            str_print(arena, "'" STR_FMT "' is no display of this code: it is '" STR_FMT "'",
                      STR_ARG(coding->display), STR_ARG(verdict->display));
    }
}

static void add_other_case(const struct asking *asking, const struct term_coding *coding,
                           struct verdict *verdict)
{
    const struct system *system =
        asking->system ? asking->system
                       : terminology_system(asking->terminology, coding->system, STR(""));
    struct str other = system ? terminology_other_case(system, coding->code) : STR("");
    if (other.len && !str_equal(other, coding->code))
        verdict->message =
            str_print(asking->interaction->arena, STR_FMT "; case matters: '" STR_FMT "' is a code",
                      STR_ARG(verdict->message), STR_ARG(other));
}

static struct verdict judge(const struct asking *asking, const struct subject_coding *coding)
{
    struct verdict verdict = { .found = coding->coding };
    struct term_concept concept = asking->system
                                      ? terminology_concept(asking->system, coding->coding.code)
                                      : terminology_look_up(asking->terminology, &coding->coding);
    enum term_cause cause = concept.cause;
    struct str about = concept.about;
    verdict.membership = concept.known;
    if (asking->set) {
        struct term_answer answer =
            terminology_ask(asking->terminology, asking->set, &coding->coding);
        verdict.membership = answer.membership;
        verdict.display = answer.display;
        cause = answer.cause;
        about = answer.about;
        if (answer.system.len && !coding->coding.system.len) {
            verdict.found.system = answer.system;
            concept = terminology_look_up(asking->terminology, &verdict.found);
        }
    }
    verdict.found.version = concept.version.len ? concept.version : coding->coding.version;
    if (verdict.membership == MEMBER_YES) {
        add_details(asking, coding, &concept, &verdict);
        return verdict;
    }
    verdict.message = subject_reason(asking->interaction->arena, cause, about, &coding->coding);
    if (verdict.membership == MEMBER_NO)
        add_other_case(asking, &coding->coding, &verdict);
    verdict.display = concept.display;
    return verdict;
}

static bool answer(struct interaction *interaction, const struct verdict *verdict)
{
    cJSON *parameters = operation_new_parameters(interaction);
    bool is_good = verdict->membership == MEMBER_YES;
    operation_add_bool(interaction, parameters, "result", is_good);
    operation_add_text(interaction, parameters, "message", "valueString", verdict->message);
    operation_add_text(interaction, parameters, "display", "valueString", verdict->display);
    operation_add_text(interaction, parameters, "code", "valueCode", verdict->found.code);
    operation_add_text(interaction, parameters, "system", "valueUri", verdict->found.system);
    operation_add_text(interaction, parameters, "version", "valueString", verdict->found.version);
    return operation_answer(interaction, parameters);
}

/* Of several codings the first that is in decides, else the first of all. */
static bool judge_all(const struct asking *asking, const struct subject_codings *codings)
{
    struct verdict first = { 0 };
    for (size_t i = 0; i < codings->count; i++) {
        struct verdict verdict = judge(asking, &codings->items[i]);
        if (i == 0 || verdict.membership == MEMBER_YES)
            first = verdict;
        if (verdict.membership == MEMBER_YES)
            break;
    }
    return answer(asking->interaction, &first);
}

static bool read_options(struct asking *asking, const cJSON *asked)
{
    bool may_be_abstract = true;
    asking->terminology = asking->interaction->service->terminology;
    asking->language = operation_text(asked, "displayLanguage");
    if (!operation_flag(asking->interaction, asked, "abstract", &may_be_abstract))
        return false;
    asking->refuses_abstract = !may_be_abstract;
    return true;
}

static bool validate_in_set(struct asking *asking)
{
    struct subject subject = { 0 };
    struct subject_codings codings;
    const cJSON *asked = operation_inputs(asking->interaction);
    if (!asked || !read_options(asking, asked) ||
        !subject_codings(asking->interaction, asked, "system", "systemVersion", &codings))
        return false;
    asking->set = subject_value_set(asking->interaction, asked, &subject);
    return asking->set && judge_all(asking, &codings);
}

static bool validate_in_system(struct asking *asking)
{
    struct subject subject = { 0 };
    struct subject_codings codings;
    const cJSON *asked = operation_inputs(asking->interaction);
    if (!asked || !read_options(asking, asked) ||
        !subject_codings(asking->interaction, asked, "url", "version", &codings) ||
        !subject_system(asking->interaction, asked, &subject, &asking->system))
        return false;
    struct str url = subject.resource ? json_get_text(subject.resource, "url") : subject.canonical;
    for (size_t i = 0; i < codings.count; i++) {
        struct term_coding *coding = &codings.items[i].coding;
        if (!coding->system.len)
            coding->system = url;
        if (url.len && !str_equal(coding->system, url))
            return issue_add(&asking->interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                             "the coding is of " STR_FMT ", not of " STR_FMT,
                             STR_ARG(coding->system), STR_ARG(url));
    }
    return judge_all(asking, &codings);
}

bool operations_validate_code(struct interaction *interaction)
{
    struct asking asking = { .interaction = interaction };
    return str_is(interaction->at.type, "ValueSet") ? validate_in_set(&asking)
                                                    : validate_in_system(&asking);
}
