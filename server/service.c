/* service.c - the way of a request: host, address, identity, formats, scope, then its interaction.
 */
#include "server/service.h"

#include <time.h>

#include "server/catalog.h"
#include "server/async.h"
#include "server/interactions/cors.h"
#include "server/interactions/encoding.h"
#include "server/interactions/format.h"
#include "server/interactions/outcome.h"
#include "server/interactions/raw.h"
#include "server/log/log.h"
#include "server/operations/operation.h"
#include "server/security/registry.h"
#include "server/security/throttle.h"

#define RETRY_SECONDS "2"

static int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* What a status obliges an answer to say besides its OperationOutcome (RFC 9110 section 15). */
static void answer_issues(struct interaction *interaction)
{
    struct http_answer *answer = &interaction->answer;
    int status = outcome_status(&interaction->issues);
    struct http_answer kept = *answer;
    *answer = (struct http_answer){ 0 };
    for (size_t i = 0; i < kept.header_count; i++)
        http_answer_header(answer, kept.headers[i].name.data, kept.headers[i].value);
    interaction_answer(interaction, status, outcome_print(&interaction->issues));
    if (status == 405)
        http_answer_header(answer, "Allow", interaction->at.allowed);
    if (status == 503)
        http_answer_header(answer, "Retry-After", STR(RETRY_SECONDS));
    if (status == 429)
        http_answer_header(answer, "Retry-After",
                           str_print(interaction->arena, "%u", interaction->retry_seconds));
    if (status == 415)
        http_answer_header(answer, "Accept-Encoding", STR("gzip, zstd"));
    if (status == 401)
        http_answer_header(answer, "WWW-Authenticate", STR("ClientCertificate realm=\"fhir\""));
}

/* Tells the HTTP layer, which logs and counts each answer once it is sent, who asked; and the log
 * what went wrong here. */
static void note(struct interaction *interaction)
{
    const struct service *service = interaction->service;
    struct http_answer *answer = &interaction->answer;
    if (interaction->viewer)
        answer->client = interaction->viewer->client;
    for (const struct issue *issue = interaction->issues.first; issue; issue = issue->next)
        if (answer->status >= 500 && issue->severity <= SEVERITY_ERROR)
            LOG(service->log, LOG_REQUEST_FAILED, LOG_TEXT("id", interaction->request->id),
                LOG_TEXT("reason", issue->log.len ? issue->log : issue->key));
}

static enum encoding wanted_encoding(const struct interaction *interaction)
{
    return interaction->answer.body.len < ENCODING_LEAST_BYTES
               ? ENCODING_NONE
               : encoding_accept(http_header(interaction->request, "Accept-Encoding"));
}

static void send(struct interaction *interaction)
{
    if (format_is_needed(interaction))
        format_answer(interaction);
    enum encoding encoding = wanted_encoding(interaction);
    if (!interaction->is_on_loop &&
        encoding_encode(&interaction->answer.body, encoding, interaction->arena))
        http_answer_header(&interaction->answer, "Content-Encoding",
                           str_of(encoding_name(encoding)));
    cors_add_headers(interaction);
    interaction->answer.is_head = str_is(interaction->request->method, "HEAD");
    http_answer_header(&interaction->answer, "Cache-Control", STR("private, no-cache"));
    http_answer_header(&interaction->answer, "Vary", STR("Accept, Accept-Encoding, Origin"));
    note(interaction);
    const struct service *pinned = interaction->service;
    http_answer(interaction->exchange, &interaction->answer);
    catalog_unpin(pinned);
}

static void send_later(void *argument)
{
    struct interaction *interaction = argument;
    interaction->is_on_loop = false;
    send(interaction);
}

/* What was read on an event loop goes to a worker when there is more to do with it than to send it;
 * a refusal is small. */
void service_finish(struct interaction *interaction, bool is_good)
{
    bool is_work = format_is_needed(interaction) || wanted_encoding(interaction) != ENCODING_NONE;
    if (is_good && interaction->is_on_loop && is_work) {
        if (workers_submit(interaction->service->workers, WORK_LIGHT, send_later, interaction))
            return;
        is_good = issue_add(&interaction->issues, NULL, ISSUE_OVERLOADED, "the queue is full");
    }
    if (!is_good)
        answer_issues(interaction);
    send(interaction);
}

