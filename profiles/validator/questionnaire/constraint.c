/* constraint.c - evaluates constraints with FHIRPath; one that can not be evaluated says nothing.
 */
#include "profiles/validator/questionnaire/constraint.h"

#include "profiles/validator/invariant.h"
#include "resources/fhir/json/json.h"

#define CONSTRAINT "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint"

/* What one evaluation counts among the steps of a response. */
enum { STEPS_A_CONSTRAINT = 5000 };

static struct str part(const cJSON *constraint, const char *name)
{
    struct value value = value_read(questions_extension(constraint, name, NULL), "value");
    return json_text(value.content);
}

void constraint_check(const struct response *response, const cJSON *definition,
                      const struct node *node)
{
    const cJSON *constraint = questions_extension(definition, CONSTRAINT, NULL);
    for (; constraint && response->is_complete;
         constraint = questions_extension(definition, CONSTRAINT, constraint)) {
        struct str key = part(constraint, "key"), expression = part(constraint, "expression");
        if (!expression.len || !response_spend(response, STEPS_A_CONSTRAINT) ||
            validator_invariant_test(response->run, expression, node) != 0)
            continue;
        struct fault fault = response_fault(response, ISSUE_INVARIANT_FAILED, key);
        fault.is_warning = str_is(part(constraint, "severity"), "warning");
        validator_run_raise(response->run, node, fault, STR_FMT ": " STR_FMT, STR_ARG(key),
                            STR_ARG(part(constraint, "human")));
    }
}
