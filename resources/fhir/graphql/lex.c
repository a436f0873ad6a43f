/* lex.c - cuts a query into tokens (GraphQL October 2021, section 2.1). */
#include "resources/base/buf.h"
#include "resources/fhir/graphql/syntax.h"

bool graphql_lex_fail(struct issues *issues, size_t offset, const char *reason)
{
    struct place at = PLACE_ROOT("query");
    at.offset = (long)offset;
    return issue_add(issues, &at, ISSUE_GRAPHQL_SYNTAX, "%s", reason);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static char peek(const struct graphql_lexer *lexer, size_t ahead)
{
    return lexer->at + ahead < lexer->text.len ? lexer->text.data[lexer->at + ahead] : '\0';
}

static bool has(const struct graphql_lexer *lexer, struct str text)
{
    return str_starts(str_slice(lexer->text, lexer->at, lexer->text.len), text);
}

/* White space, commas, comments and a byte order mark mean nothing. */
static void skip(struct graphql_lexer *lexer)
{
    while (lexer->at < lexer->text.len) {
        char c = peek(lexer, 0);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',')
            lexer->at++;
        else if (c == '#')
            while (lexer->at < lexer->text.len && peek(lexer, 0) != '\n' && peek(lexer, 0) != '\r')
                lexer->at++;
        else if (lexer->at == 0 && has(lexer, STR("\xEF\xBB\xBF")))
            lexer->at = 3;
        else
            return;
    }
}

static void skip_digits(struct graphql_lexer *lexer)
{
    while (is_digit(peek(lexer, 0)))
        lexer->at++;
}

/* -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?, and no name or dot behind it. */
static bool read_number(struct graphql_lexer *lexer, struct graphql_token *token)
{
    bool is_good = true;
    lexer->at += peek(lexer, 0) == '-';
    is_good = is_digit(peek(lexer, 0)) && !(peek(lexer, 0) == '0' && is_digit(peek(lexer, 1)));
    skip_digits(lexer);
    if (peek(lexer, 0) == '.') {
        lexer->at++;
        is_good = is_good && is_digit(peek(lexer, 0));
        skip_digits(lexer);
    }
    if (peek(lexer, 0) == 'e' || peek(lexer, 0) == 'E') {
        lexer->at++;
        lexer->at += peek(lexer, 0) == '+' || peek(lexer, 0) == '-';
        is_good = is_good && is_digit(peek(lexer, 0));
        skip_digits(lexer);
    }
    token->kind = GRAPHQL_NUMBER;
    token->text = str_slice(lexer->text, token->offset, lexer->at);
    return (is_good && !is_name(peek(lexer, 0)) && peek(lexer, 0) != '.') ||
           graphql_lex_fail(lexer->issues, token->offset, "this is no number");
}

/* Four hexadecimal digits, or -1. */
static long take_hex(struct graphql_lexer *lexer)
{
    static const char DIGITS[] = "0123456789abcdefABCDEF";
    long code = 0;
    for (size_t i = 0; i < 4; i++) {
        char c = peek(lexer, i);
        const char *found = c ? strchr(DIGITS, c) : NULL;
        if (!found)
            return -1;
        code = code * 16 + (found - DIGITS > 15 ? found - DIGITS - 6 : found - DIGITS);
    }
    lexer->at += 4;
    return code;
}

static void add_code(struct buf *out, long code)
{
    static const struct {
        long most;
        int lead, rest;
    } FORMS[] = { { 0x7F, 0, 0 }, { 0x7FF, 0xC0, 1 }, { 0xFFFF, 0xE0, 2 }, { 0x10FFFF, 0xF0, 3 } };
    size_t form = 0;
    while (code > FORMS[form].most)
        form++;
    buf_add_char(out, (char)(FORMS[form].lead | code >> (6 * FORMS[form].rest)));
    for (int i = FORMS[form].rest - 1; i >= 0; i--)
        buf_add_char(out, (char)(0x80 | (code >> (6 * i) & 0x3F)));
}

/* \uXXXX, or two of them for a character beyond the first plane. */
static bool read_code(struct graphql_lexer *lexer, struct buf *out)
{
    long code = take_hex(lexer), low = -1;
    if (code >= 0xD800 && code < 0xDC00 && has(lexer, STR("\\u"))) {
        lexer->at += 2;
        low = take_hex(lexer);
        code =
            low >= 0xDC00 && low < 0xE000 ? 0x10000 + (code - 0xD800) * 0x400 + low - 0xDC00 : -1;
    }
    if (code <= 0 || (code >= 0xD800 && code < 0xE000))
        return graphql_lex_fail(lexer->issues, lexer->at, "this is no character");
    add_code(out, code);
    return true;
}

