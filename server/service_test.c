/* service_test.c - who may do what: identity, scope, ownership and their statuses, on a real store.
 */
#include "server/service.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/base/test.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"
#include "server/interactions/capabilities.h"
#include "server/security/registry.h"

enum { MOST_HEADERS = 4 };

#define SPKI "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"
static const char CLIENTS[] =
    "[client plan]\nauthority = ca\ncertificate = spki-sha256:" SPKI "1\n"
    "organization = Organization/plan\nparty-role = mltc-plan\nscopes = system/*.cruds\n"
    "[client home]\nauthority = ca\ncertificate = spki-sha256:" SPKI "2\n"
    "organization = Organization/home\nparty-role = health-home\nscopes = system/*.cruds\n"
    "base = https://home.example/fhir\n"
    "[client ehr]\nauthority = ca\ncertificate = spki-sha256:" SPKI "3\n"
    "organization = Organization/ehr\nparty-role = pcp-ehr\n"
    "scopes = system/CarePlan.rs system/Patient.c system/Goal.ru\n"
    "[client clerk]\nauthority = ca\ncertificate = spki-sha256:" SPKI "4\nscopes = system/Task.u\n"
    "[client archive]\nauthority = ca\ncertificate = spki-sha256:" SPKI "5\n"
    "scopes = system/Binary.cruds\n"
    "[client nurse]\nauthority = ca\ncertificate = spki-sha256:" SPKI "6\n"
    "scopes = system/Patient.rs system/CarePlan.rs system/Composition.r\n"
    "[client keeper]\nauthority = ca\ncertificate = spki-sha256:" SPKI "7\n"
    "scopes = system/Patient.rus\n";

