/* async.c - takes requests on, does them one after the other, keeps their answers. */
#include "server/async.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "server/catalog.h"
#include "server/instant.h"
#include "server/interactions/interaction.h"
#include "server/interactions/outcome.h"
#include "server/operations/operation.h"
#include "server/security/registry.h"
#include "server/store/errand.h"
#include "server/store/uuid.h"

enum { MOST_THREADS = 16, MOST_HEAD = 256 << 10 };

/* What a thread works on now, so that it can be told to stop. */
struct lane {
    struct async *async;
    pthread_t thread;
    struct str id; /* empty: nothing */
    _Atomic bool stop;
};
struct async {
    struct arena *arena;
    struct async_options options;
    pthread_mutex_t lock; /* of lanes' ids, is_closing and woken */
    pthread_cond_t came;
    bool is_closing;
    uint64_t woken; /* counts up with each that is taken on */
    struct lane lanes[MOST_THREADS];
};

/* The headers that mean something to what is done later. */
static const char *const KEPT[] = {
    "Accept",        "Content-Type",      "Content-Encoding", "Host",        "Idempotency-Key",
    "If-None-Match", "If-Modified-Since", "Prefer",           "X-Provenance"
};

/* A line of JSON, then the content as it came. */
static struct str pack(const struct interaction *interaction)
{
    const struct http_request *request = interaction->request;
    struct arena *arena = interaction->arena;
    cJSON *head = json_new_object(arena), *headers = json_new_object(arena);
    struct buf out;
    json_set(arena, head, "method", json_new_string(arena, request->method));
    json_set(arena, head, "path", json_new_string(arena, request->path));
    json_set(arena, head, "query", json_new_string(arena, request->query));
    for (size_t i = 0; i < COUNT(KEPT); i++) {
        struct str value = http_header(request, KEPT[i]);
        if (value.len)
            json_set(arena, headers, KEPT[i], json_new_string(arena, value));
    }
    json_set(arena, head, "headers", headers);
    buf_init(&out, arena, (size_t)ASYNC_MOST_REQUEST + MOST_HEAD);
    json_print(&out, head);
    buf_add_char(&out, '\n');
    buf_add(&out, request->body);
    return out.is_over ? STR("") : buf_str(&out);
}

static bool unpack(struct http_request *request, struct str packed, struct arena *arena)
{
    struct issues issues;
    struct str body = packed, line = str_cut(&body, '\n');
    issues_init(&issues, arena, STR(""));
    const cJSON *head = json_parse(line, arena, &issues);
    if (!head)
        return false;
    struct http_header *headers = arena_array(arena, COUNT(KEPT) + 1, sizeof *headers);
    const cJSON *list = json_get(head, "headers");
    *request = (struct http_request){ .method = json_get_text(head, "method"),
                                      .path = json_get_text(head, "path"),
                                      .query = json_get_text(head, "query"),
                                      .headers = headers,
                                      .body = body };
    for (const cJSON *one = list ? list->child : NULL; one && request->header_count <= COUNT(KEPT);
         one = one->next)
        headers[request->header_count++] =
            (struct http_header){ str_of(one->string), json_text(one) };
    return true;
}

/* Status, media type and body, a line each. */
static struct str pack_answer(const struct http_answer *answer, struct arena *arena)
{
    struct buf out;
    struct str type = STR("");
    for (size_t i = 0; i < answer->header_count; i++)
        if (str_is(answer->headers[i].name, "Content-Type"))
            type = answer->headers[i].value;
    buf_init(&out, arena, (size_t)ASYNC_MOST_ANSWER + MOST_HEAD);
    buf_print(&out, "%d\n" STR_FMT "\n", answer->status, STR_ARG(type));
    buf_add(&out, answer->body);
    return out.is_over ? STR("") : buf_str(&out);
}

/* An answer that is an issue. */
static struct str pack_issue(enum issue_id id, const char *text, struct arena *arena)
{
    struct issues issues;
    struct http_answer answer = { 0 };
    issues_init(&issues, arena, STR(""));
    issue_add(&issues, NULL, id, "%s", text);
    answer.status = outcome_status(&issues);
    answer.body = outcome_print(&issues);
    http_answer_header(&answer, "Content-Type", media_name(MEDIA_JSON));
    return pack_answer(&answer, arena);
}

static int64_t expiry(const struct async *async)
{
    return async->options.service->now_us() + (int64_t)async->options.keep_seconds * 1000000;
}

