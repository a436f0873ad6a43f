/* read.c - XML to tree: one pass over the source, an object a frame, guided by the definitions. */
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/xml/narrative.h"
#include "resources/fhir/xml/shape.h"
#include "resources/fhir/xml/source.h"

#define SCHEMA_INSTANCE "http://www.w3.org/2001/XMLSchema-instance"

struct reading {
    struct xml_source source;
    struct definitions *definitions;
    struct arena *arena;
    struct issues *issues;
    size_t faults;
    bool is_open; /* what the definitions do not know is carried, for others to judge */
    bool is_over; /* nothing more is read */
    bool is_cut;  /* and something was left */
};

/* An object that is being read; it moves into the arena when it is complete. */
struct frame {
    struct place place;
    struct xml_scope scope;
    cJSON object;
    int depth;    /* objects and arrays around and including it */
    size_t index; /* of the child read last, in the order of the definition */
    int unknowns; /* children that the definitions do not have */
    /* The repeating child read last: its arrays (NULL while not needed) and how many there were. */
    struct run {
        char *name;
        cJSON *values, *shadows;
        size_t count;
    } run;
};

/* What an element becomes: of a primitive, extensions and id are the shadow. */
struct reading_value {
    cJSON *value, *shadow;
};

static struct place place_in(const struct place *in, const char *name,
                             const struct reading *reading)
{
    return (struct place){ in, name, NULL, -1, (long)reading->source.tag.begin };
}

/* Counts an issue that was raised; the one that is too much ends the reading. */
static bool count_fault(struct reading *reading)
{
    if (++reading->faults == XML_MOST_FAULTS)
        reading->is_over = reading->is_cut = true;
    return false;
}

#define FAULT(reading, at, ...)                                                                    \
    (issue_add((reading)->issues, (at), __VA_ARGS__), count_fault(reading))

/* The next event; false when the text ends or is at fault, and then the reading is over. */
static bool next(struct reading *reading)
{
    const struct xml_fault *fault = &reading->source.fault;
    if (reading->is_over)
        return false;
    if (xml_source_next(&reading->source))
        return true;
    reading->is_over = true;
    if (!reading->source.has_fault)
        return false;
    reading->is_cut = true;
    struct issue *issue = issue_raise(reading->issues, NULL, fault->id, "%s", fault->reason);
    place_line(reading->issues->source, fault->offset, &issue->line, &issue->column);
    return false;
}

static void skip(struct reading *reading)
{
    for (int depth = 1; depth > 0 && next(reading);) {
        depth += reading->source.event == XML_EVENT_START;
        depth -= reading->source.event == XML_EVENT_END;
    }
}

static cJSON *new_value(struct reading *reading, struct str type, struct str text)
{
    struct str literal;
    int form = xml_shape_form(type, text, &literal);
    if (form == cJSON_True || form == cJSON_False)
        return json_new_bool(reading->arena, form == cJSON_True);
    if (form == cJSON_Raw)
        return json_new_number(reading->arena, literal);
    return json_new_string(reading->arena, text);
}

static void put(cJSON *object, char *key, cJSON *item, size_t offset)
{
    item->string = key;
    item->valueint = (int)offset;
    json_add(object, item);
}

static bool is_ignored(const struct frame *frame, const xmlAttr *attribute)
{
    return attribute->ns && frame->scope.structure->kind == KIND_RESOURCE &&
           !strcmp((const char *)attribute->ns->href, SCHEMA_INSTANCE) &&
           !strcmp((const char *)attribute->name, "schemaLocation");
}

static bool is_value(const struct reading *reading, const struct frame *frame, struct str name)
{
    return str_is(name, "value") &&
           (frame->scope.structure->kind == KIND_PRIMITIVE ||
            (reading->is_open && frame->scope.structure->kind == KIND_COMPLEX));
}

/* id and url go into the object; the value of a primitive is given back. */
static cJSON *read_attributes(struct reading *reading, struct frame *frame)
{
    cJSON *value = NULL;
    size_t at = reading->source.tag.begin;
    const xmlAttr *attribute = reading->source.node->properties;
    for (; attribute; attribute = attribute->next) {
        struct str name = str_of((const char *)attribute->name);
        struct str text = xml_source_value(attribute);
        if (is_ignored(frame, attribute))
            continue;
        if (!attribute->ns && is_value(reading, frame, name)) {
            value = new_value(reading, frame->scope.structure->type, text);
            value->valueint = (int)at;
        } else if (attribute->ns || !xml_shape_is_attribute(&frame->scope, name)) {
            FAULT(reading, &frame->place, ISSUE_XML_ATTRIBUTE, "@" STR_FMT,
                  STR_ARG(str_head(name, XML_MOST_REASON)));
        } else {
            put(&frame->object, str_cstr(reading->arena, name),
                json_new_string(reading->arena, text), at);
        }
    }
    return value;
}

