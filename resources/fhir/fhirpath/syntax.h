/* syntax.h - what an expression is made of: tokens, the operator table, the tree. Private to
 * fhirpath. */
#ifndef RESOURCES_FHIR_FHIRPATH_SYNTAX_H
#define RESOURCES_FHIR_FHIRPATH_SYNTAX_H
#include "resources/fhir/fhirpath/fhirpath.h"

struct fhirpath_function;
struct fhirpath_run;
struct fhirpath_list;

enum fhirpath_token_kind {
    TOKEN_END,
    TOKEN_NAME,   /* identifier or keyword */
    TOKEN_QUOTED, /* `identifier`, unescaped */
    TOKEN_STRING, /* unescaped */
    TOKEN_NUMBER,
    TOKEN_DATE,     /* with its @ */
    TOKEN_VARIABLE, /* $this */
    TOKEN_CONSTANT, /* %name, without the % */
    TOKEN_SYMBOL,
};
struct fhirpath_token {
    enum fhirpath_token_kind kind;
    struct str text;
    size_t position; /* byte offset in the expression */
};
struct fhirpath_lexer {
    struct str text;
    size_t at;
    struct arena *arena;
    struct issues *issues;
};
/* The next token; false with a fhirpath-syntax issue. Unescaped texts are allocated in the arena.
 */
bool fhirpath_lex_next(struct fhirpath_lexer *lexer, struct fhirpath_token *token);
/* Raises fhirpath-syntax with the character (from 1) at which it stands. Always false. */
bool fhirpath_lex_fail(struct issues *issues, struct str text, size_t position, struct str reason);

/* UNION: of a chain of them only the last has to look for repetitions. */
enum fhirpath_operator_kind { OPERATOR_BINARY, OPERATOR_TYPE, OPERATOR_UNION };
/* What an operator does with its two collections. */
typedef bool fhirpath_operation(struct fhirpath_run *run, const struct fhirpath_items *left,
                                const struct fhirpath_items *right, struct fhirpath_list *out);
struct fhirpath_operator {
    const char *symbol;
    int power; /* how strongly it binds; all associate to the left */
    enum fhirpath_operator_kind kind;
    bool is_lazy; /* `and`, `or`, `implies`: the right side only when the left does not decide */
    fhirpath_operation *apply;
};
/* NULL when the token is no operator. */
const struct fhirpath_operator *fhirpath_operators_find(const struct fhirpath_token *token);

enum fhirpath_form {
    FORM_EMPTY, /* {} */
    FORM_LITERAL,
    FORM_MEMBER,   /* name, of left or of the focus */
    FORM_FUNCTION, /* name(arguments), of left or of the focus */
    FORM_INDEX,    /* left[arguments[0]] */
    FORM_SIGN,     /* + or - before arguments[0] */
    FORM_BINARY,   /* left operator arguments[0] */
    FORM_TYPE,     /* left is/as type */
    FORM_VARIABLE, /* $this, $index, $total */
    FORM_CONSTANT, /* %name */
};

/* A type as written; the space is empty when it was left out. */
struct fhirpath_type_name {
    struct str space, name;
};

/* A node of the tree. What stands to the left (a path's focus, an operator's left side) is `left`,
 * and knows its `up`: long chains are evaluated in a loop from the leftmost on, so C recursion is
 * as deep as the nesting of parentheses and arguments only, which the parser bounds. */
struct fhirpath_expression {
    enum fhirpath_form form;
    size_t position;
    struct str name;
    const struct fhirpath_expression *left, *up;
    const struct fhirpath_expression *const *arguments;
    size_t argument_count;
    const struct fhirpath_operator *infix;
    const struct fhirpath_function *function;
    struct fhirpath_item literal;
    struct fhirpath_type_name type;
    const void *pattern; /* compiled regular expression of a literal pattern, or NULL */
    bool is_parenthesized;
    bool calls_out; /* this or a part of it may call the caller's resolver, which may keep what it
                       allocates */
};

struct fhirpath {
    struct str text;
    const struct fhirpath_expression *root;
};
#endif
