/* attempt.c - setting one transfer up, and judging what came of it. */
#include "server/exchange/attempt.h"

#include <string.h>
#include <unistd.h>

#include "resources/fhir/json/json.h"
#include "server/exchange/verdict.h"

/* What of a foreign OperationOutcome is kept: plain facts, no narrative, no extensions. */
static const char *const KEPT_TEXTS[] = { "diagnostics" };
enum { MOST_KEPT_ISSUES = 20, MOST_KEPT_TEXT = 2000 };

struct str attempt_payload(struct str task, struct str endpoint, int64_t made_us, struct str bundle,
                           struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena, bundle.len + task.len + endpoint.len + 64);
    buf_print(&text, STR_FMT "\n" STR_FMT "\n%lld\n", STR_ARG(task), STR_ARG(endpoint),
              (long long)made_us);
    buf_add(&text, bundle);
    return buf_str(&text);
}

struct attempt *attempt_open(const struct delivery_options *options,
                             const struct store_pending *job)
{
    struct arena *arena = arena_open();
    struct attempt *attempt = arena_alloc(arena, sizeof *attempt);
    struct str rest = str_copy(arena, job->payload);
    uint64_t made = 0;
    *attempt = (struct attempt){ .arena = arena,
                                 .options = options,
                                 .job = job->job,
                                 .attempts = job->attempts + 1,
                                 .lane = str_copy(arena, job->lane),
                                 .key = str_copy(arena, job->key) };
    attempt->task = str_cut(&rest, '\n');
    attempt->endpoint = str_cut(&rest, '\n');
    bool is_ours = str_to_u64(&made, str_cut(&rest, '\n')) && rest.len > 0;
    attempt->made_us = (int64_t)made;
    attempt->bundle = rest;
    buf_init(&attempt->reply, arena, ATTEMPT_MOST_REPLY);
    if (is_ours)
        return attempt;
    arena_close(arena);
    return NULL;
}

static size_t take_reply(char *bytes, size_t size, size_t count, void *context)
{
    struct attempt *attempt = context;
    buf_add(&attempt->reply, (struct str){ bytes, size * count });
    return attempt->reply.is_over ? 0 : size * count;
}

/* The address is known only here, after resolution: what may not be dialled gets no socket. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct attempt *attempt = context;
    if (purpose != CURLSOCKTYPE_IPCXN ||
        !address_is_allowed(&address->addr, &attempt->options->networks)) {
        attempt->is_address_refused = true;
        return CURL_SOCKET_BAD;
    }
    attempt->is_address_taken = true;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void set_headers(struct attempt *attempt)
{
    static const char *const FIXED[] = { "Content-Type: application/fhir+json",
                                         "Accept: application/fhir+json",
                                         "Prefer: return=OperationOutcome", "Expect:" };
    for (size_t i = 0; i < COUNT(FIXED); i++)
        attempt->headers = curl_slist_append(attempt->headers, FIXED[i]);
    struct str key = str_print(attempt->arena, "Idempotency-Key: " STR_FMT, STR_ARG(attempt->key));
    attempt->headers = curl_slist_append(attempt->headers, key.data);
    curl_easy_setopt(attempt->easy, CURLOPT_HTTPHEADER, attempt->headers);
}

static void set_trust(CURL *easy, const struct delivery_options *options)
{
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSLCERT, options->certificate);
    curl_easy_setopt(easy, CURLOPT_SSLKEY, options->key);
    curl_easy_setopt(easy, CURLOPT_CAINFO, options->authorities);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    if (options->revoked)
        curl_easy_setopt(easy, CURLOPT_CRLFILE, options->revoked);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
}

bool attempt_start(struct attempt *attempt, struct str address)
{
    CURL *easy = attempt->easy = curl_easy_init();
    if (!easy)
        return false;
    set_headers(attempt);
    set_trust(easy, attempt->options);
    curl_easy_setopt(easy, CURLOPT_URL, str_cstr(attempt->arena, address));
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, attempt->bundle.data);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)attempt->bundle.len);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)ATTEMPT_CONNECT_SECONDS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)attempt->options->attempt_seconds);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_reply);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, attempt);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, attempt);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, attempt->message);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, attempt);
    return true;
}

/* libcurl's text may quote a certificate: what goes into the Task and the log is plain ASCII. */
static void make_plain(char *text)
{
    for (; *text; text++)
        if (*text < 0x20 || *text >= 0x7f)
            *text = '?';
}

