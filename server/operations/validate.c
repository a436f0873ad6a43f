/* validate.c - $validate: would this be taken, and if not, why not (R4
 * resource-operation-validate.html). */
#include "resources/fhir/xml/xml.h"
#include "server/interactions/library.h"
#include "server/interactions/outcome.h"
#include "server/interactions/write.h"
#include "server/operations/operation.h"

enum { MOST_PROFILES = 16 };

enum mode { MODE_NONE, MODE_CREATE, MODE_UPDATE, MODE_DELETE, MODE_PROFILE };

/* What is asked. What is found goes into `found`: it is the answer. */
struct asked {
    struct interaction *interaction;
    enum mode mode;
    struct str profiles[MOST_PROFILES + 1];
    size_t profile_count;
    cJSON *resource; /* NULL: the stored one, or, of a deletion, none */
    struct issues found;
};

static bool take_mode(struct asked *asked, struct str text)
{
    static const char *const MODES[] = { [MODE_CREATE] = "create",
                                         [MODE_UPDATE] = "update",
                                         [MODE_DELETE] = "delete",
                                         [MODE_PROFILE] = "profile" };
    for (size_t i = MODE_CREATE; i < COUNT(MODES); i++)
        if (str_is(text, MODES[i])) {
            asked->mode = (enum mode)i;
            return true;
        }
    return issue_add(&asked->interaction->issues, NULL, ISSUE_REQUEST_INVALID,
                     "mode is create, update, delete or profile, not '" STR_FMT "'", STR_ARG(text));
}

static bool take_profile(struct asked *asked, struct str canonical)
{
    if (!canonical.len || asked->profile_count == MOST_PROFILES)
        return issue_add(&asked->interaction->issues, NULL, ISSUE_REQUEST_INVALID,
                         "profile is the canonical of a profile; at most %d are taken",
                         MOST_PROFILES);
    asked->profiles[asked->profile_count++] = canonical;
    return true;
}

static bool read_query(struct asked *asked)
{
    struct interaction *interaction = asked->interaction;
    struct search_pair *pairs = NULL;
    size_t count = 0;
    if (!interaction->request->query.len)
        return true;
    if (!interaction_query(interaction, interaction->request->query, &pairs, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool is_taken = true;
        if (str_is(pairs[i].name, "mode"))
            is_taken = take_mode(asked, pairs[i].value);
        else if (str_is(pairs[i].name, "profile"))
            is_taken = take_profile(asked, pairs[i].value);
        else
            return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_UNKNOWN,
                             STR_FMT " can not be used here", STR_ARG(pairs[i].name));
        if (!is_taken)
            return false;
    }
    return true;
}

/* The body as a tree, with everything in it that is wrong but can be shown. */
static cJSON *parse(struct asked *asked)
{
    struct interaction *interaction = asked->interaction;
    struct str body = interaction->request->body;
    if (interaction->resource)
        return interaction->resource;
    cJSON *tree = interaction->content == MEDIA_XML
                      ? xml_parse_partly(body, interaction->service->definitions,
                                         interaction->arena, &asked->found)
                      : json_parse(body, interaction->arena, &asked->found);
    if (!tree)
        interaction->issues = asked->found;
    return tree;
}

/* What the reader found in Parameters.parameter[i].resource stands at the resource. */
static void move_places(struct asked *asked, int index)
{
    struct arena *arena = asked->interaction->arena;
    struct str prefix = str_print(arena, "Parameters.parameter[%d].resource", index);
    struct str type = json_get_text(asked->resource, "resourceType");
    for (struct issue *issue = asked->found.first; issue; issue = issue->next)
        if (str_starts(issue->expression, prefix))
            issue->expression =
                str_print(arena, STR_FMT STR_FMT, STR_ARG(type),
                          STR_ARG(str_slice(issue->expression, prefix.len, issue->expression.len)));
}

static bool take_parameter(struct asked *asked, cJSON *parameter, int index)
{
    static const char *const VALUES[] = { "valueCode", "valueUri", "valueCanonical",
                                          "valueString" };
    struct str name = json_get_text(parameter, "name"), value = { 0 };
    for (size_t i = 0; i < COUNT(VALUES) && !value.len; i++)
        value = json_get_text(parameter, VALUES[i]);
    if (str_is(name, "resource")) {
        asked->resource = json_get(parameter, "resource");
        move_places(asked, index);
        return asked->resource ||
               issue_add(&asked->interaction->issues, NULL, ISSUE_REQUEST_INVALID,
                         "the parameter resource has no resource");
    }
    if (str_is(name, "mode"))
        return take_mode(asked, value);
    if (str_is(name, "profile"))
        return take_profile(asked, value);
    return issue_add(&asked->interaction->issues, NULL, ISSUE_REQUEST_INVALID,
                     "$validate has no parameter '" STR_FMT "'", STR_ARG(name));
}

static bool is_wrapping(const cJSON *body)
{
    const cJSON *list = json_get(body, "parameter");
    bool is_any = false;
    if (!str_is(json_get_text(body, "resourceType"), "Parameters"))
        return false;
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next) {
        struct str name = json_get_text(one, "name");
        is_any |= str_is(name, "resource") || str_is(name, "mode") || str_is(name, "profile");
    }
    return is_any;
}

/* Parameters that ask for nothing of this operation are themselves what is to be judged. */
static bool read_body(struct asked *asked)
{
    struct interaction *interaction = asked->interaction;
    if (!interaction->request->body.len && !interaction->resource)
        return true;
    cJSON *body = parse(asked);
    if (!body)
        return false;
    if (!is_wrapping(body)) {
        asked->resource = body;
        return true;
    }
    cJSON *list = json_get(body, "parameter");
    int index = 0;
    for (cJSON *one = list ? list->child : NULL; one; one = one->next)
        if (!take_parameter(asked, one, index++))
            return false;
    return true;
}

