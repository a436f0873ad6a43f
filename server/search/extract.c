/* extract.c - which part of which data type goes into which index (R4 search.html#table). */
#include "server/search/extract.h"

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/date.h"
#include "resources/fhir/types/reference.h"
#include "server/search/extract_number.h"
#include "server/search/fold.h"
#include "server/search/kind.h"
#include "server/search/value.h"

struct index_row *extract_add(struct extract *extract, enum index_kind kind, const char *suffix)
{
    static const size_t FIRST_ROOM = 64;
    extract->rows = arena_grow(extract->arena, extract->rows, extract->count, &extract->room,
                               FIRST_ROOM, sizeof *extract->rows);
    extract->is_over = extract->is_over || extract->count == SEARCH_MOST_ROWS;
    /* Past the limit the last row is written over and over, and not counted. */
    struct index_row *row = &extract->rows[extract->count - (extract->is_over ? 1 : 0)];
    *row = (struct index_row){ .kind = kind, .parameter = extract->parameter->code };
    if (*suffix)
        row->parameter =
            str_print(extract->arena, STR_FMT "%s", STR_ARG(extract->parameter->code), suffix);
    extract->count += extract->is_over ? 0 : 1;
    return row;
}

/* A system alone is found by "system|". */
static void add_token(struct extract *extract, struct str system, struct str code,
                      const char *suffix)
{
    if (!code.len && !system.len)
        return;
    struct index_row *row = extract_add(extract, INDEX_TOKEN, suffix);
    row->first = system;
    row->second = code;
}

static void add_string(struct extract *extract, struct str text, const char *suffix)
{
    struct str folded = search_fold(text, extract->arena);
    if (!folded.len)
        return;
    struct index_row *row = extract_add(extract, INDEX_STRING, suffix);
    row->first = folded;
    row->second = text;
}

static void add_range(struct extract *extract, int64_t low, int64_t high)
{
    if (low >= high)
        return;
    struct index_row *row = extract_add(extract, INDEX_DATE, "");
    row->low = low;
    row->high = high;
}

static void add_uri(struct extract *extract, struct str uri)
{
    if (uri.len)
        extract_add(extract, INDEX_URI, "")->first = uri;
}

static void coding_token(struct extract *extract, const cJSON *value)
{
    add_token(extract, json_get_text(value, "system"), json_get_text(value, "code"), "");
    add_string(extract, json_get_text(value, "display"), ":text");
}

static void concept_token(struct extract *extract, const cJSON *value)
{
    const cJSON *codings = json_get(value, "coding");
    for (const cJSON *coding = codings ? codings->child : NULL; coding; coding = coding->next)
        coding_token(extract, coding);
    add_string(extract, json_get_text(value, "text"), ":text");
}

static void identifier_token(struct extract *extract, const cJSON *value)
{
    struct str number = json_get_text(value, "value");
    const cJSON *type = json_get(value, "type"), *codings = json_get(type, "coding");
    add_token(extract, json_get_text(value, "system"), number, "");
    add_string(extract, json_get_text(type, "text"), ":text");
    for (const cJSON *coding = codings ? codings->child : NULL; coding; coding = coding->next) {
        struct str code = json_get_text(coding, "code");
        if (!code.len || !number.len)
            continue;
        struct index_row *row = extract_add(extract, INDEX_TOKEN, ":of-type");
        row->first = json_get_text(coding, "system");
        row->second = value_of_type(code, number, extract->arena);
    }
}

static void contact_token(struct extract *extract, const cJSON *value)
{
    add_token(extract, json_get_text(value, "use"), json_get_text(value, "value"), "");
}

static void plain_token(struct extract *extract, const cJSON *value)
{
    add_token(extract, (struct str){ NULL, 0 }, json_text(value), "");
}

static void plain_string(struct extract *extract, const cJSON *value)
{
    add_string(extract, json_text(value), "");
}

/* Each of the members, which are strings or lists of strings. */
static void add_members(struct extract *extract, const cJSON *value, const char *const *names)
{
    for (; *names; names++) {
        const cJSON *member = json_get(value, *names);
        add_string(extract, json_text(member), "");
        for (const cJSON *item = cJSON_IsArray(member) ? member->child : NULL; item;
             item = item->next)
            add_string(extract, json_text(item), "");
    }
}

