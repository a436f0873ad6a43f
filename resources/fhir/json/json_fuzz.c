/* json_fuzz.c - fuzz target: what the reader takes, the scan takes, and it prints and reads back
 * the same. */
#include <assert.h>

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { MOST_PRINTED = 64 << 20 };

/* Offsets lie in the text and grow in document order; at every number stands its literal. */
static void check_offsets(struct str text, const cJSON *item, long *least, int depth)
{
    long at = json_offset(item);
    struct str literal = json_text(item);
    assert(depth <= JSON_MOST_DEPTH && at >= *least && (size_t)at < text.len);
    if (json_is_number(item))
        assert(str_equal(str_slice(text, (size_t)at, (size_t)at + literal.len), literal));
    *least = at + 1;
    for (const cJSON *child = item->child; child; child = child->next)
        check_offsets(text, child, least, depth + 1);
}

static struct str print(struct arena *arena, const cJSON *tree, bool is_pretty)
{
    struct buf out;
    buf_init(&out, arena, MOST_PRINTED);
    if (is_pretty)
        json_print_pretty(&out, tree);
    else
        json_print(&out, tree);
    assert(!out.is_over);
    return buf_str(&out);
}

static void check_tree(struct str text, const cJSON *tree, struct arena *arena)
{
    struct issues issues;
    long least = 0;
    issues_init(&issues, arena, (struct str){ 0 });
    check_offsets(text, tree, &least, 0);
    struct str compact = print(arena, tree, false);
    const cJSON *again = json_parse(compact, arena, &issues);
    assert(again && json_equal(tree, again));
    assert(str_equal(print(arena, again, false), compact));
    const cJSON *indented = json_parse(print(arena, tree, true), arena, &issues);
    assert(indented && json_equal(tree, indented));
    assert(json_equal(json_copy(arena, tree), tree));
    assert(issues.count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct json_error error = { 0, NULL };
    struct str text = { (const char *)bytes, size };
    issues_init(&issues, arena, (struct str){ 0 });
    bool is_json = json_scan(text, &error);
    const cJSON *tree = json_parse(text, arena, &issues);
    assert(is_json || (error.reason && error.offset <= size));
    assert(is_json || !tree);
    assert((tree != NULL) == (issues.count == 0));
    assert(tree || (issues.first->line > 0 && issues.first->column > 0));
    if (tree)
        check_tree(text, tree, arena);
    return 0;
}