static bool read_escape(struct graphql_lexer *lexer, struct buf *out)
{
    static const char LETTERS[] = "\"\\/bfnrt", MEANT[] = "\"\\/\b\f\n\r\t";
    char c = peek(lexer, 0);
    lexer->at++;
    if (c == 'u')
        return read_code(lexer, out);
    const char *found = c ? strchr(LETTERS, c) : NULL;
    if (!found)
        return graphql_lex_fail(lexer->issues, lexer->at, "this escape is not known");
    buf_add_char(out, MEANT[found - LETTERS]);
    return true;
}

static bool read_line(struct graphql_lexer *lexer, struct graphql_token *token)
{
    struct buf out;
    buf_init(&out, lexer->arena, GRAPHQL_MOST_TEXT);
    for (;;) {
        char c = peek(lexer, 0);
        if (lexer->at >= lexer->text.len || c == '\n' || c == '\r' || c == '\0')
            return graphql_lex_fail(lexer->issues, token->offset, "the string does not end");
        lexer->at++;
        if (c == '"')
            break;
        if (c != '\\')
            buf_add_char(&out, c);
        else if (!read_escape(lexer, &out))
            return false;
    }
    token->text = buf_str(&out);
    return true;
}

/* How far all lines but the first are indented; blank ones do not count. */
static size_t common_indent(struct str raw)
{
    size_t least = SIZE_MAX;
    str_cut(&raw, '\n');
    while (raw.data) {
        struct str line = str_cut(&raw, '\n');
        size_t indent = 0;
        while (indent < line.len && (line.data[indent] == ' ' || line.data[indent] == '\t'))
            indent++;
        if (indent < line.len && indent < least)
            least = indent;
    }
    return least == SIZE_MAX ? 0 : least;
}

/* The lines of a block string without their common indent and without blank ones around them
 * (section 2.9.4). */
static struct str unindent(struct str raw, struct arena *arena)
{
    struct buf out;
    size_t indent = common_indent(raw), kept = 0;
    bool is_first = true, has_text = false;
    buf_init(&out, arena, GRAPHQL_MOST_TEXT);
    while (raw.data) {
        struct str line = str_cut(&raw, '\n');
        bool is_blank = !str_trim(line).len;
        if (has_text)
            buf_add_char(&out, '\n');
        if (has_text || !is_blank)
            buf_add(&out, is_first ? line : str_slice(line, indent, line.len));
        has_text = has_text || !is_blank;
        is_first = false;
        kept = is_blank ? kept : out.len;
    }
    return str_slice(buf_str(&out), 0, kept);
}

static bool read_block(struct graphql_lexer *lexer, struct graphql_token *token)
{
    struct buf raw;
    buf_init(&raw, lexer->arena, GRAPHQL_MOST_TEXT);
    lexer->at += 2;
    while (!has(lexer, STR("\"\"\""))) {
        if (lexer->at >= lexer->text.len || peek(lexer, 0) == '\0')
            return graphql_lex_fail(lexer->issues, token->offset, "the string does not end");
        bool is_escaped = has(lexer, STR("\\\"\"\"")), is_return = peek(lexer, 0) == '\r';
        if (is_escaped)
            buf_add(&raw, STR("\"\"\""));
        else if (!is_return || peek(lexer, 1) != '\n')
            buf_add_char(&raw, is_return ? '\n' : peek(lexer, 0));
        lexer->at += is_escaped ? 4 : 1;
    }
    lexer->at += 3;
    token->text = unindent(buf_str(&raw), lexer->arena);
    return true;
}

static bool read_string(struct graphql_lexer *lexer, struct graphql_token *token)
{
    bool is_block = has(lexer, STR("\"\"\""));
    token->kind = GRAPHQL_STRING;
    lexer->at++;
    return is_block ? read_block(lexer, token) : read_line(lexer, token);
}

bool graphql_lex_next(struct graphql_lexer *lexer, struct graphql_token *token)
{
    skip(lexer);
    *token = (struct graphql_token){ .kind = GRAPHQL_END, .offset = lexer->at };
    if (lexer->at >= lexer->text.len)
        return true;
    char c = peek(lexer, 0);
    if (c == '"')
        return read_string(lexer, token);
    if (is_digit(c) || c == '-')
        return read_number(lexer, token);
    token->kind = is_name(c) ? GRAPHQL_NAME : GRAPHQL_SYMBOL;
    if (is_name(c))
        while (is_name(peek(lexer, 0)) || is_digit(peek(lexer, 0)))
            lexer->at++;
    else if (has(lexer, STR("...")))
        lexer->at += 3;
    else if (c && strchr("!$&()=:@[]{}|", c))
        lexer->at++;
    else
        return graphql_lex_fail(lexer->issues, lexer->at, "this character means nothing here");
    token->text = str_slice(lexer->text, token->offset, lexer->at);
    return true;
}
