/* parse.c - text to tree: a Pratt parser over the operator table (FHIRPath N1, grammar and section
 * 7). */
#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/functions.h"
#include "resources/fhir/fhirpath/syntax.h"
#include "resources/fhir/types/quantity.h"

enum { POWER_LEAST = 0, POWER_SIGN = 12 };

struct parser {
    struct fhirpath_lexer lexer;
    struct fhirpath_token token; /* the one to be looked at */
    int depth;
};

static struct fhirpath_expression *parse_expression(struct parser *parser, int power);

static bool advance(struct parser *parser)
{
    return fhirpath_lex_next(&parser->lexer, &parser->token);
}

/* Always NULL. */
static struct fhirpath_expression *fail_at(struct parser *parser, size_t position,
                                           struct str reason)
{
    fhirpath_lex_fail(parser->lexer.issues, parser->lexer.text, position, reason);
    return NULL;
}

static struct fhirpath_expression *fail_expected(struct parser *parser, const char *what)
{
    struct str found = parser->token.kind == TOKEN_END ? STR("the end") : parser->token.text;
    struct str shown = str_slice(found, 0, 40);
    return fail_at(
        parser, parser->token.position,
        str_print(parser->lexer.arena, "%s is expected, not " STR_FMT, what, STR_ARG(shown)));
}

static bool is_symbol(const struct parser *parser, const char *symbol)
{
    return parser->token.kind == TOKEN_SYMBOL && str_is(parser->token.text, symbol);
}

static bool take_symbol(struct parser *parser, const char *symbol)
{
    if (is_symbol(parser, symbol))
        return advance(parser);
    fail_expected(parser, symbol);
    return false;
}

static struct fhirpath_expression *make(struct parser *parser, enum fhirpath_form form,
                                        struct fhirpath_expression *left)
{
    struct fhirpath_expression *made = arena_alloc(parser->lexer.arena, sizeof *made);
    made->form = form;
    made->position = parser->token.position;
    made->left = left;
    if (left) {
        left->up = made;
        made->calls_out = left->calls_out;
    }
    return made;
}

static void add_argument(struct parser *parser, struct fhirpath_expression *to,
                         const struct fhirpath_expression *argument)
{
    const struct fhirpath_expression **grown =
        arena_array(parser->lexer.arena, to->argument_count + 1, sizeof *grown);
    for (size_t i = 0; i < to->argument_count; i++)
        grown[i] = to->arguments[i];
    grown[to->argument_count++] = argument;
    to->arguments = grown;
    to->calls_out |= argument->calls_out;
}

static bool parse_type_name(struct parser *parser, struct fhirpath_type_name *type)
{
    *type = (struct fhirpath_type_name){ .name = { NULL, 0 } };
    for (int part = 0; part < 2; part++) {
        if (parser->token.kind != TOKEN_NAME && parser->token.kind != TOKEN_QUOTED) {
            fail_expected(parser, "the name of a type");
            return false;
        }
        type->space = type->name;
        type->name = str_copy(parser->lexer.arena, parser->token.text);
        if (!advance(parser))
            return false;
        if (part == 1 || !is_symbol(parser, "."))
            return true;
        /* `x is Patient.name` has no meaning, so a dot always goes on with the type's name. */
        if (!advance(parser))
            return false;
    }
    return true;
}

/* Compiles the regular expression of a literal (with its flags), so that evaluation need not. */
static bool prepare_pattern(struct parser *parser, struct fhirpath_expression *call)
{
    const struct fhirpath_expression *pattern = call->arguments[0];
    struct str reason, flags = { NULL, 0 };
    for (size_t i = 0; i < call->argument_count; i++) {
        const struct fhirpath_expression *argument = call->arguments[i];
        bool is_flags = call->function->arguments[i] == ARGUMENT_FLAGS;
        bool is_text = argument->form == FORM_LITERAL && argument->literal.kind == FHIRPATH_STRING;
        if ((i == 0 || is_flags) && !is_text)
            return true;
        if (is_flags)
            flags = argument->literal.text;
    }
    call->pattern =
        fhirpath_regex_compile(pattern->literal.text, flags, parser->lexer.arena, &reason);
    if (!call->pattern)
        fail_at(parser, pattern->position, reason);
    return call->pattern != NULL;
}

