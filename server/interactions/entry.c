/* entry.c - reads the request of a Bundle entry, and runs it where it stands alone. */
#include "server/interactions/entry.h"

#include "server/interactions/outcome.h"

/* Relative to the base ("Patient/1"); a leading slash or this server's whole base is forgiven. */
static void split_url(struct entry *entry, struct str url, struct str base_url)
{
    if (str_starts(url, base_url))
        url = str_slice(url, base_url.len, url.len);
    entry->path = str_cut(&url, '?');
    entry->query = url;
}

static bool refuse(const struct entry *entry, struct issues *issues, const char *why,
                   struct str what)
{
    return issue_add(issues, &entry->place, ISSUE_TRANSACTION_INVALID, "%s: '" STR_FMT "'", why,
                     STR_ARG(what));
}

/* Rows that speak for a record, a type or a compartment; not Bundles in Bundles, forms and
 * operations. */
static bool is_allowed(const struct route *route)
{
    if (!route || route->run == interactions_transaction)
        return false;
    return route->code || (route->run == interactions_search && route->body == BODY_NONE);
}

/* The conditional rows have no code of their own, and the run function of a row that has. */
static bool is_conditional(const struct route *route)
{
    return route && (route->run == interactions_update || route->run == interactions_patch ||
                     route->run == interactions_delete);
}

bool entry_read(struct entry *entry, cJSON *item, int index, struct interaction *whole)
{
    static const struct place ROOT = { NULL, "Bundle", NULL, -1, -1 };
    struct issues *issues = &whole->issues;
    *entry = (struct entry){ .place = { &ROOT, "entry", NULL, index, json_offset(item) },
                             .full_url = json_get_text(item, "fullUrl"),
                             .request = json_get(item, "request"),
                             .resource = json_get(item, "resource") };
    struct str method = json_get_text(entry->request, "method");
    struct str url = json_get_text(entry->request, "url");
    if (!cJSON_IsObject(entry->request) || !method.len || !url.len)
        return refuse(entry, issues, "request.method and request.url are needed", url);
    split_url(entry, url, whole->service->base_url);
    entry->at = route_find(method, entry->path, whole->arena);
    if (!is_allowed(entry->at.route) && !is_conditional(entry->at.route))
        return refuse(entry, issues, "this method and url can not be used inside a Bundle",
                      str_print(whole->arena, STR_FMT " " STR_FMT, STR_ARG(method), STR_ARG(url)));
    bool is_system = entry->at.route->shape[0] != '{';
    if (!is_system && !definitions_is_resource_type(whole->service->definitions, entry->at.type))
        return refuse(entry, issues, "no resource type of R4", entry->at.type);
    return true;
}

unsigned entry_acts(const struct entry *entry)
{
    bool has_condition = json_get(entry->request, "ifNoneExist") != NULL;
    return entry->at.route->acts | (has_condition ? (unsigned)ACT_SEARCH : 0);
}

struct str entry_status(int status)
{
    static const struct {
        int status;
        const char *line;
    } LINES[] = {
        { 200, "200 OK" },
        { 201, "201 Created" },
        { 204, "204 No Content" },
        { 304, "304 Not Modified" },
        { 400, "400 Bad Request" },
        { 401, "401 Unauthorized" },
        { 403, "403 Forbidden" },
        { 404, "404 Not Found" },
        { 405, "405 Method Not Allowed" },
        { 409, "409 Conflict" },
        { 410, "410 Gone" },
        { 412, "412 Precondition Failed" },
        { 413, "413 Content Too Large" },
        { 415, "415 Unsupported Media Type" },
        { 422, "422 Unprocessable Content" },
        { 501, "501 Not Implemented" },
        { 503, "503 Service Unavailable" },
    };
    for (size_t i = 0; i < COUNT(LINES); i++)
        if (LINES[i].status == status)
            return str_of(LINES[i].line);
    return STR("500 Internal Server Error");
}

static struct str find_header(const struct http_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (str_is(answer->headers[i].name, name))
            return answer->headers[i].value;
    return (struct str){ 0 };
}

static void fill(struct bundle_response *response, const struct interaction *one, bool is_good)
{
    *response = (struct bundle_response){
        .status = entry_status(is_good ? one->answer.status : outcome_status(&one->issues)),
        .etag = find_header(&one->answer, "ETag"),
        .location = find_header(&one->answer, "Location"),
        .updated_us = one->updated_us,
    };
    if (!is_good || one->prefer == RETURN_OUTCOME)
        response->outcome = outcome_print(&one->issues);
    else if (one->prefer != RETURN_MINIMAL)
        response->resource = one->answer.body;
}

/* All answers of a Bundle are held until it is sent, so a small request must not ask for more of
 * them than there is room for. */
static bool check_held(struct interaction *one, bool is_get)
{
    return !is_get || arena_size(one->arena) + one->held <= ENTRY_MOST_HELD ||
           issue_add(&one->issues, NULL, ISSUE_TOO_COSTLY,
                     "the answers of this Bundle together are more than %d bytes", ENTRY_MOST_HELD);
}

/* The entry as a request of its own. */
struct single {
    struct http_header headers[4];
    struct http_request request;
    struct interaction interaction;
};

static void make_single(struct single *single, const struct entry *entry,
                        const struct interaction *whole, bool is_get)
{
    *single = (struct single){
        .headers = { { STR("If-None-Match"), json_get_text(entry->request, "ifNoneMatch") },
                     { STR("If-Modified-Since"), json_get_text(entry->request, "ifModifiedSince") },
                     { STR("If-Match"), json_get_text(entry->request, "ifMatch") },
                     { STR("If-None-Exist"), json_get_text(entry->request, "ifNoneExist") } },
        .request = { .method = str_of(entry->at.route->method),
                     .path = entry->path,
                     .query = entry->query,
                     .headers = single->headers,
                     .header_count = COUNT(single->headers) },
        .interaction = { .service = whole->service,
                         .request = &single->request,
                         .arena = whole->arena,
                         .held = whole->held,
                         .viewer = whole->viewer,
                         .resource = entry->resource,
                         .prefer = is_get ? RETURN_REPRESENTATION : whole->prefer,
                         .at = entry->at },
    };
    struct interaction *one = &single->interaction;
    if (one->prefer == RETURN_DEFAULT)
        one->prefer = RETURN_MINIMAL;
    issues_init(&one->issues, whole->arena, whole->issues.source);
    one->issues.mark = whole->issues.mark;
}

bool entry_run(struct entry *entry, const struct interaction *whole,
               struct bundle_response *response, struct issues *issues)
{
    bool is_get = str_is(str_of(entry->at.route->method), "GET");
    struct single single;
    struct interaction *one = &single.interaction;
    make_single(&single, entry, whole, is_get);
    bool is_good = check_held(one, is_get) &&
                   interaction_may(one, entry->at.type, entry_acts(entry), NULL) &&
                   entry->at.route->run(one);
    fill(response, one, is_good);
    *issues = one->issues;
    return is_good;
}

bool entry_probe(const struct entry *entry, const struct interaction *whole, struct issues *issues)
{
    struct arena_mark mark = arena_mark(whole->arena);
    struct single single;
    make_single(&single, entry, whole, true);
    single.interaction.is_probe = true;
    bool is_good = entry->at.route->run(&single.interaction);
    *issues = single.interaction.issues;
    if (is_good)
        arena_reset(whole->arena, mark);
    return is_good;
}
