/* concepts.h - the concepts of one code system: found by code, and who stands below whom. */
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

/* Neighbours of each concept: those of i are to[start[i]] up to to[start[i + 1]]. */
struct concept_links {
    size_t *start, *to;
};
/* R4 codesystem.html#defined-props: inactive, and notSelectable (or, in HL7 v3, abstract). */
enum { CONCEPT_INACTIVE = 1, CONCEPT_ABSTRACT = 2 };
/* Built once, then only read. */
struct concepts {
    struct concept_list list;
    struct code_set codes; /* to struct concept */
    unsigned char *marks;  /* bits of CONCEPT_INACTIVE, CONCEPT_ABSTRACT, by index */
    struct concept_links below, above;
    struct concept_links names; /* places in list.designations */
};
/* Links come from the nesting and from the properties child, parent and subsumedBy, by which a
 * concept may have several parents. */
void concepts_init(struct concepts *concepts, const struct concept_list *list,
                   bool is_case_sensitive, struct arena *arena);
/* Adds names and properties that a supplement gives to these concepts. Before concepts_init. */
void concepts_supplement(struct concept_list *list, const struct concept_list *more,
                         bool is_case_sensitive, struct arena *arena);
const struct concept *concepts_find(const struct concepts *concepts, struct str code);
/* The code as a system spells it that differs in case alone; NULL when there is none. */
const struct concept *concepts_find_any_case(const struct concepts *concepts, struct str code);
size_t concepts_index(const struct concepts *concepts, const struct concept *concept);
/* Marks the concept and all that the links lead to from it, circles or not. */
void concepts_reach(const struct concepts *concepts, const struct concept_links *links, size_t from,
                    bool *marks);
/* The first code whose property has the value, or empty. */
struct str concepts_code_with(const struct concepts *concepts, struct str property,
                              struct str value);
#endif
