/* outcome.h - the one place where issues become an OperationOutcome and an HTTP status (R4
 * operationoutcome.html, http.html#Status-Codes). */
#ifndef SERVER_INTERACTIONS_OUTCOME_H
#define SERVER_INTERACTIONS_OUTCOME_H
#include "resources/base/issue.h"
#include "server/store/store.h"

/* System of OperationOutcome.issue.details.coding: the guide's CodeSystem of issue keys. */
#define OUTCOME_SYSTEM "http://tandem-fhir.org/ltss/CodeSystem/tandem-issue"

/* HTTP status of one kind of issue, from the table; 422 for what a definition or rule says. */
int outcome_status_of(enum issue_id id);
/* Status of an answer with these issues: that of the first error, 200 when there is none. */
int outcome_status(const struct issues *issues);
/* The OperationOutcome as JSON, errors first, in the issues' arena. Without any issue it says
 * all-ok. */
struct str outcome_print(const struct issues *issues);
/* The issue that a store's failure is for a client; nothing for OUTCOME_OK. `what` names the
 * record. Returns false unless outcome is OUTCOME_OK. */
bool outcome_raise(struct issues *issues, enum outcome outcome, struct str what);
#endif
