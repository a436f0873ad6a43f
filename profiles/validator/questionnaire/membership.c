/* membership.c - value sets by canonical from the terminology, contained ones by reading them here.
 */
#include "profiles/validator/questionnaire/membership.h"

#include "resources/fhir/json/json.h"

static enum membership at_most(enum membership a, enum membership b)
{
    if (a == MEMBER_NO || b == MEMBER_NO)
        return MEMBER_NO;
    return a == MEMBER_UNKNOWN || b == MEMBER_UNKNOWN ? MEMBER_UNKNOWN : MEMBER_YES;
}

static enum membership is_listed(const struct response *response, const cJSON *concept,
                                 struct str code)
{
    for (; concept && response_spend(response, 1); concept = concept->next)
        if (str_equal(json_get_text(concept, "code"), code))
            return MEMBER_YES;
    return concept ? MEMBER_UNKNOWN : MEMBER_NO;
}

static enum membership is_in_system(const struct response *response, struct str system,
                                    struct str code)
{
    struct terminology *terminology = response->run->validator->terminology;
    bool is_known = false;
    if (!terminology || !terminology_has_code(terminology, system, code, &is_known))
        return MEMBER_UNKNOWN;
    return is_known ? MEMBER_YES : MEMBER_NO;
}

/* One include or exclude (R4 ValueSet.compose.include). */
static enum membership is_included(const struct response *response, const cJSON *rule,
                                   struct str system, struct str code)
{
    struct terminology *terminology = response->run->validator->terminology;
    struct str of = json_get_text(rule, "system");
    const cJSON *concepts = questions_list(rule, "concept");
    enum membership member = MEMBER_YES;
    if (of.len && system.len && !str_equal(of, system))
        return MEMBER_NO;
    if (concepts)
        member = is_listed(response, concepts, code);
    else if (questions_list(rule, "filter"))
        member = MEMBER_UNKNOWN;
    else if (of.len)
        member = is_in_system(response, of, code);
    for (const cJSON *set = questions_list(rule, "valueSet"); set; set = set->next)
        member = at_most(
            member, terminology ? terminology_contains(terminology, json_text(set), system, code)
                                : MEMBER_UNKNOWN);
    return member;
}

static enum membership any_includes(const struct response *response, const cJSON *rule,
                                    struct str system, struct str code)
{
    enum membership member = MEMBER_NO;
    for (; rule && member != MEMBER_YES; rule = rule->next) {
        enum membership of_rule = is_included(response, rule, system, code);
        member = of_rule == MEMBER_NO ? member : of_rule;
    }
    return member;
}

static enum membership is_in_contained(const struct response *response, const cJSON *value_set,
                                       struct str system, struct str code)
{
    const cJSON *compose = json_get(value_set, "compose");
    if (!compose)
        return MEMBER_UNKNOWN;
    enum membership out = any_includes(response, questions_list(compose, "exclude"), system, code);
    if (out == MEMBER_YES)
        return MEMBER_NO;
    enum membership in = any_includes(response, questions_list(compose, "include"), system, code);
    return in == MEMBER_YES && out == MEMBER_UNKNOWN ? MEMBER_UNKNOWN : in;
}

enum membership membership_test(const struct response *response, struct str value_set,
                                struct str system, struct str code)
{
    struct terminology *terminology = response->run->validator->terminology;
    if (value_set.len && value_set.data[0] == '#') {
        struct str id = str_slice(value_set, 1, value_set.len);
        const cJSON *item = questions_list(response->questions->holder, "contained");
        while (item && !(str_is(json_get_text(item, "resourceType"), "ValueSet") &&
                         str_equal(json_get_text(item, "id"), id)))
            item = item->next;
        return is_in_contained(response, item, system, code);
    }
    return terminology ? terminology_contains(terminology, value_set, system, code)
                       : MEMBER_UNKNOWN;
}
