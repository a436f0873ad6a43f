/* xhtml.h - R4's rules about a narrative's div (R4 narrative.html). */
#ifndef PROFILES_VALIDATOR_XHTML_H
#define PROFILES_VALIDATOR_XHTML_H
struct node;
struct run;

/* txt-1 and txt-2 over a div. Both hold of what is not well-formed: that is its own issue. */
int validator_xhtml_is_allowed(struct run *run, const struct node *node);
int validator_xhtml_has_text(struct run *run, const struct node *node);
#endif