/* Takes the answer in place of the HTTP layer. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct http_answer answer;
    bool is_here;
} inbox = { .lock = PTHREAD_MUTEX_INITIALIZER, .came = PTHREAD_COND_INITIALIZER };

void http_answer(struct http_exchange *exchange, const struct http_answer *answer)
{
    (void)exchange;
    pthread_mutex_lock(&inbox.lock);
    inbox.answer = *answer;
    inbox.is_here = true;
    pthread_cond_signal(&inbox.came);
    pthread_mutex_unlock(&inbox.lock);
}

void http_continue(struct http_exchange *exchange, void (*function)(void *argument), void *argument)
{
    (void)exchange;
    function(argument);
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct fixture {
    struct arena *arena;
    char folder[64];
    struct service service;
};

static void open_registry(struct fixture *fixture, struct issues *issues)
{
    static const struct str AUTHORITIES[] = { { "ca", 2 } }, PUBLIC[] = { { "Organization", 12 } };
    struct str path = str_print(fixture->arena, "%s/clients.ini", fixture->folder);
    FILE *file = fopen(path.data, "w");
    assert_non_null(file);
    fputs(CLIENTS, file);
    fclose(file);
    struct registry_options options = { .path = path.data,
                                        .authorities = AUTHORITIES,
                                        .authority_count = 1,
                                        .public_types = PUBLIC,
                                        .public_count = 1 };
    fixture->service.registry = registry_open(&options, issues);
    assert_non_null(fixture->service.registry);
}

static int open_fixture(void **state)
{
    static const char *const PATHS[] = { "build/definitions.db" };
    struct arena *arena = arena_open();
    struct fixture *fixture = arena_alloc(arena, sizeof *fixture);
    struct service *service = &fixture->service;
    struct store_options options = { .readers = 2, .page_life_seconds = 3600 };
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    fixture->arena = arena;
    *state = fixture;
    if (access(PATHS[0], R_OK) != 0)
        return 0;
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/service_test.XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    open_registry(fixture, &issues);
    struct str place = str_print(arena, "sqlite:%s/store.db", fixture->folder);
    service->definitions = definitions_open(PATHS, 1, &issues);
    service->terminology = terminology_open(service->definitions);
    service->validator = validator_open(service->definitions, service->terminology);
    service->store = store_open(place.data, &options, &issues);
    assert_non_null(service->store);
    service->base_url = STR("https://plan.example/fhir");
    service->base_path = STR("/fhir");
    service->version = STR("1");
    service->indexer = search_indexer_open(service->definitions, service->base_url);
    service->workers = workers_open(2, 8);
    service->capabilities = capabilities_open();
    service->validation = VALIDATION_BASE;
    service->most_body = service->most_transaction = 1 << 20;
    service->most_entries = 3;
    service->most_at_once = 16;
    service->seconds_per_request = 60;
    service->now_us = now_us;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *fixture = *state;
    struct service *service = &fixture->service;
    if (service->store) {
        workers_close(service->workers);
        store_close(service->store);
        search_indexer_close(service->indexer);
        capabilities_close(service->capabilities);
        validator_close(service->validator);
        terminology_close(service->terminology);
        definitions_close(service->definitions);
        registry_close(service->registry);
        struct str remove = str_print(fixture->arena, "rm -rf '%s'", fixture->folder);
        assert_int_equal(system(remove.data), 0);
    }
    arena_close(fixture->arena);
    return 0;
}

enum who { NOBODY, STRANGER, PLAN, HOME, EHR, CLERK, ARCHIVE, NURSE, KEEPER };

/* "METHOD path?query", then header lines "Name: value", then the body behind an empty line. */
static struct http_answer send(struct fixture *fixture, enum who who, const char *text)
{
    static struct http_peer peers[] = {
        [STRANGER] = { { "ca", 2 }, { "CN=x", 4 }, { SPKI "9", 64 }, NULL, 0 },
        [PLAN] = { { "ca", 2 }, { "CN=plan", 7 }, { SPKI "1", 64 }, NULL, 0 },
        [HOME] = { { "ca", 2 }, { "CN=home", 7 }, { SPKI "2", 64 }, NULL, 0 },
        [EHR] = { { "ca", 2 }, { "CN=ehr", 6 }, { SPKI "3", 64 }, NULL, 0 },
        [CLERK] = { { "ca", 2 }, { "CN=clerk", 8 }, { SPKI "4", 64 }, NULL, 0 },
        [ARCHIVE] = { { "ca", 2 }, { "CN=archive", 10 }, { SPKI "5", 64 }, NULL, 0 },
        [NURSE] = { { "ca", 2 }, { "CN=nurse", 8 }, { SPKI "6", 64 }, NULL, 0 },
        [KEEPER] = { { "ca", 2 }, { "CN=keeper", 9 }, { SPKI "7", 64 }, NULL, 0 },
    };
    struct http_exchange *exchange = arena_alloc(fixture->arena, sizeof *exchange);
    struct http_header *headers = arena_array(fixture->arena, MOST_HEADERS, sizeof *headers);
    struct http_request *request = &exchange->request;
    struct str rest = str_of(text), line = str_cut(&rest, '\n');
    exchange->arena = fixture->arena;
    request->headers = headers;
    request->method = str_cut(&line, ' ');
    request->path = str_cut(&line, '?');
    request->query = line;
    while (rest.len && (line = str_cut(&rest, '\n')).len) {
        headers[request->header_count].name = str_cut(&line, ':');
        headers[request->header_count++].value = str_trim(line);
    }
    request->body = rest;
    if (rest.len)
        headers[request->header_count++] =
            (struct http_header){ STR("Content-Type"), STR("application/fhir+json") };
    request->certificate = who == NOBODY ? NULL : &peers[who];
    request->received_us = monotonic_us();
    inbox.is_here = false;
    service_handle(exchange, &fixture->service);
    pthread_mutex_lock(&inbox.lock);
    while (!inbox.is_here)
        pthread_cond_wait(&inbox.came, &inbox.lock);
    pthread_mutex_unlock(&inbox.lock);
    return inbox.answer;
}

static struct str header(const struct http_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (str_is(answer->headers[i].name, name))
            return answer->headers[i].value;
    return (struct str){ 0 };
}

#define PLAN_JSON                                                                                  \
    "\n\n{\"resourceType\":\"CarePlan\",\"status\":\"active\",\"intent\":\"plan\",\"subject\":"    \
    "{\"reference\":\"Patient/1\"}}"
#define PUT_JSON(id) "\n\n{\"resourceType\":\"Patient\",\"id\":\"" id "\"}"
#define GOAL(id, system, value)                                                                    \
    "\n\n{\"resourceType\":\"Goal\"," id "\"identifier\":[{\"system\":\"" system                   \
    "\",\"value\":\"" value "\"}],\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"x\"}" \
    ",\"subject\":{\"display\":\"x\"}}"
#define BINARY(id, more)                                                                           \
    "\n\n{\"resourceType\":\"Binary\",\"id\":\"" id "\",\"contentType\":\"text/plain\"" more "}"
#define ABOUT(reference) ",\"securityContext\":{\"reference\":\"" reference "\"}"
#define HOME_BASE "https://home.example/fhir"
#define ENTRY(method, url) "{\"request\":{\"method\":\"" method "\",\"url\":\"" url "\"}}"
#define TRANSACTION(entries)                                                                       \
    "\n\n{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" entries "]}"

