/* delivery_task.h - the Task by which people follow a delivery (guide profile
 * tandem-delivery-task). */
#ifndef SERVER_EXCHANGE_DELIVERY_TASK_H
#define SERVER_EXCHANGE_DELIVERY_TASK_H
#include <cjson/cJSON.h>

#include "resources/base/issue.h"

struct delivery_task_facts {
    struct str focus, subject, requester,
        owner;                    /* references; subject and requester may be empty */
    struct str endpoint;          /* "Endpoint/x" */
    struct str key;               /* urn:uuid of the Idempotency-Key */
    int64_t authored_us, ends_us; /* ends: when it is given up */
};
/* A Task in status requested. */
cJSON *delivery_task_new(const struct delivery_task_facts *facts, struct arena *arena);

/* What an attempt left behind. reason: a code of CodeSystem task-status-reason, or NULL for none.
 */
struct delivery_task_state {
    const char *status; /* requested, in-progress, completed, failed */
    const char *reason;
    struct str reason_text;
    unsigned attempts;
    int64_t attempted_us; /* 0: not yet */
    int64_t next_us;      /* 0: none */
    int http_status;      /* 0: no answer */
    const cJSON *outcome; /* the receiver's OperationOutcome, already judged harmless, or NULL */
};
void delivery_task_set(cJSON *task, const struct delivery_task_state *state, struct arena *arena);

/* Value of an input by its code of CodeSystem task-io: the item (valueReference, valueUuid ...), or
 * NULL. */
const cJSON *delivery_task_input(const cJSON *task, const char *code);
bool delivery_task_is(const cJSON *task);
#endif
