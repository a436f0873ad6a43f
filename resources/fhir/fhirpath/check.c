/* check.c - an expression against the definitions, before anything is evaluated: names that no
 * element has, and order asked of what has none (FHIRPath N1 10.1, strict type checking). */
#include <stdarg.h>
#include <stdio.h>

#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/functions.h"

enum { MOST_KINDS = 24, MOST_MESSAGE = 200 };

/* What an item may be: of System (then `system` says which), or an element of R4. */
struct kind {
    enum fhirpath_kind system;         /* FHIRPATH_NODE: of R4 */
    const struct element *element;     /* that it is, or NULL */
    const struct structure *structure; /* of its type */
};
/* What a collection may hold. is_open: something that can not be told before it is there. */
struct kinds {
    struct kind items[MOST_KINDS];
    size_t count;
    bool is_open, is_unordered;
};

struct check {
    const struct fhirpath *expression;
    struct definitions *definitions;
    const struct kinds *root;
    const struct structure *resource; /* what %resource is; NULL: not known */
    struct issues *issues;
};

/* What functions give, as far as that is known; of all others nothing is. */
enum result {
    RESULT_OPEN,
    RESULT_INPUT,    /* items of the input */
    RESULT_ARGUMENT, /* what the first argument gives */
    RESULT_BOTH,     /* the input's and the argument's */
    RESULT_BRANCHES, /* of iif() */
    RESULT_TYPE,     /* the type that it names */
    RESULT_CHILDREN, /* in no order */
    RESULT_EXTENSIONS,
    RESULT_BOOLEAN,
    RESULT_INTEGER,
    RESULT_STRING
};
static const struct {
    const char *name;
    enum result result;
    bool needs_order;
} RESULTS[] = {
    { "where", RESULT_INPUT, false },
    { "first", RESULT_INPUT, true },
    { "last", RESULT_INPUT, true },
    { "tail", RESULT_INPUT, true },
    { "skip", RESULT_INPUT, true },
    { "take", RESULT_INPUT, true },
    { "single", RESULT_INPUT, false },
    { "distinct", RESULT_INPUT, false },
    { "intersect", RESULT_INPUT, false },
    { "exclude", RESULT_INPUT, false },
    { "trace", RESULT_INPUT, false },
    { "defineVariable", RESULT_INPUT, false },
    { "sort", RESULT_INPUT, false },
    { "select", RESULT_ARGUMENT, false },
    { "union", RESULT_BOTH, false },
    { "combine", RESULT_BOTH, false },
    { "iif", RESULT_BRANCHES, false },
    { "ofType", RESULT_TYPE, false },
    { "as", RESULT_TYPE, false },
    { "children", RESULT_CHILDREN, false },
    { "descendants", RESULT_CHILDREN, false },
    { "extension", RESULT_EXTENSIONS, false },
    { "exists", RESULT_BOOLEAN, false },
    { "empty", RESULT_BOOLEAN, false },
    { "all", RESULT_BOOLEAN, false },
    { "not", RESULT_BOOLEAN, false },
    { "is", RESULT_BOOLEAN, false },
    { "hasValue", RESULT_BOOLEAN, false },
    { "matches", RESULT_BOOLEAN, false },
    { "startsWith", RESULT_BOOLEAN, false },
    { "endsWith", RESULT_BOOLEAN, false },
    { "contains", RESULT_BOOLEAN, false },
    { "count", RESULT_INTEGER, false },
    { "length", RESULT_INTEGER, false },
    { "toString", RESULT_STRING, false },
    { "upper", RESULT_STRING, false },
    { "lower", RESULT_STRING, false },
    { "substring", RESULT_STRING, false },
    { "trim", RESULT_STRING, false },
    { "join", RESULT_STRING, false },
};

static bool check_expression(const struct check *check,
                             const struct fhirpath_expression *expression,
                             const struct kinds *focus, struct kinds *out);

