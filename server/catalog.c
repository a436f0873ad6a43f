/* catalog.c - editions of what the server knows of FHIR, and the way from one to the next. */
#include "server/catalog.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "resources/base/arena.h"
#include "resources/base/map.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"
#include "server/interactions/capabilities.h"
#include "server/log/log.h"
#include "server/packages.h"
#include "server/reindex.h"
#include "server/search/search.h"
#include "server/security/viewer.h"
#include "server/service.h"

enum { PAGE = 200 };

/* The service is the first member: a pinned service leads back to its edition. is_first: what it
 * holds is its maker's. */
struct edition {
    struct service service;
    struct arena *arena; /* it stands in */
    atomic_uint holders;
    size_t layers; /* posted one by one on top of what was loaded or made one */
    bool is_first;
};

/* A record of one of the types, as it last was; resource NULL: deleted. */
struct posted {
    struct arena *arena;
    cJSON *resource;
    uint64_t version;
    int64_t updated_us;
};

/* change_lock serializes changes; current_lock is held for a moment by whoever pins. */
struct catalog {
    struct arena *arena;
    struct definitions *loaded; /* R4, the guide, packages */
    pthread_mutex_t change_lock, current_lock;
    struct edition *current;
    struct map posted; /* Type/id to struct posted; inside change_lock */
    size_t alive;
};

static void unlock_at(pthread_mutex_t **lock)
{
    pthread_mutex_unlock(*lock);
}
#define LOCKING __attribute__((cleanup(unlock_at), unused))

static pthread_mutex_t *lock(pthread_mutex_t *mutex)
{
    pthread_mutex_lock(mutex);
    return mutex;
}

static const char *const TYPES[] = { "StructureDefinition", "SearchParameter", "ValueSet",
                                     "CodeSystem", "ConceptMap" };

bool catalog_has_type(struct str type)
{
    for (size_t i = 0; i < COUNT(TYPES); i++)
        if (str_is(type, TYPES[i]))
            return true;
    return false;
}

static void let_go(struct edition *edition)
{
    struct service *service = &edition->service;
    if (atomic_fetch_sub_explicit(&edition->holders, 1, memory_order_acq_rel) != 1)
        return;
    if (!edition->is_first) {
        capabilities_close(service->capabilities);
        search_indexer_close(service->indexer);
        validator_close(service->validator);
        terminology_close(service->terminology);
        definitions_close(service->definitions);
    }
    arena_close(edition->arena);
}

const struct service *catalog_pin(const struct service *service)
{
    struct catalog *catalog = service->catalog;
    if (!catalog)
        return service;
    LOCKING pthread_mutex_t *held = lock(&catalog->current_lock);
    atomic_fetch_add_explicit(&catalog->current->holders, 1, memory_order_relaxed);
    return &catalog->current->service;
}

void catalog_unpin(const struct service *pinned)
{
    if (pinned->catalog)
        let_go((struct edition *)(uintptr_t)pinned);
}

static struct edition *open_edition(const struct service *like, struct definitions *definitions)
{
    struct arena *arena = arena_open();
    struct edition *edition = arena_alloc(arena, sizeof *edition);
    struct service *service = &edition->service;
    *service = *like;
    edition->arena = arena;
    atomic_init(&edition->holders, 1);
    if (!definitions) {
        edition->is_first = true;
        return edition;
    }
    service->definitions = definitions;
    service->terminology = terminology_open(definitions);
    service->validator = validator_open(definitions, service->terminology);
    service->indexer = search_indexer_open(definitions, service->base_url);
    service->capabilities = capabilities_open();
    return edition;
}

/* The edition takes over the caller's hold of the definitions. */
static void exchange(struct catalog *catalog, struct definitions *definitions, size_t layers,
                     bool has_parameters)
{
    struct edition *next = open_edition(&catalog->current->service, definitions);
    next->layers = layers;
    pthread_mutex_lock(&catalog->current_lock);
    struct edition *last = catalog->current;
    catalog->current = next;
    pthread_mutex_unlock(&catalog->current_lock);
    if (next->service.reindex)
        reindex_follow(next->service.reindex, next->service.indexer, definitions, has_parameters);
    let_go(last);
}

