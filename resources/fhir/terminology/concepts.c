/* concepts.c - the concepts of one code system: found by code, chosen by filters. */
#include "resources/fhir/terminology/concepts.h"

#include "resources/base/arena.h"

/* The code as it is looked up; false when it is too long to fold. */
static bool fold(struct str *code, char space[CODE_MOST_FOLDED])
{
    if (code->len > CODE_MOST_FOLDED)
        return false;
    for (size_t i = 0; i < code->len; i++) {
        char c = code->data[i];
        space[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
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

void concepts_init(struct concepts *concepts, const struct concept_list *list,
                   bool is_case_sensitive, struct arena *arena)
{
    concepts->list = *list;
    concepts_set_init(&concepts->codes, is_case_sensitive, arena);
    for (size_t i = 0; i < list->count; i++)
        concepts_set_add(&concepts->codes, list->concepts[i].code, &list->concepts[i]);
}

const struct concept *concepts_find(const struct concepts *concepts, struct str code)
{
    return concepts_set_find(&concepts->codes, code);
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

/* What a filter looks at and fills: one mark a concept. */
struct choice {
    const struct concepts *concepts;
    const struct value_set_filter *filter;
    bool *marks;
};

static bool is_code_property(struct str property)
{
    return str_is(property, "concept") || str_is(property, "code");
}

/* Marks every code with the value; a property of the concept, or its code. */
static void mark_equal(const struct choice *choice, struct str value)
{
    const struct concept_list *list = &choice->concepts->list;
    const struct concept *concept = concepts_find(choice->concepts, value);
    if (is_code_property(choice->filter->property)) {
        if (concept)
            choice->marks[concept - list->concepts] = true;
        return;
    }
    for (size_t i = 0; i < list->property_count; i++) {
        const struct concept_property *p = &list->properties[i];
        if (str_equal(p->code, choice->filter->property) && str_equal(p->value, value) &&
            p->concept < list->count)
            choice->marks[p->concept] = true;
    }
}

static bool choose_equal(const struct choice *choice)
{
    mark_equal(choice, choice->filter->value);
    return true;
}

static bool choose_in(const struct choice *choice)
{
    for (struct str rest = choice->filter->value; rest.len;)
        mark_equal(choice, str_trim(str_cut(&rest, ',')));
    return true;
}

/* Marks the child of a marked parent; true when it was not marked before. */
static bool mark_below(const struct choice *choice, const struct concept *parent,
                       const struct concept *child)
{
    const struct concept *first = choice->concepts->list.concepts;
    if (!parent || !child || !choice->marks[parent - first] || choice->marks[child - first])
        return false;
    return choice->marks[child - first] = true;
}

/* One pass over all that says who stands below whom: the nesting, and the properties child, parent
 * and subsumedBy, by which a concept may have several parents. */
static bool mark_pass(const struct choice *choice)
{
    const struct concept_list *list = &choice->concepts->list;
    bool is_changed = false;
    for (size_t i = 0; i < list->count; i++) {
        const struct concept *child = &list->concepts[i];
        bool has_parent = child->parent >= 0 && (size_t)child->parent < list->count;
        is_changed |= mark_below(choice, has_parent ? &list->concepts[child->parent] : NULL, child);
    }
    for (size_t i = 0; i < list->property_count; i++) {
        const struct concept_property *p = &list->properties[i];
        if (p->concept >= list->count)
            continue;
        const struct concept *own = &list->concepts[p->concept];
        if (str_is(p->code, "child"))
            is_changed |= mark_below(choice, own, concepts_find(choice->concepts, p->value));
        else if (str_is(p->code, "parent") || str_is(p->code, "subsumedBy"))
            is_changed |= mark_below(choice, concepts_find(choice->concepts, p->value), own);
    }
    return is_changed;
}

/* The concept of the filter's value and everything below it. */
static const struct concept *mark_tree(const struct choice *choice)
{
    const struct concept *top = concepts_find(choice->concepts, choice->filter->value);
    if (!top || !is_code_property(choice->filter->property))
        return NULL;
    choice->marks[top - choice->concepts->list.concepts] = true;
    while (mark_pass(choice))
        continue;
    return top;
}

static bool choose_is_a(const struct choice *choice)
{
    return mark_tree(choice) != NULL;
}

static bool choose_descendants(const struct choice *choice)
{
    const struct concept *top = mark_tree(choice);
    if (top)
        choice->marks[top - choice->concepts->list.concepts] = false;
    return top != NULL;
}

static bool choose_is_not_a(const struct choice *choice)
{
    const struct concept *top = mark_tree(choice);
    for (size_t i = 0; i < choice->concepts->list.count; i++)
        choice->marks[i] = !choice->marks[i];
    return top != NULL;
}

static bool choose_existing(const struct choice *choice)
{
    const struct concept_list *list = &choice->concepts->list;
    bool is_wanted = str_is(choice->filter->value, "true");
    for (size_t i = 0; i < list->property_count; i++)
        if (str_equal(list->properties[i].code, choice->filter->property) &&
            list->properties[i].concept < list->count)
            choice->marks[list->properties[i].concept] = true;
    for (size_t i = 0; i < list->count; i++)
        choice->marks[i] = choice->marks[i] == is_wanted;
    return true;
}

static const struct operator
{
    const char *code;
    bool (*choose)(const struct choice *choice);
}
OPERATORS[] = {
    { "=", choose_equal },           { "in", choose_in },
    { "is-a", choose_is_a },         { "descendent-of", choose_descendants },
    { "is-not-a", choose_is_not_a }, { "exists", choose_existing },
};

static bool choose(const struct choice *choice)
{
    for (size_t i = 0; i < COUNT(OPERATORS); i++)
        if (str_is(choice->filter->operator, OPERATORS[i].code))
            return OPERATORS[i].choose(choice);
    return false;
}

bool concepts_filter(const struct concepts *concepts, const struct value_set_rule *rule,
                     struct code_set *set)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    size_t count = concepts->list.count;
    bool *passing = arena_array(scratch, count, sizeof *passing);
    for (size_t f = 0; f < rule->filter_count; f++) {
        bool *marks = arena_array(scratch, count, sizeof *marks);
        struct choice choice = { concepts, &rule->filters[f], marks };
        if (!choose(&choice))
            return false;
        for (size_t i = 0; i < count; i++)
            passing[i] = marks[i] && (f == 0 || passing[i]);
    }
    for (size_t i = 0; i < count; i++)
        if (passing[i])
            concepts_set_add(set, concepts->list.concepts[i].code, &concepts->list.concepts[i]);
    return true;
}
