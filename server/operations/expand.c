/* expand.c - ValueSet/$expand (R4 valueset-operation-expand.html). */
#include "server/instant.h"
#include "server/operations/subject.h"
#include "server/search/fold.h"
#include "server/store/uuid.h"

/* An expansion without count is given whole up to this many codes. */
enum { MOST_WHOLE = 10000 };

struct expand {
    struct interaction *interaction;
    const cJSON *asked;
    struct subject subject;
    struct term_expansion all;
    const struct term_entry **chosen; /* what passed the filter */
    size_t chosen_count;
    struct str language;
    uint64_t offset, count;
    bool has_count, has_designations, is_active_only, is_flat;
};

static bool read_options(struct expand *expand)
{
    struct interaction *with = expand->interaction;
    const cJSON *asked = expand->asked;
    expand->has_count = operation_parameter(asked, "count") != NULL;
    expand->language = operation_text(asked, "displayLanguage");
    return operation_number(with, asked, "offset", &expand->offset) &&
           operation_number(with, asked, "count", &expand->count) &&
           operation_flag(with, asked, "includeDesignations", &expand->has_designations) &&
           operation_flag(with, asked, "activeOnly", &expand->is_active_only) &&
           operation_flag(with, asked, "excludeNested", &expand->is_flat);
}

static bool refuse(struct expand *expand)
{
    static const char *const REASONS[] = {
        [CAUSE_NONE] = "it is not here",
        [CAUSE_VALUE_SET_UNKNOWN] = "a value set that it imports is not here",
        [CAUSE_SYSTEM_UNKNOWN] = "its code system is not here, or has no list of codes",
        [CAUSE_SYSTEM_INCOMPLETE] = "its code system is here only in part",
        [CAUSE_FILTER] = "a filter can not be judged here",
        [CAUSE_LIMIT] = "it is too large, or its imports lead in a circle",
        [CAUSE_CODE_UNKNOWN] = "a code is unknown",
        [CAUSE_NOT_CHOSEN] = "a code is not in it",
        [CAUSE_INACTIVE] = "a code is inactive",
    };
    return issue_add(&expand->interaction->issues, NULL, ISSUE_TOO_COSTLY, STR_FMT ": %s",
                     STR_ARG(expand->all.about), REASONS[expand->all.cause]);
}

static bool has_text(struct expand *expand, struct str text, struct str wanted)
{
    struct arena_mark mark = arena_mark(expand->interaction->arena);
    struct str folded = search_fold(text, expand->interaction->arena);
    bool is_found = str_find_str(folded, wanted, 0) < folded.len || wanted.len == 0;
    arena_reset(expand->interaction->arena, mark);
    return is_found;
}

static struct str display_of(const struct expand *expand, const struct term_entry *entry)
{
    struct str other = { 0 };
    if (expand->language.len && entry->of)
        other = terminology_display_in(entry->of, entry->code, expand->language);
    return other.len ? other : entry->display;
}

static void choose(struct expand *expand)
{
    struct arena *arena = expand->interaction->arena;
    struct str wanted = search_fold(operation_text(expand->asked, "filter"), arena);
    expand->chosen = arena_array(arena, expand->all.count, sizeof(struct term_entry *));
    for (size_t i = 0; i < expand->all.count; i++) {
        const struct term_entry *entry = &expand->all.entries[i];
        if (!wanted.len || has_text(expand, entry->code, wanted) ||
            has_text(expand, display_of(expand, entry), wanted))
            expand->chosen[expand->chosen_count++] = entry;
    }
    expand->is_flat |= wanted.len || expand->has_count || expand->offset;
}

static void set_text(struct expand *expand, cJSON *object, const char *key, struct str text)
{
    struct arena *arena = expand->interaction->arena;
    if (text.len)
        json_set(arena, object, key, json_new_string(arena, text));
}

static void add_designations(struct expand *expand, cJSON *item, const struct term_entry *entry)
{
    struct arena *arena = expand->interaction->arena;
    struct str language, use, value;
    cJSON *list = NULL;
    for (size_t at = 0; entry->of && terminology_next_designation(entry->of, entry->code, &at,
                                                                  &language, &use, &value);) {
        if (!list)
            list = json_set(arena, item, "designation", json_new_array(arena));
        cJSON *one = json_add(list, json_new_object(arena));
        set_text(expand, one, "language", language);
        set_text(expand, one, "value", value);
    }
}

static cJSON *print_entry(struct expand *expand, const struct term_entry *entry)
{
    struct arena *arena = expand->interaction->arena;
    cJSON *item = json_new_object(arena);
    set_text(expand, item, "system", entry->system);
    if (entry->is_abstract)
        json_set(arena, item, "abstract", json_new_bool(arena, true));
    if (entry->is_inactive)
        json_set(arena, item, "inactive", json_new_bool(arena, true));
    set_text(expand, item, "version", entry->version);
    set_text(expand, item, "code", entry->code);
    set_text(expand, item, "display", display_of(expand, entry));
    if (expand->has_designations)
        add_designations(expand, item, entry);
    return item;
}