/* The answer, packed; by the registration and the definitions as they are now. */
static struct str answer_errand(struct lane *lane, const struct errand *errand, struct arena *arena)
{
    const struct async *async = lane->async;
    const struct service *pinned = catalog_pin(async->options.service);
    struct service own = *pinned;
    struct http_request request;
    struct http_answer answer = { 0 };
    struct str packed = STR("");
    own.seconds_per_request = async->options.seconds;
    own.throttle = NULL;
    own.stop = &lane->stop;
    own.errand = errand->is_write ? NULL : errand; /* an entry of a batch has no files */
    const struct viewer *viewer = registry_find_client(own.registry, errand->client, arena);
    if (!viewer)
        packed = pack_issue(ISSUE_CLIENT_UNREGISTERED, "", arena);
    else if (!unpack(&request, errand->request, arena))
        packed = pack_issue(ISSUE_INTERNAL, "", arena);
    else {
        service_answer(&own, &request, viewer, arena, &answer);
        packed = pack_answer(&answer, arena);
    }
    if (!packed.len)
        packed = pack_issue(ISSUE_TOO_COSTLY, "async-most-answer: the answer is too large", arena);
    catalog_unpin(pinned);
    return packed;
}

/* Under the lock: what a lane works on. */
static void set_lane(struct lane *lane, struct str id)
{
    pthread_mutex_lock(&lane->async->lock);
    lane->id = id;
    lane->stop = lane->async->is_closing;
    pthread_mutex_unlock(&lane->async->lock);
}

/* False when none waits. What was ended because the program ends stays as it is: the next run takes
 * it up. */
static bool do_one(struct lane *lane)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct store *store = lane->async->options.service->store;
    struct errand errand = { 0 };
    if (errand_take(store, arena, &errand) != OUTCOME_OK)
        return false;
    set_lane(lane, errand.id);
    struct str answer = answer_errand(lane, &errand, arena);
    pthread_mutex_lock(&lane->async->lock);
    bool is_ended = lane->stop && lane->async->is_closing && !errand.is_write;
    lane->id = STR("");
    pthread_mutex_unlock(&lane->async->lock);
    if (!is_ended)
        errand_finish(store, errand.id, answer, expiry(lane->async));
    return true;
}

static void *run(void *argument)
{
    struct lane *lane = argument;
    struct async *async = lane->async;
    uint64_t seen = 0;
    pthread_setname_np(pthread_self(), "async");
    pthread_mutex_lock(&async->lock);
    while (!async->is_closing) {
        seen = async->woken;
        pthread_mutex_unlock(&async->lock);
        bool is_busy = do_one(lane);
        pthread_mutex_lock(&async->lock);
        while (!is_busy && !async->is_closing && seen == async->woken)
            pthread_cond_wait(&async->came, &async->lock);
    }
    pthread_mutex_unlock(&async->lock);
    return NULL;
}

struct async *async_open(const struct async_options *options)
{
    struct arena *arena = arena_open();
    struct async *async = arena_alloc(arena, sizeof *async);
    async->arena = arena;
    async->options = *options;
    if (async->options.threads > MOST_THREADS)
        async->options.threads = MOST_THREADS;
    pthread_mutex_init(&async->lock, NULL);
    pthread_cond_init(&async->came, NULL);
    errand_resume(options->service->store,
                  pack_issue(ISSUE_ERRAND_INTERRUPTED,
                             "the server ended meanwhile; a batch may have been done in part",
                             arena),
                  expiry(async));
    for (unsigned i = 0; i < async->options.threads; i++) {
        async->lanes[i].async = async;
        int failed = pthread_create(&async->lanes[i].thread, NULL, run, &async->lanes[i]);
        assert(!failed);
        (void)failed;
    }
    return async;
}

void async_stop(struct async *async)
{
    if (!async || async->is_closing)
        return;
    pthread_mutex_lock(&async->lock);
    async->is_closing = true;
    for (unsigned i = 0; i < async->options.threads; i++)
        async->lanes[i].stop = true;
    pthread_cond_broadcast(&async->came);
    pthread_mutex_unlock(&async->lock);
    for (unsigned i = 0; i < async->options.threads; i++)
        pthread_join(async->lanes[i].thread, NULL);
}

void async_close(struct async *async)
{
    if (!async)
        return;
    async_stop(async);
    pthread_cond_destroy(&async->came);
    pthread_mutex_destroy(&async->lock);
    arena_close(async->arena);
}

bool async_is_asked(const struct interaction *interaction)
{
    return interaction->service->async && interaction->is_async && interaction->viewer &&
           !interaction->viewer->is_anonymous;
}

struct str async_address(const struct interaction *interaction, struct str id)
{
    return str_print(interaction->arena, STR_FMT "/_async/" STR_FMT,
                     STR_ARG(interaction->service->base_url), STR_ARG(id));
}

/* What may change records is never begun twice. */
static bool may_write(const struct route_match *at)
{
    return at->route->run == interactions_transaction ||
           (at->route->run == operations_run && operations_may_write(at));
}

