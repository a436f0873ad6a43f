/* invariant.c - the constraints of a definition: FHIRPath, compiled with it (R4
 * elementdefinition.html#constraints). One that cannot be evaluated is said, with its key, once a
 * resource: neither passed nor failed in silence. */
#include "profiles/validator/invariant.h"

#include "profiles/validator/native.h"
#include "profiles/validator/run.h"
#include "resources/base/buf.h"

struct invariant_rule {
    struct rule rule;
    const struct constraint *constraint;
    const struct fhirpath *expression; /* NULL: it could not be compiled, `fault` says why */
    validator_native native;           /* the same in C, or NULL */
    struct str fault;
    struct validator_key key;
    bool is_of_place; /* said of the place where a resource stands, by what is around it */
};

/* An error sink of a moment: only its first diagnostics are of interest. */
static struct str first_fault(const struct issues *issues)
{
    const struct issue *issue = issues->first;
    return issue ? (issue->diagnostics.len ? issue->diagnostics : issue->text) : STR("");
}

static void report_failed(struct run *run, const struct invariant_rule *rule,
                          const struct node *node)
{
    const struct constraint *constraint = rule->constraint;
    struct fault fault = { ISSUE_INVARIANT_FAILED, constraint->key, rule->rule.profile, &rule->key,
                           constraint->is_warning || constraint->is_best_practice };
    validator_run_raise(run, node, fault, STR_FMT ": " STR_FMT, STR_ARG(constraint->key),
                        STR_ARG(constraint->human));
}

static void report_not_run(struct run *run, const struct invariant_rule *rule, struct str why)
{
    struct str key = rule->constraint->key;
    struct fault fault = { ISSUE_INVARIANT_NOT_RUN, key, rule->rule.profile, NULL, false };
    validator_run_raise(run, run->frame->resource, fault, STR_FMT ": " STR_FMT, STR_ARG(key),
                        STR_ARG(why));
}

static struct fhirpath_context context_of(struct run *run, const struct frame *frame,
                                          const struct node *node, struct issues *issues)
{
    issues_init(issues, run->scratch, STR(""));
    return (struct fhirpath_context){
        .arena = run->scratch,
        .definitions = run->validator->definitions,
        .terminology = run->validator->terminology,
        .resolver = &run->resolver,
        .issues = issues,
        .resource = frame->resource,
        .root_resource = frame->root,
        .context = node,
        .now = run->request->now,
    };
}

static int evaluate(struct run *run, const struct frame *frame, const struct fhirpath *expression,
                    const struct node *node, struct str *fault)
{
    struct issues issues;
    struct fhirpath_context context = context_of(run, frame, node, &issues);
    int verdict = fhirpath_test(expression, node, &context);
    *fault = first_fault(&issues);
    return verdict;
}

/* %resource is what holds the place of which the rule speaks: around a contained resource or an
 * entry, not that itself. */
static const struct frame *frame_of(const struct run *run, const struct invariant_rule *rule,
                                    const struct node *node)
{
    bool is_around = rule->is_of_place && node == run->frame->resource && run->frame->outer;
    return is_around ? run->frame->outer : run->frame;
}

static void check(struct run *run, const struct rule *rule, const struct node *node)
{
    const struct invariant_rule *invariant = (const struct invariant_rule *)(const void *)rule;
    struct arena_mark mark = validator_run_mark(run);
    struct str fault = invariant->fault;
    int verdict = -1;
    bool is_plain = (run->request->policy & VALIDATION_PLAIN) && invariant->expression;
    if (run->request->invariants)
        ++*run->request->invariants;
    if (invariant->native && !is_plain)
        verdict = invariant->native(run, node);
    else if (invariant->expression) {
        struct str outer = run->invariant_of;
        run->invariant_of = rule->profile;
        verdict =
            evaluate(run, frame_of(run, invariant, node), invariant->expression, node, &fault);
        run->invariant_of = outer;
    }
    if (verdict == 0)
        report_failed(run, invariant, node);
    else if (verdict < 0)
        report_not_run(run, invariant, fault);
    validator_run_reset(run, mark);
}

static const struct rule_kind KIND = { "invariant", check };

static const struct constraint *find(const struct element *element, struct str key)
{
    for (size_t i = 0; i < element->constraint_count; i++)
        if (str_equal(element->constraints[i].key, key))
            return &element->constraints[i];
    return NULL;
}

/* Its source where the definition says so, else the first definition in the line that has the key.
 */
static struct str origin(struct compiler *compiler, const struct element *element,
                         const struct constraint *constraint)
{
    if (constraint->source.len)
        return constraint->source;
    const struct element *from = element;
    for (int i = 0; from && i < MOST_DERIVATIONS; i++) {
        element = from;
        from = validator_compile_base(compiler, element);
        const struct constraint *before = from ? find(from, constraint->key) : NULL;
        if (!before)
            from = NULL;
        else if (before->source.len)
            return before->source;
    }
    return element->structure->url;
}

/* A whole resource stands in this element. */
static bool is_resource_place(const struct element *element)
{
    return element->parent &&
           (str_is(element->name, "contained") || str_is(element->name, "resource") ||
            str_is(element->name, "outcome"));
}

static void add(struct compiler *compiler, const struct element *element,
                const struct constraint *constraint)
{
    struct arena *arena = compiler->validator->arena;
    struct str key = str_print(arena, STR_FMT "|%d|%d|" STR_FMT, STR_ARG(constraint->key),
                               constraint->is_warning, is_resource_place(element),
                               STR_ARG(constraint->expression));
    struct invariant_rule *rule = validator_compile_rule(
        compiler, &KIND, origin(compiler, element, constraint), key, sizeof *rule);
    if (!rule)
        return;
    rule->constraint = constraint;
    rule->is_of_place = is_resource_place(element);
    bool is_corrected = false;
    rule->native = validator_native_find(constraint->key, constraint->expression, &is_corrected);
    rule->key = validator_compile_key(compiler->validator, STR("invariant"), constraint->key);
    if (is_corrected)
        return;
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    rule->expression = fhirpath_parse(constraint->expression, arena, &issues);
    rule->fault = first_fault(&issues);
}

void validator_invariant_build(struct compiler *compiler, const struct element *element)
{
    for (size_t i = 0; i < element->constraint_count; i++)
        if (element->constraints[i].expression.len)
            add(compiler, element, &element->constraints[i]);
}

int validator_invariant_test(struct run *run, struct str text, const struct node *node)
{
    struct arena_mark mark = validator_run_mark(run);
    struct issues issues;
    issues_init(&issues, run->scratch, STR(""));
    const struct fhirpath *expression = fhirpath_parse(text, run->scratch, &issues);
    struct str fault;
    int verdict = expression ? evaluate(run, run->frame, expression, node, &fault) : -1;
    validator_run_reset(run, mark);
    return verdict;
}

int validator_invariant_selects(struct run *run, struct str text, const struct node *node)
{
    struct arena_mark mark = validator_run_mark(run);
    struct issues issues;
    struct fhirpath_context context = context_of(run, run->frame, run->frame->resource, &issues);
    const struct fhirpath *expression = fhirpath_parse(text, run->scratch, &issues);
    struct fhirpath_items found;
    int verdict = -1;
    if (expression && fhirpath_evaluate(&found, expression, run->frame->resource, &context)) {
        verdict = 0;
        for (size_t i = 0; i < found.count; i++)
            if (found.items[i].kind == FHIRPATH_NODE && found.items[i].node->value == node->value)
                verdict = 1;
    }
    validator_run_reset(run, mark);
    return verdict;
}
