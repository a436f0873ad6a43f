/* evaluate.c - walks the tree of an expression over a resource (FHIRPath N1 section 4). */
#include "resources/fhir/fhirpath/evaluate.h"

#include <stdarg.h>
#include <stdio.h>

#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/functions.h"
#include "resources/fhir/fhirpath/operators.h"
#include "resources/fhir/json/json.h"

enum { BYTES_A_STEP = 64, MOST_MESSAGE = 400 };

bool fhirpath_evaluate_fail(struct fhirpath_run *run, enum issue_id id, const char *format, ...)
{
    char message[MOST_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    size_t character = 1;
    for (size_t i = 0; i < run->position && i < run->text.len; i++)
        character += ((unsigned char)run->text.data[i] & 0xC0) != 0x80;
    if (!run->context->issues)
        return false;
    return issue_add(run->context->issues, run->focus ? &run->focus->place : NULL, id,
                     "at character %zu: %s", character, message);
}

const struct ucum *fhirpath_evaluate_units(const struct fhirpath_run *run)
{
    const struct fhirpath_context *context = run->context;
    if (context->units || !context->definitions)
        return context->units;
    return definitions_units(context->definitions);
}

bool fhirpath_evaluate_step(struct fhirpath_run *run, size_t steps)
{
    run->steps += steps;
    if (run->steps <= run->most_steps)
        return true;
    return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_LIMIT, "more than %zu steps",
                                  run->most_steps);
}

bool fhirpath_evaluate_text(struct fhirpath_run *run, size_t bytes)
{
    return fhirpath_evaluate_step(run, bytes / BYTES_A_STEP);
}

/* A path may begin with the name of its resource's type, or with one that the type specializes. No
 * element of FHIR begins with a capital letter, so another type's path need not look for one: R4's
 * search parameters join the paths of thirty types. */
static bool begins_with_type(const struct fhirpath_expression *member,
                             const struct fhirpath_item *item)
{
    return !member->left && item->kind == FHIRPATH_NODE && member->name.len > 0 &&
           member->name.data[0] >= 'A' && member->name.data[0] <= 'Z';
}

static bool names_type(const struct fhirpath_run *run, const struct fhirpath_item *item,
                       struct str name)
{
    if (!item->node->structure)
        return str_equal(json_get_text(item->node->value, "resourceType"), name);
    struct str type = node_type(item->node);
    return str_equal(type, name) || definitions_is_a(run->context->definitions, type, name);
}

/* No element of FHIR, but every resource's JSON says it. */
static bool add_resource_types(struct fhirpath_run *run, const struct fhirpath_items *of,
                               struct fhirpath_list *out)
{
    for (size_t i = 0; i < of->count; i++) {
        const struct node *node = of->items[i].kind == FHIRPATH_NODE ? of->items[i].node : NULL;
        struct str type = node ? json_get_text(node->value, "resourceType") : STR("");
        if (type.len > 0 && !fhirpath_items_add_string(run, out, type))
            return false;
    }
    return true;
}

static bool evaluate_member(struct fhirpath_run *run, const struct fhirpath_expression *member,
                            const struct fhirpath_items *of, struct fhirpath_list *out)
{
    for (size_t i = 0; i < of->count; i++) {
        const struct fhirpath_item *item = &of->items[i];
        bool is_type = begins_with_type(member, item);
        if (is_type && !names_type(run, item, member->name)) {
            if (item->node->structure)
                continue;
            is_type = false;
        }
        if (is_type ? !fhirpath_items_add(run, out, item)
                    : !fhirpath_items_add_children(run, out, item, member->name.data))
            return false;
    }
    return out->items.count > 0 || !str_is(member->name, "resourceType") ||
           add_resource_types(run, of, out);
}

static const struct node *resource_of(const struct fhirpath_run *run)
{
    if (run->context->resource)
        return run->context->resource;
    return run->focus ? run->focus->resource : NULL;
}

/* The resource that contains the resource, or the resource. */
static const struct node *root_resource_of(const struct fhirpath_run *run)
{
    if (run->context->root_resource)
        return run->context->root_resource;
    const struct node *resource = resource_of(run);
    while (resource && resource->parent && str_is(str_of(resource->place.name), "contained"))
        resource = resource->parent->resource;
    return resource;
}

static bool add_constant_node(struct fhirpath_run *run, struct str name, struct fhirpath_list *out,
                              bool *is_known)
{
    const struct node *node = NULL;
    *is_known = true;
    if (str_is(name, "resource"))
        node = resource_of(run);
    else if (str_is(name, "rootResource"))
        node = root_resource_of(run);
    else if (str_is(name, "context"))
        node = run->context->context ? run->context->context : run->focus;
    else
        *is_known = false;
    return !node || fhirpath_items_add_node(run, out, node);
}

static const struct {
    const char *name, *value;
} URLS[] = {
    { "ucum", "http://unitsofmeasure.org" },
    { "sct", "http://snomed.info/sct" },
    { "loinc", "http://loinc.org" },
};

