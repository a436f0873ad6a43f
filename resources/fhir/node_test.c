/* node_test.c - the walk over children, on a handful of structures made up here. */
#include "resources/base/test.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/node.h"

/* The definitions of this test, in place of the database: what the real ones say of these elements.
 */
enum { MOST_CHILDREN = 8, MOST_TYPES = 3 };

struct sketch {
    const char *path;  /* of the element, or the name of a structure */
    const char *types; /* type codes with a comma between, or "@path" for a content reference */
};
static const struct sketch SKETCH[] = {
    { "Patient", "" },
    { "Patient.id", "id" },
    { "Patient.contained", "Resource" },
    { "Patient.active", "boolean" },
    { "Patient.name", "HumanName" },
    { "Patient.birthDate", "date" },
    { "Patient.multipleBirth[x]", "boolean,integer,Period" },
    { "Patient.contact", "BackboneElement" },
    { "Patient.contact.name", "HumanName" },
    { "Patient.contact.contact", "@Patient.contact" },
    { "Patient.contact.resourceType", "code" },
    { "HumanName", "" },
    { "HumanName.id", "string" },
    { "HumanName.family", "string" },
    { "HumanName.given", "string" },
    { "Period", "" },
    { "Period.start", "dateTime" },
    { "BackboneElement", "" },
    { "Extension", "" },
    { "Extension.url", "uri" },
    { "Resource", "" },
    { "Resource.id", "id" },
};
static const char *const PRIMITIVES[] = { "boolean", "code",    "date",   "dateTime",
                                          "id",      "integer", "string", "uri" };
/* Every primitive has these. */
static const struct sketch PRIMITIVE_SKETCH[] = { { "id", "string" },
                                                  { "extension", "Extension" },
                                                  { "value", "string" } };

enum { MOST_ELEMENTS = COUNT(SKETCH) + COUNT(PRIMITIVES) * (COUNT(PRIMITIVE_SKETCH) + 1) };

struct definitions {
    struct arena *arena;
    struct element elements[MOST_ELEMENTS];
    const struct element *children[MOST_ELEMENTS][MOST_CHILDREN];
    struct element_type types[MOST_ELEMENTS][MOST_TYPES];
    struct structure structures[MOST_ELEMENTS];
    size_t count, structure_count;
};

static struct element *find_element(struct definitions *definitions, struct str path)
{
    for (size_t i = 0; i < definitions->count; i++)
        if (str_equal(definitions->elements[i].path, path))
            return &definitions->elements[i];
    return NULL;
}

static void add_element(struct definitions *definitions, const char *path, const char *types)
{
    size_t number = definitions->count++;
    struct element *element = &definitions->elements[number];
    struct str parent = str_of(path), rest = str_of(types);
    while (parent.len && parent.data[parent.len] != '.')
        parent.len--;
    element->path = str_of(path);
    element->name = str_of(path + parent.len + (parent.len > 0));
    element->is_choice = str_ends(element->name, STR("[x]"));
    element->types = definitions->types[number];
    element->children = definitions->children[number];
    if (*types == '@')
        element->content = find_element(definitions, str_of(types + 1));
    else
        while (rest.len)
            definitions->types[number][element->type_count++].code =
                str_copy(definitions->arena, str_cut(&rest, ','));
    struct element *above = find_element(definitions, parent);
    if (above)
        definitions->children[above - definitions->elements][above->child_count++] = element;
}

static void add_structure(struct definitions *definitions, const char *name,
                          enum structure_kind kind)
{
    struct structure *structure = &definitions->structures[definitions->structure_count++];
    *structure = (struct structure){ .type = str_of(name),
                                     .kind = kind,
                                     .root = find_element(definitions, str_of(name)) };
}

static struct definitions *sketch_definitions(struct arena *arena)
{
    struct definitions *definitions = arena_alloc(arena, sizeof *definitions);
    definitions->arena = arena;
    for (size_t i = 0; i < COUNT(SKETCH); i++) {
        const char *path = SKETCH[i].path;
        add_element(definitions, path, SKETCH[i].types);
        bool is_resource = !strcmp(path, "Patient") || !strcmp(path, "Resource");
        if (!strchr(path, '.'))
            add_structure(definitions, path, is_resource ? KIND_RESOURCE : KIND_COMPLEX);
    }
    for (size_t i = 0; i < COUNT(PRIMITIVES); i++) {
        add_element(definitions, PRIMITIVES[i], "");
        add_structure(definitions, PRIMITIVES[i], KIND_PRIMITIVE);
        for (size_t c = 0; c < COUNT(PRIMITIVE_SKETCH); c++)
            add_element(definitions,
                        str_print(arena, "%s.%s", PRIMITIVES[i], PRIMITIVE_SKETCH[c].path).data,
                        PRIMITIVE_SKETCH[c].types);
    }
    return definitions;
}

