/* schedule.c - from a record and its rules to jobs that wait for their time, and back. */
#include "server/rules/schedule.h"

#include "resources/base/arena.h"

enum { MOST_JOBS = 256 };

/* A name that is there already adds nothing: the same write, decided again, asks once. */
static void add(struct write_set *set, const struct rule_run *run, const struct rule *rule,
                int64_t due_us, struct str name)
{
    if (!set->scheduled)
        set->scheduled = arena_array(set->arena, MOST_JOBS, sizeof *set->scheduled);
    if (set->scheduled_count == MOST_JOBS)
        return;
    struct str what =
        str_print(set->arena, STR_FMT " %s " STR_FMT "/" STR_FMT, STR_ARG(run->program->name),
                  rule->key, STR_ARG(run->change->type), STR_ARG(run->change->id));
    set->scheduled[set->scheduled_count++] = (struct store_job){
        .kind = STR(SCHEDULE_KIND),
        .lane = STR(STORE_TIMED_LANE),
        .key = str_print(set->arena, SCHEDULE_KIND " " STR_FMT " " STR_FMT, STR_ARG(what),
                         STR_ARG(name)),
        .payload = what,
        .due_us = due_us,
    };
}

void schedule_add(struct write_set *set, const struct rule_run *run, uint64_t replaced)
{
    const struct change *change = run->change;
    for (const struct rule *rule = rules_table(); rule->key && change->after; rule++) {
        if (!rule->due || change->is_copy || !rule_is_about(rule, change->type) ||
            !program_has_rule(run->program, rule->key))
            continue;
        int64_t due = rule->due(run, change->after);
        int64_t before = change->before ? rule->due(run, change->before) : RULE_NEVER;
        if (due != RULE_NEVER && due != before)
            add(set, run, rule, due,
                str_print(set->arena, "%llu %lld", (unsigned long long)replaced, (long long)due));
    }
}

void schedule_again(struct write_set *set, const struct rule_run *run, uint64_t job)
{
    if (run->again_us > run->now_us && run->again_us != RULE_NEVER)
        add(set, run, run->rule, run->again_us,
            str_print(set->arena, "after %llu", (unsigned long long)job));
}

bool schedule_read(struct rules_look *look, const struct service *service, struct str payload)
{
    struct str rest = payload, program = str_cut(&rest, ' '), rule = str_cut(&rest, ' ');
    *look = (struct rules_look){ .type = str_cut(&rest, '/') };
    look->id = rest;
    for (size_t i = 0; i < service->program_count; i++)
        if (str_equal(service->programs[i].name, program))
            look->program = &service->programs[i];
    for (const struct rule *one = rules_table(); one->key; one++)
        if (str_is(rule, one->key) && one->look)
            look->rule = one;
    return look->program && look->rule && look->type.len && look->id.len &&
           program_has_rule(look->program, look->rule->key);
}
