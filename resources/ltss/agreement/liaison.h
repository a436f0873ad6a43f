/* liaison.h - whom to call at a side of an agreement (extension liaison of the Contract). */
#ifndef RESOURCES_LTSS_AGREEMENT_LIAISON_H
#define RESOURCES_LTSS_AGREEMENT_LIAISON_H
#include "resources/ltss/rule.h"

/* "PractitionerRole/x" who works for the organization; empty: none is named. */
struct str agreement_liaison_of(const struct rule_run *run, const cJSON *contract,
                                struct str organization);
#endif
