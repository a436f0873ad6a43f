/* parse.c - from tokens to the tree of a query, by descent (GraphQL October 2021, appendix B). */
#include "resources/fhir/graphql/syntax.h"

struct parser {
    struct graphql_lexer lexer;
    struct graphql_token token; /* the one that is looked at */
    size_t nodes;
};

static bool fail(struct parser *parser, const char *reason)
{
    return graphql_lex_fail(parser->lexer.issues, parser->token.offset, reason);
}

static bool advance(struct parser *parser)
{
    return graphql_lex_next(&parser->lexer, &parser->token);
}

static bool is_symbol(const struct parser *parser, const char *symbol)
{
    return parser->token.kind == GRAPHQL_SYMBOL && str_is(parser->token.text, symbol);
}

static bool is_word(const struct parser *parser, const char *word)
{
    return parser->token.kind == GRAPHQL_NAME && str_is(parser->token.text, word);
}

static bool expect(struct parser *parser, const char *symbol, const char *reason)
{
    return is_symbol(parser, symbol) ? advance(parser) : fail(parser, reason);
}

static bool take_name(struct parser *parser, struct str *name, const char *reason)
{
    if (parser->token.kind != GRAPHQL_NAME)
        return fail(parser, reason);
    *name = parser->token.text;
    return advance(parser);
}

/* Room for one more part of the tree; NULL with an issue when the query has too many. */
static void *grow(struct parser *parser, size_t size)
{
    if (++parser->nodes <= GRAPHQL_MOST_NODES)
        return arena_alloc(parser->lexer.arena, size);
    issue_add(parser->lexer.issues, NULL, ISSUE_TOO_COSTLY,
              "graphql-most-nodes: a query has at most %d parts", GRAPHQL_MOST_NODES);
    return NULL;
}

static bool go_deeper(struct parser *parser, size_t depth)
{
    return depth < GRAPHQL_MOST_DEPTH ||
           issue_add(parser->lexer.issues, NULL, ISSUE_TOO_DEEP,
                     "graphql-most-depth: a query is nested at most %d deep", GRAPHQL_MOST_DEPTH);
}

static bool parse_value(struct parser *parser, struct graphql_value *value, size_t depth);

static bool parse_list(struct parser *parser, struct graphql_value *value, size_t depth)
{
    struct graphql_value **end = &value->items;
    value->kind = GRAPHQL_VALUE_LIST;
    if (!advance(parser))
        return false;
    while (!is_symbol(parser, "]")) {
        struct graphql_value *item = grow(parser, sizeof *item);
        if (!item || !parse_value(parser, item, depth + 1))
            return false;
        *end = item;
        end = &item->next;
    }
    return advance(parser);
}

static bool parse_object(struct parser *parser, struct graphql_value *value, size_t depth)
{
    value->kind = GRAPHQL_VALUE_OBJECT;
    if (!advance(parser))
        return false;
    while (!is_symbol(parser, "}")) {
        struct graphql_value *item = grow(parser, sizeof *item);
        struct str name;
        if (!item || !take_name(parser, &name, "a name is expected") ||
            !expect(parser, ":", "a colon is expected") || !parse_value(parser, item, depth + 1))
            return false;
    }
    return advance(parser);
}

static bool parse_value(struct parser *parser, struct graphql_value *value, size_t depth)
{
    if (!go_deeper(parser, depth))
        return false;
    if (is_symbol(parser, "["))
        return parse_list(parser, value, depth);
    if (is_symbol(parser, "{"))
        return parse_object(parser, value, depth);
    if (is_symbol(parser, "$")) {
        value->kind = GRAPHQL_VALUE_VARIABLE;
        return advance(parser) && take_name(parser, &value->text, "a variable's name is expected");
    }
    if (parser->token.kind == GRAPHQL_SYMBOL || parser->token.kind == GRAPHQL_END)
        return fail(parser, "a value is expected");
    value->kind = is_word(parser, "null") ? GRAPHQL_VALUE_NULL : GRAPHQL_VALUE_TEXT;
    value->text = parser->token.text;
    return advance(parser);
}

