/* terms.h - code systems and value sets as the definitions database holds them, for the terminology
 * (R4 codesystem.html, valueset.html). */
#ifndef RESOURCES_FHIR_DEFINITIONS_TERMS_H
#define RESOURCES_FHIR_DEFINITIONS_TERMS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resources/base/str.h"

struct definitions;
struct cJSON;

/* What the set knows of a code system or value set without reading it. */
struct term_source {
    struct str url, version;
    struct str content;     /* CodeSystem.content: "complete", "not-present", ... */
    struct str supplements; /* canonical of the code system that this one adds to, or empty */
    struct str value_set;   /* canonical of the value set of all its codes, or empty */
    bool is_case_sensitive; /* of a code system */
    bool leaves_inactive;   /* of a value set: compose.inactive is false */
    size_t layer;           /* of the set, from the highest */
    int64_t id;
};

struct concept {
    struct str code, display;
    int64_t parent; /* index of the concept above in the document, -1: none */
};
struct concept_property {
    size_t concept; /* index */
    struct str code, value;
};
/* Another name of a concept. */
struct designation {
    size_t concept; /* index */
    struct str language, use, value;
};
struct concept_list {
    struct concept *concepts;
    struct concept_property *properties; /* in the order of their concepts */
    struct designation *designations;    /* likewise */
    size_t count, property_count, designation_count;
};

struct value_set_filter {
    struct str property, operator, value;
};
struct listed_code {
    struct str code, display;
};
/* One include or exclude. is_listed: codes are all it takes of the system. is_given: it is not of
 * compose but of an expansion that came along: it can confirm a code and not refuse one. */
struct value_set_rule {
    bool is_excluded, is_listed, is_given;
    struct str system, version;
    struct listed_code *codes;
    struct str *imports;
    struct value_set_filter *filters;
    size_t code_count, import_count, filter_count;
};
struct value_set_rules {
    struct value_set_rule *rules;
    size_t count;
};

/* All of the set; of those with one url the one that counts comes first (definitions.h). Results
 * live in the arena, and do not need the set any longer. */
struct term_source *definitions_code_systems(struct definitions *definitions, struct arena *arena,
                                             size_t *count);
struct term_source *definitions_value_sets(struct definitions *definitions, struct arena *arena,
                                           size_t *count);
struct concept_list definitions_concepts(struct definitions *definitions,
                                         const struct term_source *code_system,
                                         struct arena *arena);
struct value_set_rules definitions_rules(struct definitions *definitions,
                                         const struct term_source *value_set, struct arena *arena);

/* The same out of a resource as JSON: what the compiler writes into a database, and what a request
 * brings along. Texts are borrowed from the resource. */
struct term_source terms_source_of(const struct cJSON *resource);
struct concept_list terms_concepts_of(const struct cJSON *code_system, struct arena *arena);
struct value_set_rules terms_rules_of(const struct cJSON *value_set, struct arena *arena);
#endif
