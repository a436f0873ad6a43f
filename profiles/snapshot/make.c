/* make.c - from a base's snapshot and a differential to a snapshot. */
#include "profiles/snapshot/make.h"

#include "profiles/snapshot/differential.h"
#include "profiles/snapshot/merge.h"
#include "profiles/snapshot/shelf.h"
#include "profiles/snapshot/snapshot.h"
#include "profiles/snapshot/types.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

/* ElementDefinition.base stays what the first definition of the element was. */
static void name_bases(struct branch *branch, struct str path, struct arena *arena)
{
    struct str own =
        path.len ? str_print(arena, STR_FMT "." STR_FMT, STR_ARG(path), STR_ARG(branch->name))
                 : branch->name;
    if (!json_get(branch->element, "base")) {
        cJSON *base = json_new_object(arena);
        json_set(arena, base, "path", json_new_string(arena, own));
        if (json_get(branch->element, "min"))
            json_set(arena, base, "min", json_copy(arena, json_get(branch->element, "min")));
        if (json_get(branch->element, "max"))
            json_set(arena, base, "max", json_copy(arena, json_get(branch->element, "max")));
        json_set(arena, branch->element, "base", base);
    }
    for (struct branch *child = branch->child; child; child = child->next)
        name_bases(child, own, arena);
    for (struct branch *slice = branch->first_slice; slice; slice = slice->next)
        name_bases(slice, path, arena);
}

/* The root's type is the profile's: saying another one there can not be meant. */
static bool is_root_typed(struct maker *maker, const struct branch *diff)
{
    const cJSON *types = json_get(diff->element, "type");
    if (json_count(types) == 0 || str_is(maker->type, "Element"))
        return true;
    if (json_count(types) == 1 && str_equal(snapshot_types_code(types->child), maker->type) &&
        !snapshot_types_profile(types->child).len)
        return true;
    return snapshot_maker_refuse(maker, diff, "the root element takes no type");
}

static const struct branch *find_base(struct maker *maker, const cJSON *profile)
{
    struct str canonical = json_get_text(profile, "baseDefinition");
    struct book *base = canonical.len ? snapshot_shelf_find_base(maker->shelf, canonical) : NULL;
    if (!base) {
        snapshot_maker_refuse(maker, NULL, "the base '" STR_FMT "' is not known",
                              STR_ARG(canonical));
        return NULL;
    }
    if (!maker->is_specialization && !str_equal(base->type, maker->type)) {
        snapshot_maker_refuse(maker, NULL, "the type is " STR_FMT ", the base's is " STR_FMT,
                              STR_ARG(maker->type), STR_ARG(base->type));
        return NULL;
    }
    return snapshot_shelf_tree(base, maker, NULL);
}

static bool make_tree(struct maker *maker, struct book *book)
{
    maker->base = find_base(maker, book->profile);
    struct branch *diff = snapshot_differential_read(book->profile, maker);
    if (!maker->base || !diff || !is_root_typed(maker, diff))
        return false;
    book->tree = snapshot_branch_copy(maker->base, true, maker);
    if (!book->tree)
        return false;
    book->tree->name = diff->name;
    name_bases(book->tree, (struct str){ "", 0 }, maker->arena);
    maker->root = book->tree;
    snapshot_merge_apply(maker, book->tree, diff);
    name_bases(book->tree, (struct str){ "", 0 }, maker->arena);
    return true;
}

bool snapshot_make_book(struct book *book, struct shelf *shelf)
{
    struct str derivation = json_get_text(book->profile, "derivation");
    struct maker maker = {
        .shelf = shelf,
        .arena = shelf->arena,
        .issues = shelf->issues,
        .url = book->url,
        .type = book->type,
        .is_specialization = str_is(derivation, "specialization"),
        .is_any_order = shelf->request->is_any_order,
    };
    size_t errors = shelf->issues->errors;
    if (!book->type.len || (!maker.is_specialization && !str_is(derivation, "constraint")))
        return snapshot_maker_refuse(&maker, NULL, "it says no type or no derivation");
    if (shelf->base_count >= SNAPSHOT_MOST_BASES)
        return issue_add(shelf->issues, NULL, ISSUE_TOO_COSTLY,
                         STR_FMT ": more than %d profiles one on the other", STR_ARG(book->url),
                         SNAPSHOT_MOST_BASES);
    shelf->base_count++;
    book->is_being_made = true;
    make_tree(&maker, book);
    book->is_being_made = false;
    shelf->base_count--;
    return shelf->issues->errors == errors;
}
