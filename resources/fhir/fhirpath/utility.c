/* utility.c - iif(), trace(), type() and the clock the caller lends (FHIRPath N1 5.5.1, 5.9). */
#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/functions.h"

/* The focus of iif() is the whole input, and only the branch that is taken is evaluated. */
static bool apply_iif(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_run *run = call->run;
    const struct fhirpath_expression *const *arguments = call->expression->arguments;
    struct fhirpath_scope scope = *call->scope;
    if (call->expression->left)
        scope.focus = call->input;
    struct fhirpath_list criterion;
    int truth;
    if (!fhirpath_evaluate_expression(run, arguments[0], &scope, &criterion) ||
        !fhirpath_values_truth(run, &criterion.items, &truth))
        return false;
    if (truth != 1 && call->count < 3)
        return true;
    return fhirpath_evaluate_expression(run, arguments[truth == 1 ? 1 : 2], &scope, out);
}

/* The input goes through; the caller may look at it, or at its projection. */
static bool apply_trace(struct fhirpath_call *call, struct fhirpath_list *out)
{
    const struct fhirpath_resolver *resolver = call->run->context->resolver;
    struct fhirpath_list seen = { .room = 0 }, projected;
    bool is_seen = resolver && resolver->trace;
    for (size_t i = 0; is_seen && call->count > 1 && i < call->input.count; i++)
        if (!fhirpath_functions_apply(call, 1, &call->input.items[i], i, &projected) ||
            !fhirpath_items_add_all(call->run, &seen, &projected.items))
            return false;
    if (is_seen)
        resolver->trace(resolver->context, call->texts[0],
                        call->count > 1 ? &seen.items : &call->input);
    return fhirpath_items_add_all(call->run, out, &call->input);
}

/* Without an expression the variable is the input. */
static bool apply_define_variable(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_run *run = call->run;
    struct str name = call->texts[0];
    struct fhirpath_scope scope = *call->scope;
    scope.focus = call->input;
    if (fhirpath_evaluate_is_reserved(name) || fhirpath_evaluate_variable(run, name, &scope))
        return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE, "there is a %%" STR_FMT " already",
                                      STR_ARG(name));
    struct fhirpath_list value = { .items = call->input };
    if (call->count > 1 &&
        !fhirpath_evaluate_expression(run, call->expression->arguments[1], &scope, &value))
        return false;
    struct fhirpath_defined *made = arena_alloc(run->context->arena, sizeof *made);
    *made = (struct fhirpath_defined){ .variable = { name, value.items },
                                       .earlier = call->scope->defined };
    if (!fhirpath_items_add_all(run, out, &call->input))
        return false;
    run->defined = made;
    return true;
}

static bool apply_type(struct fhirpath_call *call, struct fhirpath_list *out)
{
    for (size_t i = 0; i < call->input.count; i++) {
        struct fhirpath_item type = fhirpath_types_of(&call->input.items[i]);
        if (!fhirpath_items_add(call->run, out, &type))
            return false;
    }
    return true;
}

static bool take_now(struct fhirpath_call *call, struct date *now)
{
    return date_parse(now, call->run->context->now, DATE_FORM_PARTIAL) ||
           fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_UNSUPPORTED,
                                  STR_FMT "(): there is no clock here",
                                  STR_ARG(call->expression->name));
}

static bool apply_now(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct date now;
    return take_now(call, &now) && fhirpath_items_add_date(call->run, out, &now, FHIRPATH_DATETIME);
}

static bool apply_today(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct date now;
    if (!take_now(call, &now))
        return false;
    now.precision = now.precision < DATE_DAY ? now.precision : DATE_DAY;
    now.has_zone = false;
    return fhirpath_items_add_date(call->run, out, &now, FHIRPATH_DATE);
}

static bool apply_time_of_day(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct date now;
    if (!take_now(call, &now))
        return false;
    now.is_time = true;
    now.has_zone = false;
    return now.precision < DATE_HOUR ||
           fhirpath_items_add_date(call->run, out, &now, FHIRPATH_TIME);
}

const struct fhirpath_function fhirpath_utility_functions[] = {
    { "iif",
      2,
      3,
      INPUT_COLLECTION,
      { ARGUMENT_LAZY, ARGUMENT_LAZY, ARGUMENT_LAZY },
      apply_iif,
      false },
    { "trace", 1, 2, INPUT_COLLECTION, { ARGUMENT_STRING, ARGUMENT_LAZY }, apply_trace, true },
    { "defineVariable",
      1,
      2,
      INPUT_COLLECTION,
      { ARGUMENT_STRING, ARGUMENT_LAZY },
      apply_define_variable,
      false },
    { "type", 0, 0, INPUT_COLLECTION, { 0 }, apply_type, false },
    { "now", 0, 0, INPUT_COLLECTION, { 0 }, apply_now, false },
    { "today", 0, 0, INPUT_COLLECTION, { 0 }, apply_today, false },
    { "timeOfDay", 0, 0, INPUT_COLLECTION, { 0 }, apply_time_of_day, false },
    { .name = NULL },
};
