/* fixed.c - the rule of fixed[x]: the value is exactly this one. */
#include "profiles/validator/match.h"
#include "profiles/validator/run.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"

enum { MOST_FIXED_TEXT = 65536 };

struct fixed_rule {
    struct rule rule;
    const cJSON *value;
};

static void check(struct run *run, const struct rule *rule, const struct node *node)
{
    const struct fixed_rule *fixed = (const struct fixed_rule *)(const void *)rule;
    if (!node->value || validator_match_fixed(node->value, fixed->value))
        return;
    struct arena_mark mark = validator_run_mark(run);
    struct str want = validator_run_show(run, fixed->value),
               is = validator_run_show(run, node->value);
    validator_run_break(run, rule, node, ISSUE_FIXED_MISMATCH,
                        STR_FMT " is needed, " STR_FMT " is given", STR_ARG(want), STR_ARG(is));
    validator_run_reset(run, mark);
}

static const struct rule_kind KIND = { "fixed", check };

static bool same(const struct element *a, const struct element *b)
{
    return b->fixed && json_equal(a->fixed, b->fixed);
}

void validator_fixed_build(struct compiler *compiler, const struct element *element)
{
    if (!element->fixed)
        return;
    struct buf key;
    buf_init(&key, compiler->validator->arena, MOST_FIXED_TEXT);
    json_print(&key, element->fixed);
    struct fixed_rule *rule =
        validator_compile_rule(compiler, &KIND, validator_compile_origin(compiler, element, same),
                               buf_str(&key), sizeof *rule);
    if (rule)
        rule->value = element->fixed;
}
