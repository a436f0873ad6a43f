/* compartment.h - GET Patient/1/CarePlan: the records of a compartment (R4
 * compartmentdefinition.html). */
#ifndef SERVER_SEARCH_COMPARTMENT_H
#define SERVER_SEARCH_COMPARTMENT_H
#include "server/search/parse.h"

/* That the records are in the compartment that the context names; false with an issue when R4 has
 * no such compartment. */
bool compartment_condition(struct parsing *with, struct search_condition *out);
#endif
