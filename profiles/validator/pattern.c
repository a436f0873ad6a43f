/* pattern.c - the rule of pattern[x]: the value contains this one. */
#include "profiles/validator/match.h"
#include "profiles/validator/run.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"

enum { MOST_PATTERN_TEXT = 65536 };

struct pattern_rule {
    struct rule rule;
    const cJSON *value;
};

static void check(struct run *run, const struct rule *rule, const struct node *node)
{
    const struct pattern_rule *pattern = (const struct pattern_rule *)(const void *)rule;
    if (!node->value || validator_match_pattern(node->value, pattern->value))
        return;
    struct arena_mark mark = validator_run_mark(run);
    struct str want = validator_run_show(run, pattern->value),
               is = validator_run_show(run, node->value);
    validator_run_break(run, rule, node, ISSUE_PATTERN_MISMATCH,
                        STR_FMT " must be in it, " STR_FMT " is given", STR_ARG(want), STR_ARG(is));
    validator_run_reset(run, mark);
}

static const struct rule_kind KIND = { "pattern", check };

static bool same(const struct element *a, const struct element *b)
{
    return b->pattern && json_equal(a->pattern, b->pattern);
}

void validator_pattern_build(struct compiler *compiler, const struct element *element)
{
    if (!element->pattern)
        return;
    struct buf key;
    buf_init(&key, compiler->validator->arena, MOST_PATTERN_TEXT);
    json_print(&key, element->pattern);
    struct pattern_rule *rule =
        validator_compile_rule(compiler, &KIND, validator_compile_origin(compiler, element, same),
                               buf_str(&key), sizeof *rule);
    if (rule)
        rule->value = element->pattern;
}