static bool read_stored(struct asked *asked)
{
    struct interaction *interaction = asked->interaction;
    const struct route_match *at = &interaction->at;
    struct store_version found;
    if (!at->id.len)
        return issue_add(&interaction->issues, NULL, ISSUE_REQUEST_INVALID,
                         "what is to be judged is needed: as the content, or as the parameter "
                         "resource");
    if (!interaction_may(interaction, at->type, ACT_READ, NULL))
        return false;
    enum outcome outcome = store_read(interaction->service->store, interaction->viewer, at->type,
                                      at->id, 0, interaction->arena, &found);
    if (outcome != OUTCOME_OK)
        return outcome_raise(
            &interaction->issues, outcome,
            str_print(interaction->arena, STR_FMT "/" STR_FMT, STR_ARG(at->type), STR_ARG(at->id)));
    asked->resource = json_parse(found.body, interaction->arena, &interaction->issues);
    return asked->resource != NULL;
}

/* What stands in the way of the change itself: another id, scopes, whose the record is. */
static void check_change(struct asked *asked)
{
    static const struct {
        enum write_act act;
        unsigned scope;
        char letter;
    } CHANGES[] = { [MODE_CREATE] = { WRITE_CREATE, ACT_CREATE, 'c' },
                    [MODE_UPDATE] = { WRITE_UPDATE, ACT_UPDATE, 'u' },
                    [MODE_DELETE] = { WRITE_DELETE, ACT_DELETE, 'd' } };
    struct interaction *interaction = asked->interaction;
    struct str type = json_get_text(asked->resource, "resourceType");
    struct str id = json_get_text(asked->resource, "id");
    if (asked->mode == MODE_NONE || asked->mode == MODE_PROFILE)
        return;
    if (interaction->at.id.len) {
        type = interaction->at.type;
        id = interaction->at.id;
    }
    if (!viewer_may(interaction->viewer, type, (enum act)CHANGES[asked->mode].scope))
        issue_add(&asked->found, NULL, ISSUE_SCOPE_MISSING, "system/" STR_FMT ".%c is needed",
                  STR_ARG(type), CHANGES[asked->mode].letter);
    if (asked->mode == MODE_CREATE || !id.len)
        return;
    struct write write = { .act = CHANGES[asked->mode].act,
                           .type = type,
                           .id = id,
                           .if_version = STORE_ANY_VERSION,
                           .resource = asked->resource };
    struct write_set set = { .service = interaction->service,
                             .viewer = interaction->viewer,
                             .arena = interaction->arena,
                             .issues = &asked->found,
                             .writes = &write,
                             .count = 1 };
    if (write_decide(&set, &write) && asked->mode == MODE_DELETE && write.result == WRITE_ABSENT)
        issue_add(&asked->found, NULL, write.found.is_deleted ? ISSUE_DELETED : ISSUE_NOT_FOUND,
                  STR_FMT "/" STR_FMT, STR_ARG(type), STR_ARG(id));
}

static void check_address(struct asked *asked)
{
    const struct route_match *at = &asked->interaction->at;
    struct str type = json_get_text(asked->resource, "resourceType");
    struct str id = json_get_text(asked->resource, "id");
    if (at->type.len && type.len && !str_equal(at->type, type))
        issue_add(&asked->found, NULL, ISSUE_TYPE_IN_URL, "a " STR_FMT " was sent to " STR_FMT,
                  STR_ARG(type), STR_ARG(at->type));
    if (at->id.len && !str_equal(at->id, id) && (id.len || asked->mode == MODE_UPDATE))
        issue_add(&asked->found, NULL, ISSUE_ID_MISMATCH,
                  "the address says " STR_FMT ", the content '" STR_FMT "'", STR_ARG(at->id),
                  STR_ARG(id));
}

static void check_content(struct asked *asked)
{
    struct interaction *interaction = asked->interaction;
    const struct service *service = interaction->service;
    struct library library = { service, interaction->viewer, NULL, 0 };
    struct validation_library lent = library_lend(&library);
    struct str own = write_default_profile(service, interaction->viewer, asked->resource);
    if (own.len && asked->mode != MODE_PROFILE)
        asked->profiles[asked->profile_count++] = own;
    struct validation_request request = { .level = VALIDATION_FULL,
                                          .profiles = asked->profiles,
                                          .profile_count = asked->profile_count,
                                          .library = &lent,
                                          .now = interaction_now(interaction),
                                          .scratch = interaction->arena };
    validator_check(service->validator, asked->resource, &request, &asked->found);
}

/* Once it is known what is to be judged the answer is 200, whatever is found. */
bool operations_validate(struct interaction *interaction)
{
    struct asked asked = { .interaction = interaction };
    issues_init(&asked.found, interaction->arena, (struct str){ 0 });
    if (!read_query(&asked) || !read_body(&asked))
        return false;
    if (asked.mode == MODE_DELETE && !interaction->at.id.len)
        return issue_add(&interaction->issues, NULL, ISSUE_REQUEST_INVALID,
                         "what would be deleted is named by the address: [type]/[id]/$validate");
    if (asked.mode != MODE_DELETE) {
        if (!asked.resource && !read_stored(&asked))
            return false;
        check_address(&asked);
        check_content(&asked);
    }
    check_change(&asked);
    interaction_answer(interaction, 200, outcome_print(&asked.found));
    return true;
}
