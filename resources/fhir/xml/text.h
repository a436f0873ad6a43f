/* text.h - characters as XML 1.0 carries them. */
#ifndef RESOURCES_FHIR_XML_TEXT_H
#define RESOURCES_FHIR_XML_TEXT_H
#include "resources/base/buf.h"

/* Escapes for an attribute in double quotes and for text: what a reader would normalize (tab, line
 * end) is a character reference. */
void xml_text_escape(struct buf *out, struct str text);
/* Code point of the first character that is none of XML's (section 2.2), or 0. text is UTF-8 and
 * holds no U+0000. */
uint32_t xml_text_find_foreign(struct str text);
#endif
