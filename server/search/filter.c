/* filter.c - not, and, or, brackets, and comparisons that become the same conditions as a query's.
 * `and` binds closer than `or`. */
#include "server/search/filter.h"

#include "resources/base/arena.h"
#include "server/search/chain.h"

/* The text that is left, and what an expression in it is about. */
struct reading {
    struct parsing *with;
    const struct condition_text *text;
    struct str rest;
    unsigned depth;
};

static bool wrong(struct reading *reading)
{
    return parse_wrong(reading->with, reading->text->pair,
                       "path, operator (eq ne co sw ew gt lt ge le ap sa eb pr po ss sb in ni re)"
                       " and value, joined by and, or, not( ) and brackets");
}

static void skip_blanks(struct reading *reading)
{
    reading->rest = str_trim(reading->rest);
}

/* Takes the word when a blank or bracket follows it. */
static bool take_word(struct reading *reading, const char *word)
{
    struct str text = str_of(word);
    skip_blanks(reading);
    if (!str_starts(reading->rest, text))
        return false;
    char next = reading->rest.len > text.len ? reading->rest.data[text.len] : ' ';
    if (next != ' ' && next != '(')
        return false;
    reading->rest = str_slice(reading->rest, text.len, reading->rest.len);
    return true;
}

static bool take_mark(struct reading *reading, char mark)
{
    skip_blanks(reading);
    if (!reading->rest.len || reading->rest.data[0] != mark)
        return false;
    reading->rest = str_slice(reading->rest, 1, reading->rest.len);
    return true;
}

/* Up to a blank or closing bracket, outside of square brackets and quotes. */
static struct str take_piece(struct reading *reading)
{
    size_t depth = 0, i = 0;
    bool is_quoted = false;
    skip_blanks(reading);
    for (; i < reading->rest.len; i++) {
        char c = reading->rest.data[i];
        if (is_quoted && c == '\\')
            i++;
        else if (c == '"')
            is_quoted = !is_quoted;
        else if (!is_quoted && c == '[')
            depth++;
        else if (!is_quoted && c == ']' && depth)
            depth--;
        else if (!is_quoted && !depth && (c == ' ' || c == ')'))
            break;
    }
    i = i < reading->rest.len ? i : reading->rest.len;
    struct str piece = str_slice(reading->rest, 0, i);
    reading->rest = str_slice(reading->rest, i, reading->rest.len);
    return piece;
}

static bool make_tree(struct search_condition *out, enum search_test test,
                      const struct search_condition *parts, size_t count)
{
    const struct str *types = parts[0].types;
    *out = (struct search_condition){ .test = test,
                                      .types = types,
                                      .type_count = parts[0].type_count,
                                      .parts = parts,
                                      .part_count = count };
    return true;
}

/* ---- comparisons ---- */

/* What a filter's value is as a query's: quoted text loses its quotes and what means something in a
 * query is escaped; a bare word keeps its bars. False when a quote is not closed. */
static bool unquote(struct str *out, struct str text, struct arena *arena)
{
    bool is_quoted = text.len && text.data[0] == '"';
    if (is_quoted && (text.len < 2 || text.data[text.len - 1] != '"'))
        return false;
    char *to = arena_alloc_raw(arena, text.len * 2 + 1);
    size_t len = 0;
    for (size_t i = is_quoted; i + is_quoted < text.len; i++) {
        char c = text.data[i];
        if (is_quoted && c == '\\' && i + 2 < text.len)
            c = text.data[++i];
        if (c == ',' || c == '\\' || (is_quoted && (c == '$' || c == '|')))
            to[len++] = '\\';
        to[len++] = c;
    }
    *out = (struct str){ to, len };
    return len > 0;
}

