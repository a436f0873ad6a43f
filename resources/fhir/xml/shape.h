/* shape.h - what the definitions say of a property, as far as the two formats differ in it; reading
 * and writing ask here, so that they agree. */
#ifndef RESOURCES_FHIR_XML_SHAPE_H
#define RESOURCES_FHIR_XML_SHAPE_H
#include <cjson/cJSON.h>

#include "resources/fhir/definitions/definitions.h"

#define XML_FHIR "http://hl7.org/fhir"
#define XML_XHTML "http://www.w3.org/1999/xhtml"

/* Where children are looked up: the structure of the element's type, and the element in it or in
 * the structure around it (a backbone) that has them. */
struct xml_scope {
    const struct structure *structure;
    const struct element *element;
};

/* XML_UNKNOWN: the definitions do not have it; its form alone says what it is. */
enum xml_kind { XML_COMPLEX, XML_PRIMITIVE, XML_RESOURCE, XML_NARRATIVE, XML_UNKNOWN };

struct xml_shape {
    const struct element *element; /* NULL when unknown */
    const struct element_type *type;
    struct xml_scope scope; /* of its own children */
    size_t index;           /* in the order of the definition */
    enum xml_kind kind;
    bool is_list; /* an array in JSON */
};

/* The scope of a resource type; false when there is no such type. */
bool xml_shape_root(struct xml_scope *scope, struct str type, struct definitions *definitions);
/* The property of an object, by its JSON name without '_'; false when it has none of this name. */
bool xml_shape_find(struct xml_shape *shape, const struct xml_scope *in, struct str name,
                    struct definitions *definitions);
/* The shape of a property of another name: a string, or an object in which id and extension are
 * known, as in every Element. At most XML_MOST_UNKNOWN of an object are carried. */
enum { XML_MOST_UNKNOWN = 64 };
void xml_shape_guess(struct xml_shape *shape, struct definitions *definitions);
/* id of everything but resources, url of extensions, value of primitives. */
bool xml_shape_is_attribute(const struct xml_scope *in, struct str name);
/* What a value of a primitive type is in JSON: cJSON_True, cJSON_False, cJSON_Raw (a number), else
 * cJSON_String. *literal is its text there: an integer may have a plus sign in XML. */
int xml_shape_form(struct str type, struct str text, struct str *literal);
#endif
