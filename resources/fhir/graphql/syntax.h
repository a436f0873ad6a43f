/* syntax.h - what a query is made of: tokens and the tree. Private to graphql. */
#ifndef RESOURCES_FHIR_GRAPHQL_SYNTAX_H
#define RESOURCES_FHIR_GRAPHQL_SYNTAX_H
#include "resources/base/arena.h"
#include "resources/fhir/graphql/graphql.h"

enum graphql_token_kind {
    GRAPHQL_END,
    GRAPHQL_NAME,
    GRAPHQL_NUMBER, /* its literal */
    GRAPHQL_STRING, /* unescaped */
    GRAPHQL_SYMBOL  /* one character, or "..." */
};
struct graphql_token {
    enum graphql_token_kind kind;
    struct str text;
    size_t offset;
};
struct graphql_lexer {
    struct str text;
    size_t at;
    struct arena *arena;
    struct issues *issues;
};
/* The next token; false with an issue. */
bool graphql_lex_next(struct graphql_lexer *lexer, struct graphql_token *token);
/* Raises graphql-syntax at a byte of the query. Always false. */
bool graphql_lex_fail(struct issues *issues, size_t offset, const char *reason);

/* All lists are in the order of the query. */
enum graphql_value_kind {
    GRAPHQL_VALUE_NULL,
    GRAPHQL_VALUE_TEXT, /* string, number, enum, true or false: its text */
    GRAPHQL_VALUE_LIST,
    GRAPHQL_VALUE_OBJECT, /* read, and taken by nothing */
    GRAPHQL_VALUE_VARIABLE
};
struct graphql_value {
    enum graphql_value_kind kind;
    struct str text;             /* of a variable its name */
    struct graphql_value *items; /* of a list, the first */
    struct graphql_value *next;
};
struct graphql_argument {
    struct str name;
    size_t offset;
    struct graphql_value value;
    struct graphql_argument *next;
};
struct graphql_directive {
    struct str name;
    size_t offset;
    struct graphql_argument *arguments;
    struct graphql_directive *next;
};
enum graphql_selection_kind { GRAPHQL_FIELD, GRAPHQL_SPREAD, GRAPHQL_INLINE };
struct graphql_selection {
    enum graphql_selection_kind kind;
    struct str name; /* of the field or fragment */
    struct str key;  /* the alias, or the name */
    struct str type; /* of an inline fragment; empty: any */
    size_t offset;
    struct graphql_argument *arguments;
    struct graphql_directive *directives;
    struct graphql_selection *selections, *next;
};
struct graphql_fragment {
    struct str name, type;
    struct graphql_selection *selections;
    struct graphql_fragment *next;
};
struct graphql_variable {
    struct str name;
    size_t offset;
    bool is_required;
    const struct graphql_value *value; /* without variables; NULL: none */
    struct graphql_variable *next;
};
struct graphql_operation {
    struct str name;
    size_t offset;
    struct graphql_variable *variables;
    struct graphql_selection *selections;
    struct graphql_operation *next;
};
struct graphql_document {
    struct graphql_operation *operations;
    struct graphql_fragment *fragments;
};
#endif
