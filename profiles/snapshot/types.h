/* types.h - the types of an element: how a profile may narrow them. */
#ifndef PROFILES_SNAPSHOT_TYPES_H
#define PROFILES_SNAPSHOT_TYPES_H
#include "profiles/snapshot/branch.h"

/* The code of one of ElementDefinition.type; System types as FHIR's ("string"). */
struct str snapshot_types_code(const cJSON *type);
/* Its first profile, or empty. */
struct str snapshot_types_profile(const cJSON *type);

/* True when diff->element.type may stand in out: each type, and each target of a reference, is one
 * of the base's or goes back to one. Otherwise an issue. */
bool snapshot_types_narrow(struct maker *maker, const struct branch *out,
                           const struct branch *diff);
/* True when a value of the type (as in "fixedCodeableConcept") can be one of the element. */
bool snapshot_types_allow(struct maker *maker, const struct branch *out, struct str type);
/* A binding of an element that has no coded type any more says nothing: takes it away. */
void snapshot_types_drop_binding(struct maker *maker, struct branch *out);
/* True for a type of R4 as it stands in a short form: "Quantity", "DateTime", "Age". */
bool snapshot_types_is_type(struct maker *maker, struct str suffix);
/* The type that a choice's short form or slice name ends with ("Quantity" of "valueQuantity"), as
 * it is listed in the element, or NULL when it is not one of its types. */
const cJSON *snapshot_types_of_suffix(struct maker *maker, const struct branch *choice,
                                      struct str suffix);
#endif
