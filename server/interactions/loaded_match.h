/* loaded_match.h - does a loaded definition meet the conditions of a search. */
#ifndef SERVER_INTERACTIONS_LOADED_MATCH_H
#define SERVER_INTERACTIONS_LOADED_MATCH_H
#include "resources/fhir/definitions/heads.h"
#include "server/service.h"

/* Asks the head first, and reads and indexes the resource only when a condition needs more. */
bool loaded_match(const struct service *service, const struct search_plan *plan,
                  const struct definition_head *head, struct arena *arena);
#endif
