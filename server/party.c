/* party.c - putting a server together from its configuration. */
#include "server/party.h"

#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/fhir/terminology/terminology.h"
#include "server/async.h"
#include "server/catalog.h"
#include "server/exchange/delivery.h"
#include "server/housekeeper.h"
#include "server/http/answer.h"
#include "server/http/tls.h"
#include "server/interactions/capabilities.h"
#include "server/interactions/fence.h"
#include "server/metrics/endpoint.h"
#include "server/packages.h"
#include "server/program_file.h"
#include "server/rules/scheduler.h"
#include "server/security/registry.h"
#include "server/security/throttle.h"
#include "server/service.h"
#include "server/version.h"

struct party {
    struct arena *arena;
    const struct config *config;
    struct log *log;
    struct metrics *metrics;
    struct service service;
    atomic_bool is_ready; /* the service is whole: requests may come to it */
    struct tls_options tls_options;
    struct tls_authority authorities[CONFIG_MOST_LIST];
    struct tls_server *tls;
    struct http_server *http;
    struct endpoint *endpoint;
    struct housekeeper *housekeeper;
};

static int64_t wall_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static unsigned processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (unsigned)count : 1;
}

static unsigned worker_count(const struct config *config)
{
    return config->workers ? (unsigned)config->workers : 2 * processors();
}

static unsigned loop_count(const struct config *config)
{
    return config->loops ? (unsigned)config->loops : (processors() + 1) / 2;
}

static void say_left_out(struct party *party, const struct issues *found)
{
    for (const struct issue *issue = found->first; issue; issue = issue->next)
        LOG(party->log, LOG_DEFINITION_LEFT_OUT, LOG_TEXT("key", issue->key),
            LOG_TEXT("reason", issue->diagnostics));
}

static bool open_definitions(struct party *party, struct issues *issues)
{
    const struct config_list *packages = &party->config->packages;
    const char *paths[CONFIG_MOST_LIST];
    for (size_t i = 0; i < packages->count; i++)
        paths[i] = packages->items[i].data;
    struct issues found;
    issues_init(&found, issues->arena, STR(""));
    party->service.definitions = packages_open(paths, packages->count, &found);
    if (!party->service.definitions) {
        *issues = found;
        return false;
    }
    say_left_out(party, &found);
    party->service.terminology = terminology_open(party->service.definitions);
    party->service.validator =
        validator_open(party->service.definitions, party->service.terminology);
    party->service.capabilities = capabilities_open();
    party->service.fence = fence_open();
    return true;
}

static bool open_programs(struct party *party, struct issues *issues)
{
    const struct config_list *names = &party->config->programs;
    struct program *programs = arena_array(party->arena, names->count, sizeof *programs);
    for (size_t i = 0; i < names->count; i++)
        if (!program_file_read(&programs[i], names->items[i], party->service.definitions,
                               party->arena, issues))
            return false;
    party->service.programs = programs;
    party->service.program_count = names->count;
    return true;
}

static bool open_store(struct party *party, struct issues *issues)
{
    const struct config *config = party->config;
    const struct store_options options = {
        .is_dev = config->is_dev,
        /* one for each that may read at once, also the deliveries and housekeeping, which holds its
         * own for long: an event loop must not wait for one */
        .readers = config->readers ? (unsigned)config->readers
                                   : worker_count(config) + loop_count(config) + 2 +
                                         (unsigned)config->async_workers,
        .page_life_seconds = (unsigned)config->page_seconds,
    };
    party->service.store = store_open(config->db.data, &options, issues);
    return party->service.store != NULL;
}

static bool is_authority_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false;
    }
    return name.len > 0;
}

