/* tls_inside.h - inside server/http: what the parts of TLS share. */
#ifndef SERVER_HTTP_TLS_INSIDE_H
#define SERVER_HTTP_TLS_INSIDE_H
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>

#include "server/http/tls.h"

enum {
    TLS_MOST_URIS = 16,  /* of a certificate */
    TLS_MOST_TEXT = 256, /* of a subject or URI */
    TLS_TICKET_KEY_SECONDS = 4 * 3600,
    TLS_LEAST_RECHECK_SECONDS = 60
};

/* What was read at one start or reload. Immutable; counted, because a handshake may be at it. */
struct tls_trust {
    unsigned generation, users;
    SSL_CTX *context;
    size_t authority_count;
    struct tls_anchor {
        struct str name;
        X509_STORE *store;
        int64_t next_update; /* the first of its CRLs to run out, seconds; INT64_MAX: none */
    } * anchors;
    struct arena *arena;
};

struct tls_ticket_key {
    unsigned char name[16], cipher[32], mac[32];
    int64_t made; /* seconds; 0: not there */
};

struct tls_server {
    struct arena *arena;
    struct tls_options options;
    _Atomic unsigned generation; /* of `trust` */
    pthread_mutex_t lock;        /* of what follows */
    struct tls_trust *trust;
    struct tls_ticket_key keys[2]; /* current, previous */
};

/* What a session knows of its client; lies in the connection's arena, SSL_get_app_data finds it. */
struct tls_client {
    struct tls_server *tls;
    struct arena *arena;
    struct {
        unsigned generation, anchor;
        int64_t recheck_at;
        bool is_verified;
    } standing; /* goes into tickets as it is: they never leave this process readable */
    struct str anchor_name;
    struct str subject, reason;
};

struct tls_client *tls_client_of(const SSL *ssl);
struct tls_trust *tls_trust_pin(struct tls_server *tls);
void tls_trust_unpin(struct tls_server *tls, struct tls_trust *trust);
/* Reads the files; NULL with issues. */
struct tls_trust *tls_trust_open(struct tls_server *tls, unsigned generation,
                                 struct issues *issues);

/* SSL_CTX_set_cert_verify_callback's function. */
int tls_verify(X509_STORE_CTX *context, void *tls);
/* Puts the ticket callbacks into a context. */
void tls_ticket_setup(SSL_CTX *context);
void tls_ticket_renew(struct tls_server *tls);
int64_t tls_now(void);
#endif
