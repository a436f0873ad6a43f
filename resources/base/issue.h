/* issue.h - what is wrong with an input: one type, one sink (R4 OperationOutcome.issue). */
#ifndef RESOURCES_BASE_ISSUE_H
#define RESOURCES_BASE_ISSUE_H
#include <stdbool.h>
#include <stddef.h>

#include "resources/base/issue_table.h"
#include "resources/base/place.h"
#include "resources/base/str.h"

struct arena;

enum issue_severity { SEVERITY_FATAL, SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_INFORMATION };

/* The FHIR issue types in use (R4 valueset-issue-type). */
#define ISSUE_TYPES(X)                                                                             \
    X(INVALID, "invalid")                                                                          \
    X(STRUCTURE, "structure")                                                                      \
    X(REQUIRED, "required")                                                                        \
    X(VALUE, "value")                                                                              \
    X(INVARIANT, "invariant")                                                                      \
    X(LOGIN, "login")                                                                              \
    X(FORBIDDEN, "forbidden")                                                                      \
    X(PROCESSING, "processing")                                                                    \
    X(NOT_SUPPORTED, "not-supported")                                                              \
    X(DUPLICATE, "duplicate")                                                                      \
    X(MULTIPLE_MATCHES, "multiple-matches")                                                        \
    X(NOT_FOUND, "not-found")                                                                      \
    X(DELETED, "deleted")                                                                          \
    X(TOO_LONG, "too-long")                                                                        \
    X(CODE_INVALID, "code-invalid")                                                                \
    X(EXTENSION, "extension")                                                                      \
    X(TOO_COSTLY, "too-costly")                                                                    \
    X(BUSINESS_RULE, "business-rule")                                                              \
    X(CONFLICT, "conflict")                                                                        \
    X(TRANSIENT, "transient")                                                                      \
    X(TIMEOUT, "timeout")                                                                          \
    X(THROTTLED, "throttled")                                                                      \
    X(EXCEPTION, "exception")                                                                      \
    X(INFORMATIONAL, "informational")
#define ISSUE_TYPE_ENUM(id, code) TYPE_##id,
enum issue_type { ISSUE_TYPES(ISSUE_TYPE_ENUM) };

#define ISSUE_ENUM(id, key, severity, type, text) ISSUE_##id,
enum issue_id { ISSUE_TABLE(ISSUE_ENUM) ISSUE_ID_COUNT };

struct issue_kind {
    const char *key; /* stable, for clients and tests */
    enum issue_severity severity;
    enum issue_type type;
    const char *text; /* OperationOutcome.issue.details.text */
};
const struct issue_kind *issue_kind(enum issue_id id);
const char *issue_severity_code(enum issue_severity severity);
const char *issue_type_code(enum issue_type type);

/* One thing found. key and text come from the table unless a definition (an invariant, a guide's
 * own issue key) brings its own. */
struct issue {
    struct issue *next;
    enum issue_id id;
    enum issue_severity severity;
    enum issue_type type;
    struct str key;
    struct str text;        /* what is wrong, for everyone: details.text */
    struct str diagnostics; /* names and values that this caller may see */
    struct str expression;  /* FHIRPath of the element, or empty */
    struct str profile;     /* canonical of the profile that says so, or empty */
    struct str log;         /* for the log alone, never for the client */
    int line, column;       /* in the source, from 1; 0 when unknown */
};

/* Collects issues in its arena, in order. source is the text that places' offsets point into (may
 * be empty). Past `most` errors further errors, and past `most` lesser issues further lesser ones,
 * are counted and dropped: remarks never crowd out an error. */
struct issues {
    struct arena *arena;
    struct str source;
    struct issue *first, *last;
    size_t count, errors, most;
    struct place_mark mark; /* the line last found, so that issues in order cost one walk */
};

void issues_init(struct issues *issues, struct arena *arena, struct str source);
/* From now on places' offsets point into this text. */
void issues_read(struct issues *issues, struct str source);
/* Adds an issue with the table's severity, type and text; format fills diagnostics. `at` may be
 * NULL. Always false, so that `return issue_add(...)` reads as what it is. */
bool issue_add(struct issues *issues, const struct place *at, enum issue_id id, const char *format,
               ...) __attribute__((format(printf, 4, 5)));
/* As issue_add, and the issue to change (never NULL: past `most` a scrap that is not kept). */
struct issue *issue_raise(struct issues *issues, const struct place *at, enum issue_id id,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));
/* As issue_raise, with another severity than the table's. */
struct issue *issue_raise_as(struct issues *issues, const struct place *at, enum issue_id id,
                             enum issue_severity severity, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Changes the severity of an issue just raised and keeps the error count true. */
void issue_set_severity(struct issues *issues, struct issue *issue, enum issue_severity severity);
#endif
