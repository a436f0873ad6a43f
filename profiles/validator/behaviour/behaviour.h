/* behaviour.h - what some types of resource owe beyond their structure; each as a check of the
 * whole. */
#ifndef PROFILES_VALIDATOR_BEHAVIOUR_BEHAVIOUR_H
#define PROFILES_VALIDATOR_BEHAVIOUR_BEHAVIOUR_H
#include "profiles/validator/run.h"

/* R4 searchparameter.html: components, derivation, expression. */
void behaviour_search_parameter(struct run *run, const struct node *node);
/* R4 structuredefinition.html, profiling.html: the differential can be carried out. */
void behaviour_structure(struct run *run, const struct node *node);
/* R4 measurereport.html: the report fits its Measure. */
void behaviour_measure_report(struct run *run, const struct node *node);

/* A part of a node: property `name`, in a list `index` (else -1). value may be NULL. Filled where
 * it stays. */
struct node behaviour_part(const struct node *of, const char *name, int index, const cJSON *value);
/* Raises the issue; `about` tells apart what one place may break in several ways. */
void behaviour_break(struct run *run, const struct node *at, const char *about, const char *format,
                     ...) __attribute__((format(printf, 4, 5)));
/* A resource by canonical: contained (#id), else among the definitions, else in the caller's
 * library; NULL when it is not here. */
const cJSON *behaviour_find(struct run *run, const struct node *node, struct str type,
                            struct str canonical);
#endif
