/* selector.h - inside patch: selectors of an XML Patch as XPath 1.0 has them. */
#ifndef RESOURCES_FHIR_PATCH_SELECTOR_H
#define RESOURCES_FHIR_PATCH_SELECTOR_H
#include "resources/base/str.h"

struct arena;

/* Stands for the patch's default namespace: XPath 1.0 has none. */
#define SELECTOR_PREFIX "patch-default-namespace"

/* Puts the prefix before the names of elements that have none (RFC 5261 section 4.2.2), when there
 * is a default namespace. False when a quote does not end, or parentheses nest too deeply. */
bool selector_qualify(struct str *selector, bool has_default, struct arena *arena);
/* Whether the last step is comment() or processing-instruction(). */
bool selector_is_comment(struct str selector);
#endif
