/* outcome.c - turns issues and the store's outcomes into OperationOutcome and HTTP status. */
#include "server/interactions/outcome.h"

#include "resources/base/buf.h"

enum { MOST_OUTCOME_BYTES = 4 << 20, STATUS_DEFAULT = 422 };

#define EXTENSION "http://hl7.org/fhir/StructureDefinition/operationoutcome-"

/* Everything that is not here is about the content of a record: 422. */
static const struct {
    enum issue_id id;
    int status;
} STATUSES[] = {
    { ISSUE_JSON_SYNTAX, 400 },
    { ISSUE_JSON_DUPLICATE_KEY, 400 },
    { ISSUE_JSON_NUL, 400 },
    { ISSUE_JSON_NOT_OBJECT, 400 },
    { ISSUE_XML_SYNTAX, 400 },
    { ISSUE_XML_DOCTYPE, 400 },
    { ISSUE_XML_ENCODING, 400 },
    { ISSUE_XML_NAMESPACE, 400 },
    { ISSUE_TOO_DEEP, 400 },
    { ISSUE_TOO_LARGE, 413 },
    { ISSUE_RESOURCE_TYPE_MISSING, 400 },
    { ISSUE_FHIRPATH_SYNTAX, 400 },
    { ISSUE_GRAPHQL_SYNTAX, 400 },
    { ISSUE_GRAPHQL_INVALID, 400 },
    { ISSUE_PATCH_INVALID, 400 },
    { ISSUE_REQUEST_INVALID, 400 },
    { ISSUE_HEADER_INVALID, 400 },
    { ISSUE_MEDIA_TYPE, 415 },
    { ISSUE_ENCODING_UNKNOWN, 415 },
    { ISSUE_NOT_ACCEPTABLE, 406 },
    { ISSUE_METHOD_NOT_ALLOWED, 405 },
    { ISSUE_PARAMETER_UNKNOWN, 400 },
    { ISSUE_PARAMETER_INVALID, 400 },
    { ISSUE_ID_MISMATCH, 400 },
    { ISSUE_TYPE_IN_URL, 400 },
    { ISSUE_NOT_FOUND, 404 },
    { ISSUE_TYPE_UNKNOWN, 404 },
    { ISSUE_DELETED, 410 },
    { ISSUE_OPERATION_UNKNOWN, 404 },
    { ISSUE_REFERRAL_TYPE, 404 },
    { ISSUE_VERSION_STALE, 412 },
    { ISSUE_IF_MATCH_REQUIRED, 428 },
    { ISSUE_MULTIPLE_MATCHES, 412 },
    { ISSUE_CONFLICT, 409 },
    { ISSUE_REFERENCED, 409 },
    { ISSUE_TRANSACTION_INVALID, 400 },
    { ISSUE_PAGE_GONE, 410 },
    { ISSUE_LOGIN_REQUIRED, 401 },
    { ISSUE_CLIENT_UNREGISTERED, 403 },
    { ISSUE_SCOPE_MISSING, 403 },
    { ISSUE_NOT_OWNER, 403 },
    { ISSUE_IDENTIFIER_FOREIGN, 403 },
    { ISSUE_ROLE_NOT_PERMITTED, 403 },
    { ISSUE_HOST_REFUSED, 403 },
    { ISSUE_DELETE_NOT_ALLOWED, 405 },
    { ISSUE_SOURCE_VERSION_STALE, 409 },
    { ISSUE_TASK_NOT_RETRYABLE, 409 },
    { ISSUE_RULE_FORBIDDEN, 403 },
    { ISSUE_RULE_CONFLICT, 409 },
    { ISSUE_RULE_NOT_FOUND, 404 },
    { ISSUE_RULE_INVALID, 400 },
    { ISSUE_THROTTLED, 429 },
    { ISSUE_DELIVERIES_WAITING, 429 },
    { ISSUE_OVERLOADED, 503 },
    { ISSUE_ERRAND_INTERRUPTED, 500 },
    { ISSUE_TIME_LIMIT, 503 },
    { ISSUE_STORE_FAILED, 500 },
    { ISSUE_INTERNAL, 500 },
    { ISSUE_NOT_IMPLEMENTED, 501 },
    { ISSUE_ALL_OK, 200 },
};

