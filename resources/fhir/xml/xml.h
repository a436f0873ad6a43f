/* xml.h - R4 XML bytes to the tree of json.h and back: schema-driven, lossless (R4 xml.html). */
#ifndef RESOURCES_FHIR_XML_XML_H
#define RESOURCES_FHIR_XML_XML_H
#include <cjson/cJSON.h>

#include "resources/base/buf.h"
#include "resources/base/issue.h"

struct definitions;

/* What a text may ask for. Elements nest at most XML_MOST_DEPTH deep, those of the narrative
 * included; the tree at most JSON_MOST_DEPTH. One value has at most XML_MOST_VALUE_BYTES bytes as
 * it stands in the text, and a reading ends at the fault XML_MOST_FAULTS. */
enum {
    XML_MOST_DEPTH = 240,
    XML_MOST_ATTRIBUTES = 64,  /* of one element, namespaces included */
    XML_MOST_NAMESPACES = 512, /* declared at one place, by all elements around it */
    XML_MOST_VALUE_BYTES = 9900000,
    XML_MOST_FAULTS = 100,
    XML_MOST_REASON = 160
};

struct xml_fault {
    enum issue_id id;
    size_t offset;
    char reason[XML_MOST_REASON];
};

/* Well-formed XML 1.0 with namespaces, in UTF-8 (a BOM is skipped), without a document type
 * declaration, within the bounds above. Returns false and fills *fault at the first fault. */
bool xml_scan(struct str text, struct xml_fault *fault);

/* The FHIR reader. Elements and attributes are those of the definitions, in their order and
 * namespace; anything else is an issue with place, line and column, and the answer NULL. Values are
 * not judged here: they become what JSON has for the element's type, and stay strings where they
 * can not (active value="yes"). Comments, processing instructions, white space between elements and
 * xsi:schemaLocation are no content. text.div is the source text as it stands; only when it uses a
 * prefix declared outside is it written anew. Offsets are those of start tags. Makes text the
 * issues' source. */
cJSON *xml_parse(struct str text, struct definitions *definitions, struct arena *arena,
                 struct issues *issues);
/* The same for those who judge a resource and go on after an issue. What the tree can show is no
 * issue here: an element that the definitions do not have becomes a string or an object, or an
 * array when it is given again; a complex element with nothing but a value is a string. What it can
 * not show is an issue and left out; elements out of order stand with their like. NULL only when
 * there is no whole tree. Nothing that was read in this way may be stored unless it was validated
 * without errors. */
cJSON *xml_parse_partly(struct str text, struct definitions *definitions, struct arena *arena,
                        struct issues *issues);

/* Adds the resource as XML in UTF-8, elements in the order of the definitions, on one line; div
 * stands as it is in the tree, once it is known to be well-formed. What XML can not carry or
 * xml_parse_partly would read back as something else (arrays where there are none, null, U+0001) is
 * an error; false when there was one, and then what was added is of no use. What xml_parse alone
 * would refuse (unknown properties) is a warning. */
bool xml_print(struct buf *out, const cJSON *resource, struct definitions *definitions,
               struct issues *issues);
/* The same, indented by two spaces a level. */
bool xml_print_pretty(struct buf *out, const cJSON *resource, struct definitions *definitions,
                      struct issues *issues);
#endif