/* Raises an issue with the position in the expression. Always false. */
static bool fail(const struct check *check, const struct fhirpath_expression *at,
                 const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool fail(const struct check *check, const struct fhirpath_expression *at,
                 const char *format, ...)
{
    char message[MOST_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    size_t character = 1;
    struct str text = check->expression->text;
    for (size_t i = 0; i < at->position && i < text.len; i++)
        character += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return issue_add(check->issues, NULL, ISSUE_FHIRPATH_TYPE, "at character %zu: %s", character,
                     message);
}

static void set_open(struct kinds *kinds)
{
    *kinds = (struct kinds){ .is_open = true };
}

static void add_kind(struct kinds *kinds, const struct kind *kind)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (kinds->items[i].system == kind->system && kinds->items[i].element == kind->element &&
            kinds->items[i].structure == kind->structure)
            return;
    if (kinds->count == MOST_KINDS)
        kinds->is_open = true;
    else
        kinds->items[kinds->count++] = *kind;
}

static void add_kinds(struct kinds *kinds, const struct kinds *more)
{
    for (size_t i = 0; i < more->count; i++)
        add_kind(kinds, &more->items[i]);
    kinds->is_open |= more->is_open;
    kinds->is_unordered |= more->is_unordered;
}

static void set_system(struct kinds *kinds, enum fhirpath_kind system)
{
    *kinds = (struct kinds){ .items = { { .system = system } }, .count = 1 };
}

static bool is_named(const struct element *element, struct str name)
{
    struct str own = element->name;
    own.len -= element->is_choice ? sizeof "[x]" - 1 : 0;
    return str_equal(own, name);
}

static void add_types(const struct check *check, const struct element *child, struct kinds *out)
{
    const struct element *named = child->content ? child->content : child;
    for (size_t i = 0; i < named->type_count; i++) {
        const struct structure *structure =
            definitions_type_of(check->definitions, &named->types[i]);
        const struct kind kind = { FHIRPATH_NODE, child, structure };
        if (structure)
            add_kind(out, &kind);
        else
            out->is_open = true;
    }
}

/* Where the children of a kind are defined. */
static const struct element *scope_of(const struct kind *kind)
{
    const struct element *element = kind->element;
    if (element && element->child_count)
        return element;
    if (element && element->content)
        return element->content;
    return kind->structure ? kind->structure->root : NULL;
}

/* Adds what the child called name may be; false when the kind has none. */
static bool add_child(const struct check *check, const struct kind *kind, struct str name,
                      struct kinds *out)
{
    if (kind->system == FHIRPATH_QUANTITY || kind->system == FHIRPATH_TYPE) {
        out->is_open = true;
        return true;
    }
    const struct element *scope = kind->system == FHIRPATH_NODE ? scope_of(kind) : NULL;
    for (size_t i = 0; scope && i < scope->child_count; i++)
        if (is_named(scope->children[i], name)) {
            add_types(check, scope->children[i], out);
            return true;
        }
    /* Any resource at all may stand where only Resource is said. */
    bool is_any =
        kind->structure && kind->structure->is_abstract && kind->structure->kind == KIND_RESOURCE;
    out->is_open |= is_any;
    return is_any;
}

static struct str name_of(const struct kinds *kinds)
{
    const struct kind *first = &kinds->items[0];
    if (kinds->count == 0 || first->system != FHIRPATH_NODE)
        return STR("a System value");
    if (first->element && first->element->child_count)
        return first->element->path;
    return first->structure->type;
}

/* A path may begin with its resource's type. */
static bool check_type(const struct check *check, const struct fhirpath_expression *member,
                       const struct kinds *focus, struct kinds *out)
{
    for (size_t i = 0; i < focus->count; i++) {
        const struct kind *kind = &focus->items[i];
        if (kind->structure &&
            definitions_is_a(check->definitions, kind->structure->type, member->name))
            add_kind(out, kind);
    }
    return out->count > 0 || focus->is_open ||
           fail(check, member, STR_FMT " is not the type of " STR_FMT, STR_ARG(member->name),
                STR_ARG(name_of(focus)));
}

static bool check_member(const struct check *check, const struct fhirpath_expression *member,
                         const struct kinds *focus, struct kinds *out)
{
    bool is_type = !member->left && member->name.len > 0 && member->name.data[0] >= 'A' &&
                   member->name.data[0] <= 'Z';
    out->is_open = focus->is_open;
    if (is_type)
        return check_type(check, member, focus, out);
    bool is_found = focus->is_open || focus->count == 0;
    for (size_t i = 0; i < focus->count; i++)
        is_found |= add_child(check, &focus->items[i], member->name, out);
    return is_found || fail(check, member, STR_FMT " is no element of " STR_FMT,
                            STR_ARG(member->name), STR_ARG(name_of(focus)));
}

static bool set_type(const struct check *check, const struct fhirpath_expression *at,
                     struct kinds *out)
{
    bool is_system = str_is(at->type.space, "System");
    const struct structure *structure =
        is_system ? NULL : definitions_type(check->definitions, at->type.name);
    const struct kind kind = { FHIRPATH_NODE, NULL, structure };
    if (structure)
        add_kind(out, &kind);
    else
        out->is_open = true;
    return true;
}

static enum result result_of(struct str name, bool *needs_order)
{
    for (size_t i = 0; i < COUNT(RESULTS); i++)
        if (str_is(name, RESULTS[i].name)) {
            *needs_order = RESULTS[i].needs_order;
            return RESULTS[i].result;
        }
    *needs_order = false;
    return RESULT_OPEN;
}

static void set_result(const struct check *check, const struct fhirpath_expression *call,
                       enum result result, const struct kinds *input,
                       const struct kinds arguments[FHIRPATH_MOST_ARGUMENTS], struct kinds *out)
{
    static const enum fhirpath_kind SYSTEMS[] = { [RESULT_BOOLEAN] = FHIRPATH_BOOLEAN,
                                                  [RESULT_INTEGER] = FHIRPATH_INTEGER,
                                                  [RESULT_STRING] = FHIRPATH_STRING };
    const struct kind extension = { FHIRPATH_NODE, NULL,
                                    definitions_type(check->definitions, STR("Extension")) };
    if (result >= RESULT_BOOLEAN) {
        set_system(out, SYSTEMS[result]);
    } else if (result == RESULT_TYPE) {
        set_type(check, call, out);
    } else if (result == RESULT_EXTENSIONS && extension.structure) {
        add_kind(out, &extension);
    } else if (result == RESULT_CHILDREN || result == RESULT_OPEN || result == RESULT_EXTENSIONS) {
        out->is_open = true;
        out->is_unordered = result == RESULT_CHILDREN;
    } else if (result == RESULT_BRANCHES) {
        for (size_t i = 1; i < call->argument_count; i++)
            add_kinds(out, &arguments[i]);
    } else {
        if (result != RESULT_ARGUMENT)
            add_kinds(out, input);
        if (result != RESULT_INPUT)
            add_kinds(out, &arguments[0]);
    }
}

/* Lazy arguments see the input's items, iif() and defineVariable() the whole input; all others what
 * is around the call. */
static bool check_call(const struct check *check, const struct fhirpath_expression *call,
                       const struct kinds *input, const struct kinds *focus, struct kinds *out)
{
    struct kinds arguments[FHIRPATH_MOST_ARGUMENTS];
    bool needs_order;
    enum result result = result_of(call->name, &needs_order);
    if (needs_order && input->is_unordered)
        return fail(check, call, STR_FMT "() needs an order, which children have not",
                    STR_ARG(call->name));
    struct kinds item = *input;
    item.is_unordered = false;
    /* What repeat() finds is its own input, again. */
    if (str_is(call->name, "repeat") || str_is(call->name, "aggregate"))
        set_open(&item);
    for (size_t i = 0; i < call->argument_count; i++) {
        enum fhirpath_argument kind = call->function->arguments[i];
        set_open(&arguments[i]);
        if (kind != ARGUMENT_TYPE &&
            !check_expression(check, call->arguments[i], kind == ARGUMENT_LAZY ? &item : focus,
                              &arguments[i]))
            return false;
    }
    set_result(check, call, result, input, arguments, out);
    return true;
}

static bool check_binary(const struct check *check, const struct fhirpath_expression *binary,
                         const struct kinds *left, const struct kinds *focus, struct kinds *out)
{
    struct kinds right;
    if (!check_expression(check, binary->arguments[0], focus, &right))
        return false;
    if (binary->infix->kind == OPERATOR_UNION) {
        add_kinds(out, left);
        add_kinds(out, &right);
    } else if (binary->infix->power <= 7) /* comparisons, membership, logic */
        set_system(out, FHIRPATH_BOOLEAN);
    else
        set_open(out);
    return true;
}

static void set_constant(const struct check *check, struct str name, struct kinds *out)
{
    set_open(out);
    if (str_is(name, "context"))
        *out = *check->root;
    else if (str_is(name, "resource") && check->resource) {
        const struct kind kind = { FHIRPATH_NODE, NULL, check->resource };
        out->is_open = false;
        add_kind(out, &kind);
    }
}

static bool check_node(const struct check *check, const struct fhirpath_expression *at,
                       const struct kinds *left, const struct kinds *focus, struct kinds *out)
{
    struct kinds argument;
    *out = (struct kinds){ .count = 0 };
    switch (at->form) {
    case FORM_EMPTY:
        return true;
    case FORM_LITERAL:
        set_system(out, at->literal.kind);
        return true;
    case FORM_MEMBER:
        return check_member(check, at, left, out);
    case FORM_FUNCTION:
        return check_call(check, at, left, focus, out);
    case FORM_INDEX:
        *out = *left;
        if (left->is_unordered)
            return fail(check, at, "an index needs an order, which children have not");
        return check_expression(check, at->arguments[0], focus, &argument);
    case FORM_SIGN:
        set_open(out);
        return check_expression(check, at->arguments[0], focus, &argument);
    case FORM_BINARY:
        return check_binary(check, at, left, focus, out);
    case FORM_TYPE:
        if (str_is(at->name, "as"))
            return set_type(check, at, out);
        set_system(out, FHIRPATH_BOOLEAN);
        return true;
    case FORM_VARIABLE:
        if (str_is(at->name, "$this"))
            *out = *focus;
        else
            set_open(out);
        return true;
    case FORM_CONSTANT:
        set_constant(check, at->name, out);
        return true;
    }
    return false;
}

/* As evaluation walks: from the leftmost node upwards, so C recursion is as deep as parentheses and
 * arguments are nested, which the parser bounds. */
static bool check_expression(const struct check *check,
                             const struct fhirpath_expression *expression,
                             const struct kinds *focus, struct kinds *out)
{
    const struct fhirpath_expression *at = expression;
    while (at->left)
        at = at->left;
    struct kinds left = *focus;
    for (;;) {
        if (!check_node(check, at, &left, focus, out))
            return false;
        if (at == expression)
            return true;
        left = *out;
        at = at->up;
    }
}

bool fhirpath_check(const struct fhirpath *expression, const struct node *focus,
                    struct definitions *definitions, struct issues *issues)
{
    struct kinds root = { .is_open = !focus || !focus->structure }, result;
    const struct kind kind = { FHIRPATH_NODE, focus ? focus->element : NULL,
                               focus ? focus->structure : NULL };
    if (!root.is_open)
        add_kind(&root, &kind);
    const struct node *resource = focus ? focus->resource : NULL;
    struct check check = { expression, definitions, &root, resource ? resource->structure : NULL,
                           issues };
    return check_expression(&check, expression->root, &root, &result);
}
