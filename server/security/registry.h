/* registry.h - the registered clients: which certificate is whom, and what it may do. */
#ifndef SERVER_SECURITY_REGISTRY_H
#define SERVER_SECURITY_REGISTRY_H
#include "server/http/http.h"
#include "server/security/url.h"
#include "server/security/viewer.h"

/* What a caller makes of the answers, in this order:
 *   registry_find gives NULL                        403 CLIENT_UNREGISTERED
 *   viewer_may says no, and the viewer is anonymous 401 LOGIN_REQUIRED
 *   viewer_may says no otherwise                    403 SCOPE_MISSING
 * /metadata and /.well-known need no viewer at all. A certificate that is not trusted never gets
 * this far: its handshake is refused. README.md describes the file. */

/* A holder that lives as long as the server; a reload puts another set of clients into it. Safe
 * from any thread. */
struct registry;

struct registry_options {
    const char *path;              /* INI file; NULL: nobody is registered */
    const struct str *authorities; /* names of the CAs that certificates are verified against */
    size_t authority_count;
    const struct str *public_types; /* may be read and searched without a certificate */
    size_t public_count;
    /* Tells whether a type named in a scope exists; NULL: any well-formed name will do. */
    bool (*is_type)(void *context, struct str type);
    void *context;
    bool is_dev; /* every caller is the tester */
};
/* options' strings are copied, but for path, which is kept for reloads. NULL with issues that name
 * the file's lines. */
struct registry *registry_open(const struct registry_options *options, struct issues *issues);
/* Reads the file again. False with issues: the clients stay as they were. */
bool registry_reload(struct registry *registry, struct issues *issues);
void registry_close(struct registry *registry);

/* The viewer of a caller, copied into the arena, so a reload does not touch it. No certificate
 * (peer NULL): the anonymous viewer. NULL: the certificate belongs to no registered client. */
const struct viewer *registry_find(struct registry *registry, const struct http_peer *peer,
                                   struct arena *arena);
/* The viewer of a registered client by its name, as above; NULL when there is none any longer. */
const struct viewer *registry_find_client(struct registry *registry, struct str client,
                                          struct arena *arena);
/* What the registrations say of an address that is said to be an organization's: whom we may dial.
 */
enum registry_address {
    REGISTRY_AT_BASE, /* at or below the base of a client of that organization */
    REGISTRY_ELSEWHERE,
    REGISTRY_NO_BASE,  /* no client of that organization has a base */
    REGISTRY_STRANGER, /* no client is of that organization */
};
enum registry_address registry_find_address(struct registry *registry, struct str organization,
                                            const struct url *url);
/* Whether the identifiers of this system are another's to give: it is the base of a client of an
 * organization that is not the viewer's. */
bool registry_is_others_base(struct registry *registry, const struct viewer *viewer,
                             struct str system);
/* Where the client's public keys are (file or https URL), for tokens; empty when not given. */
struct str registry_jwks(struct registry *registry, struct str client, struct arena *arena);
size_t registry_count(struct registry *registry);
#endif
