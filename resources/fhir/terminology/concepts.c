/* concepts.c - the concepts of one code system: found by code, and who stands below whom. */
#include "resources/fhir/terminology/concepts.h"

#include "resources/base/arena.h"

static char fold_char(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* The code as it is looked up; false when it is too long to fold. */
static bool fold(struct str *code, char space[CODE_MOST_FOLDED])
{
    if (code->len > CODE_MOST_FOLDED)
        return false;
    for (size_t i = 0; i < code->len; i++)
        space[i] = fold_char(code->data[i]);
    *code = (struct str){ space, code->len };
    return true;
}

void concepts_set_init(struct code_set *set, bool is_case_sensitive, struct arena *arena)
{
    map_init(&set->map, arena);
    set->is_case_sensitive = is_case_sensitive;
}

void concepts_set_add(struct code_set *set, struct str code, const void *value)
{
    char space[CODE_MOST_FOLDED];
    if (!set->is_case_sensitive) {
        if (!fold(&code, space))
            return;
        code = str_copy(set->map.arena, code);
    }
    if (!map_find(&set->map, code))
        map_set(&set->map, code, (void *)(uintptr_t)value);
}

const void *concepts_set_find(const struct code_set *set, struct str code)
{
    char space[CODE_MOST_FOLDED];
    if (!set->is_case_sensitive && !fold(&code, space))
        return NULL;
    return map_find(&set->map, code);
}

const struct concept *concepts_find(const struct concepts *concepts, struct str code)
{
    return concepts_set_find(&concepts->codes, code);
}

static bool equal_but_case(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (fold_char(a.data[i]) != fold_char(b.data[i]))
            return false;
    return true;
}

const struct concept *concepts_find_any_case(const struct concepts *concepts, struct str code)
{
    for (size_t i = 0; i < concepts->list.count; i++)
        if (equal_but_case(concepts->list.concepts[i].code, code))
            return &concepts->list.concepts[i];
    return NULL;
}

size_t concepts_index(const struct concepts *concepts, const struct concept *concept)
{
    return (size_t)(concept - concepts->list.concepts);
}

/* A pair of concepts, parent first; false when the property links none. */
static bool link_of(const struct concepts *concepts, const struct concept_property *property,
                    size_t *parent, size_t *child)
{
    bool is_child = str_is(property->code, "child");
    if (!is_child && !str_is(property->code, "parent") && !str_is(property->code, "subsumedBy"))
        return false;
    const struct concept *other = concepts_find(concepts, property->value);
    if (!other || property->concept >= concepts->list.count)
        return false;
    *parent = is_child ? property->concept : concepts_index(concepts, other);
    *child = is_child ? concepts_index(concepts, other) : property->concept;
    return true;
}

/* Every link, in two walks: the first counts at start[from + 1], the second fills from start[from]
 * on and moves it, so that start ends one place too far and is moved back. */
struct linking {
    struct concept_links *links;
    bool is_upward, is_filling;
};

static void add_link(const struct linking *linking, size_t parent, size_t child)
{
    size_t from = linking->is_upward ? child : parent, to = linking->is_upward ? parent : child;
    if (linking->is_filling)
        linking->links->to[linking->links->start[from]++] = to;
    else
        linking->links->start[from + 1]++;
}

static void walk_links(const struct concepts *concepts, const struct linking *linking)
{
    const struct concept_list *list = &concepts->list;
    size_t parent, child;
    for (size_t i = 0; i < list->count; i++)
        if (list->concepts[i].parent >= 0 && (size_t)list->concepts[i].parent < list->count)
            add_link(linking, (size_t)list->concepts[i].parent, i);
    for (size_t i = 0; i < list->property_count; i++)
        if (link_of(concepts, &list->properties[i], &parent, &child))
            add_link(linking, parent, child);
}

static void make_links(const struct concepts *concepts, struct concept_links *links, bool is_upward,
                       struct arena *arena)
{
    size_t count = concepts->list.count;
    struct linking linking = { links, is_upward, false };
    links->start = arena_array(arena, count + 1, sizeof *links->start);
    walk_links(concepts, &linking);
    for (size_t i = 0; i < count; i++)
        links->start[i + 1] += links->start[i];
    links->to = arena_array(arena, links->start[count], sizeof *links->to);
    linking.is_filling = true;
    walk_links(concepts, &linking);
    for (size_t i = count; i > 0; i--)
        links->start[i] = links->start[i - 1];
    links->start[0] = 0;
}

static void link_names(struct concepts *concepts, struct arena *arena)
{
    const struct concept_list *list = &concepts->list;
    struct concept_links *names = &concepts->names;
    names->start = arena_array(arena, list->count + 2, sizeof *names->start);
    names->to = arena_array(arena, list->designation_count, sizeof *names->to);
    for (size_t i = 0; i < list->designation_count; i++)
        if (list->designations[i].concept < list->count)
            names->start[list->designations[i].concept + 2]++;
    for (size_t i = 0; i < list->count; i++)
        names->start[i + 2] += names->start[i + 1];
    for (size_t i = 0; i < list->designation_count; i++)
        if (list->designations[i].concept < list->count)
            names->to[names->start[list->designations[i].concept + 1]++] = i;
}

static unsigned char mark_of(const struct concept_property *property)
{
    static const struct {
        const char *code, *value;
        unsigned char mark;
    } MARKS[] = { { "inactive", "true", CONCEPT_INACTIVE },
                  { "status", "retired", CONCEPT_INACTIVE },
                  { "status", "inactive", CONCEPT_INACTIVE },
                  { "notSelectable", "true", CONCEPT_ABSTRACT },
                  { "abstract", "true", CONCEPT_ABSTRACT } };
    for (size_t i = 0; i < COUNT(MARKS); i++)
        if (str_is(property->code, MARKS[i].code) && str_is(property->value, MARKS[i].value))
            return MARKS[i].mark;
    return 0;
}

void concepts_init(struct concepts *concepts, const struct concept_list *list,
                   bool is_case_sensitive, struct arena *arena)
{
    concepts->list = *list;
    concepts_set_init(&concepts->codes, is_case_sensitive, arena);
    for (size_t i = 0; i < list->count; i++)
        concepts_set_add(&concepts->codes, list->concepts[i].code, &list->concepts[i]);
    concepts->marks = arena_array(arena, list->count, sizeof *concepts->marks);
    for (size_t i = 0; i < list->property_count; i++)
        if (list->properties[i].concept < list->count)
            concepts->marks[list->properties[i].concept] |= mark_of(&list->properties[i]);
    make_links(concepts, &concepts->below, false, arena);
    make_links(concepts, &concepts->above, true, arena);
    link_names(concepts, arena);
}

/* The numbers of a supplement's concepts become those of the list's; SIZE_MAX: it has none such. */
static size_t *renumber(const struct concept_list *list, const struct concept_list *more,
                        bool is_case_sensitive, struct arena *scratch)
{
    struct code_set codes;
    size_t *numbers = arena_array(scratch, more->count, sizeof *numbers);
    concepts_set_init(&codes, is_case_sensitive, scratch);
    for (size_t i = 0; i < list->count; i++)
        concepts_set_add(&codes, list->concepts[i].code, &list->concepts[i]);
    for (size_t i = 0; i < more->count; i++) {
        const struct concept *same = concepts_set_find(&codes, more->concepts[i].code);
        numbers[i] = same ? (size_t)(same - list->concepts) : SIZE_MAX;
    }
    return numbers;
}

static void *join(struct arena *arena, const void *items, size_t count, size_t more, size_t size)
{
    char *both = arena_array(arena, count + more, size);
    if (count)
        memcpy(both, items, count * size);
    return both;
}

void concepts_supplement(struct concept_list *list, const struct concept_list *more,
                         bool is_case_sensitive, struct arena *arena)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    const size_t *numbers = renumber(list, more, is_case_sensitive, scratch);
    list->properties = join(arena, list->properties, list->property_count, more->property_count,
                            sizeof *list->properties);
    for (size_t i = 0; i < more->property_count; i++) {
        struct concept_property property = more->properties[i];
        property.concept = property.concept < more->count ? numbers[property.concept] : SIZE_MAX;
        if (property.concept != SIZE_MAX)
            list->properties[list->property_count++] = property;
    }
    list->designations = join(arena, list->designations, list->designation_count,
                              more->designation_count, sizeof *list->designations);
    for (size_t i = 0; i < more->designation_count; i++) {
        struct designation designation = more->designations[i];
        designation.concept =
            designation.concept < more->count ? numbers[designation.concept] : SIZE_MAX;
        if (designation.concept != SIZE_MAX)
            list->designations[list->designation_count++] = designation;
    }
}

void concepts_reach(const struct concepts *concepts, const struct concept_links *links, size_t from,
                    bool *marks)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    size_t *waiting = arena_array(scratch, concepts->list.count, sizeof *waiting);
    size_t count = 0;
    if (marks[from])
        return;
    marks[from] = true;
    for (waiting[count++] = from; count > 0;) {
        size_t at = waiting[--count];
        for (size_t i = links->start[at]; i < links->start[at + 1]; i++)
            if (!marks[links->to[i]]) {
                marks[links->to[i]] = true;
                waiting[count++] = links->to[i];
            }
    }
}

struct str concepts_code_with(const struct concepts *concepts, struct str property,
                              struct str value)
{
    for (size_t i = 0; i < concepts->list.property_count; i++) {
        const struct concept_property *p = &concepts->list.properties[i];
        if (str_equal(p->code, property) && str_equal(p->value, value) &&
            p->concept < concepts->list.count)
            return concepts->list.concepts[p->concept].code;
    }
    return (struct str){ "", 0 };
}
