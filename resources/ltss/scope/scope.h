/* scope.h - which organizations are plans, whose package an agreement divides. */
#ifndef RESOURCES_LTSS_SCOPE_SCOPE_H
#define RESOURCES_LTSS_SCOPE_SCOPE_H
#include "resources/ltss/rule.h"

/* Whether "Organization/x" is of a type that the pack's list plan-org-types names. */
bool scope_is_plan(const struct rule_run *run, struct str organization);
#endif
