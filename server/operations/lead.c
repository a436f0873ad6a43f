/* lead.c - CareTeam/[id]/$lead-propose and Task/[id]/$lead-attest choose a lead care manager
 * together; PractitionerRole/[id]/$led-members tells whom somebody leads. */
#include "resources/ltss/determination/determination.h"
#include "resources/ltss/draft.h"
#include "server/interactions/outcome.h"
#include "server/operations/parameters.h"
#include "server/rules/rules.h"
#include "server/store/uuid.h"

/* The rule whose other side these operations are: where it is on, they are there. */
static const char RULE[] = "joint-determination-required";

/* What is written, in this order. */
enum { TEAM, TASK, PROVENANCE, WRITES };
struct choosing {
    struct interaction *interaction;
    struct write writes[WRITES];
    struct determination_choice proposal;
    struct determination_answer answer;
    bool is_proposal;
};

/* A patch that settle fills in: it holds for the version that stands, and is read as the caller. */
static cJSON *as_it_stands(const void *context, struct write_set *set, const struct write *write)
{
    (void)context;
    return json_parse(write->found.body, set->arena, set->issues);
}

static struct write patch_of(const char *type, struct str id)
{
    return (struct write){ .act = WRITE_PATCH,
                           .type = str_of(type),
                           .id = id,
                           .if_version = STORE_ANY_VERSION,
                           .change = as_it_stands };
}

static struct write create_of(struct interaction *interaction, const char *type)
{
    return (struct write){ .act = WRITE_CREATE,
                           .type = str_of(type),
                           .if_version = STORE_ANY_VERSION,
                           .is_own = true,
                           .made_id = uuid_make(interaction->arena) };
}

static bool ask(struct rule_run *run, void *context)
{
    struct choosing *choosing = context;
    struct write *writes = choosing->writes;
    struct determination_records records = {
        .team_id = writes[TEAM].chosen_id,
        .task_id = writes[TASK].chosen_id,
        .provenance_id = writes[PROVENANCE].chosen_id,
        .team_version = writes[TEAM].found.version,
    };
    bool is_good = choosing->is_proposal ? determination_propose(run, &choosing->proposal, &records)
                                         : determination_attest(run, writes[TASK].resource,
                                                                &choosing->answer, &records);
    writes[TEAM].resource = records.team;
    writes[TASK].resource = records.task;
    writes[PROVENANCE].resource = records.provenance;
    return is_good;
}

/* Decided anew on each try, so what was written is checked anew. */
static bool settle(void *context, struct write_set *set)
{
    struct choosing *choosing = context;
    for (int i = 0; i < WRITES; i++)
        choosing->writes[i].is_checked = false;
    return rules_ask(set, &choosing->writes[TEAM], RULE, ask, choosing);
}

static void answer_records(struct choosing *choosing)
{
    struct interaction *with = choosing->interaction;
    cJSON *answer = operation_new_parameters(with);
    struct str task =
        str_print(with->arena, "Task/" STR_FMT, STR_ARG(choosing->writes[TASK].chosen_id));
    struct str team =
        str_print(with->arena, "CareTeam/" STR_FMT, STR_ARG(choosing->writes[TEAM].chosen_id));
    operation_add(with, answer, "task", "valueReference", ltss_task_reference(with->arena, task));
    operation_add(with, answer, "careTeam", "valueReference",
                  ltss_task_reference(with->arena, team));
    operation_answer(with, answer);
}

/* Team and Task are both changed, whichever of them the address names. */
static bool may_choose(const struct choosing *choosing)
{
    struct interaction *with = choosing->interaction;
    return interaction_may(with, STR("CareTeam"), ACT_READ | ACT_UPDATE, NULL) &&
           interaction_may(with, STR("Task"),
                           choosing->is_proposal ? ACT_CREATE : ACT_READ | ACT_UPDATE, NULL);
}

static bool commit(struct choosing *choosing, const char *operation)
{
    struct interaction *with = choosing->interaction;
    if (!may_choose(choosing))
        return false;
    /* Places in what is written lead nowhere in what was sent. */
    issues_read(&with->issues, (struct str){ 0 });
    struct write_set set = {
        .service = with->service,
        .viewer = with->viewer,
        .arena = with->arena,
        .issues = &with->issues,
        .writes = choosing->writes,
        .count = WRITES,
        .extras = { .operation = operation, .settle = settle, .context = choosing },
        .interaction = "operation"
    };
    if (!write_commit(&set))
        return false;
    answer_records(choosing);
    return true;
}

static struct str reference_asked(const cJSON *parameters, const char *name)
{
    return record_reference(operation_parameter(parameters, name));
}

