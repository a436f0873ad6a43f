/* act.h - who may do what: the matrix of roles and acts of a program pack. */
#ifndef RESOURCES_LTSS_ACT_H
#define RESOURCES_LTSS_ACT_H
#include "resources/ltss/rule.h"

/* What a cell may say beside "yes": the condition's name and its test. */
struct act_condition {
    const char *name, *words; /* words: for those who read the matrix */
    bool (*holds)(struct rule_run *run);
};
/* The last has no name. */
const struct act_condition *act_conditions(void);

/* Whether the caller's role is a column of one of the programs: any other role writes nothing.
 * run->program is one of them. False with an issue. The server itself and the tester may do
 * everything. */
bool act_check_role(struct rule_run *run, const struct program *programs, size_t count);
/* Whether the matrix of run->program, where the role is a column of it, lets the role do what the
 * change does. */
bool act_check(struct rule_run *run);
#endif
