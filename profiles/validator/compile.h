/* compile.h - what the builders of rules share while a StructureDefinition is compiled. */
#ifndef PROFILES_VALIDATOR_COMPILE_H
#define PROFILES_VALIDATOR_COMPILE_H
#include <pthread.h>

#include "profiles/validator/shape.h"

struct terminology;

struct validator {
    struct definitions *definitions;
    struct terminology *terminology;
    struct arena *arena;   /* of everything compiled */
    pthread_rwlock_t lock; /* over the maps and the arena */
    struct map schemas;    /* canonical -> struct schema */
    struct map compiled;   /* url|version -> root struct shape */
    struct map rules;      /* kind, profile and parameters as text -> struct rule */
    struct map ids;        /* url|version -> struct map of element ids */
    _Atomic(uint32_t) rule_count;
};

/* By a property of the guide's issue concepts: `invariant` (a constraint's key) or `element` (an
 * element's id). */
struct validator_key validator_compile_key(struct validator *validator, struct str property,
                                           struct str value);

enum { MOST_DERIVATIONS = 32 };

struct compiler {
    struct validator *validator;
    const struct structure *structure;
    struct shape *shapes;        /* one an element, in snapshot order */
    const struct rule **pending; /* the rules of the shape being built */
    size_t pending_count, pending_room;
};

/* One builder a kind of rule: looks at an element and adds the rules that it asks for. */
typedef void (*rule_builder)(struct compiler *compiler, const struct element *element);
void validator_primitive_build(struct compiler *compiler, const struct element *element);
void validator_fixed_build(struct compiler *compiler, const struct element *element);
void validator_pattern_build(struct compiler *compiler, const struct element *element);
void validator_binding_build(struct compiler *compiler, const struct element *element);
void validator_coding_build(struct compiler *compiler, const struct element *element);
void validator_range_build(struct compiler *compiler, const struct element *element);
void validator_length_build(struct compiler *compiler, const struct element *element);
void validator_reference_build(struct compiler *compiler, const struct element *element);
void validator_display_build(struct compiler *compiler, const struct element *element);
void validator_target_build(struct compiler *compiler, const struct element *element);
void validator_invariant_build(struct compiler *compiler, const struct element *element);

/* Adds a rule of `size` bytes, whose first member is a struct rule. What two rules of one kind and
 * profile must agree on to be the same rule is in `key`. NULL when it was known and nothing is left
 * to fill in. */
void *validator_compile_rule(struct compiler *compiler, const struct rule_kind *kind,
                             struct str profile, struct str key, size_t size);
/* The element that a canonical means: the root of a structure, or the element with the id behind
 * '#'. NULL when it is unknown. */
const struct element *validator_compile_element(struct validator *validator, struct str canonical);
/* Canonical of the definition that first said what `same` compares: walks to the definition that
 * this element's derives from while it says the same. */
typedef bool (*element_same)(const struct element *a, const struct element *b);
struct str validator_compile_origin(struct compiler *compiler, const struct element *element,
                                    element_same same);
/* The element that this one says again: of the profile that its own derives from, of the list that
 * it is a slice of, or of its parent's data type; NULL when it is the first to say it. */
const struct element *validator_compile_base(struct compiler *compiler,
                                             const struct element *element);
/* A handle to a schema, compiled when it is used. Only while compiling (the lock is held). */
struct schema *validator_compile_schema(struct validator *validator, struct str canonical);
const struct shape *validator_compile_shape_of(struct compiler *compiler,
                                               const struct element *element);
const struct shape *validator_compile_structure(struct validator *validator,
                                                const struct structure *structure);
const struct slicer *validator_slicer_build(struct compiler *compiler,
                                            const struct element *element);
/* The resource or data type that a canonical of a profile or type stands for, or empty. */
struct str validator_compile_type_of(struct validator *validator, struct str canonical);
#endif
