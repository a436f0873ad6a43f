/* delivery_record.h - writing down what came of an attempt: the Task, and the job of the outbox. */
#ifndef SERVER_EXCHANGE_DELIVERY_RECORD_H
#define SERVER_EXCHANGE_DELIVERY_RECORD_H
#include "server/exchange/attempt.h"

struct delivery_result {
    struct verdict_reason reason;
    int status;
    int64_t attempted_us;
    int64_t next_us; /* when the verdict is to try again */
};
/* False when the Task was ended by a person (cancelled) or is gone: then nothing is sent. */
bool delivery_record_is_wanted(struct attempt *attempt);
/* The Task and the end of the job in one commit, or the Task and then the next due time. When the
 * store can not write the end, the job stays and is done again later. */
void delivery_record(struct attempt *attempt, const struct delivery_result *result);
#endif
