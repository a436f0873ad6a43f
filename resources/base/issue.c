/* issue.c - raising issues: the table's wording, the place printed once, line and column from the
 * source. */
#include "resources/base/issue.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "resources/base/arena.h"

enum { MOST_ISSUES = 1000 };

#define ISSUE_KIND(id, key, severity, type, text)                                                  \
    [ISSUE_##id] = { key, SEVERITY_##severity, TYPE_##type, text },
static const struct issue_kind KINDS[] = { ISSUE_TABLE(ISSUE_KIND) };
#define TYPE_CODE(id, code) [TYPE_##id] = code,
static const char *const TYPE_CODES[] = { ISSUE_TYPES(TYPE_CODE) };
static const char *const SEVERITY_CODES[] = { [SEVERITY_FATAL] = "fatal",
                                              [SEVERITY_ERROR] = "error",
                                              [SEVERITY_WARNING] = "warning",
                                              [SEVERITY_INFORMATION] = "information" };

const struct issue_kind *issue_kind(enum issue_id id)
{
    assert((size_t)id < COUNT(KINDS));
    return &KINDS[id];
}

const char *issue_severity_code(enum issue_severity severity)
{
    return SEVERITY_CODES[severity];
}

const char *issue_type_code(enum issue_type type)
{
    return TYPE_CODES[type];
}

void issues_init(struct issues *issues, struct arena *arena, struct str source)
{
    *issues = (struct issues){ .arena = arena, .source = source, .most = MOST_ISSUES };
}

void issues_read(struct issues *issues, struct str source)
{
    issues->source = source;
    issues->mark = (struct place_mark){ 0 };
}

static void locate(struct issue *issue, const struct place *at, struct issues *issues)
{
    issue->expression = place_print(at, issues->arena);
    while (at && at->offset < 0)
        at = at->in;
    if (!at || !issues->source.len || (size_t)at->offset > issues->source.len)
        return;
    place_line_from(&issues->mark, issues->source, (size_t)at->offset);
    issue->line = issues->mark.line;
    issue->column = issues->mark.column;
}

static struct issue *raise_with(struct issues *issues, const struct place *at, enum issue_id id,
                                enum issue_severity severity, struct str diagnostics)
{
    const struct issue_kind *kind = issue_kind(id);
    struct issue *issue = arena_alloc(issues->arena, sizeof *issue);
    *issue = (struct issue){ .id = id,
                             .severity = severity,
                             .type = kind->type,
                             .key = str_of(kind->key),
                             .text = str_of(kind->text),
                             .diagnostics = diagnostics };
    bool is_error = severity <= SEVERITY_ERROR;
    issues->count++;
    issues->errors += is_error;
    if ((is_error ? issues->errors : issues->count - issues->errors) > issues->most)
        return issue;
    if (at)
        locate(issue, at, issues);
    if (issues->last)
        issues->last->next = issue;
    else
        issues->first = issue;
    issues->last = issue;
    return issue;
}

__attribute__((format(printf, 2, 0))) static struct str
print_arguments(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    assert(length >= 0);
    char *text = arena_alloc_raw(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return (struct str){ text, (size_t)length };
}

bool issue_add(struct issues *issues, const struct place *at, enum issue_id id, const char *format,
               ...)
{
    va_list arguments;
    va_start(arguments, format);
    raise_with(issues, at, id, issue_kind(id)->severity,
               print_arguments(issues->arena, format, arguments));
    va_end(arguments);
    return false;
}

struct issue *issue_raise(struct issues *issues, const struct place *at, enum issue_id id,
                          const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct issue *issue = raise_with(issues, at, id, issue_kind(id)->severity,
                                     print_arguments(issues->arena, format, arguments));
    va_end(arguments);
    return issue;
}

struct issue *issue_raise_as(struct issues *issues, const struct place *at, enum issue_id id,
                             enum issue_severity severity, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct issue *issue =
        raise_with(issues, at, id, severity, print_arguments(issues->arena, format, arguments));
    va_end(arguments);
    return issue;
}

void issue_set_severity(struct issues *issues, struct issue *issue, enum issue_severity severity)
{
    bool was = issue->severity <= SEVERITY_ERROR, is = severity <= SEVERITY_ERROR;
    issue->severity = severity;
    issues->errors += (size_t)is - (size_t)was;
}
