/* terminology_fuzz.c - fuzz target: any ValueSet, over a few small systems, is judged and expanded
 * inside the limits; what stands in an expansion is in the value set, and what is in the value set
 * stands in an expansion that is closed. */
#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/map.h"
#include "resources/fhir/definitions/compile.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char DEFINITIONS[] =
    "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"CodeSystem\","
    "\"url\":\"a\",\"content\":\"complete\",\"valueSet\":\"all-a\",\"concept\":[{\"code\":\"1\","
    "\"display\":\"One\",\"concept\":[{\"code\":\"11\",\"property\":[{\"code\":\"p\",\"valueCode\":"
    "\"x\"}]},{\"code\":\"12\",\"concept\":[{\"code\":\"121\",\"property\":[{\"code\":\"child\","
    "\"valueCode\":\"1\"}]}]}]},{\"code\":\"2\",\"property\":[{\"code\":\"inactive\","
    "\"valueBoolean\":true},{\"code\":\"parent\",\"valueCode\":\"11\"},{\"code\":\"p\","
    "\"valueCode\":\"y\"}]}]}},{\"resource\":{\"resourceType\":\"CodeSystem\",\"url\":\"b\","
    "\"content\":\"complete\",\"caseSensitive\":false,\"version\":\"1\",\"concept\":[{\"code\":"
    "\"Ab\"},{\"code\":\"aB\"},{\"code\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}]}},{\"resource\":{"
    "\"resourceType\":\"CodeSystem\",\"url\":\"c\",\"content\":\"fragment\",\"concept\":[{\"code\":"
    "\"1\"}]}},{\"resource\":{\"resourceType\":\"ValueSet\",\"url\":\"circle\",\"compose\":{"
    "\"include\":[{\"valueSet\":[\"circle\"]},{\"valueSet\":[\"circle\"]},{\"system\":\"a\"}]}}},{"
    "\"resource\":{\"resourceType\":\"ValueSet\",\"url\":\"some\",\"version\":\"2\",\"compose\":{"
    "\"include\":[{\"system\":\"a\",\"concept\":[{\"code\":\"11\"},{\"code\":\"12\"}]},{"
    "\"system\":\"b\"}]}}}]}";
static const char *const SYSTEMS[] = { "", "a", "b", "c", "urn:ietf:bcp:47" };
static const char *const CODES[] = { "1", "11", "12", "121", "2", "ab", "Ab", "de", "none" };

static struct terminology *terminology;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    const char *input = str_print(arena, "/tmp/terminology_fuzz.%ld.json", (long)getpid()).data;
    const char *output = str_print(arena, "/tmp/terminology_fuzz.%ld.db", (long)getpid()).data;
    struct definitions_source source = { .inputs = &input, .input_count = 1, .package = "small#1" };
    issues_init(&issues, arena, (struct str){ 0 });
    FILE *file = fopen(input, "wb");
    assert(file && fputs(DEFINITIONS, file) >= 0 && fclose(file) == 0);
    bool is_made = definitions_compile(output, &source, &issues);
    assert(is_made);
    struct definitions *definitions = definitions_open(&output, 1, &issues);
    assert(definitions);
    unlink(input);
    unlink(output);
    terminology = terminology_open(definitions);
    return 0;
}

static enum membership ask(const struct value_set *set, struct str system, struct str code)
{
    const struct term_coding coding = { system, STR(""), code };
    struct term_answer answer = terminology_ask(terminology, set, &coding);
    assert((answer.membership == MEMBER_YES) == (answer.cause == CAUSE_NONE));
    return answer.membership;
}

static struct str key_of(struct arena *arena, struct str system, struct str code)
{
    return str_print(arena, STR_FMT " " STR_FMT, STR_ARG(system), STR_ARG(code));
}

static void check(const struct value_set *set, const struct term_expansion *expansion,
                  struct arena *arena)
{
    struct map seen;
    map_init(&seen, arena);
    for (size_t i = 0; i < expansion->count; i++) {
        const struct term_entry *entry = &expansion->entries[i];
        bool is_new = !map_set(&seen, key_of(arena, entry->system, entry->code), &seen);
        assert(is_new);
        assert(entry->parent == SIZE_MAX || entry->parent < expansion->count);
        enum membership membership = ask(set, entry->system, entry->code);
        assert(membership == MEMBER_YES || expansion->is_unclosed);
    }
    if (expansion->is_unclosed)
        return;
    for (size_t s = 1; s < COUNT(SYSTEMS); s++)
        for (size_t c = 0; c < COUNT(CODES); c++) {
            struct str system = str_of(SYSTEMS[s]), code = str_of(CODES[c]);
            bool is_folded = str_is(system, "b");
            assert(is_folded || ask(set, system, code) != MEMBER_YES ||
                   map_find(&seen, key_of(arena, system, code)));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    cJSON *resource = json_parse((struct str){ (const char *)bytes, size }, arena, &issues);
    if (!resource)
        return 0;
    const struct value_set *set = terminology_value_set_of(terminology, resource, arena);
    for (size_t s = 0; s < COUNT(SYSTEMS); s++)
        for (size_t c = 0; c < COUNT(CODES); c++)
            ask(set, str_of(SYSTEMS[s]), str_of(CODES[c]));
    struct term_expansion expansion;
    if (terminology_expand(terminology, set, false, arena, &expansion))
        check(set, &expansion, arena);
    const struct system *system = terminology_system_of(resource, arena);
    terminology_concept(system, STR("1"));
    terminology_is_name(system, STR("1"), STR("One"));
    terminology_relate(system, STR("1"), STR("11"));
    return 0;
}