static bool parse_argument(struct parser *parser, struct fhirpath_expression *call)
{
    const struct fhirpath_function *function = call->function;
    if (call->argument_count == function->most) {
        fail_expected(parser, ")");
        return false;
    }
    enum fhirpath_argument kind = function->arguments[call->argument_count];
    struct fhirpath_expression *argument;
    if (kind == ARGUMENT_TYPE) {
        argument = make(parser, FORM_EMPTY, NULL);
        if (!parse_type_name(parser, &call->type))
            return false;
    } else {
        argument = parse_expression(parser, POWER_LEAST);
    }
    if (!argument)
        return false;
    add_argument(parser, call, argument);
    return true;
}

/* The parser stands on the opening parenthesis. */
static struct fhirpath_expression *parse_call(struct parser *parser,
                                              struct fhirpath_expression *call)
{
    call->function = fhirpath_functions_find(call->left, call->name);
    if (!call->function) {
        issue_add(parser->lexer.issues, NULL, ISSUE_FHIRPATH_UNSUPPORTED,
                  "at character %zu: there is no function " STR_FMT, call->position + 1,
                  STR_ARG(call->name));
        return NULL;
    }
    call->calls_out |= call->function->calls_out;
    if (!advance(parser))
        return NULL;
    while (!is_symbol(parser, ")")) {
        if (call->argument_count > 0 && !take_symbol(parser, ","))
            return NULL;
        if (!parse_argument(parser, call))
            return NULL;
    }
    if (call->argument_count < call->function->least)
        return fail_expected(parser, "another argument");
    if (call->function->arguments[0] == ARGUMENT_PATTERN && !prepare_pattern(parser, call))
        return NULL;
    return advance(parser) ? call : NULL;
}

/* name or name(arguments), of what stands left of it (NULL: of the focus). */
static struct fhirpath_expression *parse_member(struct parser *parser,
                                                struct fhirpath_expression *left)
{
    if (parser->token.kind != TOKEN_NAME && parser->token.kind != TOKEN_QUOTED)
        return fail_expected(parser, "a name");
    struct fhirpath_expression *member = make(parser, FORM_MEMBER, left);
    member->name = str_copy(parser->lexer.arena, parser->token.text);
    if (!advance(parser))
        return NULL;
    if (!is_symbol(parser, "("))
        return member;
    member->form = FORM_FUNCTION;
    return parse_call(parser, member);
}

/* The unit behind a number: '...' or a calendar word. */
static bool parse_unit(struct parser *parser, struct fhirpath_item *literal)
{
    enum date_unit unit;
    if (parser->token.kind == TOKEN_STRING)
        literal->unit = parser->token.text.len ? parser->token.text : STR("1");
    else if (parser->token.kind == TOKEN_NAME && date_unit_parse(&unit, parser->token.text))
        literal->unit = quantity_calendar_unit(unit);
    else
        return true;
    literal->kind = FHIRPATH_QUANTITY;
    return advance(parser);
}

static struct fhirpath_expression *parse_number(struct parser *parser)
{
    struct fhirpath_expression *literal = make(parser, FORM_LITERAL, NULL);
    struct str text = str_copy(parser->lexer.arena, parser->token.text);
    bool is_decimal = str_find(text, '.', 0) < text.len, is_long = str_ends(text, STR("L"));
    text.len -= is_long;
    struct decimal value;
    int64_t whole;
    if (!decimal_parse(&value, text) || (!is_decimal && !decimal_to_int(&whole, &value)))
        return fail_at(parser, literal->position, STR("the number is too large"));
    literal->literal = (struct fhirpath_item){ .kind = is_decimal ? FHIRPATH_DECIMAL
                                                       : is_long  ? FHIRPATH_LONG
                                                                  : FHIRPATH_INTEGER,
                                               .text = text };
    if (!advance(parser))
        return NULL;
    return is_long || parse_unit(parser, &literal->literal) ? literal : NULL;
}

