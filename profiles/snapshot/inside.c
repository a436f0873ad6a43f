/* inside.c - walks into data types, profiles on them, and content references. */
#include "profiles/snapshot/inside.h"

#include "profiles/snapshot/maker.h"
#include "profiles/snapshot/shelf.h"
#include "profiles/snapshot/types.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

static bool copy_children(struct maker *maker, struct branch *out, const struct branch *from)
{
    for (const struct branch *child = from->child; child; child = child->next) {
        struct branch *copy = snapshot_branch_copy(child, true, maker);
        if (!copy)
            return false;
        snapshot_branch_add(out, copy);
        for (struct branch *slice = copy->first_slice; slice; slice = slice->next)
            slice->parent = out;
    }
    return true;
}

/* "#Questionnaire.item", or the same behind a canonical, is what that resource itself says: a
 * profile of the one place says nothing of the other. */
static const struct branch *find_content(struct maker *maker, struct str reference,
                                         const struct branch *diff)
{
    struct str id = reference, url = str_cut(&id, '#'), rest = id, type = str_cut(&rest, '.');
    if (!url.len)
        url = snapshot_shelf_type_url(maker->shelf, type);
    struct book *book = snapshot_shelf_find(maker->shelf, url);
    const struct branch *tree = maker->base;
    if (book && !book->is_being_made)
        tree = snapshot_shelf_tree(book, maker, diff);
    return tree ? snapshot_branch_by_id(tree, id) : NULL;
}

static bool open_content(struct maker *maker, struct branch *out, const struct branch *diff)
{
    struct str reference = json_get_text(out->element, "contentReference");
    const struct branch *content = find_content(maker, reference, diff);
    if (!content)
        return snapshot_maker_refuse(maker, diff, "the content '" STR_FMT "' is not there",
                                     STR_ARG(reference));
    const cJSON *types = json_get(content->element, "type");
    json_remove(out->element, "contentReference");
    if (types)
        json_set(maker->arena, out->element, "type", json_copy(maker->arena, types));
    return copy_children(maker, out, content);
}

/* Only id and extension are the same in all types. */
static bool is_of_any_type(const struct branch *diff)
{
    for (const struct branch *child = diff->child; child; child = child->next)
        if (!str_is(child->name, "extension") && !str_is(child->name, "id"))
            return false;
    return true;
}

/* The one type whose elements are meant; NULL when they differ. */
static const cJSON *one_type(const cJSON *types)
{
    const cJSON *first = types ? types->child : NULL;
    for (const cJSON *type = first; type; type = type->next)
        if (!str_equal(snapshot_types_code(type), snapshot_types_code(first)))
            return NULL;
    return first;
}

static struct book *find_inside(struct maker *maker, const cJSON *type, const struct branch *diff)
{
    struct str profile = snapshot_types_profile(type);
    struct book *book = profile.len ? snapshot_shelf_find(maker->shelf, profile) : NULL;
    if (book)
        return book;
    if (profile.len)
        snapshot_maker_warn(maker, diff,
                            "the profile '" STR_FMT "' is not known: its elements are left out",
                            STR_ARG(profile));
    return snapshot_shelf_find(maker->shelf,
                               snapshot_shelf_type_url(maker->shelf, snapshot_types_code(type)));
}

bool snapshot_inside_open(struct maker *maker, struct branch *out, const struct branch *diff)
{
    if (out->child)
        return true;
    if (json_get(out->element, "contentReference"))
        return open_content(maker, out, diff);
    const cJSON *types = json_get(out->element, "type"), *type = one_type(types);
    if (!json_count(types))
        return snapshot_maker_refuse(maker, diff,
                                     "the element has no type, so there is nothing inside");
    if (!type && !is_of_any_type(diff))
        return snapshot_maker_refuse(maker, diff,
                                     "the element has several types: say inside which one");
    struct book *book =
        type ? find_inside(maker, type, diff)
             : snapshot_shelf_find(maker->shelf,
                                   snapshot_shelf_type_url(maker->shelf, STR("Element")));
    if (!book)
        return snapshot_maker_refuse(maker, diff, "the type '" STR_FMT "' is not known",
                                     STR_ARG(snapshot_types_code(type)));
    const struct branch *tree = snapshot_shelf_tree(book, maker, diff);
    out->is_opened = true;
    return tree && copy_children(maker, out, tree);
}
