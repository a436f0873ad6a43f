/* export.c - [base]/$export, Patient/$export, Group/[id]/$export: records of one snapshot, type by
 * type, into files of lines (Bulk Data Access, http://hl7.org/fhir/uv/bulkdata). */
#include "server/operations/export.h"

#include "server/async.h"
#include "server/instant.h"
#include "server/interactions/outcome.h"
#include "server/operations/parameters.h"
#include "server/search/compartment.h"
#include "server/search/value.h"
#include "server/store/errand.h"

enum {
    MOST_TYPES = 256,
    MOST_RECORD = 64 << 20, /* bytes of one */
    MOST_MANIFEST = 1 << 20,
    PAGE = 500 /* records read at a time */
};

struct exporting {
    struct interaction *interaction;
    const struct errand *errand; /* whose files are made; NULL: it is only looked at */
    struct str *types;           /* in the order of the answer */
    size_t type_count;
    bool names_types; /* _type was given */
    struct str since;
    struct search_value *members; /* of the Group */
    size_t member_count;
    int64_t end_us;     /* when its time is over */
    struct arena *room; /* of the file being made, from `empty` on */
    struct arena_mark empty;
    struct buf lines;
    size_t line_count;
    uint64_t files;
    struct buf output; /* of the manifest */
};

static bool refuse(struct interaction *interaction, const char *name, struct str value,
                   const char *wanted)
{
    return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID, "%s=" STR_FMT ": %s",
                     name, STR_ARG(value), wanted);
}

static bool has_compartment(const struct exporting *with)
{
    return with->interaction->at.type.len > 0;
}

static bool take_format(struct exporting *with, struct str value)
{
    /* In a query a bare plus sign is a space. */
    static const char *const FORMATS[] = { "application/fhir+ndjson", "application/fhir ndjson",
                                           "application/ndjson", "ndjson" };
    for (size_t i = 0; i < COUNT(FORMATS); i++)
        if (str_is(value, FORMATS[i]))
            return true;
    return refuse(with->interaction, "_outputFormat", value, "files are application/fhir+ndjson");
}

/* Judged by the search that it becomes a part of. */
static bool take_since(struct exporting *with, struct str value)
{
    if (with->since.len)
        return refuse(with->interaction, "_since", value, "it is given more than once");
    with->since = value;
    return value.len || refuse(with->interaction, "_since", value, "an instant is needed");
}

static bool has_type(const struct str *types, size_t count, struct str type)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(types[i], type))
            return true;
    return false;
}

static bool take_types(struct exporting *with, struct str list)
{
    with->names_types = true;
    do {
        struct str type = str_trim(str_cut(&list, ','));
        if (!definitions_is_resource_type(with->interaction->service->definitions, type))
            return refuse(with->interaction, "_type", type, "no resource type of R4");
        if (has_type(with->types, with->type_count, type))
            continue;
        if (with->type_count == MOST_TYPES)
            return refuse(with->interaction, "_type", type, "too many");
        with->types[with->type_count++] = type;
    } while (list.len);
    return true;
}

/* It would give less, or more, than the caller believes. */
static bool take_not(struct exporting *with, struct str value)
{
    (void)value;
    return issue_add(&with->interaction->issues, NULL, ISSUE_PARAMETER_UNKNOWN,
                     "$export takes no includeAssociatedData, patient, _typeFilter or _elements"
                     " here");
}

static bool take(struct exporting *with, struct str name, struct str value)
{
    static const struct {
        const char *name;
        bool (*take)(struct exporting *with, struct str value);
    } PARAMETERS[] = {
        { "_outputFormat", take_format }, { "_since", take_since },
        { "_type", take_types },          { "includeAssociatedData", take_not },
        { "patient", take_not },          { "_typeFilter", take_not },
        { "_elements", take_not },
    };
    for (size_t i = 0; i < COUNT(PARAMETERS); i++)
        if (str_is(name, PARAMETERS[i].name))
            return PARAMETERS[i].take(with, value);
    return with->interaction->is_lenient ||
           issue_add(&with->interaction->issues, NULL, ISSUE_PARAMETER_UNKNOWN,
                     STR_FMT " is no parameter of $export", STR_ARG(name));
}

