/* tls.h - the server's side of TLS 1.2 and 1.3, and who the client's certificate says it is. */
#ifndef SERVER_HTTP_TLS_H
#define SERVER_HTTP_TLS_H
#include "server/http/http.h"

/* A client certificate is asked for. None: the handshake goes on without one. One that is not
 * trusted, has expired, is revoked, or is not meant for clients (EKU clientAuth): the handshake is
 * refused. Revocation lists must be there for every issuer of a chain and be current: a missing or
 * outdated one refuses. OCSP is not supported. Sessions are resumed from tickets alone, which are
 * worthless after a reload, so a certificate revoked by then does not come in through one. */
struct tls_server;
struct ssl_st;

enum {
    TLS_MOST_DEPTH = 4,       /* intermediates of a client's chain */
    TLS_TICKET_SECONDS = 3600 /* how long a session may be resumed */
};

struct tls_authority {
    struct str name;          /* what registrations call it */
    const char *certificates; /* PEM file of its roots, and of intermediates */
    const char *revoked;      /* PEM file of CRLs; NULL: revocation is not checked */
};
struct tls_options {
    const char *certificate; /* PEM file: ours, then intermediates */
    const char *key;         /* PEM file, readable by its owner alone */
    const struct tls_authority *authorities;
    size_t authority_count;
};
/* Paths are read again on each reload, so options must outlive the server. NULL with issues. */
struct tls_server *tls_open(const struct tls_options *options, struct issues *issues);
/* Reads all files again and begins new ticket keys. False with issues: all stays as it was. */
bool tls_reload(struct tls_server *tls, struct issues *issues);
/* After the last session is closed. NULL is allowed. */
void tls_close(struct tls_server *tls);

/* Whether the file is a private key that its owner alone can use. False with an issue. */
bool tls_check_key(const char *path, struct issues *issues);

/* The rest is for server/http. A session that accepts on a descriptor; the arena lives as long as
 * it. NULL when OpenSSL can not. SSL_free closes it. */
struct ssl_st *tls_session(struct tls_server *tls, int descriptor, struct arena *arena);
/* After the handshake: the client's certificate, in the session's arena. NULL: it has none. */
const struct http_peer *tls_peer(struct ssl_st *ssl);
bool tls_is_resumed(const struct ssl_st *ssl);
/* Whether the certificate would be let in now, too: cheap until a reload, or until something on
 * which that rested runs out. */
bool tls_still_trusts(struct ssl_st *ssl);
/* Why the handshake was refused or trust was lost (empty: the client just went away), and the
 * certificate's subject, which may be empty. */
struct str tls_reason(struct ssl_st *ssl);
struct str tls_subject(struct ssl_st *ssl);
#endif
