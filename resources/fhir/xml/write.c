/* write.c - tree to XML: an object's properties sorted into the order of the definitions. */
#include <assert.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/xml/narrative.h"
#include "resources/fhir/xml/shape.h"
#include "resources/fhir/xml/text.h"

struct writing {
    struct buf *out;
    struct definitions *definitions;
    struct issues *issues;
    struct arena *scratch;
    size_t faults;
    bool is_pretty;
};

/* A property with its shadow, and where it belongs. */
struct entry {
    struct xml_shape shape;
    const char *name;
    const cJSON *value, *shadow;
};

/* An object that is being written. */
struct frame {
    struct place place;
    struct xml_scope scope;
    const cJSON *object; /* NULL for a primitive without a shadow */
    int depth;           /* of its element in the XML */
};

/* One element to be written: name, and what stands in it. */
struct item {
    const char *name;
    const struct xml_shape *shape;
    const cJSON *value, *shadow;
    struct place place;
    int depth;
};

#define FAULT(writing, at, ...)                                                                    \
    ((writing)->faults++, issue_add((writing)->issues, (at), __VA_ARGS__))

/* For what a reader takes that goes on after an issue (xml_parse_partly). */
static void warn(struct writing *writing, const struct place *at, enum issue_id id,
                 const char *detail)
{
    struct issue *issue = issue_raise(writing->issues, at, id, "%s", detail);
    issue_set_severity(writing->issues, issue, SEVERITY_WARNING);
}

static void new_line(struct writing *writing, int depth)
{
    if (!writing->is_pretty)
        return;
    buf_add_char(writing->out, '\n');
    for (int i = 1; i < depth; i++)
        buf_add(writing->out, STR("  "));
}

static void write_attribute(struct writing *writing, struct str name, const cJSON *value,
                            const struct place *at)
{
    struct buf *out = writing->out;
    struct str text = json_text(value);
    uint32_t foreign = xml_text_find_foreign(text);
    if (foreign)
        FAULT(writing, at, ISSUE_XML_CHARACTER, "U+%04X", (unsigned)foreign);
    buf_add_char(out, ' ');
    buf_add(out, name);
    buf_add(out, STR("=\""));
    size_t begin = out->len;
    xml_text_escape(out, text);
    if (out->len - begin > XML_MOST_VALUE_BYTES)
        FAULT(writing, at, ISSUE_VALUE_TOO_LONG, "more than %d bytes", XML_MOST_VALUE_BYTES);
    buf_add_char(out, '"');
}

static const cJSON *find_other(const cJSON *object, const char *key)
{
    bool is_shadow = *key == '_';
    for (const cJSON *item = object->child; item; item = item->next)
        if (is_shadow ? !strcmp(item->string, key + 1)
                      : *item->string == '_' && !strcmp(item->string + 1, key))
            return item;
    return NULL;
}

/* Whether a property is written elsewhere: as an attribute, or the type as the element's name. */
static bool is_elsewhere(struct writing *writing, const struct frame *frame, const cJSON *property,
                         const struct place *at)
{
    struct str key = str_of(property->string);
    if (frame->scope.structure->kind == KIND_RESOURCE && str_is(key, "resourceType"))
        return true;
    if (!xml_shape_is_attribute(&frame->scope, key) || str_is(key, "value"))
        return false;
    if (!cJSON_IsString(property))
        FAULT(writing, at, ISSUE_TYPE_MISMATCH, "a string is expected");
    return true;
}

/* An element's name in any namespace; keys of JSON can be anything. */
static bool is_plain_name(struct str name)
{
    static const char OTHERS[] = "0123456789-._";
    for (size_t i = 0; i < name.len; i++) {
        bool is_letter = (name.data[i] >= 'a' && name.data[i] <= 'z') ||
                         (name.data[i] >= 'A' && name.data[i] <= 'Z');
        if (!is_letter && (i == 0 || !memchr(OTHERS, name.data[i], sizeof OTHERS - 1)))
            return false;
    }
    return name.len > 0;
}

/* What a reader that does not know it takes for the same again. */
static bool is_carried(const cJSON *property, const cJSON *shadow)
{
    if (!cJSON_IsArray(property))
        return cJSON_IsString(property) || (cJSON_IsObject(property) && !shadow);
    return property->child && property->child->next && !shadow;
}

