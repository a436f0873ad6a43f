/* discriminate.c - is an entry in a slice: the slice's tests, run over the entry. */
#include "profiles/validator/match.h"
#include "profiles/validator/run.h"
#include "profiles/validator/slice.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"

static bool has_type(struct run *run, const struct test *test, struct str type)
{
    for (size_t i = 0; i < test->count; i++)
        if (validator_schema_is_type(run->validator, type, test->types[i]))
            return true;
    return false;
}

static enum match in_value_set(struct run *run, struct str value_set, const cJSON *value)
{
    const cJSON *codings = json_get(value, "coding");
    enum match best = MATCH_NO;
    if (cJSON_IsArray(codings)) {
        for (const cJSON *coding = codings->child; coding && best != MATCH_YES;
             coding = coding->next) {
            enum match match = in_value_set(run, value_set, coding);
            best = match == MATCH_NO ? best : match;
        }
        return best;
    }
    struct str code = cJSON_IsObject(value) ? json_get_text(value, "code") : json_text(value);
    if (!code.len || !run->validator->terminology)
        return MATCH_NO;
    switch (terminology_contains(run->validator->terminology, value_set,
                                 json_get_text(value, "system"), code)) {
    case MEMBER_YES:
        return MATCH_YES;
    case MEMBER_UNKNOWN:
        return MATCH_UNKNOWN;
    case MEMBER_NO:
        break;
    }
    return MATCH_NO;
}

static enum match conforms_to_any(struct run *run, const struct test *test, const struct node *node)
{
    enum match best = MATCH_NO;
    for (size_t i = 0; i < test->count; i++) {
        const struct shape *shape = validator_schema_root(run->validator, test->profiles[i]);
        bool is_resource = node->resource == node;
        int verdict = !shape        ? -1
                      : is_resource ? validator_conform_target(run, node, shape)
                                    : validator_conform_check(run, node, NULL, shape);
        if (verdict > 0)
            return MATCH_YES;
        if (verdict < 0)
            best = MATCH_UNKNOWN;
    }
    return best;
}

/* The test on the value that its path led to. */
static enum match try_value(struct run *run, const struct test *test, const struct node *node)
{
    switch (test->kind) {
    case TEST_FIXED:
        return validator_match_fixed(node->value, test->value) ? MATCH_YES : MATCH_NO;
    case TEST_PATTERN:
        return validator_match_pattern(node->value, test->value) ? MATCH_YES : MATCH_NO;
    case TEST_BINDING:
        return in_value_set(run, test->value_set, node->value);
    case TEST_TYPE:
        return has_type(run, test, node_type(node)) ? MATCH_YES : MATCH_NO;
    case TEST_PROFILE:
        return conforms_to_any(run, test, node);
    case TEST_EXISTS:
    case TEST_CONFORMS:
        break;
    }
    return MATCH_YES;
}

static enum match try_path(struct run *run, const struct test *test, size_t step,
                           const struct node *node);

static enum match try_children(struct run *run, const struct test *test, size_t step,
                               const struct node *node)
{
    const struct step *at = &test->steps[step];
    bool is_extension = at->kind == STEP_EXTENSION;
    const char *name = is_extension ? "extension" : at->name.data;
    struct node_walk walk;
    struct node child;
    enum match best = MATCH_NO;
    node_walk_init(&walk, node, name, run->validator->definitions);
    while (best != MATCH_YES && node_walk_next(&walk, &child)) {
        if (is_extension && !str_equal(json_get_text(child.value, "url"), at->name))
            continue;
        enum match match = try_path(run, test, step + 1, &child);
        best = match == MATCH_NO ? best : match;
    }
    return best;
}

/* A target that is not here still has a type where the reference says so. */
static enum match try_target(struct run *run, const struct test *test, size_t step,
                             const struct node *node)
{
    struct str text = cJSON_IsObject(node->value) ? json_get_text(node->value, "reference")
                                                  : json_text(node->value);
    bool is_last = step + 1 == test->step_count;
    if (is_last && test->kind == TEST_TYPE) {
        struct str type = validator_reference_type(run, text, node);
        if (type.len)
            return has_type(run, test, type) ? MATCH_YES : MATCH_NO;
    }
    const struct node *target = validator_reference_resolve(run, text, node, run->scratch);
    return target ? try_path(run, test, step + 1, target) : MATCH_UNKNOWN;
}

static enum match try_path(struct run *run, const struct test *test, size_t step,
                           const struct node *node)
{
    if (step == test->step_count)
        return try_value(run, test, node);
    switch (test->steps[step].kind) {
    case STEP_CHILD:
    case STEP_EXTENSION:
        return try_children(run, test, step, node);
    case STEP_RESOLVE:
        return try_target(run, test, step, node);
    case STEP_OF_TYPE:
        break;
    }
    bool is_type = str_equal(node_type(node), test->steps[step].name);
    return is_type ? try_path(run, test, step + 1, node) : MATCH_NO;
}

static enum match try_test(struct run *run, const struct test *test, const struct node *node)
{
    enum match match = try_path(run, test, 0, node);
    if (test->kind != TEST_EXISTS || match == MATCH_UNKNOWN)
        return match;
    return (match == MATCH_YES) == test->is_present ? MATCH_YES : MATCH_NO;
}

enum match validator_discriminate_entry(struct run *run, const struct slice *slice,
                                        const struct node *node, const struct shape *base)
{
    enum match all = slice->is_undecidable ? MATCH_UNKNOWN : MATCH_YES;
    struct arena_mark mark = validator_run_mark(run);
    for (size_t i = 0; i < slice->test_count && all != MATCH_NO; i++) {
        const struct test *test = &slice->tests[i];
        enum match match = MATCH_UNKNOWN;
        if (test->kind == TEST_CONFORMS) {
            int verdict = validator_conform_check(run, node, base, slice->shape);
            match = verdict < 0 ? MATCH_UNKNOWN : verdict ? MATCH_YES : MATCH_NO;
        } else {
            match = try_test(run, test, node);
        }
        all = match == MATCH_YES ? all : match;
    }
    validator_run_reset(run, mark);
    return all;
}
