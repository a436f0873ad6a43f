/* validator.h - holds a resource against R4 and its profiles (R4 validation.html). */
#ifndef PROFILES_VALIDATOR_VALIDATOR_H
#define PROFILES_VALIDATOR_VALIDATOR_H
#include <cjson/cJSON.h>

#include "resources/base/issue.h"
#include "resources/fhir/fhirpath/fhirpath.h"

struct definitions;
struct terminology;

/* Shared by all threads; a profile is compiled into rules when it is first needed and never
 * changes. */
struct validator;
struct validator *validator_open(struct definitions *definitions, struct terminology *terminology);
void validator_close(struct validator *validator);

/* Where R4 leaves room; the sum of what is wanted. */
enum validation_policy {
    VALIDATION_CLAIMS_MAY_BE_UNKNOWN = 1, /* meta.profile names an unknown profile: a warning */
    VALIDATION_DEFINITIONS_ARE_HERE = 2,  /* an extension or a profile that an element asks for and
                                             that is not here is an error */
    VALIDATION_NO_EXAMPLES = 4,           /* addresses that stand for no real thing are errors */
    VALIDATION_TARGETS_ARE_HERE = 8,      /* a target that must have a profile and can not be read
                                             is an error */
    VALIDATION_TARGETS_MAY_BE_AWAY = 16,  /* of a target that can not be read the type is not
                                             judged: its address is only a remark */
    VALIDATION_VITAL_SIGNS = 32,          /* an Observation of one has R4's profile for it */
    VALIDATION_CANONICALS_ARE_ABSOLUTE = 128, /* one that is not, and no fragment, is an error */
    VALIDATION_PLAIN = 64 /* every invariant by its FHIRPath, none by a function in C that says the
                             same: slow, to compare with */
};

/* Resources by canonical that are not among the definitions: the Questionnaire of a response. */
struct validation_library {
    void *context;
    /* The resource, made in the arena or living as long, or NULL. */
    const cJSON *(*find)(void *context, struct str type, struct str canonical, struct arena *arena);
};

enum validation { VALIDATION_OFF, VALIDATION_BASE, VALIDATION_FULL };
struct validation_request {
    enum validation level; /* BASE: R4 alone; an unknown meta.profile, and a code outside the
                              maxValueSet of a binding that is not required, is a warning. FULL: R4
                              and meta.profile. */
    unsigned policy;
    const struct str *profiles; /* further profiles to hold it against */
    size_t profile_count;
    const struct fhirpath_resolver *resolver; /* may be NULL */
    const struct validation_library *library; /* may be NULL */
    struct str now;
    struct arena *scratch; /* the arena for this validation */
    uint64_t *invariants;  /* counts those that were evaluated; may be NULL */
};
/* Adds everything found to issues (errors, warnings), with FHIRPath places that begin at the
 * resource type. True when no error was added. OFF checks only that it is an object with a known
 * resourceType. */
bool validator_check(struct validator *validator, const cJSON *resource,
                     const struct validation_request *request, struct issues *issues);
/* slice() of FHIRPath: whether an element is in this slice of the profile, 1 or 0; -1 when it has
 * no such slice there, or when that can not be told. */
int validator_slice(struct validator *validator, const struct node *node, struct str profile,
                    struct str slice, const struct validation_request *request);
#endif
