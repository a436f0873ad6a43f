/* check.c - holds selections against the definitions before anything is read: what is not there is
 * refused also where the data would not have shown it. */
#include "resources/fhir/graphql/run.h"

/* Of what the fields are that are looked at. */
enum scope_kind {
    SCOPE_SYSTEM,
    SCOPE_TYPE,       /* a type, or an element of one */
    SCOPE_ANY,        /* some resource: which, is known when it is there */
    SCOPE_CONNECTION, /* of resources of `type` */
    SCOPE_EDGE
};
struct scope {
    enum scope_kind kind;
    struct str type;
    const struct element *element;
    bool is_resource;
};

static bool check_all(struct graphql_run *run, const struct graphql_selection *selections,
                      const struct scope *scope, size_t depth);

static struct scope scope_of_type(struct graphql_run *run, struct str type)
{
    const struct structure *structure = definitions_type(run->request->definitions, type);
    bool is_resource = structure && structure->kind == KIND_RESOURCE;
    if (!structure || (is_resource && structure->is_abstract))
        return (struct scope){ .kind = SCOPE_ANY, .type = STR("Resource"), .is_resource = true };
    return (struct scope){ SCOPE_TYPE, structure->type, structure->root, is_resource };
}

static const struct directive_kind {
    const char *name;
    const char *arguments[2]; /* one of them must be given; NULL: none may */
} DIRECTIVES[] = {
    { "skip", { "if", NULL } },          { "include", { "if", NULL } },
    { "slice", { "path", "fhirpath" } }, { "flatten", { NULL, NULL } },
    { "first", { NULL, NULL } },         { "singleton", { NULL, NULL } },
};

static bool check_directive(struct graphql_run *run, const struct graphql_directive *directive)
{
    const struct directive_kind *kind = DIRECTIVES;
    while (kind < DIRECTIVES + COUNT(DIRECTIVES) && !str_is(directive->name, kind->name))
        kind++;
    if (kind == DIRECTIVES + COUNT(DIRECTIVES))
        return graphql_run_refuse(run, directive->offset, "@" STR_FMT " is not known",
                                  STR_ARG(directive->name));
    const struct graphql_argument *argument = directive->arguments;
    bool is_one = argument && !argument->next &&
                  ((kind->arguments[0] && str_is(argument->name, kind->arguments[0])) ||
                   (kind->arguments[1] && str_is(argument->name, kind->arguments[1])));
    return (kind->arguments[0] ? is_one : !argument) ||
           graphql_run_refuse(run, directive->offset, "@%s takes %s%s", kind->name,
                              kind->arguments[0] ? "the argument " : "no argument",
                              kind->arguments[0] ? kind->arguments[0] : "");
}

static bool check_directives(struct graphql_run *run, const struct graphql_selection *selection)
{
    const struct graphql_directive *one = selection->directives;
    for (; one; one = one->next) {
        bool is_any = str_is(one->name, "skip") || str_is(one->name, "include");
        if (!check_directive(run, one))
            return false;
        if (!is_any && selection->kind != GRAPHQL_FIELD)
            return graphql_run_refuse(run, one->offset, "@" STR_FMT " belongs to a field",
                                      STR_ARG(one->name));
    }
    if (graphql_values_directive(selection, "flatten") && !selection->selections)
        return graphql_run_refuse(run, selection->offset, "@flatten needs fields below");
    return !graphql_values_directive(selection, "slice") ||
           !graphql_values_directive(selection, "first") ||
           graphql_run_refuse(run, selection->offset, "@slice and @first exclude one another");
}

static bool check_leaf(struct graphql_run *run, const struct graphql_selection *field)
{
    if (field->arguments)
        return graphql_run_refuse(run, field->offset, "'" STR_FMT "' takes no arguments",
                                  STR_ARG(field->name));
    return !field->selections ||
           graphql_run_refuse(run, field->offset, "'" STR_FMT "' has no fields below",
                              STR_ARG(field->name));
}