static struct fhirpath_expression *parse_date(struct parser *parser)
{
    struct fhirpath_expression *literal = make(parser, FORM_LITERAL, NULL);
    struct str text = str_slice(parser->token.text, 1, parser->token.text.len);
    bool is_time = str_starts(text, STR("T"));
    bool has_time = str_find(text, 'T', 0) < text.len;
    struct date date;
    if (is_time)
        text = str_slice(text, 1, text.len);
    if (!date_parse(&date, text, is_time ? DATE_FORM_PARTIAL_TIME : DATE_FORM_PARTIAL))
        return fail_at(parser, literal->position, STR("this is no date, dateTime or time"));
    literal->literal.kind = is_time ? FHIRPATH_TIME : has_time ? FHIRPATH_DATETIME : FHIRPATH_DATE;
    literal->literal.text = date_print(&date, parser->lexer.arena);
    return advance(parser) ? literal : NULL;
}

static struct fhirpath_expression *parse_text(struct parser *parser, enum fhirpath_kind kind)
{
    struct fhirpath_expression *literal = make(parser, FORM_LITERAL, NULL);
    literal->literal =
        (struct fhirpath_item){ .kind = kind,
                                .text = str_copy(parser->lexer.arena, parser->token.text) };
    return advance(parser) ? literal : NULL;
}

static struct fhirpath_expression *parse_variable(struct parser *parser)
{
    static const char *const NAMES[] = { "$this", "$index", "$total" };
    struct fhirpath_expression *variable = make(parser, FORM_VARIABLE, NULL);
    for (size_t i = 0; i < COUNT(NAMES); i++)
        if (str_is(parser->token.text, NAMES[i])) {
            variable->name = str_of(NAMES[i]);
            return advance(parser) ? variable : NULL;
        }
    return fail_expected(parser, "$this, $index or $total");
}

static struct fhirpath_expression *parse_constant(struct parser *parser)
{
    struct fhirpath_expression *constant = make(parser, FORM_CONSTANT, NULL);
    constant->name = str_copy(parser->lexer.arena, parser->token.text);
    return advance(parser) ? constant : NULL;
}

static struct fhirpath_expression *parse_group(struct parser *parser)
{
    if (!advance(parser))
        return NULL;
    struct fhirpath_expression *group = parse_expression(parser, POWER_LEAST);
    if (!group || !take_symbol(parser, ")"))
        return NULL;
    return group;
}

static struct fhirpath_expression *parse_empty(struct parser *parser)
{
    struct fhirpath_expression *empty = make(parser, FORM_EMPTY, NULL);
    return advance(parser) && take_symbol(parser, "}") ? empty : NULL;
}

static struct fhirpath_expression *parse_sign(struct parser *parser)
{
    struct fhirpath_expression *sign = make(parser, FORM_SIGN, NULL);
    sign->name = str_copy(parser->lexer.arena, parser->token.text);
    if (!advance(parser))
        return NULL;
    const struct fhirpath_expression *operand = parse_expression(parser, POWER_SIGN);
    if (!operand)
        return NULL;
    add_argument(parser, sign, operand);
    return sign;
}

static struct fhirpath_expression *parse_symbol(struct parser *parser)
{
    if (is_symbol(parser, "("))
        return parse_group(parser);
    if (is_symbol(parser, "{"))
        return parse_empty(parser);
    if (is_symbol(parser, "-") || is_symbol(parser, "+"))
        return parse_sign(parser);
    return fail_expected(parser, "an expression");
}

static struct fhirpath_expression *parse_name(struct parser *parser)
{
    static const char *const RESERVED[] = { "and", "or", "xor", "implies", "div", "mod" };
    for (size_t i = 0; i < COUNT(RESERVED); i++)
        if (str_is(parser->token.text, RESERVED[i]))
            return fail_expected(parser, "an expression");
    if (str_is(parser->token.text, "true") || str_is(parser->token.text, "false"))
        return parse_text(parser, FHIRPATH_BOOLEAN);
    return parse_member(parser, NULL);
}

