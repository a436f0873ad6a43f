/* question.c - looking into the store as the caller of an operation. */
#include "server/rules/question.h"

#include "server/interactions/outcome.h"
#include "server/rules/bell.h"

static const struct ltss_record NONE = { .content = NULL };

static const cJSON *parse(struct question *question, const struct store_version *found)
{
    struct issues unseen;
    issues_init(&unseen, question->interaction->arena, STR(""));
    return json_parse(found->body, question->interaction->arena, &unseen);
}

static const struct ltss_record *keep(struct question *question, struct str type, struct str id,
                                      const struct store_version *found)
{
    struct arena *arena = question->interaction->arena;
    struct ltss_record *record = arena_alloc(arena, sizeof *record);
    *record = (struct ltss_record){ .type = type,
                                    .id = id,
                                    .content = found ? parse(question, found) : NULL };
    map_set(&question->read, str_print(arena, STR_FMT "/" STR_FMT, STR_ARG(type), STR_ARG(id)),
            record);
    return record;
}

static enum outcome fetch(struct question *question, struct str type, struct str id,
                          const struct ltss_record **record)
{
    struct interaction *with = question->interaction;
    struct store_version found = { 0 };
    *record = &NONE;
    if (!viewer_may(with->viewer, type, ACT_READ))
        return OUTCOME_NOT_FOUND;
    enum outcome outcome =
        store_read(with->service->store, with->viewer, type, id, 0, with->arena, &found);
    *record = keep(question, type, id, outcome == OUTCOME_OK ? &found : NULL);
    return outcome;
}

/* What the caller may not read is not there. */
static const cJSON *read_record(void *context, struct str reference)
{
    struct question *question = context;
    struct str id = reference, type = str_cut(&id, '/');
    const struct ltss_record *record = map_find(&question->read, reference);
    if (!record && type.len && id.len)
        fetch(question, type, id, &record);
    return record ? record->content : NULL;
}

const struct ltss_record *question_search(struct question *question, const char *type,
                                          struct str query)
{
    struct interaction *with = question->interaction;
    const struct search_context asking = service_search_context(with->service);
    struct search_plan *plan = arena_alloc(with->arena, sizeof *plan);
    struct search_pair *pairs = NULL;
    struct store_page page = { 0 };
    struct str name = str_of(type);
    size_t count = 0;
    if (!viewer_may(with->viewer, name, ACT_READ) || !viewer_may(with->viewer, name, ACT_SEARCH))
        return &NONE;
    bool was_good = !question->has_failed;
    question->has_failed = true;
    if (!search_split(&pairs, &count, query, with->arena, &with->issues) ||
        !search_parse(plan, name, pairs, count, &asking, with->arena, &with->issues))
        return &NONE;
    plan->count = QUESTION_MOST_FOUND;
    plan->total = TOTAL_NONE;
    plan->most_us = (int64_t)with->service->seconds_per_request * 1000000;
    plan->stop = with->service->stop;
    enum outcome outcome =
        store_search(with->service->store, with->viewer, plan, 0, STR(""), with->arena, &page);
    if (outcome != OUTCOME_OK) {
        outcome_raise(&with->issues, outcome, name);
        return &NONE;
    }
    if (page.has_more) {
        issue_add(&with->issues, NULL, ISSUE_TOO_COSTLY, "more than %d records of %s",
                  QUESTION_MOST_FOUND, type);
        return &NONE;
    }
    question->has_failed = !was_good;
    struct ltss_record *records = arena_array(with->arena, page.count + 1, sizeof *records);
    for (size_t i = 0; i < page.count; i++)
        records[i] = *keep(question, name, page.versions[i].id, &page.versions[i]);
    records[page.count] = NONE;
    return records;
}

static const struct ltss_record *find_records(void *context, const char *type,
                                              const char *parameter, struct str value)
{
    struct question *question = context;
    return question_search(
        question, type,
        str_print(question->interaction->arena, "%s=" STR_FMT, parameter, STR_ARG(value)));
}

const cJSON *question_read(struct question *question, const char *type, struct str id)
{
    struct interaction *with = question->interaction;
    const struct ltss_record *record = NULL;
    enum outcome outcome = fetch(question, str_of(type), id, &record);
    if (outcome != OUTCOME_OK)
        outcome_raise(&with->issues, outcome,
                      str_print(with->arena, "%s/" STR_FMT, type, STR_ARG(id)));
    return record->content;
}

void question_init(struct question *question, struct interaction *interaction)
{
    static const struct program NO_PROGRAM = { .zone_count = 0 };
    const struct service *service = interaction->service;
    const struct viewer *viewer = interaction->viewer;
    *question = (struct question){ .interaction = interaction };
    map_init(&question->read, interaction->arena);
    question->lookup = (struct lookup){ question, read_record, find_records };
    question->caller = (struct caller){ .organization = viewer->organization,
                                        .role = viewer->party_role,
                                        .patient = viewer->patient,
                                        .practitioner_role = viewer->practitioner_role,
                                        .is_tester = viewer->is_tester,
                                        .is_server = viewer->is_server };
    question->run =
        (struct rule_run){ .program = service->program_count ? service->programs : &NO_PROGRAM,
                           .definitions = service->definitions,
                           .change = &question->change,
                           .caller = &question->caller,
                           .lookup = &question->lookup,
                           .now_us = bell_now_us(service),
                           .arena = interaction->arena,
                           .issues = &interaction->issues };
    question->run.today = program_day(question->run.program, question->run.now_us);
}