/* allowed: names of arguments, NULL at the end. */
static bool check_below(struct graphql_run *run, const struct graphql_selection *field,
                        const char *const *allowed, const struct scope *below, size_t depth)
{
    const struct graphql_argument *argument = allowed ? field->arguments : NULL;
    for (; argument; argument = argument->next) {
        const char *const *name = allowed;
        while (*name && !str_is(argument->name, *name))
            name++;
        if (!*name)
            return graphql_run_refuse(run, argument->offset,
                                      "'" STR_FMT "' takes no argument '" STR_FMT "'",
                                      STR_ARG(field->name), STR_ARG(argument->name));
    }
    if (!field->selections)
        return graphql_run_refuse(run, field->offset, "'" STR_FMT "' needs fields below",
                                  STR_ARG(field->name));
    return check_all(run, field->selections, below, depth + 1);
}

/* What FHIR's searches know and these have no use for. */
static const char *const NOT_SEARCHED[] = { "_include",       "_revinclude", "_contained",
                                            "_containedType", "_summary",    "_elements",
                                            "_total",         "_page",       "_format",
                                            "_pretty" };

static bool check_search(struct graphql_run *run, const struct graphql_selection *field,
                         const struct scope *below, bool is_reverse, size_t depth)
{
    const struct graphql_argument *one = field->arguments;
    for (; one; one = one->next) {
        bool is_cursor = str_is(one->name, "cursor") || str_is(one->name, "_cursor");
        bool is_refused = (is_reverse && (str_is(one->name, "id") || is_cursor)) ||
                          (!is_reverse && str_is(one->name, "_reference")) ||
                          (is_cursor && below->kind != SCOPE_CONNECTION);
        for (size_t i = 0; i < COUNT(NOT_SEARCHED); i++)
            is_refused = is_refused || str_is(one->name, NOT_SEARCHED[i]);
        if (is_refused)
            return graphql_run_refuse(run, one->offset,
                                      "'" STR_FMT "' takes no argument '" STR_FMT "' here",
                                      STR_ARG(field->name), STR_ARG(one->name));
    }
    if (is_reverse && !graphql_values_find(field->arguments, "_reference"))
        return graphql_run_refuse(run, field->offset,
                                  "'" STR_FMT "' needs _reference: the parameter that leads here",
                                  STR_ARG(field->name));
    return check_below(run, field, NULL, below, depth);
}

/* True when the field is a search; *is_good says whether it is right. */
static bool is_search(struct graphql_run *run, const struct graphql_selection *field,
                      bool is_reverse, size_t depth, bool *is_good)
{
    struct str type;
    enum graphql_reverse kind =
        graphql_property_search(field->name, &type, run->request->definitions);
    if (kind == GRAPHQL_NO_SEARCH)
        return false;
    struct scope below = scope_of_type(run, type);
    if (kind == GRAPHQL_CONNECTION)
        below.kind = SCOPE_CONNECTION;
    *is_good = check_search(run, field, &below, is_reverse, depth);
    return true;
}

static bool refuse_field(struct graphql_run *run, const struct graphql_selection *field,
                         struct str of)
{
    return graphql_run_refuse(run, field->offset, STR_FMT " has no field '" STR_FMT "'",
                              STR_ARG(of), STR_ARG(field->name));
}

static bool check_system(struct graphql_run *run, const struct graphql_selection *field,
                         size_t depth)
{
    static const char *const ALLOWED[] = { "id", "_id", NULL };
    bool is_good;
    if (is_search(run, field, false, depth, &is_good))
        return is_good;
    if (!definitions_is_resource_type(run->request->definitions, field->name))
        return refuse_field(run, field, STR("the system"));
    if (!field->arguments || field->arguments->next)
        return graphql_run_refuse(run, field->offset, "'" STR_FMT "' needs an id, and only that",
                                  STR_ARG(field->name));
    struct scope below = scope_of_type(run, field->name);
    return check_below(run, field, ALLOWED, &below, depth);
}

