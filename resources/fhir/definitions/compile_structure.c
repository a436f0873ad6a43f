/* compile_structure.c - a StructureDefinition's snapshot as rows: elements, types, invariants. */
#include <string.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/definitions/compiler.h"
#include "resources/fhir/json/json.h"

enum { MOST_ELEMENTS = 20000, MOST_LIST = 1 << 20 };

/* A snapshot on its way: numbers[i] holds i, so that the map of ids can point at it. */
struct snapshot {
    struct compiler *compiler;
    struct arena *arena;
    int64_t structure;
    struct str url;
    struct map ids; /* element id to its number */
    int64_t *numbers;
    int64_t count;
};

static bool is_true(const cJSON *item)
{
    return cJSON_IsTrue(item);
}

/* The first property whose name begins with a stem, as fixed[x] has one of many names. */
static const cJSON *find_choice(const cJSON *element, struct str stem)
{
    for (const cJSON *item = element ? element->child : NULL; item; item = item->next) {
        struct str name = str_of(item->string);
        if (name.len > stem.len && str_starts(name, stem) && name.data[stem.len] >= 'A' &&
            name.data[stem.len] <= 'Z')
            return item;
    }
    return NULL;
}

/* A choice with its name around it, {"fixedUri":"..."}, so that the type is kept. */
static struct str print_choice(const cJSON *element, struct str stem, struct arena *arena)
{
    const cJSON *item = find_choice(element, stem);
    if (!item)
        return (struct str){ "", 0 };
    struct str value = compiler_json(item, arena);
    struct buf buf;
    buf_init(&buf, arena, value.len + 1024);
    buf_add_char(&buf, '{');
    buf_add_json_string(&buf, str_of(item->string));
    buf_add_char(&buf, ':');
    buf_add(&buf, value);
    buf_add_char(&buf, '}');
    return buf_str(&buf);
}

static const cJSON *find_extension(const cJSON *item, const char *url)
{
    const cJSON *list = json_get(item, "extension");
    for (const cJSON *e = list ? list->child : NULL; e; e = e->next)
        if (str_is(json_get_text(e, "url"), url))
            return e;
    return NULL;
}

/* FHIRPath's System types stand where a primitive's own value is; what FHIR type that is, an
 * extension says. For Resource.id R4 says string there and id in its text: the text is right. */
static struct str type_code(const cJSON *element, const cJSON *type)
{
    static const struct {
        const char *system, *fhir;
    } NAMES[] = { { "Boolean", "boolean" }, { "String", "string" },    { "Integer", "integer" },
                  { "Decimal", "decimal" }, { "Date", "date" },        { "DateTime", "dateTime" },
                  { "Time", "time" },       { "Quantity", "Quantity" } };
    const struct str system = STR("http://hl7.org/fhirpath/System.");
    struct str code = json_get_text(type, "code");
    if (!str_starts(code, system))
        return code;
    if (str_is(json_get_text(json_get(element, "base"), "path"), "Resource.id"))
        return STR("id");
    const cJSON *extension = find_extension(
        type, "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type");
    struct str given = json_get_text(extension, "valueUrl");
    if (!given.len)
        given = json_get_text(extension, "valueUri");
    if (given.len)
        return given;
    for (size_t i = 0; i < COUNT(NAMES); i++)
        if (str_is(str_slice(code, system.len, code.len), NAMES[i].system))
            return str_of(NAMES[i].fhir);
    return code;
}

/* The canonicals of a type's profiles. Where an extension says that only one element of the profile
 * is meant, its id is the fragment. */
static struct str print_profiles(const cJSON *type, struct arena *arena)
{
    const cJSON *list = json_get(type, "profile"), *shadows = json_get(type, "_profile");
    if (!shadows)
        return compiler_words(list, arena);
    struct buf out;
    buf_init(&out, arena, MOST_LIST);
    for (size_t i = 0; i < json_count(list); i++) {
        const cJSON *extension = find_extension(
            json_at(shadows, i),
            "http://hl7.org/fhir/StructureDefinition/elementdefinition-profile-element");
        struct str element = json_get_text(extension, "valueString");
        buf_print(&out, "%s" STR_FMT "%s" STR_FMT, i ? " " : "",
                  STR_ARG(json_text(json_at(list, i))), element.len ? "#" : "", STR_ARG(element));
    }
    return buf_str(&out);
}