/* NAME=FILE,CRL; doing without revocation has to be said. */
static bool read_authority(struct party *party, size_t i, struct issues *issues)
{
    struct str text = party->config->tls_ca.items[i], revoked = text, name = str_cut(&revoked, '=');
    struct str file = str_cut(&revoked, ',');
    if (!is_authority_name(name) || !file.len || !revoked.len)
        return issue_add(issues, NULL, ISSUE_CONFIGURATION,
                         "tls-ca = '" STR_FMT "': not NAME=FILE,CRL (or NAME=FILE,none, which "
                         "checks no revocation)",
                         STR_ARG(text));
    for (size_t other = 0; other < i; other++)
        if (str_equal(party->authorities[other].name, name))
            return issue_add(issues, NULL, ISSUE_CONFIGURATION,
                             "tls-ca: the name '" STR_FMT "' is given twice", STR_ARG(name));
    party->authorities[i] = (struct tls_authority){
        .name = str_copy(party->arena, name),
        .certificates = str_cstr(party->arena, file),
        .revoked = str_is(revoked, "none") ? NULL : str_cstr(party->arena, revoked),
    };
    return true;
}

static bool open_tls(struct party *party, struct issues *issues)
{
    const struct config *config = party->config;
    if (config->is_dev)
        return true;
    for (size_t i = 0; i < config->tls_ca.count; i++)
        if (!read_authority(party, i, issues))
            return false;
    party->tls_options = (struct tls_options){ .certificate = config->tls_cert.data,
                                               .key = config->tls_key.data,
                                               .authorities = party->authorities,
                                               .authority_count = config->tls_ca.count };
    party->tls = tls_open(&party->tls_options, issues);
    return party->tls != NULL;
}

static bool is_type(void *definitions, struct str type)
{
    return definitions_is_resource_type(definitions, type);
}

static bool open_registry(struct party *party, struct issues *issues)
{
    const struct config *config = party->config;
    struct str names[CONFIG_MOST_LIST];
    for (size_t i = 0; i < config->tls_ca.count; i++)
        names[i] = party->authorities[i].name;
    const struct registry_options options = {
        .path = config->registry.data,
        .authorities = names,
        .authority_count = config->tls_ca.count,
        .public_types = config->public_types.items,
        .public_count = config->public_types.count,
        .is_type = is_type,
        .context = party->service.definitions,
        .is_dev = config->is_dev,
    };
    party->service.registry = registry_open(&options, issues);
    return party->service.registry != NULL;
}

/* The handler. Until all is open (the port must be known before the rest can be made) it asks for
 * patience. */
static void handle(struct http_exchange *exchange, void *context)
{
    struct party *party = context;
    if (atomic_load_explicit(&party->is_ready, memory_order_acquire)) {
        service_handle(exchange, &party->service);
        return;
    }
    struct http_answer answer;
    answer_fill_refusal(&answer, 503, "the server is starting", exchange->arena);
    http_answer_header(&answer, "Retry-After", STR("1"));
    http_answer(exchange, &answer);
}

static struct str path_of(struct str url)
{
    return str_slice(url, str_find(url, '/', 8), url.len); /* behind https:// */
}

static struct str default_url(const struct party *party, const char *host)
{
    bool is_v6 = str_find(str_of(host), ':', 0) < str_of(host).len;
    return str_print(party->arena, is_v6 ? "%s://[%s]:%d/fhir" : "%s://%s:%d/fhir",
                     party->config->is_dev ? "http" : "https", host, http_port(party->http));
}

static bool open_http(struct party *party, struct issues *issues)
{
    const struct config *config = party->config;
    struct http_options options = {
        .loops = loop_count(config),
        .tls = party->tls,
        .base_path = config->base_url.len ? path_of(config->base_url) : STR("/fhir"),
        .limits = { .head_bytes = config->head_bytes,
                    .headers = config->headers,
                    .body_bytes = config->body_bytes,
                    .large_body_bytes = config->transaction_bytes,
                    .held_bytes = config->held_bytes,
                    .head_seconds = (unsigned)config->head_seconds,
                    .body_seconds = (unsigned)config->body_seconds,
                    .idle_seconds = (unsigned)config->idle_seconds,
                    .write_seconds = (unsigned)config->write_seconds,
                    .connections = (unsigned)config->connections },
        .handler = handle,
        .context = party,
        .metrics = party->metrics,
        .log = party->log,
    };
    config_cut_address(&options.host, &options.port, config->listen, party->arena);
    party->http = http_open(&options, issues);
    if (!party->http)
        return false;
    party->service.base_path = options.base_path;
    party->service.base_url =
        config->base_url.len ? config->base_url : default_url(party, options.host);
    return true;
}