const struct structure *definitions_type(struct definitions *definitions, struct str name)
{
    for (size_t i = 0; i < definitions->structure_count; i++)
        if (str_equal(definitions->structures[i].type, name))
            return &definitions->structures[i];
    return NULL;
}

const struct structure *definitions_type_of(struct definitions *definitions,
                                            const struct element_type *type)
{
    return definitions_type(definitions, type->code);
}

bool definitions_is_resource_type(struct definitions *definitions, struct str name)
{
    (void)definitions;
    return str_is(name, "Patient");
}

static bool chooses(const struct element_type *type, struct str suffix)
{
    return type->code.len == suffix.len && (type->code.data[0] & 0xdf) == suffix.data[0] &&
           str_equal(str_slice(type->code, 1, suffix.len), str_slice(suffix, 1, suffix.len));
}

const struct element *definitions_child(const struct element *element, struct str property,
                                        const struct element_type **type)
{
    for (size_t i = 0; i < element->child_count; i++) {
        const struct element *child = element->children[i];
        struct str stem = str_slice(child->name, 0, child->name.len - 3);
        if (str_equal(child->name, property))
            return child;
        for (size_t t = 0; child->is_choice && t < child->type_count; t++)
            if (str_starts(property, stem) &&
                chooses(&child->types[t], str_slice(property, stem.len, property.len))) {
                *type = &child->types[t];
                return child;
            }
    }
    return NULL;
}

enum { MOST_DEPTH = 10, MOST_TEXT = 4096 };

/* One line a node, in the order of the walk: place type=value shadow. */
static void print_below(struct buf *out, const struct node *parent, struct definitions *definitions,
                        int depth)
{
    struct node_walk walk;
    struct node child;
    assert_true(depth < MOST_DEPTH);
    node_walk_init(&walk, parent, NULL, definitions);
    while (node_walk_next(&walk, &child)) {
        assert_ptr_equal(child.parent, parent);
        buf_add(out, place_print(&child.place, out->arena));
        buf_print(out, " %s=", node_type(&child).data);
        if (child.value && node_is_primitive(&child))
            json_print(out, child.value);
        buf_add(out, child.shadow ? STR(" shadow\n") : STR("\n"));
        print_below(out, &child, definitions, depth + 1);
    }
}

