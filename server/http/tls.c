/* tls.c - reading keys, certificates and revocation lists; sessions; reloading. */
#include "server/http/tls_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "resources/base/arena.h"

static const char CIPHERS[] = "ECDHE+AESGCM:ECDHE+CHACHA20"; /* of TLS 1.2; all of 1.3's are good */
static const unsigned char PROTOCOLS[] = "\x08http/1.1";

static bool complain(struct issues *issues, const char *path, const char *what)
{
    unsigned long error = ERR_peek_last_error();
    const char *why = error ? ERR_reason_error_string(error) : NULL;
    issue_add(issues, NULL, ISSUE_CONFIGURATION, "%s: %s%s%s", path, what, why ? ": " : "",
              why ? why : "");
    ERR_clear_error();
    return false;
}

static void close_bio(BIO **bio)
{
    BIO_free(*bio);
}
#define CLOSING_BIO __attribute__((cleanup(close_bio)))

static BIO *open_file(const char *path, struct issues *issues)
{
    ERR_clear_error();
    BIO *file = BIO_new_file(path, "r");
    if (!file)
        complain(issues, path, "can not be opened");
    return file;
}

/* The same descriptor is looked at and read, so that the file can not change in between. */
static BIO *open_private_file(const char *path, struct issues *issues)
{
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    ERR_clear_error();
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        issue_add(issues, NULL, ISSUE_CONFIGURATION, "%s: %s", path, strerror(errno));
        if (descriptor >= 0)
            close(descriptor);
        return NULL;
    }
    if (!S_ISREG(status.st_mode) || (status.st_mode & (S_IRWXG | S_IRWXO))) {
        complain(issues, path, "a private key must be a file that its owner alone can use (0600)");
        close(descriptor);
        return NULL;
    }
    return BIO_new_fd(descriptor, BIO_CLOSE);
}

static int refuse_passphrase(char *text, int room, int is_writing, void *argument)
{
    (void)text, (void)room, (void)is_writing, (void)argument;
    return -1;
}

bool tls_check_key(const char *path, struct issues *issues)
{
    CLOSING_BIO BIO *file = open_private_file(path, issues);
    if (!file)
        return false;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(file, NULL, refuse_passphrase, NULL);
    bool is_key = key != NULL;
    EVP_PKEY_free(key);
    return is_key || complain(issues, path, "not a private key in PEM without a passphrase");
}

static bool use_key(SSL_CTX *context, const char *path, struct issues *issues)
{
    CLOSING_BIO BIO *file = open_private_file(path, issues);
    if (!file)
        return false;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(file, NULL, refuse_passphrase, NULL);
    bool is_used = key && SSL_CTX_use_PrivateKey(context, key) == 1;
    EVP_PKEY_free(key);
    return is_used || complain(issues, path, "not the certificate's private key");
}

static bool use_certificate(SSL_CTX *context, const char *path, struct issues *issues)
{
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, path) != 1)
        return complain(issues, path, "not a certificate");
    if (X509_cmp_current_time(X509_get0_notAfter(SSL_CTX_get0_certificate(context))) <= 0)
        return complain(issues, path, "the certificate has expired");
    return true;
}

static bool add_certificates(struct tls_anchor *anchor, SSL_CTX *context, const char *path,
                             struct issues *issues)
{
    CLOSING_BIO BIO *file = open_file(path, issues);
    X509 *certificate;
    size_t count = 0;
    if (!file)
        return false;
    while ((certificate = PEM_read_bio_X509(file, NULL, NULL, NULL)) != NULL) {
        count += X509_STORE_add_cert(anchor->store, certificate) == 1 &&
                 SSL_CTX_add_client_CA(context, certificate) == 1;
        X509_free(certificate);
    }
    return count > 0 || complain(issues, path, "holds no certificate");
}

static int64_t next_update_of(const X509_CRL *list)
{
    struct tm parts;
    const ASN1_TIME *time = X509_CRL_get0_nextUpdate(list);
    return time && ASN1_TIME_to_tm(time, &parts) == 1 ? (int64_t)timegm(&parts) : 0;
}

static bool add_revocations(struct tls_anchor *anchor, const char *path, struct issues *issues)
{
    CLOSING_BIO BIO *file = open_file(path, issues);
    X509_CRL *list;
    size_t count = 0;
    if (!file)
        return false;
    while ((list = PEM_read_bio_X509_CRL(file, NULL, NULL, NULL)) != NULL) {
        int64_t next_update = next_update_of(list);
        anchor->next_update = next_update < anchor->next_update ? next_update : anchor->next_update;
        count += X509_STORE_add_crl(anchor->store, list) == 1;
        X509_CRL_free(list);
    }
    X509_STORE_set_flags(anchor->store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    return count > 0 || complain(issues, path, "holds no revocation list");
}

static bool open_anchor(struct tls_trust *trust, size_t i, const struct tls_authority *authority,
                        struct issues *issues)
{
    struct tls_anchor *anchor = &trust->anchors[i];
    anchor->name = str_copy(trust->arena, authority->name);
    anchor->store = X509_STORE_new();
    anchor->next_update = INT64_MAX;
    return anchor->store &&
           add_certificates(anchor, trust->context, authority->certificates, issues) &&
           (!authority->revoked || add_revocations(anchor, authority->revoked, issues));
}

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *length,
                           const unsigned char *offered, unsigned offered_length, void *argument)
{
    (void)ssl, (void)argument;
    unsigned char *chosen = NULL;
    int found = SSL_select_next_proto(&chosen, length, PROTOCOLS, sizeof PROTOCOLS - 1, offered,
                                      offered_length);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static bool set_up(SSL_CTX *context)
{
    char groups[] = "X25519:P-256:P-384"; /* the macro that takes it has no const */
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_max_early_data(context, 0);
    SSL_CTX_set_security_level(context, 2);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(context, tls_verify, NULL);
    tls_ticket_setup(context);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, CIPHERS) == 1 &&
           SSL_CTX_set1_groups_list(context, groups) == 1;
}

