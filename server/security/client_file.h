/* client_file.h - inside server/security: the INI file of clients as it was read. */
#ifndef SERVER_SECURITY_CLIENT_FILE_H
#define SERVER_SECURITY_CLIENT_FILE_H
#include "resources/base/map.h"
#include "server/security/registry.h"

enum { CLIENT_FILE_MOST_BYTES = 1 << 20, CLIENT_FILE_MOST_LIST = 256 };

struct client {
    struct client *next;
    struct viewer viewer;
    struct str authority, jwks;
    struct url base; /* viewer.base, taken apart; host empty when there is none */
    size_t identity_count;
    struct scope scopes[CLIENT_FILE_MOST_LIST];
    struct str purposes[CLIENT_FILE_MOST_LIST];
    struct place at; /* of the section's line */
};

/* Immutable once read. Keys of `identities`: authority, line end, "spki-sha256:..." or "san:...";
 * of `bases`: the bases as they are written, each of one organization. */
struct clients {
    struct arena *arena;
    struct client *first, *last;
    size_t count;
    struct map by_name, identities, bases;
};

/* Reads options->path, or nobody when there is none. NULL with an issue that names the line. */
struct clients *client_file_read(const struct registry_options *options, struct issues *issues);
void client_file_close(struct clients *clients);
/* Whether a scope may name it: "*" or a resource type. */
bool client_file_is_type(const struct registry_options *options, struct str type);
/* The key of a certificate's identity; kind is "spki-sha256" or "san". */
struct str client_file_identity(struct str authority, const char *kind, struct str value,
                                struct arena *arena);
#endif
