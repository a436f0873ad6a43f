/* membership.c - value sets by canonical, and those that the Questionnaire brings along. */
#include "profiles/validator/questionnaire/membership.h"

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

/* A contained value set as the terminology knows it; NULL: there is none. */
struct contained {
    const struct value_set *value_set;
};

/* Read at the first use in a response. */
static const struct value_set *find_contained(const struct response *response, struct str id)
{
    struct run *run = response->run;
    struct contained *known = map_find(response->value_sets, id);
    if (known)
        return known->value_set;
    const cJSON *item = questions_list(response->questions->holder, "contained");
    while (item && !(str_is(json_get_text(item, "resourceType"), "ValueSet") &&
                     str_equal(json_get_text(item, "id"), id)))
        item = item->next;
    known = arena_alloc(run->kept, sizeof *known);
    if (item)
        known->value_set = terminology_value_set_of(run->validator->terminology, item, run->kept);
    map_set(response->value_sets, id, known);
    return known->value_set;
}

enum membership membership_test(const struct response *response, struct str value_set,
                                struct str system, struct str code)
{
    struct run *run = response->run;
    struct terminology *terminology = run->validator->terminology;
    if (!terminology || !response_spend(response, 1))
        return MEMBER_UNKNOWN;
    if (!value_set.len || value_set.data[0] != '#')
        return terminology_contains(terminology, value_set, system, code);
    const struct value_set *contained =
        find_contained(response, str_slice(value_set, 1, value_set.len));
    if (!contained)
        return MEMBER_UNKNOWN;
    struct term_coding coding = { .system = system, .code = code };
    return terminology_ask(terminology, contained, &coding).membership;
}
