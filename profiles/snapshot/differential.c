/* differential.c - reads differential.element into a tree, by ids where they can be trusted, else
 * by order. */
#include "profiles/snapshot/differential.h"

#include "profiles/snapshot/maker.h"
#include "profiles/snapshot/snapshot.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

enum { MOST_STEP = 64 }; /* characters of an element's name, R4 elementdefinition.html#path */

/* The steps of a path, or of an id, with the slice that an id names. */
struct steps {
    struct str names[SNAPSHOT_MOST_STEPS], slices[SNAPSHOT_MOST_STEPS];
    size_t count; /* 0: none, or too many */
};

static struct steps split(struct str text)
{
    struct steps steps = { .count = 0 };
    while (text.data) {
        struct str slice = str_cut(&text, '.');
        if (steps.count == SNAPSHOT_MOST_STEPS)
            return (struct steps){ .count = 0 };
        steps.names[steps.count] = str_cut(&slice, ':');
        steps.slices[steps.count++] = slice;
    }
    return steps;
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_short_form(struct str choice, struct str name)
{
    if (!str_ends(choice, STR("[x]")))
        return false;
    choice.len -= 3;
    return str_starts(name, choice) && name.len > choice.len && is_capital(name.data[choice.len]);
}

bool snapshot_differential_same_name(struct str a, struct str b)
{
    return str_equal(a, b) || is_short_form(a, b) || is_short_form(b, a);
}

static bool is_step(struct str name)
{
    if (!name.len || name.len > MOST_STEP)
        return false;
    name.len -= str_ends(name, STR("[x]")) ? 3 : 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (c <= ' ' || c > 'z' || str_find(STR(",:;'\"/|?!@#$%^&*(){}[]"), c, 0) < 21)
            return false;
    }
    return name.len > 0;
}

/* Ids are optional, and tools of old wrote them in their own ways. They are worth more than the
 * order when each of them says the same as its path and slice name. */
static bool are_ids_true(const cJSON *elements)
{
    for (const cJSON *element = elements ? elements->child : NULL; element;
         element = element->next) {
        struct steps id = split(json_get_text(element, "id"));
        struct steps path = split(json_get_text(element, "path"));
        struct str slice = json_get_text(element, "sliceName");
        if (id.count == 0 || id.count != path.count)
            return false;
        for (size_t i = 0; i < id.count; i++)
            if (!snapshot_differential_same_name(id.names[i], path.names[i]))
                return false;
        if (slice.len && !str_equal(slice, id.slices[id.count - 1]))
            return false;
    }
    return true;
}

struct reader {
    struct maker *maker;
    struct branch *root;
    bool has_ids;
};

static bool is_same_step(const struct reader *reader, const struct branch *branch, struct str name,
                         struct str slice)
{
    return snapshot_differential_same_name(branch->name, name) &&
           (!reader->has_ids || str_equal(branch->slice, slice));
}

/* The parent's child that a step leads through: by order the last one, by ids the last of that
 * slice. Made, silent, when the differential leaves it out. */
static struct branch *go_through(const struct reader *reader, struct branch *parent,
                                 struct str name, struct str slice)
{
    struct branch *found = NULL;
    for (struct branch *child = reader->has_ids ? parent->child : parent->last_child; child;
         child = child->next)
        if (is_same_step(reader, child, name, slice))
            found = child;
    if (found)
        return found;
    found = snapshot_branch_new(name, NULL, reader->maker->arena);
    found->slice = reader->has_ids ? slice : (struct str){ 0 };
    snapshot_branch_add(parent, found);
    return found;
}

static bool put_element(const struct reader *reader, cJSON *element, int index)
{
    struct branch lone = { .element = element, .index = index };
    struct steps path = split(json_get_text(element, "path"));
    struct steps id = { .count = 0 };
    struct branch *at = reader->root;
    if (reader->has_ids)
        id = split(json_get_text(element, "id"));
    if (path.count == 0 || !str_equal(path.names[0], reader->root->name))
        return snapshot_maker_refuse(reader->maker, &lone,
                                     "the path does not begin with '" STR_FMT "'",
                                     STR_ARG(reader->root->name));
    for (size_t i = 1; i < path.count; i++)
        if (!is_step(path.names[i]))
            return snapshot_maker_refuse(reader->maker, &lone,
                                         "the path has a step that is no element name");
    for (size_t i = 1; i + 1 < path.count; i++)
        at = go_through(reader, at, path.names[i], id.slices[i]);
    if (path.count == 1) {
        if (at->element || at->child)
            return snapshot_maker_refuse(reader->maker, &lone, "the root stands first, and once");
        at->element = element;
        at->index = index;
        return true;
    }
    struct str slice = json_get_text(element, "sliceName");
    struct branch *branch =
        snapshot_branch_new(path.names[path.count - 1], element, reader->maker->arena);
    branch->slice = slice.len ? slice : id.slices[path.count - 1];
    branch->index = index;
    snapshot_branch_add(at, branch);
    return true;
}

struct branch *snapshot_differential_read(const cJSON *profile, struct maker *maker)
{
    cJSON *elements = json_get(json_get(profile, "differential"), "element");
    struct str name = maker->type;
    for (size_t slash = str_find(name, '/', 0); slash < name.len; slash = str_find(name, '/', 0))
        name = str_slice(name, slash + 1, name.len);
    struct reader reader = { maker, snapshot_branch_new(name, NULL, maker->arena), false };
    reader.has_ids = are_ids_true(elements);
    bool is_read = true;
    int index = 0;
    for (cJSON *element = elements ? elements->child : NULL; element; element = element->next) {
        if (index >= SNAPSHOT_MOST_ELEMENTS)
            return snapshot_maker_count(maker), NULL;
        is_read = put_element(&reader, element, index++) && is_read;
    }
    return is_read ? reader.root : NULL;
}
