/* words.h - data types in words: what a reader sees of a name, a code, a time, an amount. */
#ifndef RESOURCES_LTSS_PAGE_WORDS_H
#define RESOURCES_LTSS_PAGE_WORDS_H
#include "resources/ltss/rule.h"

/* Everything takes NULL and gives an empty text then. */
/* text, else the first display, else the first code; of a list all, with ", " between. */
struct str words_concept(const cJSON *concept, struct arena *arena);
/* A HumanName, or of a list the first that is usual or official, else the first. */
struct str words_name(const cJSON *name, struct arena *arena);
/* The first telephone number or address. */
struct str words_contact(const cJSON *telecom, struct arena *arena);
/* "2026-11-01 to 2026-11-30", "from 2026-11-01". */
struct str words_period(const cJSON *period, struct arena *arena);
/* "20 per week": a Quantity, Ratio or Range. */
struct str words_amount(const cJSON *quantity, struct arena *arena);
/* The day of a date, dateTime or instant, and its time of day when it has one. */
struct str words_time(struct str text, struct arena *arena);
/* A code as words: "in-plan" is "in plan". */
struct str words_code(struct str code, struct arena *arena);
/* The display that one of the guide's code systems ("coordination-domain") gives a code, else as
 * above. */
struct str words_display(const struct rule_run *run, const char *system, struct str code);
/* Whom or what a Reference leads to, by the record that is there, else by its display. */
struct str words_reference(const struct rule_run *run, const cJSON *reference);
/* Of a PractitionerRole or Practitioner the person, of anything else the same as above. */
struct str words_person(const struct rule_run *run, const cJSON *reference);
/* The name of the organization behind a Reference. */
struct str words_organization(const struct rule_run *run, const cJSON *reference);
#endif
