/* scan.h - the scan that stands before libxml2: it holds a text to its bounds and notes where its
 * elements are. */
#ifndef RESOURCES_FHIR_XML_SCAN_H
#define RESOURCES_FHIR_XML_SCAN_H
#include "resources/fhir/xml/xml.h"

/* An element from its '<' to behind its end tag; end is 0 while that has not been seen. */
struct xml_tag {
    uint32_t begin, end;
};
/* All elements in document order, in chunks so that nothing is copied as it grows. */
enum { XML_TAGS_A_CHUNK = 1022 };
struct xml_tags {
    struct xml_tags *next;
    size_t count;
    struct xml_tag tags[XML_TAGS_A_CHUNK];
};

/* Refuses what libxml2 must not see: a document type declaration, another encoding than UTF-8, more
 * than the bounds of xml.h. Does not judge the grammar; of a text that libxml2 takes, the elements
 * are exactly those that it reports. text has no BOM. */
bool xml_scan_tags(struct str text, struct xml_tags **tags, struct xml_fault *fault,
                   struct arena *arena);
/* text behind the BOM that it may begin with. */
struct str xml_scan_skip_bom(struct str text);
/* Fills *fault; false. The reason is cut to its room. */
bool xml_scan_refuse(struct xml_fault *fault, enum issue_id id, size_t offset, struct str reason);
#endif
