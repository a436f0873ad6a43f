/* task.h - the Tasks that the server makes: what comes next, for whom, whose it is, until when. */
#ifndef RESOURCES_LTSS_TASK_H
#define RESOURCES_LTSS_TASK_H
#include "resources/ltss/rule.h"

struct ltss_task {
    const char *code;            /* of tandem-task */
    struct str focus, member;    /* "Type/id"; may be empty */
    struct str requester, owner; /* "Type/id" */
    const struct date *due;      /* its last day, or NULL */
    const char *priority;        /* or NULL: routine */
    const char *description;     /* or NULL */
};
/* A new Task in status requested, authored at run->now_us. */
cJSON *ltss_task_make(const struct rule_run *run, const struct ltss_task *facts);
/* Derives it, unless a Task with this code, focus and owner is there and still open. */
void ltss_task_derive_once(struct rule_run *run, const struct ltss_task *facts);
/* A CodeableConcept of one coding. */
cJSON *ltss_task_concept(struct arena *arena, const char *system, const char *code);
/* Adds an input or output: `kind` (a code of task-io), value[x] under its name. */
void ltss_task_add(const struct rule_run *run, cJSON *task, const char *list, const char *kind,
                   const char *name, cJSON *value);
cJSON *ltss_task_reference(struct arena *arena, struct str target);
#endif
