/* functions.c - finds functions by name and prepares their input and arguments by the table's rows.
 */
#include "resources/fhir/fhirpath/functions.h"

#include "resources/base/arena.h"

static const struct fhirpath_function *const GROUPS[] = {
    fhirpath_existence_functions,     fhirpath_filtering_functions, fhirpath_combining_functions,
    fhirpath_conversion_functions,    fhirpath_text_functions,      fhirpath_regex_functions,
    fhirpath_encoding_functions,      fhirpath_math_functions,      fhirpath_tree_functions,
    fhirpath_utility_functions,       fhirpath_boundary_functions,  fhirpath_fhir_functions,
    fhirpath_aggregate_functions,     fhirpath_parts_functions,     fhirpath_structure_functions,
    fhirpath_terminologies_functions,
};

const char *fhirpath_functions_name(size_t index)
{
    for (size_t group = 0; group < COUNT(GROUPS); group++)
        for (const struct fhirpath_function *row = GROUPS[group]; row->name; row++)
            if (index-- == 0)
                return row->name;
    return NULL;
}

static const struct {
    const char *constant;
    const struct fhirpath_function *(*find)(struct str name);
} OWNERS[] = {
    { "factory", fhirpath_factory_find },
    { "terminologies", fhirpath_terminologies_find },
};

const struct fhirpath_function *fhirpath_functions_find(const struct fhirpath_expression *left,
                                                        struct str name)
{
    for (size_t i = 0; left && left->form == FORM_CONSTANT && i < COUNT(OWNERS); i++)
        if (str_is(left->name, OWNERS[i].constant))
            return OWNERS[i].find(name);
    for (size_t group = 0; group < COUNT(GROUPS); group++)
        for (const struct fhirpath_function *row = GROUPS[group]; row->name; row++)
            if (str_is(name, row->name))
                return row;
    return NULL;
}

static bool fail_input(struct fhirpath_call *call, const char *what)
{
    return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE, STR_FMT "() works on %s",
                                  STR_ARG(call->expression->name), what);
}

/* *is_empty: there is nothing to work on. */
static bool prepare_input(struct fhirpath_call *call, enum fhirpath_input input, bool *is_empty)
{
    *is_empty = false;
    if (input == INPUT_COLLECTION)
        return true;
    *is_empty = call->input.count == 0;
    if (*is_empty)
        return true;
    if (call->input.count > 1)
        return fail_input(call, "one item, not on several");
    call->item = call->input.items[0];
    if (input == INPUT_ONE)
        return true;
    struct fhirpath_item value;
    *is_empty = !fhirpath_values_of(&value, &call->item, call->run);
    if (*is_empty)
        return input != INPUT_STRING || node_is_primitive(call->item.node) ||
               fail_input(call, "a string");
    call->item = value;
    if (input == INPUT_STRING && value.kind != FHIRPATH_STRING)
        return fail_input(call, "a string");
    return true;
}

static bool take_argument(struct fhirpath_call *call, size_t at, enum fhirpath_argument kind,
                          bool *is_empty)
{
    const struct fhirpath_items *items = &call->arguments[at];
    if (items->count == 0) {
        *is_empty = true;
        return true;
    }
    struct fhirpath_item value;
    bool has = items->count == 1 && fhirpath_values_of(&value, items->items, call->run);
    bool is_integer = kind == ARGUMENT_INTEGER;
    if (has && is_integer && fhirpath_values_integer(&call->numbers[at], &value))
        return true;
    if (has && !is_integer && value.kind == FHIRPATH_STRING) {
        call->texts[at] = value.text;
        return true;
    }
    *is_empty = items->count == 1 && !has && node_is_primitive(items->items[0].node);
    if (*is_empty)
        return true;
    return fhirpath_evaluate_fail(
        call->run, ISSUE_FHIRPATH_TYPE, "argument %zu of " STR_FMT "() is one %s", at + 1,
        STR_ARG(call->expression->name), is_integer ? "integer" : "string");
}

static bool prepare_arguments(struct fhirpath_call *call, bool *is_empty)
{
    const struct fhirpath_expression *expression = call->expression;
    *is_empty = false;
    for (size_t i = 0; i < expression->argument_count; i++) {
        enum fhirpath_argument kind = expression->function->arguments[i];
        if (kind == ARGUMENT_LAZY || kind == ARGUMENT_TYPE)
            continue;
        struct fhirpath_list list;
        if (!fhirpath_evaluate_expression(call->run, expression->arguments[i], call->scope, &list))
            return false;
        call->arguments[i] = list.items;
        call->run->position = expression->position;
        if (kind != ARGUMENT_VALUE && !take_argument(call, i, kind, is_empty))
            return false;
    }
    return true;
}

bool fhirpath_functions_call(struct fhirpath_run *run, const struct fhirpath_expression *expression,
                             const struct fhirpath_items *input, const struct fhirpath_scope *scope,
                             struct fhirpath_list *out)
{
    struct fhirpath_call call = { .run = run,
                                  .scope = scope,
                                  .expression = expression,
                                  .input = *input,
                                  .count = expression->argument_count };
    bool is_empty, lacks_argument;
    if (!prepare_input(&call, expression->function->input, &is_empty))
        return false;
    if (is_empty)
        return true;
    if (!prepare_arguments(&call, &lacks_argument))
        return false;
    return lacks_argument || expression->function->apply(&call, out);
}

bool fhirpath_functions_apply(const struct fhirpath_call *call, size_t argument,
                              const struct fhirpath_item *item, size_t index,
                              struct fhirpath_list *out)
{
    struct fhirpath_item self = *item;
    struct fhirpath_scope scope = { .focus = { &self, 1 },
                                    .index = (int64_t)index,
                                    .total = call->scope->total,
                                    .defined = call->scope->defined };
    return fhirpath_evaluate_expression(call->run, call->expression->arguments[argument], &scope,
                                        out);
}

bool fhirpath_functions_test(const struct fhirpath_call *call, size_t argument,
                             const struct fhirpath_item *item, size_t index, bool *verdict)
{
    struct fhirpath_run *run = call->run;
    struct fhirpath_list list;
    bool keeps = call->expression->arguments[argument]->calls_out;
    run->spare = NULL;
    struct arena_mark mark = arena_mark(run->context->arena);
    int truth;
    if (!fhirpath_functions_apply(call, argument, item, index, &list) ||
        !fhirpath_values_truth(run, &list.items, &truth))
        return false;
    *verdict = truth == 1;
    run->spare = NULL;
    if (!keeps)
        arena_reset(run->context->arena, mark);
    return true;
}
