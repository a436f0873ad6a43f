/* draft.h - parts of the records that rules write, beside Tasks (task.h): references, extensions,
 * notices. */
#ifndef RESOURCES_LTSS_DRAFT_H
#define RESOURCES_LTSS_DRAFT_H
#include "resources/ltss/task.h"

#define DRAFT_TASKS LTSS_CODES "tandem-task"
#define DRAFT_TASK_IO LTSS_CODES "task-io"

void draft_text(struct arena *arena, cJSON *object, const char *name, struct str text);
/* A Reference under a name, or into the list of that name; nothing when it is empty. */
void draft_set_reference(struct arena *arena, cJSON *object, const char *name,
                         struct str reference);
void draft_add_reference(struct arena *arena, cJSON *object, const char *name,
                         struct str reference);
/* The list of that name, made when it is not there. */
cJSON *draft_list(struct arena *arena, cJSON *object, const char *name);
/* An extension of the guide by its id, or a part of a complex one by its name, with this value. */
cJSON *draft_extension(struct arena *arena, const char *url, const char *value, cJSON *item);
/* Replaces statusReason by these words. */
void draft_set_reason(struct arena *arena, cJSON *task, struct str words);

/* now, as a dateTime of UTC; today, as a date of the program's calendar. */
struct str draft_now(const struct rule_run *run);
struct str draft_today(const struct rule_run *run);

/* Who asks for a Task that the server makes: the caller's organization, else the owner. */
struct str draft_requester(const struct rule_run *run, struct str owner);
/* Whether a Task of this code for the patient and owner waits for somebody (owner empty: any). */
bool draft_task_is_open(const struct rule_run *run, const char *code, struct str patient,
                        struct str owner);

/* A Communication that tells several parties what happened. */
struct draft_notice {
    struct str patient, about, sender, words;
    struct str recipients[4];
    size_t recipient_count;
};
cJSON *draft_notice(const struct rule_run *run, const struct draft_notice *facts);
#endif
