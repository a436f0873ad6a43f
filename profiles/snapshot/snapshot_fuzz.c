/* snapshot_fuzz.c - fuzz target: any differential, on itself or on a small base, gives a snapshot
 * that can be read again, or issues and no change. */
#include <assert.h>

#include "profiles/snapshot/branch.h"
#include "profiles/snapshot/library.h"
#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { MOST_PRINTED = 64 << 20 };

/* The input: a Bundle of StructureDefinitions. The last is made, the others are what it is made
 * from. */
static cJSON *last_of(cJSON *bundle)
{
    cJSON *entries = json_get(bundle, "entry"), *last = NULL;
    for (cJSON *entry = entries ? entries->child : NULL; entry; entry = entry->next)
        last = json_get(entry, "resource");
    return last;
}

static struct str print(struct arena *arena, const cJSON *tree)
{
    struct buf out;
    buf_init(&out, arena, MOST_PRINTED);
    json_print(&out, tree);
    return buf_str(&out);
}

static void check_snapshot(const cJSON *profile, struct arena *arena)
{
    const char *reason;
    const cJSON *elements = json_get(json_get(profile, "snapshot"), "element");
    const struct branch *tree = snapshot_branch_read(elements, arena, &reason);
    assert(tree);
    const cJSON *again = snapshot_branch_write(tree, arena);
    assert(json_count(again) == json_count(elements));
}

static void make(cJSON *profile, const struct snapshot_request *request, struct arena *arena)
{
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    struct str before = print(arena, profile);
    bool is_made = snapshot_make(profile, request, arena, &issues);
    assert(is_made == (issues.errors == 0));
    if (is_made)
        check_snapshot(profile, arena);
    else
        assert(str_equal(before, print(arena, profile)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    cJSON *bundle = json_parse((struct str){ (const char *)bytes, size }, arena, &issues);
    cJSON *profile = last_of(bundle);
    if (!profile)
        return 0;
    cJSON *others = json_copy(arena, bundle);
    struct snapshot_library_set *set = snapshot_library_open(arena);
    struct snapshot_library library = snapshot_library_of(set);
    struct snapshot_request strict = { NULL, &library, false }, lax = { NULL, &library, true };
    snapshot_library_add(set, others);
    cJSON *copy = json_copy(arena, profile);
    make(profile, &strict, arena);
    make(copy, &lax, arena);
    return 0;
}
