/* choice.h - slices of a choice by its types: valueQuantity, and value[x]:valueQuantity. */
#ifndef PROFILES_SNAPSHOT_CHOICE_H
#define PROFILES_SNAPSHOT_CHOICE_H
#include "profiles/snapshot/branch.h"

/* True when the branch of a differential is the short form of that choice. */
bool snapshot_choice_is_short(const struct branch *slot, const struct branch *diff);
/* False, with an issue, when a short form names no type of the choice, or states another one. */
bool snapshot_choice_check_short(struct maker *maker, const struct branch *slot,
                                 const struct branch *diff);
/* The one type that a slice of the choice is for: stated, or by its short form or name; NULL when
 * it is for none or several. */
const cJSON *snapshot_choice_type(struct maker *maker, const struct branch *slot,
                                  const struct branch *diff);
/* Leaves the element that one type. */
void snapshot_choice_set_type(struct maker *maker, struct branch *out, const cJSON *type);
/* True when the choice is sliced by its type alone. */
bool snapshot_choice_is_by_type(const struct branch *slot);
/* The slice for a type, or NULL. */
struct branch *snapshot_choice_slice(const struct branch *slot, const cJSON *type);

/* After all slices are there: slices as diff orders them come first; a required one leaves no other
 * type; the slicing is closed when each type has its slice. */
void snapshot_choice_finish(struct maker *maker, struct branch *slot, const struct branch *diff);
#endif
