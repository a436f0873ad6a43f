/* xhtml.h - a light check of a narrative's div: well-formed, and nothing that acts (R4
 * narrative.html). */
#ifndef RESOURCES_FHIR_NARRATIVE_XHTML_H
#define RESOURCES_FHIR_NARRATIVE_XHTML_H
#include "resources/base/str.h"

/* What is wrong with the markup, a constant text; NULL when it is a well-formed div. *is_allowed:
 * only elements and attributes that R4 allows; *has_text: something to read, or an image. */
const char *xhtml_scan(struct str text, bool *is_allowed, bool *has_text);
/* Calls found with every id attribute, up to where the markup is broken. */
void xhtml_ids(struct str text, void (*found)(void *context, struct str id), void *context);
#endif
