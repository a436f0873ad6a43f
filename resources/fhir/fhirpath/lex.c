/* lex.c - cuts the text of an expression into tokens with their positions (FHIRPath N1, grammar).
 */
#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/fhirpath/syntax.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_part(char c)
{
    return is_name_start(c) || is_digit(c);
}

static char peek(const struct fhirpath_lexer *lexer, size_t ahead)
{
    return lexer->at + ahead < lexer->text.len ? lexer->text.data[lexer->at + ahead] : '\0';
}

bool fhirpath_lex_fail(struct issues *issues, struct str text, size_t position, struct str reason)
{
    size_t character = 1;
    for (size_t i = 0; i < position && i < text.len; i++)
        character += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return issue_add(issues, NULL, ISSUE_FHIRPATH_SYNTAX, "at character %zu: " STR_FMT, character,
                     STR_ARG(reason));
}

static bool fail(const struct fhirpath_lexer *lexer, size_t position, struct str reason)
{
    return fhirpath_lex_fail(lexer->issues, lexer->text, position, reason);
}

/* Skips white space and comments; false when a comment does not end. */
static bool skip_space(struct fhirpath_lexer *lexer)
{
    for (;;) {
        char c = peek(lexer, 0);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            lexer->at++;
        else if (c == '/' && peek(lexer, 1) == '/')
            lexer->at = str_find(lexer->text, '\n', lexer->at);
        else if (c == '/' && peek(lexer, 1) == '*') {
            size_t end = str_find_str(lexer->text, STR("*/"), lexer->at + 2);
            if (end >= lexer->text.len)
                return fail(lexer, lexer->at, STR("the comment does not end"));
            lexer->at = end + 2;
        } else
            return true;
    }
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four hexadecimal digits `ahead` of the lexer, or -1. */
static long read_hex4(const struct fhirpath_lexer *lexer, size_t ahead)
{
    long code = 0;
    for (size_t i = 0; i < 4; i++) {
        int digit = hex_value(peek(lexer, ahead + i));
        if (digit < 0)
            return -1;
        code = code * 16 + digit;
    }
    return code;
}

static void add_code_point(struct buf *out, unsigned long code)
{
    static const unsigned char LEADS[] = { 0x00, 0xC0, 0xE0, 0xF0 };
    int trailing = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    buf_add_char(out, (char)(LEADS[trailing] | (code >> (6 * trailing))));
    for (int i = trailing - 1; i >= 0; i--)
        buf_add_char(out, (char)(0x80 | ((code >> (6 * i)) & 0x3F)));
}

/* A backslash, u and four digits, also as a surrogate pair; the lexer stands on the backslash. */
static bool read_unicode(struct fhirpath_lexer *lexer, struct buf *out)
{
    long code = read_hex4(lexer, 2);
    size_t length = 6;
    if (code >= 0xD800 && code <= 0xDBFF && peek(lexer, 6) == '\\' && peek(lexer, 7) == 'u') {
        long low = read_hex4(lexer, 8);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            length = 12;
        }
    }
    if (code <= 0 || (code >= 0xD800 && code <= 0xDFFF))
        return fail(lexer, lexer->at, STR("\\u has to name a character"));
    add_code_point(out, (unsigned long)code);
    lexer->at += length;
    return true;
}

static bool read_escape(struct fhirpath_lexer *lexer, struct buf *out)
{
    static const struct {
        char letter, meaning;
    } ESCAPES[] = { { '\'', '\'' }, { '"', '"' },  { '`', '`' },  { '\\', '\\' }, { '/', '/' },
                    { 'f', '\f' },  { 'n', '\n' }, { 'r', '\r' }, { 't', '\t' } };
    char letter = peek(lexer, 1);
    if (letter == 'u' && read_hex4(lexer, 2) >= 0)
        return read_unicode(lexer, out);
    for (size_t i = 0; i < COUNT(ESCAPES); i++)
        if (letter == ESCAPES[i].letter) {
            buf_add_char(out, ESCAPES[i].meaning);
            lexer->at += 2;
            return true;
        }
    /* The grammar takes any character behind a backslash: it then stands for itself. */
    lexer->at++;
    return true;
}

/* 'text' or `name`: from the opening quote to the same closing one. */
static bool read_quoted(struct fhirpath_lexer *lexer, struct fhirpath_token *token)
{
    char quote = peek(lexer, 0);
    struct buf text;
    buf_init(&text, lexer->arena, FHIRPATH_MOST_TEXT);
    for (lexer->at++; peek(lexer, 0) != quote;) {
        if (lexer->at >= lexer->text.len)
            return fail(lexer, token->position, STR("the quote does not end"));
        if (peek(lexer, 0) == '\\') {
            if (!read_escape(lexer, &text))
                return false;
        } else {
            buf_add_char(&text, peek(lexer, 0));
            lexer->at++;
        }
    }
    lexer->at++;
    token->text = buf_str(&text);
    return !text.is_over || fail(lexer, token->position, STR("the string is too long"));
}

static void read_digits(struct fhirpath_lexer *lexer)
{
    while (is_digit(peek(lexer, 0)))
        lexer->at++;
}