static const struct {
    const char *text, *nodes;
} CASES[] = {
    { "{\"resourceType\":\"Patient\"}", "" },
    { "{\"resourceType\":\"Patient\",\"birthDate\":\"2024\",\"unknown\":{\"id\":1},\"id\":\"x\"}",
      "Patient.birthDate date=\"2024\"\nPatient.id id=\"x\"\n" },
    /* lists by item, complex types through their structure, content references again and again */
    { "{\"resourceType\":\"Patient\",\"name\":[{\"given\":[\"a\",\"b\"]},{\"family\":\"c\"}],"
      "\"contact\":[{\"name\":{\"family\":\"d\"},\"resourceType\":\"e\","
      "\"contact\":[{\"contact\":[{\"name\":{}}]}]}]}",
      "Patient.name[0] HumanName=\nPatient.name[0].given[0] string=\"a\"\n"
      "Patient.name[0].given[1] string=\"b\"\n"
      "Patient.name[1] HumanName=\nPatient.name[1].family string=\"c\"\n"
      "Patient.contact[0] BackboneElement=\nPatient.contact[0].name HumanName=\n"
      "Patient.contact[0].name.family string=\"d\"\nPatient.contact[0].resourceType code=\"e\"\n"
      "Patient.contact[0].contact[0] BackboneElement=\n"
      "Patient.contact[0].contact[0].contact[0] BackboneElement=\n"
      "Patient.contact[0].contact[0].contact[0].name HumanName=\n" },
    /* choices */
    { "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":2}",
      "Patient.multipleBirth.ofType(integer) integer=2\n" },
    { "{\"resourceType\":\"Patient\",\"multipleBirthPeriod\":{\"start\":\"2024\"}}",
      "Patient.multipleBirth.ofType(Period) Period=\n"
      "Patient.multipleBirth.ofType(Period).start dateTime=\"2024\"\n" },
    { "{\"resourceType\":\"Patient\",\"multipleBirthString\":\"x\",\"multipleBirth[x]\":1}", "" },
    /* shadows: joined wherever they stand, alone, parallel in lists, their id and extensions as
       children */
    { "{\"resourceType\":\"Patient\",\"_birthDate\":{\"id\":\"i\",\"value\":\"no\"},\"active\":"
      "true,"
      "\"birthDate\":\"2024\"}",
      "Patient.active boolean=true\nPatient.birthDate date=\"2024\" shadow\n"
      "Patient.birthDate.id string=\"i\"\n" },
    { "{\"resourceType\":\"Patient\",\"_active\":{\"extension\":[{\"url\":\"u\"}]}}",
      "Patient.active boolean= shadow\nPatient.active.extension[0] Extension=\n"
      "Patient.active.extension[0].url uri=\"u\"\n" },
    { "{\"resourceType\":\"Patient\",\"_multipleBirthInteger\":{\"id\":\"i\"}}",
      "Patient.multipleBirth.ofType(integer) integer= shadow\n"
      "Patient.multipleBirth.ofType(integer).id string=\"i\"\n" },
    { "{\"resourceType\":\"Patient\",\"name\":[{\"given\":[\"a\",null,\"c\",null],"
      "\"_given\":[null,{\"id\":\"i\"},{},null,{\"id\":\"j\"}]}]}",
      "Patient.name[0] HumanName=\nPatient.name[0].given[0] string=\"a\"\n"
      "Patient.name[0].given[1] string= shadow\nPatient.name[0].given[1].id string=\"i\"\n"
      "Patient.name[0].given[2] string=\"c\" shadow\n"
      "Patient.name[0].given[4] string= shadow\nPatient.name[0].given[4].id string=\"j\"\n" },
    /* what is out of form: a shadow that is not parallel, of a complex value, nulls, scalars for
       objects */
    { "{\"resourceType\":\"Patient\",\"birthDate\":\"2024\",\"_birthDate\":[{\"id\":\"i\"}],"
      "\"_name\":[{\"id\":\"i\"}],\"_active\":null,\"id\":null}",
      "Patient.birthDate date=\"2024\"\n" },
    { "{\"resourceType\":\"Patient\",\"name\":\"x\",\"active\":{\"id\":\"i\"},\"contact\":[[1]]}",
      "Patient.name HumanName=\nPatient.active boolean={\"id\":\"i\"}\n"
      "Patient.contact[0] BackboneElement=\n" },
    /* contained resources bring their own type; an unknown one is walked as Resource */
    { "{\"resourceType\":\"Patient\",\"contained\":[{\"resourceType\":\"Patient\",\"active\":true},"
      "{\"resourceType\":\"Nothing\",\"id\":\"n\",\"active\":true}]}",
      "Patient.contained[0] Patient=\nPatient.contained[0].active boolean=true\n"
      "Patient.contained[1] Resource=\nPatient.contained[1].id id=\"n\"\n" },
};

static cJSON *parse(struct arena *arena, const char *text)
{
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    cJSON *tree = json_parse(str_of(text), arena, &issues);
    assert_non_null(tree);
    return tree;
}

static void children_are_walked_in_document_order(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct definitions *definitions = sketch_definitions(arena);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct node root;
        struct buf out;
        buf_init(&out, arena, MOST_TEXT);
        assert_true(node_root(&root, parse(arena, CASES[i].text), definitions));
        print_below(&out, &root, definitions, 0);
        assert_string_equal(buf_str(&out).data, CASES[i].nodes);
    }
}

static void one_name_can_be_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *only;
        int count;
    } ASKED[] = { { "active", 1 },
                  { "act", 0 },
                  { "name", 2 },
                  { "multipleBirth", 1 },
                  { "id", 0 },
                  { "", 0 },
                  { "multipleBirthInteger", 0 } };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct definitions *definitions = sketch_definitions(arena);
    struct node root, child;
    struct node_walk walk;
    const cJSON *tree =
        parse(arena, "{\"resourceType\":\"Patient\",\"name\":[{},{}],\"active\":true,"
                     "\"multipleBirthInteger\":2}");
    assert_true(node_root(&root, tree, definitions));
    for (size_t i = 0; i < COUNT(ASKED); i++) {
        int count = 0;
        node_walk_init(&walk, &root, ASKED[i].only, definitions);
        while (node_walk_next(&walk, &child))
            count++;
        assert_int_equal(count, ASKED[i].count);
    }
}

static bool has_url(const cJSON *property)
{
    bool found = property->string && !strcmp(property->string, "url");
    for (const cJSON *child = property->child; child && !found; child = child->next)
        found = has_url(child);
    return found;
}

