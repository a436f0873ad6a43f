/* filter.c - which concepts pass the filters of a value set's rule: one row an operator. */
#include "resources/fhir/terminology/filter.h"

#include "resources/base/arena.h"
#include "resources/fhir/terminology/pattern.h"

/* What a filter looks at and fills: one mark a concept. */
struct choice {
    const struct concepts *concepts;
    const struct value_set_filter *filter;
    bool *marks;
    long *left;
};

static bool is_code_property(struct str property)
{
    return str_is(property, "concept") || str_is(property, "code");
}

static const struct concept_links *links_of(const struct choice *choice)
{
    if (str_is(choice->filter->property, "parent"))
        return &choice->concepts->above;
    return str_is(choice->filter->property, "child") ? &choice->concepts->below : NULL;
}

/* Marks of the system that say of every concept yes or no, said or not. */
static unsigned char flag_of(struct str property)
{
    if (str_is(property, "inactive"))
        return CONCEPT_INACTIVE;
    return str_is(property, "notSelectable") ? CONCEPT_ABSTRACT : 0;
}

static bool has_property(const struct choice *choice)
{
    struct str property = choice->filter->property;
    const struct concept_list *list = &choice->concepts->list;
    if (is_code_property(property) || str_is(property, "display") || links_of(choice) ||
        flag_of(property))
        return true;
    for (size_t i = 0; i < list->property_count; i++)
        if (str_equal(list->properties[i].code, property))
            return true;
    return false;
}

/* Calls for every value that the filter's property has, also where it is the code or the display;
 * stops when told to. */
typedef bool (*value_function)(void *context, size_t concept, struct str value);
static bool each_value(const struct choice *choice, value_function call, void *context)
{
    const struct concept_list *list = &choice->concepts->list;
    struct str property = choice->filter->property;
    bool is_code = is_code_property(property), is_display = str_is(property, "display");
    const struct concept_links *links = links_of(choice);
    for (size_t i = 0; (is_code || is_display) && i < list->count; i++)
        if (!call(context, i, is_code ? list->concepts[i].code : list->concepts[i].display))
            return false;
    for (size_t i = 0; links && i < list->count; i++)
        for (size_t to = links->start[i]; to < links->start[i + 1]; to++)
            if (!call(context, i, list->concepts[links->to[to]].code))
                return false;
    for (size_t i = 0; !is_code && !is_display && !links && i < list->property_count; i++)
        if (str_equal(list->properties[i].code, property) &&
            list->properties[i].concept < list->count &&
            !call(context, list->properties[i].concept, list->properties[i].value))
            return false;
    return true;
}

/* One of the values that a filter lists. */
struct sought {
    const struct choice *choice;
    struct code_set values;
};

static bool mark_sought(void *context, size_t concept, struct str value)
{
    struct sought *sought = context;
    if (concepts_set_find(&sought->values, value))
        sought->choice->marks[concept] = true;
    return true;
}

static bool choose_values(const struct choice *choice, struct str values, char separator)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct sought sought = { .choice = choice };
    bool is_code = is_code_property(choice->filter->property) || links_of(choice);
    concepts_set_init(&sought.values, !is_code || choice->concepts->codes.is_case_sensitive,
                      scratch);
    for (struct str rest = values; rest.data;) {
        struct str one = separator ? str_trim(str_cut(&rest, separator)) : rest;
        concepts_set_add(&sought.values, one, choice);
        if (!separator)
            break;
    }
    unsigned char flag = flag_of(choice->filter->property);
    if (!flag)
        return each_value(choice, mark_sought, &sought);
    bool wants[] = { concepts_set_find(&sought.values, STR("false")),
                     concepts_set_find(&sought.values, STR("true")) };
    for (size_t i = 0; i < choice->concepts->list.count; i++)
        choice->marks[i] = wants[(choice->concepts->marks[i] & flag) != 0];
    return true;
}

static bool choose_equal(const struct choice *choice)
{
    return choose_values(choice, choice->filter->value, '\0');
}

