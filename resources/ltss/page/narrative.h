/* narrative.h - text.div of a record that comes without one (R4 narrative.html): what it says, in
 * words. */
#ifndef RESOURCES_LTSS_PAGE_NARRATIVE_H
#define RESOURCES_LTSS_PAGE_NARRATIVE_H
#include "resources/ltss/record.h"

/* Gives the record a generated narrative, unless it has one that was not made here. One that was
 * made here says what the record said then, so it is made anew. */
void narrative_give(cJSON *record, struct arena *arena);
#endif
