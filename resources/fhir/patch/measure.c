/* measure.c - counts the levels and values of a tree. */
#include "resources/fhir/patch/measure.h"

#include "resources/fhir/json/json.h"
#include "resources/fhir/patch/patch.h"

bool measure_tree(const cJSON *item, int depth, size_t *values)
{
    if (depth > JSON_MOST_DEPTH || ++*values > PATCH_MOST_COPIED)
        return false;
    for (const cJSON *child = item->child; child; child = child->next)
        if (!measure_tree(child, depth + 1, values))
            return false;
    return true;
}
