/* slice.h - which slice an entry belongs to, and how many each slice has (R4
 * profiling.html#slicing). */
#ifndef PROFILES_VALIDATOR_SLICE_H
#define PROFILES_VALIDATOR_SLICE_H
#include "profiles/validator/shape.h"

struct run;

enum step_kind { STEP_CHILD, STEP_EXTENSION, STEP_RESOLVE, STEP_OF_TYPE };
struct step {
    enum step_kind kind;
    struct str name; /* of the child, the extension's url, the type; NUL-terminated in a test */
};

enum test_kind {
    TEST_FIXED,
    TEST_PATTERN,
    TEST_BINDING,
    TEST_EXISTS,
    TEST_TYPE,
    TEST_PROFILE,
    TEST_CONFORMS
};
/* One thing that must be true of an entry, at a path from it, for it to be in the slice. */
struct test {
    enum test_kind kind;
    const struct step *steps;
    size_t step_count;
    const cJSON *value;       /* FIXED, PATTERN */
    struct str value_set;     /* BINDING */
    bool is_present;          /* EXISTS */
    const struct str *types;  /* TYPE */
    struct schema **profiles; /* PROFILE */
    size_t count;             /* of types or profiles */
};

struct slice {
    struct str name;
    const struct shape *shape;
    const struct test *tests;
    size_t test_count;
    bool is_undecidable; /* the profile gives nothing to tell it by: never matched, never missed */
};

struct slicer {
    const struct slice *slices;
    size_t count;
    const struct slice *rest; /* the slice @default: of what matches no other, or NULL */
    enum slicing_rules rules;
    bool is_ordered;
    struct str profile; /* canonical of the profile that slices */
    struct map *by_url; /* extensions: url -> struct slice; NULL for other lists */
};

/* The slices of one list in one instance. */
struct slice_state;
struct slice_state *validator_slice_begin(struct run *run, const struct slicer *slicer);
/* Finds the slice of an entry and pushes its shape as a layer; raises what may not stand here.
 * base: R4's shape of the entry's content. */
void validator_slice_item(struct run *run, struct slice_state *state, const struct node *node,
                          const struct shape *base, size_t from);
/* Raises slices with too few or too many entries, at the list's parent. The number of entries that
 * are missing, where it can be told. */
size_t validator_slice_end(struct run *run, const struct slice_state *state,
                           const struct node *parent);

/* discriminate.c */
enum match { MATCH_NO, MATCH_YES, MATCH_UNKNOWN };
enum match validator_discriminate_entry(struct run *run, const struct slice *slice,
                                        const struct node *node, const struct shape *base);
#endif
