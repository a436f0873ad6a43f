/* xhtml.h - a light check of a narrative's div: well-formed, and nothing that acts (R4
 * narrative.html). */
#ifndef PROFILES_VALIDATOR_XHTML_H
#define PROFILES_VALIDATOR_XHTML_H
#include "resources/base/str.h"

struct node;
struct run;

/* What is wrong with the markup, a constant text; NULL when it is a well-formed div. *is_allowed:
 * only elements and attributes that R4 allows; *has_text: something to read, or an image. */
const char *validator_xhtml_scan(struct str text, bool *is_allowed, bool *has_text);
/* txt-1 and txt-2 over a div. Both hold of what is not well-formed: that is its own issue. */
int validator_xhtml_is_allowed(struct run *run, const struct node *node);
int validator_xhtml_has_text(struct run *run, const struct node *node);
#endif
