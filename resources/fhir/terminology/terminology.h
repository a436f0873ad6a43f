/* terminology.h - is a code in a value set (R4 terminology-service.html,
 * valueset-operation-validate-code.html). */
#ifndef RESOURCES_FHIR_TERMINOLOGY_TERMINOLOGY_H
#define RESOURCES_FHIR_TERMINOLOGY_TERMINOLOGY_H
#include "resources/base/str.h"

struct definitions;

/* Shared by all threads; value sets are expanded at first use. Close before the definitions. */
struct terminology;
struct terminology *terminology_open(struct definitions *definitions);
void terminology_close(struct terminology *terminology);

enum membership {
    MEMBER_YES,
    MEMBER_NO,
    MEMBER_UNKNOWN /* a code system or filter that is not here: can not be checked */
};
/* value_set: canonical, |version ignored when only one is loaded. system empty: a plain `code`
 * element (the value set's own system is implied). */
enum membership terminology_contains(struct terminology *terminology, struct str value_set,
                                     struct str system, struct str code);
/* True when the code system is loaded completely; then *is_known tells whether it has the code. */
bool terminology_has_code(struct terminology *terminology, struct str system, struct str code,
                          bool *is_known);
/* Display of a code, empty when unknown. */
struct str terminology_display(struct terminology *terminology, struct str system, struct str code);
/* Property of a concept as text (e.g. CodeSystem tandem-issue: property `invariant`): the code
 * whose property has this value, empty when none. */
struct str terminology_code_with(struct terminology *terminology, struct str system,
                                 struct str property, struct str value);
#endif
