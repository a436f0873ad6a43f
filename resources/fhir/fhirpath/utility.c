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

/* There is nowhere to write to: the input goes through. */
static bool apply_trace(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return fhirpath_items_add_all(call->run, out, &call->input);
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
    { "trace", 1, 2, INPUT_COLLECTION, { ARGUMENT_STRING, ARGUMENT_LAZY }, apply_trace, false },
    { "type", 0, 0, INPUT_COLLECTION, { 0 }, apply_type, false },
    { "now", 0, 0, INPUT_COLLECTION, { 0 }, apply_now, false },
    { "today", 0, 0, INPUT_COLLECTION, { 0 }, apply_today, false },
    { "timeOfDay", 0, 0, INPUT_COLLECTION, { 0 }, apply_time_of_day, false },
    { .name = NULL },
};