static struct str value_of(const cJSON *given)
{
    for (const cJSON *member = given->child; member; member = member->next)
        if (!strncmp(member->string, "value", 5))
            return json_text(member);
    return (struct str){ 0 };
}

static bool read_inputs(struct exporting *with)
{
    const cJSON *asked = operation_inputs(with->interaction);
    const cJSON *list = json_get(asked, "parameter");
    with->types = arena_array(with->interaction->arena, MOST_TYPES, sizeof *with->types);
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next)
        if (!take(with, json_get_text(one, "name"), value_of(one)))
            return false;
    return asked != NULL;
}

static bool may(const struct exporting *with, struct str type)
{
    const struct viewer *viewer = with->interaction->viewer;
    return viewer_may(viewer, type, ACT_READ) && viewer_may(viewer, type, ACT_SEARCH);
}

/* All that there are at this level and the caller may read. */
static bool choose_types(struct exporting *with, const struct str *all, size_t count)
{
    for (size_t i = 0; i < count && with->type_count < MOST_TYPES; i++)
        if (may(with, all[i]))
            with->types[with->type_count++] = all[i];
    return with->type_count ||
           interaction_may(with->interaction, all[0], ACT_READ | ACT_SEARCH, NULL);
}

/* Those that were named must be allowed, and be there at this level. */
static bool check_types(struct exporting *with, const struct str *all, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < with->type_count; i++) {
        struct str type = with->types[i];
        if (!interaction_may(with->interaction, type, ACT_READ | ACT_SEARCH, NULL))
            return false;
        if (has_type(all, count, type))
            with->types[kept++] = type;
        else if (!with->interaction->is_lenient)
            return refuse(with->interaction, "_type", type,
                          "no record of it is in a patient's compartment");
    }
    with->type_count = kept;
    return true;
}

static bool find_types(struct exporting *with)
{
    struct definitions *definitions = with->interaction->service->definitions;
    struct arena *arena = with->interaction->arena;
    size_t count = 0;
    const struct str *all = has_compartment(with)
                                ? compartment_types(definitions, STR("Patient"), arena, &count)
                                : definitions_resource_types(definitions, &count);
    return with->names_types ? check_types(with, all, count) : choose_types(with, all, count);
}

static bool parse(struct exporting *with, struct search_plan *plan, struct str type)
{
    struct interaction *interaction = with->interaction;
    struct search_context context = service_search_context(interaction->service);
    struct search_pair since = { STR("_lastUpdated"), str_print(interaction->arena, "gt" STR_FMT,
                                                                STR_ARG(with->since)) };
    if (has_compartment(with))
        context.compartment_type = STR("Patient");
    return search_parse(plan, type, &since, with->since.len > 0, &context, interaction->arena,
                        &interaction->issues);
}

/* In the compartments of the Group's members, not of any patient. */
static void narrow(const struct exporting *with, struct search_plan *plan)
{
    struct search_condition *conditions =
        arena_array(with->interaction->arena, plan->condition_count, sizeof *conditions);
    for (size_t i = 0; i < plan->condition_count; i++) {
        conditions[i] = plan->conditions[i];
        if (conditions[i].test == TEST_COMPARTMENT) {
            conditions[i].values = with->members;
            conditions[i].value_count = with->member_count;
        }
    }
    plan->conditions = conditions;
}

static bool raise(struct exporting *with, enum outcome outcome, struct str what)
{
    struct issues *issues = &with->interaction->issues;
    if (outcome == OUTCOME_LATE)
        return issue_add(issues, NULL, ISSUE_TOO_COSTLY,
                         "async-seconds: the export took longer than %u s and was stopped",
                         with->interaction->service->seconds_per_request);
    if (outcome == OUTCOME_GONE)
        return issue_add(issues, NULL, ISSUE_TOO_COSTLY,
                         "page-seconds: the export took longer than its snapshot is kept");
    return outcome_raise(issues, outcome, what);
}

