/* validator_fuzz.c - fuzz target: any bytes, read as JSON or XML, held against R4, against a
 * profile of the guide, and against what they themselves bring along. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "profiles/validator/validator.h"
#include "resources/base/arena.h"
#include "resources/fhir/definitions/compile.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"
#include "resources/fhir/xml/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define PROFILE "http://tandem-fhir.org/ltss/StructureDefinition/tandem-joint-care-plan"

static struct definitions *definitions;
static struct validator *validator;

/* The small profiles of the cases, which use what R4 and the guide do not. */
static bool compile_cases(char *path, struct issues *issues)
{
    static const char *const INPUTS[] = { "profiles/validator/cases/profiles.json" };
    struct definitions_source source = { .inputs = INPUTS, .input_count = 1, .package = "cases#1" };
    int file = mkstemp(path);
    return file >= 0 && close(file) == 0 && definitions_compile(path, &source, issues);
}

/* Opened once; the fuzzer runs from the project's root. */
static void open_once(void)
{
    static char cases[] = "/tmp/tandem-fuzz-XXXXXX";
    static const char *const PATHS[] = { "build/definitions.db", "build/guide.db", cases };
    if (validator)
        return;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    if (compile_cases(cases, &issues))
        definitions = definitions_open(PATHS, COUNT(PATHS), &issues);
    unlink(cases);
    if (!definitions) {
        fputs("build/definitions.db and build/guide.db are not built\n", stderr);
        abort();
    }
    validator = validator_open(definitions, terminology_open(definitions));
}

static const cJSON *read_any(struct str text, struct arena *arena, struct issues *issues)
{
    struct str start = str_trim(text);
    if (start.len && start.data[0] == '<')
        return xml_parse_partly(text, definitions, arena, issues);
    return json_parse(text, arena, issues);
}

/* The number of issues; the second time everything is compiled already and says the same. */
static size_t check(struct str text, const struct str *profile)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct issues issues;
    issues_init(&issues, arena, text);
    const cJSON *resource = read_any(text, arena, &issues);
    if (!resource)
        return 0;
    size_t before = issues.errors;
    struct validation_request request = { .level = VALIDATION_FULL,
                                          .profiles = profile,
                                          .profile_count = profile != NULL,
                                          .now = STR("2026-01-01T00:00:00Z"),
                                          .scratch = scratch };
    bool is_valid = validator_check(validator, resource, &request, &issues);
    assert(is_valid == (issues.errors == before));
    for (const struct issue *issue = issues.first; issue; issue = issue->next)
        assert(issue->key.len && issue->text.len && issue->line >= 0 && issue->column >= 0);
    return issues.count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct str ASKED = { PROFILE, sizeof PROFILE - 1 };
    struct str text = { (const char *)bytes, size };
    open_once();
    size_t first = check(text, NULL);
    assert(check(text, NULL) == first);
    check(text, &ASKED);
    return 0;
}