/* What is not there is a null as long as its other half goes on. */
static void add_to_list(struct reading *reading, cJSON *list, cJSON *item)
{
    if (list)
        json_add(list, item ? item : json_new_null(reading->arena));
}

static cJSON *new_list(struct reading *reading, size_t nulls, size_t offset)
{
    cJSON *list = json_new_array(reading->arena);
    list->valueint = (int)offset;
    for (; nulls > 0; nulls--)
        json_add(list, json_new_null(reading->arena));
    return list;
}

/* A property that stood here before goes on: its other half goes beside it. */
static void resume_run(struct frame *frame, char *name)
{
    struct run *run = &frame->run;
    *run = (struct run){ .name = name };
    for (cJSON *item = frame->object.child; item; item = item->next) {
        if (!strcmp(item->string, name))
            run->values = item;
        else if (*item->string == '_' && !strcmp(item->string + 1, name))
            run->shadows = item;
    }
    size_t values = json_count(run->values), shadows = json_count(run->shadows);
    run->count = values > shadows ? values : shadows;
}

static char *shadow_key(struct reading *reading, const char *name)
{
    size_t length = strlen(name);
    char *key = arena_alloc_raw(reading->arena, length + 2);
    key[0] = '_';
    memcpy(key + 1, name, length + 1);
    return key;
}

static void add_item(struct reading *reading, struct frame *frame, char *name,
                     struct reading_value read)
{
    struct run *run = &frame->run;
    size_t at = (size_t)json_offset(read.value ? read.value : read.shadow);
    if (!run->values && read.value) {
        run->values = new_list(reading, run->count, at);
        put(&frame->object, name, run->values, at);
        if (run->shadows) { /* the values stand before their shadows */
            json_unlink(&frame->object, run->shadows);
            json_add(&frame->object, run->shadows);
        }
    }
    if (!run->shadows && read.shadow) {
        run->shadows = new_list(reading, run->count, at);
        put(&frame->object, shadow_key(reading, name), run->shadows, at);
    }
    add_to_list(reading, run->values, read.value);
    add_to_list(reading, run->shadows, read.shadow);
    run->count++;
}

static void add_value(struct reading *reading, struct frame *frame, char *name,
                      struct reading_value read)
{
    if (read.value)
        put(&frame->object, name, read.value, (size_t)json_offset(read.value));
    if (read.shadow)
        put(&frame->object, shadow_key(reading, name), read.shadow,
            (size_t)json_offset(read.shadow));
}

/* What is unknown is a list when it is given again. */
static void add_unknown(struct reading *reading, struct frame *frame, char *name,
                        struct reading_value read)
{
    cJSON *before = json_get(&frame->object, name);
    if (!before) {
        add_value(reading, frame, name, read);
    } else if (read.shadow || json_get(&frame->object, shadow_key(reading, name))) {
        FAULT(reading, &frame->place, ISSUE_UNKNOWN_ELEMENT, "%s", name);
    } else {
        if (!cJSON_IsArray(before)) {
            cJSON *list = new_list(reading, 0, (size_t)json_offset(before));
            json_set(reading->arena, &frame->object, name, list);
            json_add(list, before);
            before = list;
        }
        json_add(before, read.value);
    }
}

static bool check_depth(struct reading *reading, const struct frame *frame)
{
    if (frame->depth <= JSON_MOST_DEPTH)
        return true;
    reading->is_over = reading->is_cut = true;
    return FAULT(reading, &frame->place, ISSUE_TOO_DEEP,
                 "more than %d objects and arrays inside each other", JSON_MOST_DEPTH);
}

static bool check_text(struct reading *reading, const struct frame *frame)
{
    struct str text = str_trim(str_of((const char *)reading->source.node->content));
    return FAULT(reading, &frame->place, ISSUE_XML_TEXT, "'" STR_FMT "'",
                 STR_ARG(str_head(text, XML_MOST_REASON)));
}
static void read_children(struct reading *reading, struct frame *frame);

/* Takes the object out of its frame. */
static cJSON *take_object(struct reading *reading, struct frame *frame, size_t at)
{
    cJSON *object = arena_copy(reading->arena, &frame->object, sizeof frame->object);
    object->valueint = (int)at;
    return object;
}