static struct fhirpath_expression *parse_primary(struct parser *parser)
{
    switch (parser->token.kind) {
    case TOKEN_NAME:
        return parse_name(parser);
    case TOKEN_QUOTED:
        return parse_member(parser, NULL);
    case TOKEN_STRING:
        return parse_text(parser, FHIRPATH_STRING);
    case TOKEN_NUMBER:
        return parse_number(parser);
    case TOKEN_DATE:
        return parse_date(parser);
    case TOKEN_VARIABLE:
        return parse_variable(parser);
    case TOKEN_CONSTANT:
        return parse_constant(parser);
    case TOKEN_SYMBOL:
        return parse_symbol(parser);
    case TOKEN_END:
        break;
    }
    return fail_expected(parser, "an expression");
}

/* .name, .name(...), [index] behind a primary expression. */
static struct fhirpath_expression *parse_path(struct parser *parser)
{
    struct fhirpath_expression *path = parse_primary(parser);
    while (path && (is_symbol(parser, ".") || is_symbol(parser, "["))) {
        bool is_index = is_symbol(parser, "[");
        struct fhirpath_expression *index = is_index ? make(parser, FORM_INDEX, path) : NULL;
        if (!advance(parser))
            return NULL;
        if (!is_index) {
            path = parse_member(parser, path);
            continue;
        }
        const struct fhirpath_expression *number = parse_expression(parser, POWER_LEAST);
        if (!number || !take_symbol(parser, "]"))
            return NULL;
        add_argument(parser, index, number);
        path = index;
    }
    return path;
}

/* operator and what stands right of it; the parser stands on the operator. */
static struct fhirpath_expression *parse_right(struct parser *parser,
                                               struct fhirpath_expression *left,
                                               const struct fhirpath_operator *infix)
{
    bool is_type = infix->kind == OPERATOR_TYPE;
    struct fhirpath_expression *made = make(parser, is_type ? FORM_TYPE : FORM_BINARY, left);
    made->infix = infix;
    made->name = str_of(infix->symbol);
    if (!advance(parser))
        return NULL;
    if (is_type)
        return parse_type_name(parser, &made->type) ? made : NULL;
    const struct fhirpath_expression *right = parse_expression(parser, infix->power);
    if (!right)
        return NULL;
    add_argument(parser, made, right);
    return made;
}

/* An expression whose operators all bind more strongly than power. */
static struct fhirpath_expression *parse_expression(struct parser *parser, int power)
{
    if (parser->depth == FHIRPATH_MOST_DEPTH) {
        issue_add(parser->lexer.issues, NULL, ISSUE_FHIRPATH_LIMIT,
                  "the expression is nested more than %d deep", FHIRPATH_MOST_DEPTH);
        return NULL;
    }
    parser->depth++;
    struct fhirpath_expression *left = parse_path(parser);
    const struct fhirpath_operator *infix;
    while (left && (infix = fhirpath_operators_find(&parser->token)) && infix->power > power)
        left = parse_right(parser, left, infix);
    parser->depth--;
    return left;
}

struct fhirpath *fhirpath_parse(struct str text, struct arena *arena, struct issues *issues)
{
    if (text.len > FHIRPATH_MOST_TEXT) {
        issue_add(issues, NULL, ISSUE_FHIRPATH_LIMIT, "the expression is longer than %d bytes",
                  FHIRPATH_MOST_TEXT);
        return NULL;
    }
    struct fhirpath *parsed = arena_alloc(arena, sizeof *parsed);
    parsed->text = str_copy(arena, text);
    struct parser parser = { .lexer = { .text = parsed->text, .arena = arena, .issues = issues } };
    if (!advance(&parser))
        return NULL;
    parsed->root = parse_expression(&parser, POWER_LEAST);
    if (!parsed->root)
        return NULL;
    if (parser.token.kind != TOKEN_END) {
        fail_expected(&parser, "the end");
        return NULL;
    }
    return parsed;
}