static void read_needs(const cJSON *parameters, const char *name,
                       struct determination_choice *choice)
{
    for (const cJSON *one = record_first(parameters, "parameter"); one; one = one->next)
        if (str_is(json_get_text(one, "name"), name) &&
            choice->need_count < DETERMINATION_MOST_NEEDS)
            choice->needs[choice->need_count++] = json_get(one, "valueCodeableConcept");
}

bool operations_lead_propose(struct interaction *interaction)
{
    struct choosing choosing = { .interaction = interaction, .is_proposal = true };
    struct determination_choice *choice = &choosing.proposal;
    const cJSON *parameters = operation_parameters(interaction);
    if (!parameters)
        return false;
    choice->candidate = reference_asked(parameters, "candidate");
    choice->form = reference_asked(parameters, "form");
    choice->rationale = operation_text(parameters, "rationale");
    choice->effective = operation_text(parameters, "effective");
    read_needs(parameters, "primaryNeed", choice);
    choosing.writes[TEAM] = patch_of("CareTeam", interaction->at.id);
    choosing.writes[TASK] = create_of(interaction, "Task");
    choosing.writes[PROVENANCE] = create_of(interaction, "Provenance");
    return commit(&choosing, "lead-propose");
}

/* The team that a determination is about never changes, so it may be read beforehand. */
static struct str team_of(struct interaction *interaction)
{
    struct store_version found;
    struct str focus = { 0 };
    enum outcome outcome = store_read(interaction->service->store, interaction->viewer, STR("Task"),
                                      interaction->at.id, 0, interaction->arena, &found);
    if (outcome != OUTCOME_OK) {
        outcome_raise(&interaction->issues, outcome,
                      str_print(interaction->arena, "Task/" STR_FMT, STR_ARG(interaction->at.id)));
        return focus;
    }
    const cJSON *task = json_parse(found.body, interaction->arena, &interaction->issues);
    focus = record_reference(json_get(task, "focus"));
    if (determination_is(task) && str_starts(focus, STR("CareTeam/")))
        return str_slice(focus, sizeof "CareTeam/" - 1, focus.len);
    issue_add(&interaction->issues, NULL, ISSUE_REQUEST_INVALID,
              "this Task asks for no lead care manager");
    return (struct str){ 0 };
}

bool operations_lead_attest(struct interaction *interaction)
{
    struct choosing choosing = { .interaction = interaction };
    struct determination_answer *answer = &choosing.answer;
    const cJSON *parameters = operation_parameters(interaction);
    struct str team = parameters ? team_of(interaction) : STR("");
    if (!team.len)
        return false;
    answer->decision = operation_text(parameters, "decision");
    answer->attester = reference_asked(parameters, "attester");
    answer->note = operation_text(parameters, "note");
    answer->counter.candidate = reference_asked(parameters, "counterCandidate");
    answer->counter.form = reference_asked(parameters, "counterForm");
    read_needs(parameters, "counterPrimaryNeed", &answer->counter);
    choosing.writes[TEAM] = patch_of("CareTeam", team);
    choosing.writes[TASK] = patch_of("Task", interaction->at.id);
    choosing.writes[PROVENANCE] = create_of(interaction, "Provenance");
    return commit(&choosing, "lead-attest");
}

/* Somebody's own organization may ask whom they lead. */
static bool may_ask(struct interaction *interaction, const cJSON *role)
{
    const struct viewer *viewer = interaction->viewer;
    return viewer->is_tester ||
           record_refers(json_get(role, "organization"), viewer->organization) ||
           issue_add(&interaction->issues, NULL, ISSUE_RULE_FORBIDDEN,
                     "PractitionerRole/" STR_FMT " works for another organization",
                     STR_ARG(interaction->at.id));
}

bool operations_led_members(struct interaction *interaction)
{
    struct store_version found;
    struct str id = interaction->at.id;
    enum outcome outcome = store_read(interaction->service->store, interaction->viewer,
                                      STR("PractitionerRole"), id, 0, interaction->arena, &found);
    if (outcome != OUTCOME_OK)
        return outcome_raise(
            &interaction->issues, outcome,
            str_print(interaction->arena, "PractitionerRole/" STR_FMT, STR_ARG(id)));
    if (!may_ask(interaction, json_parse(found.body, interaction->arena, &interaction->issues)))
        return false;
    struct http_request *request =
        arena_copy(interaction->arena, interaction->request, sizeof *interaction->request);
    struct str query = interaction->request->query;
    request->body = (struct str){ 0 };
    request->query =
        str_print(interaction->arena,
                  "lead-care-manager=PractitionerRole/" STR_FMT "&status=active%s" STR_FMT,
                  STR_ARG(id), query.len ? "&" : "", STR_ARG(query));
    interaction->request = request;
    interaction->at.type = STR("CareTeam");
    interaction->at.id = interaction->at.operation = (struct str){ 0 };
    return interactions_search(interaction);
}