static void add_types(struct snapshot *snapshot, int64_t set, const cJSON *element)
{
    const cJSON *types = json_get(element, "type");
    for (size_t i = 0; i < json_count(types); i++) {
        const cJSON *type = json_at(types, i);
        struct row row = compiler_row(snapshot->compiler, INSERT_ELEMENT_TYPE);
        compiler_number(&row, set);
        compiler_number(&row, (int64_t)i);
        compiler_text(&row, type_code(element, type));
        compiler_text(&row, print_profiles(type, snapshot->arena));
        compiler_text(&row, compiler_words(json_get(type, "targetProfile"), snapshot->arena));
        compiler_text(&row, compiler_words(json_get(type, "aggregation"), snapshot->arena));
        compiler_add(&row);
    }
}

/* The number of the element's list of types, or -1 when it has none. */
static int64_t intern_types(struct snapshot *snapshot, const cJSON *element)
{
    struct compiler *compiler = snapshot->compiler;
    const cJSON *types = json_get(element, "type");
    if (json_count(types) == 0)
        return -1;
    struct buf key;
    buf_init(&key, snapshot->arena, MOST_LIST);
    for (size_t i = 0; i < json_count(types); i++) {
        const cJSON *type = json_at(types, i);
        struct str profiles = print_profiles(type, snapshot->arena);
        struct str targets = compiler_words(json_get(type, "targetProfile"), snapshot->arena);
        struct str aggregation = compiler_words(json_get(type, "aggregation"), snapshot->arena);
        buf_print(&key, STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\n",
                  STR_ARG(type_code(element, type)), STR_ARG(profiles), STR_ARG(targets),
                  STR_ARG(aggregation));
    }
    bool is_new;
    int64_t set = compiler_intern(compiler, &compiler->type_sets, buf_str(&key), &is_new);
    if (is_new)
        add_types(snapshot, set, element);
    return set;
}

static int64_t intern_invariant(struct compiler *compiler, const cJSON *rule, struct arena *arena)
{
    struct str values[] = { json_get_text(rule, "key"), json_get_text(rule, "severity"),
                            json_get_text(rule, "expression"), json_get_text(rule, "human"),
                            json_get_text(rule, "source") };
    bool is_best_practice = is_true(json_get(
        find_extension(rule,
                       "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice"),
        "valueBoolean"));
    struct buf key;
    buf_init(&key, arena, MOST_LIST);
    for (size_t i = 0; i < COUNT(values); i++) {
        buf_add_json_string(&key, values[i]);
        buf_add_char(&key, is_best_practice ? '!' : ',');
    }
    bool is_new;
    int64_t id = compiler_intern(compiler, &compiler->invariants, buf_str(&key), &is_new);
    if (!is_new)
        return id;
    struct row row = compiler_row(compiler, INSERT_INVARIANT);
    compiler_number(&row, id);
    for (size_t i = 0; i < COUNT(values); i++)
        compiler_text(&row, values[i]);
    compiler_number(&row, is_best_practice);
    compiler_add(&row);
    return id;
}

/* [1,5]: the invariants of an element; empty when it has none. */
static struct str print_invariants(struct snapshot *snapshot, const cJSON *element)
{
    const cJSON *rules = json_get(element, "constraint");
    if (json_count(rules) == 0)
        return (struct str){ "", 0 };
    struct buf buf;
    buf_init(&buf, snapshot->arena, MOST_LIST);
    for (size_t i = 0; i < json_count(rules); i++)
        buf_print(
            &buf, "%c%lld", i ? ',' : '[',
            (long long)intern_invariant(snapshot->compiler, json_at(rules, i), snapshot->arena));
    buf_add_char(&buf, ']');
    return buf_str(&buf);
}

static int64_t find_number(const struct snapshot *snapshot, struct str id)
{
    const int64_t *number = map_find(&snapshot->ids, id);
    return number ? *number : -1;
}

/* Where the last c in a text stands, or its length. */
static size_t find_last(struct str text, char c)
{
    for (size_t i = text.len; i > 0; i--)
        if (text.data[i - 1] == c)
            return i - 1;
    return text.len;
}

/* The element that a slice divides: a:s divides a, a:s/t divides a:s. -1: no slice, or the snapshot
 * does not have what it divides (then it stands as a child like any other). */
static int64_t find_sliced(const struct snapshot *snapshot, struct str id)
{
    size_t step = find_last(id, '.');
    size_t name = find_last(id, ':');
    if (name == id.len || (step != id.len && name < step))
        return -1;
    size_t part = find_last(id, '/');
    int64_t sliced = -1;
    if (part != id.len && part > name)
        sliced = find_number(snapshot, str_slice(id, 0, part));
    return sliced >= 0 ? sliced : find_number(snapshot, str_slice(id, 0, name));
}