static void trust_close(struct tls_trust *trust)
{
    for (size_t i = 0; i < trust->authority_count; i++)
        X509_STORE_free(trust->anchors[i].store);
    SSL_CTX_free(trust->context);
    arena_close(trust->arena);
}

struct tls_trust *tls_trust_open(struct tls_server *tls, unsigned generation, struct issues *issues)
{
    const struct tls_options *options = &tls->options;
    struct arena *arena = arena_open();
    struct tls_trust *trust = arena_alloc(arena, sizeof *trust);
    trust->arena = arena;
    trust->generation = generation;
    trust->users = 1;
    trust->context = SSL_CTX_new(TLS_server_method());
    trust->authority_count = options->authority_count;
    trust->anchors = arena_array(arena, options->authority_count, sizeof *trust->anchors);
    bool is_good = trust->context &&
                   (set_up(trust->context) || complain(issues, "TLS", "OpenSSL can not be set up"));
    is_good = is_good && use_certificate(trust->context, options->certificate, issues) &&
              use_key(trust->context, options->key, issues);
    for (size_t i = 0; is_good && i < options->authority_count; i++)
        is_good = open_anchor(trust, i, &options->authorities[i], issues);
    if (is_good)
        return trust;
    trust_close(trust);
    return NULL;
}

struct tls_trust *tls_trust_pin(struct tls_server *tls)
{
    pthread_mutex_lock(&tls->lock);
    struct tls_trust *trust = tls->trust;
    trust->users++;
    pthread_mutex_unlock(&tls->lock);
    return trust;
}

void tls_trust_unpin(struct tls_server *tls, struct tls_trust *trust)
{
    pthread_mutex_lock(&tls->lock);
    bool is_last = --trust->users == 0;
    pthread_mutex_unlock(&tls->lock);
    if (is_last)
        trust_close(trust);
}

struct tls_server *tls_open(const struct tls_options *options, struct issues *issues)
{
    struct arena *arena = arena_open();
    struct tls_server *tls = arena_alloc(arena, sizeof *tls);
    tls->arena = arena;
    tls->options = *options;
    tls->generation = 1;
    pthread_mutex_init(&tls->lock, NULL);
    tls->trust = tls_trust_open(tls, 1, issues);
    if (!tls->trust) {
        tls_close(tls);
        return NULL;
    }
    tls_ticket_renew(tls);
    return tls;
}

bool tls_reload(struct tls_server *tls, struct issues *issues)
{
    unsigned generation = atomic_load(&tls->generation) + 1;
    struct tls_trust *trust = tls_trust_open(tls, generation, issues);
    if (!trust)
        return false;
    tls_ticket_renew(tls);
    pthread_mutex_lock(&tls->lock);
    struct tls_trust *before = tls->trust;
    tls->trust = trust;
    atomic_store(&tls->generation, generation);
    pthread_mutex_unlock(&tls->lock);
    tls_trust_unpin(tls, before);
    return true;
}

void tls_close(struct tls_server *tls)
{
    if (!tls)
        return;
    if (tls->trust)
        trust_close(tls->trust);
    OPENSSL_cleanse(tls->keys, sizeof tls->keys);
    pthread_mutex_destroy(&tls->lock);
    arena_close(tls->arena);
}

SSL *tls_session(struct tls_server *tls, int descriptor, struct arena *arena)
{
    struct tls_trust *trust = tls_trust_pin(tls);
    SSL *ssl = SSL_new(trust->context);
    struct tls_client *client = arena_alloc(arena, sizeof *client);
    *client = (struct tls_client){ .tls = tls, .arena = arena };
    client->standing.generation = trust->generation;
    client->standing.recheck_at = INT64_MAX;
    tls_trust_unpin(tls, trust);
    if (ssl && SSL_set_fd(ssl, descriptor) == 1 && SSL_set_app_data(ssl, client) == 1)
        return ssl;
    SSL_free(ssl);
    return NULL;
}

struct tls_client *tls_client_of(const SSL *ssl)
{
    return SSL_get_app_data(ssl);
}

bool tls_is_resumed(const SSL *ssl)
{
    return SSL_session_reused(ssl) == 1;
}

struct str tls_reason(SSL *ssl)
{
    struct tls_client *client = tls_client_of(ssl);
    if (client->reason.len)
        return client->reason;
    unsigned long error = ERR_peek_last_error();
    bool went_away = ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    return str_of(error && !went_away ? ERR_reason_error_string(error) : NULL);
}

struct str tls_subject(SSL *ssl)
{
    return tls_client_of(ssl)->subject;
}
