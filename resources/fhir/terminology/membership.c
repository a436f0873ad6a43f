/* membership.c - is a code in a value set: its rules asked one after the other. */
#include "resources/fhir/terminology/inside.h"

/* The answer keeps the first reason why it is not known; a reason for no gives way to it. */
static enum membership say(struct question *question, enum membership membership,
                           enum term_cause cause, struct str about)
{
    struct term_answer *answer = question->answer;
    bool is_better = membership == MEMBER_UNKNOWN ? answer->membership != MEMBER_UNKNOWN
                                                  : answer->cause == CAUSE_NONE;
    if (is_better) {
        answer->membership = membership;
        answer->cause = cause;
        answer->about = about;
    }
    return membership;
}

static enum membership accept(struct question *question, const struct rule *rule,
                              struct str display)
{
    question->answer->system = rule->said.system;
    question->answer->version = rule->system ? rule->system->source.version : rule->said.version;
    question->answer->display = display;
    return MEMBER_YES;
}

static enum membership check_codes(struct question *question, const struct rule *rule)
{
    const void *found = concepts_set_find(&rule->codes, question->coding->code);
    if (!found)
        return say(question, MEMBER_NO, CAUSE_NOT_CHOSEN, rule->said.system);
    const struct listed_code *listed = found;
    return accept(question, rule, rule->said.is_listed ? listed->display : STR(""));
}

static enum membership check_system(struct question *question, const struct rule *rule)
{
    struct term_concept concept = systems_judge(question->terminology, rule->system,
                                                rule->said.system, question->coding->code);
    if (concept.known != MEMBER_YES)
        return say(question, concept.known, concept.cause, rule->said.system);
    if (rule->said.filter_count)
        return say(question, MEMBER_UNKNOWN, CAUSE_FILTER, rule->said.system);
    return accept(question, rule, STR(""));
}

/* A rule of imports alone takes what they have in common; one of nothing takes nothing. */
static enum membership check_without_system(struct question *question, const struct rule *rule)
{
    if (rule->said.is_listed)
        return question->coding->system.len ? MEMBER_NO : check_codes(question, rule);
    return rule->said.import_count ? MEMBER_YES : MEMBER_NO;
}

/* The part of the rule that names a system. */
static enum membership check_own(struct question *question, const struct rule *rule)
{
    const struct term_coding *coding = question->coding;
    if (!rule->said.system.len)
        return check_without_system(question, rule);
    if (coding->system.len && !str_equal(coding->system, rule->said.system))
        return MEMBER_NO;
    enum membership result =
        rule->has_codes ? check_codes(question, rule) : check_system(question, rule);
    if (!coding->version.len)
        return result;
    struct str version = rule->said.version;
    if (!version.len && rule->system && result == MEMBER_NO && !rule->said.is_listed)
        version = rule->system->source.version; /* another version may have it */
    bool is_other = version.len && !str_equal(coding->version, version);
    return is_other && (result == MEMBER_YES || !rule->said.version.len)
               ? say(question, MEMBER_UNKNOWN, CAUSE_SYSTEM_UNKNOWN, rule->said.system)
               : result;
}

enum membership membership_of_rule(struct question *question, const struct rule *rule, int depth)
{
    if (question->left-- <= 0)
        return say(question, MEMBER_UNKNOWN, CAUSE_LIMIT, rule->said.system);
    enum membership result = check_own(question, rule);
    for (size_t i = 0; i < rule->said.import_count && result != MEMBER_NO; i++) {
        struct value_set *import = rule->imports[i];
        enum membership part;
        if (import)
            value_sets_load(question->terminology, import);
        part = import
                   ? membership_of_value_set(question, import, depth + 1)
                   : say(question, MEMBER_UNKNOWN, CAUSE_VALUE_SET_UNKNOWN, rule->said.imports[i]);
        if (part != MEMBER_YES)
            result = part;
    }
    return result;
}