/* #Bundle.link, or a canonical with it: always within the same structure. */
static int64_t find_content(const struct snapshot *snapshot, struct str reference)
{
    size_t mark = str_find(reference, '#', 0);
    if (mark >= reference.len)
        return -1;
    return find_number(snapshot, str_slice(reference, mark + 1, reference.len));
}

/* {"discriminator":[...],"ordered":...,"rules":...}: slicing without its description. */
static struct str print_slicing(const cJSON *element, struct arena *arena)
{
    static const char *const KEPT[] = { "discriminator", "ordered", "rules" };
    const cJSON *slicing = json_get(element, "slicing");
    if (!slicing)
        return (struct str){ "", 0 };
    struct buf buf;
    buf_init(&buf, arena, MOST_LIST);
    buf_add_char(&buf, '{');
    for (size_t i = 0; i < COUNT(KEPT); i++) {
        const cJSON *value = json_get(slicing, KEPT[i]);
        if (!value)
            continue;
        buf_print(&buf, "%s\"%s\":", buf.len > 1 ? "," : "", KEPT[i]);
        json_print(&buf, value);
    }
    buf_add_char(&buf, '}');
    return buf_str(&buf);
}

static struct str base_max(const cJSON *element)
{
    struct str max = json_get_text(json_get(element, "base"), "max");
    return max.len ? max : json_get_text(element, "max");
}

/* The value set that no code may leave, however weak the binding. */
static struct str max_value_set(const cJSON *binding)
{
    const cJSON *extensions = json_get(binding, "extension");
    for (const cJSON *one = extensions ? extensions->child : NULL; one; one = one->next)
        if (str_is(json_get_text(one, "url"),
                   "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet")) {
            struct str canonical = json_get_text(one, "valueCanonical");
            return canonical.len ? canonical : json_get_text(one, "valueUri");
        }
    return STR("");
}

static void add_element(struct snapshot *snapshot, const cJSON *element, int64_t number)
{
    struct arena *arena = snapshot->arena;
    struct str id = json_get_text(element, "id");
    size_t step = find_last(id, '.');
    const cJSON *binding = json_get(element, "binding");
    int64_t types = intern_types(snapshot, element);
    struct str invariants = print_invariants(snapshot, element);
    int min = 0, max_length = 0;
    str_to_int(&min, json_get_text(element, "min"));
    str_to_int(&max_length, json_get_text(element, "maxLength"));

    struct row row = compiler_row(snapshot->compiler, INSERT_ELEMENT);
    compiler_number(&row, snapshot->structure);
    compiler_number(&row, number);
    compiler_text(&row, id);
    compiler_text(&row, json_get_text(element, "path"));
    compiler_optional(&row, json_get_text(element, "sliceName"));
    compiler_place(&row, step < id.len ? find_number(snapshot, str_slice(id, 0, step)) : -1);
    compiler_place(&row, find_sliced(snapshot, id));
    compiler_place(&row, find_content(snapshot, json_get_text(element, "contentReference")));
    compiler_number(&row, min);
    compiler_text(&row, json_get_text(element, "max"));
    compiler_text(&row, base_max(element));
    compiler_place(&row, types);
    compiler_optional(&row, invariants);
    compiler_optional(&row, json_get_text(binding, "strength"));
    compiler_optional(&row, json_get_text(binding, "valueSet"));
    compiler_optional(&row, max_value_set(binding));
    compiler_optional(&row, print_choice(element, STR("fixed"), arena));
    compiler_optional(&row, print_choice(element, STR("pattern"), arena));
    compiler_optional(&row, print_choice(element, STR("minValue"), arena));
    compiler_optional(&row, print_choice(element, STR("maxValue"), arena));
    compiler_place(&row, max_length > 0 ? max_length : -1);
    compiler_number(&row, is_true(json_get(element, "isModifier")));
    compiler_number(&row, is_true(json_get(element, "isSummary")));
    compiler_number(&row, is_true(json_get(element, "mustSupport")));
    compiler_optional(&row, print_slicing(element, arena));
    compiler_add(&row);
}