/* The host part of a Host field or URL authority, without the port. */
static struct str host_of(struct str authority)
{
    size_t end = authority.len && authority.data[0] == '[' ? str_find(authority, ']', 0) + 1
                                                           : str_find(authority, ':', 0);
    return str_slice(authority, 0, end);
}

static struct str base_host(struct str base_url)
{
    size_t at = str_find_str(base_url, STR("://"), 0);
    struct str rest = str_slice(base_url, at + 3, base_url.len);
    return host_of(str_cut(&rest, '/'));
}

/* A server made for development believes every caller, so a web page that a developer happens to
 * open must not be one: browsers send Origin, and a rebound name shows in Host. */
static bool check_host(struct interaction *interaction)
{
    static const char *const LOOPBACK[] = { "127.0.0.1", "localhost", "[::1]" };
    const struct http_request *request = interaction->request;
    if (!interaction->service->is_dev || cors_is_allowed(interaction))
        return true;
    if (http_header(request, "Origin").len)
        return issue_add(&interaction->issues, NULL, ISSUE_HOST_REFUSED, "an Origin was sent");
    struct str host = host_of(http_header(request, "Host"));
    for (size_t i = 0; i < COUNT(LOOPBACK); i++)
        if (str_is(host, LOOPBACK[i]))
            return true;
    return str_equal(host, base_host(interaction->service->base_url)) ||
           issue_add(&interaction->issues, NULL, ISSUE_HOST_REFUSED, "Host: " STR_FMT,
                     STR_ARG(host));
}

static bool is_well_known(struct str path)
{
    return str_starts(path, STR("/.well-known/"));
}

/* The path behind the base path; false when it is not below it. */
static bool below_base(struct str *path, struct str base)
{
    if (!str_starts(*path, base) || (path->len > base.len && path->data[base.len] != '/'))
        return false;
    *path = str_slice(*path, base.len, path->len);
    return true;
}

/* Who asks, and whether anybody may be told anything here: before the address is judged, so that
 * nobody learns what exists. */
static bool check_identity(struct interaction *interaction, struct str path)
{
    const struct route *route = interaction->at.route;
    const struct http_peer *peer = interaction->request->certificate;
    if (route && route->is_public)
        return true;
    if (!interaction->viewer)
        interaction->viewer =
            registry_find(interaction->service->registry, peer, interaction->arena);
    struct str subject = peer ? peer->subject : (struct str){ 0 };
    if (!interaction->viewer)
        return issue_add(&interaction->issues, NULL, ISSUE_CLIENT_UNREGISTERED, STR_FMT,
                         STR_ARG(subject));
    if (!interaction->viewer->is_anonymous || is_well_known(path))
        return true;
    if (!route || !route->acts)
        return issue_add(&interaction->issues, NULL, ISSUE_LOGIN_REQUIRED, "%s", "");
    return interaction_may(interaction, interaction->at.type, route->acts, NULL);
}

static bool check_rate(struct interaction *interaction)
{
    const struct service *service = interaction->service;
    if (!service->throttle || !interaction->viewer)
        return true;
    interaction->retry_seconds =
        throttle_take(service->throttle, interaction->viewer->client, monotonic_us());
    return !interaction->retry_seconds ||
           issue_add(&interaction->issues, NULL, ISSUE_THROTTLED, "client-rate: again in %u s",
                     interaction->retry_seconds);
}

static bool check_route(struct interaction *interaction, bool is_below)
{
    const struct route_match *at = &interaction->at;
    const struct http_request *request = interaction->request;
    if (at->type.len && str_is(at->type, "Referral"))
        return issue_add(&interaction->issues, NULL, ISSUE_REFERRAL_TYPE,
                         "search ServiceRequest (the request) and Task (its fulfilment)");
    if (at->type.len && !definitions_is_resource_type(interaction->service->definitions, at->type))
        return issue_add(&interaction->issues, NULL, ISSUE_TYPE_UNKNOWN, STR_FMT,
                         STR_ARG(at->type));
    if (at->route)
        return true;
    if (is_below && at->allowed.len)
        return issue_add(&interaction->issues, NULL, ISSUE_METHOD_NOT_ALLOWED,
                         STR_FMT " is not among " STR_FMT, STR_ARG(request->method),
                         STR_ARG(at->allowed));
    return issue_add(&interaction->issues, NULL, ISSUE_NOT_FOUND, "no such address");
}