enum form {
    FORM_PLAIN,   /* the parameter itself, with a modifier */
    FORM_PREFIX,  /* the operator becomes the value's prefix */
    FORM_UNLIKE,  /* there is a value, and it is not this */
    FORM_PRESENT, /* pr */
    FORM_OVERLAP  /* po */
};
/* By the kind of the parameter's index; the first row that fits. */
static const struct operator_row {
    const char *name;
    unsigned kinds; /* bits of enum index_kind */
    enum form form;
    const char *modifier;
    enum search_modifier is;
} OPERATORS[] = {
#define RANGES (1u << INDEX_DATE | 1u << INDEX_NUMBER | 1u << INDEX_QUANTITY)
#define EVERY (~0u)
    { "eq", RANGES, FORM_PREFIX, "", MODIFIER_NONE },
    { "eq", 1u << INDEX_STRING, FORM_PLAIN, "", MODIFIER_WHOLE },
    { "eq", EVERY, FORM_PLAIN, "", MODIFIER_NONE },
    { "ne", RANGES, FORM_PREFIX, "", MODIFIER_NONE },
    { "ne", 1u << INDEX_STRING, FORM_UNLIKE, "", MODIFIER_WHOLE },
    { "ne", EVERY, FORM_UNLIKE, "", MODIFIER_NONE },
    { "co", 1u << INDEX_STRING | 1u << INDEX_URI, FORM_PLAIN, ":contains", MODIFIER_CONTAINS },
    { "sw", 1u << INDEX_STRING, FORM_PLAIN, "", MODIFIER_NONE },
    { "sw", 1u << INDEX_URI, FORM_PLAIN, ":below", MODIFIER_BELOW },
    { "ew", 1u << INDEX_STRING | 1u << INDEX_URI, FORM_PLAIN, "", MODIFIER_ENDS },
    { "gt", RANGES, FORM_PREFIX, "", MODIFIER_NONE },
    { "lt", RANGES, FORM_PREFIX, "", MODIFIER_NONE },
    { "ge", RANGES, FORM_PREFIX, "", MODIFIER_NONE },
    { "le", RANGES, FORM_PREFIX, "", MODIFIER_NONE },
    { "ap", RANGES, FORM_PREFIX, "", MODIFIER_NONE },
    { "sa", RANGES, FORM_PREFIX, "", MODIFIER_NONE },
    { "eb", RANGES, FORM_PREFIX, "", MODIFIER_NONE },
    { "po", 1u << INDEX_DATE, FORM_OVERLAP, "", MODIFIER_NONE },
    { "pr", EVERY, FORM_PRESENT, ":missing", MODIFIER_MISSING },
    { "ss", 1u << INDEX_TOKEN, FORM_PLAIN, ":above", MODIFIER_NONE },
    { "sb", 1u << INDEX_TOKEN, FORM_PLAIN, ":below", MODIFIER_NONE },
    { "in", 1u << INDEX_TOKEN, FORM_PLAIN, ":in", MODIFIER_NONE },
    { "ni", 1u << INDEX_TOKEN, FORM_PLAIN, ":not-in", MODIFIER_NONE },
    { "re", 1u << INDEX_REFERENCE, FORM_PLAIN, "", MODIFIER_NONE },
};

static const struct operator_row *find_operator(struct str name, enum index_kind kind)
{
    for (size_t i = 0; i < COUNT(OPERATORS); i++)
        if (str_is(name, OPERATORS[i].name) && OPERATORS[i].kinds & 1u << kind)
            return &OPERATORS[i];
    return NULL;
}

/* ne of what has no prefixes: something is there, and it is not this. */
static bool make_unlike(struct parsing *with, struct search_condition *out,
                        const struct condition_text *text)
{
    struct search_condition *parts = arena_array(with->arena, 3, sizeof *parts);
    struct condition_text missing = *text;
    if (!condition_parse(with, &parts[2], text))
        return false;
    missing.name = str_print(with->arena, STR_FMT ":missing", STR_ARG(text->name));
    missing.value = STR("false");
    if (!condition_parse(with, &parts[0], &missing))
        return false;
    return make_tree(&parts[1], TEST_NOT, &parts[2], 1) && make_tree(out, TEST_ALL, parts, 2);
}

static bool make_comparison(struct parsing *with, struct search_condition *out,
                            const struct condition_text *text)
{
    struct reading reading = { with, text, text->value, text->depth };
    struct str name = take_piece(&reading), value = str_trim(reading.rest);
    struct search_condition plain = { .types = text->types, .type_count = text->type_count };
    struct condition_text query = *text;
    struct str code = text->name;
    if (!condition_find(with, &plain, str_cut(&code, ':')))
        return parse_unknown(with, text->pair, "");
    const struct operator_row *row = find_operator(name, plain.kind);
    if (!row || !unquote(&query.value, value, with->arena))
        return wrong(&reading);
    query.name = str_print(with->arena, STR_FMT "%s", STR_ARG(text->name), row->modifier);
    if (row->form == FORM_PREFIX)
        query.value = str_print(with->arena, "%s" STR_FMT, row->name, STR_ARG(query.value));
    if (row->form == FORM_PRESENT)
        query.value = str_is(query.value, "true") ? STR("false") : STR("true");
    if (row->form == FORM_UNLIKE)
        return make_unlike(with, out, &query);
    if (!condition_parse(with, out, &query))
        return false;
    if (row->is == MODIFIER_WHOLE || row->is == MODIFIER_ENDS)
        out->modifier = row->is;
    if (row->form == FORM_OVERLAP && out->value_count) {
        struct search_value *overlap = arena_copy(with->arena, out->values, sizeof *overlap);
        overlap->prefix = PREFIX_AP;
        out->values = overlap;
    }
    return true;
}

/* ---- paths ---- */

static bool parse_any(struct reading *reading, struct search_condition *out);