static bool is_alive(const struct posted *posted)
{
    return posted->resource != NULL;
}

static int compare_posted(const void *a, const void *b)
{
    const struct posted *one = *(const struct posted *const *)a;
    const struct posted *other = *(const struct posted *const *)b;
    return one->updated_us < other->updated_us ? 1 : one->updated_us > other->updated_us ? -1 : 0;
}

/* Everything that is posted, the latest first: of two records with one canonical it counts. */
static const cJSON **list_posted(const struct catalog *catalog, size_t *count, struct arena *arena)
{
    const struct posted **list = arena_array(arena, catalog->posted.count + 1, sizeof *list);
    struct str key;
    void *value;
    *count = 0;
    for (size_t at = 0; map_next(&catalog->posted, &at, &key, &value);)
        if (is_alive(value))
            list[(*count)++] = value;
    if (*count)
        qsort(list, *count, sizeof *list, compare_posted);
    const cJSON **resources = arena_array(arena, *count + 1, sizeof *resources);
    for (size_t i = 0; i < *count; i++)
        resources[i] = list[i]->resource;
    return resources;
}

static void say_left_out(const struct catalog *catalog, const struct issues *issues)
{
    for (const struct issue *issue = issues->first; issue; issue = issue->next)
        LOG(catalog->current->service.log, LOG_DEFINITION_LEFT_OUT, LOG_TEXT("key", issue->key),
            LOG_TEXT("reason", issue->diagnostics));
}

/* What is new stands on the edition before, without making that again, until there are many such
 * layers; whatever replaces or removes something makes one layer of all. */
static void make_next(struct catalog *catalog, const cJSON *const *added, size_t added_count,
                      bool has_parameters)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct definitions *next;
    struct edition *current = catalog->current;
    size_t layers = current->layers + 1;
    issues_init(&issues, arena, STR(""));
    if (added_count && layers <= CATALOG_MOST_LAYERS) {
        next = packages_extend(current->service.definitions, added, added_count, &issues);
    } else {
        size_t count;
        const cJSON **all = list_posted(catalog, &count, arena);
        layers = count > 0;
        next = count ? packages_extend(catalog->loaded, all, count, &issues)
                     : definitions_hold(catalog->loaded);
    }
    say_left_out(catalog, &issues);
    if (next)
        exchange(catalog, next, layers, has_parameters);
}

/* True when it is news; *is_added: of a record that was not there. */
static bool take(struct catalog *catalog, const struct catalog_change *change, bool *is_added)
{
    struct arena *arena = arena_open();
    struct str key =
        str_print(catalog->arena, STR_FMT "/" STR_FMT, STR_ARG(change->type), STR_ARG(change->id));
    struct posted *posted = map_find(&catalog->posted, key);
    *is_added = !posted && change->resource;
    if (posted && posted->version >= change->version) {
        arena_close(arena);
        return false;
    }
    if (!posted) {
        posted = arena_alloc(catalog->arena, sizeof *posted);
        map_set(&catalog->posted, key, posted);
    } else {
        catalog->alive -= is_alive(posted);
        arena_close(posted->arena);
    }
    *posted =
        (struct posted){ .arena = arena,
                         .resource = change->resource ? json_copy(arena, change->resource) : NULL,
                         .version = change->version,
                         .updated_us = change->updated_us };
    catalog->alive += is_alive(posted);
    return true;
}

/* A new record with the canonical of one that is posted may be a version of it that counts less. */
static bool is_new_canonical(const struct catalog *catalog, const cJSON *resource)
{
    struct str url = json_get_text(resource, "url"), key;
    void *value;
    size_t same = 0;
    for (size_t at = 0; map_next(&catalog->posted, &at, &key, &value);) {
        const struct posted *posted = value;
        same += is_alive(posted) && str_equal(json_get_text(posted->resource, "url"), url);
    }
    return same <= 1;
}

