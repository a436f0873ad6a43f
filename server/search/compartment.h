/* compartment.h - GET Patient/1/CarePlan: the records of a compartment (R4
 * compartmentdefinition.html). */
#ifndef SERVER_SEARCH_COMPARTMENT_H
#define SERVER_SEARCH_COMPARTMENT_H
#include "server/search/parse.h"

/* That the records are in the compartment that the context names; false with an issue when R4 has
 * no such compartment. */
bool compartment_condition(struct parsing *with, struct search_condition *out);

/* The types whose records a compartment of the type can hold; none where R4 has no such one. */
const struct str *compartment_types(struct definitions *definitions, struct str type,
                                    struct arena *arena, size_t *count);
#endif