/* In order: later rows see what earlier ones stored. */
static const struct {
    enum who who;
    const char *request;
    int status;
    const char *says; /* somewhere in the answer's body */
    const char *claim;
} CASES[] = {
    { NOBODY, "GET /fhir/metadata", 200, "\"Certificates\"", "metadata is for everybody" },
    { NOBODY, "HEAD /fhir/metadata", 200, "", "its head as well" },
    { NOBODY, "GET /fhir/Patient/1", 401, "\"login-required\"", "a read needs an identity" },
    { NOBODY, "GET /fhir/Zebra/1", 401, "\"login-required\"", "nobody learns what exists" },
    { NOBODY, "GET /fhir/a/b/c/d", 401, "\"login-required\"", "nor which addresses there are" },
    { NOBODY, "POST /fhir" TRANSACTION(""), 401, "\"login-required\"", "nor what a body may be" },
    { NOBODY, "GET /fhir/.well-known/smart-configuration", 404, "\"not-found\"",
      "well-known addresses are for everybody" },
    { NOBODY, "GET /fhir/Organization?name=x", 200, "\"searchset\"", "a public search" },
    { NOBODY, "POST /fhir/Organization\n\n{\"resourceType\":\"Organization\",\"name\":\"x\"}", 401,
      "", "public types are public to read alone" },
    { STRANGER, "GET /fhir/Patient/1", 403, "\"client-unregistered\"", "a certificate of nobody" },
    { STRANGER, "GET /fhir/metadata", 200, "", "may read what everybody may" },
    { PLAN, "GET /fhir/Patient/1", 404, "\"not-found\"", "a registered client is told" },
    { PLAN, "GET /fhir/Zebra/1", 404, "\"type-unknown\"", "also which types there are" },
    { PLAN, "GET /elsewhere", 404, "\"not-found\"", "outside of the base" },
    { PLAN, "GET /fhirx/Patient/1", 404, "\"not-found\"", "the base is a whole segment" },
    { EHR, "GET /fhir/CarePlan/1", 404, "", "a scope that is there" },
    { EHR, "GET /fhir/CarePlan?status=active", 200, "", "the same for searching" },
    { EHR, "POST /fhir/CarePlan" PLAN_JSON, 403, "system/CarePlan.c is needed",
      "a scope that is missing is named" },
    { EHR, "POST /fhir/CarePlan\n\nnot json", 403, "\"scope-missing\"",
      "before the body is looked at" },
    { EHR, "PUT /fhir/CarePlan/1" PLAN_JSON, 403, "system/CarePlan.u is needed", "update" },
    { EHR, "DELETE /fhir/CarePlan/1", 403, "system/CarePlan.d is needed", "delete" },
    { EHR, "GET /fhir/Patient/1", 403, "system/Patient.r is needed", "read" },
    { EHR, "GET /fhir/Patient/1/_history", 403, "system/Patient.r is needed", "history" },
    { EHR, "GET /fhir/Patient/1/_history/1", 403, "system/Patient.r is needed", "vread" },
    { EHR, "GET /fhir/Patient?name=x", 403, "system/Patient.s is needed", "search" },
    { EHR, "POST /fhir/Patient/_search", 403, "system/Patient.s is needed", "posted search" },
    { EHR, "POST /fhir/Patient\n\n{\"resourceType\":\"Patient\"}", 201, "", "create alone" },
    { EHR, "POST /fhir/Patient\nIf-None-Exist: name=x\n\n{\"resourceType\":\"Patient\"}", 403,
      "system/Patient.s is needed", "a condition is a search" },
    { EHR, "PUT /fhir/Patient?name=x" PUT_JSON("a"), 403, "system/Patient.u is needed",
      "conditional update" },
    { EHR, "POST /fhir/CarePlan/1/$push\n\n{\"resourceType\":\"Parameters\"}", 403,
      "system/Task.c is needed", "an operation" },
    { CLERK, "POST /fhir/Task/1/$retry\n\n{\"resourceType\":\"Parameters\"}", 403,
      "system/CarePlan.r is needed", "what an operation reads on the way" },
    { EHR, "POST /fhir" TRANSACTION(ENTRY("DELETE", "CarePlan/1")), 403,
      "system/CarePlan.d is needed", "each entry of a transaction" },
    { EHR, "POST /fhir" TRANSACTION(ENTRY("GET", "Patient/1")), 403, "Bundle.entry[0]",
      "and it is named" },
    { EHR,
      "POST /fhir" TRANSACTION(
          "{\"resource\":{\"resourceType\":\"Patient\",\"generalPractitioner\":[{\"reference\":"
          "\"Practitioner?name=x\"}]},\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}}"),
      403, "system/Practitioner.s is needed", "a conditional reference is a search" },
    { PLAN,
      "POST /fhir" TRANSACTION(ENTRY("GET", "Patient?_id=1") "," ENTRY(
          "GET", "Patient?_id=1") "," ENTRY("GET", "Patient?_id=1") "," ENTRY("GET", "Goal/1")),
      413, "most-entries is 3", "too many entries name the limit" },
    { EHR, "PUT /fhir/Goal/g" GOAL("\"id\":\"g\",", "urn:x", "1"), 403, "system/Goal.c is needed",
      "an update that creates is a creation" },
    { PLAN, "POST /fhir/Goal" GOAL("", HOME_BASE, "Goal/1"), 403, "\"identifier-foreign\"",
      "nobody stands where another's copy will be" },
    { PLAN, "PUT /fhir/Goal?identifier=" HOME_BASE "|Goal/1" GOAL("", HOME_BASE, "Goal/1"), 403,
      HOME_BASE "|Goal/1", "not by a condition either" },
    { PLAN,
      "POST /fhir/DocumentReference\n\n{\"resourceType\":\"DocumentReference\",\"status\":"
      "\"current\",\"masterIdentifier\":{\"system\":\"" HOME_BASE "\",\"value\":"
      "\"DocumentReference/1\"},\"content\":[{\"attachment\":{\"title\":\"x\"}}]}",
      403, "\"identifier-foreign\"", "whatever element the search for identifiers looks in" },
    { PLAN, "POST /fhir/Goal" GOAL("", "https://plan.example/fhir", "Goal/1"), 403,
      "\"identifier-foreign\"", "nor in another record's of this server" },
    { PLAN, "PUT /fhir/Goal/g1" GOAL("\"id\":\"g1\",", "https://plan.example/fhir", "Goal/g1"), 201,
      "", "which may say its own address" },
    { HOME, "POST /fhir/Goal" GOAL("", HOME_BASE, "Goal/1"), 201, "", "whose base it is may" },
    { PLAN, "PUT /fhir/Patient/p1" PUT_JSON("p1"), 201, "", "a record of this server" },
    { HOME, "PUT /fhir/Patient/p1" PUT_JSON("p1"), 200, "", "belongs to no sender" },
    { PLAN, "GET /fhir/Patient/p1", 200, "\"versionId\":\"1\"",
      "what changes nothing makes nothing" },
    { HOME, "PUT /fhir/Patient/p1\n\n{\"resourceType\":\"Patient\",\"id\":\"p1\",\"active\":true}",
      200, "", "the other one may change it" },
    { PLAN, "GET /fhir/Patient/p1", 200, "\"versionId\":\"2\"", "and both may write it" },
    { PLAN, "PUT /fhir/Binary/open" BINARY("open", ""), 201, "", "a Binary about nobody" },
    { PLAN, "PUT /fhir/Binary/b" BINARY("b", ABOUT("Patient/p1")), 201, "", "one about a patient" },
    { PLAN, "PUT /fhir/Binary/far" BINARY("far", ABOUT("https://else.example/Patient/1")), 201, "",
      "and one about somebody elsewhere" },
    { PLAN, "GET /fhir/Binary/b\nAccept: application/fhir+json", 200, "Patient/p1",
      "who may read patients sees it" },
    { ARCHIVE, "GET /fhir/Binary/open\nAccept: application/fhir+json", 200, "\"open\"",
      "a Binary alone needs the scope for it" },
    { ARCHIVE, "GET /fhir/Binary/b", 404, "\"not-found\"", "its context may not be read" },
    { ARCHIVE, "GET /fhir/Binary/b\nAccept: application/fhir+json", 404, "\"not-found\"",
      "nor as a resource" },
    { ARCHIVE, "GET /fhir/Binary/b/_history/1", 404, "\"not-found\"", "nor in a version" },
    { ARCHIVE, "GET /fhir/Binary/b/_history", 404, "\"not-found\"", "nor its history" },
    { ARCHIVE, "GET /fhir/Binary/far", 404, "\"not-found\"", "nor what can not be judged here" },
    { ARCHIVE, "GET /fhir/Binary?_summary=count", 200, "\"total\":1", "no search counts it" },
    { ARCHIVE, "GET /fhir/Binary/_history", 200, "\"open\"", "the type's history shows the other" },
    { ARCHIVE, "PUT /fhir/Binary/b" BINARY("b", ""), 403, "\"scope-missing\"",
      "nobody takes the context away unseen" },
    { ARCHIVE, "DELETE /fhir/Binary/b", 204, "", "to delete it is to delete nothing" },
    { PLAN, "GET /fhir/Binary/b\nAccept: application/fhir+json", 200, "Patient/p1", "it stays" },
    { PLAN, "DELETE /fhir/Binary/b", 204, "", "who may see it may" },
    { ARCHIVE, "GET /fhir/Binary/b", 404, "\"not-found\"", "that it is gone is not told either" },
    { PLAN, "GET /fhir/Binary/b", 410, "\"deleted\"", "but to the others" },
    { EHR, "GET /fhir/Patient/p1/$meta", 403, "system/Patient.r is needed",
      "a record's Meta is read" },
    { EHR, "GET /fhir/Patient/$meta", 403, "system/Patient.s is needed", "a type's is searched" },
    { PLAN,
      "PUT /fhir/Patient/tagged\n\n{\"resourceType\":\"Patient\",\"id\":\"tagged\",\"meta\":{"
      "\"tag\":[{\"code\":\"hidden\"}]}}",
      201, "", "a tag on a patient" },
    { PLAN,
      "PUT /fhir/CarePlan/tagged\n\n{\"resourceType\":\"CarePlan\",\"id\":\"tagged\",\"meta\":"
      "{\"tag\":[{\"code\":\"seen\"}]},\"status\":\"draft\",\"intent\":\"plan\",\"subject\":{"
      "\"display\":\"x\"}}",
      201, "", "and one on a plan" },
    { EHR, "GET /fhir/$meta", 200, "\"tag\":[{\"code\":\"seen\"}]}}]}",
      "of the system only what may be searched" },
    { EHR, "GET /fhir/CarePlan/$meta", 200, "\"tag\":[{\"code\":\"seen\"}]}}]}",
      "the same of a type" },
    { PLAN, "DELETE /fhir/CarePlan/tagged", 204, "", "what nobody has any more" },
    { EHR, "GET /fhir/$meta", 200, "{\"resourceType\":\"Parameters\"}", "is not in use" },
    { CLERK, "GET /fhir/$meta", 403, "system/*.s is needed", "who may search nothing is told so" },
    { EHR, "POST /fhir/CarePlan/1/$meta-add\n\n{\"resourceType\":\"Parameters\"}", 403,
      "system/CarePlan.u is needed", "a change of tags is an update" },
    { EHR, "POST /fhir/Patient/$merge\n\n{\"resourceType\":\"Parameters\"}", 403,
      "system/Patient.r is needed", "a merge reads, finds and changes patients" },
    { KEEPER, "POST /fhir/Patient/$merge\n\n{\"resourceType\":\"Parameters\"}", 403,
      "system/Account.r is needed", "and whatever refers to them" },
    { CLERK, "POST /fhir/Task/1/$meta-delete\n\n{\"resourceType\":\"Parameters\"}", 403,
      "system/Task.r is needed", "whose answer tells what is there" },
    { PLAN, "GET /fhir/Patient/p1\nHost: other.example\nOrigin: https://other.example", 200, "",
      "only a development server looks at Host and Origin" },
    { PLAN,
      "PUT /fhir/Goal/holder\n\n{\"resourceType\":\"Goal\",\"id\":\"holder\",\"contained\":[{"
      "\"resourceType\":\"Patient\",\"id\":\"in\",\"gender\":\"other\"}],\"lifecycleStatus\":"
      "\"active\",\"description\":{\"text\":\"x\"},\"subject\":{\"reference\":\"#in\"}}",
      201, "", "a goal with a patient in it" },
    { PLAN, "GET /fhir/Patient?gender=other&_contained=true&_containedType=contained", 200,
      "Goal/holder#in", "is found by what it contains" },
    { NURSE, "GET /fhir/Patient?gender=other&_contained=both", 200, "\"total\":0",
      "but not by who may not search for goals" },
    { PLAN, "DELETE /fhir/Goal/holder", 204, "", "it goes" },
    { NOBODY, "GET /fhir/$graphql?query={__typename}", 401, "\"login-required\"", "GraphQL too" },
    { PLAN,
      "PUT /fhir/CarePlan/cp\n\n{\"resourceType\":\"CarePlan\",\"id\":\"cp\",\"status\":"
      "\"active\",\"intent\":\"plan\",\"subject\":{\"reference\":\"Patient/p1\"}}",
      201, "", "a plan" },
    { PLAN, "GET /fhir/CarePlan/cp/$graphql?query={id subject{resource{id}}}", 200,
      "{\"data\":{\"id\":\"cp\",\"subject\":{\"resource\":{\"id\":\"p1\"}}}}",
      "GraphQL reads what may be read" },
    { EHR, "GET /fhir/CarePlan/cp/$graphql?query={id subject{resource{id}}}", 403,
      "system/Patient.r is needed", "and no more" },
    { EHR, "GET /fhir/CarePlan/cp/$graphql?query={id subject{resource(optional:true){id}}}", 200,
      "{\"data\":{\"id\":\"cp\",\"subject\":{}}}", "what is optional is not there" },
    { EHR, "GET /fhir/Patient/p1/$graphql?query={id}", 403, "system/Patient.r is needed",
      "nor where it begins" },
    { EHR, "GET /fhir/$graphql?query={CarePlanList{id}PatientList{id}}", 403,
      "system/Patient.s is needed", "nor a search" },
    { EHR, "GET /fhir/CarePlan/cp/$graphql?query={TaskList(_reference:based_on){id}}", 403,
      "system/Task.s is needed", "nor one back" },
    { EHR, "GET /fhir/$graphql?query={CarePlanConnection{count edges{resource{id}}}}", 200,
      "\"count\":1", "a search that may be" },
    { EHR, "GET /fhir/$graphql?query={CarePlanConnection(cursor:\"x\"){count}}", 400, "cursor",
      "with a cursor that is none" },
};