bool async_take_on(struct interaction *interaction)
{
    struct async *async = interaction->service->async;
    struct errand errand = { .id = uuid_make(interaction->arena),
                             .client = interaction->viewer->client,
                             .is_write = may_write(&interaction->at),
                             .request = pack(interaction),
                             .created_us = interaction->service->now_us() };
    if (!errand.request.len)
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_LARGE,
                         "async-most-request is %d bytes", ASYNC_MOST_REQUEST);
    enum outcome outcome = errand_add(interaction->service->store, &errand, ASYNC_MOST_ERRANDS);
    if (outcome == OUTCOME_BUSY) {
        interaction->retry_seconds = ASYNC_RETRY_SECONDS;
        return issue_add(&interaction->issues, NULL, ISSUE_THROTTLED,
                         "async-most-errands: %d are kept for you; delete those that you have"
                         " fetched",
                         ASYNC_MOST_ERRANDS);
    }
    if (outcome != OUTCOME_OK)
        return outcome_raise(&interaction->issues, outcome, errand.id);
    pthread_mutex_lock(&async->lock);
    async->woken++;
    pthread_cond_signal(&async->came);
    pthread_mutex_unlock(&async->lock);
    interaction_answer(interaction, 202, STR(""));
    http_answer_header(&interaction->answer, "Content-Location",
                       async_address(interaction, errand.id));
    http_answer_header(&interaction->answer, "Preference-Applied", STR("respond-async"));
    return true;
}

/* Still to come. */
static void answer_progress(struct interaction *interaction, const struct errand *errand)
{
    int64_t seconds = (interaction->service->now_us() - errand->created_us) / 1000000;
    struct str progress =
        errand->state == ERRAND_RUNNING
            ? str_print(interaction->arena, "in progress; asked for %lld s ago", (long long)seconds)
            : str_print(interaction->arena, "waiting; %llu of yours before it",
                        (unsigned long long)errand->before);
    interaction_answer(interaction, 202, STR(""));
    http_answer_header(&interaction->answer, "X-Progress", progress);
    http_answer_header(&interaction->answer, "Retry-After",
                       str_print(interaction->arena, "%d", ASYNC_RETRY_SECONDS));
}

/* As it would have been answered at once. */
static void answer_result(struct interaction *interaction, const struct errand *errand)
{
    struct str rest = errand->answer, status = str_cut(&rest, '\n'), type = str_cut(&rest, '\n');
    int number = 500;
    str_to_int(&number, status);
    interaction->answer.status = number;
    interaction->answer.body = rest;
    if (type.len)
        http_answer_header(&interaction->answer, "Content-Type", type);
    http_answer_header(&interaction->answer, "Expires",
                       instant_print_http(errand->expires_us, interaction->arena));
}

bool async_status(struct interaction *interaction)
{
    struct errand errand = { 0 };
    if (!interaction_no_query(interaction))
        return false;
    enum outcome outcome = errand_find(interaction->service->store, interaction->viewer->client,
                                       interaction->at.id, interaction->arena, &errand);
    if (outcome != OUTCOME_OK)
        return outcome_raise(&interaction->issues, outcome, interaction->at.id);
    if (errand.state == ERRAND_DONE)
        answer_result(interaction, &errand);
    else
        answer_progress(interaction, &errand);
    return true;
}

bool async_file(struct interaction *interaction)
{
    struct errand_file file = { 0 };
    if (!interaction_no_query(interaction))
        return false;
    if (!interaction->exchange)
        return issue_add(&interaction->issues, NULL, ISSUE_NOT_FOUND,
                         "files of an export are no resources for a Bundle");
    enum outcome outcome =
        errand_find_file(interaction->service->store, interaction->viewer->client,
                         interaction->at.id, interaction->at.version, interaction->arena, &file);
    if (outcome != OUTCOME_OK)
        return outcome_raise(&interaction->issues, outcome, interaction->at.id);
    interaction->answer.status = 200;
    interaction->answer.body = file.bytes;
    http_answer_header(&interaction->answer, "Content-Type", STR("application/fhir+ndjson"));
    return true;
}

bool async_delete(struct interaction *interaction)
{
    struct async *async = interaction->service->async;
    if (!interaction_no_query(interaction))
        return false;
    enum outcome outcome =
        errand_drop(interaction->service->store, interaction->viewer->client, interaction->at.id);
    if (!outcome_raise(&interaction->issues, outcome, interaction->at.id))
        return false;
    pthread_mutex_lock(&async->lock);
    for (unsigned i = 0; i < async->options.threads; i++)
        if (str_equal(async->lanes[i].id, interaction->at.id))
            async->lanes[i].stop = true;
    pthread_mutex_unlock(&async->lock);
    interaction_answer(interaction, 202, STR(""));
    return true;
}