/* What is not wanted is passed by; a wanted shadow is met also beside a value that is not. */
static void a_walk_takes_what_it_wants(void **state)
{
    (void)state;
    static const char *const MET[] = { "birthDate", "multipleBirth[x]" };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct definitions *definitions = sketch_definitions(arena);
    struct node root, child;
    struct node_walk walk;
    const cJSON *tree =
        parse(arena, "{\"resourceType\":\"Patient\",\"name\":[{}],\"active\":true,"
                     "\"birthDate\":\"2024\","
                     "\"_birthDate\":{\"extension\":[{\"url\":\"u\"}]},"
                     "\"_multipleBirthInteger\":{\"extension\":[{\"url\":\"u\"}]}}");
    size_t count = 0;
    assert_true(node_root(&root, tree, definitions));
    node_walk_init(&walk, &root, NULL, definitions);
    walk.wants = has_url;
    while (node_walk_next(&walk, &child)) {
        assert_true(count < COUNT(MET));
        assert_string_equal(child.place.name, MET[count]);
        assert_non_null(child.shadow);
        count++;
    }
    assert_int_equal(count, COUNT(MET));
}

static void nodes_know_their_resource_and_offset(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct definitions *definitions = sketch_definitions(arena);
    struct node root, contained, id;
    struct node_walk walk, inner;
    const cJSON *tree =
        parse(arena, "{\"resourceType\":\"Patient\",\"contained\":[{\"resourceType\":\"Patient\","
                     "\"_id\":{\"id\":\"x\"}}]}");
    assert_true(node_root(&root, tree, definitions));
    assert_ptr_equal(root.resource, &root);
    assert_int_equal(root.place.offset, 0);
    node_walk_init(&walk, &root, NULL, definitions);
    assert_true(node_walk_next(&walk, &contained));
    assert_ptr_equal(contained.resource, &contained);
    assert_ptr_equal(contained.element, find_element(definitions, STR("Patient.contained")));
    assert_int_equal(contained.place.offset, 39);
    node_walk_init(&inner, &contained, NULL, definitions);
    assert_true(node_walk_next(&inner, &id));
    assert_ptr_equal(id.resource, &contained);
    assert_null(id.value);
    assert_int_equal(id.place.offset, 71);
    assert_false(node_walk_next(&inner, &id));
    assert_false(node_walk_next(&walk, &contained));
}

static void a_root_needs_a_known_type(void **state)
{
    (void)state;
    static const char *const TEXTS[] = { "{}", "{\"resourceType\":\"Nothing\"}",
                                         "{\"resourceType\":\"HumanName\",\"family\":\"x\"}",
                                         "{\"resourceType\":1}", "{\"resourceType\":[]}" };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct definitions *definitions = sketch_definitions(arena);
    for (size_t i = 0; i < COUNT(TEXTS); i++) {
        struct node root;
        assert_false(node_root(&root, parse(arena, TEXTS[i]), definitions));
        assert_null(root.structure);
        assert_int_equal(node_type(&root).len, 0);
        assert_false(node_is_primitive(&root));
    }
}

/* One line a child: name, index, value, whether it counts as primitive, and its type. */
static const char *list_untyped(const struct node *root, struct definitions *definitions,
                                struct arena *arena)
{
    struct buf text;
    struct node_walk walk;
    struct node child;
    buf_init(&text, arena, 4096);
    node_walk_init(&walk, root, NULL, definitions);
    while (node_walk_next(&walk, &child)) {
        buf_print(&text, "%s %d " STR_FMT " %s%s " STR_FMT "\n", child.place.name,
                  child.place.index, STR_ARG(json_text(child.value)),
                  node_is_primitive(&child) ? "primitive" : "object", child.shadow ? "+" : "",
                  STR_ARG(node_type(&child)));
    }
    buf_add_char(&text, '\0');
    return buf_str(&text).data;
}

static void a_root_of_no_known_type_is_walked_as_json(void **state)
{
    (void)state;
    static const char TEXT[] =
        "{\"resourceType\":\"Nothing\",\"a\":[1,null,{\"b\":2}],\"_a\":[null,{\"id\":\"x\"}],"
        "\"_c\":{\"id\":\"y\"},\"d\":\"z\",\"_d\":{\"id\":\"w\"},\"e\":{\"resourceType\":"
        "\"Patient\"}}";
    static const char LISTED[] =
        "a 0 1 primitive \na 1  primitive+ \na 2  object \nc -1  primitive+ \n"
        "d -1 z primitive+ \ne -1  object Patient\n";
    CLOSING_ARENA struct arena *arena = arena_open();
    struct definitions *definitions = sketch_definitions(arena);
    struct node root;
    assert_false(node_root(&root, parse(arena, TEXT), definitions));
    assert_string_equal(list_untyped(&root, definitions, arena), LISTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(children_are_walked_in_document_order),
        cmocka_unit_test(one_name_can_be_asked_for),
        cmocka_unit_test(a_walk_takes_what_it_wants),
        cmocka_unit_test(nodes_know_their_resource_and_offset),
        cmocka_unit_test(a_root_needs_a_known_type),
        cmocka_unit_test(a_root_of_no_known_type_is_walked_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
