/* contained.h - searches that look into contained resources: _contained, _containedType (R4
 * search.html#contained). */
#ifndef SERVER_INTERACTIONS_CONTAINED_H
#define SERVER_INTERACTIONS_CONTAINED_H
#include "server/service.h"

/* Whether the plan's conditions can be asked of a contained resource; else an issue. */
bool contained_check(const struct service *service, const struct search_plan *plan,
                     struct issues *issues);
/* As loaded_search, for a plan with _contained. The records are those that contain a match, or (for
 * _containedType=contained) the matches: their id is "23#m1", of the type that contains them. */
enum outcome contained_search(const struct service *service, const struct viewer *viewer,
                              const struct search_plan *plan, uint64_t snapshot,
                              struct str position, struct arena *arena, struct store_page *out);
#endif