static bool check_reference(struct graphql_run *run, const struct graphql_selection *field,
                            size_t depth)
{
    static const char *const ALLOWED[] = { "type", "optional", NULL };
    const struct graphql_argument *type = graphql_values_find(field->arguments, "type");
    struct scope below = scope_of_type(run, STR("Resource"));
    if (type && type->value.kind == GRAPHQL_VALUE_TEXT) {
        if (!definitions_is_resource_type(run->request->definitions, type->value.text))
            return graphql_run_refuse(run, type->offset, "'" STR_FMT "' is no resource type",
                                      STR_ARG(type->value.text));
        below = scope_of_type(run, type->value.text);
    }
    return check_below(run, field, ALLOWED, &below, depth);
}

/* Arguments of a complex element: fhirpath, a part of the list, or one of its leaves. */
static bool check_filters(struct graphql_run *run, const struct graphql_selection *field,
                          const struct graphql_property *property)
{
    const struct graphql_argument *one = field->arguments;
    for (; one; one = one->next) {
        struct graphql_property leaf;
        bool is_known = str_is(one->name, "fhirpath") || str_is(one->name, "_count") ||
                        str_is(one->name, "_offset");
        if (!is_known &&
            !(graphql_property_find(&leaf, property->scope, one->name, run->request->definitions) &&
              graphql_property_is_leaf(&leaf)))
            return graphql_run_refuse(run, one->offset,
                                      "'" STR_FMT "' takes no argument '" STR_FMT "'",
                                      STR_ARG(field->name), STR_ARG(one->name));
    }
    return true;
}

static bool check_property(struct graphql_run *run, const struct graphql_selection *field,
                           const struct scope *scope, size_t depth)
{
    struct graphql_property property;
    if (!graphql_property_find(&property, scope->element, field->name, run->request->definitions))
        return refuse_field(run, field, scope->type);
    if (graphql_property_is_leaf(&property))
        return check_leaf(run, field);
    struct scope below =
        property.structure->kind == KIND_RESOURCE
            ? scope_of_type(run, property.structure->type)
            : (struct scope){ SCOPE_TYPE, property.structure->type, property.scope, false };
    return (property.is_shadow && !field->arguments ? true
                                                    : check_filters(run, field, &property)) &&
           check_below(run, field, NULL, &below, depth);
}

static bool check_connection(struct graphql_run *run, const struct graphql_selection *field,
                             const struct scope *scope, size_t depth)
{
    static const char *const NO_ARGUMENTS[] = { NULL };
    static const struct {
        enum scope_kind of;
        const char *name;
        enum scope_kind below; /* the same as `of`: a leaf */
    } FIELDS[] = {
        { SCOPE_CONNECTION, "count", SCOPE_CONNECTION },
        { SCOPE_CONNECTION, "offset", SCOPE_CONNECTION },
        { SCOPE_CONNECTION, "pagesize", SCOPE_CONNECTION },
        { SCOPE_CONNECTION, "first", SCOPE_CONNECTION },
        { SCOPE_CONNECTION, "previous", SCOPE_CONNECTION },
        { SCOPE_CONNECTION, "next", SCOPE_CONNECTION },
        { SCOPE_CONNECTION, "last", SCOPE_CONNECTION },
        { SCOPE_CONNECTION, "edges", SCOPE_EDGE },
        { SCOPE_EDGE, "mode", SCOPE_EDGE },
        { SCOPE_EDGE, "score", SCOPE_EDGE },
        { SCOPE_EDGE, "resource", SCOPE_TYPE },
    };
    size_t i = 0;
    while (i < COUNT(FIELDS) &&
           (FIELDS[i].of != scope->kind || !str_is(field->name, FIELDS[i].name)))
        i++;
    if (i == COUNT(FIELDS))
        return refuse_field(run, field,
                            scope->kind == SCOPE_EDGE ? STR("an edge") : STR("a connection"));
    if (FIELDS[i].below == scope->kind)
        return check_leaf(run, field);
    struct scope below = *scope;
    below.kind = FIELDS[i].below;
    return check_below(run, field, NO_ARGUMENTS, &below, depth);
}

