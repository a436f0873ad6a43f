/* types.c - the types of items and the questions `is`, `as` and ofType() ask (FHIRPath N1 6.3, R4
 * fhirpath.html). */
#include "resources/fhir/fhirpath/evaluate.h"

static const char *const SYSTEM_NAMES[] = {
    [FHIRPATH_NODE] = "",           [FHIRPATH_BOOLEAN] = "Boolean",
    [FHIRPATH_INTEGER] = "Integer", [FHIRPATH_LONG] = "Long",
    [FHIRPATH_DECIMAL] = "Decimal", [FHIRPATH_STRING] = "String",
    [FHIRPATH_DATE] = "Date",       [FHIRPATH_DATETIME] = "DateTime",
    [FHIRPATH_TIME] = "Time",       [FHIRPATH_QUANTITY] = "Quantity",
    [FHIRPATH_TYPE] = "TypeInfo",
};

static bool is_system_name(struct str name)
{
    for (size_t kind = FHIRPATH_BOOLEAN; kind < COUNT(SYSTEM_NAMES); kind++)
        if (str_is(name, SYSTEM_NAMES[kind]))
            return true;
    return str_is(name, "Any");
}

/* An element of no known type is what its JSON is. */
static enum fhirpath_kind kind_of(const struct fhirpath_item *item)
{
    struct fhirpath_item value;
    bool is_untyped = item->kind == FHIRPATH_NODE && !item->node->structure;
    return is_untyped && fhirpath_values_of_untyped(&value, item->node) ? value.kind : item->kind;
}

static bool is_of_system(const struct fhirpath_item *item, struct str name)
{
    enum fhirpath_kind kind = kind_of(item);
    return kind != FHIRPATH_NODE && (str_is(name, SYSTEM_NAMES[kind]) || str_is(name, "Any"));
}

/* Which namespace a type's name is meant in; false with an issue when it is in none. */
static bool find_space(struct fhirpath_run *run, const struct fhirpath_type_name *type,
                       bool *is_fhir, bool *is_system)
{
    bool any = type->space.len == 0;
    struct definitions *definitions = run->context->definitions;
    *is_fhir = (any || str_is(type->space, "FHIR")) && definitions &&
               definitions_type(definitions, type->name);
    *is_system = (any || str_is(type->space, "System")) && is_system_name(type->name);
    if (*is_fhir || *is_system)
        return true;
    return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE,
                                  "there is no type " STR_FMT "%s" STR_FMT, STR_ARG(type->space),
                                  any ? "" : ".", STR_ARG(type->name));
}

static bool is_of_fhir(struct fhirpath_run *run, const struct fhirpath_item *item, struct str name)
{
    if (item->kind != FHIRPATH_NODE || !item->node->structure)
        return false;
    struct str own = node_type(item->node);
    return str_equal(own, name) || definitions_is_a(run->context->definitions, own, name);
}

int fhirpath_types_is(struct fhirpath_run *run, const struct fhirpath_item *item,
                      const struct fhirpath_type_name *type)
{
    bool is_fhir, is_system;
    if (!find_space(run, type, &is_fhir, &is_system))
        return -1;
    return (is_fhir && is_of_fhir(run, item, type->name)) ||
           (is_system && is_of_system(item, type->name));
}

/* R4's own search parameters write as(DateTime) for a FHIR dateTime: a System name without its
 * namespace also takes the FHIR primitive that holds such a value. */
static bool holds_system(struct fhirpath_run *run, const struct fhirpath_item *item,
                         const struct fhirpath_type_name *type)
{
    struct fhirpath_item value;
    return type->space.len == 0 && item->kind == FHIRPATH_NODE &&
           fhirpath_values_of(&value, item, run) && str_is(type->name, SYSTEM_NAMES[value.kind]);
}

int fhirpath_types_fits(struct fhirpath_run *run, const struct fhirpath_item *item,
                        const struct fhirpath_type_name *type)
{
    bool is_fhir, is_system;
    if (!find_space(run, type, &is_fhir, &is_system))
        return -1;
    if (is_system && (is_of_system(item, type->name) || holds_system(run, item, type)))
        return 1;
    if (!is_fhir || item->kind != FHIRPATH_NODE)
        return 0;
    const struct structure *asked = definitions_type(run->context->definitions, type->name);
    if (node_is_primitive(item->node) && asked->kind == KIND_PRIMITIVE)
        return str_equal(node_type(item->node), type->name);
    return is_of_fhir(run, item, type->name);
}

struct fhirpath_item fhirpath_types_of(const struct fhirpath_item *item)
{
    enum fhirpath_kind kind = kind_of(item);
    bool is_fhir = kind == FHIRPATH_NODE && item->node->structure;
    struct str name = kind == FHIRPATH_NODE ? STR("Any") : str_of(SYSTEM_NAMES[kind]);
    return (struct fhirpath_item){ .kind = FHIRPATH_TYPE,
                                   .text = is_fhir ? node_type(item->node) : name,
                                   .unit = is_fhir ? STR("FHIR") : STR("System") };
}