static void judges_who_asks(void **state)
{
    struct fixture *fixture = *state;
    if (!fixture->service.store)
        skip();
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct http_answer answer = send(fixture, CASES[i].who, CASES[i].request);
        bool says = str_find_str(answer.body, str_of(CASES[i].says), 0) < answer.body.len ||
                    !CASES[i].says[0];
        if (answer.status != CASES[i].status || !says)
            fail_msg("%s: %d " STR_FMT, CASES[i].claim, answer.status, STR_ARG(answer.body));
    }
}

static void links_come_from_the_configuration(void **state)
{
    struct fixture *fixture = *state;
    if (!fixture->service.store)
        skip();
    struct http_answer answer = send(
        fixture, PLAN, "POST /fhir/Patient\nHost: evil.example\n\n{\"resourceType\":\"Patient\"}");
    assert_int_equal(answer.status, 201);
    assert_true(str_starts(header(&answer, "Location"), STR("https://plan.example/fhir/Patient/")));
    answer = send(fixture, PLAN, "GET /fhir/Patient?_count=1\nHost: evil.example");
    assert_int_equal(answer.status, 200);
    assert_true(str_find_str(answer.body, STR("evil"), 0) == answer.body.len);
}

/* What a transaction's GET finds is held once: its search is not run before the commit as well. */
static void a_search_in_a_transaction_is_run_once(void **state)
{
    struct fixture *fixture = *state;
    if (!fixture->service.store)
        skip();
    struct arena *arena = fixture->arena;
    size_t sizes[2];
    char *large = arena_alloc(arena, 400001);
    memset(large, 'x', 400000);
    for (int i = 0; i < 5; i++) {
        struct str post = str_print(arena,
                                    "POST /fhir/Basic\n\n{\"resourceType\":\"Basic\",\"code\":{"
                                    "\"text\":\"%s\"}}",
                                    large);
        assert_int_equal(send(fixture, PLAN, post.data).status, 201);
    }
    static const char *const REQUESTS[] = {
        "POST /fhir" TRANSACTION(ENTRY("GET", "Basic")),
        "POST /fhir" TRANSACTION(
            ENTRY("GET", "Basic") ",{\"resource\":{\"resourceType\":\"Patient\"},\"request\":{"
                                  "\"method\":\"POST\",\"url\":\"Patient\"}}"),
    };
    for (size_t i = 0; i < COUNT(REQUESTS); i++) {
        fixture->arena = arena_open();
        struct http_answer answer = send(fixture, PLAN, REQUESTS[i]);
        assert_int_equal(answer.status, 200);
        assert_true(answer.body.len > 2000000);
        sizes[i] = arena_size(fixture->arena);
        arena_close(fixture->arena);
    }
    fixture->arena = arena;
    if (sizes[1] > sizes[0] + 1900000) /* a second run holds two million more */
        fail_msg("%zu bytes, where %zu are enough", sizes[1], sizes[0]);
    struct http_answer gone =
        send(fixture, PLAN,
             "POST /fhir" TRANSACTION(ENTRY(
                 "GET",
                 "Basic?nonsense=1") ",{\"resource\":{\"resourceType\":"
                                     "\"Basic\",\"id\":\"never\",\"code\":{\"text\":\"x\"}},"
                                     "\"request\":{\"method\":\"PUT\",\"url\":\"Basic/never\"}}"));
    assert_int_equal(gone.status, 400);
    assert_int_equal(send(fixture, PLAN, "GET /fhir/Basic/never").status, 404);
}

