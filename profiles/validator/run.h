/* run.h - one validation under way: what is shared by the walk and the rules. */
#ifndef PROFILES_VALIDATOR_RUN_H
#define PROFILES_VALIDATOR_RUN_H
#include "profiles/validator/bundle.h"
#include "profiles/validator/compile.h"
#include "profiles/validator/validator.h"
#include "resources/base/arena.h"

enum {
    MOST_LAYERS = 8192,     /* shapes that hold of the values between the root and one leaf */
    MOST_NESTED_CHECKS = 6, /* "does it conform" inside "does it conform" */
    MOST_WALK_DEPTH = 256,
    MOST_REPORT_TEXT = 200 /* bytes of a value that an issue repeats */
};

/* The resource that is being walked: the whole, a contained one, an entry of a Bundle. */
struct frame {
    const struct node *resource, *root; /* %resource and %rootResource */
    struct frame *owner;                /* the frame of the root */
    struct map *contained;              /* the owner's: id -> cJSON; made at the first use */
    struct frame *outer;
};

struct run {
    struct validator *validator;
    const struct validation_request *request;
    struct issues *issues;
    struct arena *scratch;
    bool keeps_scratch;  /* the issues stand in the scratch arena: never reset it */
    struct arena *kept;  /* lives as long as the issues that the caller gets */
    struct map verdicts; /* resource and profile -> does it conform; made at the first use */
    struct map raised;   /* what was said already, and where */
    const struct shape **layers; /* a stack: the shapes that hold of the value in hand lie on top */
    size_t layer_count;
    bool is_over;     /* there were more layers than fit: not everything was checked */
    uint32_t *stamps; /* rule id -> serial number of the value it was last checked on */
    size_t stamp_count;
    uint32_t serial;
    int nested, depth;
    bool wants_reason; /* the next "does it conform" leaves in `reason` what is wrong first */
    struct str reason;
    struct frame *frame;
    struct bundle *bundle;
    struct map narratives;             /* resource -> struct map of ids; made at the first use */
    struct map questionnaires;         /* canonical -> struct questions; made at the first use */
    struct str invariant_of;           /* canonical of the profile whose invariant is evaluated */
    struct fhirpath_resolver resolver; /* resolve() inside the resource first, then the caller's */
};

/* What is wrong, and by whose word. */
struct fault {
    enum issue_id id;
    struct str about;   /* tells apart what may be wrong in several ways at one place */
    struct str profile; /* canonical of the definition that says so, or empty */
    const struct validator_key *key; /* the guide's own key for it, where it has one; NULL: none */
    bool is_warning;                 /* whatever the issue table says */
};
/* Raises an issue once. A key of the guide is not said again of the
 * elements around the place where it was said. */
void validator_run_raise(struct run *run, const struct node *node, struct fault fault,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The same for a rule on a value. */
void validator_run_break(struct run *run, const struct rule *rule, const struct node *node,
                         enum issue_id id, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
struct arena_mark validator_run_mark(struct run *run);
void validator_run_reset(struct run *run, struct arena_mark mark);
/* A value as an issue shows it: JSON, shortened. */
struct str validator_run_show(struct run *run, const cJSON *value);

/* Puts a shape on the stack of layers, unless it is there already (from `from` on). */
void validator_run_push(struct run *run, size_t from, const struct shape *shape);

/* walk.c: one value and everything below it against the layers from `from` on; `base` is R4's own
 * shape, which says what properties there are. */
void validator_walk_value(struct run *run, const struct node *node, const struct shape *base,
                          size_t from);
/* form.c: the JSON of a value and its shadow; false when it makes no sense to look inside. */
bool validator_form_check(struct run *run, const struct node *node,
                          const struct property *property);
/* form.c: the JSON of a whole property: an array or not. */
void validator_form_check_list(struct run *run, const struct node *list,
                               const struct property *property, const cJSON *value);
/* resource.c: a resource at a place of its own; the layers from `from` on are further shapes it
 * must have. */
void validator_resource_walk(struct run *run, struct node *node, size_t from);
/* conform.c: does the value conform, without saying why not. base may be NULL for a value that has
 * a type of its own. -1: cannot be told. */
int validator_conform_check(struct run *run, const struct node *node, const struct shape *base,
                            const struct shape *shape);
/* The same for a resource that a reference leads to, told once for each profile; run->reason says
 * what is wrong first. While it is being
 * told it is taken to conform: records may refer to one another in a circle. */
int validator_conform_target(struct run *run, const struct node *target, const struct shape *shape);
/* extension.c: what the extension's own definition asks, as a further layer; raises what is
 * unknown. */
void validator_extension_check(struct run *run, const struct node *node, size_t from);
/* profile.c: layers for meta.profile. */
void validator_profile_claim(struct run *run, const struct node *resource, size_t from);
/* profile.c: raises a profile that is of another type. */
void validator_profile_misfit(struct run *run, const struct node *at, const struct shape *profile);
/* profile.c: layers for the profiles that an element asks of its type. */
void validator_profile_require(struct run *run, const struct node *node,
                               const struct shape_type *type, struct str profile, size_t from);
/* reference.c: the resource that a reference leads to inside the resource or its Bundle, or NULL.
 */
const cJSON *validator_reference_target(struct run *run, struct str reference,
                                        const struct node *from);
/* The entries of the Bundles around a node that a reference may mean. */
struct bundle_match validator_reference_match(struct run *run, struct str reference,
                                              const struct node *from);
/* Type that a reference names (Patient/1, http://x/Patient/1, #id, urn: inside a Bundle), or empty.
 */
struct str validator_reference_type(struct run *run, struct str reference, const struct node *from);
/* reference.c: resolve() for FHIRPath: context is the struct run. */
const struct node *validator_reference_resolve(void *context, struct str reference,
                                               const struct node *from, struct arena *arena);
#endif
