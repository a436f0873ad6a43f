/* tls_verify.c - holding a client's certificate against the named authorities. */
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "resources/base/arena.h"
#include "server/http/tls_inside.h"

int64_t tls_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

static int64_t seconds_of(const ASN1_TIME *time)
{
    struct tm parts;
    return ASN1_TIME_to_tm(time, &parts) == 1 ? (int64_t)timegm(&parts) : 0;
}

/* When the answer to "is it trusted" may change by itself. */
static int64_t recheck_time(X509_STORE_CTX *verified, const struct tls_anchor *anchor)
{
    const STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(verified);
    int64_t first = anchor->next_update, least = tls_now() + TLS_LEAST_RECHECK_SECONDS;
    for (int i = 0; i < sk_X509_num(chain); i++) {
        int64_t end = seconds_of(X509_get0_notAfter(sk_X509_value(chain, i)));
        first = end < first ? end : first;
    }
    /* a CRL that another one has replaced is old, but says nothing */
    return first == anchor->next_update && first < least ? least : first;
}

/* X509_V_OK or why not. */
static int verify_under(const struct tls_anchor *anchor, X509 *leaf, STACK_OF(X509) * untrusted,
                        int64_t *recheck_at)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    int error = X509_V_ERR_OUT_OF_MEM;
    if (context && X509_STORE_CTX_init(context, anchor->store, leaf, untrusted) == 1) {
        X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
        X509_VERIFY_PARAM_set_depth(parameters, TLS_MOST_DEPTH);
        X509_VERIFY_PARAM_set_auth_level(parameters, 2);
        X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT);
        error = X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
        if (error == X509_V_OK)
            *recheck_at = recheck_time(context, anchor);
    }
    X509_STORE_CTX_free(context);
    return error;
}

/* An authority that does not know the issuer says less than one that does. */
static bool says_more(int error, int other)
{
    bool is_unknown = other == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
                      other == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
                      other == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE ||
                      other == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
                      other == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT;
    return is_unknown && error != X509_V_OK;
}

static int verify(struct tls_client *client, X509 *leaf, STACK_OF(X509) * untrusted)
{
    struct tls_trust *trust = tls_trust_pin(client->tls);
    int error = X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
    client->standing.is_verified = false;
    for (size_t i = 0; i < trust->authority_count && error != X509_V_OK; i++) {
        const struct tls_anchor *anchor = &trust->anchors[i];
        int found = verify_under(anchor, leaf, untrusted, &client->standing.recheck_at);
        if (found == X509_V_OK || says_more(found, error))
            error = found;
        if (found == X509_V_OK) {
            client->standing.anchor = (unsigned)i;
            client->anchor_name = str_copy(client->arena, anchor->name);
        }
    }
    client->standing.generation = trust->generation;
    tls_trust_unpin(client->tls, trust);
    /* a certificate without the extension is good for any purpose, so not made for this one */
    uint32_t usage = X509_get_extended_key_usage(leaf);
    if (error == X509_V_OK && (usage == UINT32_MAX || !(usage & XKU_SSL_CLIENT)))
        error = X509_V_ERR_INVALID_PURPOSE;
    client->standing.is_verified = error == X509_V_OK;
    client->reason = str_of(error == X509_V_OK ? NULL : X509_verify_cert_error_string(error));
    return error;
}

static struct str print_name(const X509_NAME *name, struct arena *arena)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *text = NULL;
    struct str subject = { NULL, 0 };
    if (memory && X509_NAME_print_ex(memory, name, 0, XN_FLAG_RFC2253) >= 0) {
        long length = BIO_get_mem_data(memory, &text);
        subject = str_copy(arena, (struct str){ text, length < 0 ? 0 : (size_t)length });
        subject = str_slice(subject, 0, TLS_MOST_TEXT);
    }
    BIO_free(memory);
    return subject;
}

int tls_verify(X509_STORE_CTX *context, void *tls)
{
    (void)tls;
    const SSL *ssl = X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls_client *client = tls_client_of(ssl);
    X509 *leaf = X509_STORE_CTX_get0_cert(context);
    client->subject = print_name(X509_get_subject_name(leaf), client->arena);
    int error = verify(client, leaf, X509_STORE_CTX_get0_untrusted(context));
    X509_STORE_CTX_set_error(context, error);
    return error == X509_V_OK;
}

bool tls_still_trusts(SSL *ssl)
{
    struct tls_client *client = tls_client_of(ssl);
    if (client->standing.generation == atomic_load(&client->tls->generation) &&
        tls_now() < client->standing.recheck_at)
        return true;
    X509 *leaf = SSL_get0_peer_certificate(ssl);
    return !leaf || verify(client, leaf, SSL_get_peer_cert_chain(ssl)) == X509_V_OK;
}

static struct str print_spki(X509 *certificate, struct arena *arena)
{
    static const char DIGITS[] = "0123456789abcdef";
    unsigned char *bytes = NULL, digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &bytes);
    if (size > 0)
        EVP_Digest(bytes, (size_t)size, digest, &length, EVP_sha256(), NULL);
    OPENSSL_free(bytes);
    char *hex = arena_alloc_raw(arena, 2 * length + 1);
    for (unsigned i = 0; i < length; i++) {
        hex[2 * i] = DIGITS[digest[i] >> 4];
        hex[2 * i + 1] = DIGITS[digest[i] & 15];
    }
    return (struct str){ hex, 2 * (size_t)length };
}

/* Visible ASCII alone: a name with a NUL or a line end in it is no name. */
static bool is_uri(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] <= 0x20 || text.data[i] >= 0x7f)
            return false;
    return text.len > 0 && text.len <= TLS_MOST_TEXT;
}

static void read_uris(struct http_peer *peer, X509 *certificate, struct arena *arena)
{
    struct str *uris = arena_array(arena, TLS_MOST_URIS, sizeof *uris);
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names) && peer->uri_count < TLS_MOST_URIS; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type != GEN_URI)
            continue;
        const ASN1_IA5STRING *uri = name->d.uniformResourceIdentifier;
        struct str text = { (const char *)ASN1_STRING_get0_data(uri),
                            (size_t)ASN1_STRING_length(uri) };
        if (is_uri(text))
            uris[peer->uri_count++] = str_copy(arena, text);
    }
    GENERAL_NAMES_free(names);
    peer->uris = uris;
}

/* After a resumption the authority is known by its number in the ticket. */
static struct str anchor_name(struct tls_client *client)
{
    struct tls_trust *trust = tls_trust_pin(client->tls);
    if (client->anchor_name.len == 0 && client->standing.generation == trust->generation &&
        client->standing.anchor < trust->authority_count)
        client->anchor_name = str_copy(client->arena, trust->anchors[client->standing.anchor].name);
    tls_trust_unpin(client->tls, trust);
    return client->anchor_name;
}

const struct http_peer *tls_peer(SSL *ssl)
{
    struct tls_client *client = tls_client_of(ssl);
    X509 *certificate = SSL_get0_peer_certificate(ssl);
    if (!certificate)
        return NULL;
    struct http_peer *peer = arena_alloc(client->arena, sizeof *peer);
    peer->authority = anchor_name(client);
    peer->subject = print_name(X509_get_subject_name(certificate), client->arena);
    peer->spki_sha256 = print_spki(certificate, client->arena);
    read_uris(peer, certificate, client->arena);
    client->subject = peer->subject;
    return peer;
}