/* Bytes that one request with many small creations holds when it is answered. */
static size_t held_by(struct fixture *fixture, const char *type, int count)
{
    struct arena *kept = fixture->arena;
    struct buf text;
    fixture->arena = arena_open();
    buf_init(&text, fixture->arena, 1 << 20);
    buf_print(&text, "POST /fhir\n\n{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[",
              type);
    for (int i = 0; i < count; i++)
        buf_print(&text,
                  "%s{\"resource\":{\"resourceType\":\"Patient\",\"active\":true},\"request\":{"
                  "\"method\":\"POST\",\"url\":\"Patient\"}}",
                  i ? "," : "");
    buf_add(&text, STR("]}"));
    buf_add_char(&text, '\0');
    struct http_answer answer = send(fixture, PLAN, text.data);
    assert_int_equal(answer.status, 200);
    size_t size = arena_size(fixture->arena);
    arena_close(fixture->arena);
    fixture->arena = kept;
    return size;
}

static void many_entries_hold_little(void **state)
{
    struct fixture *fixture = *state;
    if (!fixture->service.store)
        skip();
    fixture->service.most_entries = 1000;
    size_t batch = held_by(fixture, "batch", 500),
           transaction = held_by(fixture, "transaction", 500);
    fixture->service.most_entries = 3;
    if (batch > 500 * 4000 || transaction > 500 * 24000)
        fail_msg("a batch held %zu bytes, a transaction %zu", batch, transaction);
}