static bool find(struct exporting *with, struct search_plan *plan, struct str position,
                 struct arena *arena, struct store_page *page)
{
    const struct service *service = with->interaction->service;
    int64_t left_us = with->end_us - service->now_us();
    plan->count = PAGE;
    plan->total = TOTAL_NONE;
    plan->most_us = left_us;
    plan->stop = service->stop;
    return raise(with,
                 left_us <= 0 ? OUTCOME_LATE
                              : store_search(service->store, with->interaction->viewer, plan,
                                             with->errand->snapshot, position, arena, page),
                 plan->type);
}

static void begin_file(struct exporting *with)
{
    arena_reset(with->room, with->empty);
    buf_init(&with->lines, with->room, (size_t)EXPORT_MOST_FILE + MOST_RECORD);
    with->line_count = 0;
}

static bool end_file(struct exporting *with, struct str type)
{
    struct interaction *interaction = with->interaction;
    struct errand_file file = { .number = with->files + 1, .bytes = buf_str(&with->lines) };
    if (!with->line_count)
        return true;
    if (with->files == EXPORT_MOST_FILES)
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "export-most-files: more than %d files of %d bytes; ask for less with"
                         " _type or _since",
                         EXPORT_MOST_FILES, EXPORT_MOST_FILE);
    if (with->lines.is_over)
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY, "a record is too large");
    if (!raise(with, errand_add_file(interaction->service->store, with->errand->id, &file), type))
        return false;
    buf_print(&with->output, "%s{\"type\":\"" STR_FMT "\",\"url\":", with->files ? "," : "",
              STR_ARG(type));
    buf_add_json_string(&with->output,
                        str_print(interaction->arena, STR_FMT "/%llu",
                                  STR_ARG(async_address(interaction, with->errand->id)),
                                  (unsigned long long)file.number));
    buf_print(&with->output, ",\"count\":%zu}", with->line_count);
    with->files++;
    begin_file(with);
    return true;
}

static bool add_page(struct exporting *with, const struct store_page *page, struct str type)
{
    for (size_t i = 0; i < page->count; i++) {
        struct str body = page->versions[i].body;
        if (with->lines.len + body.len > EXPORT_MOST_FILE && !end_file(with, type))
            return false;
        buf_add(&with->lines, body);
        buf_add_char(&with->lines, '\n');
        with->line_count++;
    }
    return true;
}

static bool export_type(struct exporting *with, struct str type)
{
    struct search_plan plan;
    struct str position = STR("");
    bool has_more = true;
    if (!parse(with, &plan, type))
        return false;
    if (with->members)
        narrow(with, &plan);
    while (has_more) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct store_page page = { 0 };
        if (!find(with, &plan, position, arena, &page) || !add_page(with, &page, type))
            return false;
        has_more = page.has_more;
        position = str_copy(with->interaction->arena, page.next);
    }
    return end_file(with, type);
}

/* The id of a patient here; empty for what is nobody's compartment. */
static struct str patient_of(const struct exporting *with, const cJSON *member)
{
    const struct service *service = with->interaction->service;
    struct search_value target = { 0 };
    if (str_is(json_get_text(member, "inactive"), "true"))
        return STR("");
    value_target(&target, json_get_text(json_get(member, "entity"), "reference"),
                 service->definitions, service->base_url);
    return str_is(target.first, "Patient") ? target.second : STR("");
}

static bool read_members(struct exporting *with, const cJSON *group)
{
    const cJSON *list = json_get(group, "member");
    struct arena *arena = with->interaction->arena;
    with->members = arena_array(arena, EXPORT_MOST_MEMBERS, sizeof *with->members);
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next) {
        struct str id = patient_of(with, one);
        if (!id.len)
            continue;
        if (with->member_count == EXPORT_MOST_MEMBERS)
            return issue_add(&with->interaction->issues, NULL, ISSUE_TOO_COSTLY,
                             "export-most-members: the Group has more than %d",
                             EXPORT_MOST_MEMBERS);
        with->members[with->member_count++] =
            (struct search_value){ .first = STR("Patient"), .second = id };
    }
    return true;
}