static bool open_delivery(struct party *party, struct issues *issues)
{
    const struct config *config = party->config;
    if (!config->delivery_cert.len)
        return true;
    struct delivery_options options = {
        .service = &party->service,
        .certificate = config->delivery_cert.data,
        .key = config->delivery_key.data,
        .authorities = config->delivery_ca.data,
        .revoked = config->delivery_revoked.data,
        .give_up_seconds = (unsigned)config->delivery_give_up,
        .first_wait_seconds = (unsigned)config->delivery_first_wait,
        .most_wait_seconds = (unsigned)config->delivery_most_wait,
        .attempt_seconds = (unsigned)config->delivery_attempt,
        .most_waiting = config->deliveries_waiting,
    };
    if (!address_parse_networks(&options.networks, config->delivery_networks, party->arena, issues))
        return false;
    party->service.delivery = delivery_open(&options, issues);
    return party->service.delivery != NULL;
}

static void fill_service(struct party *party)
{
    const struct config *config = party->config;
    struct service *service = &party->service;
    service->version = STR(TANDEM_VERSION);
    service->validation = (enum validation)config->validation;
    service->is_dev = config->is_dev;
    service->has_test_clock = config->has_test_clock;
    service->most_body = config->body_bytes;
    service->most_transaction = config->transaction_bytes;
    service->most_entries = config->transaction_entries;
    service->has_integrity = config->references == REFERENCES_CHECK ||
                             (config->references == REFERENCES_AUTO && config->programs.count > 0);
    service->most_deletes = config->delete_matches;
    service->most_at_once = config->batch_at_once;
    service->cors = config->cors.items;
    service->cors_count = config->cors.count;
    if (config->client_rate)
        service->throttle =
            throttle_open((unsigned)config->client_rate, (unsigned)config->client_burst);
    service->seconds_per_request = (unsigned)config->request_seconds;
    service->now_us = wall_clock_us;
    service->metrics = party->metrics;
    service->log = party->log;
}

static bool open_service(struct party *party, struct issues *issues)
{
    struct service *service = &party->service;
    fill_service(party);
    service->indexer = search_indexer_open(service->definitions, service->base_url);
    service->workers =
        workers_open(worker_count(party->config), (unsigned)party->config->work_waiting);
    if (!service->indexer)
        return false;
    struct issues found;
    issues_init(&found, party->arena, STR(""));
    service->scheduler = service->program_count ? scheduler_open(service) : NULL;
    service->bell = service->scheduler ? scheduler_bell(service->scheduler) : NULL;
    catalog_open(service, &found);
    say_left_out(party, &found);
    if (!open_delivery(party, issues))
        return false;
    const struct service *now = catalog_pin(service);
    service->reindex = reindex_open(service->store, now->indexer, now->definitions,
                                    service->has_integrity ? &service->base_url : NULL);
    catalog_unpin(now);
    if (party->config->async_workers)
        service->async = async_open(
            &(struct async_options){ .service = service,
                                     .threads = (unsigned)party->config->async_workers,
                                     .seconds = (unsigned)party->config->async_seconds,
                                     .keep_seconds = (unsigned)party->config->async_keep });
    catalog_complete(service->catalog, service);
    return !service->scheduler || scheduler_start(service->scheduler, issues);
}

/* Asked by the endpoint, from its own thread. */
static bool refresh(void *context)
{
    struct party *party = context;
    if (!atomic_load_explicit(&party->is_ready, memory_order_acquire))
        return false;
    metrics_set(party->metrics, METRIC_WORK_WAITING,
                (int64_t)workers_waiting(party->service.workers));
    struct store *store = party->service.store;
    metrics_set(party->metrics, METRIC_COMMITS, (int64_t)store_commit_number(store));
    metrics_set(party->metrics, METRIC_COMMIT_GROUPS, (int64_t)store_group_count(store));
    return true;
}

static bool open_endpoint(struct party *party, struct issues *issues)
{
    struct endpoint_options options = { .metrics = party->metrics,
                                        .is_ready = refresh,
                                        .context = party };
    if (!party->config->metrics.len)
        return true;
    config_cut_address(&options.host, &options.port, party->config->metrics, party->arena);
    party->endpoint = endpoint_open(&options, issues);
    return party->endpoint != NULL;
}

