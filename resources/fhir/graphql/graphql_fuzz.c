/* graphql_fuzz.c - fuzz target: a query, then a NUL byte and a resource (without one: of the
 * system). What parses is answered inside its limits, twice with the same, or with an issue. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/graphql/graphql.h"
#include "resources/fhir/json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { MOST_PRINTED = 256 << 20 };

static const char RESOURCE[] =
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"active\":true,\"name\":[{\"use\":\"official\","
    "\"given\":[\"a\",\"b\"]}],\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"c\"}],"
    "\"link\":[{\"other\":{\"reference\":\"#c\"}},{\"other\":{\"reference\":\"Patient/p\"}}]}";
static const char VARIABLES[] = "{\"a\":true,\"b\":[\"official\",null,1]}";

/* Opened once; the fuzzer runs from the project's root. */
static struct definitions *open_definitions(void)
{
    static const char *const PATHS[] = { "build/definitions.db" };
    static struct definitions *definitions;
    if (!definitions) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        issues_init(&issues, arena, (struct str){ 0 });
        definitions = definitions_open(PATHS, 1, &issues);
    }
    if (!definitions) {
        fputs("build/definitions.db is not built\n", stderr);
        abort();
    }
    return definitions;
}

static const cJSON *parse(const char *text, struct arena *arena)
{
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    return json_parse(str_of(text), arena, &issues);
}

/* Everything leads to the same patient. */
static bool read(void *context, struct str type, struct str id, struct str version,
                 bool is_optional, const struct place *at, const cJSON **resource)
{
    (void)type;
    (void)version;
    (void)is_optional;
    (void)at;
    if (str_is(id, "p"))
        *resource = parse(RESOURCE, context);
    return true;
}

static bool search(void *context, const struct graphql_search *asked, const struct place *at,
                   struct graphql_found *found)
{
    const cJSON **resources = arena_array(context, 1, sizeof *resources);
    (void)at;
    resources[0] = parse(RESOURCE, context);
    *found = (struct graphql_found){ .resources = resources, .count = 1, .page_size = 1 };
    found->next = asked->cursor.len ? STR("") : STR("n");
    return true;
}

static bool is_late(void *context)
{
    (void)context;
    return false;
}

/* The answer as text, or the first issue. */
static struct str answer(struct str query, struct str resource, struct arena *arena)
{
    const struct graphql_reach reach = { arena, read, search, is_late };
    struct issues issues;
    struct buf out;
    issues_init(&issues, arena, (struct str){ 0 });
    buf_init(&out, arena, MOST_PRINTED);
    struct graphql_request request = { .document = graphql_parse(query, arena, &issues),
                                       .variables = parse(VARIABLES, arena),
                                       .base_url = STR("http://here"),
                                       .now = STR("2024-01-01T00:00:00Z"),
                                       .definitions = open_definitions(),
                                       .reach = &reach };
    assert((request.document != NULL) == (issues.errors == 0));
    if (request.document && resource.len)
        request.resource = parse(str_cstr(arena, resource), arena);
    cJSON *data = request.document ? graphql_run(&request, arena, &issues) : NULL;
    assert((data != NULL) == (issues.errors == 0));
    if (data)
        json_print(&out, data);
    assert(!out.is_over);
    return data ? buf_str(&out) : issues.first->diagnostics;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct str text = { (const char *)bytes, size };
    size_t cut = str_find(text, '\0', 0);
    struct str query = str_slice(text, 0, cut), resource = str_slice(text, cut + 1, size);
    if (query.len && query.data[0] == '@') { /* of the patient above */
        query = str_slice(query, 1, query.len);
        resource = str_of(RESOURCE);
    }
    assert(str_equal(answer(query, resource, arena), answer(query, resource, arena)));
    return 0;
}
