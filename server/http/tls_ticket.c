/* tls_ticket.c - session tickets: keys that change, and standing that is asked again. */
#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/rand.h>
#include <string.h>

#include "server/http/tls_inside.h"

static void make_key(struct tls_ticket_key *key)
{
    int made = RAND_bytes(key->name, sizeof key->name) == 1 &&
               RAND_priv_bytes(key->cipher, sizeof key->cipher) == 1 &&
               RAND_priv_bytes(key->mac, sizeof key->mac) == 1;
    assert(made); /* without randomness there is no TLS at all */
    key->made = tls_now();
}

void tls_ticket_renew(struct tls_server *tls)
{
    pthread_mutex_lock(&tls->lock);
    OPENSSL_cleanse(tls->keys, sizeof tls->keys);
    make_key(&tls->keys[0]);
    pthread_mutex_unlock(&tls->lock);
}

static struct tls_ticket_key current_key(struct tls_server *tls)
{
    pthread_mutex_lock(&tls->lock);
    if (tls_now() - tls->keys[0].made > TLS_TICKET_KEY_SECONDS) {
        tls->keys[1] = tls->keys[0];
        make_key(&tls->keys[0]);
    }
    struct tls_ticket_key key = tls->keys[0];
    pthread_mutex_unlock(&tls->lock);
    return key;
}

/* 0: not there; 1: the current one; 2: the one before. */
static int find_key(struct tls_server *tls, const unsigned char *name, struct tls_ticket_key *key)
{
    int found = 0;
    pthread_mutex_lock(&tls->lock);
    for (int i = 0; i < 2 && !found; i++)
        if (tls->keys[i].made && CRYPTO_memcmp(tls->keys[i].name, name, 16) == 0) {
            *key = tls->keys[i];
            found = i + 1;
        }
    pthread_mutex_unlock(&tls->lock);
    return found;
}

static bool set_mac_key(EVP_MAC_CTX *mac, struct tls_ticket_key *key)
{
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key->mac, sizeof key->mac),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

/* SSL_CTX_set_tlsext_ticket_key_evp_cb's function: -1 fails, 0 does without a ticket. */
static int give_key(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
                    EVP_MAC_CTX *mac, int is_new)
{
    struct tls_server *tls = tls_client_of(ssl)->tls;
    struct tls_ticket_key key;
    int found = 1;
    if (is_new) {
        key = current_key(tls);
        memcpy(name, key.name, sizeof key.name);
        if (RAND_bytes(iv, 16) != 1)
            return -1;
    } else {
        found = find_key(tls, name, &key);
        if (!found)
            return 0;
    }
    bool is_set = EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), NULL, key.cipher, iv, is_new) == 1 &&
                  set_mac_key(mac, &key);
    OPENSSL_cleanse(&key, sizeof key);
    return is_set ? found : -1;
}

/* What was found about the client goes into its ticket. */
static int add_standing(SSL *ssl, void *argument)
{
    (void)argument;
    struct tls_client *client = tls_client_of(ssl);
    return SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), &client->standing,
                                           sizeof client->standing);
}

/* A ticket resumes only while its standing is of the trust in force and nothing of it has run out;
 * otherwise the client is asked for its certificate again. */
static SSL_TICKET_RETURN take_standing(SSL *ssl, SSL_SESSION *session,
                                       const unsigned char *key_name, size_t name_length,
                                       SSL_TICKET_STATUS status, void *argument)
{
    (void)key_name;
    (void)name_length;
    (void)argument;
    struct tls_client *client = tls_client_of(ssl);
    void *standing = NULL;
    size_t length = 0;
    if (status != SSL_TICKET_SUCCESS && status != SSL_TICKET_SUCCESS_RENEW)
        return SSL_TICKET_RETURN_IGNORE_RENEW;
    if (!SSL_SESSION_get0_ticket_appdata(session, &standing, &length) ||
        length != sizeof client->standing)
        return SSL_TICKET_RETURN_IGNORE_RENEW;
    memcpy(&client->standing, standing, length);
    bool has_certificate = SSL_SESSION_get0_peer(session) != NULL;
    bool is_good = client->standing.is_verified == has_certificate &&
                   client->standing.generation == atomic_load(&client->tls->generation) &&
                   tls_now() < client->standing.recheck_at;
    /* in TLS 1.3 a client uses a ticket once, so it needs the next one */
    bool is_renewed = status == SSL_TICKET_SUCCESS_RENEW || SSL_version(ssl) == TLS1_3_VERSION;
    if (is_good)
        return is_renewed ? SSL_TICKET_RETURN_USE_RENEW : SSL_TICKET_RETURN_USE;
    memset(&client->standing, 0, sizeof client->standing);
    return SSL_TICKET_RETURN_IGNORE_RENEW;
}

void tls_ticket_setup(SSL_CTX *context)
{
    static const unsigned char NAME[] = "tandem";
    /* without it a session with a client certificate is never resumed */
    SSL_CTX_set_session_id_context(context, NAME, sizeof NAME - 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_timeout(context, TLS_TICKET_SECONDS);
    SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context, give_key);
    SSL_CTX_set_session_ticket_cb(context, add_standing, take_standing, NULL);
}