static struct reading_value read_element(struct reading *reading, struct frame *frame,
                                         enum xml_kind kind)
{
    struct reading_value read = { NULL, NULL };
    size_t at = reading->source.tag.begin;
    if (!check_depth(reading, frame))
        return read;
    cJSON *value = read_attributes(reading, frame);
    read_children(reading, frame);
    bool is_object = kind == XML_COMPLEX || (kind == XML_UNKNOWN && !value);
    if (is_object && value && frame->object.child)
        FAULT(reading, &frame->place, ISSUE_XML_ATTRIBUTE, "@value");
    if (is_object && (!value || frame->object.child)) {
        read.value = take_object(reading, frame, at);
        return read;
    }
    read.value = value;
    if (!value || frame->object.child)
        read.shadow = take_object(reading, frame, at);
    return read;
}

static bool is_in_fhir(struct reading *reading, const struct place *at)
{
    const xmlNode *node = reading->source.node;
    if (xml_source_is_in(node, XML_FHIR))
        return true;
    const char *href = node->ns ? (const char *)node->ns->href : "";
    return FAULT(reading, at, ISSUE_XML_NAMESPACE, "'" STR_FMT "' where '" XML_FHIR "' is expected",
                 STR_ARG(str_head(str_of(href), XML_MOST_REASON)));
}

/* A resource from its start to its end; NULL when it is of no known type (and was skipped). */
static cJSON *read_resource(struct reading *reading, const struct place *at, int depth)
{
    struct str type = xml_source_name(reading->source.node);
    size_t begin = reading->source.tag.begin;
    struct frame frame = { .place = *at, .object.type = cJSON_Object, .depth = depth };
    bool is_known = is_in_fhir(reading, at);
    if (is_known && !xml_shape_root(&frame.scope, type, reading->definitions))
        is_known = FAULT(reading, at, ISSUE_RESOURCE_TYPE_UNKNOWN, STR_FMT,
                         STR_ARG(str_head(type, XML_MOST_REASON)));
    if (!is_known || !check_depth(reading, &frame)) {
        skip(reading);
        return NULL;
    }
    put(&frame.object, str_cstr(reading->arena, STR("resourceType")),
        json_new_string(reading->arena, type), begin);
    read_attributes(reading, &frame);
    read_children(reading, &frame);
    return take_object(reading, &frame, begin);
}

/* contained, Bundle.entry.resource: one resource element inside and nothing else. */
static struct reading_value read_wrapped(struct reading *reading, const struct frame *frame)
{
    struct reading_value read = { NULL, NULL };
    bool is_empty = true;
    for (const xmlAttr *a = reading->source.node->properties; a; a = a->next)
        FAULT(reading, &frame->place, ISSUE_XML_ATTRIBUTE, "@" STR_FMT,
              STR_ARG(str_head(str_of((const char *)a->name), XML_MOST_REASON)));
    while (next(reading) && reading->source.event != XML_EVENT_END) {
        struct place at = frame->place;
        at.offset = (long)reading->source.tag.begin;
        if (reading->source.event == XML_EVENT_TEXT) {
            check_text(reading, frame);
        } else if (read.value) {
            FAULT(reading, &at, ISSUE_TOO_MANY, "one resource is expected");
            skip(reading);
        } else {
            read.value = read_resource(reading, &at, frame->depth);
        }
        is_empty = false;
    }
    if (is_empty && !reading->is_over)
        FAULT(reading, &frame->place, ISSUE_EMPTY_VALUE, "a resource is expected");
    return read;
}

static struct reading_value read_narrative(struct reading *reading, const struct place *at)
{
    struct reading_value read = { NULL, NULL };
    if (!xml_source_is_in(reading->source.node, XML_XHTML))
        FAULT(reading, at, ISSUE_XML_NAMESPACE, "'" XML_XHTML "' is expected");
    size_t begin = reading->source.tag.begin;
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct str text = xml_narrative_read(&reading->source, scratch);
    read.value = json_new_string(reading->arena, text);
    read.value->valueint = (int)begin;
    return read;
}

static bool is_there(const struct frame *frame, const char *name)
{
    const cJSON *item = frame->object.child;
    while (item && strcmp(item->string + (*item->string == '_'), name) != 0)
        item = item->next;
    return item;
}

