/* target.c - what must be true of every Reference wherever it stands (R4 references.html,
 * bundle.html#references): it leads to one resource, of the type that it says. */
#include "profiles/validator/run.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/reference.h"

static void check_match(struct run *run, const struct rule *rule, const struct node *node,
                        struct str text)
{
    struct bundle_match match = validator_reference_match(run, text, node);
    if (!match.entry)
        return;
    struct str said = reference_parse(text).type,
               found = json_get_text(match.entry->resource, "resourceType");
    if (match.count > 1 && !str_is(match.entry->bundle->type, "history"))
        validator_run_break(run, rule, node, ISSUE_REFERENCE_AMBIGUOUS,
                            "'" STR_FMT "' may be each of %zu entries", STR_ARG(text), match.count);
    if (said.len && !str_equal(said, found) &&
        definitions_is_resource_type(run->validator->definitions, said))
        validator_run_break(run, rule, node, ISSUE_REFERENCE_TYPE,
                            "'" STR_FMT "' leads to " STR_FMT, STR_ARG(text), STR_ARG(found));
}

static void check(struct run *run, const struct rule *rule, const struct node *node)
{
    struct str text = json_get_text(node->value, "reference"),
               type = json_get_text(node->value, "type");
    if (!text.len)
        return;
    if (run->bundle)
        check_match(run, rule, node, text);
    if (!type.len)
        return;
    struct str found = validator_reference_type(run, text, node);
    if (found.len && !str_equal(found, type) &&
        definitions_is_resource_type(run->validator->definitions, type))
        validator_run_break(run, rule, node, ISSUE_REFERENCE_TYPE,
                            "its type is " STR_FMT ", '" STR_FMT "' leads to " STR_FMT,
                            STR_ARG(type), STR_ARG(text), STR_ARG(found));
}

static const struct rule_kind KIND = { "target", check };

void validator_target_build(struct compiler *compiler, const struct element *element)
{
    const struct structure *structure = compiler->structure;
    if (!element->parent && !structure->is_constraint && str_is(structure->type, "Reference"))
        validator_compile_rule(compiler, &KIND, structure->url, STR(""), sizeof(struct rule));
}
