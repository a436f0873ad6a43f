/* capabilities_leads.h - which references lead to a type: what _revinclude takes there. */
#ifndef SERVER_INTERACTIONS_CAPABILITIES_LEADS_H
#define SERVER_INTERACTIONS_CAPABILITIES_LEADS_H
#include "resources/base/map.h"
#include "resources/fhir/definitions/definitions.h"

/* type -> struct buf *: `,"Source:code"` for each search parameter that may lead to the type, in
 * the order of the types. */
void capabilities_leads(struct map *leads, struct definitions *definitions, struct arena *arena);
#endif
