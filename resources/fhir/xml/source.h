/* source.h - an XML text as a run of elements, their ends and stray text, with exact places. */
#ifndef RESOURCES_FHIR_XML_SOURCE_H
#define RESOURCES_FHIR_XML_SOURCE_H
#include <libxml/xmlreader.h>

#include "resources/fhir/xml/scan.h"

enum xml_event { XML_EVENT_START, XML_EVENT_END, XML_EVENT_TEXT };

/* node is libxml2's, good until the next step; tag is that of the last start. White space, comments
 * and processing instructions do not show up unless is_complete is set (then white space does).
 * Every start has its end. */
struct xml_source {
    enum xml_event event;
    xmlNode *node;
    struct xml_tag tag;
    bool is_complete;
    bool has_fault;
    struct xml_fault fault;
    /* The rest belongs to the functions below. */
    struct str text;
    xmlTextReader *reader;
    const struct xml_tags *tags;
    size_t next_tag;
    bool is_inside_empty;
};

/* text has no BOM and, like the arena, outlives the source. When the text is refused at once,
 * has_fault is set and there is nothing to step to. To be closed in any case. */
void xml_source_open(struct xml_source *source, struct str text, struct arena *arena);
void xml_source_close_at(struct xml_source *source);
#define CLOSING_XML_SOURCE __attribute__((cleanup(xml_source_close_at)))
/* The next event; false at the end of the text, and with has_fault at what is not well-formed. */
bool xml_source_next(struct xml_source *source);
/* Goes from a start to its end; false as above. */
bool xml_source_skip(struct xml_source *source);

struct str xml_source_name(const xmlNode *node);
bool xml_source_is_in(const xmlNode *node, const char *namespace);
/* Value of an attribute; borrows from it. */
struct str xml_source_value(const xmlAttr *attribute);
#endif
