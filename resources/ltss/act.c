/* act.c - holding a change against the matrix. */
#include "resources/ltss/act.h"

#include "resources/fhir/fhirpath/fhirpath.h"

static bool always(struct rule_run *run)
{
    (void)run;
    return true;
}

static const cJSON *record_of(const struct rule_run *run)
{
    return run->change->after ? run->change->after : run->change->before;
}

static bool is_in_plan(struct rule_run *run)
{
    return str_is(record_extension_text(record_of(run), "plan-scope"), "in-plan");
}

/* Of both the record as it was and as it shall be: nobody gives or takes away what is another's. */
static bool is_own_record(const struct rule_run *run, const cJSON *record)
{
    static const char *const OWNERS[] = { "managingOrganization", "insurer" };
    for (size_t i = 0; i < COUNT(OWNERS) && record; i++)
        if (record_refers(json_get(record, OWNERS[i]), run->caller->organization))
            return true;
    return !record;
}

static bool is_own(struct rule_run *run)
{
    return is_own_record(run, run->change->before) && is_own_record(run, run->change->after);
}

static const struct act_condition CONDITIONS[] = {
    { "own", "what one's own organization manages or insures", is_own },
    { "yes", "always", always },
    { "in-plan", "a service that the agreement puts inside the plan", is_in_plan },
    { NULL, NULL, NULL },
};

const struct act_condition *act_conditions(void)
{
    return CONDITIONS;
}

/* What is not done yet is done, and what was done is undone: both are the act. */
static bool is_act(const struct rule_run *run, const struct program_act *act, const cJSON *record)
{
    struct node node;
    struct issues unseen;
    if (!record || !str_equal(act->type, run->change->type))
        return false;
    if (!act->when)
        return true;
    issues_init(&unseen, run->arena, STR(""));
    struct fhirpath_context context = { .arena = run->arena,
                                        .definitions = run->definitions,
                                        .issues = &unseen };
    return node_root(&node, record, run->definitions) &&
           fhirpath_test(act->when, &node, &context) == 1;
}

static bool holds(struct rule_run *run, struct str condition)
{
    for (const struct act_condition *one = CONDITIONS; one->name; one++)
        if (str_is(condition, one->name))
            return one->holds(run);
    return false;
}

static bool may(struct rule_run *run, const struct program_act *act)
{
    for (size_t i = 0; i < act->cell_count; i++)
        if (str_equal(act->cells[i].role, run->caller->role) && holds(run, act->cells[i].condition))
            return true;
    return false;
}

static bool is_free(const struct rule_run *run)
{
    return run->caller->is_server || run->caller->is_tester;
}

bool act_check_role(struct rule_run *run, const struct program *programs, size_t count)
{
    static const struct rule ROLE = { .key = "role-not-permitted", .effect = RULE_REFUSES };
    for (size_t i = 0; i < count && !is_free(run); i++)
        if (program_has_column(&programs[i], run->caller->role))
            return true;
    if (is_free(run))
        return true;
    run->rule = &ROLE;
    return rule_say(run, NULL, -1, "the role '" STR_FMT "' writes no records here",
                    STR_ARG(run->caller->role));
}

bool act_check(struct rule_run *run)
{
    static const struct rule ACT = { .key = "role-not-permitted", .effect = RULE_REFUSES };
    const struct program *program = run->program;
    if (is_free(run) || !program_has_column(program, run->caller->role))
        return true;
    run->rule = &ACT;
    for (size_t i = 0; i < program->act_count; i++) {
        const struct program_act *act = &program->acts[i];
        if ((is_act(run, act, run->change->after) || is_act(run, act, run->change->before)) &&
            !may(run, act))
            return rule_say_key(run, act->refusal.data, NULL, -1, STR_FMT " is not for " STR_FMT,
                                STR_ARG(act->name), STR_ARG(run->caller->role));
    }
    return true;
}
