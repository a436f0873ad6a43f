/* rules.h - the rules of the loaded programs, asked of every change before it is stored. */
#ifndef SERVER_RULES_RULES_H
#define SERVER_RULES_RULES_H
#include "server/interactions/write.h"

/* Asks every program about every write of a set whose identities are decided, and adds to
 * set->derived what the rules make. Whatever a rule was told becomes a guard, so that the set is
 * decided anew when it no longer holds. False with issues when a rule refuses. Does nothing where
 * no program is loaded. */
bool rules_apply(struct write_set *set);

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
