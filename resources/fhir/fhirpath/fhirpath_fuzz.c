/* fhirpath_fuzz.c - fuzz target: an expression, then a NUL byte and a resource (without one: a
 * patient). What parses evaluates inside its limits, twice to the same, with the model and without.
 */
#include <assert.h>
#include <stdio.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/fhirpath/fhirpath.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { MOST_STEPS = 20000, MOST_ITEMS = 2000, MOST_FILE = 1 << 20, MOST_EXPRESSION = 4096 };

/* Read once: the definitions and a resource to evaluate over. */
struct ground {
    struct definitions *definitions;
    struct terminology *terminology;
    struct arena *arena;
    struct node root;
};

static struct str read_file(const char *path, struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena, MOST_FILE);
    FILE *file = fopen(path, "rb");
    char block[4096];
    for (size_t count; file && (count = fread(block, 1, sizeof block, file)) > 0;)
        buf_add(&text, (struct str){ block, count });
    if (file)
        fclose(file);
    return buf_str(&text);
}

static const struct ground *find_ground(void)
{
    static struct ground ground;
    static const char *const PATHS[] = { "build/definitions.db" };
    if (ground.arena)
        return &ground;
    struct issues issues;
    ground.arena = arena_open();
    issues_init(&issues, ground.arena, (struct str){ 0 });
    ground.definitions = definitions_open(PATHS, 1, &issues);
    ground.terminology = terminology_open(ground.definitions);
    struct str text = read_file("resources/fhir/fhirpath/cases/patient.json", ground.arena);
    const cJSON *resource = json_parse(text, ground.arena, &issues);
    assert(ground.definitions && resource && node_root(&ground.root, resource, ground.definitions));
    return &ground;
}

/* The results as one text, or the first issue. */
static struct str evaluate(const struct fhirpath *expression, const struct node *root,
                           struct definitions *definitions, struct arena *arena)
{
    struct issues issues;
    struct buf text;
    issues_init(&issues, arena, (struct str){ 0 });
    buf_init(&text, arena, MOST_FILE);
    struct fhirpath_context context = { .arena = arena,
                                        .definitions = definitions,
                                        .units = definitions_units(find_ground()->definitions),
                                        .terminology = find_ground()->terminology,
                                        .issues = &issues,
                                        .now = STR("2024-05-06T07:08:09.123Z"),
                                        .most_steps = MOST_STEPS,
                                        .most_items = MOST_ITEMS };
    struct fhirpath_items items = { NULL, 0 };
    bool is_done = fhirpath_evaluate(&items, expression, root, &context);
    assert(is_done == (issues.count == 0));
    assert(items.count <= MOST_ITEMS);
    for (size_t i = 0; i < items.count; i++) {
        buf_add(&text, fhirpath_print_type(&items.items[i], arena));
        buf_add(&text, fhirpath_print(&items.items[i], arena));
    }
    if (issues.first)
        buf_add(&text, issues.first->diagnostics);
    return buf_str(&text);
}

/* Twice the same; strict checking refuses it or not, and ends. */
static void check(const struct fhirpath *expression, const struct node *root,
                  struct definitions *definitions, struct arena *arena)
{
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    if (definitions) {
        bool fits = fhirpath_check(expression, root, definitions, &issues);
        assert(fits == (issues.count == 0));
    }
    struct str first = evaluate(expression, root, definitions, arena);
    assert(str_equal(first, evaluate(expression, root, definitions, arena)));
}

/* The resource behind the expression, when there is one that can be read. */
static const cJSON *read_resource(struct str text, struct arena *arena)
{
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    return text.len ? json_parse(text, arena, &issues) : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct ground *ground = find_ground();
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct node root;
    issues_init(&issues, arena, (struct str){ 0 });
    if (size > MOST_EXPRESSION)
        return 0;
    struct str rest = { (const char *)bytes, size };
    struct str text = str_cut(&rest, '\0');
    const struct fhirpath *expression = fhirpath_parse(text, arena, &issues);
    assert((expression != NULL) == (issues.count == 0));
    if (!expression)
        return 0;
    const cJSON *resource = read_resource(rest, arena);
    if (!resource) {
        check(expression, &ground->root, ground->definitions, arena);
        resource = ground->root.value;
    } else {
        node_root(&root, resource, ground->definitions);
        check(expression, &root, ground->definitions, arena);
    }
    node_root(&root, resource, NULL);
    check(expression, &root, NULL, arena);
    return 0;
}
