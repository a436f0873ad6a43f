/* audit.h - the AuditEvent of a commit: who did what to which records (R4 auditevent.html). */
#ifndef SERVER_INTERACTIONS_AUDIT_H
#define SERVER_INTERACTIONS_AUDIT_H
#include "resources/base/str.h"

struct write_set;

/* Names records, never their content. In the set's arena. */
struct str audit_commit(const struct write_set *set);
#endif