/* _format outweighs Accept (R4 http.html#mime-type). */
static bool check_accept(struct interaction *interaction)
{
    const struct http_request *request = interaction->request;
    struct search_pair *pairs = NULL;
    size_t count = 0;
    interaction->accept = MEDIA_NONE;
    bool is_read =
        !request->query.len || interaction_query(interaction, request->query, &pairs, &count);
    struct str accept = http_header(request, "Accept");
    if (interaction->accept == MEDIA_NONE)
        interaction->accept = media_accept(accept);
    if (interaction->accept != MEDIA_NONE)
        return is_read;
    interaction->accept = MEDIA_JSON;
    return is_read && issue_add(&interaction->issues, NULL, ISSUE_NOT_ACCEPTABLE,
                                "Accept: " STR_FMT, STR_ARG(accept));
}

/* A page for people, where the operation has one. */
static bool page_is_wanted(struct interaction *interaction)
{
    interaction->wants_page = !interaction->has_format &&
                              interaction->at.route->run == operations_run &&
                              operations_has_page(&interaction->at) &&
                              media_wants_page(http_header(interaction->request, "Accept"));
    return interaction->wants_page;
}

static enum route_body body_of(const struct route_match *at)
{
    bool is_operation = at->route->run == operations_run && at->route->body == BODY_RESOURCE;
    return is_operation ? operations_body(at->operation) : at->route->body;
}

static bool check_body(struct interaction *interaction)
{
    static const struct {
        unsigned media; /* bits of enum media */
        const char *names;
    } WANTED[] = {
        [BODY_NONE] = { 0, "no content" },
        [BODY_RESOURCE] = { 1U << MEDIA_JSON | 1U << MEDIA_XML,
                            "application/fhir+json or application/fhir+xml" },
        [BODY_PATCH] = { 1U << MEDIA_JSON_PATCH | 1U << MEDIA_XML_PATCH | 1U << MEDIA_JSON |
                             1U << MEDIA_XML,
                         "application/json-patch+json, application/xml-patch+xml, or Parameters in "
                         "application/fhir+json or application/fhir+xml" },
        [BODY_FORM] = { 1U << MEDIA_FORM, "application/x-www-form-urlencoded" },
        [BODY_GRAPHQL] = { 1U << MEDIA_GRAPHQL | 1U << MEDIA_JSON,
                           "application/graphql or application/json" },
    };
    const struct http_request *request = interaction->request;
    enum route_body kind = body_of(&interaction->at);
    struct str type = http_header(request, "Content-Type");
    interaction->content = media_content(type);
    bool is_good = kind == BODY_NONE || !request->body.len ||
                   (WANTED[kind].media & 1U << interaction->content) ||
                   (raw_is_taken(interaction) && type.len);
    return is_good ||
           issue_add(&interaction->issues, NULL, ISSUE_MEDIA_TYPE,
                     "Content-Type: " STR_FMT "; it must be %s", STR_ARG(type), WANTED[kind].names);
}

static bool check(struct interaction *interaction)
{
    const struct http_request *request = interaction->request;
    struct str path = request->path;
    bool is_below = below_base(&path, interaction->service->base_path);
    /* A refusal is in the format asked for; that the format itself is refused is told at the end.
     */
    struct issues none = interaction->issues;
    bool is_acceptable = check_accept(interaction);
    interaction->issues = none;
    if (!check_host(interaction))
        return false;
    if (is_below)
        interaction->at = route_find(request->method, path, interaction->arena);
    return check_identity(interaction, path) && check_rate(interaction) &&
           check_route(interaction, is_below) &&
           interaction_may(interaction, interaction->at.type, interaction->at.route->acts, NULL) &&
           (page_is_wanted(interaction) || is_acceptable || raw_is_given(interaction) ||
            interaction->at.route->run == async_file || check_accept(interaction)) &&
           check_body(interaction);
}

/* Content that came packed is unpacked into a request of its own. */
static bool unpack(struct interaction *interaction)
{
    struct str encoding = http_header(interaction->request, "Content-Encoding");
    const struct service *service = interaction->service;
    bool is_bundle = interaction->at.route->run == interactions_transaction;
    if (!encoding.len)
        return true;
    struct http_request *plain = arena_alloc(interaction->arena, sizeof *plain);
    *plain = *interaction->request;
    interaction->request = plain;
    return encoding_decode(&plain->body, encoding,
                           is_bundle ? service->most_transaction : service->most_body,
                           interaction->arena, &interaction->issues);
}