struct verdict_reason attempt_judge(struct attempt *attempt, CURLcode code, int *status)
{
    long response = 0;
    curl_easy_getinfo(attempt->easy, CURLINFO_RESPONSE_CODE, &response);
    *status = (int)response;
    make_plain(attempt->message);
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && attempt->reply.is_over && response))
        return verdict_of_status(*status);
    *status = 0;
    if (code == CURLE_COULDNT_CONNECT && attempt->is_address_refused && !attempt->is_address_taken)
        return verdict_of_address();
    return verdict_of_curl((int)code, attempt->message);
}

/* A code that is not R4's would make the Task invalid in which it is kept. */
static bool is_known(struct str code, const char *const *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(code, codes[i]))
            return true;
    return false;
}

static void keep_codes(cJSON *kept, const cJSON *foreign, struct arena *arena)
{
    static const char *const SEVERITIES[] = { "fatal", "error", "warning", "information" };
#define CODE(id, code) code,
    static const char *const TYPES[] = { ISSUE_TYPES(CODE) };
    struct str severity = json_get_text(foreign, "severity"), type = json_get_text(foreign, "code");
    if (!is_known(severity, SEVERITIES, COUNT(SEVERITIES)))
        severity = STR("error");
    if (!is_known(type, TYPES, COUNT(TYPES)))
        type = STR("processing");
    json_set(arena, kept, "severity", json_new_string(arena, severity));
    json_set(arena, kept, "code", json_new_string(arena, type));
}

static cJSON *keep_issue(const cJSON *foreign, struct arena *arena)
{
    cJSON *kept = json_new_object(arena);
    keep_codes(kept, foreign, arena);
    for (size_t i = 0; i < COUNT(KEPT_TEXTS); i++) {
        struct str text = str_head(json_get_text(foreign, KEPT_TEXTS[i]), MOST_KEPT_TEXT);
        if (text.len)
            json_set(arena, kept, KEPT_TEXTS[i], json_new_string(arena, text));
    }
    struct str words = json_get_text(json_get(foreign, "details"), "text");
    if (words.len) {
        cJSON *details = json_set(arena, kept, "details", json_new_object(arena));
        json_set(arena, details, "text", json_new_string(arena, str_head(words, MOST_KEPT_TEXT)));
    }
    const cJSON *places = json_get(foreign, "expression");
    struct str place = cJSON_IsArray(places) ? json_text(places->child) : STR("");
    if (place.len) {
        cJSON *expression = json_set(arena, kept, "expression", json_new_array(arena));
        json_add(expression, json_new_string(arena, str_head(place, MOST_KEPT_TEXT)));
    }
    return kept;
}

const cJSON *attempt_outcome(struct attempt *attempt)
{
    struct arena *arena = attempt->arena;
    struct issues ignored;
    issues_init(&ignored, arena, STR(""));
    cJSON *reply =
        attempt->reply.len ? json_parse(buf_str(&attempt->reply), arena, &ignored) : NULL;
    const cJSON *issues = json_get(reply, "issue");
    if (!str_is(json_get_text(reply, "resourceType"), "OperationOutcome") || !cJSON_IsArray(issues))
        return NULL;
    cJSON *outcome = json_new_object(arena);
    json_set(arena, outcome, "resourceType", json_new_string(arena, STR("OperationOutcome")));
    cJSON *list = json_set(arena, outcome, "issue", json_new_array(arena));
    for (const cJSON *each = issues->child; each && json_count(list) < MOST_KEPT_ISSUES;
         each = each->next) {
        cJSON *kept = cJSON_IsObject(each) ? keep_issue(each, arena) : NULL;
        if (kept)
            json_add(list, kept);
    }
    return list->child ? outcome : NULL;
}

void attempt_close(struct attempt *attempt)
{
    if (attempt->easy)
        curl_easy_cleanup(attempt->easy);
    curl_slist_free_all(attempt->headers);
    arena_close(attempt->arena);
}