/* With the L of a Long, unless that begins a name. */
static void read_number(struct fhirpath_lexer *lexer)
{
    read_digits(lexer);
    if (peek(lexer, 0) == 'L' && !is_name_part(peek(lexer, 1))) {
        lexer->at++;
        return;
    }
    if (peek(lexer, 0) == '.' && is_digit(peek(lexer, 1))) {
        lexer->at++;
        read_digits(lexer);
    }
}

/* Takes `before` and digits behind it, when both are there. */
static bool read_part(struct fhirpath_lexer *lexer, char before)
{
    if (peek(lexer, 0) != before || !is_digit(peek(lexer, 1)))
        return false;
    lexer->at++;
    read_digits(lexer);
    return true;
}

/* The extent of @2015-02-04T14:34:28.123+05:00 and its parts; whether it is a date is the parser's
 * question. */
static void read_date(struct fhirpath_lexer *lexer)
{
    lexer->at++;
    read_digits(lexer);
    bool has_date = read_part(lexer, '-');
    while (has_date && read_part(lexer, '-'))
        continue;
    if (peek(lexer, 0) != 'T')
        return;
    bool is_time = lexer->text.data[lexer->at - 1] == '@';
    lexer->at++;
    read_digits(lexer);
    if (lexer->text.data[lexer->at - 1] == 'T')
        return;
    while (read_part(lexer, ':'))
        continue;
    read_part(lexer, '.');
    if (is_time)
        return;
    if (peek(lexer, 0) == 'Z')
        lexer->at++;
    else if (read_part(lexer, '+') || read_part(lexer, '-'))
        read_part(lexer, ':');
}

static void read_name(struct fhirpath_lexer *lexer)
{
    while (is_name_part(peek(lexer, 0)))
        lexer->at++;
}

/* %name, %`name`, %'name'; %vs- and %ext- names go on behind their dashes. */
static bool read_constant(struct fhirpath_lexer *lexer, struct fhirpath_token *token)
{
    lexer->at++;
    char first = peek(lexer, 0);
    if (first == '`' || first == '\'' || first == '"')
        return read_quoted(lexer, token);
    size_t begin = lexer->at;
    read_name(lexer);
    struct str name = str_slice(lexer->text, begin, lexer->at);
    if (name.len == 0)
        return fail(lexer, token->position, STR("a name has to follow %"));
    if (str_is(name, "vs") || str_is(name, "ext"))
        while (peek(lexer, 0) == '-' && is_name_part(peek(lexer, 1))) {
            lexer->at++;
            read_name(lexer);
        }
    token->text = str_slice(lexer->text, begin, lexer->at);
    return true;
}

static size_t symbol_length(const struct fhirpath_lexer *lexer)
{
    static const char *const LONG_SYMBOLS[] = { "<=", ">=", "!=", "!~" };
    static const struct str SHORT_SYMBOLS = { ".[](){},+-*/&|<>=~", 18 };
    struct str rest = str_slice(lexer->text, lexer->at, lexer->text.len);
    for (size_t i = 0; i < COUNT(LONG_SYMBOLS); i++)
        if (str_starts(rest, str_of(LONG_SYMBOLS[i])))
            return 2;
    return rest.len > 0 && str_find(SHORT_SYMBOLS, rest.data[0], 0) < SHORT_SYMBOLS.len;
}

static bool read_symbol(struct fhirpath_lexer *lexer, struct fhirpath_token *token)
{
    size_t length = symbol_length(lexer);
    if (length == 0)
        return fail(lexer, token->position, STR("this character has no meaning here"));
    token->text = str_slice(lexer->text, lexer->at, lexer->at + length);
    lexer->at += length;
    return true;
}

static enum fhirpath_token_kind kind_of(const struct fhirpath_lexer *lexer)
{
    char c = peek(lexer, 0);
    if (lexer->at >= lexer->text.len)
        return TOKEN_END;
    if (is_name_start(c))
        return TOKEN_NAME;
    if (is_digit(c))
        return TOKEN_NUMBER;
    if (c == '`')
        return TOKEN_QUOTED;
    if (c == '\'')
        return TOKEN_STRING;
    if (c == '@')
        return TOKEN_DATE;
    if (c == '$')
        return TOKEN_VARIABLE;
    return c == '%' ? TOKEN_CONSTANT : TOKEN_SYMBOL;
}

bool fhirpath_lex_next(struct fhirpath_lexer *lexer, struct fhirpath_token *token)
{
    if (!skip_space(lexer))
        return false;
    *token = (struct fhirpath_token){ .kind = kind_of(lexer), .position = lexer->at };
    if (token->kind == TOKEN_STRING || token->kind == TOKEN_QUOTED)
        return read_quoted(lexer, token);
    if (token->kind == TOKEN_CONSTANT)
        return read_constant(lexer, token);
    if (token->kind == TOKEN_SYMBOL)
        return read_symbol(lexer, token);
    if (token->kind == TOKEN_NUMBER)
        read_number(lexer);
    if (token->kind == TOKEN_DATE)
        read_date(lexer);
    if (token->kind == TOKEN_VARIABLE)
        lexer->at++;
    if (token->kind == TOKEN_NAME || token->kind == TOKEN_VARIABLE)
        read_name(lexer);
    token->text = str_slice(lexer->text, token->position, lexer->at);
    return true;
}