static bool check_field(struct graphql_run *run, const struct graphql_selection *field,
                        const struct scope *scope, size_t depth)
{
    bool is_good;
    if (str_is(field->name, "__typename") ||
        (scope->kind == SCOPE_TYPE && scope->is_resource && str_is(field->name, "resourceType")))
        return check_leaf(run, field);
    switch (scope->kind) {
    case SCOPE_SYSTEM:
        return check_system(run, field, depth);
    case SCOPE_ANY:
        return true;
    case SCOPE_CONNECTION:
    case SCOPE_EDGE:
        return check_connection(run, field, scope, depth);
    case SCOPE_TYPE:
        break;
    }
    if (str_is(scope->type, "Reference") && str_is(field->name, "resource"))
        return check_reference(run, field, depth);
    if (scope->is_resource && is_search(run, field, true, depth, &is_good))
        return is_good;
    return check_property(run, field, scope, depth);
}

/* What the fields of a fragment are of; false with an issue when it can never be met. */
static bool narrow(struct graphql_run *run, const struct scope *scope, struct str type,
                   size_t offset, struct scope *out)
{
    struct definitions *definitions = run->request->definitions;
    *out = *scope;
    if (!type.len || (scope->kind == SCOPE_SYSTEM && str_is(type, "Query")))
        return true;
    if (scope->kind == SCOPE_SYSTEM || scope->kind == SCOPE_CONNECTION ||
        scope->kind == SCOPE_EDGE || !definitions_type(definitions, type))
        return graphql_run_refuse(run, offset, "there is no type '" STR_FMT "' here",
                                  STR_ARG(type));
    if (definitions_is_a(definitions, scope->type, type))
        return true;
    *out = scope_of_type(run, type);
    return definitions_is_a(definitions, type, scope->type) ||
           /* One that may be met by another resource than this. */
           (scope->is_resource && out->is_resource) ||
           graphql_run_refuse(run, offset, "a " STR_FMT " is never a " STR_FMT,
                              STR_ARG(scope->type), STR_ARG(type));
}

static bool check_fragment(struct graphql_run *run, const struct graphql_selection *selection,
                           const struct scope *scope, size_t depth)
{
    struct scope below;
    const struct graphql_selection *selections = selection->selections;
    struct str type = selection->type;
    if (selection->kind == GRAPHQL_SPREAD) {
        const struct graphql_fragment *fragment = graphql_collect_fragment(run, selection->name);
        if (!fragment)
            return graphql_run_refuse(run, selection->offset, "there is no fragment '" STR_FMT "'",
                                      STR_ARG(selection->name));
        selections = fragment->selections;
        type = fragment->type;
    }
    return narrow(run, scope, type, selection->offset, &below) &&
           check_all(run, selections, &below, depth + 1);
}

static bool check_all(struct graphql_run *run, const struct graphql_selection *selections,
                      const struct scope *scope, size_t depth)
{
    if (depth > GRAPHQL_MOST_DEPTH)
        return issue_add(run->issues, NULL, ISSUE_TOO_DEEP,
                         "graphql-most-depth: a query is nested at most %d deep",
                         GRAPHQL_MOST_DEPTH);
    for (; selections; selections = selections->next)
        if (!graphql_run_step(run) || !check_directives(run, selections) ||
            !(selections->kind == GRAPHQL_FIELD ? check_field(run, selections, scope, depth)
                                                : check_fragment(run, selections, scope, depth)))
            return false;
    return true;
}

bool graphql_check(struct graphql_run *run, const struct graphql_selection *selections,
                   struct str type, size_t depth)
{
    const struct scope system = { .kind = SCOPE_SYSTEM };
    const struct scope scope = type.len ? scope_of_type(run, type) : system;
    return check_all(run, selections, &scope, depth);
}
