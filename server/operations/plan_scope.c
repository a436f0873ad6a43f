/* plan_scope.c - Contract/[id]/$plan-scope: whether an agreement has a service inside the plan, and
 * which side answers for it. */
#include "resources/ltss/agreement/asa.h"
#include "resources/ltss/draft.h"
#include "resources/ltss/program.h"
#include "server/interactions/outcome.h"
#include "server/operations/parameters.h"
#include "server/rules/rules.h"

static const cJSON *read_contract(struct interaction *interaction)
{
    struct store_version found;
    struct str id = interaction->at.id;
    enum outcome outcome = store_read(interaction->service->store, interaction->viewer,
                                      STR("Contract"), id, 0, interaction->arena, &found);
    if (outcome == OUTCOME_OK)
        return json_parse(found.body, interaction->arena, &interaction->issues);
    outcome_raise(&interaction->issues, outcome,
                  str_print(interaction->arena, "Contract/" STR_FMT, STR_ARG(id)));
    return NULL;
}

/* `code` is a code, "system|code", a Coding or a CodeableConcept. */
static const cJSON *service_of(struct interaction *interaction, const cJSON *asked)
{
    struct arena *arena = interaction->arena;
    const cJSON *given = operation_parameter(asked, "code");
    struct str text = json_text(given), system = { 0 };
    if (json_get(given, "coding"))
        return given;
    cJSON *concept = json_new_object(arena);
    cJSON *codings = draft_list(arena, concept, "coding");
    if (given && !text.len) {
        json_add(codings, json_copy(arena, given));
        return concept;
    }
    if (str_find(text, '|', 0) < text.len)
        system = str_cut(&text, '|');
    cJSON *coding = json_add(codings, json_new_object(arena));
    if (system.len)
        draft_text(arena, coding, "system", system);
    draft_text(arena, coding, "code", text);
    return concept;
}

static bool day_of(struct interaction *interaction, const cJSON *asked, struct date *day)
{
    struct str text = operation_text(asked, "date");
    const struct program *program = rules_program(interaction->service, "asa-appendix-incomplete");
    static const struct program UTC = { .zone_count = 0 };
    *day = program_day(program ? program : &UTC, interaction->service->now_us());
    return !text.len || (date_parse(day, text, DATE_FORM_DATETIME) && day->precision >= DATE_DAY) ||
           issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                     "date: '" STR_FMT "' is no day", STR_ARG(text));
}

static bool refuse(struct interaction *interaction, struct str code)
{
    const struct program *program = rules_program(interaction->service, "asa-appendix-incomplete");
    const struct ltss_key *key =
        program ? ltss_key_find(&program->keys, STR("service-not-in-appendix")) : NULL;
    struct issue *issue =
        issue_raise(&interaction->issues, NULL, ISSUE_RULE_NOT_FOUND, STR_FMT, STR_ARG(code));
    if (key) {
        issue->key = key->code;
        issue->text = key->text;
        issue->type = key->type;
    }
    return false;
}

bool operations_plan_scope(struct interaction *interaction)
{
    struct date day;
    const cJSON *asked = operation_asked(interaction, "resource");
    if (!asked || !day_of(interaction, asked, &day))
        return false;
    if (!operation_parameter(asked, "code"))
        return issue_add(&interaction->issues, NULL, ISSUE_REQUEST_INVALID,
                         "the parameter code names the service");
    const cJSON *contract = read_contract(interaction);
    if (!contract)
        return false;
    const cJSON *service = service_of(interaction, asked);
    const cJSON *line = record_covers(json_get(contract, "applies"), &day)
                            ? agreement_appendix_find(contract, service)
                            : NULL;
    if (!line)
        return refuse(interaction, json_get_text(record_first(service, "coding"), "code"));
    cJSON *answer = operation_new_parameters(interaction);
    operation_add_text(interaction, answer, "scope", "valueCode",
                       record_extension_text(line, "plan-scope"));
    operation_add(interaction, answer, "responsible", "valueReference",
                  ltss_task_reference(interaction->arena, agreement_appendix_responsible(line)));
    return operation_answer(interaction, answer);
}
