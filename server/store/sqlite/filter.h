/* filter.h - a condition on one version, and the versions that a condition's index holds, as SQL.
 */
#ifndef SERVER_STORE_SQLITE_FILTER_H
#define SERVER_STORE_SQLITE_FILTER_H
#include "server/store/sqlite/render.h"

/* True for a condition on the time of the version itself. */
bool filter_is_time(const struct search_condition *condition);
/* An expression that is true when the version with this alias meets the condition. */
void filter_condition(struct render *render, const char *version,
                      const struct search_condition *condition);
/* "parameter ... AND (values)": the rows of the condition's own index table that meet it. */
void filter_rows(struct render *render, const struct search_condition *condition);
/* "patient = ?" or "patient IN ...": the rows of a compartment condition's patients. */
void filter_patients(struct render *render, const struct search_condition *condition);
/* "(?, ?)": the ids of a condition on _id. */
void filter_ids(struct render *render, const struct search_condition *condition);
#endif
