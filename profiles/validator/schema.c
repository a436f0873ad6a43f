/* schema.c - finds a schema by canonical or type name, and compiles it once, when first needed. */
#include <assert.h>

#include "profiles/validator/compile.h"
#include "profiles/validator/validator.h"
#include "resources/base/arena.h"

/* Stands for "there is no such definition". */
static const struct shape NOTHING;

struct validator *validator_open(struct definitions *definitions, struct terminology *terminology)
{
    struct arena *arena = arena_open();
    struct validator *validator = arena_alloc(arena, sizeof *validator);
    validator->definitions = definitions;
    validator->terminology = terminology;
    validator->arena = arena;
    pthread_rwlock_init(&validator->lock, NULL);
    map_init(&validator->schemas, arena);
    map_init(&validator->compiled, arena);
    map_init(&validator->rules, arena);
    map_init(&validator->ids, arena);
    return validator;
}

void validator_close(struct validator *validator)
{
    if (!validator)
        return;
    pthread_rwlock_destroy(&validator->lock);
    arena_close(validator->arena);
}

struct schema *validator_compile_schema(struct validator *validator, struct str canonical)
{
    struct schema *schema = map_find(&validator->schemas, canonical);
    if (schema)
        return schema;
    schema = arena_alloc(validator->arena, sizeof *schema);
    schema->canonical = str_copy(validator->arena, canonical);
    map_set(&validator->schemas, schema->canonical, schema);
    return schema;
}

struct schema *validator_schema_find(struct validator *validator, struct str canonical)
{
    pthread_rwlock_rdlock(&validator->lock);
    struct schema *schema = map_find(&validator->schemas, canonical);
    pthread_rwlock_unlock(&validator->lock);
    if (schema)
        return validator_schema_root(validator, schema) ? schema : NULL;
    if (!definitions_structure(validator->definitions, canonical))
        return NULL;
    pthread_rwlock_wrlock(&validator->lock);
    schema = validator_compile_schema(validator, canonical);
    pthread_rwlock_unlock(&validator->lock);
    return validator_schema_root(validator, schema) ? schema : NULL;
}

/* One definition is compiled once, under whatever canonicals it is asked for. The lock is held. */
static const struct shape *compile_once(struct validator *validator, struct str canonical)
{
    const struct element *element = validator_compile_element(validator, canonical);
    if (!element)
        return &NOTHING;
    const struct structure *structure = element->structure;
    struct str key = str_print(validator->arena, STR_FMT "|" STR_FMT, STR_ARG(structure->url),
                               STR_ARG(structure->version));
    const struct shape *shapes = map_find(&validator->compiled, key);
    if (!shapes)
        shapes = validator_compile_structure(validator, structure);
    return &shapes[element - structure->elements];
}

const struct shape *validator_schema_root(struct validator *validator, struct schema *schema)
{
    const struct shape *root = atomic_load_explicit(&schema->root, memory_order_acquire);
    if (!root) {
        pthread_rwlock_wrlock(&validator->lock);
        root = atomic_load_explicit(&schema->root, memory_order_relaxed);
        if (!root) {
            root = compile_once(validator, schema->canonical);
            atomic_store_explicit(&schema->root, root, memory_order_release);
        }
        pthread_rwlock_unlock(&validator->lock);
    }
    return root == &NOTHING ? NULL : root;
}

const struct shape *validator_shape_inside(const struct shape *shape)
{
    return shape->content ? shape->content : shape;
}

const struct shape *validator_shape_child(const struct shape *shape, struct str name)
{
    size_t low = 0, high = shape->child_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = str_compare(shape->children[middle]->element->name, name);
        if (order == 0)
            return shape->children[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct shape_type *validator_shape_type(struct validator *validator,
                                              const struct shape *shape, struct str code)
{
    /* Nearly always it is one of these itself, and of the fifty of an extension's value at that. */
    for (size_t i = 0; i < shape->type_count; i++)
        if (str_equal(code, shape->types[i].code))
            return &shape->types[i];
    if (!definitions_is_resource_type(validator->definitions, code))
        return NULL;
    for (size_t i = 0; i < shape->type_count; i++)
        if (definitions_is_a(validator->definitions, code, shape->types[i].code))
            return &shape->types[i];
    return NULL;
}

bool validator_schema_is_type(struct validator *validator, struct str type, struct str allowed)
{
    return str_equal(type, allowed) ||
           (definitions_is_resource_type(validator->definitions, type) &&
            definitions_is_a(validator->definitions, type, allowed));
}
