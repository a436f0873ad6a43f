/* machine.h - the states that a Task or a care plan may go through, and who takes each step: tables
 * (machine_table.c), and looking into them. */
#ifndef RESOURCES_LTSS_MACHINE_H
#define RESOURCES_LTSS_MACHINE_H
#include "resources/ltss/rule.h"

/* Who takes a step, by the record as it stood before. The server itself takes any step of the
 * table, and may cancel whatever is open. */
enum machine_actor {
    MACHINE_REQUESTER = 1, /* Task.requester */
    MACHINE_OWNER = 2,     /* Task.owner */
    MACHINE_MAKER = 4,     /* the side of a joint decision that waits for the owner's answer */
    MACHINE_SERVER = 8,
    MACHINE_ANYONE = 16 /* whoever may write the record at all */
};
/* Lists of words have '|' between them. */
struct machine_step {
    const char *from; /* statuses; NULL: the record is new */
    const char *to;
    unsigned actors;
    const char *operation; /* the one way to take it, or NULL: by a plain change */
    bool is_asked;         /* only once the requester has asked for it (machine.asked) */
};
/* What the business status may be while the record has one of these statuses. */
struct machine_words {
    const char *status, *words; /* status NULL: the last */
    bool may_lack;
};
/* What a record must hold once it has one of these statuses: an output of this kind (code of
 * task-io) or that leads to a record of this type, either NULL: any. */
struct machine_output {
    const char *status, *code, *target; /* status NULL: the last */
    const char *key;                    /* issue key when it is missing */
};
struct machine {
    const char *type;                 /* resource type; NULL: the last */
    const char *element;              /* CodeableConcept that says which machine a record has */
    const char *system, *codes;       /* codes NULL: every code of the system */
    const struct machine_step *steps; /* the last has no `to` */
    const char *business_system;
    const struct machine_words *business; /* or NULL: what it likes */
    const char *asked;                    /* the business status by which the requester asks the
                                             owner to end it; nobody else sets it */
    const struct machine_output *outputs; /* or NULL */
    const char *overdue; /* code of task-business-status that the server sets when the time has
                            passed, or NULL */
    bool is_sealed;      /* without a step of the table, nothing of it changes */
};
const struct machine *machine_table(void);

/* Whether a list "a|b|c" holds the word. */
bool machine_has(const char *list, struct str word);
/* The machine of a record, or NULL: it goes where it likes. */
const struct machine *machine_of(const cJSON *record);
/* Whether no step leads from the status but to entered-in-error. */
bool machine_is_open(const struct machine *machine, struct str status);
/* The step between two statuses, or NULL. from empty: the record is new. is_asked: the requester
 * has asked for the end. */
const struct machine_step *machine_find(const struct machine *machine, struct str from,
                                        struct str to, bool is_asked);
/* Whether the record's requester has asked for the end. */
bool machine_is_asked(const struct machine *machine, const cJSON *record);
/* The statuses that can follow, with ", " between, each with the operation that leads to it when it
 * is the only way. */
struct str machine_allowed(const struct machine *machine, struct str from, bool is_asked,
                           struct arena *arena);
/* Whether the caller is one of these actors of the record. */
bool machine_is_actor(const struct rule_run *run, unsigned actors, const cJSON *record);
/* In words: "the requester or the owner". */
struct str machine_actors(unsigned actors, struct arena *arena);
#endif