static void name_string(struct extract *extract, const cJSON *value)
{
    static const char *const NAMES[] = { "text", "family", "given", "prefix", "suffix", NULL };
    add_members(extract, value, NAMES);
}

static void address_string(struct extract *extract, const cJSON *value)
{
    static const char *const NAMES[] = { "text",  "line",       "city",    "district",
                                         "state", "postalCode", "country", NULL };
    add_members(extract, value, NAMES);
}

static bool read_range(struct str text, int64_t *low, int64_t *high)
{
    struct date date;
    if (!text.len || !date_parse(&date, text, DATE_FORM_PARTIAL) || date.is_time)
        return false;
    date_range(&date, low, high);
    return true;
}

static void plain_date(struct extract *extract, const cJSON *value)
{
    int64_t low, high;
    if (read_range(json_text(value), &low, &high))
        add_range(extract, low, high);
}

/* An end that is not given is open: the period goes on, or has always been. */
static bool read_period(const cJSON *value, int64_t *low, int64_t *high)
{
    int64_t inner;
    bool has_start = read_range(json_get_text(value, "start"), low, &inner);
    bool has_end = read_range(json_get_text(value, "end"), &inner, high);
    if (!has_start)
        *low = INT64_MIN;
    if (!has_end)
        *high = INT64_MAX;
    return has_start || has_end;
}

static void period_date(struct extract *extract, const cJSON *value)
{
    int64_t low, high;
    if (read_period(value, &low, &high))
        add_range(extract, low, high);
}

/* "Only the outer limits matter" (R4 search.html#date): from the first event or the bounds' start
 * to the last event or the bounds' end. */
static void timing_date(struct extract *extract, const cJSON *value)
{
    int64_t low = INT64_MAX, high = INT64_MIN, a, b;
    const cJSON *events = json_get(value, "event");
    for (const cJSON *event = events ? events->child : NULL; event; event = event->next)
        if (read_range(json_text(event), &a, &b)) {
            low = a < low ? a : low;
            high = b > high ? b : high;
        }
    if (read_period(json_get(json_get(value, "repeat"), "boundsPeriod"), &a, &b)) {
        low = a < low ? a : low;
        high = b > high ? b : high;
    }
    add_range(extract, low, high);
}

static void add_target(struct extract *extract, struct str text)
{
    struct search_value target = { 0 };
    if (!text.len || text.data[0] == '#')
        return;
    value_target(&target, text, extract->definitions, extract->base_url);
    struct index_row *row = extract_add(extract, INDEX_REFERENCE, "");
    row->first = target.first;
    row->second = target.second;
}

static void reference_reference(struct extract *extract, const cJSON *value)
{
    const cJSON *identifier = json_get(value, "identifier");
    add_target(extract, json_get_text(value, "reference"));
    add_token(extract, json_get_text(identifier, "system"), json_get_text(identifier, "value"),
              ":identifier");
}

/* A canonical with a version is found with it and without. */
static void canonical_reference(struct extract *extract, const cJSON *value)
{
    struct str text = json_text(value);
    struct canonical canonical = reference_parse_canonical(text);
    add_target(extract, text);
    if (canonical.url.len != text.len)
        add_target(extract, canonical.url);
}

static void plain_uri(struct extract *extract, const cJSON *value)
{
    add_uri(extract, json_text(value));
}

static void canonical_uri(struct extract *extract, const cJSON *value)
{
    struct str text = json_text(value);
    struct canonical canonical = reference_parse_canonical(text);
    add_uri(extract, text);
    if (canonical.url.len != text.len)
        add_uri(extract, canonical.url);
}

