/* filter.h - which concepts pass the filters of a value set's rule (R4
 * valueset-filter-operator.html). */
#ifndef RESOURCES_FHIR_TERMINOLOGY_FILTER_H
#define RESOURCES_FHIR_TERMINOLOGY_FILTER_H
#include "resources/fhir/terminology/concepts.h"

/* Adds to the set what passes all filters of the rule; false when one of them can not be judged: an
 * operator that R4 does not have, a property that no concept has, a regular expression that is none
 * or costs too much, a concept that is not there. */
bool filter_choose(const struct concepts *concepts, const struct value_set_rule *rule,
                   struct code_set *set);
#endif
