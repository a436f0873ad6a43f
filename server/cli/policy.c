/* policy.c - the options of `tandem validate` that say how strict it is. */
#include "server/cli/policy.h"

#include <string.h>

#include "profiles/validator/validator.h"

/* Options whose word asks for a policy; what one option asks for replaces what it asked before. */
static const struct choice {
    const char *name, *word;
    unsigned policy;
} CHOICES[] = {
    { "unknown", "warn", 0 },
    { "unknown", "refuse", VALIDATION_DEFINITIONS_ARE_HERE },
    { "examples", "allow", 0 },
    { "examples", "refuse", VALIDATION_NO_EXAMPLES },
    { "canonicals", "warn", 0 },
    { "canonicals", "refuse", VALIDATION_CANONICALS_ARE_ABSOLUTE },
    { "targets", "any", VALIDATION_TARGETS_MAY_BE_AWAY },
    { "targets", "named", 0 },
    { "targets", "needed", VALIDATION_TARGETS_ARE_HERE },
};

bool policy_choose(unsigned *policy, const char *name, const char *word)
{
    const struct choice *chosen = NULL;
    unsigned before = 0;
    for (size_t i = 0; i < COUNT(CHOICES); i++) {
        if (strcmp(CHOICES[i].name, name) != 0)
            continue;
        before |= CHOICES[i].policy;
        chosen = strcmp(CHOICES[i].word, word) == 0 ? &CHOICES[i] : chosen;
    }
    if (chosen)
        *policy = (*policy & ~before) | chosen->policy;
    return chosen;
}