/* A value set that leaves inactive codes out, where the system says what is inactive. */
static bool is_left(const struct question *question)
{
    const struct term_coding coding = { question->answer->system, STR(""), question->coding->code };
    return terminology_look_up(question->terminology, &coding).is_inactive;
}

/* What an expansion that came along lists, where the rules themselves can not tell. */
static enum membership check_given(struct question *question, const struct value_set *set)
{
    const struct term_coding *coding = question->coding;
    for (size_t i = 0; i < set->count; i++) {
        const struct rule *rule = &set->rules[i];
        if (rule->said.is_given &&
            (!coding->system.len || str_equal(coding->system, rule->said.system)) &&
            concepts_set_find(&rule->codes, coding->code))
            return check_codes(question, rule);
    }
    return MEMBER_UNKNOWN;
}

static enum membership check_sides(struct question *question, const struct value_set *set,
                                   int depth)
{
    enum membership included = MEMBER_NO, excluded = MEMBER_NO;
    for (size_t i = 0; i < set->count; i++) {
        const struct rule *rule = &set->rules[i];
        enum membership *side = rule->said.is_excluded ? &excluded : &included;
        if (*side == MEMBER_YES || rule->said.is_given ||
            (rule->said.is_excluded && included == MEMBER_NO))
            continue;
        struct term_answer kept = *question->answer;
        enum membership part = membership_of_rule(question, rule, depth);
        if (rule->said.is_excluded && part != MEMBER_UNKNOWN)
            *question->answer = kept;
        if (part != MEMBER_NO)
            *side = part;
    }
    if (excluded == MEMBER_YES)
        return say(question, MEMBER_NO, CAUSE_NOT_CHOSEN, set->source.url);
    if (included == MEMBER_NO)
        return MEMBER_NO;
    return excluded == MEMBER_UNKNOWN ? MEMBER_UNKNOWN : included;
}

enum membership membership_of_value_set(struct question *question, const struct value_set *set,
                                        int depth)
{
    if (depth > MOST_IMPORT_DEPTH)
        return say(question, MEMBER_UNKNOWN, CAUSE_LIMIT, set->source.url);
    enum membership result = check_sides(question, set, depth);
    if (result == MEMBER_UNKNOWN && set->has_given)
        result = check_given(question, set);
    if (result == MEMBER_YES && set->source.leaves_inactive && is_left(question))
        return say(question, MEMBER_NO, CAUSE_INACTIVE, set->source.url);
    return result;
}

/* A code that no rule took: is it one at all? */
static void explain(struct terminology *terminology, const struct term_coding *coding,
                    struct term_answer *answer)
{
    if (answer->cause == CAUSE_INACTIVE)
        return;
    answer->cause = CAUSE_NOT_CHOSEN;
    if (coding->system.len && terminology_look_up(terminology, coding).known == MEMBER_NO) {
        answer->cause = CAUSE_CODE_UNKNOWN;
        answer->about = coding->system;
    }
}

struct term_answer terminology_ask(struct terminology *terminology,
                                   const struct value_set *value_set,
                                   const struct term_coding *coding)
{
    struct term_answer answer = { .membership = MEMBER_NO };
    struct question question = { terminology, coding, &answer, MOST_STEPS };
    enum membership membership = membership_of_value_set(&question, value_set, 0);
    answer.membership = membership;
    if (membership == MEMBER_YES) {
        answer.cause = CAUSE_NONE;
        answer.about = STR("");
    } else if (membership == MEMBER_NO) {
        answer.about = value_set->source.url;
        explain(terminology, coding, &answer);
    }
    return answer;
}

enum membership terminology_contains(struct terminology *terminology, struct str value_set,
                                     struct str system, struct str code)
{
    const struct value_set *set = terminology_value_set(terminology, value_set);
    struct term_coding coding = { system, STR(""), code };
    if (!set)
        return MEMBER_UNKNOWN;
    struct term_answer answer = { .membership = MEMBER_NO };
    struct question question = { terminology, &coding, &answer, MOST_STEPS };
    return membership_of_value_set(&question, set, 0);
}