/* As the snapshot has it; before there is one, as it stands. */
static enum outcome read_group(const struct exporting *with, struct store_version *out)
{
    const struct interaction *interaction = with->interaction;
    struct store *store = interaction->service->store;
    struct str type = interaction->at.type, id = interaction->at.id;
    struct search_context context = service_search_context(interaction->service);
    struct search_pair pair = { STR("_id"), id };
    struct search_plan plan;
    struct store_page page = { 0 };
    struct issues ignored;
    if (!with->errand)
        return store_read(store, interaction->viewer, type, id, 0, interaction->arena, out);
    issues_init(&ignored, interaction->arena, STR(""));
    if (!search_parse(&plan, type, &pair, 1, &context, interaction->arena, &ignored))
        return OUTCOME_NOT_FOUND;
    enum outcome outcome = store_search(store, interaction->viewer, &plan, with->errand->snapshot,
                                        STR(""), interaction->arena, &page);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (!page.count)
        return OUTCOME_NOT_FOUND;
    *out = page.versions[0];
    return OUTCOME_OK;
}

static bool find_group(struct exporting *with)
{
    struct interaction *interaction = with->interaction;
    struct store_version version;
    if (!str_is(interaction->at.type, "Group"))
        return true;
    if (!interaction->at.id.len)
        return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "which Group? Group/[id]/$export");
    if (!raise(with, read_group(with, &version), interaction->at.id))
        return false;
    const cJSON *group = json_parse(version.body, interaction->arena, &interaction->issues);
    return group && read_members(with, group);
}

/* Later than this is what the export may lack: the last millisecond before the snapshot was over.
 * In the one that it was taken in, more may have been stored since. */
static struct str transaction_time(const struct exporting *with)
{
    return instant_print(with->errand->taken_us - 1000, with->interaction->arena);
}

static void answer(struct exporting *with)
{
    struct interaction *interaction = with->interaction;
    const struct http_request *request = interaction->request;
    struct str path =
        str_slice(request->path, interaction->service->base_path.len, request->path.len);
    struct buf out;
    buf_init(&out, interaction->arena, MOST_MANIFEST);
    buf_print(&out,
              "{\"transactionTime\":\"" STR_FMT "\",\"request\":", STR_ARG(transaction_time(with)));
    buf_add_json_string(&out, str_print(interaction->arena, STR_FMT STR_FMT "%s" STR_FMT,
                                        STR_ARG(interaction->service->base_url), STR_ARG(path),
                                        request->query.len ? "?" : "", STR_ARG(request->query)));
    buf_print(&out, ",\"requiresAccessToken\":false,\"output\":[");
    buf_add(&out, buf_str(&with->output));
    buf_add(&out, STR("],\"error\":[]}"));
    interaction->answer.status = 200;
    interaction->answer.body = buf_str(&out);
    http_answer_header(&interaction->answer, "Content-Type", STR("application/json"));
}

static bool write_files(struct exporting *with)
{
    CLOSING_ARENA struct arena *room = arena_open();
    const struct service *service = with->interaction->service;
    with->end_us = service->now_us() + (int64_t)service->seconds_per_request * 1000000;
    with->room = room;
    with->empty = arena_mark(room);
    buf_init(&with->output, with->interaction->arena, MOST_MANIFEST / 2);
    begin_file(with);
    if (with->members && !with->member_count)
        with->type_count = 0;
    for (size_t i = 0; i < with->type_count; i++)
        if (!export_type(with, with->types[i]))
            return false;
    answer(with);
    return true;
}

bool operations_export(struct interaction *interaction)
{
    struct exporting with = { .interaction = interaction, .errand = interaction->service->errand };
    struct search_plan plan;
    bool is_looked_at = interaction->is_probe && interaction->is_async;
    if (!with.errand && !is_looked_at)
        return issue_add(&interaction->issues, NULL, ISSUE_REQUEST_INVALID,
                         "$export is answered later alone: send Prefer: respond-async, not in a"
                         " Bundle");
    if (!read_inputs(&with) || !find_types(&with) || !find_group(&with))
        return false;
    if (is_looked_at)
        return !with.type_count || parse(&with, &plan, with.types[0]);
    return write_files(&with);
}