static struct str next_link(struct fixture *fixture, const struct http_answer *answer)
{
    struct issues issues;
    issues_init(&issues, fixture->arena, (struct str){ 0 });
    cJSON *bundle = json_parse(answer->body, fixture->arena, &issues);
    const cJSON *link = json_at(json_get(bundle, "link"), 1);
    assert_true(str_is(json_get_text(link, "relation"), "next"));
    struct str url = json_get_text(link, "url");
    return str_slice(url, sizeof "https://plan.example" - 1, url.len);
}

static void a_page_link_is_its_clients_alone(void **state)
{
    struct fixture *fixture = *state;
    if (!fixture->service.store)
        skip();
    send(fixture, PLAN, "POST /fhir/Patient\n\n{\"resourceType\":\"Patient\"}");
    send(fixture, PLAN, "POST /fhir/Patient\n\n{\"resourceType\":\"Patient\"}");
    struct http_answer answer = send(fixture, PLAN, "GET /fhir/Patient?_count=1");
    struct str next =
        str_print(fixture->arena, "GET " STR_FMT, STR_ARG(next_link(fixture, &answer)));
    assert_int_equal(send(fixture, HOME, next.data).status, 400);
    assert_int_equal(send(fixture, PLAN, next.data).status, 200);
}

static bool says(const struct http_answer *answer, const char *text)
{
    return str_find_str(answer->body, str_of(text), 0) < answer->body.len;
}

