/* compile.h - turns packages of conformance resources into one read-only definitions database. */
#ifndef RESOURCES_FHIR_DEFINITIONS_COMPILE_H
#define RESOURCES_FHIR_DEFINITIONS_COMPILE_H
#include <cjson/cJSON.h>

#include "resources/base/issue.h"

/* Sees each resource before it is compiled and may change it: a layer above makes snapshots there.
 * False, with an issue, leaves the resource out. New parts come from the arena. */
struct definitions_preparation {
    void *context;
    bool (*prepare)(void *context, cJSON *resource, struct arena *arena, struct issues *issues);
};

struct definitions_source {
    const char *const
        *inputs; /* files (Bundle or resource JSON), folders of them, or FHIR NPM .tgz */
    size_t input_count;
    const cJSON *const *resources; /* further resources or Bundles, before the inputs */
    size_t resource_count;
    const char *corrections; /* our corrections file for the npm definitions, or NULL */
    const char *units;       /* UCUM's table as @lhncbc/ucum-lhc has it, or NULL */
    const char *package;     /* name#version to record; NULL: what the input's package.json says */
    const struct definitions_preparation *preparation; /* may be NULL */
};

/* Writes the database at output atomically (a temporary file beside it, renamed). A resource that
 * cannot be used is an issue and is left out; false when nothing usable came of it. Identical
 * inputs give identical bytes. */
bool definitions_compile(const char *output, const struct definitions_source *source,
                         struct issues *issues);
/* The same in memory, for definitions_set_open; it may hold nothing. NULL with an issue when an
 * input can not be read. */
struct sqlite3 *definitions_compile_memory(const struct definitions_source *source,
                                           struct issues *issues);
#endif
