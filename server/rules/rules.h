/* rules.h - the rules of the loaded programs, asked of every change before it is stored. */
#ifndef SERVER_RULES_RULES_H
#define SERVER_RULES_RULES_H
#include "resources/ltss/rule.h"
#include "server/interactions/write.h"

/* Whether the viewer may make every write of a set whose identities are decided, and in this way:
 * asked before what is written is held against its profiles. */
bool rules_permit(struct write_set *set);
/* Asks every program about every write of a set, and adds to set->derived what the rules make.
 * Whatever a rule was told becomes a guard, so that the set is decided anew when it no longer
 * holds. False with issues when a rule refuses. Does nothing where no program is loaded. */
bool rules_apply(struct write_set *set);
/* For an operation, from its settle function: calls `ask` with what a rule is given about the
 * change of one write of the set, in the first program that has the rule `key` on; what it derives
 * is written with the set. False with issues: no such program, or `ask` refused. */
bool rules_ask(struct write_set *set, struct write *write, const char *key,
               bool (*ask)(struct rule_run *run, void *context), void *context);
/* The first loaded program that has the rule on, or NULL. */
const struct program *rules_program(const struct service *service, const char *key);

/* One look of a rule at a record whose time has come (scheduler.c); extras.look of the set that
 * writes what comes of it. */
struct rules_look {
    const struct program *program;
    const struct rule *rule;
    struct str type, id;
    uint64_t job; /* of the outbox, which the set finishes */
};

enum { RULES_MOST_FOUND = 200, RULES_MOST_DERIVED = 64, RULES_MOST_DEPTH = 3 };
#endif
