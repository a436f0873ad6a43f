/* step.c - holding a change of a record against its machine: is there such a step, who takes it. */
#include "resources/ltss/machine/machine.h"
#include "resources/ltss/rules.h"

/* What a record is and for whom stays: else a change of it would be a way around its machine. */
static const char *const FIXED[] = { "requester", "for", "focus" };

struct step {
    const struct machine *machine;
    const cJSON *before, *after;
    struct str from, to;
    bool is_asked;
};

/* False: the change has no machine. */
static bool read_step(struct step *step, const struct rule_run *run)
{
    const struct change *change = run->change;
    const cJSON *record = change->before ? change->before : change->after;
    *step = (struct step){ .machine = machine_of(record),
                           .before = change->before,
                           .after = change->after,
                           .from = json_get_text(change->before, "status"),
                           .to = json_get_text(change->after, "status") };
    if (!step->machine || change->is_copy)
        return false;
    step->is_asked = machine_is_asked(step->machine, change->before);
    return true;
}

static bool is_stay(const struct step *step)
{
    return step->before && step->after && str_equal(step->from, step->to);
}

/* The way that the change goes by is one that the step has. */
static bool goes_by(const struct rule_run *run, const struct machine_step *step)
{
    return !step->operation || run->caller->is_server ||
           (run->operation && !strcmp(run->operation, step->operation));
}

static bool is_server_cancelling(const struct rule_run *run, const struct step *step)
{
    return run->caller->is_server && str_is(step->to, "cancelled") &&
           machine_is_open(step->machine, step->from);
}

static const struct machine_step *find_step(const struct step *step)
{
    return machine_find(step->machine, step->from, step->to, step->is_asked);
}

/* Named here, not below: `from->to not allowed; allowed: ...`. */
static bool say_illegal(struct rule_run *run, const struct step *step, const char *to)
{
    struct str from = step->before ? step->from : STR("(new)");
    return rule_say(
        run, "status", -1, STR_FMT "->%s not allowed; allowed: " STR_FMT, STR_ARG(from), to,
        STR_ARG(machine_allowed(step->machine, step->from, step->is_asked, run->arena)));
}

static bool is_task(const struct step *step)
{
    return !strcmp(step->machine->type, "Task");
}

static bool has_same_reference(const cJSON *before, const cJSON *after)
{
    struct str was = record_reference(before);
    return was.len ? str_equal(was, record_reference(after))
                   : !before || (after && json_equal(before, after));
}

static const char *changed_part(const struct step *step)
{
    const struct machine *machine = step->machine;
    struct str was = record_code(json_get(step->before, machine->element), machine->system);
    struct str is = record_code(json_get(step->after, machine->element), machine->system);
    if (is_task(step) && !str_equal(was, is))
        return machine->element;
    for (size_t i = 0; is_task(step) && i < COUNT(FIXED); i++)
        if (!has_same_reference(json_get(step->before, FIXED[i]), json_get(step->after, FIXED[i])))
            return FIXED[i];
    return NULL;
}

/* meta and text are no content. */
static bool is_same(const struct rule_run *run, const struct step *step)
{
    static const char *const LEFT_OUT[] = { "meta", "text", "note" };
    cJSON *before = json_copy(run->arena, step->before),
          *after = json_copy(run->arena, step->after);
    for (size_t i = 0; i < COUNT(LEFT_OUT); i++) {
        json_remove(before, LEFT_OUT[i]);
        json_remove(after, LEFT_OUT[i]);
    }
    return json_equal(before, after);
}

static bool check_deletion(struct rule_run *run, const struct step *step)
{
    bool is_draft = str_is(step->from, "draft");
    if (run->caller->is_server || is_draft || !machine_is_open(step->machine, step->from))
        return true;
    return say_illegal(run, step, "deleted");
}

bool machine_step_allowed(struct rule_run *run)
{
    struct step step;
    if (!read_step(&step, run))
        return true;
    if (!step.after)
        return check_deletion(run, &step);
    bool is_bound = step.before && !run->caller->is_server && !run->operation;
    const char *part = is_bound ? changed_part(&step) : NULL;
    if (part)
        return rule_say(run, part, -1, "%s stays as it is while the record goes its way", part);
    if (is_stay(&step) &&
        (!step.machine->is_sealed || run->caller->is_server || is_same(run, &step)))
        return true;
    const struct machine_step *found = find_step(&step);
    if ((found && goes_by(run, found)) || is_server_cancelling(run, &step))
        return true;
    return say_illegal(run, &step, str_cstr(run->arena, step.to));
}

/* Whether the business status becomes another; the word by which the requester asks for the end is
 * the requester's, every other the owner's. */
static unsigned actors_of_stay(const struct step *step)
{
    const struct machine *machine = step->machine;
    const cJSON *before = json_get(step->before, "businessStatus");
    const cJSON *after = json_get(step->after, "businessStatus");
    bool is_kept = before && after ? json_equal(before, after) : before == after;
    if (!is_task(step))
        return MACHINE_ANYONE;
    if (is_kept || !machine->asked)
        return MACHINE_REQUESTER | MACHINE_OWNER | MACHINE_MAKER;
    return machine_is_asked(machine, step->after) ? MACHINE_REQUESTER : MACHINE_OWNER;
}

static unsigned actors_of(const struct rule_run *run, const struct step *step)
{
    const struct machine_step *found = find_step(step);
    if (!step->after)
        return is_task(step) ? MACHINE_REQUESTER : MACHINE_ANYONE;
    if (found && goes_by(run, found) && (!is_stay(step) || found->operation))
        return found->actors;
    return is_stay(step) ? actors_of_stay(step) : MACHINE_ANYONE; /* refused for another reason */
}

bool machine_step_own(struct rule_run *run)
{
    struct step step;
    if (!read_step(&step, run))
        return true;
    unsigned actors = actors_of(run, &step);
    if (machine_is_actor(run, actors, step.before))
        return true;
    return rule_say(run, "status", -1, STR_FMT "->" STR_FMT " is taken by " STR_FMT,
                    STR_ARG(step.from), STR_ARG(step.after ? step.to : STR("deleted")),
                    STR_ARG(machine_actors(actors, run->arena)));
}