static bool parse_arguments(struct parser *parser, struct graphql_argument **end)
{
    if (!is_symbol(parser, "("))
        return true;
    if (!advance(parser))
        return false;
    do {
        struct graphql_argument *argument = grow(parser, sizeof *argument);
        if (!argument)
            return false;
        argument->offset = parser->token.offset;
        if (!take_name(parser, &argument->name, "an argument's name is expected") ||
            !expect(parser, ":", "a colon is expected") ||
            !parse_value(parser, &argument->value, 0))
            return false;
        *end = argument;
        end = &argument->next;
    } while (!is_symbol(parser, ")"));
    return advance(parser);
}

static bool parse_directives(struct parser *parser, struct graphql_directive **end)
{
    while (is_symbol(parser, "@")) {
        struct graphql_directive *directive = grow(parser, sizeof *directive);
        if (!directive)
            return false;
        directive->offset = parser->token.offset;
        if (!advance(parser) ||
            !take_name(parser, &directive->name, "a directive's name is expected") ||
            !parse_arguments(parser, &directive->arguments))
            return false;
        *end = directive;
        end = &directive->next;
    }
    return true;
}

static bool parse_selections(struct parser *parser, struct graphql_selection **end, size_t depth);

static bool parse_fragment_use(struct parser *parser, struct graphql_selection *selection,
                               size_t depth)
{
    bool has_type = false;
    if (!advance(parser))
        return false;
    if (parser->token.kind == GRAPHQL_NAME && !is_word(parser, "on")) {
        selection->kind = GRAPHQL_SPREAD;
        return take_name(parser, &selection->name, "") &&
               parse_directives(parser, &selection->directives);
    }
    selection->kind = GRAPHQL_INLINE;
    has_type = is_word(parser, "on");
    return (!has_type ||
            (advance(parser) && take_name(parser, &selection->type, "a type is expected"))) &&
           parse_directives(parser, &selection->directives) &&
           parse_selections(parser, &selection->selections, depth + 1);
}

static bool parse_field(struct parser *parser, struct graphql_selection *selection, size_t depth)
{
    if (!take_name(parser, &selection->name, "a field is expected"))
        return false;
    selection->key = selection->name;
    if (is_symbol(parser, ":") &&
        (!advance(parser) || !take_name(parser, &selection->name, "a field is expected")))
        return false;
    return parse_arguments(parser, &selection->arguments) &&
           parse_directives(parser, &selection->directives) &&
           (!is_symbol(parser, "{") || parse_selections(parser, &selection->selections, depth + 1));
}

static bool parse_selections(struct parser *parser, struct graphql_selection **end, size_t depth)
{
    if (!go_deeper(parser, depth) || !expect(parser, "{", "'{' is expected"))
        return false;
    do {
        struct graphql_selection *selection = grow(parser, sizeof *selection);
        if (!selection)
            return false;
        selection->offset = parser->token.offset;
        if (!(is_symbol(parser, "...") ? parse_fragment_use(parser, selection, depth)
                                       : parse_field(parser, selection, depth)))
            return false;
        *end = selection;
        end = &selection->next;
    } while (!is_symbol(parser, "}"));
    return advance(parser);
}

/* Only whether a value must be given is kept of a type: what it is used for judges it. */
static bool parse_type(struct parser *parser, bool *is_required, size_t depth)
{
    struct str name;
    if (!go_deeper(parser, depth))
        return false;
    if (is_symbol(parser, "[")) {
        if (!advance(parser) || !parse_type(parser, is_required, depth + 1) ||
            !expect(parser, "]", "']' is expected"))
            return false;
    } else if (!take_name(parser, &name, "a type is expected")) {
        return false;
    }
    *is_required = is_symbol(parser, "!");
    return !*is_required || advance(parser);
}

static bool has_variable(const struct graphql_value *value)
{
    const struct graphql_value *item = value->items;
    while (item && !has_variable(item))
        item = item->next;
    return item || value->kind == GRAPHQL_VALUE_VARIABLE;
}