static bool choose_in(const struct choice *choice)
{
    return choose_values(choice, choice->filter->value, ',');
}

static bool turn(const struct choice *choice, bool is_chosen)
{
    for (size_t i = 0; i < choice->concepts->list.count; i++)
        choice->marks[i] = !choice->marks[i];
    return is_chosen;
}

static bool choose_not_in(const struct choice *choice)
{
    return turn(choice, choose_in(choice));
}

/* The concept of the filter's value and everything that the links lead to. */
static bool reach(const struct choice *choice, const struct concept_links *links, bool has_self)
{
    const struct concept *top = concepts_find(choice->concepts, choice->filter->value);
    if (!top || !is_code_property(choice->filter->property))
        return false;
    size_t index = concepts_index(choice->concepts, top);
    concepts_reach(choice->concepts, links, index, choice->marks);
    choice->marks[index] = has_self;
    return true;
}

static bool choose_is_a(const struct choice *choice)
{
    return reach(choice, &choice->concepts->below, true);
}

static bool choose_descendants(const struct choice *choice)
{
    return reach(choice, &choice->concepts->below, false);
}

static bool choose_is_not_a(const struct choice *choice)
{
    return turn(choice, choose_is_a(choice));
}

static bool choose_generalizing(const struct choice *choice)
{
    return reach(choice, &choice->concepts->above, true);
}

static bool mark_any(void *context, size_t concept, struct str value)
{
    (void)value;
    const struct choice *choice = context;
    choice->marks[concept] = true;
    return true;
}

static bool choose_existing(const struct choice *choice)
{
    struct choice copy = *choice;
    each_value(choice, mark_any, &copy);
    return str_is(choice->filter->value, "true") || turn(choice, true);
}

struct matching {
    const struct choice *choice;
    const struct pattern *pattern;
};

static bool mark_match(void *context, size_t concept, struct str value)
{
    struct matching *matching = context;
    if ((*matching->choice->left -= FILTER_MATCH_COST) < 0)
        return false;
    enum pattern_verdict verdict = pattern_match(matching->pattern, value);
    if (verdict == PATTERN_YES)
        matching->choice->marks[concept] = true;
    return verdict != PATTERN_TOO_COSTLY;
}

static bool choose_matching(const struct choice *choice)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct matching matching = { choice, pattern_compile(choice->filter->value, scratch) };
    return matching.pattern && each_value(choice, mark_match, &matching);
}

static const struct operator
{
    const char *code;
    bool (*choose)(const struct choice *choice);
}
OPERATORS[] = {
    { "=", choose_equal },
    { "in", choose_in },
    { "not-in", choose_not_in },
    { "is-a", choose_is_a },
    { "descendent-of", choose_descendants },
    { "is-not-a", choose_is_not_a },
    { "generalizes", choose_generalizing },
    { "exists", choose_existing },
    { "regex", choose_matching },
};

static bool choose(const struct choice *choice)
{
    for (size_t i = 0; i < COUNT(OPERATORS); i++)
        if (str_is(choice->filter->operator, OPERATORS[i].code))
            return has_property(choice) && OPERATORS[i].choose(choice);
    return false;
}

bool filter_choose(const struct concepts *concepts, const struct value_set_rule *rule, long *left,
                   struct code_set *set)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    size_t count = concepts->list.count;
    bool *passing = arena_array(scratch, count, sizeof *passing);
    bool *marks = arena_array(scratch, count, sizeof *marks);
    for (size_t f = 0; f < rule->filter_count; f++) {
        struct choice choice = { concepts, &rule->filters[f], marks, left };
        if (count)
            memset(marks, 0, count * sizeof *marks);
        *left -= (long)(count + concepts->list.property_count);
        if (*left < 0 || !choose(&choice))
            return false;
        for (size_t i = 0; i < count; i++)
            passing[i] = marks[i] && (f == 0 || passing[i]);
    }
    for (size_t i = 0; i < count; i++)
        if (passing[i])
            concepts_set_add(set, concepts->list.concepts[i].code, &concepts->list.concepts[i]);
    return true;
}