/* Neither among the members nor among what they refer to. */
static void everything_leaves_out_what_is_hidden(void **state)
{
    struct fixture *fixture = *state;
    static const char *const WRITES[] = {
        "PUT /fhir/Patient/e" PUT_JSON("e"),
        "PUT /fhir/Goal/secret\n\n{\"resourceType\":\"Goal\",\"id\":\"secret\",\"lifecycleStatus\":"
        "\"active\",\"description\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/e\"}}",
        "PUT /fhir/CarePlan/shown\n\n{\"resourceType\":\"CarePlan\",\"id\":\"shown\",\"status\":"
        "\"draft\",\"intent\":\"plan\",\"subject\":{\"reference\":\"Patient/e\"},\"author\":{"
        "\"reference\":\"Organization/named\"}}",
        "PUT /fhir/Organization/named\n\n{\"resourceType\":\"Organization\",\"id\":\"named\","
        "\"name\":\"x\"}",
    };
    static const char *const ASKED[] = { "GET /fhir/Patient/e/$everything",
                                         "GET /fhir/Patient/$everything?_type=CarePlan,Goal" };
    if (!fixture->service.store)
        skip();
    for (size_t i = 0; i < COUNT(WRITES); i++)
        assert_int_equal(send(fixture, PLAN, WRITES[i]).status, 201);
    for (size_t i = 0; i < COUNT(ASKED); i++) {
        struct http_answer all = send(fixture, PLAN, ASKED[i]), some;
        assert_true(says(&all, "\"id\":\"secret\"") && (i || says(&all, "\"id\":\"named\"")));
        some = send(fixture, NURSE, ASKED[i]);
        assert_int_equal(some.status, 200);
        assert_true(says(&some, "\"id\":\"shown\""));
        assert_false(says(&some, "\"id\":\"secret\"") || says(&some, "\"id\":\"named\""));
    }
    assert_int_equal(
        send(fixture, PLAN,
             "PUT /fhir/Composition/c\n\n{\"resourceType\":\"Composition\",\"id\":\"c\","
             "\"status\":\"final\",\"type\":{\"text\":\"x\"},\"date\":\"2026\",\"author\":[{"
             "\"display\":\"x\"}],\"title\":\"x\",\"subject\":{\"reference\":\"Patient/e\"},"
             "\"section\":[{\"title\":\"x\",\"entry\":[{\"reference\":\"Goal/secret\"}]}]}")
            .status,
        201);
    assert_int_equal(send(fixture, PLAN, "GET /fhir/Composition/c/$document").status, 200);
    struct http_answer hidden = send(fixture, NURSE, "GET /fhir/Composition/c/$document");
    assert_int_equal(hidden.status, 422); /* as if the Goal was not there */
    assert_true(says(&hidden, "reference-not-found"));
    assert_int_equal(send(fixture, EHR, "GET /fhir/Composition/c/$document").status, 403);
    assert_int_equal(
        send(fixture, NURSE, "POST /fhir/Composition/c/$document?persist=true\n\n").status, 403);
    assert_int_equal(send(fixture, EHR, ASKED[0]).status, 403);
    assert_int_equal(send(fixture, EHR, ASKED[1]).status, 403);
    assert_int_equal(send(fixture, NOBODY, ASKED[0]).status, 401);
}

