/* schedule.h - the jobs by which the outbox keeps when a record is to be looked at. */
#ifndef SERVER_RULES_SCHEDULE_H
#define SERVER_RULES_SCHEDULE_H
#include "resources/ltss/rule.h"
#include "server/rules/rules.h"

#define SCHEDULE_KIND "look"

/* Adds to the set a job for each rule of run->program that is to look at the changed record at a
 * time which its last version, `replaced`, did not name. */
void schedule_add(struct write_set *set, const struct rule_run *run, uint64_t replaced);
/* Adds the next look after one that asked for it (run->again_us). */
void schedule_again(struct write_set *set, const struct rule_run *run, uint64_t job);
/* The look that a job stands for; false when its rule is on no more, or it says nothing. */
bool schedule_read(struct rules_look *look, const struct service *service, struct str payload);
#endif
