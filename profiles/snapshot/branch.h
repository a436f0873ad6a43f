/* branch.h - the elements of a StructureDefinition as a tree, each with its slices beside it. */
#ifndef PROFILES_SNAPSHOT_BRANCH_H
#define PROFILES_SNAPSHOT_BRANCH_H
#include <cjson/cJSON.h>

#include "resources/base/str.h"

struct maker;

/* One element. Slices hang on the element that they slice, reslices ("a/b") beside their slice; a
 * slice has children of its own. */
struct branch {
    struct str name;  /* last step of the path: "value[x]" */
    struct str slice; /* slice name; empty: the element itself */
    cJSON *element;   /* ElementDefinition; NULL where a differential says nothing of it */
    struct branch *parent;
    struct branch *next; /* among children, or among slices */
    struct branch *child, *last_child;
    struct branch *first_slice, *last_slice;
    int index;           /* in the list that it was read from, or -1 */
    bool is_opened;      /* its children come from its type, not from the base's snapshot */
    bool is_fresh;       /* a slice made now, of an element that its base does not slice */
    struct branch *slot; /* in a differential: the element of the snapshot that it speaks of */
};

struct branch *snapshot_branch_new(struct str name, cJSON *element, struct arena *arena);
void snapshot_branch_add(struct branch *parent, struct branch *child);
/* Puts a slice after another one of the same element, or first (after is NULL). */
void snapshot_branch_add_slice(struct branch *sliced, struct branch *after, struct branch *slice);
/* The child of that name which is no slice, or NULL. */
struct branch *snapshot_branch_child(const struct branch *parent, struct str name);
/* The slice of that name, or NULL. */
struct branch *snapshot_branch_slice(const struct branch *sliced, struct str name);

/* The element with its children and their slices, its own slices only when asked for. NULL when the
 * elements of this call would pass SNAPSHOT_MOST_ELEMENTS: that is an issue. */
struct branch *snapshot_branch_copy(const struct branch *from, bool with_slices,
                                    struct maker *maker);

/* snapshot.element as a tree. NULL when it is no snapshot: *reason says why. */
struct branch *snapshot_branch_read(const cJSON *elements, struct arena *arena,
                                    const char **reason);
/* The tree as snapshot.element, with ids and paths made anew below `root`'s name. */
cJSON *snapshot_branch_write(const struct branch *root, struct arena *arena);
/* By element id ("Questionnaire.item"), slices as "name:slice"; NULL when there is none. */
const struct branch *snapshot_branch_by_id(const struct branch *root, struct str id);

/* "value[x]" and its like. */
bool snapshot_branch_is_choice(const struct branch *branch);
bool snapshot_branch_is_extension(const struct branch *branch);
#endif
