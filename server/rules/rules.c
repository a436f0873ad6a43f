/* rules.c - from a set of writes to changes, and from what rules derive to further writes. */
#include "server/rules/rules.h"

#include "resources/ltss/act.h"
#include "server/exchange/receive.h"
#include "server/rules/bell.h"
#include "server/rules/overlay.h"
#include "server/rules/schedule.h"
#include "server/store/uuid.h"

struct asking {
    struct write_set *set;
    struct overlay overlay;
    struct lookup lookup;
    int depth; /* of what is derived from what is derived */
};

static const cJSON *before_of(struct write_set *set, struct write *write)
{
    struct issues unseen;
    if (write->before || !write->found.version || write->found.is_deleted || !write->found.body.len)
        return write->before;
    issues_init(&unseen, set->arena, STR(""));
    write->before = json_parse(write->found.body, set->arena, &unseen);
    return write->before;
}

static struct caller caller_of(const struct viewer *viewer)
{
    return (struct caller){ .organization = viewer->organization,
                            .role = viewer->party_role,
                            .patient = viewer->patient,
                            .practitioner_role = viewer->practitioner_role,
                            .is_tester = viewer->is_tester,
                            .is_server = viewer->is_server };
}

static bool has_room(struct asking *asking)
{
    struct write_set *set = asking->set;
    if (!set->derived)
        set->derived = arena_array(set->arena, RULES_MOST_DERIVED, sizeof *set->derived);
    if (set->derived_count < RULES_MOST_DERIVED && asking->depth < RULES_MOST_DEPTH)
        return true;
    return issue_add(set->issues, NULL, ISSUE_TOO_COSTLY,
                     "one write makes no more than %d records, %d deep", RULES_MOST_DERIVED,
                     RULES_MOST_DEPTH);
}

static struct str derive(void *context, const char *type, struct str id, cJSON *resource)
{
    struct asking *asking = context;
    struct write_set *set = asking->set;
    if (!id.len)
        id = uuid_make(set->arena);
    if (!has_room(asking)) {
        asking->overlay.has_failed = true;
        return id;
    }
    struct write *write = &set->derived[set->derived_count++];
    *write = (struct write){ .act = WRITE_UPDATE,
                             .type = str_of(type),
                             .id = id,
                             .if_version = STORE_ANY_VERSION,
                             .resource = resource,
                             .is_own = true };
    if (!write_decide(set, write))
        asking->overlay.has_failed = true;
    write->is_pinned = true;
    return id;
}

static struct rule_run run_of(struct asking *asking, const struct change *change,
                              const struct caller *caller)
{
    struct write_set *set = asking->set;
    return (struct rule_run){ .definitions = set->service->definitions,
                              .terminology = set->service->terminology,
                              .change = change,
                              .caller = caller,
                              .lookup = &asking->lookup,
                              .operation = set->extras.operation,
                              .now_us = bell_now_us(set->service),
                              .arena = set->arena,
                              .issues = set->issues,
                              .derive = derive,
                              .context = asking };
}

static enum change_act act_of(const struct write *write)
{
    static const enum change_act ACTS[] = { [WRITE_CREATED] = CHANGE_CREATE,
                                            [WRITE_UPDATED] = CHANGE_UPDATE,
                                            [WRITE_DELETED] = CHANGE_DELETE };
    return ACTS[write->result];
}

static struct change change_of(struct write_set *set, struct write *write)
{
    uint64_t version;
    return (struct change){ .act = act_of(write),
                            .type = write->type,
                            .id = write->chosen_id,
                            .before = before_of(set, write),
                            .after = write->resource,
                            .is_copy = write->resource &&
                                       receive_is_copy(set->viewer, write->resource, &version),
                            .at = write->at };
}

static void in_program(struct rule_run *run, const struct program *program)
{
    run->program = program;
    run->today = program_day(program, run->now_us);
}

/* Asks each program about one write. */
static bool ask(struct asking *asking, struct write *write, bool is_own,
                bool (*check)(struct rule_run *run))
{
    struct write_set *set = asking->set;
    const struct service *service = set->service;
    struct change change = change_of(set, write);
    struct caller caller = caller_of(is_own ? viewer_server() : set->viewer);
    struct rule_run run = run_of(asking, &change, &caller);
    bool is_good = true;
    for (size_t i = 0; i < service->program_count; i++) {
        in_program(&run, &service->programs[i]);
        if (!check(&run))
            is_good = false;
        else if (check == rule_check_all)
            schedule_add(set, &run, write->found.version);
    }
    return is_good;
}

