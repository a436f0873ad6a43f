/* coding.c - what a Coding says of its code system, wherever it stands and whatever it is bound to:
 * that the system has the code (R4 datatypes.html#Coding). Systems that are not here, or not in the
 * version named, say nothing. */
#include "profiles/validator/run.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"

/* The layers of the value and of what it is in: only coded elements are bound, so this is the
 * Coding or the CodeableConcept around it. A required binding says itself what is wrong. */
static bool is_bound(const struct run *run)
{
    for (size_t i = 0; i < run->layer_count; i++)
        if (run->layers[i]->element->binding == BINDING_REQUIRED)
            return true;
    return false;
}

/* HL7's shared terminology goes on while R4 stays: what is here of it may be older than the code,
 * unless the coding names this very version. */
static bool may_be_newer(const struct node *node)
{
    return str_starts(json_get_text(node->value, "system"), STR("http://terminology.hl7.org/")) &&
           !json_get(node->value, "version");
}

static void report_unknown(struct run *run, const struct rule *rule, const struct node *node)
{
    struct fault fault = { .id = ISSUE_CODE_UNKNOWN,
                           .about = str_of(rule->kind->name),
                           .profile = rule->profile,
                           .is_warning = may_be_newer(node) };
    validator_run_raise(run, node, fault, STR_FMT " has no code '" STR_FMT "'",
                        STR_ARG(json_get_text(node->value, "system")),
                        STR_ARG(json_get_text(node->value, "code")));
}

static void check(struct run *run, const struct rule *rule, const struct node *node)
{
    struct terminology *terminology = run->validator->terminology;
    if (!terminology || !cJSON_IsObject(node->value))
        return;
    struct str url = json_get_text(node->value, "system");
    struct str code = json_get_text(node->value, "code");
    const struct system *system =
        url.len && code.len
            ? terminology_system(terminology, url, json_get_text(node->value, "version"))
            : NULL;
    if (!system)
        return;
    if (terminology_concept(system, code).known == MEMBER_NO && !is_bound(run))
        report_unknown(run, rule, node);
}

static const struct rule_kind KIND = { "coding", check };

void validator_coding_build(struct compiler *compiler, const struct element *element)
{
    const struct structure *structure = compiler->structure;
    if (element->parent || structure->is_constraint || !str_is(structure->type, "Coding"))
        return;
    validator_compile_rule(compiler, &KIND, structure->url, structure->type, sizeof(struct rule));
}
