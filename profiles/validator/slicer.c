/* slicer.c - by what a slice is told: the discriminators of a slicing, compiled to tests. */
#include "profiles/validator/compile.h"
#include "profiles/validator/slice.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

enum { MOST_STEPS = 32, MOST_TESTS = 64, MOST_DEPTH = 8 };

/* What a path was found to lead to in a profile. */
struct spot {
    const struct element *element;
    const struct element_type *reference; /* after resolve(): the reference that was followed */
};

struct plan {
    struct compiler *compiler;
    struct step steps[MOST_STEPS];
    size_t step_count;
    struct test tests[MOST_TESTS];
    size_t test_count;
};

/* "extension('url')" -> url; false when it is not of this form. */
static bool read_call(struct str *argument, struct str text, const char *function)
{
    struct str start = str_of(function);
    if (!str_starts(text, start) || !str_ends(text, STR(")")))
        return false;
    struct str inside = str_trim(str_slice(text, start.len, text.len - 1));
    bool is_quoted = inside.len >= 2 && (inside.data[0] == '\'' || inside.data[0] == '"');
    *argument = is_quoted ? str_slice(inside, 1, inside.len - 1) : inside;
    return true;
}

/* Up to the next dot that is not inside parentheses. */
static struct str cut_step(struct str *rest)
{
    size_t at = 0, depth = 0;
    while (at < rest->len && (depth || rest->data[at] != '.')) {
        depth += rest->data[at] == '(';
        depth -= rest->data[at] == ')' && depth > 0;
        at++;
    }
    struct str step = str_slice(*rest, 0, at);
    *rest = at < rest->len ? str_slice(*rest, at + 1, rest->len) : STR("");
    return step;
}

static bool read_path(struct plan *plan, struct str path)
{
    while (path.len) {
        struct str text = str_trim(cut_step(&path));
        if (str_is(text, "$this"))
            continue;
        if (plan->step_count == MOST_STEPS)
            return false;
        struct step *step = &plan->steps[plan->step_count++];
        if (read_call(&step->name, text, "extension("))
            step->kind = STEP_EXTENSION;
        else if (read_call(&step->name, text, "ofType("))
            step->kind = STEP_OF_TYPE;
        else if (str_is(text, "resolve()"))
            *step = (struct step){ STEP_RESOLVE, text };
        else if (text.len && str_find(text, '(', 0) == text.len)
            *step = (struct step){ STEP_CHILD, text };
        else
            return false;
    }
    return true;
}

static const struct element *own_child(const struct element *element, struct str name)
{
    for (size_t i = 0; i < element->child_count; i++) {
        const struct element *child = element->children[i];
        bool is_stem =
            child->is_choice && child->name.len == name.len + 3 && str_starts(child->name, name);
        if (is_stem || str_equal(child->name, name))
            return child;
    }
    return NULL;
}

/* The child that a profile on the element's type has. */
static const struct element *profiled_child(struct compiler *compiler,
                                            const struct element *element, struct str name)
{
    const struct element *child = NULL;
    for (size_t t = 0; t < element->type_count && !child; t++) {
        const struct element_type *type = &element->types[t];
        const struct element *inside =
            type->profile_count ? validator_compile_element(compiler->validator, type->profiles[0])
                                : NULL;
        child = inside ? own_child(inside, name) : NULL;
    }
    return child;
}

/* The child in the profile's own words, else in those of the profile on its type, else of the type.
 */
static const struct element *find_child(struct compiler *compiler, const struct element *element,
                                        struct str name)
{
    const struct element *child = own_child(element, name);
    if (!child && element->content)
        child = own_child(element->content, name);
    if (!child)
        child = profiled_child(compiler, element, name);
    for (size_t t = 0; !child && t < element->type_count; t++) {
        const struct structure *type =
            definitions_type_of(compiler->validator->definitions, &element->types[t]);
        child = type && type->root ? own_child(type->root, name) : NULL;
    }
    return child;
}

static const struct element *find_extension(struct compiler *compiler,
                                            const struct element *element, struct str url)
{
    const struct element *list = find_child(compiler, element, STR("extension"));
    for (size_t i = 0; list && i < list->slice_count; i++) {
        const struct element *slice = list->slices[i];
        if (slice->type_count && slice->types[0].profile_count &&
            str_equal(slice->types[0].profiles[0], url))
            return slice;
    }
    const struct structure *structure =
        definitions_structure(compiler->validator->definitions, url);
    return structure ? structure->root : NULL;
}

static const struct element_type *reference_of(const struct element *element)
{
    for (size_t i = 0; i < element->type_count; i++)
        if (element->types[i].target_count)
            return &element->types[i];
    return NULL;
}

