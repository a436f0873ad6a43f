/* capabilities_normative.h - the normative part of a CapabilityStatement (/metadata?mode=normative,
 * R4 http.html#capabilities). */
#ifndef SERVER_INTERACTIONS_CAPABILITIES_NORMATIVE_H
#define SERVER_INTERACTIONS_CAPABILITIES_NORMATIVE_H
#include "resources/fhir/definitions/definitions.h"

/* The statement without the elements whose standards status is trial use in their definition. */
struct str capabilities_normative(struct str json, struct definitions *definitions,
                                  struct arena *arena);
#endif
