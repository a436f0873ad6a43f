/* snapshot.c - the snapshot of a StructureDefinition, put in its place. */
#include "profiles/snapshot/snapshot.h"

#include "profiles/snapshot/make.h"
#include "profiles/snapshot/shelf.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

/* StructureDefinition.mapping says what the identities of element mappings stand for. */
static void add_mappings(cJSON *profile, const cJSON *base, struct arena *arena)
{
    const cJSON *mappings = json_get(base, "mapping");
    for (const cJSON *item = mappings ? mappings->child : NULL; item; item = item->next) {
        cJSON *own = json_get(profile, "mapping");
        if (!own)
            own = json_set_after(arena, profile, "fhirVersion", "mapping", json_new_array(arena));
        const cJSON *there = own->child;
        while (there &&
               !str_equal(json_get_text(there, "identity"), json_get_text(item, "identity")))
            there = there->next;
        if (!there)
            json_add(own, json_copy(arena, item));
    }
}

bool snapshot_make(cJSON *structure_definition, const struct snapshot_request *request,
                   struct arena *arena, struct issues *issues)
{
    struct shelf shelf;
    struct book book = { .profile = structure_definition,
                         .url = json_get_text(structure_definition, "url"),
                         .type = json_get_text(structure_definition, "type") };
    if (!str_is(json_get_text(structure_definition, "resourceType"), "StructureDefinition"))
        return issue_add(issues, NULL, ISSUE_PROFILE_BROKEN, "it is no StructureDefinition");
    snapshot_shelf_init(&shelf, request, arena, issues);
    map_set(&shelf.books, book.url, &book);
    if (!snapshot_make_book(&book, &shelf) || !book.tree)
        return false;
    cJSON *snapshot = json_new_object(arena);
    json_set(arena, snapshot, "element", snapshot_branch_write(book.tree, arena));
    if (json_get(structure_definition, "snapshot"))
        json_set(arena, structure_definition, "snapshot", snapshot);
    else
        json_set_after(arena, structure_definition, "derivation", "snapshot", snapshot);
    const struct book *base =
        snapshot_shelf_find_base(&shelf, json_get_text(structure_definition, "baseDefinition"));
    if (base)
        add_mappings(structure_definition, base->profile, arena);
    return true;
}