/* A property that the definitions do not have. */
static bool define_unknown(struct writing *writing, const struct frame *frame,
                           const cJSON *property, struct entry *entry)
{
    struct str name = str_of(property->string);
    const struct place at = { &frame->place, property->string, NULL, -1, json_offset(property) };
    const cJSON *other = find_other(frame->object, property->string);
    xml_shape_guess(&entry->shape, writing->definitions);
    if (name.len && name.data[0] == '_' && other && is_carried(other, property))
        return false;
    if (!is_plain_name(name) || !is_carried(property, other) ||
        xml_shape_is_attribute(&frame->scope, name))
        return FAULT(writing, &at, ISSUE_UNKNOWN_ELEMENT, STR_FMT,
                     STR_ARG(str_head(name, XML_MOST_REASON)));
    warn(writing, &at, ISSUE_UNKNOWN_ELEMENT, name.data);
    entry->name = name.data;
    entry->value = property;
    entry->shadow = other;
    return true;
}

/* The entry of a property; false when it has none of its own. */
static bool define(struct writing *writing, const struct frame *frame, const cJSON *property,
                   struct entry *entry)
{
    bool is_shadow = *property->string == '_';
    struct str name = str_of(property->string + is_shadow);
    const struct place at = { &frame->place, property->string, NULL, -1, json_offset(property) };
    if (is_elsewhere(writing, frame, property, &at))
        return false;
    bool is_known = !xml_shape_is_attribute(&frame->scope, name) &&
                    xml_shape_find(&entry->shape, &frame->scope, name, writing->definitions);
    if (!is_known || (is_shadow && entry->shape.kind != XML_PRIMITIVE))
        return define_unknown(writing, frame, property, entry);
    const cJSON *other =
        entry->shape.kind == XML_PRIMITIVE ? find_other(frame->object, property->string) : NULL;
    if (is_shadow && other)
        return false;
    entry->name = name.data;
    entry->value = is_shadow ? NULL : property;
    entry->shadow = is_shadow ? property : other;
    return true;
}

/* Insertion: most objects come in the right order already. */
static void sort_in(struct entry *entries, size_t count, const struct entry *entry)
{
    size_t at = count;
    for (; at > 0 && entries[at - 1].shape.index > entry->shape.index; at--)
        entries[at] = entries[at - 1];
    entries[at] = *entry;
}

static void write_properties(struct writing *writing, const struct frame *frame);

static void write_head(struct writing *writing, const struct item *item)
{
    new_line(writing, item->depth);
    buf_add_char(writing->out, '<');
    buf_add(writing->out, str_of(item->name));
}

/* The attributes of an object, then what is in it, then the end tag. */
static void write_body(struct writing *writing, const struct frame *frame, const char *name)
{
    static const char *const ATTRIBUTES[] = { "id", "url" };
    struct buf *out = writing->out;
    for (size_t i = 0; i < COUNT(ATTRIBUTES); i++) {
        const cJSON *value = json_get(frame->object, ATTRIBUTES[i]);
        if (cJSON_IsString(value) && xml_shape_is_attribute(&frame->scope, str_of(ATTRIBUTES[i])))
            write_attribute(writing, str_of(ATTRIBUTES[i]), value, &frame->place);
    }
    size_t begin = out->len;
    buf_add_char(out, '>');
    write_properties(writing, frame);
    if (out->len == begin + 1) {
        out->len = begin;
        buf_add(out, STR("/>"));
        return;
    }
    new_line(writing, frame->depth);
    buf_add(out, STR("</"));
    buf_add(out, str_of(name));
    buf_add_char(out, '>');
}

static bool check_depth(struct writing *writing, const struct place *at, int depth)
{
    return depth <= XML_MOST_DEPTH ||
           FAULT(writing, at, ISSUE_TOO_DEEP, "more than %d elements inside each other",
                 XML_MOST_DEPTH);
}

static void write_resource(struct writing *writing, const cJSON *resource, const struct place *at,
                           int depth)
{
    const cJSON *type = json_get(resource, "resourceType");
    struct frame frame = { .place = *at, .object = resource, .depth = depth };
    if (!cJSON_IsString(type)) {
        FAULT(writing, at, ISSUE_RESOURCE_TYPE_MISSING, "resourceType is expected");
        return;
    }
    if (!xml_shape_root(&frame.scope, json_text(type), writing->definitions)) {
        FAULT(writing, at, ISSUE_RESOURCE_TYPE_UNKNOWN, STR_FMT,
              STR_ARG(str_head(json_text(type), XML_MOST_REASON)));
        return;
    }
    if (!check_depth(writing, at, depth))
        return;
    const struct item item = { .name = type->valuestring, .depth = depth };
    write_head(writing, &item);
    if (depth == 1)
        buf_add(writing->out, STR(" xmlns=\"" XML_FHIR "\""));
    write_body(writing, &frame, type->valuestring);
}

