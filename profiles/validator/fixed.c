/* fixed.c - the rule of fixed[x]: the value is exactly this one. */
#include "profiles/validator/run.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"

enum { MOST_FIXED_TEXT = 65536, MOST_FIXED_DEPTH = 16 };

struct fixed_rule {
    struct rule rule;
    const cJSON *value;
};

static void report(struct run *run, const struct rule *rule, const struct node *at,
                   const cJSON *value, const cJSON *fixed)
{
    struct arena_mark mark = validator_run_mark(run);
    struct str want = fixed ? validator_run_show(run, fixed) : STR("nothing"),
               is = value ? validator_run_show(run, value) : STR("nothing");
    validator_run_break(run, rule, at, ISSUE_FIXED_MISMATCH,
                        STR_FMT " is needed, " STR_FMT " is given", STR_ARG(want), STR_ARG(is));
    validator_run_reset(run, mark);
}

/* Each part that differs is said for itself, where it stands or would stand. */
static void compare(struct run *run, const struct rule *rule, const struct node *at,
                    const cJSON *fixed, int depth);

static void compare_part(struct run *run, const struct rule *rule, const struct node *at,
                         const cJSON *value, const cJSON *fixed, int depth)
{
    const cJSON *either = value ? value : fixed;
    struct node part = { .place = { &at->place, either->string, NULL, -1, json_offset(value) },
                         .value = value };
    if (!value || !fixed)
        report(run, rule, value ? &part : at, value, fixed);
    else
        compare(run, rule, &part, fixed, depth + 1);
}

static void compare(struct run *run, const struct rule *rule, const struct node *at,
                    const cJSON *fixed, int depth)
{
    if (json_equal(at->value, fixed))
        return;
    if (!cJSON_IsObject(at->value) || !cJSON_IsObject(fixed) || depth == MOST_FIXED_DEPTH) {
        report(run, rule, at, at->value, fixed);
        return;
    }
    for (const cJSON *part = fixed->child; part; part = part->next)
        compare_part(run, rule, at, json_get(at->value, part->string), part, depth);
    for (const cJSON *part = at->value->child; part; part = part->next)
        if (!json_get(fixed, part->string))
            compare_part(run, rule, at, part, NULL, depth);
}

static void check(struct run *run, const struct rule *rule, const struct node *node)
{
    const struct fixed_rule *fixed = (const struct fixed_rule *)(const void *)rule;
    if (node->value)
        compare(run, rule, node, fixed->value, 0);
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
