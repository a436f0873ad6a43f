/* rule.h - what a rule of a program is given, and what it may say and make (README.md). */
#ifndef RESOURCES_LTSS_RULE_H
#define RESOURCES_LTSS_RULE_H
#include "resources/base/arena.h"
#include "resources/base/issue.h"
#include "resources/ltss/program.h"
#include "resources/ltss/record.h"

struct definitions;
struct terminology;

/* A record as it will stand when the write under way has happened. */
struct ltss_record {
    struct str type, id;
    const cJSON *content;
    bool is_copy; /* another server's, which alone may change it */
};
/* What a rule may ask. The answers hold: whoever answers sees to it that the write is decided anew
 * when one of them has changed before it is stored. */
struct lookup {
    void *context;
    /* The record of a "Type/id"; NULL: there is none. */
    const cJSON *(*read)(void *context, struct str reference);
    /* Records of a type whose search parameter has this value, and every record of the type in the
     * write under way, fitting or not: the rule looks at each anyway. Ends with content NULL. Fixed
     * conditions may stand before the parameter, as in a query: "status=active&patient". */
    const struct ltss_record *(*find)(void *context, const char *type, const char *parameter,
                                      struct str value);
};

#define RULE_OPEN_TASKS "status=draft,requested,received,accepted,ready,in-progress,on-hold&patient"

enum change_act { CHANGE_CREATE, CHANGE_UPDATE, CHANGE_DELETE };
struct change {
    enum change_act act;
    struct str type, id;
    const cJSON *before; /* NULL: it is new */
    const cJSON *after;  /* NULL: it is deleted */
    bool is_copy;        /* sent by its owner's server, which alone may change it */
    const struct place *at;
};
struct caller {
    struct str organization, role, patient,
        practitioner_role; /* "Type/id" or empty; role: a code */
    bool is_tester, is_server;
};

/* One rule on one change. */
struct rule_run {
    const struct rule *rule;
    const struct program *program;
    struct definitions *definitions;
    struct terminology *terminology; /* NULL: codes are not looked up */
    const struct change *change;
    const struct caller *caller;
    const struct lookup *lookup;
    const char *operation; /* name of the operation that makes the change, or NULL */
    int64_t now_us;        /* of the rules' clock */
    struct date today;     /* in the program's calendar */
    struct arena *arena;
    struct issues *issues;
    int64_t again_us; /* a look may say when to look again, later than now; 0: see `due` */
    /* Adds a write of the server's own to the same transaction; id empty: a new record. Returns its
     * id. */
    struct str (*derive)(void *context, const char *type, struct str id, cJSON *resource);
    void *context;
};

#define RULE_NEVER INT64_MAX
enum rule_kind_of_effect { RULE_REFUSES, RULE_WARNS, RULE_DERIVES };
struct rule {
    const char *key;         /* issue key, or for what is derived the code of the Task or record */
    const char *requirement; /* rows of the requirements that it carries out: "R16" */
    enum rule_kind_of_effect effect;
    const char *types[6];   /* resource types whose change can break it */
    const char *numbers[3]; /* what the pack has to give it */
    bool is_first; /* asked before the record is held against its profiles: it is about the way in
                      which something is done, whatever the record looks like */
    /* False when it refused. NULL: only time breaks it. */
    bool (*check)(struct rule_run *run);
    /* What time brings (README.md): the moment of the rules' clock at which a record that was
     * written is to be looked at, by the record itself and the pack alone; RULE_NEVER: not. And the
     * look, at that moment or, after downtime, later: run->change->before and after are the record
     * as it stands. It derives what has come due, and nothing when it is not, or was done before.
     */
    int64_t (*due)(const struct rule_run *run, const cJSON *record);
    bool (*look)(struct rule_run *run);
    /* What an operation asks, not a write: its name, and the file in which it does. */
    const char *operation, *file;
    const char *test; /* file with the test at its boundary */
};
/* Whether the caller may do it, and in this way: the matrix, and the rules that are asked first.
 * The record may have any shape yet. What is wrong is in run->issues. The caller fills everything
 * but `rule`. */
bool rule_check_way(struct rule_run *run);
/* Whether no other rule that the program has on refuses it. */
bool rule_check_all(struct rule_run *run);
/* Whether the rule looks at records of this type. */
bool rule_is_about(const struct rule *rule, struct str type);
/* All rules, in the order in which they are asked; the last has no key. */
const struct rule *rules_table(void);

/* Raises the rule's own key at an element of the record ("participant", 2), or at the record when
 * name is NULL; index -1: not in a list. Warns when the rule warns. Always false for a refusal,
 * true for a warning. */
bool rule_say(struct rule_run *run, const char *name, int index, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same with another key of the guide. */
bool rule_say_key(struct rule_run *run, const char *key, const char *name, int index,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));
#endif