/* The definition of the child that begins here; false with an issue. */
static bool define(struct reading *reading, struct frame *frame, const struct place *at,
                   struct xml_shape *shape)
{
    struct str name = str_of(at->name);
    bool is_attribute = xml_shape_is_attribute(&frame->scope, name);
    bool is_found =
        !is_attribute && xml_shape_find(shape, &frame->scope, name, reading->definitions);
    bool is_narrative = is_found && shape->kind == XML_NARRATIVE;
    if (!is_narrative && !is_in_fhir(reading, at))
        return false;
    if (is_attribute)
        return FAULT(reading, at, ISSUE_UNKNOWN_ELEMENT, "%s is an attribute", at->name);
    if (is_found)
        return true;
    frame->unknowns += !is_there(frame, at->name);
    if (!reading->is_open || frame->unknowns > XML_MOST_UNKNOWN || *at->name == '_')
        return FAULT(reading, at, ISSUE_UNKNOWN_ELEMENT, STR_FMT,
                     STR_ARG(str_head(name, XML_MOST_REASON)));
    xml_shape_guess(shape, reading->definitions);
    return true;
}

/* Holds the child against those before it; false when there is no room for it. */
static bool check_order(struct reading *reading, struct frame *frame, const struct xml_shape *shape,
                        const struct place *at, const char *name)
{
    if (shape->kind == XML_UNKNOWN)
        return true;
    if (shape->index < frame->index)
        FAULT(reading, at, ISSUE_XML_ORDER, "%s stands before " STR_FMT, name,
              STR_ARG(frame->scope.element->children[frame->index]->name));
    bool is_repeated = shape->index <= frame->index && !shape->is_list && is_there(frame, name);
    if (shape->index > frame->index)
        frame->index = shape->index;
    return !is_repeated || FAULT(reading, at, ISSUE_TOO_MANY, "%s is given again", name);
}

static struct reading_value read_shaped(struct reading *reading, const struct frame *above,
                                        const struct xml_shape *shape, const struct place *at)
{
    struct frame frame = { .place = *at,
                           .scope = shape->scope,
                           .object.type = cJSON_Object,
                           .depth = above->depth + 1 + shape->is_list };
    if (shape->kind == XML_RESOURCE)
        return read_wrapped(reading, &frame);
    if (shape->kind == XML_NARRATIVE)
        return read_narrative(reading, at);
    return read_element(reading, &frame, shape->kind);
}

static void read_child(struct reading *reading, struct frame *frame)
{
    struct xml_shape shape;
    char *name = str_cstr(reading->arena, xml_source_name(reading->source.node));
    struct place at = place_in(&frame->place, name, reading);
    if (!define(reading, frame, &at, &shape)) {
        skip(reading);
        return;
    }
    bool is_running = frame->run.name && !strcmp(frame->run.name, name);
    if (shape.is_list && !is_running)
        resume_run(frame, name);
    if (shape.is_list)
        at.index = (int)frame->run.count;
    if (shape.kind != XML_UNKNOWN && shape.element->is_choice) {
        at.name = shape.element->name.data;
        at.of_type = shape.type->code.data;
    }
    if (!check_order(reading, frame, &shape, &at, name)) {
        skip(reading);
        return;
    }
    struct reading_value read = read_shaped(reading, frame, &shape, &at);
    if (!read.value && !read.shadow)
        return;
    if (shape.kind == XML_UNKNOWN)
        add_unknown(reading, frame, name, read);
    else if (shape.is_list)
        add_item(reading, frame, name, read);
    else
        add_value(reading, frame, name, read);
}

static void read_children(struct reading *reading, struct frame *frame)
{
    while (next(reading) && reading->source.event != XML_EVENT_END) {
        if (reading->source.event == XML_EVENT_TEXT)
            check_text(reading, frame);
        else
            read_child(reading, frame);
    }
}

static cJSON *read_root(struct reading *reading)
{
    cJSON *resource = NULL;
    if (!next(reading))
        return NULL;
    char *name = str_cstr(reading->arena, xml_source_name(reading->source.node));
    struct place at = place_in(NULL, name, reading);
    resource = read_resource(reading, &at, 1);
    while (next(reading))
        continue;
    return reading->is_cut ? NULL : resource;
}

static cJSON *parse(struct str text, struct reading *reading)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    reading->issues->source = xml_scan_skip_bom(text);
    xml_source_open(&reading->source, reading->issues->source, scratch);
    cJSON *resource = read_root(reading);
    xml_source_close_at(&reading->source);
    return resource;
}

cJSON *xml_parse(struct str text, struct definitions *definitions, struct arena *arena,
                 struct issues *issues)
{
    struct reading reading = { .definitions = definitions, .arena = arena, .issues = issues };
    cJSON *resource = parse(text, &reading);
    return reading.faults == 0 ? resource : NULL;
}

cJSON *xml_parse_partly(struct str text, struct definitions *definitions, struct arena *arena,
                        struct issues *issues)
{
    struct reading reading = { .definitions = definitions, .arena = arena, .issues = issues };
    reading.is_open = true;
    return parse(text, &reading);
}
