/* concepts.h - the concepts of one code system: found by code, chosen by filters. */
#ifndef RESOURCES_FHIR_TERMINOLOGY_CONCEPTS_H
#define RESOURCES_FHIR_TERMINOLOGY_CONCEPTS_H
#include "resources/base/map.h"
#include "resources/fhir/definitions/terms.h"

/* Codes with what stands for each, taken in lower case where the system does not tell case apart
 * (then codes of more than CODE_MOST_FOLDED bytes are not found). */
enum { CODE_MOST_FOLDED = 256 };
struct code_set {
    struct map map;
    bool is_case_sensitive;
};
void concepts_set_init(struct code_set *set, bool is_case_sensitive, struct arena *arena);
/* The first entry of a code stays. value: not NULL. */
void concepts_set_add(struct code_set *set, struct str code, const void *value);
const void *concepts_set_find(const struct code_set *set, struct str code);

/* Built once, then only read. */
struct concepts {
    struct concept_list list;
    struct code_set codes; /* to struct concept */
};
void concepts_init(struct concepts *concepts, const struct concept_list *list,
                   bool is_case_sensitive, struct arena *arena);
const struct concept *concepts_find(const struct concepts *concepts, struct str code);
/* Adds to the set what passes all filters of the rule (R4 valueset-filter-operator); false when one
 * of them is not supported here. */
bool concepts_filter(const struct concepts *concepts, const struct value_set_rule *rule,
                     struct code_set *set);
/* The first code whose property has the value, or empty. */
struct str concepts_code_with(const struct concepts *concepts, struct str property,
                              struct str value);
#endif
