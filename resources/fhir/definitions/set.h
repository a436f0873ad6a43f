/* set.h - the inside of an open set of definitions: its databases, and what was read of them. */
#ifndef RESOURCES_FHIR_DEFINITIONS_SET_H
#define RESOURCES_FHIR_DEFINITIONS_SET_H
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "resources/base/arena.h"
#include "resources/base/map.h"
#include "resources/fhir/definitions/definitions.h"

enum query {
    QUERY_STRUCTURES,
    QUERY_CONTEXTS,
    QUERY_CONTEXT_INVARIANTS,
    QUERY_ELEMENTS,
    QUERY_ELEMENT_TYPES,
    QUERY_INVARIANTS,
    QUERY_SEARCH_PARAMETERS,
    QUERY_SEARCH_COMPONENTS,
    QUERY_COMPARTMENT,
    QUERY_CONTENT,
    QUERY_CODE_SYSTEMS,
    QUERY_CONCEPTS,
    QUERY_CONCEPT_PROPERTIES,
    QUERY_CONCEPT_DESIGNATIONS,
    QUERY_VALUE_SETS,
    QUERY_RULES,
    QUERY_RULE_CODES,
    QUERY_RULE_FILTERS,
    QUERY_RULE_IMPORTS,
    QUERY_COUNT
};

/* One file of the set. Its connection, its statements and the lists below are used inside the
 * set's lock only. */
struct database {
    sqlite3 *db;
    sqlite3_stmt *queries[QUERY_COUNT];
    struct map type_sets;      /* number as text to struct type_set */
    struct map invariant_sets; /* "[1,5]" to struct invariant_set */
    struct constraint *invariants;
    size_t invariant_count; /* 0: not read yet */
};

/* A structure that the set knows of. The head (url to is_constraint) is there from the start;
 * elements and contexts are once is_loaded says so, and never change after that. */
struct entry {
    struct structure structure;
    struct str base_name;     /* of R4's own types: what it specializes, */
    const struct entry *base; /* and its entry, or NULL */
    struct database *database;
    int64_t id;
    size_t element_count;
    bool is_broken; /* inside the lock: reading it failed */
    atomic_bool is_loaded;
};

struct search_list {
    const struct search_parameter **parameters; /* sorted by code */
    size_t count, room;
};
struct str_list {
    struct str *items;
    size_t count;
};

struct definitions {
    struct arena *arena; /* inside the lock, once the set is open */
    pthread_mutex_t lock;
    struct database *databases;
    size_t database_count;
    struct map by_url;   /* url and url|version to struct entry */
    struct map by_name;  /* R4's own types and resources to struct entry */
    struct map profiles; /* type to struct str_list */
    struct str_list resource_types;
    struct map searches;     /* type to struct search_list */
    struct map compartments; /* type to struct str_list */
    atomic_bool has_searches;
};

/* Reads and links the structure; inside the lock. False when the file is damaged. */
bool definitions_load_structure(struct definitions *definitions, struct entry *entry);
/* Grows the list in the arena. */
void definitions_set_add(struct str_list *list, struct str item, struct arena *arena);

/* LOCKING struct lock_held held = definitions_set_lock(d); gives it back at the block's end.
 */
struct lock_held {
    pthread_mutex_t *lock;
};
struct lock_held definitions_set_lock(struct definitions *definitions);
void definitions_set_unlock_at(struct lock_held *held);
#define LOCKING __attribute__((cleanup(definitions_set_unlock_at), unused))
#endif