/* Where the first step of a path ends: at a dot outside of square brackets, or at the end. */
static size_t end_of_step(struct str path)
{
    size_t depth = 0, i = 0;
    for (; i < path.len; i++) {
        depth += path.data[i] == '[';
        depth -= path.data[i] == ']' && depth;
        if (path.data[i] == '.' && !depth)
            break;
    }
    return i;
}

static bool make_path(struct parsing *with, struct search_condition *out,
                      const struct condition_text *text);

/* Behind a reference: "[filter].rest", or only the rest. */
static bool make_target(struct parsing *with, struct search_condition *out,
                        const struct condition_text *text)
{
    if (!str_starts(text->name, STR("[")))
        return make_path(with, out, text);
    size_t end = end_of_step(text->name);
    struct search_condition *parts = arena_array(with->arena, 2, sizeof *parts);
    struct condition_text rest = *text;
    struct reading inside = { with, text, str_slice(text->name, 1, end - 1), text->depth };
    rest.name = str_slice(text->name, end + 1, text->name.len);
    if (!parse_any(&inside, &parts[0]))
        return false;
    skip_blanks(&inside);
    if (inside.rest.len)
        return wrong(&inside);
    return make_path(with, &parts[1], &rest) && make_tree(out, TEST_ALL, parts, 2);
}

static bool make_path(struct parsing *with, struct search_condition *out,
                      const struct condition_text *text)
{
    size_t end = end_of_step(text->name);
    if (end == text->name.len)
        return make_comparison(with, out, text);
    struct condition_text inner = *text;
    struct str step = str_slice(text->name, 0, end);
    size_t bracket = str_find(step, '[', 0);
    struct str only = str_slice(step, 0, bracket), code = str_cut(&only, ':');
    *out = (struct search_condition){ .types = text->types, .type_count = text->type_count };
    inner.name = str_slice(text->name, bracket < step.len ? bracket : end + 1, text->name.len);
    inner.depth++;
    if (!condition_count(with, inner.depth))
        return false;
    if (!condition_find(with, out, code) || out->kind != INDEX_REFERENCE)
        return parse_unknown(with, text->pair, "only a reference can be followed");
    const struct chain_rest rest = { make_target, &inner };
    out->test = TEST_CHAIN;
    return chain_add_parts(with, out, only, &rest);
}

/* ---- logic ---- */

static bool parse_term(struct reading *reading, struct search_condition *out)
{
    bool is_not = take_word(reading, "not");
    struct search_condition *part = arena_alloc(reading->with->arena, sizeof *part);
    if (!condition_count(reading->with, reading->depth))
        return false;
    if (take_mark(reading, '(')) {
        reading->depth++;
        if (!parse_any(reading, part))
            return false;
        reading->depth--;
        if (!take_mark(reading, ')'))
            return wrong(reading);
        if (!is_not)
            *out = *part;
        return !is_not || make_tree(out, TEST_NOT, part, 1);
    }
    if (is_not)
        return wrong(reading);
    struct condition_text text = *reading->text;
    text.depth = reading->depth;
    text.name = take_piece(reading);
    struct str operation = take_piece(reading), value = take_piece(reading);
    text.value =
        str_print(reading->with->arena, STR_FMT " " STR_FMT, STR_ARG(operation), STR_ARG(value));
    if (!text.name.len || !operation.len || !value.len)
        return wrong(reading);
    return make_path(reading->with, out, &text);
}

/* Terms with the same word between; one alone is itself. */
static bool parse_row(struct reading *reading, struct search_condition *out, const char *word,
                      enum search_test test,
                      bool (*parse)(struct reading *reading, struct search_condition *out))
{
    enum { MOST_TERMS = 64 };
    struct search_condition *parts = arena_array(reading->with->arena, MOST_TERMS, sizeof *parts);
    size_t count = 0;
    do {
        if (count == MOST_TERMS)
            return parse_too_many(reading->with, "search-most-terms", MOST_TERMS,
                                  "terms in a row in _filter");
        if (!parse(reading, &parts[count++]))
            return false;
    } while (take_word(reading, word));
    if (count == 1)
        *out = parts[0];
    return count == 1 || make_tree(out, test, parts, count);
}

static bool parse_all(struct reading *reading, struct search_condition *out)
{
    return parse_row(reading, out, "and", TEST_ALL, parse_term);
}

static bool parse_any(struct reading *reading, struct search_condition *out)
{
    return parse_row(reading, out, "or", TEST_ANY, parse_all);
}

bool filter_parse(struct parsing *with, struct search_condition *out,
                  const struct condition_text *text)
{
    struct reading reading = { with, text, text->value, text->depth };
    if (!parse_any(&reading, out))
        return false;
    skip_blanks(&reading);
    return !reading.rest.len || wrong(&reading);
}