/* Nested as the systems nest them, unless it is a page or a choice, or was asked flat. */
static void add_contains(struct expand *expand, cJSON *expansion)
{
    struct arena *arena = expand->interaction->arena;
    size_t end = expand->chosen_count;
    if (!expand->chosen_count || (expand->has_count && !expand->count) || expand->offset >= end)
        return;
    if (expand->has_count && expand->count < end - expand->offset)
        end = (size_t)(expand->offset + expand->count);
    cJSON *top = json_new_array(arena);
    cJSON **printed = arena_array(arena, expand->all.count, sizeof(cJSON *));
    for (size_t i = (size_t)expand->offset; i < end; i++)
        printed[expand->chosen[i] - expand->all.entries] = print_entry(expand, expand->chosen[i]);
    for (size_t i = (size_t)expand->offset; i < end; i++) {
        const struct term_entry *entry = expand->chosen[i];
        cJSON *above = expand->is_flat || entry->parent == SIZE_MAX ? NULL : printed[entry->parent];
        cJSON *list = above ? json_get(above, "contains") : top;
        if (!list)
            list = json_set(arena, above, "contains", json_new_array(arena));
        json_add(list, printed[entry - expand->all.entries]);
    }
    json_set(arena, expansion, "contains", top);
}

static void add_parameters(struct expand *expand, cJSON *expansion)
{
    static const struct {
        const char *name, *value;
    } NAMES[] = { { "filter", "valueString" },       { "offset", "valueInteger" },
                  { "count", "valueInteger" },       { "includeDesignations", "valueBoolean" },
                  { "activeOnly", "valueBoolean" },  { "excludeNested", "valueBoolean" },
                  { "displayLanguage", "valueCode" } };
    struct arena *arena = expand->interaction->arena;
    cJSON *list = json_new_array(arena);
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        struct str text = operation_text(expand->asked, NAMES[i].name);
        if (!text.len)
            continue;
        bool is_string = str_is(str_of(NAMES[i].value), "valueString") ||
                         str_is(str_of(NAMES[i].value), "valueCode");
        cJSON *one = json_add(list, json_new_object(arena));
        json_set(arena, one, "name", json_new_string(arena, str_of(NAMES[i].name)));
        json_set(arena, one, NAMES[i].value,
                 is_string               ? json_new_string(arena, text)
                 : str_is(text, "true")  ? json_new_bool(arena, true)
                 : str_is(text, "false") ? json_new_bool(arena, false)
                                         : json_new_number(arena, text));
    }
    if (list->child)
        json_set(arena, expansion, "parameter", list);
}

static void mark_unclosed(struct expand *expand, cJSON *expansion)
{
    struct arena *arena = expand->interaction->arena;
    cJSON *one = json_new_object(arena);
    json_set(
        arena, one, "url",
        json_new_string(arena, STR("http://hl7.org/fhir/StructureDefinition/valueset-unclosed")));
    json_set(arena, one, "valueBoolean", json_new_bool(arena, true));
    json_add(json_set(arena, expansion, "extension", json_new_array(arena)), one);
}

static cJSON *print_expansion(struct expand *expand)
{
    struct interaction *with = expand->interaction;
    struct arena *arena = with->arena;
    cJSON *expansion = json_new_object(arena);
    if (expand->all.is_unclosed)
        mark_unclosed(expand, expansion);
    set_text(expand, expansion, "identifier",
             str_print(arena, "urn:uuid:" STR_FMT, STR_ARG(uuid_make(arena))));
    set_text(expand, expansion, "timestamp", interaction_now(with));
    json_set(arena, expansion, "total",
             json_new_number(arena, str_print(arena, "%zu", expand->chosen_count)));
    if (expand->has_count || expand->offset)
        json_set(
            arena, expansion, "offset",
            json_new_number(arena, str_print(arena, "%llu", (unsigned long long)expand->offset)));
    add_parameters(expand, expansion);
    add_contains(expand, expansion);
    return expansion;
}

/* The value set itself without its compose, which the expansion stands for. */
static cJSON *print(struct expand *expand)
{
    struct arena *arena = expand->interaction->arena;
    cJSON *resource = expand->subject.resource;
    if (!resource) {
        resource = json_new_object(arena);
        set_text(expand, resource, "resourceType", STR("ValueSet"));
        set_text(expand, resource, "url", expand->subject.canonical);
        set_text(expand, resource, "status", STR("active"));
    }
    json_remove(resource, "compose");
    json_remove(resource, "expansion");
    json_remove(resource, "text");
    json_set(arena, resource, "expansion", print_expansion(expand));
    return resource;
}

static bool check_size(struct expand *expand)
{
    if (expand->has_count || expand->chosen_count <= MOST_WHOLE)
        return true;
    return issue_add(
        &expand->interaction->issues, NULL, ISSUE_TOO_COSTLY,
        "there are %zu codes: ask for at most %d with count and offset, or with filter",
        expand->chosen_count, MOST_WHOLE);
}

bool operations_expand(struct interaction *interaction)
{
    struct expand expand = { .interaction = interaction };
    expand.asked = operation_inputs(interaction);
    if (!expand.asked || !read_options(&expand))
        return false;
    const struct value_set *set = subject_value_set(interaction, expand.asked, &expand.subject);
    if (!set)
        return false;
    if (!terminology_expand(interaction->service->terminology, set, expand.is_active_only,
                            interaction->arena, &expand.all))
        return refuse(&expand);
    choose(&expand);
    return check_size(&expand) && operation_answer(interaction, print(&expand));
}
