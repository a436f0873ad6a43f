/* slice.c - entries to slices, and the slices' own cardinalities. */
#include "profiles/validator/slice.h"

#include "profiles/validator/run.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"

struct slice_state {
    const struct slicer *slicer;
    size_t *counts;              /* a slice */
    struct slice_state **inside; /* a slice: the slices inside it, or NULL */
    size_t furthest;             /* the last slice met, for ordered lists */
    bool has_rest;               /* an entry in no slice was met */
    bool has_unknown;            /* an entry may belong to a slice, but that cannot be told */
};

struct slice_state *validator_slice_begin(struct run *run, const struct slicer *slicer)
{
    struct slice_state *state = arena_alloc(run->scratch, sizeof *state);
    state->slicer = slicer;
    state->counts = arena_array(run->scratch, slicer->count, sizeof *state->counts);
    state->inside = arena_array(run->scratch, slicer->count, sizeof(struct slice_state *));
    for (size_t i = 0; i < slicer->count; i++)
        if (slicer->slices[i].shape->slicer)
            state->inside[i] = validator_slice_begin(run, slicer->slices[i].shape->slicer);
    return state;
}

static const struct slice *find_slice(struct run *run, struct slice_state *state,
                                      const struct node *node, const struct shape *base)
{
    const struct slicer *slicer = state->slicer;
    if (slicer->by_url)
        return map_find(slicer->by_url, json_get_text(node->value, "url"));
    bool may_be = false;
    for (size_t i = 0; i < slicer->count; i++) {
        if (&slicer->slices[i] == slicer->rest)
            continue;
        enum match match = validator_discriminate_entry(run, &slicer->slices[i], node, base);
        if (match == MATCH_YES)
            return &slicer->slices[i];
        may_be |= match == MATCH_UNKNOWN;
    }
    state->has_unknown |= may_be;
    return may_be ? NULL : slicer->rest;
}

static void check_order(struct run *run, struct slice_state *state, const struct node *node,
                        size_t index)
{
    const struct slicer *slicer = state->slicer;
    if (slicer->is_ordered && index < state->furthest) {
        struct fault fault = { ISSUE_SLICE_CLOSED, STR("order"), slicer->profile, NULL, false };
        validator_run_raise(run, node, fault, "'" STR_FMT "' stands behind '" STR_FMT "'",
                            STR_ARG(slicer->slices[index].name),
                            STR_ARG(slicer->slices[state->furthest].name));
    }
    if (index > state->furthest)
        state->furthest = index;
}

static struct str list_names(struct run *run, const struct slicer *slicer)
{
    struct buf out;
    buf_init(&out, run->scratch, 512);
    for (size_t i = 0; i < slicer->count; i++)
        buf_print(&out, "%s" STR_FMT, i ? ", " : "", STR_ARG(slicer->slices[i].name));
    return buf_str(&out);
}

static void check_unmatched(struct run *run, struct slice_state *state, const struct node *node)
{
    const struct slicer *slicer = state->slicer;
    state->has_rest = true;
    if (slicer->rules != SLICING_CLOSED || state->has_unknown)
        return;
    struct arena_mark mark = validator_run_mark(run);
    struct str names = list_names(run, slicer);
    struct fault fault = { ISSUE_SLICE_CLOSED, slicer->profile, slicer->profile, NULL, false };
    validator_run_raise(run, node, fault, "allowed: " STR_FMT, STR_ARG(names));
    validator_run_reset(run, mark);
}

void validator_slice_item(struct run *run, struct slice_state *state, const struct node *node,
                          const struct shape *base, size_t from)
{
    const struct slicer *slicer = state->slicer;
    const struct slice *slice = find_slice(run, state, node, base);
    if (!slice) {
        check_unmatched(run, state, node);
        return;
    }
    size_t index = (size_t)(slice - slicer->slices);
    state->counts[index]++;
    check_order(run, state, node, index);
    if (slicer->rules == SLICING_OPEN_AT_END && state->has_rest) {
        struct fault fault = { ISSUE_SLICE_CLOSED, STR("end"), slicer->profile, NULL, false };
        validator_run_raise(run, node, fault, "'" STR_FMT "' stands behind an entry of no slice",
                            STR_ARG(slice->name));
    }
    validator_run_push(run, from, slice->shape);
    if (state->inside[index])
        validator_slice_item(run, state->inside[index], node, base, from);
}

/* "role = {...}": by what the slice's entries are told. */
static struct str describe(struct run *run, const struct slice *slice)
{
    struct buf out;
    buf_init(&out, run->scratch, 1024);
    for (size_t t = 0; t < slice->test_count; t++) {
        const struct test *test = &slice->tests[t];
        if (test->kind != TEST_FIXED && test->kind != TEST_PATTERN)
            continue;
        buf_print(&out, "%s", out.len ? ", " : ", told by ");
        for (size_t i = 0; i < test->step_count; i++)
            buf_print(&out, "%s" STR_FMT, i ? "." : "", STR_ARG(test->steps[i].name));
        buf_print(&out, "%s", test->step_count ? " " : "");
        buf_add(&out, validator_run_show(run, test->value));
    }
    return buf_str(&out);
}

static void report(struct run *run, const struct slice *slice, const struct node *parent,
                   size_t count)
{
    const struct element *element = slice->shape->element;
    bool is_short = count < element->min;
    struct arena_mark mark = validator_run_mark(run);
    struct str how = is_short ? describe(run, slice) : STR("");
    struct str profile = is_short ? slice->shape->min_profile : slice->shape->max_profile;
    /* two profiles may each have a slice of this name */
    struct str about =
        str_print(run->scratch, STR_FMT " " STR_FMT, STR_ARG(element->id), STR_ARG(profile));
    struct fault fault = { is_short ? ISSUE_SLICE_MISSING : ISSUE_SLICE_TOO_MANY, about, profile,
                           &slice->shape->key, false };
    validator_run_raise(run, parent, fault, STR_FMT ": %s %u, given %zu" STR_FMT,
                        STR_ARG(element->id), is_short ? "needed" : "at most",
                        is_short ? element->min : element->max, count, STR_ARG(how));
    validator_run_reset(run, mark);
}

size_t validator_slice_end(struct run *run, const struct slice_state *state,
                           const struct node *parent)
{
    size_t missing = 0;
    for (size_t i = 0; i < state->slicer->count; i++) {
        const struct slice *slice = &state->slicer->slices[i];
        const struct element *element = slice->shape->element;
        bool is_short = state->counts[i] < element->min && !state->has_unknown;
        if (is_short)
            missing += element->min - state->counts[i];
        if (state->counts[i] > element->max || is_short)
            report(run, slice, parent, state->counts[i]);
        if (state->inside[i] && state->counts[i])
            validator_slice_end(run, state->inside[i], parent);
    }
    return missing;
}
