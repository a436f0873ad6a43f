/* definitions.h - what FHIR and the loaded packages define, read on demand from the compiled
 * database (R4 structuredefinition.html, searchparameter.html, compartmentdefinition.html). */
#ifndef RESOURCES_FHIR_DEFINITIONS_DEFINITIONS_H
#define RESOURCES_FHIR_DEFINITIONS_DEFINITIONS_H
#include <cjson/cJSON.h>

#include "resources/base/issue.h"
#include "resources/base/str.h"

/* An immutable set, shared by all threads: layers, R4 lowest. What it returns lives as long as it
 * is held; every struct str in it is NUL-terminated. Structures are read and linked at first use
 * (inside a lock), then never change; sets that share a layer share what was read of it.
 *
 * Of several definitions with one canonical that of the highest layer counts, and in a layer the
 * latest version; url|version finds each. What R4 itself defines below http://hl7.org/fhir is
 * never replaced. */
struct definitions;
struct definitions_source;

/* paths: databases made by definitions_compile, R4 first. NULL with an issue when a file is missing
 * or of another format. To be closed. */
struct definitions *definitions_open(const char *const *paths, size_t count, struct issues *issues);
/* The next set: one more layer on top of `below`, which goes on as it is; from a database, or from
 * what is compiled into memory (compile.h). NULL with an issue. To be closed, as `below` is. */
struct definitions *definitions_extend(struct definitions *below, const char *path,
                                       struct issues *issues);
struct definitions *definitions_compile_over(struct definitions *below,
                                             const struct definitions_source *source,
                                             struct issues *issues);
/* The set of the lowest `layers` layers (1: R4 alone) of this one, or all; borrowed. */
struct definitions *definitions_lower(struct definitions *definitions, size_t layers);
/* One more holder, who closes it too; it ends with the last. */
struct definitions *definitions_hold(struct definitions *definitions);
void definitions_close(struct definitions *definitions);

/* True for a canonical of http://hl7.org/fhir, without version, that R4's layer defines: nothing
 * above replaces it. Takes that layer's lock. */
bool definitions_is_fixed(const struct definitions *definitions, struct str type, struct str url);

enum binding_strength {
    BINDING_NONE,
    BINDING_EXAMPLE,
    BINDING_PREFERRED,
    BINDING_EXTENSIBLE,
    BINDING_REQUIRED
};
enum slicing_rules { SLICING_OPEN, SLICING_CLOSED, SLICING_OPEN_AT_END };
enum discriminator_type {
    DISCRIMINATOR_VALUE,
    DISCRIMINATOR_EXISTS,
    DISCRIMINATOR_PATTERN,
    DISCRIMINATOR_TYPE,
    DISCRIMINATOR_PROFILE
};

#define ELEMENT_MAX_UNBOUNDED UINT32_MAX

struct element_type {
    struct str code;            /* "Reference", "string"; System types as their FHIR primitive */
    const struct str *profiles; /* type.profile canonicals; url#id: one element of it */
    size_t profile_count;
    const struct str *targets; /* type.targetProfile canonicals */
    size_t target_count;
    struct str
        aggregation; /* where a target may stand: contained, referenced, bundled; empty: any */
    struct definitions_entry *entry; /* for definitions_type_of; NULL where code has to be found */
};
struct constraint {
    struct str key, expression, human;
    struct str source; /* canonical that introduced it, may be empty */
    bool is_warning;   /* severity warning, else error */
    bool is_best_practice;
};
struct discriminator {
    enum discriminator_type type;
    struct str path;
};
struct slicing {
    const struct discriminator *discriminators;
    size_t count;
    enum slicing_rules rules;
    bool is_ordered;
};

/* One ElementDefinition of a snapshot. Children are the next level of the path; slices of an
 * element are not among its siblings but in `slices`. */
struct element {
    struct str id, path, name; /* name: last step of the path, "value[x]" kept as "value[x]" */
    struct str slice_name;     /* empty unless this is a slice */
    uint32_t min, max;
    uint32_t base_max; /* ElementDefinition.base.max: decides whether JSON has an array */
    const struct element_type *types;
    size_t type_count;
    enum binding_strength binding;
    struct str value_set;     /* canonical of the binding, with |version when given */
    struct str max_value_set; /* of what may stand there at all (elementdefinition-maxValueSet) */
    const struct constraint *constraints;
    size_t constraint_count;
    const cJSON *fixed, *pattern; /* fixed[x] / pattern[x] value, or NULL */
    const cJSON *min_value, *max_value;
    uint32_t max_length; /* 0: none */
    bool is_choice, is_modifier, is_summary, must_support;
    const struct slicing *slicing; /* of this element, or NULL */
    const struct element *const *slices;
    size_t slice_count;
    const struct element *const *children;
    size_t child_count;
    const struct element *content; /* target of contentReference, or NULL */
    const struct element *parent;
    const struct structure *structure;
};

