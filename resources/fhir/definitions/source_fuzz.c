/* source_fuzz.c - fuzz target: any bytes as a package give documents or issues; what is compiled of
 * them can be read again, alone and on top of itself. */
#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/compile.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/definitions/source.h"
#include "resources/fhir/definitions/terms.h"
#include "resources/fhir/json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { MOST_DOCUMENTS = 64 };

struct pile {
    struct arena *arena;
    const cJSON *documents[MOST_DOCUMENTS];
    size_t count;
};

static void keep(void *context, const char *name, struct str text, struct arena *scratch)
{
    (void)name;
    struct pile *pile = context;
    struct issues issues;
    issues_init(&issues, scratch, (struct str){ 0 });
    const cJSON *document = json_parse(text, scratch, &issues);
    if (document && pile->count < MOST_DOCUMENTS)
        pile->documents[pile->count++] = json_copy(pile->arena, document);
}

static void read_terms(struct definitions *set, struct arena *arena)
{
    size_t count;
    const struct term_source *systems = definitions_code_systems(set, arena, &count);
    for (size_t i = 0; i < count; i++)
        definitions_concepts(set, &systems[i], arena);
    const struct term_source *value_sets = definitions_value_sets(set, arena, &count);
    for (size_t i = 0; i < count; i++)
        definitions_rules(set, &value_sets[i], arena);
}

static void read_again(struct definitions *set, const struct pile *pile)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    size_t count;
    for (size_t i = 0; i < pile->count; i++) {
        const cJSON *document = pile->documents[i];
        struct str url = json_get_text(document, "url"), text;
        struct str type = json_get_text(document, "resourceType");
        struct issues issues;
        issues_init(&issues, arena, (struct str){ 0 });
        if (definitions_resource(set, type, url, arena, &text))
            assert(json_parse(text, arena, &issues));
        const struct structure *found = definitions_structure(set, url);
        assert(!found || found->element_count > 0);
        definitions_search_parameters(set, json_get_text(document, "type"), &count);
        definitions_profiles(set, json_get_text(document, "type"), &count);
    }
    definitions_resource_types(set, &count);
    read_terms(set, arena);
}

static const char *write_package(const uint8_t *bytes, size_t size, struct arena *arena)
{
    const char *path = str_print(arena, "/tmp/source_fuzz.%ld.tgz", (long)getpid()).data;
    FILE *file = fopen(path, "wb");
    assert(file);
    assert(fwrite(bytes, 1, size, file) == size);
    assert(fclose(file) == 0);
    return path;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct pile pile = { .arena = arena };
    struct definitions_visitor visitor = { &pile, keep, NULL };
    issues_init(&issues, arena, (struct str){ 0 });
    const char *path = write_package(bytes, size, arena);
    bool is_read = definitions_source_read(path, &visitor, &issues);
    assert(is_read || issues.errors > 0);
    struct definitions_source source = { .inputs = &path, .input_count = 1 };
    struct definitions *lower = definitions_compile_over(NULL, &source, &issues);
    struct definitions *upper = lower ? definitions_compile_over(lower, &source, &issues) : NULL;
    assert(!is_read || (lower && upper));
    if (upper)
        read_again(upper, &pile);
    definitions_close(upper);
    definitions_close(lower);
    unlink(path);
    return 0;
}
