/* pattern.h - regular expressions of value set filters, on PCRE2 inside limits. */
#ifndef RESOURCES_FHIR_TERMINOLOGY_PATTERN_H
#define RESOURCES_FHIR_TERMINOLOGY_PATTERN_H
#include "resources/base/str.h"

enum pattern_verdict { PATTERN_YES, PATTERN_NO, PATTERN_TOO_COSTLY };
/* Lives in its arena. NULL when it is no regular expression. */
struct pattern;
struct pattern *pattern_compile(struct str text, struct arena *arena);
/* The whole text, not a part of it. */
enum pattern_verdict pattern_match(const struct pattern *pattern, struct str text);
#endif
