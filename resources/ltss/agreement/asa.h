/* asa.h - the Health Home services agreement (ASA) between a plan and a Health Home: a Contract. */
#ifndef RESOURCES_LTSS_AGREEMENT_ASA_H
#define RESOURCES_LTSS_AGREEMENT_ASA_H
#include "resources/ltss/rule.h"

#define AGREEMENT_TERMS LTSS_CODES "agreement-term"
#define AGREEMENT_TYPES LTSS_CODES "agreement-type"

/* Whether it is of this type, or has terms that only an ASA has. */
bool agreement_asa_is(const cJSON *contract);
/* The two organizations that signed it, or that its terms name ("Organization/x"). False when there
 * are not exactly two. */
bool agreement_asa_parties(const cJSON *contract, struct str parties[2]);
/* Whether the organization is among its signers. */
bool agreement_asa_has_signed(const cJSON *contract, struct str organization);
/* Whether it is an ASA that both sides signed, is executed, and applies on the day. */
bool agreement_asa_is_in_force(const cJSON *contract, const struct date *day);
/* The Contract that a joint CareTeam or CarePlan stands under (extension governing-agreement, by
 * address or by identifier); NULL: none is named, or there is no such record. */
const cJSON *agreement_asa_of(const struct rule_run *run, const cJSON *record);
/* An ASA in force today that the organization has signed, where its appendix lists the service
 * (code empty: any); NULL: none. */
const cJSON *agreement_asa_with(const struct rule_run *run, struct str organization,
                                const cJSON *service);
/* The side of the agreement whose Organization has this type (a code of org-type); empty: none. */
struct str agreement_asa_side(const struct rule_run *run, const struct str parties[2],
                              struct str org_type);

/* Whether two concepts share a coding; a code without a system fits any. */
bool agreement_appendix_same(const cJSON *a, const cJSON *b);
/* A line of Appendix A that names the service (CodeableConcept); NULL: none. */
const cJSON *agreement_appendix_find(const cJSON *contract, const cJSON *service);
bool agreement_appendix_is_out_of_plan(const cJSON *line);
/* "Organization/x" of the side that answers for it. */
struct str agreement_appendix_responsible(const cJSON *line);
#endif
