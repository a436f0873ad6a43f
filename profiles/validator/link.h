/* link.h - the extension narrativeLink: the part of a narrative that says the same (R4
 * extension-narrativelink.html). */
#ifndef PROFILES_VALIDATOR_LINK_H
#define PROFILES_VALIDATOR_LINK_H
struct node;
struct run;

/* The part must be there, once, where the resource that has it is at hand: this one, or one in the
 * same Bundle. node: the extension. */
void validator_link_check(struct run *run, const struct node *node);
#endif