/* What has functions of its own (functions.c) and is nothing by itself. */
static const char *const OBJECTS[] = { "factory", "terminologies" };

static bool is_object(struct str name)
{
    for (size_t i = 0; i < COUNT(OBJECTS); i++)
        if (str_is(name, OBJECTS[i]))
            return true;
    return false;
}

bool fhirpath_evaluate_is_reserved(struct str name)
{
    static const char *const NODES[] = { "resource", "rootResource", "context" };
    for (size_t i = 0; i < COUNT(NODES); i++)
        if (str_is(name, NODES[i]))
            return true;
    for (size_t i = 0; i < COUNT(URLS); i++)
        if (str_is(name, URLS[i].name))
            return true;
    return is_object(name) || str_starts(name, STR("vs-")) || str_starts(name, STR("ext-"));
}

const struct fhirpath_items *fhirpath_evaluate_variable(const struct fhirpath_run *run,
                                                        struct str name,
                                                        const struct fhirpath_scope *scope)
{
    for (const struct fhirpath_defined *at = scope->defined; at; at = at->earlier)
        if (str_equal(at->variable.name, name))
            return &at->variable.items;
    for (size_t i = 0; i < run->context->variable_count; i++)
        if (str_equal(run->context->variables[i].name, name))
            return &run->context->variables[i].items;
    return NULL;
}

static bool evaluate_constant(struct fhirpath_run *run, struct str name,
                              const struct fhirpath_scope *scope, struct fhirpath_list *out)
{
    bool is_known;
    if (!add_constant_node(run, name, out, &is_known) || is_known)
        return is_known;
    const struct fhirpath_items *variable = fhirpath_evaluate_variable(run, name, scope);
    if (variable)
        return fhirpath_items_add_all(run, out, variable);
    if (is_object(name))
        return true;
    for (size_t i = 0; i < COUNT(URLS); i++)
        if (str_is(name, URLS[i].name))
            return fhirpath_items_add_string(run, out, str_of(URLS[i].value));
    if (str_starts(name, STR("vs-")))
        return fhirpath_items_add_string(run, out,
                                         str_print(run->context->arena,
                                                   "http://hl7.org/fhir/ValueSet/" STR_FMT,
                                                   STR_ARG(str_slice(name, 3, name.len))));
    if (str_starts(name, STR("ext-")))
        return fhirpath_items_add_string(
            run, out,
            str_print(run->context->arena, "http://hl7.org/fhir/StructureDefinition/" STR_FMT,
                      STR_ARG(str_slice(name, 4, name.len))));
    return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE, "there is no %%" STR_FMT,
                                  STR_ARG(name));
}

static bool evaluate_variable(struct fhirpath_run *run, struct str name,
                              const struct fhirpath_scope *scope, struct fhirpath_list *out)
{
    if (str_is(name, "$this"))
        return fhirpath_items_add_all(run, out, &scope->focus);
    if (str_is(name, "$index"))
        return scope->index < 0 || fhirpath_items_add_integer(run, out, scope->index);
    return !scope->total || fhirpath_items_add_all(run, out, scope->total);
}

static bool evaluate_type(struct fhirpath_run *run, const struct fhirpath_expression *expression,
                          const struct fhirpath_items *left, struct fhirpath_list *out)
{
    bool is_question = str_is(expression->name, "is");
    if (is_question && left->count > 1)
        return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE, "`is` asks about one item, not %zu",
                                      left->count);
    for (size_t i = 0; i < left->count; i++) {
        const struct fhirpath_item *item = &left->items[i];
        int answer = is_question ? fhirpath_types_is(run, item, &expression->type)
                                 : fhirpath_types_fits(run, item, &expression->type);
        if (answer < 0)
            return false;
        if (is_question)
            return fhirpath_items_add_boolean(run, out, answer);
        if (answer && !fhirpath_items_add(run, out, item))
            return false;
    }
    return true;
}

static bool evaluate_index(struct fhirpath_run *run, const struct fhirpath_items *left,
                           const struct fhirpath_items *index, struct fhirpath_list *out)
{
    int64_t at;
    struct fhirpath_item value;
    if (index->count == 0)
        return true;
    if (index->count > 1 || !fhirpath_values_of(&value, index->items, run) ||
        !fhirpath_values_integer(&at, &value))
        return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE, "an index is one integer");
    if (at < 0 || (uint64_t)at >= left->count)
        return true;
    return fhirpath_items_add(run, out, &left->items[at]);
}