static bool parse_default(struct parser *parser, struct graphql_variable *variable)
{
    struct graphql_value *value = grow(parser, sizeof *value);
    size_t offset = parser->token.offset;
    variable->value = value;
    return value && advance(parser) && parse_value(parser, value, 0) &&
           (!has_variable(value) ||
            graphql_lex_fail(parser->lexer.issues, offset, "a default has no variables"));
}

static bool parse_variables(struct parser *parser, struct graphql_variable **end)
{
    struct graphql_directive *ignored = NULL;
    if (!is_symbol(parser, "("))
        return true;
    if (!advance(parser))
        return false;
    do {
        struct graphql_variable *variable = grow(parser, sizeof *variable);
        if (!variable)
            return false;
        variable->offset = parser->token.offset;
        if (!expect(parser, "$", "a variable is expected") ||
            !take_name(parser, &variable->name, "a variable's name is expected") ||
            !expect(parser, ":", "a colon is expected") ||
            !parse_type(parser, &variable->is_required, 0) ||
            (is_symbol(parser, "=") && !parse_default(parser, variable)) ||
            !parse_directives(parser, &ignored))
            return false;
        *end = variable;
        end = &variable->next;
    } while (!is_symbol(parser, ")"));
    return advance(parser);
}

static bool parse_operation(struct parser *parser, struct graphql_operation **end)
{
    struct graphql_directive *ignored = NULL;
    struct graphql_operation *operation = grow(parser, sizeof *operation);
    if (!operation)
        return false;
    operation->offset = parser->token.offset;
    *end = operation;
    if (is_symbol(parser, "{"))
        return parse_selections(parser, &operation->selections, 0);
    if (is_word(parser, "mutation") || is_word(parser, "subscription"))
        return fail(parser, "nothing is changed or subscribed to here, only queries are answered");
    if (!is_word(parser, "query"))
        return fail(parser, "'query', 'fragment' or '{' is expected");
    if (!advance(parser))
        return false;
    if (parser->token.kind == GRAPHQL_NAME && !take_name(parser, &operation->name, ""))
        return false;
    return parse_variables(parser, &operation->variables) && parse_directives(parser, &ignored) &&
           parse_selections(parser, &operation->selections, 0);
}

static bool parse_fragment(struct parser *parser, struct graphql_fragment **end)
{
    struct graphql_directive *ignored = NULL;
    struct graphql_fragment *fragment = grow(parser, sizeof *fragment);
    if (!fragment || !advance(parser))
        return false;
    *end = fragment;
    if (is_word(parser, "on"))
        return fail(parser, "a fragment's name is expected");
    return take_name(parser, &fragment->name, "a fragment's name is expected") &&
           (is_word(parser, "on") ? advance(parser) : fail(parser, "'on' is expected")) &&
           take_name(parser, &fragment->type, "a type is expected") &&
           parse_directives(parser, &ignored) && parse_selections(parser, &fragment->selections, 0);
}

const struct graphql_document *graphql_parse(struct str text, struct arena *arena,
                                             struct issues *issues)
{
    struct parser parser = { .lexer = { text, 0, arena, issues } };
    struct graphql_document *document = arena_alloc(arena, sizeof *document);
    struct graphql_operation **operation = &document->operations;
    struct graphql_fragment **fragment = &document->fragments;
    issues_read(issues, text);
    if (text.len > GRAPHQL_MOST_TEXT) {
        issue_add(issues, NULL, ISSUE_TOO_LARGE, "graphql-most-text: a query has at most %d bytes",
                  GRAPHQL_MOST_TEXT);
        return NULL;
    }
    if (!advance(&parser))
        return NULL;
    do {
        bool is_fragment = is_word(&parser, "fragment");
        if (!(is_fragment ? parse_fragment(&parser, fragment)
                          : parse_operation(&parser, operation)))
            return NULL;
        if (is_fragment)
            fragment = &(*fragment)->next;
        else
            operation = &(*operation)->next;
    } while (parser.token.kind != GRAPHQL_END);
    return document;
}
