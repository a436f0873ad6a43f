/* items.c - collections: adding items of every kind, and the children of an item. */
#include <inttypes.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/evaluate.h"
#include "resources/fhir/json/json.h"

static bool grow(struct fhirpath_run *run, struct fhirpath_list *list, size_t count)
{
    size_t wanted = list->items.count + count;
    if (wanted > run->most_items)
        return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_LIMIT,
                                      "a collection has more than %zu items", run->most_items);
    if (wanted <= list->room)
        return true;
    size_t room = list->room ? list->room * 2 : 1;
    if (room < wanted)
        room = wanted;
    struct fhirpath_item *grown = arena_alloc_raw(run->context->arena, room * sizeof *grown);
    if (list->items.count)
        memcpy(grown, list->items.items, list->items.count * sizeof *grown);
    list->items.items = grown;
    list->room = room;
    return true;
}

bool fhirpath_items_add(struct fhirpath_run *run, struct fhirpath_list *list,
                        const struct fhirpath_item *item)
{
    if (list->items.count == list->room && !grow(run, list, 1))
        return false;
    list->items.items[list->items.count++] = *item;
    return true;
}

bool fhirpath_items_add_all(struct fhirpath_run *run, struct fhirpath_list *list,
                            const struct fhirpath_items *items)
{
    if (items->count == 0)
        return true;
    if (!fhirpath_evaluate_step(run, items->count) || !grow(run, list, items->count))
        return false;
    memcpy(list->items.items + list->items.count, items->items,
           items->count * sizeof *items->items);
    list->items.count += items->count;
    return true;
}

bool fhirpath_items_add_node(struct fhirpath_run *run, struct fhirpath_list *list,
                             const struct node *node)
{
    return fhirpath_items_add(run, list,
                              &(struct fhirpath_item){ .kind = FHIRPATH_NODE, .node = node });
}

static bool add_text(struct fhirpath_run *run, struct fhirpath_list *list, enum fhirpath_kind kind,
                     struct str text)
{
    return fhirpath_items_add(run, list, &(struct fhirpath_item){ .kind = kind, .text = text });
}

bool fhirpath_items_add_boolean(struct fhirpath_run *run, struct fhirpath_list *list, bool value)
{
    return add_text(run, list, FHIRPATH_BOOLEAN, value ? STR("true") : STR("false"));
}

bool fhirpath_items_add_integer(struct fhirpath_run *run, struct fhirpath_list *list, int64_t value)
{
    return add_text(run, list, FHIRPATH_INTEGER, str_print(run->context->arena, "%" PRId64, value));
}

bool fhirpath_items_add_long(struct fhirpath_run *run, struct fhirpath_list *list, int64_t value)
{
    return add_text(run, list, FHIRPATH_LONG, str_print(run->context->arena, "%" PRId64, value));
}

bool fhirpath_items_add_string(struct fhirpath_run *run, struct fhirpath_list *list,
                               struct str text)
{
    if (text.len > FHIRPATH_MOST_TEXT)
        return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_LIMIT, "a string has more than %d bytes",
                                      FHIRPATH_MOST_TEXT);
    return add_text(run, list, FHIRPATH_STRING, text);
}

bool fhirpath_items_add_decimal(struct fhirpath_run *run, struct fhirpath_list *list,
                                const struct decimal *value)
{
    return add_text(run, list, FHIRPATH_DECIMAL, decimal_print(value, run->context->arena));
}

bool fhirpath_items_add_quantity(struct fhirpath_run *run, struct fhirpath_list *list,
                                 const struct quantity *value)
{
    struct fhirpath_item item = { .kind = FHIRPATH_QUANTITY,
                                  .text = decimal_print(&value->value, run->context->arena),
                                  .unit = value->unit.len ? value->unit : STR("1") };
    return fhirpath_items_add(run, list, &item);
}

bool fhirpath_items_add_date(struct fhirpath_run *run, struct fhirpath_list *list,
                             const struct date *date, enum fhirpath_kind kind)
{
    return add_text(run, list, kind, date_print(date, run->context->arena));
}

/* What a System item has: a quantity's value and unit, a type's name and namespace. */
static bool add_parts(struct fhirpath_run *run, struct fhirpath_list *list,
                      const struct fhirpath_item *item, const char *name)
{
    static const struct part {
        enum fhirpath_kind of;
        const char *name;
        enum fhirpath_kind kind;
        bool is_unit;
    } PARTS[] = {
        { FHIRPATH_QUANTITY, "value", FHIRPATH_DECIMAL, false },
        { FHIRPATH_QUANTITY, "unit", FHIRPATH_STRING, true },
        { FHIRPATH_TYPE, "name", FHIRPATH_STRING, false },
        { FHIRPATH_TYPE, "namespace", FHIRPATH_STRING, true },
    };
    for (size_t i = 0; i < COUNT(PARTS); i++)
        if (PARTS[i].of == item->kind && (!name || !strcmp(PARTS[i].name, name)) &&
            !add_text(run, list, PARTS[i].kind, PARTS[i].is_unit ? item->unit : item->text))
            return false;
    return true;
}

bool fhirpath_items_add_children(struct fhirpath_run *run, struct fhirpath_list *list,
                                 const struct fhirpath_item *item, const char *name)
{
    if (item->kind != FHIRPATH_NODE)
        return add_parts(run, list, item, name);
    if (!item->node->value && !item->node->shadow)
        return true;
    struct node_walk walk;
    node_walk_init(&walk, item->node, name, run->context->definitions);
    for (;;) {
        struct node *child =
            run->spare ? run->spare : arena_alloc_raw(run->context->arena, sizeof *child);
        run->spare = child;
        if (!node_walk_next(&walk, child))
            return true;
        run->spare = NULL;
        if (!fhirpath_evaluate_step(run, 1) || !fhirpath_items_add_node(run, list, child))
            return false;
    }
}

struct node *fhirpath_items_new_node(struct fhirpath_run *run, const cJSON *value, struct str type)
{
    struct node *node = arena_alloc(run->context->arena, sizeof *node);
    if (json_get(value, "resourceType")) {
        node_root(node, value, run->context->definitions);
        return node;
    }
    *node = (struct node){ .place = { NULL, str_cstr(run->context->arena, type), NULL, -1, -1 },
                           .value = value,
                           .structure = run->context->definitions
                                            ? definitions_type(run->context->definitions, type)
                                            : NULL };
    return node;
}