static const struct {
    enum index_kind kind;
    const char *type; /* of the value */
    void (*extract)(struct extract *extract, const cJSON *value);
} TABLE[] = {
    { INDEX_TOKEN, "CodeableConcept", concept_token },
    { INDEX_TOKEN, "Coding", coding_token },
    { INDEX_TOKEN, "Identifier", identifier_token },
    { INDEX_TOKEN, "ContactPoint", contact_token },
    { INDEX_TOKEN, "code", plain_token },
    { INDEX_TOKEN, "boolean", plain_token },
    { INDEX_TOKEN, "string", plain_token },
    { INDEX_TOKEN, "id", plain_token },
    { INDEX_TOKEN, "uri", plain_token },
    { INDEX_STRING, "HumanName", name_string },
    { INDEX_STRING, "Address", address_string },
    { INDEX_STRING, "string", plain_string },
    { INDEX_STRING, "markdown", plain_string },
    { INDEX_STRING, "code", plain_string },
    { INDEX_DATE, "date", plain_date },
    { INDEX_DATE, "dateTime", plain_date },
    { INDEX_DATE, "instant", plain_date },
    { INDEX_DATE, "Period", period_date },
    { INDEX_DATE, "Timing", timing_date },
    { INDEX_REFERENCE, "Reference", reference_reference },
    { INDEX_REFERENCE, "canonical", canonical_reference },
    { INDEX_REFERENCE, "uri", canonical_reference },
    { INDEX_URI, "uri", plain_uri },
    { INDEX_URI, "url", plain_uri },
    { INDEX_URI, "oid", plain_uri },
    { INDEX_URI, "uuid", plain_uri },
    { INDEX_URI, "canonical", canonical_uri },
    { INDEX_NUMBER, "integer", extract_number_plain },
    { INDEX_NUMBER, "decimal", extract_number_plain },
    { INDEX_NUMBER, "positiveInt", extract_number_plain },
    { INDEX_NUMBER, "unsignedInt", extract_number_plain },
    { INDEX_QUANTITY, "Quantity", extract_number_quantity },
    { INDEX_QUANTITY, "Age", extract_number_quantity },
    { INDEX_QUANTITY, "Duration", extract_number_quantity },
    { INDEX_QUANTITY, "Distance", extract_number_quantity },
    { INDEX_QUANTITY, "Count", extract_number_quantity },
    { INDEX_QUANTITY, "SimpleQuantity", extract_number_quantity },
    { INDEX_QUANTITY, "Money", extract_number_money },
    { INDEX_QUANTITY, "Range", extract_number_range },
    { INDEX_POSITION, "BackboneElement", extract_number_position },
};

/* The type that a value of FHIRPath's own system has in the table. */
static const char *const SYSTEM_TYPES[] = {
    [FHIRPATH_NODE] = "",
    [FHIRPATH_BOOLEAN] = "boolean",
    [FHIRPATH_INTEGER] = "integer",
    [FHIRPATH_DECIMAL] = "decimal",
    [FHIRPATH_STRING] = "string",
    [FHIRPATH_DATE] = "date",
    [FHIRPATH_DATETIME] = "dateTime",
    [FHIRPATH_TIME] = "time",
    [FHIRPATH_QUANTITY] = "",
    [FHIRPATH_TYPE] = "",
};

static bool extract_value(struct extract *extract, enum index_kind kind, struct str type,
                          const cJSON *value)
{
    for (size_t i = 0; i < COUNT(TABLE); i++)
        if (TABLE[i].kind == kind && str_is(type, TABLE[i].type)) {
            TABLE[i].extract(extract, value);
            return true;
        }
    return false;
}

bool extract_item(struct extract *extract, const struct fhirpath_item *item)
{
    enum index_kind kind;
    if (!kind_of_parameter(&kind, extract->parameter))
        return false;
    if (item->kind != FHIRPATH_NODE)
        return extract_value(extract, kind, str_of(SYSTEM_TYPES[item->kind]),
                             json_new_string(extract->arena, item->text));
    const struct node *node = item->node;
    struct str type = node_type(node);
    if (!node->value)
        return false;
    if (kind != INDEX_TOKEN || !str_is(type, "code") || !node->element)
        return extract_value(extract, kind, type, node->value);
    add_token(extract, codes_system(extract->codes, extract->definitions, node->element->value_set),
              json_text(node->value), "");
    return true;
}

void extract_presence(struct extract *extract)
{
    extract_add(extract, INDEX_PRESENCE, "");
}

void extract_contained(struct extract *extract, const cJSON *resource)
{
    const cJSON *list = json_get(resource, "contained");
    const struct search_parameter *kept = extract->parameter;
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next) {
        struct str type = json_get_text(one, "resourceType");
        const cJSON *before = list->child;
        while (before != one && !str_equal(json_get_text(before, "resourceType"), type))
            before = before->next;
        if (before != one || !definitions_is_resource_type(extract->definitions, type))
            continue;
        struct search_parameter *parameter = arena_alloc(extract->arena, sizeof *parameter);
        parameter->code = str_print(extract->arena, INDEX_CONTAINED STR_FMT, STR_ARG(type));
        extract->parameter = parameter;
        extract_presence(extract);
    }
    extract->parameter = kept;
}