enum structure_kind { KIND_PRIMITIVE, KIND_COMPLEX, KIND_RESOURCE, KIND_LOGICAL };
struct structure {
    struct str url, version, type, name, base; /* base: canonical of baseDefinition */
    enum structure_kind kind;
    bool is_abstract, is_constraint; /* derivation constraint, i.e. a profile (or an extension) */
    const struct element *root;
    const struct element *elements; /* all, in snapshot order */
    size_t element_count;
    /* Extensions: StructureDefinition.context as {type, expression}; contextInvariant. */
    const struct extension_context {
        struct str type, expression;
    } * contexts;
    size_t context_count;
    const struct str *context_invariants;
    size_t context_invariant_count;
};

/* By canonical (url or url|version) or, for R4's own types, by bare name ("Patient", "HumanName").
 * NULL when unknown. */
const struct structure *definitions_structure(struct definitions *definitions,
                                              struct str canonical);
/* A resource or data type of R4 (not a profile) by name; NULL when there is none. */
const struct structure *definitions_type(struct definitions *definitions, struct str name);
/* The same of an element's type: what its code names, without looking for it. */
const struct structure *definitions_type_of(struct definitions *definitions,
                                            const struct element_type *type);
bool definitions_is_resource_type(struct definitions *definitions, struct str name);
/* All concrete resource type names, sorted. */
const struct str *definitions_resource_types(struct definitions *definitions, size_t *count);
/* Child by JSON property name; for a choice ("valueQuantity") gives the choice element and the type
 * chosen. Follows contentReference; does not cross into the child's data type (use definitions_type
 * for that). */
const struct element *definitions_child(const struct element *element, struct str property,
                                        const struct element_type **type);
/* True when type is the other or specializes it (Patient -> DomainResource -> Resource). */
bool definitions_is_a(struct definitions *definitions, struct str type, struct str ancestor);

struct search_component {
    struct str definition, expression;
};
struct search_parameter {
    struct str code, url, expression;
    struct str type; /* number date string token reference composite quantity uri special */
    const struct str *bases, *targets;
    size_t base_count, target_count;
    const struct search_component *components;
    size_t component_count;
    uint32_t id; /* small, stable within the database set; the store keeps (type, code) */
};
/* Those that apply to a resource type (Resource and DomainResource included), sorted by code. A
 * code of R4 stays R4's; of other layers the highest has it. */
const struct search_parameter *const *definitions_search_parameters(struct definitions *definitions,
                                                                    struct str type, size_t *count);
const struct search_parameter *definitions_search_parameter(struct definitions *definitions,
                                                            struct str type, struct str code);
/* Codes of the reference search parameters that put a resource of `type` into the Patient
 * compartment;
 * "{def}" for the Patient itself. */
const struct str *definitions_patient_compartment(struct definitions *definitions, struct str type,
                                                  size_t *count);

/* UCUM's units, from the lowest layer or else the highest that has them; NULL when none has. */
struct ucum;
const struct ucum *definitions_units(struct definitions *definitions);

/* Any conformance resource as its JSON text: by resourceType and canonical (url or url|version);
 * false when unknown. The text is allocated in the arena. */
bool definitions_resource(struct definitions *definitions, struct str type, struct str canonical,
                          struct arena *arena, struct str *text);
/* What a layer, numbered from the highest (0), says of the package that it was made from; an empty
 * name where there was none. False when there are not so many layers. */
struct definitions_package {
    struct str name, version;
    const struct str *dependencies; /* name#version */
    size_t dependency_count, resource_count;
};
bool definitions_package(struct definitions_package *package, struct definitions *definitions,
                         size_t layer, struct arena *arena);
/* Canonicals of all profiles on a resource type (derivation constraint, not R4's own), for the
 * CapabilityStatement. */
const struct str *definitions_profiles(struct definitions *definitions, struct str type,
                                       size_t *count);
#endif
