/* delivery.h - the one thread that carries what the outbox holds to other parties, over mutual TLS.
 */
#ifndef SERVER_EXCHANGE_DELIVERY_H
#define SERVER_EXCHANGE_DELIVERY_H
#include "server/exchange/address.h"
#include "server/service.h"

struct delivery_options {
    const struct service *service;
    const char *certificate, *key; /* PEM files: who we are to the other party */
    const char *authorities;       /* PEM file: whose certificates we take */
    const char *revoked;           /* PEM file of CRLs, or NULL */
    struct address_networks networks;
    unsigned give_up_seconds; /* from the Task's making */
    unsigned first_wait_seconds, most_wait_seconds;
    unsigned attempt_seconds; /* for one whole exchange */
    uint64_t most_waiting;    /* for one endpoint; those that begin together may exceed it */
};

/* Opens the thread; it begins with what the outbox still holds. NULL with an issue when the files
 * can not be used. */
struct delivery *delivery_open(const struct delivery_options *options, struct issues *issues);
/* Says that the outbox has something new; from any thread, until delivery_close. */
void delivery_wake(struct delivery *delivery);
/* False when as many wait for the endpoint as may; from any thread, until delivery_close. */
bool delivery_has_room(const struct delivery *delivery, struct str endpoint);
/* When a delivery that is made at made_us is given up; from any thread, until delivery_close. */
int64_t delivery_ends(const struct delivery *delivery, int64_t made_us);
/* The files have changed, or who is registered: no transfer that begins from now on uses a
 * connection that was made before. What is under way goes on. False with issues when the files can
 * not be used; then nothing can be delivered until they can. */
bool delivery_reload(struct delivery *delivery, struct issues *issues);
/* Stops the thread; what is under way is tried again after the next start. Requests that are still
 * being worked on may go on to call delivery_wake: so it is not gone yet. */
void delivery_stop(struct delivery *delivery);
/* NULL is allowed. */
void delivery_close(struct delivery *delivery);

#define DELIVERY_KIND "delivery"
#endif
