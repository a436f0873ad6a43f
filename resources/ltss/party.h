/* party.h - whether who asks is the organization, person or member that a record names. */
#ifndef RESOURCES_LTSS_PARTY_H
#define RESOURCES_LTSS_PARTY_H
#include "resources/ltss/rule.h"

/* The organization behind a Reference to an Organization, PractitionerRole or a Practitioner whose
 * role is stored: "Organization/x", or empty. */
struct str party_organization(const struct rule_run *run, const cJSON *reference);
/* Whether the caller is whom the Reference names: its organization, one that works for it, its
 * member, or the member of a RelatedPerson. */
bool party_is_caller(const struct rule_run *run, const cJSON *reference);
#endif
