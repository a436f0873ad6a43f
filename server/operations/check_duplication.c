/* check_duplication.c - $check-duplication of service requests and care plans: what two
 * organizations do at once, without writing anything. */
#include "resources/ltss/duplication/duplication.h"
#include "resources/ltss/record.h"
#include "server/operations/parameters.h"
#include "server/rules/question.h"

enum { MOST_REQUESTS = 200 };

struct checking {
    struct question *question;
    cJSON *entries;
    struct map said; /* pairs, smaller reference first */
};

/* Each pair once, whichever of the two was looked at first. */
static bool is_new(struct checking *checking, const struct duplication *found)
{
    bool is_first = str_compare(found->ours, found->theirs) < 0;
    struct str key = str_print(checking->question->run.arena, STR_FMT " " STR_FMT,
                               STR_ARG(is_first ? found->ours : found->theirs),
                               STR_ARG(is_first ? found->theirs : found->ours));
    if (map_find(&checking->said, key))
        return false;
    map_set(&checking->said, key, checking);
    return true;
}

static void check(struct checking *checking, struct str id, const cJSON *request)
{
    struct duplication found[DUPLICATION_MOST];
    struct arena *arena = checking->question->run.arena;
    size_t count = duplication_find(&checking->question->run, id, request, found);
    for (size_t i = 0; i < count; i++) {
        if (!is_new(checking, &found[i]))
            continue;
        cJSON *entry = json_new_object(arena), *search = json_new_object(arena);
        json_set(arena, search, "mode", json_new_string(arena, STR("match")));
        json_set(arena, entry, "resource",
                 duplication_issue(&checking->question->run, &found[i], record_patient(request)));
        json_set(arena, entry, "search", search);
        json_add(checking->entries, entry);
    }
}

/* The requests that a plan's activities refer to. */
static void check_plan(struct checking *checking, const cJSON *plan)
{
    size_t count = 0;
    for (const cJSON *activity = record_first(plan, "activity"); activity && count < MOST_REQUESTS;
         activity = activity->next, count++) {
        struct str target = record_reference(json_get(activity, "reference")), id = target;
        const struct lookup *lookup = &checking->question->lookup;
        const cJSON *request = str_is(str_cut(&id, '/'), "ServiceRequest")
                                   ? lookup->read(lookup->context, target)
                                   : NULL;
        if (request)
            check(checking, id, request);
    }
}

static void check_record(struct checking *checking, struct str id, const cJSON *record)
{
    if (str_is(json_get_text(record, "resourceType"), "CarePlan"))
        check_plan(checking, record);
    else
        check(checking, id, record);
}

static void check_member(struct checking *checking, struct str member)
{
    const struct lookup *lookup = &checking->question->lookup;
    const struct ltss_record *request =
        lookup->find(lookup->context, "ServiceRequest", "patient", member);
    for (; request->content; request++)
        check(checking, request->id, request->content);
}

static struct str member_of(const cJSON *given)
{
    struct str reference = json_get_text(given, "reference"), text = json_text(given);
    return reference.len ? reference : text;
}

static bool check_what_is_asked(struct checking *checking, struct interaction *interaction,
                                const cJSON *asked)
{
    const cJSON *given = operation_parameter(asked, "resource");
    struct str member = member_of(operation_parameter(asked, "patient"));
    char *type = str_cstr(interaction->arena, interaction->at.type);
    if (interaction->at.id.len) {
        const cJSON *record = question_read(checking->question, type, interaction->at.id);
        if (record)
            check_record(checking, interaction->at.id, record);
        return record != NULL;
    }
    if (given && !str_equal(json_get_text(given, "resourceType"), interaction->at.type))
        return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "the parameter resource is a %s here", type);
    if (given)
        check_record(checking, json_get_text(given, "id"), given);
    else if (member.len)
        check_member(checking, member);
    return given || member.len ||
           issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                     "name a resource or a patient");
}

bool operations_check_duplication(struct interaction *interaction)
{
    struct question question;
    struct arena *arena = interaction->arena;
    struct checking checking = { &question, json_new_array(arena), { 0 } };
    const cJSON *asked = operation_asked(interaction, "resource");
    if (!asked || !interaction_may(interaction, STR("ServiceRequest"), ACT_READ | ACT_SEARCH, NULL))
        return false;
    question_init(&question, interaction);
    map_init(&checking.said, arena);
    if (!check_what_is_asked(&checking, interaction, asked) || question.has_failed)
        return false;
    cJSON *bundle = json_new_object(arena);
    json_set(arena, bundle, "resourceType", json_new_string(arena, STR("Bundle")));
    json_set(arena, bundle, "type", json_new_string(arena, STR("searchset")));
    json_set(arena, bundle, "total",
             json_new_number(arena, str_print(arena, "%zu", json_count(checking.entries))));
    if (json_count(checking.entries))
        json_set(arena, bundle, "entry", checking.entries);
    return operation_answer(interaction, bundle);
}
