/* verdict.c - the table of what may pass and what will not. */
#include "server/exchange/verdict.h"

#include <curl/curl.h>
#include <stddef.h>
#include <string.h>

#include "resources/base/str.h"

static const struct verdict_reason DONE = { VERDICT_DONE, NULL, NULL };
static const struct verdict_reason UNREACHED = { VERDICT_RETRY, "waiting-to-retry",
                                                 "The receiver could not be reached" };
static const struct verdict_reason BUSY = { VERDICT_RETRY, "waiting-to-retry",
                                            "The receiver could not take it now" };
static const struct verdict_reason REFUSED = { VERDICT_FAILED, "remote-refused",
                                               "The receiver refused it" };
static const struct verdict_reason UNTRUSTED = {
    VERDICT_FAILED, "tls-verification",
    "The receiver's certificate is not trusted; nothing was sent"
};
static const struct verdict_reason UNWELCOME = {
    VERDICT_FAILED, "tls-verification", "The receiver did not accept this server's certificate"
};
static const struct verdict_reason CLOSED = { VERDICT_FAILED, "endpoint-refused",
                                              "The address is not one that this server may call" };

static const struct verdict_reason GIVEN_UP = { VERDICT_FAILED, "gave-up",
                                                "No attempt succeeded within the time set" };

/* Results that will not pass by waiting. What is not here is a network error: tried again. */
static const struct {
    CURLcode code;
    const struct verdict_reason *reason;
} FINAL[] = {
    { CURLE_PEER_FAILED_VERIFICATION, &UNTRUSTED }, { CURLE_SSL_ISSUER_ERROR, &UNTRUSTED },
    { CURLE_SSL_INVALIDCERTSTATUS, &UNTRUSTED },    { CURLE_SSL_CRL_BADFILE, &UNTRUSTED },
    { CURLE_SSL_CACERT_BADFILE, &UNTRUSTED },       { CURLE_SSL_CERTPROBLEM, &UNWELCOME },
    { CURLE_UNSUPPORTED_PROTOCOL, &CLOSED },        { CURLE_URL_MALFORMAT, &CLOSED },
};

struct verdict_reason verdict_of_status(int status)
{
    if (status >= 200 && status <= 299)
        return DONE;
    if (status == 408 || status == 425 || status == 429 || status >= 500)
        return BUSY;
    return REFUSED;
}

struct verdict_reason verdict_of_curl(int code, const char *message)
{
    for (size_t i = 0; i < COUNT(FINAL); i++)
        if ((int)FINAL[i].code == code)
            return *FINAL[i].reason;
    /* A TLS alert that names a certificate or an authority is the receiver's verdict on ours. */
    if (strstr(message, "alert") &&
        (strstr(message, "certificate") || strstr(message, "unknown ca")))
        return UNWELCOME;
    return UNREACHED;
}

struct verdict_reason verdict_of_address(void)
{
    return CLOSED;
}

struct verdict_reason verdict_of_waiting_too_long(void)
{
    return GIVEN_UP;
}

unsigned verdict_wait(unsigned attempts, unsigned first, unsigned most, unsigned random)
{
    unsigned long long wait = first ? first : 1;
    for (unsigned i = 1; i < attempts && wait < most; i++)
        wait *= 2;
    if (wait > most)
        wait = most;
    unsigned long long quarter = wait / 4;
    return (unsigned)(wait - quarter + random % (2 * quarter + 1));
}
