/* loaded_match.h - does a loaded definition meet the conditions of a search. */
#ifndef SERVER_INTERACTIONS_LOADED_MATCH_H
#define SERVER_INTERACTIONS_LOADED_MATCH_H
#include "resources/fhir/definitions/heads.h"
#include "server/service.h"

/* Asks the head first, and reads and indexes the resource only when a condition needs more. */
bool loaded_match(const struct service *service, const struct search_plan *plan,
                  const struct definition_head *head, struct arena *arena);
/* Whether a condition can be told of one resource alone, without others or its texts. */
bool loaded_match_can(const struct search_condition *condition);
/* Whether the rows of a resource's index, and its id, meet it. */
bool loaded_match_holds(const struct search_condition *condition, const struct index_rows *rows,
                        struct str id);
#endif