static void a_development_server_refuses_browsers(void **state)
{
    static const struct {
        const char *host, *origin;
        int status;
    } HOSTS[] = { { "127.0.0.1:8080", "", 200 },
                  { "localhost", "", 200 },
                  { "[::1]:80", "", 200 },
                  { "plan.example", "", 200 },
                  { "evil.example", "", 403 },
                  { "127.0.0.1.evil.example", "", 403 },
                  { "", "", 403 },
                  { "localhost", "http://localhost", 403 } };
    struct fixture *fixture = *state;
    if (!fixture->service.store)
        skip();
    fixture->service.is_dev = true;
    for (size_t i = 0; i < COUNT(HOSTS); i++) {
        struct str request =
            str_print(fixture->arena, "GET /fhir/metadata\nHost: %s\n%s%s", HOSTS[i].host,
                      HOSTS[i].origin[0] ? "Origin: " : "", HOSTS[i].origin);
        struct http_answer answer = send(fixture, NOBODY, request.data);
        if (answer.status != HOSTS[i].status)
            fail_msg("Host '%s' Origin '%s': %d", HOSTS[i].host, HOSTS[i].origin, answer.status);
    }
    fixture->service.is_dev = false;
}

static void says_when_it_is_too_late(void **state)
{
    struct fixture *fixture = *state;
    if (!fixture->service.store)
        skip();
    fixture->service.seconds_per_request = 0;
    struct http_answer answer = send(fixture, PLAN, "GET /fhir/Patient?name=x");
    fixture->service.seconds_per_request = 60;
    assert_int_equal(answer.status, 503);
    assert_true(header(&answer, "Retry-After").len > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_who_asks),
        cmocka_unit_test(links_come_from_the_configuration),
        cmocka_unit_test(a_search_in_a_transaction_is_run_once),
        cmocka_unit_test(many_entries_hold_little),
        cmocka_unit_test(a_page_link_is_its_clients_alone),
        cmocka_unit_test(everything_leaves_out_what_is_hidden),
        cmocka_unit_test(a_development_server_refuses_browsers),
        cmocka_unit_test(says_when_it_is_too_late),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