/* What a rule makes of a record that stands, because its time has come. */
static bool look(struct asking *asking, const struct rules_look *asked)
{
    struct write_set *set = asking->set;
    struct change change = { .act = CHANGE_UPDATE, .type = asked->type, .id = asked->id };
    struct str reference =
        str_print(set->arena, STR_FMT "/" STR_FMT, STR_ARG(asked->type), STR_ARG(asked->id));
    struct caller caller = caller_of(viewer_server());
    struct rule_run run = run_of(asking, &change, &caller);
    change.before = change.after = asking->lookup.read(asking->lookup.context, reference);
    if (!change.after)
        return !asking->overlay.has_failed;
    run.rule = asked->rule;
    in_program(&run, asked->program);
    if (!asked->rule->look(&run))
        return false;
    schedule_again(set, &run, asked->job);
    return true;
}

/* What is derived is asked about like everything else, and may derive more. */
static bool ask_derived(struct asking *asking)
{
    bool is_good = true;
    for (size_t begin = 0; is_good && begin < asking->set->derived_count; asking->depth++) {
        size_t end = asking->set->derived_count;
        for (; begin < end; begin++)
            if (!ask(asking, &asking->set->derived[begin], true, rule_check_all))
                is_good = false;
    }
    return is_good;
}

/* Whether the viewer's role writes anything at all. */
static bool may_write(struct asking *asking, struct write *write)
{
    const struct service *service = asking->set->service;
    struct change change = change_of(asking->set, write);
    struct caller caller = caller_of(asking->set->viewer);
    struct rule_run run = run_of(asking, &change, &caller);
    in_program(&run, &service->programs[0]);
    return act_check_role(&run, service->programs, service->program_count);
}

static void begin(struct asking *asking, struct write_set *set)
{
    *asking = (struct asking){ .set = set, .lookup = overlay_lookup };
    overlay_init(&asking->overlay, set);
    asking->lookup.context = &asking->overlay;
}

const struct program *rules_program(const struct service *service, const char *key)
{
    for (size_t i = 0; i < service->program_count; i++)
        if (program_has_rule(&service->programs[i], key))
            return &service->programs[i];
    return NULL;
}

bool rules_ask(struct write_set *set, struct write *write, const char *key,
               bool (*operation)(struct rule_run *run, void *context), void *context)
{
    struct asking asking;
    const struct program *program = rules_program(set->service, key);
    const struct rule rule = { .key = key, .effect = RULE_REFUSES };
    if (!program)
        return issue_add(set->issues, NULL, ISSUE_OPERATION_UNKNOWN,
                         "no program that is loaded here has the rule %s", key);
    begin(&asking, set);
    struct change change = change_of(set, write);
    struct caller caller = caller_of(set->viewer);
    struct rule_run run = run_of(&asking, &change, &caller);
    run.rule = &rule;
    in_program(&run, program);
    return operation(&run, context) && !asking.overlay.has_failed;
}

static bool is_asked(const struct write_set *set)
{
    return set->service->program_count > 0 && (!set->viewer->is_server || set->extras.look);
}

bool rules_permit(struct write_set *set)
{
    bool is_good = true;
    struct asking asking;
    if (!is_asked(set))
        return true;
    begin(&asking, set);
    for (size_t i = 0; i < set->count; i++)
        if (write_is_written(&set->writes[i]) &&
            !(may_write(&asking, &set->writes[i]) &&
              ask(&asking, &set->writes[i], false, rule_check_way)))
            is_good = false;
    return is_good && !asking.overlay.has_failed;
}

bool rules_apply(struct write_set *set)
{
    bool is_good = true;
    struct asking asking;
    set->scheduled_count = 0;
    if (!is_asked(set))
        return true;
    begin(&asking, set);
    if (set->extras.look)
        is_good = look(&asking, set->extras.look);
    for (size_t i = 0; i < set->count; i++)
        if (write_is_written(&set->writes[i]) &&
            !ask(&asking, &set->writes[i], false, rule_check_all))
            is_good = false;
    is_good = is_good && ask_derived(&asking);
    return is_good && !asking.overlay.has_failed;
}
