/* filter.h - which concepts pass the filters of a value set's rule (R4
 * valueset-filter-operator.html). */
#ifndef RESOURCES_FHIR_TERMINOLOGY_FILTER_H
#define RESOURCES_FHIR_TERMINOLOGY_FILTER_H
#include "resources/fhir/terminology/concepts.h"

/* What the filters of one value set may cost together, in values looked at; a match of a regular
 * expression costs FILTER_MATCH_COST. */
enum { FILTER_MOST_COST = 10000000, FILTER_MATCH_COST = 200 };

/* Adds to the set what passes all filters of the rule; false when one of them can not be judged: an
 * operator that R4 does not have, a property that no concept has, a regular expression that is none
 * or costs too much, a concept that is not there, *left (which goes down) used up. */
bool filter_choose(const struct concepts *concepts, const struct value_set_rule *rule, long *left,
                   struct code_set *set);
#endif
