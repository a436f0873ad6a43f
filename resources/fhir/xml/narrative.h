/* narrative.h - text.div between the formats: a string of XHTML source in JSON, elements in XML. */
#ifndef RESOURCES_FHIR_XML_NARRATIVE_H
#define RESOURCES_FHIR_XML_NARRATIVE_H
#include "resources/fhir/xml/source.h"

/* The source stands on the start of div and is taken to its end (or to a fault). The source text as
 * it is; when it needs a namespace that was declared outside, the same elements written anew. */
struct str xml_narrative_read(struct xml_source *source, struct arena *arena);
/* Whether div can be put into XML as it is: one well-formed XHTML div and nothing around it, that
 * nests at most `depth` deep. Else fills *fault; its offset is in div. */
bool xml_narrative_check(struct str div, int depth, struct xml_fault *fault);
#endif
