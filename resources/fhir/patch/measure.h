/* measure.h - inside patch: how much a patch puts into a tree. */
#ifndef RESOURCES_FHIR_PATCH_MEASURE_H
#define RESOURCES_FHIR_PATCH_MEASURE_H
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* Counts the values of a tree that begins at a depth; false below JSON_MOST_DEPTH or past
 * PATCH_MOST_COPIED. */
bool measure_tree(const cJSON *item, int depth, size_t *values);
#endif