static bool follow(struct compiler *compiler, struct spot *spot, const struct step *step)
{
    const struct element_type *reference = NULL;
    const struct structure *structure;
    switch (step->kind) {
    case STEP_CHILD:
        spot->element = find_child(compiler, spot->element, step->name);
        break;
    case STEP_EXTENSION:
        spot->element = find_extension(compiler, spot->element, step->name);
        break;
    case STEP_RESOLVE:
        reference = reference_of(spot->element);
        structure = reference ? definitions_structure(compiler->validator->definitions,
                                                      reference->targets[0])
                              : NULL;
        spot->element = structure ? structure->root : NULL;
        break;
    case STEP_OF_TYPE:
        break;
    }
    spot->reference = reference;
    return spot->element != NULL;
}

static struct spot locate(const struct plan *plan, const struct element *element)
{
    struct spot spot = { element, NULL };
    for (size_t i = 0; i < plan->step_count; i++)
        if (!follow(plan->compiler, &spot, &plan->steps[i]))
            break;
    return spot;
}

/* A list on the way may itself be sliced: what it needs in one of its slices is there, too. */
static struct spot locate_needed(const struct plan *plan, const struct element *element)
{
    struct spot spot = { element, NULL };
    for (size_t i = 0; i < plan->step_count && follow(plan->compiler, &spot, &plan->steps[i]); i++)
        for (size_t k = 0; k < spot.element->slice_count; k++)
            if (spot.element->slices[k]->min > 0) {
                spot.element = spot.element->slices[k];
                break;
            }
    return spot;
}

static struct test *add_test(struct plan *plan, enum test_kind kind)
{
    if (plan->test_count == MOST_TESTS)
        return NULL;
    struct test *test = &plan->tests[plan->test_count++];
    *test = (struct test){ .kind = kind, .step_count = plan->step_count };
    struct arena *arena = plan->compiler->validator->arena;
    struct step *steps = arena_copy(arena, plan->steps, plan->step_count * sizeof plan->steps[0]);
    for (size_t i = 0; i < plan->step_count; i++)
        steps[i].name = str_copy(arena, steps[i].name);
    test->steps = steps;
    return test;
}

static struct str stem_of(const struct element *element)
{
    return str_ends(element->name, STR("[x]")) ? str_slice(element->name, 0, element->name.len - 3)
                                               : element->name;
}

static bool add_value(struct plan *plan, const struct element *element)
{
    const cJSON *value = element->fixed ? element->fixed : element->pattern;
    struct test *test = value ? add_test(plan, element->fixed ? TEST_FIXED : TEST_PATTERN) : NULL;
    if (test)
        test->value = value;
    return test != NULL;
}

/* Fixed values and patterns of the element, else of what is inside it. */
static void add_values(struct plan *plan, const struct element *element, int depth)
{
    if (add_value(plan, element) || depth == MOST_DEPTH)
        return;
    for (size_t i = 0; i < element->child_count; i++) {
        if (plan->step_count == MOST_STEPS)
            return;
        plan->steps[plan->step_count++] =
            (struct step){ STEP_CHILD, stem_of(element->children[i]) };
        add_values(plan, element->children[i], depth + 1);
        plan->step_count--;
    }
}

static void plan_value(struct plan *plan, const struct spot *spot)
{
    size_t before = plan->test_count;
    if (spot->element)
        add_values(plan, spot->element, 0);
    if (plan->test_count > before || !spot->element || spot->element->binding != BINDING_REQUIRED)
        return;
    struct test *test = add_test(plan, TEST_BINDING);
    if (test)
        test->value_set = spot->element->value_set;
}

static void plan_exists(struct plan *plan, const struct spot *spot)
{
    const struct element *element = spot->element;
    if (!element || (element->min == 0 && element->max > 0))
        return;
    struct test *test = add_test(plan, TEST_EXISTS);
    if (test)
        test->is_present = element->max > 0;
}

static void plan_type(struct plan *plan, const struct spot *spot)
{
    struct validator *validator = plan->compiler->validator;
    size_t count = spot->reference ? spot->reference->target_count
                   : spot->element ? spot->element->type_count
                                   : 0;
    struct test *test = count ? add_test(plan, TEST_TYPE) : NULL;
    if (!test)
        return;
    struct str *types = arena_array(validator->arena, count, sizeof *types);
    for (size_t i = 0; i < count; i++)
        types[i] = spot->reference
                       ? validator_compile_type_of(validator, spot->reference->targets[i])
                       : spot->element->types[i].code;
    test->types = types;
    test->count = count;
}

/* The profiles of one reference, or of all types of an element. */
static size_t count_profiles(const struct spot *spot)
{
    size_t count = spot->reference ? spot->reference->target_count : 0;
    for (size_t i = 0; !spot->reference && spot->element && i < spot->element->type_count; i++)
        count += spot->element->types[i].profile_count;
    return count;
}

