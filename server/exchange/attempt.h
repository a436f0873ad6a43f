/* attempt.h - one delivery under way: a POST of a Bundle over mutual TLS with libcurl. */
#ifndef SERVER_EXCHANGE_ATTEMPT_H
#define SERVER_EXCHANGE_ATTEMPT_H
#include <curl/curl.h>

#include "resources/base/buf.h"
#include "server/exchange/delivery.h"
#include "server/exchange/verdict.h"

enum { ATTEMPT_MOST_REPLY = 1 << 20, ATTEMPT_CONNECT_SECONDS = 20 };

/* Lives in its own arena, which attempt_close closes. */
struct attempt {
    struct attempt *next;
    struct delivery_line *line; /* whose transfer it is; delivery.c's alone */
    struct arena *arena;
    CURL *easy;
    struct curl_slist *headers;
    const struct delivery_options *options;
    uint64_t job;
    unsigned attempts; /* with this one */
    struct str lane, key, task, endpoint, bundle;
    int64_t made_us;
    struct buf reply; /* untrusted */
    char message[CURL_ERROR_SIZE];
    bool is_address_refused, is_address_taken; /* of the host's addresses, one at least was */
};

/* The payload of a job of kind DELIVERY_KIND, whose lane is the Endpoint reference and whose key
 * the Idempotency-Key. task: the Task's id. */
struct str attempt_payload(struct str task, struct str endpoint, int64_t made_us, struct str bundle,
                           struct arena *arena);
/* Takes a job of the outbox apart; everything is copied. NULL when its payload is not one of ours.
 */
struct attempt *attempt_open(const struct delivery_options *options,
                             const struct store_pending *job);
/* Makes the transfer to address ready; false when libcurl can not. */
bool attempt_start(struct attempt *attempt, struct str address);
/* What libcurl's result means. status: the HTTP status, 0 when there was no answer. */
struct verdict_reason attempt_judge(struct attempt *attempt, CURLcode code, int *status);
/* The reply when it is an OperationOutcome that is fit to be kept, else NULL. */
const cJSON *attempt_outcome(struct attempt *attempt);
void attempt_close(struct attempt *attempt);
#endif
