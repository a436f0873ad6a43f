/* set.h - the inside of an open set of definitions: layers, each a database and what was read of
 * it.
 */
#ifndef RESOURCES_FHIR_DEFINITIONS_SET_H
#define RESOURCES_FHIR_DEFINITIONS_SET_H
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "resources/base/arena.h"
#include "resources/base/map.h"
#include "resources/fhir/definitions/definitions.h"

enum query {
    QUERY_PACKAGE,
    QUERY_DEPENDENCIES,
    QUERY_STRUCTURES,
    QUERY_CONTEXTS,
    QUERY_CONTEXT_INVARIANTS,
    QUERY_ELEMENTS,
    QUERY_ELEMENT_TYPES,
    QUERY_INVARIANTS,
    QUERY_SEARCH_PARAMETERS,
    QUERY_SEARCH_COMPONENTS,
    QUERY_COMPARTMENT,
    QUERY_IS_DEFINED,
    QUERY_VERSIONS,
    QUERY_CONTENT,
    QUERY_HEAD_TYPES,
    QUERY_HEADS,
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

/* The database of a layer. Its connection, its statements and the lists below are used inside the
 * layer's lock only. */
struct database {
    sqlite3 *db;
    sqlite3_stmt *queries[QUERY_COUNT];
    struct map type_sets;      /* number as text to struct type_set */
    struct map invariant_sets; /* "[1,5]" to struct invariant_set */
    struct constraint *invariants;
    size_t invariant_count; /* 0: not read yet */
};

/* A structure that a layer holds. The head (url to is_constraint) is there from the start;
 * elements and contexts are once is_loaded says so, and never change after that. */
struct definitions_entry {
    struct structure structure;
    struct str base_name;                 /* of R4's own types: what it specializes, */
    const struct definitions_entry *base; /* and its entry, or NULL */
    struct definitions *layer;            /* whose lock, arena and database it is read with */
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

/* A set is its uppermost layer. What a layer does not have is looked for in the one below; the
 * lowest is R4. The maps that are pointers belong to the layer below where this one adds nothing to
 * them, and hold all that is below where it does. */
struct definitions {
    struct arena *arena; /* inside the lock, once the set is open */
    pthread_mutex_t lock;
    atomic_uint holders;
    struct definitions *below; /* NULL: this is the lowest */
    struct definitions *root;  /* the lowest */
    struct database database;
    struct map by_url; /* of this layer alone: url and url|version to struct definitions_entry */
    struct map head_types; /* of this layer alone: types of resources that it has */
    struct map *by_name;   /* R4's own types and resources to struct definitions_entry */
    struct map *profiles;  /* type to struct str_list */
    struct str_list *resource_types;
    struct map *searches;     /* type to struct search_list */
    struct map *compartments; /* type to struct str_list */
    uint32_t last_parameter;  /* the last id given to a search parameter */
    atomic_bool has_searches, has_units;
    struct ucum *units; /* once has_units says so; NULL: this layer has none */
};

/* A layer on top of another (NULL: the lowest), which it holds, from a database that it closes with
 * itself, also when this fails. NULL with an issue when the database is damaged. */
struct definitions *definitions_set_open(struct definitions *below, sqlite3 *db, const char *name,
                                         struct issues *issues);
/* How many layers stand below the highest, and the layer of a number, from the highest (0). */
size_t definitions_set_depth(const struct definitions *definitions);
struct definitions *definitions_set_layer(struct definitions *definitions, size_t number);
/* Reads and links the structure; inside its layer's lock. False when the file is damaged. */
bool definitions_load_structure(struct definitions_entry *entry);
/* The JSON of a resource by its number; inside the layer's lock. */
bool definitions_read_content(struct definitions *layer, int64_t id, struct arena *arena,
                              struct str *text);
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