static void plan_profile(struct plan *plan, const struct spot *spot)
{
    struct validator *validator = plan->compiler->validator;
    size_t count = count_profiles(spot);
    struct test *test = count ? add_test(plan, TEST_PROFILE) : NULL;
    if (!test)
        return;
    test->profiles = arena_array(validator->arena, count, sizeof(struct schema *));
    for (size_t i = 0; spot->reference && i < count; i++)
        test->profiles[test->count++] =
            validator_compile_schema(validator, spot->reference->targets[i]);
    for (size_t t = 0; !spot->reference && t < spot->element->type_count; t++)
        for (size_t i = 0; i < spot->element->types[t].profile_count; i++)
            test->profiles[test->count++] =
                validator_compile_schema(validator, spot->element->types[t].profiles[i]);
}

/* Where the slice's own elements say nothing, the profile on its type may. */
static void plan_values(struct plan *plan, const struct spot *spot, const struct element *slice)
{
    size_t before = plan->test_count;
    struct validator *validator = plan->compiler->validator;
    plan_value(plan, spot);
    if (plan->test_count == before) {
        struct spot needed = locate_needed(plan, slice);
        plan_value(plan, &needed);
    }
    for (size_t t = 0; t < slice->type_count && plan->test_count == before; t++) {
        const struct element_type *type = &slice->types[t];
        const struct element *inside =
            type->profile_count ? validator_compile_element(validator, type->profiles[0]) : NULL;
        struct spot profiled = inside ? locate(plan, inside) : (struct spot){ NULL, NULL };
        plan_value(plan, &profiled);
    }
}

static void plan_discriminator(struct plan *plan, const struct discriminator *discriminator,
                               const struct element *element)
{
    plan->step_count = 0;
    if (!read_path(plan, discriminator->path))
        return;
    struct spot spot = locate(plan, element);
    switch (discriminator->type) {
    case DISCRIMINATOR_VALUE:
    case DISCRIMINATOR_PATTERN:
        plan_values(plan, &spot, element);
        break;
    case DISCRIMINATOR_EXISTS:
        plan_exists(plan, &spot);
        break;
    case DISCRIMINATOR_TYPE:
        plan_type(plan, &spot);
        break;
    case DISCRIMINATOR_PROFILE:
        plan_profile(plan, &spot);
        break;
    }
}

static void build_slice(struct compiler *compiler, struct slice *slice,
                        const struct slicing *slicing)
{
    const struct element *element = slice->shape->element;
    struct plan plan = { .compiler = compiler };
    for (size_t i = 0; i < slicing->count; i++)
        plan_discriminator(&plan, &slicing->discriminators[i], element);
    /* What one discriminator leaves open another may decide. */
    slice->is_undecidable = slicing->count > 0 && plan.test_count == 0;
    plan.step_count = 0;
    if (slicing->count == 0)
        add_test(&plan, TEST_CONFORMS);
    slice->name = element->slice_name;
    slice->tests =
        arena_copy(compiler->validator->arena, plan.tests, plan.test_count * sizeof plan.tests[0]);
    slice->test_count = plan.test_count;
}

/* Extensions are told by url: one look instead of one test a slice. */
static struct map *index_urls(struct arena *arena, struct slice *slices, size_t count)
{
    struct map *map = arena_alloc(arena, sizeof *map);
    map_init(map, arena);
    for (size_t i = 0; i < count; i++) {
        const struct test *test = slices[i].tests;
        bool is_url = slices[i].test_count == 1 && test->kind == TEST_FIXED &&
                      test->step_count == 1 && test->steps[0].kind == STEP_CHILD &&
                      str_is(test->steps[0].name, "url");
        struct str url = is_url ? json_text(test->value) : STR("");
        if (!url.len)
            return NULL;
        map_set(map, url, &slices[i]);
    }
    return map;
}

const struct slicer *validator_slicer_build(struct compiler *compiler,
                                            const struct element *element)
{
    struct arena *arena = compiler->validator->arena;
    if (!element->slicing || (!element->slice_count && element->slicing->rules != SLICING_CLOSED))
        return NULL;
    struct slicer *slicer = arena_alloc(arena, sizeof *slicer);
    struct slice *slices = arena_array(arena, element->slice_count, sizeof *slices);
    for (size_t i = 0; i < element->slice_count; i++) {
        slices[i].shape = validator_compile_shape_of(compiler, element->slices[i]);
        build_slice(compiler, &slices[i], element->slicing);
        if (!str_is(slices[i].name, "@default"))
            continue;
        slices[i].is_undecidable = false;
        slicer->rest = &slices[i];
    }
    slicer->slices = slices;
    slicer->count = element->slice_count;
    slicer->rules = element->slicing->rules;
    slicer->is_ordered = element->slicing->is_ordered;
    slicer->profile = compiler->structure->url;
    slicer->by_url = slicer->count ? index_urls(arena, slices, slicer->count) : NULL;
    return slicer;
}
