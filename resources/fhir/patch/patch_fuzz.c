/* patch_fuzz.c - fuzz target: a patch of any kind on a document of any kind ends with a document or
 * an issue. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/patch/patch.h"
#include "resources/fhir/xml/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { MOST_PRINTED = 64 << 20 };

/* Opened once; the fuzzer runs from the project's root. */
static struct definitions *open_definitions(void)
{
    static const char *const PATHS[] = { "build/definitions.db" };
    static struct definitions *definitions;
    if (!definitions) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        issues_init(&issues, arena, (struct str){ "", 0 });
        definitions = definitions_open(PATHS, 1, &issues);
    }
    if (!definitions) {
        fputs("build/definitions.db is not built\n", stderr);
        abort();
    }
    return definitions;
}

/* What came out can be printed and read again. */
static void check_tree(const cJSON *tree, struct arena *arena)
{
    struct buf out;
    struct issues issues;
    issues_init(&issues, arena, (struct str){ "", 0 });
    buf_init(&out, arena, MOST_PRINTED);
    json_print(&out, tree);
    assert(!out.is_over);
    if (cJSON_IsObject(tree))
        assert(json_parse(buf_str(&out), arena, &issues));
}

static void run_xml(struct str document, struct str patch, struct arena *arena)
{
    struct issues issues;
    struct buf out;
    struct xml_fault fault;
    issues_init(&issues, arena, (struct str){ "", 0 });
    buf_init(&out, arena, MOST_PRINTED);
    bool is_good = patch_xml(&out, document, patch, &issues);
    assert(is_good == (issues.errors == 0));
    if (is_good)
        xml_scan(buf_str(&out), &fault);
}

static void run_json(struct str document, struct str patch, struct arena *arena)
{
    struct issues issues;
    issues_init(&issues, arena, (struct str){ "", 0 });
    bool is_array = patch.len && patch.data[0] == '[';
    cJSON *tree = json_parse(document, arena, &issues);
    const cJSON *parsed =
        tree ? (is_array ? json_parse_array : json_parse)(patch, arena, &issues) : NULL;
    if (!parsed)
        return;
    bool is_good = is_array ? patch_json(&tree, parsed, arena, &issues)
                            : patch_fhirpath(tree, parsed, open_definitions(), arena, &issues);
    assert(is_good == (issues.errors == 0));
    if (is_good)
        check_tree(tree, arena);
}

/* Document, an empty line, patch. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct str text = { (const char *)bytes, size };
    size_t cut = str_find_str(text, STR("\n\n"), 0);
    struct str document = str_slice(text, 0, cut), patch = str_slice(text, cut + 2, size);
    if (document.len && document.data[0] == '<')
        run_xml(document, patch, arena);
    else
        run_json(document, patch, arena);
    return 0;
}
