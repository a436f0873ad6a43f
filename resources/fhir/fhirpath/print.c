/* print.c - items as text, for people and for tests. */
#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/fhirpath/evaluate.h"
#include "resources/fhir/json/json.h"

enum { MOST_PRINTED = 64 << 20 };

struct str fhirpath_print(const struct fhirpath_item *item, struct arena *arena)
{
    if (item->kind != FHIRPATH_NODE)
        return fhirpath_values_text(item, arena);
    if (!item->node->value)
        return (struct str){ "", 0 };
    if (node_is_primitive(item->node))
        return json_text(item->node->value);
    struct buf text;
    buf_init(&text, arena, MOST_PRINTED);
    json_print(&text, item->node->value);
    return buf_str(&text);
}

struct str fhirpath_print_type(const struct fhirpath_item *item, struct arena *arena)
{
    struct fhirpath_item type = fhirpath_types_of(item);
    return fhirpath_values_text(&type, arena);
}
