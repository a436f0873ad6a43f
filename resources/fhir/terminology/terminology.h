/* terminology.h - is a code in a value set, and what does its system say of it (R4
 * terminology-service.html, valueset-operation-validate-code.html). */
#ifndef RESOURCES_FHIR_TERMINOLOGY_TERMINOLOGY_H
#define RESOURCES_FHIR_TERMINOLOGY_TERMINOLOGY_H
#include "resources/base/str.h"

struct arena;
struct cJSON;
struct definitions;

/* Shared by all threads; value sets and systems are read at first use. Close before the
 * definitions. */
struct terminology;
struct terminology *terminology_open(struct definitions *definitions);
void terminology_close(struct terminology *terminology);

enum membership {
    MEMBER_YES,
    MEMBER_NO,
    MEMBER_UNKNOWN /* a code system or filter that is not here: can not be checked */
};
/* Why an answer is not yes. */
enum term_cause {
    CAUSE_NONE,
    /* not known */
    CAUSE_VALUE_SET_UNKNOWN, /* not here, or not in this version */
    CAUSE_SYSTEM_UNKNOWN,    /* the same */
    CAUSE_SYSTEM_INCOMPLETE, /* here in part, and the code is not in that part */
    CAUSE_FILTER,            /* a filter that can not be judged */
    CAUSE_LIMIT,             /* imports go in a circle or too deep */
    /* no */
    CAUSE_CODE_UNKNOWN, /* its system does not have the code */
    CAUSE_NOT_CHOSEN,   /* the value set did not choose it */
    CAUSE_INACTIVE      /* the value set leaves inactive codes out */
};

/* A code as it was written down. system empty: a plain `code` element (the value set's own system
 * is implied). version: of the system, or empty. */
struct term_coding {
    struct str system, version, code;
};
struct term_answer {
    enum membership membership;
    enum term_cause cause;
    struct str about; /* canonical of what the cause is about */
    /* Of the rule that took the code: its system, and the display that it gives, or empty. */
    struct str system, version, display;
};

/* A value set: one of the definitions, by canonical; NULL when it is not here. |version is ignored
 * when only one is loaded. The canonical in a code system's valueSet means all its codes. */
struct value_set;
const struct value_set *terminology_value_set(struct terminology *terminology,
                                              struct str canonical);
/* A value set that a request brought along; lives in the arena, as its JSON must. */
const struct value_set *terminology_value_set_of(struct terminology *terminology,
                                                 const struct cJSON *resource, struct arena *arena);
struct term_answer terminology_ask(struct terminology *terminology,
                                   const struct value_set *value_set,
                                   const struct term_coding *coding);
/* The same, by canonical and with the verdict alone. */
enum membership terminology_contains(struct terminology *terminology, struct str value_set,
                                     struct str system, struct str code);

/* What a code system says of a code. */
struct term_concept {
    enum membership known; /* UNKNOWN: the system is not here, or not completely */
    enum term_cause cause;
    struct str about;
    struct str version;       /* of the system */
    struct str code, display; /* as the system has them; display may be empty */
    bool is_inactive, is_abstract;
    size_t index; /* place in document order; SIZE_MAX: none (a grammar) */
};
/* By url and version (empty: any), NULL when it is not here. */
struct system;
const struct system *terminology_system(struct terminology *terminology, struct str url,
                                        struct str version);
/* One that a request brought along; lives in the arena, as its JSON must. */
const struct system *terminology_system_of(const struct cJSON *resource, struct arena *arena);
struct term_concept terminology_concept(const struct system *system, struct str code);
/* The same by url; a system that is not here is judged by its grammar, if it has one. */
struct term_concept terminology_look_up(struct terminology *terminology,
                                        const struct term_coding *coding);
/* What the system has that differs from the code in case alone, or empty; reads all codes. */
struct str terminology_other_case(const struct system *system, struct str code);
/* Whether the display is one that the concept goes by: its own or a designation, case and blanks
 * apart. True also where it has none. */
bool terminology_is_name(const struct system *system, struct str code, struct str display);
/* The display in a language ("de" for "de-CH" too), or empty. */
struct str terminology_display_in(const struct system *system, struct str code,
                                  struct str language);
/* The designations of a code one by one: start with *at = 0; false at the end. */
bool terminology_next_designation(const struct system *system, struct str code, size_t *at,
                                  struct str *language, struct str *use, struct str *value);
enum term_relation { RELATION_EQUIVALENT, RELATION_SUBSUMES, RELATION_SUBSUMED_BY, RELATION_NONE };
/* Of two codes that the system has. */
enum term_relation terminology_relate(const struct system *system, struct str a, struct str b);

/* All codes of a value set, where they can be counted up. */
struct term_entry {
    struct str system, version, code, display;
    const struct system *of; /* NULL: not here */
    bool is_inactive, is_abstract;
    size_t parent; /* place of the entry above it in the system; SIZE_MAX: none */
};
struct term_expansion {
    struct term_entry *entries;
    size_t count;
    bool is_unclosed; /* a system is not here, or in part: there is more */
    enum term_cause cause;
    struct str about;
};
enum { TERMINOLOGY_MOST_ENTRIES = 50000 };
/* What can not be counted up is left out, and the expansion unclosed. False with cause and about
 * when nothing is left then, when it can not be told what is excluded, or when it is larger than
 * TERMINOLOGY_MOST_ENTRIES (CAUSE_LIMIT). */
bool terminology_expand(struct terminology *terminology, const struct value_set *value_set,
                        bool is_active_only, struct arena *arena, struct term_expansion *expansion);

/* True when the code system is loaded completely; then *is_known tells whether it has the code. */
bool terminology_has_code(struct terminology *terminology, struct str system, struct str code,
                          bool *is_known);
/* Display of a code, empty when unknown. */
struct str terminology_display(struct terminology *terminology, struct str system, struct str code);
/* Property of a concept as text (e.g. CodeSystem tandem-issue: property `invariant`): the code
 * whose property has this value, empty when none. */
struct str terminology_code_with(struct terminology *terminology, struct str system,
                                 struct str property, struct str value);
#endif
