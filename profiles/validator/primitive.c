/* primitive.c - the form of a primitive value, asked of each primitive type's own root (R4
 * datatypes.html). */
#include "resources/fhir/types/primitive.h"

#include "profiles/validator/run.h"
#include "profiles/validator/url.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/narrative/xhtml.h"

struct primitive_rule {
    struct rule rule;
    struct str type;
};

/* Addresses, of things and of records; names of code systems and the like are uri as well. */
static void check_example(struct run *run, const struct primitive_rule *rule,
                          const struct node *node, struct str text)
{
    static const char *const TYPES[] = { "uri", "url", "canonical" };
    for (size_t i = 0; i < COUNT(TYPES); i++)
        if (str_is(rule->type, TYPES[i]) && validator_url_is_example(text))
            validator_run_break(run, &rule->rule, node, ISSUE_EXAMPLE_ADDRESS, "'" STR_FMT "'",
                                STR_ARG(text));
}

/* A canonical names a definition wherever it is kept, so it does not depend on where it is said;
 * one that begins with '#' is contained (R4 references.html#canonical). */
static bool is_relative_canonical(const struct primitive_rule *rule, struct str text)
{
    return str_is(rule->type, "canonical") && text.len && text.data[0] != '#' &&
           !validator_url_is_absolute(text);
}

static void check(struct run *run, const struct rule *rule, const struct node *node)
{
    const struct primitive_rule *primitive = (const struct primitive_rule *)(const void *)rule;
    const char *reason = NULL;
    bool is_allowed, has_text, may_be = false;
    if (!node->value)
        return;
    struct str text = json_text(node->value);
    if (run->request->policy & VALIDATION_NO_EXAMPLES)
        check_example(run, primitive, node, text);
    if (str_is(primitive->type, "xhtml"))
        reason = xhtml_scan(text, &is_allowed, &has_text);
    else if (primitive_check(primitive->type, text, PRIMITIVE_ANY, &reason)) {
        if (!is_relative_canonical(primitive, text))
            return;
        reason = "it is not absolute, and no fragment";
        may_be = !(run->request->policy & VALIDATION_CANONICALS_ARE_ABSOLUTE);
    }
    if (!reason)
        return;
    struct arena_mark mark = validator_run_mark(run);
    struct str shown = validator_run_show(run, node->value);
    struct fault fault = { ISSUE_VALUE_INVALID, str_of(rule->kind->name), rule->profile, NULL,
                           may_be };
    validator_run_raise(run, node, fault, STR_FMT " is no " STR_FMT ": %s", STR_ARG(shown),
                        STR_ARG(primitive->type), reason);
    validator_run_reset(run, mark);
}

static const struct rule_kind KIND = { "primitive", check };

void validator_primitive_build(struct compiler *compiler, const struct element *element)
{
    const struct structure *structure = compiler->structure;
    if (element->parent || structure->kind != KIND_PRIMITIVE || structure->is_constraint)
        return;
    struct primitive_rule *rule =
        validator_compile_rule(compiler, &KIND, structure->url, structure->type, sizeof *rule);
    if (rule)
        rule->type = structure->type;
}
