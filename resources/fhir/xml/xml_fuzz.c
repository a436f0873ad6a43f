/* xml_fuzz.c - fuzz target: what one format holds and the other takes comes back the same. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"
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

static bool print(struct str *text, const cJSON *tree, struct arena *arena, bool is_pretty)
{
    struct buf out;
    struct issues issues;
    issues_init(&issues, arena, (struct str){ "", 0 });
    buf_init(&out, arena, MOST_PRINTED);
    bool is_fine =
        (is_pretty ? xml_print_pretty : xml_print)(&out, tree, open_definitions(), &issues);
    assert(is_fine == (issues.errors == 0));
    *text = buf_str(&out);
    return is_fine;
}

static const cJSON *parse(struct str text, struct arena *arena, bool is_partly)
{
    struct issues issues;
    issues_init(&issues, arena, (struct str){ "", 0 });
    const cJSON *tree =
        (is_partly ? xml_parse_partly : xml_parse)(text, open_definitions(), arena, &issues);
    for (const struct issue *issue = issues.first; issue; issue = issue->next)
        assert(issue->line > 0 && issue->column > 0);
    assert(tree || issues.errors > 0);
    assert(is_partly || !tree || issues.count == 0);
    return tree;
}

/* What was read, printed and read again is the same; strictly read, it can be printed. */
static void check_xml(struct str text, struct arena *arena)
{
    struct xml_fault fault;
    struct str printed;
    const cJSON *strict = parse(text, arena, false), *partly = parse(text, arena, true);
    assert(!(strict || partly) || xml_scan(text, &fault));
    if (strict) {
        assert(partly && json_equal(strict, partly));
        assert(print(&printed, strict, arena, false));
        assert(json_equal(strict, parse(printed, arena, false)));
        assert(print(&printed, strict, arena, true));
        assert(json_equal(strict, parse(printed, arena, false)));
    } else if (partly && print(&printed, partly, arena, false)) {
        assert(json_equal(partly, parse(printed, arena, true)));
    }
}

/* Nulls beside shadows may come and go; nothing else. */
static void check_json(struct str text, struct arena *arena)
{
    struct issues issues;
    struct str printed;
    issues_init(&issues, arena, (struct str){ "", 0 });
    const cJSON *tree = json_parse(text, arena, &issues);
    if (!tree || !print(&printed, tree, arena, false))
        return;
    const cJSON *again = parse(printed, arena, true);
    assert(again);
    if (str_find_str(text, STR("null"), 0) == text.len && str_find(text, '_', 0) == text.len)
        assert(json_equal(tree, again) || str_find_str(text, STR("div"), 0) < text.len);
    assert(print(&printed, again, arena, false));
    assert(json_equal(again, parse(printed, arena, true)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct str text = { (const char *)bytes, size };
    if (size > 0 && bytes[0] == '{')
        check_json(text, arena);
    else
        check_xml(text, arena);
    return 0;
}
