/* capabilities.h - the CapabilityStatement, printed from the tables once and kept (R4
 * capabilitystatement.html). */
#ifndef SERVER_INTERACTIONS_CAPABILITIES_H
#define SERVER_INTERACTIONS_CAPABILITIES_H
#include "resources/base/str.h"

struct service;

/* Holds the statement of one definitions set: what is served can not change while that set is
 * loaded, so it is printed when it is first asked for. Safe from any thread. */
struct capabilities;
struct capabilities *capabilities_open(void);
void capabilities_close(struct capabilities *capabilities);
/* Lives as long as the holder. Normative: without what R4 has for trial use. */
struct str capabilities_print(struct capabilities *capabilities, const struct service *service,
                              bool is_normative);
#endif