static bool evaluate_binary(struct fhirpath_run *run, const struct fhirpath_expression *expression,
                            const struct fhirpath_items *left, const struct fhirpath_scope *scope,
                            struct fhirpath_list *out)
{
    const struct fhirpath_operator *infix = expression->infix;
    struct fhirpath_list right = { .room = 0 };
    int truth;
    if (infix->is_lazy && !fhirpath_values_truth(run, left, &truth))
        return false;
    if (!infix->is_lazy || !fhirpath_operators_decides(infix, truth)) {
        if (!fhirpath_evaluate_expression(run, expression->arguments[0], scope, &right))
            return false;
    }
    run->position = expression->position;
    bool is_inner =
        infix->kind == OPERATOR_UNION && expression->up && expression->up->infix == infix;
    if (is_inner)
        return fhirpath_items_add_all(run, out, left) &&
               fhirpath_items_add_all(run, out, &right.items);
    return infix->apply(run, left, &right.items, out);
}

/* One node of the tree; `left` is what stands left of it, or the focus. */
static bool evaluate_node(struct fhirpath_run *run, const struct fhirpath_expression *expression,
                          const struct fhirpath_items *left, const struct fhirpath_scope *scope,
                          struct fhirpath_list *out)
{
    struct fhirpath_list argument;
    *out = (struct fhirpath_list){ .room = 0 };
    run->position = expression->position;
    if (!fhirpath_evaluate_step(run, 1))
        return false;
    switch (expression->form) {
    case FORM_EMPTY:
        return true;
    case FORM_LITERAL:
        return fhirpath_items_add(run, out, &expression->literal);
    case FORM_MEMBER:
        return evaluate_member(run, expression, left, out);
    case FORM_FUNCTION:
        return fhirpath_functions_call(run, expression, left, scope, out);
    case FORM_INDEX:
        return fhirpath_evaluate_expression(run, expression->arguments[0], scope, &argument) &&
               evaluate_index(run, left, &argument.items, out);
    case FORM_SIGN:
        return fhirpath_evaluate_expression(run, expression->arguments[0], scope, &argument) &&
               fhirpath_arithmetic_sign(run, &argument.items, str_is(expression->name, "-"), out);
    case FORM_BINARY:
        return evaluate_binary(run, expression, left, scope, out);
    case FORM_TYPE:
        return evaluate_type(run, expression, left, out);
    case FORM_VARIABLE:
        return evaluate_variable(run, expression->name, scope, out);
    case FORM_CONSTANT:
        return evaluate_constant(run, expression->name, scope, out);
    }
    return false;
}

bool fhirpath_evaluate_expression(struct fhirpath_run *run,
                                  const struct fhirpath_expression *expression,
                                  const struct fhirpath_scope *scope, struct fhirpath_list *out)
{
    const struct fhirpath_expression *at = expression;
    while (at->left)
        at = at->left;
    struct fhirpath_items left = scope->focus;
    struct fhirpath_scope inner;
    const struct fhirpath_scope *of_path = scope;
    for (;;) {
        bool is_step = at->form == FORM_FUNCTION || at->form == FORM_INDEX;
        if (!evaluate_node(run, at, &left, is_step ? of_path : scope, out))
            return false;
        if (run->defined) {
            inner = *of_path;
            inner.defined = run->defined;
            of_path = &inner;
            run->defined = NULL;
        }
        if (at == expression)
            return true;
        left = out->items;
        at = at->up;
    }
}

static void begin(struct fhirpath_run *run, const struct fhirpath *expression,
                  const struct node *focus, struct fhirpath_context *context)
{
    *run = (struct fhirpath_run){
        .context = context,
        .text = expression->text,
        .focus = focus,
        .most_steps = context->most_steps ? context->most_steps : FHIRPATH_MOST_STEPS,
        .most_items = context->most_items ? context->most_items : FHIRPATH_MOST_ITEMS
    };
}

bool fhirpath_evaluate_items(struct fhirpath_items *out, const struct fhirpath *expression,
                             const struct fhirpath_items *focus, struct fhirpath_context *context)
{
    struct fhirpath_run run;
    const struct node *first = focus->count ? focus->items[0].node : NULL;
    begin(&run, expression, first, context);
    struct fhirpath_scope scope = { .focus = *focus, .index = -1 };
    struct fhirpath_list list;
    if (!fhirpath_evaluate_expression(&run, expression->root, &scope, &list))
        return false;
    *out = list.items;
    return true;
}

bool fhirpath_evaluate(struct fhirpath_items *out, const struct fhirpath *expression,
                       const struct node *focus, struct fhirpath_context *context)
{
    struct fhirpath_item item = { .kind = FHIRPATH_NODE, .node = focus };
    struct fhirpath_items items = { &item, focus ? 1 : 0 };
    return fhirpath_evaluate_items(out, expression, &items, context);
}

int fhirpath_test(const struct fhirpath *expression, const struct node *focus,
                  struct fhirpath_context *context)
{
    struct fhirpath_items items;
    struct fhirpath_run run;
    int truth;
    if (!fhirpath_evaluate(&items, expression, focus, context))
        return -1;
    begin(&run, expression, focus, context);
    if (!fhirpath_values_truth(&run, &items, &truth))
        return -1;
    return truth == 1;
}
