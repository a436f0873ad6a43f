/* determination.h - how a plan and a Health Home choose a member's lead care manager together, on
 * the record: one side proposes, the other agrees, disagrees or counters (README.md). */
#ifndef RESOURCES_LTSS_DETERMINATION_DETERMINATION_H
#define RESOURCES_LTSS_DETERMINATION_DETERMINATION_H
#include "resources/ltss/rule.h"

enum { DETERMINATION_MOST_NEEDS = 16 };

/* What an operation refuses, where the program has the rule on; true where it has not. */
#define DETERMINATION_REFUSE(run, key, ...)                                                        \
    (!program_has_rule((run)->program, key) || rule_say_key(run, key, __VA_ARGS__))

/* Whom somebody wants as the lead, and why. References are "Type/id". */
struct determination_choice {
    struct str candidate;
    const cJSON
        *needs[DETERMINATION_MOST_NEEDS]; /* CodeableConcept, of the value set primary-need */
    size_t need_count;
    struct str rationale;
    struct str form;      /* the care planning and coordination form that says the same */
    struct str effective; /* dateTime, or empty: from the day on which both agree */
};
/* $lead-attest. */
struct determination_answer {
    struct str decision; /* agree | disagree | counter */
    struct str attester; /* PractitionerRole of the side that answers */
    struct str note;
    struct determination_choice counter; /* of a counter-proposal */
};
/* The records as they shall stand; ids of new ones are the caller's choice beforehand. */
struct determination_records {
    struct str team_id, task_id, provenance_id;
    uint64_t team_version; /* of the CareTeam as it stands, which a new lead supersedes */
    cJSON *team, *task, *provenance;
};

/* run->change is the CareTeam's: before, as it stands; the records but for their ids are filled.
 * Leads that end in other teams and notices are derived. False with the first issue in the order of
 * the checks. */
bool determination_propose(struct rule_run *run, const struct determination_choice *choice,
                           struct determination_records *records);
/* `task` as it stands; its CareTeam is run->change->before. */
bool determination_attest(struct rule_run *run, const cJSON *task,
                          const struct determination_answer *answer,
                          struct determination_records *records);
/* Whether a Task is one of these, and waits for an answer. */
bool determination_is(const cJSON *task);
bool determination_is_open(const cJSON *task);

/* check.c: who may, and whether the choice is one that the form and the agreement carry. `ours` and
 * `theirs` are filled: the caller's organization and the other. */
bool determination_check_party(struct rule_run *run, struct str *ours, struct str *theirs);
/* Fills the rationale from the form when none is given. */
bool determination_check_choice(struct rule_run *run, struct determination_choice *choice);
/* The choice's needs and those of a list of answers (an item of the form) are the same. */
bool determination_same_needs(const cJSON *item, const struct determination_choice *choice);
/* The item of a form with this linkId, at the root. */
const cJSON *determination_item(const cJSON *form, const char *link_id);
/* Whether it is a care planning and coordination form, and finished. */
bool determination_is_form(const cJSON *form);

/* record.c: what is written. */
/* One side's agreement (agreedBy). */
cJSON *determination_agreed(const struct rule_run *run, struct str organization, struct str role,
                            struct str provenance_id);
/* status: proposed | disputed | determined; the candidate is left out of a determined one. */
cJSON *determination_extension(struct arena *arena, const char *status,
                               const struct determination_choice *choice);
cJSON *determination_provenance(const struct rule_run *run,
                                const struct determination_records *records,
                                struct str organization, struct str role, const char *signature);
/* The team with its root determination replaced (NULL: removed). */
cJSON *determination_team(struct arena *arena, const cJSON *team, cJSON *determination);
/* The choice that a determination states. */
void determination_read(const cJSON *extension, struct determination_choice *choice);
/* The inputs of the Task say this choice. */
void determination_state(const struct rule_run *run, cJSON *task,
                         const struct determination_choice *choice);
#endif
