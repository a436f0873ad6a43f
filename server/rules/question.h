/* question.h - what a rule is given, for operations that only ask: they see what their caller may
 * see, and nothing that they are told has to hold later. */
#ifndef SERVER_RULES_QUESTION_H
#define SERVER_RULES_QUESTION_H
#include "resources/base/map.h"
#include "resources/ltss/rule.h"
#include "server/interactions/interaction.h"

enum { QUESTION_MOST_FOUND = 1000 };

/* Lives where the caller puts it; does not move. */
struct question {
    struct interaction *interaction;
    struct map read; /* "Type/id" -> struct ltss_record */
    bool has_failed; /* the store did not answer, or with too much; an issue says so */
    struct lookup lookup;
    struct caller caller;
    struct change change;
    struct rule_run run; /* of the first loaded program, or of none: then days are UTC's */
};
void question_init(struct question *question, struct interaction *interaction);
/* The records of a search such as STR("focus=ServiceRequest/x&_sort=-_lastUpdated"), at most
 * QUESTION_MOST_FOUND (more is an issue); ends with content NULL. */
const struct ltss_record *question_search(struct question *question, const char *type,
                                          struct str query);
/* The record as its caller may see it; NULL with an issue. */
const cJSON *question_read(struct question *question, const char *type, struct str id);
#endif
