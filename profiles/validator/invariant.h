/* invariant.h - evaluates FHIRPath conditions that stand outside the constraints of an element. */
#ifndef PROFILES_VALIDATOR_INVARIANT_H
#define PROFILES_VALIDATOR_INVARIANT_H
#include "resources/base/str.h"

struct node;
struct run;

/* 1 holds, 0 does not, -1 cannot be evaluated. */
int validator_invariant_test(struct run *run, struct str text, const struct node *node);
/* Does an expression on the node's resource select the node: 1, 0, -1 cannot be evaluated. */
int validator_invariant_selects(struct run *run, struct str text, const struct node *node);
#endif
