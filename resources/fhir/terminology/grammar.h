/* grammar.h - code systems that are a grammar and no list: media types, languages, units. */
#ifndef RESOURCES_FHIR_TERMINOLOGY_GRAMMAR_H
#define RESOURCES_FHIR_TERMINOLOGY_GRAMMAR_H
#include "resources/base/str.h"
#include "resources/fhir/terminology/terminology.h"

/* YES or NO by the grammar of the system, for UCUM also by the units that
 * the definitions have (definitions NULL: not known); UNKNOWN
 * where well-formed is not yet known (ISO lists), and for a system that has no grammar here. */
enum membership terminology_grammar_check(struct str system, struct str code,
                                          struct definitions *definitions);
#endif
