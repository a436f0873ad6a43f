/* rules.c - from a set of writes to changes, and from what rules derive to further writes. */
#include "server/rules/rules.h"

#include "resources/ltss/act.h"
#include "server/exchange/receive.h"
#include "server/rules/overlay.h"
#include "server/store/uuid.h"

struct asking {
    struct write_set *set;
    struct overlay overlay;
    struct lookup lookup;
    int depth; /* of what is derived from what is derived */
};

static const cJSON *before_of(struct write_set *set, const struct write *write)
{
    struct issues unseen;
    if (!write->found.version || write->found.is_deleted || !write->found.body.len)
        return NULL;
    issues_init(&unseen, set->arena, STR(""));
    return json_parse(write->found.body, set->arena, &unseen);
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
                             .resource = resource };
    if (!write_decide(set, write))
        asking->overlay.has_failed = true;
    write->is_pinned = true;
    return id;
}

static bool ask(struct asking *asking, const struct write *write, bool is_own)
{
    struct write_set *set = asking->set;
    const struct service *service = set->service;
    static const enum change_act ACTS[] = { [WRITE_CREATED] = CHANGE_CREATE,
                                            [WRITE_UPDATED] = CHANGE_UPDATE,
                                            [WRITE_DELETED] = CHANGE_DELETE };
    uint64_t version;
    struct change change = { .act = ACTS[write->result],
                             .type = write->type,
                             .id = write->chosen_id,
                             .before = before_of(set, write),
                             .after = write->resource,
                             .at = write->at };
    change.is_copy = write->resource && receive_is_copy(set->viewer, write->resource, &version);
    struct caller caller = caller_of(is_own ? viewer_server() : set->viewer);
    struct rule_run run = { .definitions = service->definitions,
                            .change = &change,
                            .caller = &caller,
                            .lookup = &asking->lookup,
                            .operation = set->extras.operation,
                            .now_us = service->now_us(),
                            .arena = set->arena,
                            .issues = set->issues,
                            .derive = derive,
                            .context = asking };
    run.program = &service->programs[0];
    bool is_good = act_check_role(&run, service->programs, service->program_count);
    for (size_t i = 0; i < service->program_count && is_good; i++) {
        run.program = &service->programs[i];
        run.today = program_day(run.program, run.now_us);
        if (!rule_check_all(&run))
            is_good = false;
    }
    return is_good;
}

bool rules_apply(struct write_set *set)
{
    bool is_good = true;
    struct asking asking = { .set = set, .lookup = overlay_lookup };
    set->derived_count = 0;
    if (!set->service->program_count || set->viewer->is_server)
        return true;
    overlay_init(&asking.overlay, set);
    asking.lookup.context = &asking.overlay;
    for (size_t i = 0; i < set->count; i++)
        if (write_is_written(&set->writes[i]) && !ask(&asking, &set->writes[i], false))
            is_good = false;
    for (size_t begin = 0; is_good && begin < set->derived_count; asking.depth++) {
        size_t end = set->derived_count;
        for (; begin < end; begin++)
            if (!ask(&asking, &set->derived[begin], true))
                is_good = false;
    }
    return is_good && !asking.overlay.has_failed;
}
