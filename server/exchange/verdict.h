/* verdict.h - what an attempt to deliver means: done, try again, or failed for good. */
#ifndef SERVER_EXCHANGE_VERDICT_H
#define SERVER_EXCHANGE_VERDICT_H
#include <stdbool.h>

enum verdict { VERDICT_DONE, VERDICT_RETRY, VERDICT_FAILED };
struct verdict_reason {
    enum verdict verdict;
    const char *code; /* of CodeSystem task-status-reason; NULL when done */
    const char *text; /* for people */
};

/* An HTTP status: 2xx is done; 408, 425, 429 and 5xx may pass; all else is the receiver's no. */
struct verdict_reason verdict_of_status(int status);
/* A libcurl result other than CURLE_OK. message: libcurl's text, by which a handshake that the
 * receiver broke off is told from a connection that failed. */
struct verdict_reason verdict_of_curl(int code, const char *message);
/* The resolved address is one that this server may not call. */
struct verdict_reason verdict_of_address(void);
/* The time for attempts has run out. */
struct verdict_reason verdict_of_waiting_too_long(void);
/* Seconds until the next attempt: doubled each time up to `most`, give or take a quarter. random:
 * any 32 bits. */
unsigned verdict_wait(unsigned attempts, unsigned first, unsigned most, unsigned random);
#endif
