/* inside.h - what the files of the terminology share: systems, value sets, and how they are found.
 */
#ifndef RESOURCES_FHIR_TERMINOLOGY_INSIDE_H
#define RESOURCES_FHIR_TERMINOLOGY_INSIDE_H
#include <pthread.h>
#include <stdatomic.h>

#include "resources/fhir/terminology/concepts.h"
#include "resources/fhir/terminology/terminology.h"

/* Value sets import each other, perhaps in a circle: what takes more than this is not decided.
 * Steps are rules asked: for one code, and, with the concepts looked at, for an expansion. */
enum { MOST_IMPORT_DEPTH = 16, MOST_STEPS = 20000, MOST_EXPANSION_STEPS = 2000000 };

struct system {
    struct term_source source;
    struct system *supplement; /* a list: what adds to this system */
    struct concepts concepts;
    bool has_others; /* the same url is here in other versions */
    atomic_bool is_loaded;
};

/* A rule of a value set, and what decides it: `codes` alone where they are all that it takes (a
 * list, to struct listed_code, or what passed its filters, to struct concept); else the system, or
 * a grammar. */
struct rule {
    struct value_set_rule said;
    struct system *system;      /* NULL: none given, or not here */
    struct value_set **imports; /* NULL: not here */
    struct code_set codes;
    bool has_codes;
};
struct value_set {
    struct term_source source;
    struct rule *rules;
    size_t count;
    bool is_ambiguous; /* found by url alone, while there are several versions */
    bool has_given;    /* some rules come from an expansion beside a compose */
    struct str all_of; /* not of the definitions: the codes of this system */
    atomic_bool is_loaded;
};

/* The maps are made when it is opened and never change; what a system or value set holds is read
 * inside the lock, once, and published by its flag. So readers never wait for each other. */
struct terminology {
    struct definitions *definitions;
    struct arena *arena; /* inside the lock, once open */
    pthread_mutex_t lock;
    struct map systems;    /* url and url|version to struct system */
    struct map value_sets; /* url and url|version to struct value_set */
};

pthread_mutex_t *terminology_lock(struct terminology *terminology);
void terminology_unlock_at(pthread_mutex_t **lock);
#define LOCKING __attribute__((cleanup(terminology_unlock_at), unused))

/* systems.c */
void systems_add_all(struct terminology *terminology);
/* Not yet read; NULL when it is not here, in this version where one is asked for. */
struct system *systems_find(const struct terminology *terminology, struct str url,
                            struct str version);
/* Reads its concepts; outside the lock, then inside it. */
void systems_load(struct terminology *terminology, struct system *system);
void systems_load_locked(struct terminology *terminology, struct system *system);
bool systems_is_complete(const struct system *system);
/* A whole system: its list when that is here, else what its grammar says. system may be NULL. */
struct term_concept systems_judge(const struct terminology *terminology,
                                  const struct system *system, struct str url, struct str code);

/* value_sets.c */
void value_sets_add_all(struct terminology *terminology);
struct value_set *value_sets_find(const struct terminology *terminology, struct str canonical);
void value_sets_load(struct terminology *terminology, struct value_set *value_set);

/* membership.c: a coding to look for, and how many rules may still be asked for it. */
struct question {
    struct terminology *terminology;
    const struct term_coding *coding;
    struct term_answer *answer;
    int left;
};
enum membership membership_of_rule(struct question *question, const struct rule *rule, int depth);
enum membership membership_of_value_set(struct question *question, const struct value_set *set,
                                        int depth);
#endif