static void say_ready(struct party *party)
{
    LOG(party->log, LOG_STARTED, LOG_TEXT("url", party->service.base_url),
        LOG_NUMBER("port", http_port(party->http)),
        LOG_NUMBER("metrics", party->endpoint ? endpoint_port(party->endpoint) : 0),
        LOG_TEXT("version", party->service.version),
        LOG_NUMBER("clients", (int64_t)registry_count(party->service.registry)));
}

/* In reverse; whatever was opened. What outlives the drain may still wait for its commit when the
 * workers have stopped, and asks for one when that clashed; it may come to wake the deliveries,
 * whose thread in turn must have stopped, since what it writes goes by the workers. Only when the
 * loops are closed is no exchange under way. */
static void close_all(struct party *party)
{
    struct service *service = &party->service;
    endpoint_close(party->endpoint);
    if (party->http)
        http_drain(party->http, (unsigned)party->config->drain_seconds);
    async_stop(service->async);
    delivery_stop(service->delivery);
    scheduler_stop(service->scheduler);
    workers_stop(service->workers);
    http_close(party->http);
    workers_close(service->workers);
    async_close(service->async);
    delivery_close(service->delivery);
    scheduler_close(service->scheduler);
    housekeeper_close(party->housekeeper);
    reindex_close(service->reindex);
    catalog_close(service->catalog);
    if (service->indexer)
        search_indexer_close(service->indexer);
    throttle_close(service->throttle);
    registry_close(service->registry);
    tls_close(party->tls);
    store_close(service->store);
    if (service->definitions) {
        capabilities_close(service->capabilities);
        fence_close(service->fence);
        validator_close(service->validator);
        terminology_close(service->terminology);
        definitions_close(service->definitions);
    }
    metrics_close(party->metrics);
    arena_close(party->arena);
}

struct party *party_open(const struct config *config, struct log *log, struct issues *issues)
{
    struct arena *arena = arena_open();
    struct party *party = arena_alloc(arena, sizeof *party);
    party->arena = arena;
    party->config = config;
    party->log = log;
    party->metrics = metrics_open();
    if (!open_definitions(party, issues) || !open_programs(party, issues) ||
        !open_tls(party, issues) || !open_registry(party, issues) || !open_store(party, issues) ||
        !open_http(party, issues) || !open_service(party, issues) ||
        !open_endpoint(party, issues)) {
        close_all(party);
        return NULL;
    }
    party->housekeeper = housekeeper_open(party->service.store, wall_clock_us);
    atomic_store_explicit(&party->is_ready, true, memory_order_release);
    say_ready(party);
    return party;
}

static void say_failed(struct party *party, const char *what, const struct issues *issues)
{
    metrics_add(party->metrics, METRIC_RELOADS_FAILED, 1);
    for (const struct issue *issue = issues->first; issue; issue = issue->next)
        LOG(party->log, LOG_RELOAD_FAILED, LOG_TEXT("what", str_of(what)),
            LOG_TEXT("reason", issue->diagnostics), LOG_NUMBER("line", issue->line));
}

void party_reload(struct party *party)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    bool has_tls = !party->tls || tls_reload(party->tls, &issues);
    if (!has_tls)
        say_failed(party, "tls", &issues);
    issues_init(&issues, arena, STR(""));
    bool has_clients = registry_reload(party->service.registry, &issues);
    if (!has_clients)
        say_failed(party, "registry", &issues);
    issues_init(&issues, arena, STR(""));
    bool has_delivery = delivery_reload(party->service.delivery, &issues);
    if (!has_delivery)
        say_failed(party, "delivery", &issues);
    if (!has_tls || !has_clients || !has_delivery)
        return;
    metrics_add(party->metrics, METRIC_RELOADS, 1);
    LOG(party->log, LOG_RELOADED,
        LOG_NUMBER("clients", (int64_t)registry_count(party->service.registry)));
}

void party_close(struct party *party)
{
    close_all(party);
}
