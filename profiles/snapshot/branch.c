/* branch.c - element lists read as trees, copied, and written as lists again. */
#include "profiles/snapshot/branch.h"

#include "profiles/snapshot/facets.h"
#include "profiles/snapshot/maker.h"
#include "profiles/snapshot/snapshot.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

struct branch *snapshot_branch_new(struct str name, cJSON *element, struct arena *arena)
{
    struct branch *branch = arena_alloc(arena, sizeof *branch);
    branch->name = name;
    branch->element = element;
    branch->index = -1;
    return branch;
}

void snapshot_branch_add(struct branch *parent, struct branch *child)
{
    child->parent = parent;
    if (parent->last_child)
        parent->last_child->next = child;
    else
        parent->child = child;
    parent->last_child = child;
}

void snapshot_branch_add_slice(struct branch *sliced, struct branch *after, struct branch *slice)
{
    slice->parent = sliced->parent;
    slice->next = after ? after->next : sliced->first_slice;
    if (after)
        after->next = slice;
    else
        sliced->first_slice = slice;
    if (!slice->next)
        sliced->last_slice = slice;
}

struct branch *snapshot_branch_child(const struct branch *parent, struct str name)
{
    for (struct branch *child = parent->child; child; child = child->next)
        if (str_equal(child->name, name) && !child->slice.len)
            return child;
    return NULL;
}

struct branch *snapshot_branch_slice(const struct branch *sliced, struct str name)
{
    for (struct branch *slice = sliced->first_slice; slice; slice = slice->next)
        if (str_equal(slice->slice, name))
            return slice;
    return NULL;
}

struct branch *snapshot_branch_copy(const struct branch *from, bool with_slices,
                                    struct maker *maker)
{
    if (!snapshot_maker_count(maker))
        return NULL;
    struct branch *copy =
        snapshot_branch_new(from->name, json_copy(maker->arena, from->element), maker->arena);
    copy->slice = from->slice;
    for (const struct branch *child = from->child; child; child = child->next) {
        struct branch *below = snapshot_branch_copy(child, true, maker);
        if (!below)
            return NULL;
        snapshot_branch_add(copy, below);
    }
    for (const struct branch *slice = with_slices ? from->first_slice : NULL; slice;
         slice = slice->next) {
        struct branch *beside = snapshot_branch_copy(slice, true, maker);
        if (!beside)
            return NULL;
        snapshot_branch_add_slice(copy, copy->last_slice, beside);
    }
    for (struct branch *slice = copy->first_slice; slice; slice = slice->next)
        slice->parent = copy->parent;
    return copy;
}

static void set_slice_parents(struct branch *branch)
{
    for (struct branch *child = branch->child; child; child = child->next) {
        for (struct branch *slice = child->first_slice; slice; slice = slice->next) {
            slice->parent = branch;
            set_slice_parents(slice);
        }
        set_slice_parents(child);
    }
}

/* Where in a list the reading stands: the last element at each depth of the path. */
struct reading {
    struct branch *last[SNAPSHOT_MOST_STEPS];
    struct str paths[SNAPSHOT_MOST_STEPS];
    size_t depth; /* of the last element; 0: none yet */
};

static bool put_element(struct reading *reading, struct branch *branch, struct str path,
                        size_t depth)
{
    if (depth == 0) {
        if (reading->depth > 0)
            return false;
    } else {
        struct str above = str_slice(path, 0, path.len - branch->name.len - 1);
        if (reading->depth < depth || !str_equal(reading->paths[depth - 1], above))
            return false;
        struct branch *parent = reading->last[depth - 1];
        struct branch *sliced =
            branch->slice.len ? snapshot_branch_child(parent, branch->name) : NULL;
        if (sliced)
            snapshot_branch_add_slice(sliced, sliced->last_slice, branch);
        else
            snapshot_branch_add(parent, branch);
    }
    reading->last[depth] = branch;
    reading->paths[depth] = path;
    reading->depth = depth + 1;
    return true;
}

struct branch *snapshot_branch_read(const cJSON *elements, struct arena *arena, const char **reason)
{
    struct reading reading = { .depth = 0 };
    int index = 0;
    for (cJSON *element = elements ? elements->child : NULL; element; element = element->next) {
        struct str path = json_get_text(element, "path"), rest = path, name = { 0 };
        size_t depth = 0;
        for (name = str_cut(&rest, '.'); rest.data && depth < SNAPSHOT_MOST_STEPS; depth++)
            name = str_cut(&rest, '.');
        *reason = "its snapshot has an element whose path does not follow from those before it";
        if (!name.len || depth >= SNAPSHOT_MOST_STEPS)
            return NULL;
        struct branch *branch = snapshot_branch_new(name, element, arena);
        branch->slice = json_get_text(element, "sliceName");
        branch->index = index++;
        if (!put_element(&reading, branch, path, depth))
            return NULL;
    }
    *reason = "it has no snapshot";
    if (reading.depth > 0)
        set_slice_parents(reading.last[0]);
    return reading.depth > 0 ? reading.last[0] : NULL;
}

/* Where the writing stands; id and path are those of the parent. */
struct writing {
    cJSON *list;
    struct arena *arena;
};

static void write_branch(const struct writing *writing, const struct branch *branch, struct str id,
                         struct str path)
{
    struct arena *arena = writing->arena;
    const char *dot = path.len ? "." : "";
    struct str own_path =
        str_print(arena, STR_FMT "%s" STR_FMT, STR_ARG(path), dot, STR_ARG(branch->name));
    struct str own_id =
        str_print(arena, STR_FMT "%s" STR_FMT "%s" STR_FMT, STR_ARG(id), dot, STR_ARG(branch->name),
                  branch->slice.len ? ":" : "", STR_ARG(branch->slice));
    json_set(arena, branch->element, "id", json_new_string(arena, own_id));
    json_set(arena, branch->element, "path", json_new_string(arena, own_path));
    if (branch->slice.len)
        json_set(arena, branch->element, "sliceName", json_new_string(arena, branch->slice));
    json_add(writing->list, snapshot_facets_arrange(branch->element, arena));
    for (const struct branch *child = branch->child; child; child = child->next)
        write_branch(writing, child, own_id, own_path);
    for (const struct branch *slice = branch->first_slice; slice; slice = slice->next)
        write_branch(writing, slice, id, path);
}

cJSON *snapshot_branch_write(const struct branch *root, struct arena *arena)
{
    struct writing writing = { json_new_array(arena), arena };
    write_branch(&writing, root, (struct str){ "", 0 }, (struct str){ "", 0 });
    return writing.list;
}

const struct branch *snapshot_branch_by_id(const struct branch *root, struct str id)
{
    struct str first = str_cut(&id, '.');
    const struct branch *at = str_equal(root->name, first) ? root : NULL;
    while (at && id.data) {
        struct str slice = str_cut(&id, '.');
        struct str name = str_cut(&slice, ':');
        at = snapshot_branch_child(at, name);
        if (at && slice.len)
            at = snapshot_branch_slice(at, slice);
    }
    return at;
}

bool snapshot_branch_is_choice(const struct branch *branch)
{
    return str_ends(branch->name, STR("[x]"));
}

bool snapshot_branch_is_extension(const struct branch *branch)
{
    return str_is(branch->name, "extension") || str_is(branch->name, "modifierExtension");
}