static void write_wrapped(struct writing *writing, const struct item *item)
{
    write_head(writing, item);
    buf_add_char(writing->out, '>');
    write_resource(writing, item->value, &item->place, item->depth + 1);
    new_line(writing, item->depth);
    buf_add(writing->out, STR("</"));
    buf_add(writing->out, str_of(item->name));
    buf_add_char(writing->out, '>');
}

static void write_narrative(struct writing *writing, const struct item *item)
{
    struct xml_fault fault;
    struct str text = str_trim(json_text(item->value));
    new_line(writing, item->depth);
    if (!xml_narrative_check(text, XML_MOST_DEPTH - item->depth + 1, &fault))
        FAULT(writing, &item->place, fault.id, "%s", fault.reason);
    buf_add(writing->out, text);
}

/* A value of a primitive must be of the JSON type that its text is read back as. */
static bool check_form(struct writing *writing, const struct item *item)
{
    struct str literal;
    struct str type = item->shape->scope.structure->type;
    int form = xml_shape_form(type, json_text(item->value), &literal);
    return (item->value->type & 0xff) == form ||
           FAULT(writing, &item->place, ISSUE_TYPE_MISMATCH, STR_FMT " is expected", STR_ARG(type));
}

static void write_primitive(struct writing *writing, const struct item *item)
{
    const struct frame frame = { item->place, item->shape->scope, item->shadow, item->depth };
    if (item->value && !check_form(writing, item))
        return;
    write_head(writing, item);
    if (item->value)
        write_attribute(writing, STR("value"), item->value, &item->place);
    write_body(writing, &frame, item->name);
}

/* Whether the element has a value attribute: also one that has a string in place of an object. */
static bool is_primitive(const struct item *item)
{
    return item->shape->kind == XML_PRIMITIVE ||
           (item->shape->kind != XML_NARRATIVE && item->shape->kind != XML_RESOURCE &&
            cJSON_IsString(item->value));
}

static bool check_types(struct writing *writing, const struct item *item)
{
    const cJSON *value = item->value, *shadow = item->shadow;
    enum xml_kind kind = item->shape->kind;
    struct str type = item->shape->scope.structure->type;
    if (!value && !shadow)
        return FAULT(writing, &item->place, ISSUE_EMPTY_VALUE, "null");
    bool is_fine = true;
    if (value && is_primitive(item))
        is_fine = !cJSON_IsObject(value) && !cJSON_IsArray(value);
    else if (value)
        is_fine = kind == XML_NARRATIVE ? cJSON_IsString(value) : cJSON_IsObject(value);
    if (!is_fine || (shadow && !cJSON_IsObject(shadow)))
        return FAULT(writing, &item->place, ISSUE_TYPE_MISMATCH, STR_FMT " is expected",
                     STR_ARG(type));
    if (kind == XML_COMPLEX && is_primitive(item))
        warn(writing, &item->place, ISSUE_TYPE_MISMATCH, "an object is expected");
    return true;
}

static void write_item(struct writing *writing, const struct item *item)
{
    const struct frame frame = { item->place, item->shape->scope, item->value, item->depth };
    if (!check_types(writing, item) || !check_depth(writing, &item->place, item->depth))
        return;
    if (is_primitive(item)) {
        write_primitive(writing, item);
    } else if (item->shape->kind == XML_NARRATIVE) {
        write_narrative(writing, item);
    } else if (item->shape->kind == XML_RESOURCE) {
        write_wrapped(writing, item);
    } else {
        write_head(writing, item);
        write_body(writing, &frame, item->name);
    }
}

static const cJSON *unless_null(const cJSON *item)
{
    return cJSON_IsNull(item) ? NULL : item;
}