/* Numbers the elements by id. The root comes first, and a parent before its children. */
static bool number_elements(struct snapshot *snapshot, const cJSON *elements)
{
    struct issues *issues = snapshot->compiler->issues;
    int64_t number = 0;
    for (const cJSON *element = elements->child; element; element = element->next, number++) {
        struct str id = json_get_text(element, "id");
        if (!id.len || !json_get_text(element, "path").len || !json_get_text(element, "max").len)
            return issue_add(issues, NULL, ISSUE_DEFINITION_LEFT_OUT,
                             STR_FMT ": element %lld has no id, path or max",
                             STR_ARG(snapshot->url), (long long)number);
        size_t step = find_last(id, '.');
        if ((number == 0) != (step == id.len) ||
            (number > 0 && find_number(snapshot, str_slice(id, 0, step)) < 0))
            return issue_add(issues, NULL, ISSUE_DEFINITION_LEFT_OUT,
                             STR_FMT ": " STR_FMT " stands at no element", STR_ARG(snapshot->url),
                             STR_ARG(id));
        snapshot->numbers[number] = number;
        if (map_set(&snapshot->ids, id, &snapshot->numbers[number]))
            return issue_add(issues, NULL, ISSUE_DEFINITION_LEFT_OUT,
                             STR_FMT ": " STR_FMT " is there twice", STR_ARG(snapshot->url),
                             STR_ARG(id));
    }
    return true;
}

/* Every contentReference leads somewhere. */
static bool check_contents(struct snapshot *snapshot, const cJSON *elements)
{
    for (const cJSON *element = elements->child; element; element = element->next) {
        struct str reference = json_get_text(element, "contentReference");
        if (reference.len && find_content(snapshot, reference) < 0)
            return issue_add(snapshot->compiler->issues, NULL, ISSUE_DEFINITION_LEFT_OUT,
                             STR_FMT ": " STR_FMT " leads to no element", STR_ARG(snapshot->url),
                             STR_ARG(reference));
    }
    return true;
}

static void add_structure(struct snapshot *snapshot, const cJSON *resource)
{
    struct row row = compiler_row(snapshot->compiler, INSERT_STRUCTURE);
    compiler_number(&row, snapshot->structure);
    compiler_text(&row, snapshot->url);
    compiler_text(&row, json_get_text(resource, "version"));
    compiler_text(&row, json_get_text(resource, "type"));
    compiler_text(&row, json_get_text(resource, "name"));
    compiler_text(&row, json_get_text(resource, "baseDefinition"));
    compiler_text(&row, json_get_text(resource, "kind"));
    compiler_number(&row, is_true(json_get(resource, "abstract")));
    compiler_number(&row, str_is(json_get_text(resource, "derivation"), "constraint"));
    compiler_number(&row, snapshot->count);
    compiler_add(&row);
}

static void add_contexts(struct snapshot *snapshot, const cJSON *resource)
{
    const cJSON *contexts = json_get(resource, "context");
    for (size_t i = 0; i < json_count(contexts); i++) {
        struct row row = compiler_row(snapshot->compiler, INSERT_EXTENSION_CONTEXT);
        compiler_number(&row, snapshot->structure);
        compiler_number(&row, (int64_t)i);
        compiler_text(&row, json_get_text(json_at(contexts, i), "type"));
        compiler_text(&row, json_get_text(json_at(contexts, i), "expression"));
        compiler_add(&row);
    }
    const cJSON *invariants = json_get(resource, "contextInvariant");
    for (size_t i = 0; i < json_count(invariants); i++) {
        struct row row = compiler_row(snapshot->compiler, INSERT_CONTEXT_INVARIANT);
        compiler_number(&row, snapshot->structure);
        compiler_number(&row, (int64_t)i);
        compiler_text(&row, json_text(json_at(invariants, i)));
        compiler_add(&row);
    }
}

bool compile_structure(struct compiler *compiler, int64_t id, const cJSON *resource,
                       struct arena *arena)
{
    struct snapshot snapshot = {
        .compiler = compiler, .arena = arena, .structure = id, .url = json_get_text(resource, "url")
    };
    const cJSON *elements = json_get(json_get(resource, "snapshot"), "element");
    snapshot.count = (int64_t)json_count(elements);
    if (snapshot.count == 0)
        return issue_add(compiler->issues, NULL, ISSUE_DEFINITION_LEFT_OUT,
                         STR_FMT " has no snapshot", STR_ARG(snapshot.url));
    if (snapshot.count > MOST_ELEMENTS)
        return issue_add(compiler->issues, NULL, ISSUE_DEFINITION_LEFT_OUT,
                         STR_FMT " has too many elements", STR_ARG(snapshot.url));
    map_init(&snapshot.ids, arena);
    snapshot.numbers = arena_array(arena, (size_t)snapshot.count, sizeof *snapshot.numbers);
    if (!number_elements(&snapshot, elements) || !check_contents(&snapshot, elements))
        return false;
    add_structure(&snapshot, resource);
    add_contexts(&snapshot, resource);
    int64_t number = 0;
    for (const cJSON *element = elements->child; element; element = element->next)
        add_element(&snapshot, element, number++);
    return true;
}
