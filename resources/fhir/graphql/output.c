/* output.c - an object of the answer while it grows: each key with one value or a list. */
#include "resources/fhir/graphql/run.h"
#include "resources/fhir/json/json.h"

/* The key stands in the object once it has a value. */
struct graphql_slot {
    struct str key, type;
    enum graphql_shape shape;
    cJSON *item;
    struct graphql_slot *next;
};

struct graphql_target graphql_output_begin(struct graphql_run *run)
{
    return (struct graphql_target){ json_new_object(run->arena), NULL };
}

static bool add_slot(struct graphql_run *run, struct graphql_target *target,
                     const struct graphql_output *out)
{
    struct graphql_slot *slot = arena_alloc(run->arena, sizeof *slot);
    cJSON *item = out->value;
    if (out->shape == GRAPHQL_REPEATING) {
        item = json_new_array(run->arena);
        json_add(item, out->value);
    }
    *slot = (struct graphql_slot){ out->key, out->type, out->shape, item, target->slots };
    target->slots = slot;
    json_set(run->arena, target->object, str_cstr(run->arena, out->key), item);
    return graphql_run_grow(run, out->key.len);
}

bool graphql_output_add(struct graphql_run *run, struct graphql_target *target,
                        const struct graphql_output *out)
{
    struct graphql_slot *slot = target->slots;
    while (slot && !str_equal(slot->key, out->key))
        slot = slot->next;
    if (!slot)
        return add_slot(run, target, out);
    if (slot->shape != GRAPHQL_REPEATING || out->shape != GRAPHQL_REPEATING)
        return graphql_run_refuse(run, out->offset, "'" STR_FMT "' has more than one value",
                                  STR_ARG(out->key));
    if (!str_equal(slot->type, out->type))
        return graphql_run_refuse(run, out->offset, "'" STR_FMT "' has values of two types",
                                  STR_ARG(out->key));
    json_add(slot->item, out->value);
    return true;
}
