/* program.h - a program pack in memory: what holds where a program is loaded. */
#ifndef RESOURCES_LTSS_PROGRAM_H
#define RESOURCES_LTSS_PROGRAM_H
#include <cjson/cJSON.h>

#include "resources/base/str.h"
#include "resources/fhir/types/date.h"
#include "resources/ltss/key.h"

struct fhirpath;

enum { PROGRAM_MOST_ROWS = 128, PROGRAM_MOST_ROLES = 32 };

/* What a record of a type that claims no profile is held against, when it has a code, or when a
 * party of one of these roles sends it. A row with neither fits every record of its type. */
struct program_profile {
    struct str canonical, type;
    struct str element, system,
        code; /* element: one of CodeableConcept, at the root; empty: no code is asked for */
    struct str roles[PROGRAM_MOST_ROLES];
    size_t role_count;
};

/* One cell of the matrix: the role may do the act under a condition ("yes": always). */
struct program_cell {
    struct str role, condition;
};
/* What somebody does by writing a record of this type for which `when` is true (NULL: any). A role
 * without a cell may not. */
struct program_act {
    struct str name, type;
    const struct fhirpath *when;
    struct str refusal; /* issue key */
    struct program_cell cells[PROGRAM_MOST_ROLES];
    size_t cell_count;
};

/* A named number, date, or list of words. */
struct program_value {
    struct str name;
    long number;
    struct date date;
    struct str words[PROGRAM_MOST_ROLES];
    size_t word_count;
};

/* When the zone's clocks change: from `from_us` on they are `offset` seconds ahead of UTC. */
struct program_zone {
    int64_t from_us;
    int offset;
};

struct program {
    struct str name, title;
    struct ltss_keys keys;                              /* the guide's */
    struct program_profile profiles[PROGRAM_MOST_ROWS]; /* the first that fits counts */
    size_t profile_count;
    struct program_act acts[PROGRAM_MOST_ROWS];
    size_t act_count;
    struct str columns[PROGRAM_MOST_ROLES]; /* roles of the matrix; any other role writes nothing */
    size_t column_count;
    struct str rules[PROGRAM_MOST_ROWS]; /* keys of those that are on */
    size_t rule_count;
    struct program_value values[PROGRAM_MOST_ROWS];
    size_t value_count;
    struct str zone_name;
    const struct program_zone *zone; /* in order; before the first, UTC */
    size_t zone_count;
};

/* The canonical of the profile for a record, empty when the record claims one itself or no row
 * fits. */
struct str program_default_profile(const struct program *program, const cJSON *resource,
                                   struct str party_role);
bool program_has_rule(const struct program *program, const char *key);
bool program_has_column(const struct program *program, struct str role);
/* NULL when the pack does not give it. */
const struct program_value *program_value(const struct program *program, const char *name);
/* A number that a rule needs: start has made sure that the pack gives it. */
long program_number(const struct program *program, const char *name);
/* Whether a list that the pack gives has the word. */
bool program_has_word(const struct program *program, const char *list, struct str word);
/* The calendar day, in the program's zone, of a moment in UTC microseconds. */
struct date program_day(const struct program *program, int64_t moment_us);
/* The moment at which a day of the program's calendar begins. */
int64_t program_midnight(const struct program *program, const struct date *day);
/* The first moment after what a date or dateTime covers: of one without a time, the end of its last
 * day by the program's calendar. INT64_MAX when the text is none. */
int64_t program_end(const struct program *program, struct str text);
#endif