static void run_in_time(struct interaction *interaction)
{
    bool is_good = unpack(interaction) && interaction->at.route->run(interaction);
    if (is_good && interaction->hand_over)
        interaction->hand_over(interaction);
    else
        service_finish(interaction, is_good);
}

static void run_route(struct interaction *interaction)
{
    const struct service *service = interaction->service;
    int64_t waited_us = monotonic_us() - interaction->request->received_us;
    if (waited_us > (int64_t)service->seconds_per_request * 1000000)
        service_finish(interaction,
                       issue_add(&interaction->issues, NULL, ISSUE_TIME_LIMIT,
                                 "seconds-per-request is %u", service->seconds_per_request));
    else
        run_in_time(interaction);
}

static void run(void *argument)
{
    struct interaction *interaction = argument;
    interaction->is_on_loop = false;
    run_route(interaction);
}

/* An operation that is not there, or is never answered at once, is looked at before it is taken on;
 * what is kept is the request as it came. */
static bool can_take_on(struct interaction *interaction)
{
    const struct operation *operation = operations_find(&interaction->at);
    if (interaction->at.route->run != operations_run || (operation && !operation->is_later))
        return true;
    struct interaction probe = *interaction;
    probe.is_probe = true;
    bool is_good = unpack(&probe) && operations_run(&probe);
    interaction->at = probe.at;
    interaction->issues = probe.issues;
    return is_good;
}

static void run_later(void *argument)
{
    struct interaction *interaction = argument;
    interaction->is_on_loop = false;
    service_finish(interaction, can_take_on(interaction) && async_take_on(interaction));
}

static enum route_weight weight_of(const struct interaction *interaction)
{
    const struct route_match *at = &interaction->at;
    if (at->route->run == operations_run)
        return operations_weight(at->operation);
    return raw_is_given(interaction) ? ROUTE_LIGHT : at->route->weight;
}

/* Of all Prefer lines together. */
static void read_preferences(struct interaction *interaction)
{
    struct str line, all = { 0 };
    for (size_t i = 0; http_header_at(interaction->request, "Prefer", i, &line); i++)
        all = i ? str_print(interaction->arena, STR_FMT ", " STR_FMT, STR_ARG(all), STR_ARG(line))
                : line;
    interaction->prefer = headers_prefer_return(all);
    interaction->is_lenient = headers_prefer_lenient(all);
    interaction->is_async = headers_prefer_async(all);
}

void service_handle(struct http_exchange *exchange, void *context)
{
    const struct service *service = catalog_pin(context);
    struct interaction *interaction = arena_alloc(exchange->arena, sizeof *interaction);
    *interaction = (struct interaction){ .service = service,
                                         .exchange = exchange,
                                         .request = &exchange->request,
                                         .arena = exchange->arena,
                                         .accept = MEDIA_JSON,
                                         .is_on_loop = true };
    issues_init(&interaction->issues, exchange->arena, (struct str){ 0 });
    read_preferences(interaction);
    if (cors_answer_preflight(interaction)) {
        send(interaction);
        return;
    }
    if (!check(interaction)) {
        service_finish(interaction, false);
        return;
    }
    enum route_weight weight = weight_of(interaction);
    bool is_later = weight == ROUTE_HEAVY && async_is_asked(interaction);
    if (weight == ROUTE_AT_ONCE)
        run_route(interaction);
    else if (!workers_submit(service->workers,
                             weight == ROUTE_HEAVY && !is_later ? WORK_HEAVY : WORK_LIGHT,
                             is_later ? run_later : run, interaction))
        service_finish(interaction, issue_add(&interaction->issues, NULL, ISSUE_OVERLOADED,
                                              "the queue is full"));
}

void service_answer(const struct service *service, const struct http_request *request,
                    const struct viewer *viewer, struct arena *arena, struct http_answer *answer)
{
    struct interaction *interaction = arena_alloc(arena, sizeof *interaction);
    *interaction = (struct interaction){ .service = service,
                                         .request = request,
                                         .arena = arena,
                                         .viewer = viewer,
                                         .accept = MEDIA_JSON };
    issues_init(&interaction->issues, arena, (struct str){ 0 });
    read_preferences(interaction);
    if (!check(interaction) || !unpack(interaction) || !interaction->at.route->run(interaction))
        answer_issues(interaction);
    if (format_is_needed(interaction))
        format_answer(interaction);
    *answer = interaction->answer;
}
