/* registry.c - the holder of the clients, and finding one by its certificate. */
#include <pthread.h>

#include "resources/base/arena.h"
#include "server/security/client_file.h"

struct registry {
    struct arena *arena;
    struct registry_options options;
    struct viewer anonymous;
    pthread_rwlock_t lock; /* of `clients`: held while a viewer is found and copied */
    struct clients *clients;
};

static void fill_anonymous(struct registry *registry, const struct registry_options *options)
{
    struct scope *scopes = arena_array(registry->arena, options->public_count, sizeof *scopes);
    for (size_t i = 0; i < options->public_count; i++)
        scopes[i] = (struct scope){ str_copy(registry->arena, options->public_types[i]),
                                    ACT_READ | ACT_SEARCH };
    registry->anonymous = (struct viewer){ .client = STR("anonymous"),
                                           .scopes = scopes,
                                           .scope_count = options->public_count,
                                           .is_anonymous = true };
}

struct registry *registry_open(const struct registry_options *options, struct issues *issues)
{
    for (size_t i = 0; i < options->public_count; i++)
        if (!client_file_is_type(options, options->public_types[i])) {
            issue_add(issues, NULL, ISSUE_CONFIGURATION,
                      "public names a resource type that there is not: '" STR_FMT "'",
                      STR_ARG(options->public_types[i]));
            return NULL;
        }
    struct clients *clients = client_file_read(options, issues);
    if (!clients)
        return NULL;
    struct arena *arena = arena_open();
    struct registry *registry = arena_alloc(arena, sizeof *registry);
    struct str *authorities = arena_array(arena, options->authority_count, sizeof *authorities);
    for (size_t i = 0; i < options->authority_count; i++)
        authorities[i] = str_copy(arena, options->authorities[i]);
    registry->arena = arena;
    registry->options = *options;
    registry->options.authorities = authorities;
    registry->options.public_types = NULL;
    registry->clients = clients;
    pthread_rwlock_init(&registry->lock, NULL);
    fill_anonymous(registry, options);
    return registry;
}

bool registry_reload(struct registry *registry, struct issues *issues)
{
    struct clients *clients = client_file_read(&registry->options, issues);
    if (!clients)
        return false;
    pthread_rwlock_wrlock(&registry->lock);
    struct clients *before = registry->clients;
    registry->clients = clients;
    pthread_rwlock_unlock(&registry->lock);
    client_file_close(before);
    return true;
}

void registry_close(struct registry *registry)
{
    if (!registry)
        return;
    client_file_close(registry->clients);
    pthread_rwlock_destroy(&registry->lock);
    arena_close(registry->arena);
}

/* NULL also when the certificate's names belong to different clients. */
static const struct client *find_client(const struct clients *clients, const struct http_peer *peer,
                                        struct arena *arena)
{
    struct str key = client_file_identity(peer->authority, "spki-sha256", peer->spki_sha256, arena);
    const struct client *client = map_find(&clients->identities, key);
    if (client)
        return client;
    for (size_t i = 0; i < peer->uri_count; i++) {
        key = client_file_identity(peer->authority, "san", peer->uris[i], arena);
        const struct client *named = map_find(&clients->identities, key);
        if (client && named && named != client)
            return NULL;
        client = named ? named : client;
    }
    return client;
}

static struct viewer *copy_viewer(const struct viewer *from, struct arena *arena)
{
    struct viewer *viewer = arena_copy(arena, from, sizeof *from);
    struct scope *scopes = arena_copy(arena, from->scopes, from->scope_count * sizeof *scopes);
    struct str *purposes =
        arena_copy(arena, from->purposes, from->purpose_count * sizeof *purposes);
    for (size_t i = 0; i < from->scope_count; i++)
        scopes[i].type = str_copy(arena, scopes[i].type);
    for (size_t i = 0; i < from->purpose_count; i++)
        purposes[i] = str_copy(arena, purposes[i]);
    viewer->client = str_copy(arena, from->client);
    viewer->organization = str_copy(arena, from->organization);
    viewer->patient = str_copy(arena, from->patient);
    viewer->base = str_copy(arena, from->base);
    viewer->practitioner_role = str_copy(arena, from->practitioner_role);
    viewer->scopes = scopes; /* party_role is a constant */
    viewer->purposes = purposes;
    return viewer;
}

const struct viewer *registry_find(struct registry *registry, const struct http_peer *peer,
                                   struct arena *arena)
{
    if (registry->options.is_dev) {
        static const struct viewer TESTER = { .client = { "tester", 6 },
                                              .party_role = { "tester", 6 },
                                              .is_tester = true };
        return &TESTER;
    }
    if (!peer)
        return &registry->anonymous;
    const struct viewer *viewer = NULL;
    pthread_rwlock_rdlock(&registry->lock);
    const struct client *client = find_client(registry->clients, peer, arena);
    if (client)
        viewer = copy_viewer(&client->viewer, arena);
    pthread_rwlock_unlock(&registry->lock);
    return viewer;
}

const struct viewer *registry_find_client(struct registry *registry, struct str client,
                                          struct arena *arena)
{
    const struct viewer *viewer = NULL;
    if (registry->options.is_dev)
        return registry_find(registry, NULL, arena);
    pthread_rwlock_rdlock(&registry->lock);
    const struct client *found = map_find(&registry->clients->by_name, client);
    if (found)
        viewer = copy_viewer(&found->viewer, arena);
    pthread_rwlock_unlock(&registry->lock);
    return viewer;
}

enum registry_address registry_find_address(struct registry *registry, struct str organization,
                                            const struct url *url)
{
    enum registry_address found = REGISTRY_STRANGER;
    pthread_rwlock_rdlock(&registry->lock);
    const struct client *client = organization.len ? registry->clients->first : NULL;
    for (; client && found != REGISTRY_AT_BASE; client = client->next) {
        enum registry_address here = client->base.host.len == 0      ? REGISTRY_NO_BASE
                                     : url_is_at(url, &client->base) ? REGISTRY_AT_BASE
                                                                     : REGISTRY_ELSEWHERE;
        if (str_equal(client->viewer.organization, organization) && here < found)
            found = here;
    }
    pthread_rwlock_unlock(&registry->lock);
    return found;
}

bool registry_is_others_base(struct registry *registry, const struct viewer *viewer,
                             struct str system)
{
    pthread_rwlock_rdlock(&registry->lock);
    const struct client *owner = map_find(&registry->clients->bases, system);
    bool is_others = owner && !str_equal(owner->viewer.organization, viewer->organization);
    pthread_rwlock_unlock(&registry->lock);
    return is_others;
}

struct str registry_jwks(struct registry *registry, struct str client, struct arena *arena)
{
    struct str jwks = { NULL, 0 };
    pthread_rwlock_rdlock(&registry->lock);
    const struct client *found = map_find(&registry->clients->by_name, client);
    if (found)
        jwks = str_copy(arena, found->jwks);
    pthread_rwlock_unlock(&registry->lock);
    return jwks;
}

size_t registry_count(struct registry *registry)
{
    pthread_rwlock_rdlock(&registry->lock);
    size_t count = registry->clients->count;
    pthread_rwlock_unlock(&registry->lock);
    return count;
}
