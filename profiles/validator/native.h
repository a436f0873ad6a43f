/* native.h - R4's own invariants that stand on every element or every resource, said in C. */
#ifndef PROFILES_VALIDATOR_NATIVE_H
#define PROFILES_VALIDATOR_NATIVE_H
#include "resources/base/str.h"

struct node;
struct run;

/* 1 holds, 0 does not. */
typedef int (*validator_native)(struct run *run, const struct node *node);

/* The function for an expression, found by its letters; NULL: it is for FHIRPath. It says what the
 * expression says, or, where R4's wording is known not to, what the rule says in words
 * (is_corrected). A definition that words a key differently is evaluated as it is worded. */
validator_native validator_native_find(struct str key, struct str expression, bool *is_corrected);
#endif
