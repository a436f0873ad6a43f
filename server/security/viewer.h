/* viewer.h - who asks: the identity that every read and write of the store is judged by. */
#ifndef SERVER_SECURITY_VIEWER_H
#define SERVER_SECURITY_VIEWER_H
#include "resources/base/issue.h"

/* The party roles of domain.md C6, code system party-role; the code is its text. */
struct scope {
    struct str type; /* "*" or a resource type */
    unsigned acts;   /* bits of enum act */
};
enum act { ACT_CREATE = 1, ACT_READ = 2, ACT_UPDATE = 4, ACT_DELETE = 8, ACT_SEARCH = 16 };

/* Immutable while a request runs; made from the registration of the client (INI), never from the
 * payload. */
struct viewer {
    struct str client;            /* registration id */
    struct str organization;      /* "Organization/x", or empty */
    struct str party_role;        /* code, or empty */
    struct str patient;           /* "Patient/x" of a member's app, or empty */
    struct str practitioner_role; /* "PractitionerRole/x", or empty */
    const struct scope *scopes;
    size_t scope_count;
    struct str base; /* base URL of the client's own server, whose records it may send as copies, or
                        empty */
    const struct str *purposes;
    size_t purpose_count;
    bool is_anonymous; /* nobody: only what the configuration makes public */
    bool is_tester;    /* --dev: everything allowed */
    bool is_server;    /* the server itself (scheduler, delivery): sees all */
};
/* The server itself. */
const struct viewer *viewer_server(void);
bool viewer_may(const struct viewer *viewer, struct str type, enum act act);
#endif
