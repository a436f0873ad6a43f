/* length.c - maxLength: so many characters, not bytes (R4 elementdefinition.html). */
#include "profiles/validator/run.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

struct length_rule {
    struct rule rule;
    size_t most;
};

static size_t count_characters(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.data[i] & 0xc0) != 0x80;
    return count;
}

static void check(struct run *run, const struct rule *rule, const struct node *node)
{
    const struct length_rule *length = (const struct length_rule *)(const void *)rule;
    size_t count = count_characters(json_text(node->value));
    if (count > length->most)
        validator_run_break(run, rule, node, ISSUE_VALUE_TOO_LONG,
                            "%zu characters, at most %zu are allowed", count, length->most);
}

static const struct rule_kind KIND = { "max-length", check };

static bool same(const struct element *a, const struct element *b)
{
    return a->max_length == b->max_length;
}

void validator_length_build(struct compiler *compiler, const struct element *element)
{
    if (!element->max_length)
        return;
    struct str key = str_print(compiler->validator->arena, "%u", element->max_length);
    struct length_rule *rule = validator_compile_rule(
        compiler, &KIND, validator_compile_origin(compiler, element, same), key, sizeof *rule);
    if (rule)
        rule->most = element->max_length;
}
