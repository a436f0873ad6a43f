/* binding.c - codes from value sets (R4 terminologies.html#strength). Required must be in the set,
 * extensible should be; what cannot be looked up here is a warning and never an error. */
#include "profiles/validator/run.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"

struct binding_rule {
    struct rule rule;
    struct str value_set;
    bool is_required;
    bool is_max; /* of a weaker binding: what may stand there at all */
};

/* How the codes of a value stand: has any, one is in the set, one cannot be checked. */
struct found {
    bool has_code, is_member, is_unknown;
};

static void look_up(struct run *run, struct found *found, struct str value_set, const cJSON *coding)
{
    struct str system = json_get_text(coding, "system"), code = json_get_text(coding, "code");
    if (!code.len)
        return;
    found->has_code = true;
    struct terminology *terminology = run->validator->terminology;
    const struct value_set *set = terminology_value_set(terminology, value_set);
    const struct term_coding asked = { system, json_get_text(coding, "version"), code };
    enum membership member =
        set ? terminology_ask(terminology, set, &asked).membership : MEMBER_UNKNOWN;
    found->is_member |= member == MEMBER_YES && system.len;
    found->is_unknown |= member == MEMBER_UNKNOWN;
}

static struct found find_codes(struct run *run, const struct binding_rule *binding,
                               const struct node *node)
{
    struct found found = { false, false, false };
    struct str type = node_type(node);
    if (!cJSON_IsObject(node->value)) {
        struct str code = json_text(node->value);
        found.has_code = true;
        enum membership member =
            terminology_contains(run->validator->terminology, binding->value_set, STR(""), code);
        found.is_member = member == MEMBER_YES;
        found.is_unknown = member == MEMBER_UNKNOWN;
    } else if (str_is(type, "CodeableConcept")) {
        const cJSON *codings = json_get(node->value, "coding");
        if (cJSON_IsArray(codings))
            for (const cJSON *coding = codings->child; coding && !found.is_member;
                 coding = coding->next)
                look_up(run, &found, binding->value_set, coding);
    } else {
        look_up(run, &found, binding->value_set, node->value);
    }
    return found;
}

static bool is_coded(const struct node *node)
{
    static const char *const TYPES[] = { "code",     "Coding", "CodeableConcept",
                                         "Quantity", "uri",    "string" };
    struct str type = node_type(node);
    for (size_t i = 0; i < COUNT(TYPES); i++)
        if (str_is(type, TYPES[i]))
            return true;
    return false;
}

/* At the level BASE the largest set of a binding that need not be followed is a remark: records
 * from elsewhere, which claim no profile here, are to be taken as they are. */
static void raise(struct run *run, const struct binding_rule *binding, const struct node *node,
                  enum issue_id id, struct str text)
{
    const struct rule *rule = &binding->rule;
    struct fault fault = { id, str_of(rule->kind->name), rule->profile, NULL,
                           binding->is_max && run->request->level == VALIDATION_BASE };
    validator_run_raise(run, node, fault, STR_FMT, STR_ARG(text));
}

/* A Quantity with a unit of no code, and a concept in words alone, say nothing that a set could
 * hold. */
static void report(struct run *run, const struct binding_rule *binding, const struct node *node,
                   const struct found *found)
{
    struct arena_mark mark = validator_run_mark(run);
    struct str shown = validator_run_show(run, node->value), set = binding->value_set;
    if (!found->has_code && binding->is_required)
        raise(run, binding, node, ISSUE_CODE_INVALID,
              str_print(run->scratch, "a code from " STR_FMT " is needed", STR_ARG(set)));
    else if (found->has_code && found->is_unknown)
        raise(run, binding, node, ISSUE_CODE_NOT_CHECKED,
              str_print(run->scratch, STR_FMT " is to be from " STR_FMT, STR_ARG(shown),
                        STR_ARG(set)));
    else if (found->has_code)
        raise(run, binding, node,
              binding->is_required ? ISSUE_CODE_INVALID : ISSUE_CODE_NOT_PREFERRED,
              str_print(run->scratch, STR_FMT " is not in " STR_FMT, STR_ARG(shown), STR_ARG(set)));
    validator_run_reset(run, mark);
}

static void check(struct run *run, const struct rule *rule, const struct node *node)
{
    const struct binding_rule *binding = (const struct binding_rule *)(const void *)rule;
    if (!node->value || !is_coded(node) || !run->validator->terminology)
        return;
    struct found found = find_codes(run, binding, node);
    if (!found.is_member)
        report(run, binding, node, &found);
}

static const struct rule_kind REQUIRED = { "required-binding", check },
                              EXTENSIBLE = { "extensible-binding", check };

static const struct rule_kind MAX = { "max-binding", check };

static bool same_max(const struct element *a, const struct element *b)
{
    return str_equal(a->max_value_set, b->max_value_set);
}

/* However weak the binding, its codes come from this set. */
static void build_max(struct compiler *compiler, const struct element *element)
{
    if (!element->max_value_set.len)
        return;
    struct binding_rule *rule = validator_compile_rule(
        compiler, &MAX, validator_compile_origin(compiler, element, same_max),
        element->max_value_set, sizeof *rule);
    if (!rule)
        return;
    rule->value_set = element->max_value_set;
    rule->is_required = rule->is_max = true;
}

static bool same(const struct element *a, const struct element *b)
{
    return a->binding == b->binding && str_equal(a->value_set, b->value_set);
}

/* Bindings of R4 that say more than they mean; HL7's validators do not insist on them either. The
 * units of vital signs stand at every component, also at those that are no vital sign, such as the
 * flow of inspired oxygen, and at values that have no unit. */
static bool is_too_strict(const struct element *element)
{
    return str_is(element->path, "Observation.component.value[x]") &&
           str_starts(element->value_set, STR("http://hl7.org/fhir/ValueSet/ucum-vitals-common"));
}

void validator_binding_build(struct compiler *compiler, const struct element *element)
{
    bool is_required = element->binding == BINDING_REQUIRED && !is_too_strict(element);
    build_max(compiler, element);
    bool is_asked = element->binding == BINDING_REQUIRED || element->binding == BINDING_EXTENSIBLE;
    if (!is_asked || !element->value_set.len)
        return;
    struct binding_rule *rule = validator_compile_rule(
        compiler, is_required ? &REQUIRED : &EXTENSIBLE,
        validator_compile_origin(compiler, element, same), element->value_set, sizeof *rule);
    if (!rule)
        return;
    rule->value_set = element->value_set;
    rule->is_required = is_required;
}