static void write_list(struct writing *writing, const struct entry *entry, struct item *item)
{
    const cJSON *value = entry->value ? entry->value->child : NULL;
    const cJSON *shadow = entry->shadow ? entry->shadow->child : NULL;
    if (!value && !shadow)
        FAULT(writing, &item->place, ISSUE_EMPTY_VALUE, "[]");
    while (value || shadow) {
        item->place.index++;
        item->place.offset = json_offset(value ? value : shadow);
        item->value = unless_null(value);
        item->shadow = unless_null(shadow);
        write_item(writing, item);
        value = value ? value->next : NULL;
        shadow = shadow ? shadow->next : NULL;
    }
}

static bool is_of(const cJSON *item, bool is_list)
{
    return !item || cJSON_IsArray(item) == is_list;
}

static void write_entry(struct writing *writing, const struct frame *frame,
                        const struct entry *entry)
{
    const struct xml_shape *shape = &entry->shape;
    struct item item = { .name = entry->name, .shape = shape, .depth = frame->depth + 1 };
    item.place = (struct place){ &frame->place, entry->name, NULL, -1,
                                 json_offset(entry->value ? entry->value : entry->shadow) };
    bool is_list = shape->kind == XML_UNKNOWN ? cJSON_IsArray(entry->value) : shape->is_list;
    if (shape->kind != XML_UNKNOWN && shape->element->is_choice) {
        item.place.name = shape->element->name.data;
        item.place.of_type = shape->type->code.data;
    }
    if (!is_of(entry->value, is_list) || !is_of(entry->shadow, is_list)) {
        FAULT(writing, &item.place, ISSUE_TYPE_MISMATCH, "%s is expected",
              is_list ? "an array" : "a single value");
    } else if (is_list) {
        write_list(writing, entry, &item);
    } else {
        item.value = unless_null(entry->value);
        item.shadow = unless_null(entry->shadow);
        write_item(writing, &item);
    }
}

/* How many names the definitions have for the properties of an object. */
static size_t count_names(const struct element *element)
{
    size_t count = 0;
    for (size_t i = 0; i < element->child_count; i++)
        count += element->children[i]->is_choice ? element->children[i]->type_count : 1;
    return count;
}

/* What the definitions do not have stays behind what it stood behind. */
static void write_properties(struct writing *writing, const struct frame *frame)
{
    struct arena_mark mark = arena_mark(writing->scratch);
    size_t most = frame->object ? count_names(frame->scope.element) + XML_MOST_UNKNOWN : 0;
    struct entry *entries = arena_alloc_raw(writing->scratch, (most + 1) * sizeof *entries), entry;
    size_t count = 0, unknowns = 0, index = 0;
    const cJSON *property = frame->object ? frame->object->child : NULL;
    for (; property && writing->faults < XML_MOST_FAULTS; property = property->next) {
        if (!define(writing, frame, property, &entry))
            continue;
        bool is_known = entry.shape.kind != XML_UNKNOWN;
        entry.shape.index = index = is_known ? entry.shape.index : index;
        unknowns += !is_known;
        assert(count < most || unknowns > XML_MOST_UNKNOWN);
        if (unknowns <= XML_MOST_UNKNOWN)
            sort_in(entries, count++, &entry);
        else
            FAULT(writing, &frame->place, ISSUE_TOO_COSTLY, "too many unknown properties");
    }
    for (size_t i = 0; i < count && writing->faults < XML_MOST_FAULTS; i++)
        write_entry(writing, frame, &entries[i]);
    arena_reset(writing->scratch, mark);
}

static bool print(struct writing *writing, const cJSON *resource)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct str type = json_get_text(resource, "resourceType");
    struct place at = PLACE_ROOT(type.len ? type.data : "Resource");
    at.offset = json_offset(resource);
    writing->scratch = scratch;
    buf_add(writing->out, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
    write_resource(writing, resource, &at, 1);
    if (writing->is_pretty)
        buf_add_char(writing->out, '\n');
    if (writing->out->is_over && writing->faults == 0)
        FAULT(writing, &at, ISSUE_TOO_LARGE, "more than %zu bytes of XML", writing->out->most);
    return writing->faults == 0;
}

bool xml_print(struct buf *out, const cJSON *resource, struct definitions *definitions,
               struct issues *issues)
{
    struct writing writing = { .out = out, .definitions = definitions, .issues = issues };
    return print(&writing, resource);
}

bool xml_print_pretty(struct buf *out, const cJSON *resource, struct definitions *definitions,
                      struct issues *issues)
{
    struct writing writing = { .out = out, .definitions = definitions, .issues = issues };
    writing.is_pretty = true;
    return print(&writing, resource);
}
