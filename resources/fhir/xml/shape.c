/* shape.c - definitions as the XML format needs them (R4 xml.html, json.html). */
#include "resources/fhir/xml/shape.h"

#include <assert.h>

#include "resources/fhir/json/json.h"

/* As definitions_child goes: an element's own children, those it refers to, those of its type. */
static const struct element *scope_element(const struct element *element,
                                           const struct structure *structure)
{
    if (element->child_count)
        return element;
    if (element->content)
        return element->content;
    return structure ? structure->root : NULL;
}

bool xml_shape_root(struct xml_scope *scope, struct str type, struct definitions *definitions)
{
    if (!definitions_is_resource_type(definitions, type))
        return false;
    scope->structure = definitions_type(definitions, type);
    scope->element = scope->structure ? scope->structure->root : NULL;
    return scope->element;
}

static enum xml_kind kind_of(const struct xml_shape *shape)
{
    if (str_is(shape->type->code, "xhtml"))
        return XML_NARRATIVE;
    if (shape->scope.structure->kind == KIND_PRIMITIVE)
        return XML_PRIMITIVE;
    return shape->scope.structure->kind == KIND_RESOURCE ? XML_RESOURCE : XML_COMPLEX;
}

bool xml_shape_find(struct xml_shape *shape, const struct xml_scope *in, struct str name,
                    struct definitions *definitions)
{
    const struct element_type *type = NULL;
    const struct element *element = definitions_child(in->element, name, &type);
    if (!element || (in->structure->kind == KIND_PRIMITIVE && str_is(name, "value")))
        return false;
    if (!type && element->content && element->content->type_count)
        type = element->content->types;
    const struct structure *structure = type ? definitions_type_of(definitions, type) : NULL;
    if (!structure)
        return false;
    *shape = (struct xml_shape){ .element = element,
                                 .type = type,
                                 .scope = { structure, scope_element(element, structure) },
                                 .is_list = element->base_max > 1 };
    while (in->element->children[shape->index] != element)
        shape->index++;
    shape->kind = kind_of(shape);
    return true;
}

void xml_shape_guess(struct xml_shape *shape, struct definitions *definitions)
{
    const struct structure *structure = definitions_type(definitions, STR("Element"));
    assert(structure);
    *shape = (struct xml_shape){ .scope = { structure, structure->root }, .kind = XML_UNKNOWN };
}

bool xml_shape_is_attribute(const struct xml_scope *in, struct str name)
{
    if (str_is(name, "id"))
        return in->structure->kind != KIND_RESOURCE;
    if (str_is(name, "url"))
        return str_is(in->structure->type, "Extension");
    return str_is(name, "value") && in->structure->kind == KIND_PRIMITIVE;
}

static bool is_number(struct str text)
{
    struct json_error error;
    if (text.len == 0 || text.data[text.len - 1] < '0' || text.data[text.len - 1] > '9')
        return false;
    return (text.data[0] == '-' || (text.data[0] >= '0' && text.data[0] <= '9')) &&
           json_scan(text, &error);
}

int xml_shape_form(struct str type, struct str text, struct str *literal)
{
    static const struct {
        const char *type;
        bool has_plus;
    } NUMBERS[] = {
        { "decimal", false }, { "integer", true }, { "unsignedInt", false }, { "positiveInt", true }
    };
    *literal = text;
    if (str_is(type, "boolean") && (str_is(text, "true") || str_is(text, "false")))
        return str_is(text, "true") ? cJSON_True : cJSON_False;
    for (size_t i = 0; i < COUNT(NUMBERS); i++) {
        if (!str_is(type, NUMBERS[i].type))
            continue;
        if (NUMBERS[i].has_plus && str_starts(text, STR("+")))
            *literal = str_slice(text, 1, text.len);
        if (is_number(*literal) && !(literal->len < text.len && literal->data[0] == '-'))
            return cJSON_Raw;
    }
    *literal = text;
    return cJSON_String;
}