/* OUTCOME_OK has no row: it raises nothing. */
static const enum issue_id ISSUE_OF_OUTCOME[] = {
    [OUTCOME_NOT_FOUND] = ISSUE_NOT_FOUND, [OUTCOME_GONE] = ISSUE_DELETED,
    [OUTCOME_CONFLICT] = ISSUE_CONFLICT,   [OUTCOME_BUSY] = ISSUE_OVERLOADED,
    [OUTCOME_LATE] = ISSUE_TOO_COSTLY,     [OUTCOME_FAILED] = ISSUE_STORE_FAILED,
};

int outcome_status_of(enum issue_id id)
{
    for (size_t i = 0; i < COUNT(STATUSES); i++)
        if (STATUSES[i].id == id)
            return STATUSES[i].status;
    return STATUS_DEFAULT;
}

int outcome_status(const struct issues *issues)
{
    for (const struct issue *issue = issues->first; issue; issue = issue->next)
        if (issue->severity <= SEVERITY_ERROR)
            return outcome_status_of(issue->id);
    return issues->errors ? STATUS_DEFAULT : 200;
}

bool outcome_raise(struct issues *issues, enum outcome outcome, struct str what)
{
    if (outcome == OUTCOME_OK)
        return true;
    return issue_add(issues, NULL, ISSUE_OF_OUTCOME[outcome], STR_FMT, STR_ARG(what));
}

static void print_position(struct buf *out, const struct issue *issue)
{
    char separator = '[';
    if (!issue->line && !issue->profile.len)
        return;
    buf_add(out, STR(",\"extension\":"));
    if (issue->line) {
        buf_print(out,
                  "[{\"url\":\"" EXTENSION "issue-line\",\"valueInteger\":%d},"
                  "{\"url\":\"" EXTENSION "issue-col\",\"valueInteger\":%d}",
                  issue->line, issue->column);
        separator = ',';
    }
    if (issue->profile.len) {
        buf_print(out, "%c{\"url\":\"" EXTENSION "issue-source\",\"valueString\":", separator);
        buf_add_json_string(out, issue->profile);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void print_issue(struct buf *out, const struct issue *issue)
{
    buf_print(out, "{\"severity\":\"%s\",\"code\":\"%s\"", issue_severity_code(issue->severity),
              issue_type_code(issue->type));
    buf_add(out, STR(",\"details\":{\"coding\":[{\"system\":\"" OUTCOME_SYSTEM "\",\"code\":"));
    buf_add_json_string(out, issue->key);
    buf_add(out, STR("}],\"text\":"));
    buf_add_json_string(out, issue->text);
    buf_add_char(out, '}');
    if (issue->diagnostics.len) {
        buf_add(out, STR(",\"diagnostics\":"));
        buf_add_json_string(out, issue->diagnostics);
    }
    if (issue->expression.len) {
        buf_add(out, STR(",\"expression\":["));
        buf_add_json_string(out, issue->expression);
        buf_add_char(out, ']');
    }
    print_position(out, issue);
    buf_add_char(out, '}');
}

/* Issues that no longer fit are left out whole, so that what goes out is always JSON. */
static void print_fitting(struct buf *out, const struct issue *issue, struct arena *arena)
{
    struct buf one;
    buf_init(&one, arena, MOST_OUTCOME_BYTES / 4);
    print_issue(&one, issue);
    if (one.is_over || out->len + one.len + 16 > out->most)
        return;
    if (out->data[out->len - 1] != '[')
        buf_add_char(out, ',');
    buf_add(out, buf_str(&one));
}

/* What stopped the request comes before what is only remarked. */
static void print_some(struct buf *out, const struct issues *issues, bool is_error)
{
    for (const struct issue *issue = issues->first; issue; issue = issue->next)
        if ((issue->severity <= SEVERITY_ERROR) == is_error)
            print_fitting(out, issue, issues->arena);
}

struct str outcome_print(const struct issues *issues)
{
    struct issues none;
    if (!issues->first) {
        issues_init(&none, issues->arena, (struct str){ 0 });
        issue_add(&none, NULL, ISSUE_ALL_OK, "%s", "");
        issues = &none;
    }
    struct buf out;
    buf_init(&out, issues->arena, MOST_OUTCOME_BYTES);
    buf_add(&out, STR("{\"resourceType\":\"OperationOutcome\",\"issue\":["));
    print_some(&out, issues, true);
    print_some(&out, issues, false);
    buf_add(&out, STR("]}"));
    return buf_str(&out);
}
