/* questionnaire.c - a Questionnaire by itself, a response against its Questionnaire. */
#include "profiles/validator/questionnaire/questionnaire.h"

#include "profiles/validator/questionnaire/definition.h"
#include "profiles/validator/questionnaire/items.h"
#include "profiles/validator/questionnaire/source.h"
#include "resources/fhir/json/json.h"

void questionnaire_check(struct run *run, const struct node *node)
{
    struct str url = json_get_text(node->value, "url");
    struct arena_mark mark = validator_run_mark(run);
    definition_check(run, node, questions_read(node->value, node->value, url, run->scratch));
    validator_run_reset(run, mark);
}

static struct node child(const struct node *node, const char *name)
{
    const cJSON *value = json_get(node->value, name);
    return (struct node){
        .place = { &node->place, name, NULL, -1, value ? json_offset(value) : -1 }, .value = value
    };
}

/* Authored while the Questionnaire was meant to be used. */
static void check_period(const struct response *response)
{
    static const struct bound {
        const char *name, *says;
        int wrong;
    } BOUNDS[] = { { "start", "begins", -1 }, { "end", "ends", 1 } };
    const cJSON *period = json_get(response->questions->questionnaire, "effectivePeriod");
    struct node at = child(response->node, "authored");
    struct value authored = { "dateTime", at.value };
    for (size_t i = 0; i < COUNT(BOUNDS); i++) {
        struct value bound = { "dateTime", json_get(period, BOUNDS[i].name) };
        if (authored.content && bound.content &&
            value_compare(&authored, &bound, response->run->validator->definitions) ==
                BOUNDS[i].wrong)
            validator_run_raise(
                response->run, &at,
                response_fault(response, ISSUE_ANSWERED_OUTSIDE, str_of(BOUNDS[i].name)),
                STR_FMT "; its effective period %s " STR_FMT, STR_ARG(json_text(authored.content)),
                BOUNDS[i].says, STR_ARG(json_text(bound.content)));
    }
}

/* The subject is of a type that the Questionnaire is for. */
static void check_subject(const struct response *response)
{
    const cJSON *type = questions_list(response->questions->questionnaire, "subjectType");
    struct node at = child(response->node, "subject");
    struct str given = validator_reference_type(response->run, json_get_text(at.value, "reference"),
                                                response->node);
    if (!type || !given.len)
        return;
    while (type && !str_equal(json_text(type), given))
        type = type->next;
    if (!type)
        validator_run_raise(response->run, &at,
                            response_fault(response, ISSUE_SUBJECT_TYPE, STR("subject")),
                            "it is a " STR_FMT, STR_ARG(given));
}

static void raise_unknown(struct run *run, const struct node *node, struct str canonical,
                          struct str other)
{
    struct node at = child(node, "questionnaire");
    struct fault fault = { .id = ISSUE_QUESTIONNAIRE_UNKNOWN };
    if (other.len) {
        struct fault wrong = { .id = ISSUE_REFERENCE_TARGET };
        validator_run_raise(run, &at, wrong, "it leads to " STR_FMT ", allowed: Questionnaire",
                            STR_ARG(other));
    }
    validator_run_raise(run, node, fault, "'" STR_FMT "'", STR_ARG(canonical));
}

void questionnaire_check_response(struct run *run, const struct node *node)
{
    struct str canonical = json_get_text(node->value, "questionnaire"), other;
    if (!canonical.len)
        return;
    struct arena_mark mark = validator_run_mark(run);
    const struct questions *questions = source_find(run, node, canonical, &other);
    if (!questions) {
        raise_unknown(run, node, canonical, other);
    } else {
        struct response response;
        response_read(&response, run, node, questions);
        check_period(&response);
        check_subject(&response);
        items_check(&response);
    }
    validator_run_reset(run, mark);
}