void catalog_apply(const struct service *service, const struct catalog_change *changes,
                   size_t count)
{
    struct catalog *catalog = service->catalog;
    if (!catalog || !count)
        return;
    CLOSING_ARENA struct arena *arena = arena_open();
    const cJSON **added = arena_array(arena, count, sizeof *added);
    size_t added_count = 0;
    bool is_news = false, is_only_added = true, has_parameters = false;
    LOCKING pthread_mutex_t *held = lock(&catalog->change_lock);
    for (size_t i = 0; i < count; i++) {
        bool is_added;
        if (!take(catalog, &changes[i], &is_added))
            continue;
        is_news = true;
        has_parameters |= str_is(changes[i].type, "SearchParameter");
        is_only_added &= is_added && is_new_canonical(catalog, changes[i].resource);
        if (is_added)
            added[added_count++] = changes[i].resource;
    }
    if (!is_news)
        return;
    make_next(catalog, added, is_only_added ? added_count : 0, has_parameters);
}

void catalog_complete(struct catalog *catalog, const struct service *service)
{
    LOCKING pthread_mutex_t *held = lock(&catalog->current_lock);
    catalog->current->service.delivery = service->delivery;
    catalog->current->service.reindex = service->reindex;
    catalog->current->service.async = service->async;
}

/* One page of a type; false at the end. */
static bool load_page(struct catalog *catalog, const struct search_plan *plan,
                      struct store_page *page, struct arena *arena, struct issues *issues)
{
    const struct service *service = &catalog->current->service;
    uint64_t snapshot = page->snapshot;
    struct str position = page->next;
    *page = (struct store_page){ 0 };
    if (store_search(service->store, viewer_server(), plan, snapshot, position, arena, page) !=
        OUTCOME_OK)
        return issue_add(issues, NULL, ISSUE_STORE_FAILED, "the stored definitions");
    for (size_t i = 0; i < page->count; i++) {
        const struct store_version *version = &page->versions[i];
        bool is_added;
        const struct catalog_change change = { .type = version->type,
                                               .id = version->id,
                                               .version = version->version,
                                               .updated_us = version->updated_us,
                                               .resource =
                                                   json_parse(version->body, arena, issues) };
        if (change.resource && catalog->alive < CATALOG_MOST_DEFINITIONS)
            take(catalog, &change, &is_added);
    }
    return page->has_more;
}

static void load_type(struct catalog *catalog, struct str type, struct issues *issues)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    const struct service *service = &catalog->current->service;
    struct search_pair pairs[] = { { STR("_count"), str_print(arena, "%d", PAGE) },
                                   { STR("_total"), STR("none") } };
    struct search_plan plan;
    struct store_page page = { 0 };
    const struct search_context context = service_search_context(service);
    if (!search_parse(&plan, type, pairs, COUNT(pairs), &context, arena, issues))
        return;
    while (load_page(catalog, &plan, &page, arena, issues))
        continue;
}

struct catalog *catalog_open(struct service *service, struct issues *issues)
{
    struct arena *arena = arena_open();
    struct catalog *catalog = arena_alloc(arena, sizeof *catalog);
    catalog->arena = arena;
    catalog->loaded = service->definitions;
    pthread_mutex_init(&catalog->change_lock, NULL);
    pthread_mutex_init(&catalog->current_lock, NULL);
    map_init(&catalog->posted, arena);
    service->catalog = catalog;
    catalog->current = open_edition(service, NULL);
    for (size_t i = 0; i < COUNT(TYPES); i++)
        load_type(catalog, str_of(TYPES[i]), issues);
    if (catalog->alive)
        make_next(catalog, NULL, 0, false);
    return catalog;
}

void catalog_close(struct catalog *catalog)
{
    if (!catalog)
        return;
    struct str key;
    void *value;
    for (size_t at = 0; map_next(&catalog->posted, &at, &key, &value);)
        arena_close(((struct posted *)value)->arena);
    let_go(catalog->current);
    pthread_mutex_destroy(&catalog->current_lock);
    pthread_mutex_destroy(&catalog->change_lock);
    arena_close(catalog->arena);
}

size_t catalog_count(const struct service *service)
{
    struct catalog *catalog = service->catalog;
    if (!catalog)
        return 0;
    LOCKING pthread_mutex_t *held = lock(&catalog->change_lock);
    return catalog->alive;
}

struct definitions *catalog_loaded(const struct service *service)
{
    return service->catalog ? service->catalog->loaded : service->definitions;
}
