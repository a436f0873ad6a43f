/* words.c - data types in words. */
#include "resources/ltss/page/words.h"

#include "resources/fhir/definitions/definitions.h"
#include "resources/ltss/party.h"

enum { MOST_WORDS = 4096 };

static void add_part(struct buf *out, const char *between, struct str text)
{
    if (!text.len)
        return;
    if (out->len)
        buf_add(out, str_of(between));
    buf_add(out, text);
}

static struct str one_concept(const cJSON *concept)
{
    struct str text = json_get_text(concept, "text");
    const cJSON *coding = record_first(concept, "coding");
    for (; coding && !text.len; coding = coding->next)
        text = json_get_text(coding, "display");
    coding = record_first(concept, "coding");
    return text.len ? text : json_get_text(coding, "code");
}

struct str words_concept(const cJSON *concept, struct arena *arena)
{
    struct buf out;
    if (!cJSON_IsArray(concept))
        return one_concept(concept);
    buf_init(&out, arena, MOST_WORDS);
    for (const cJSON *one = concept->child; one; one = one->next)
        add_part(&out, ", ", one_concept(one));
    return buf_str(&out);
}

static const cJSON *best_name(const cJSON *names)
{
    if (!cJSON_IsArray(names))
        return names;
    for (const cJSON *one = names->child; one; one = one->next)
        if (str_is(json_get_text(one, "use"), "usual") ||
            str_is(json_get_text(one, "use"), "official"))
            return one;
    return names->child;
}

struct str words_name(const cJSON *name, struct arena *arena)
{
    struct buf out;
    const cJSON *best = best_name(name);
    struct str text = json_get_text(best, "text");
    if (text.len)
        return text;
    buf_init(&out, arena, MOST_WORDS);
    for (const cJSON *one = record_first(best, "given"); one; one = one->next)
        add_part(&out, " ", json_text(one));
    add_part(&out, " ", json_get_text(best, "family"));
    return buf_str(&out);
}

struct str words_contact(const cJSON *telecom, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena, MOST_WORDS);
    for (const cJSON *one = cJSON_IsArray(telecom) ? telecom->child : NULL; one; one = one->next)
        add_part(&out, ", ", json_get_text(one, "value"));
    return buf_str(&out);
}

struct str words_time(struct str text, struct arena *arena)
{
    size_t t = str_find(text, 'T', 0);
    if (t == text.len)
        return text;
    struct str day = str_slice(text, 0, t), time = str_slice(text, t + 1, t + 6);
    bool is_utc = str_ends(text, STR("Z"));
    return str_print(arena, STR_FMT ", " STR_FMT "%s", STR_ARG(day), STR_ARG(time),
                     is_utc ? " UTC" : "");
}

struct str words_period(const cJSON *period, struct arena *arena)
{
    struct str start = words_time(json_get_text(period, "start"), arena);
    struct str end = words_time(json_get_text(period, "end"), arena);
    if (start.len && end.len)
        return str_print(arena, STR_FMT " to " STR_FMT, STR_ARG(start), STR_ARG(end));
    if (start.len)
        return str_print(arena, "from " STR_FMT, STR_ARG(start));
    return end.len ? str_print(arena, "until " STR_FMT, STR_ARG(end)) : STR("");
}

static struct str one_quantity(const cJSON *quantity, struct arena *arena)
{
    struct str value = json_get_text(quantity, "value"), unit = json_get_text(quantity, "unit");
    if (!unit.len)
        unit = json_get_text(quantity, "code");
    bool is_counted = unit.len && unit.data[0] >= '0' && unit.data[0] <= '9'; /* 20 x 15 minutes */
    const char *between = is_counted ? " \xc3\x97 " : unit.len ? " " : "";
    return str_print(arena, STR_FMT "%s" STR_FMT, STR_ARG(value), between, STR_ARG(unit));
}

struct str words_amount(const cJSON *quantity, struct arena *arena)
{
    const cJSON *numerator = json_get(quantity, "numerator"), *low = json_get(quantity, "low"),
                *high = json_get(quantity, "high"),
                *denominator = json_get(quantity, "denominator");
    if (numerator) {
        struct str above = one_quantity(numerator, arena), below = one_quantity(denominator, arena);
        bool is_one = str_starts(below, STR("1 "));
        below = is_one ? str_slice(below, 2, below.len) : below;
        return str_print(arena, STR_FMT " per " STR_FMT, STR_ARG(above), STR_ARG(below));
    }
    if (low || high) {
        struct str from = one_quantity(low, arena), to = one_quantity(high, arena);
        return str_print(arena, STR_FMT " to " STR_FMT, STR_ARG(from), STR_ARG(to));
    }
    return quantity ? one_quantity(quantity, arena) : STR("");
}

struct str words_code(struct str code, struct arena *arena)
{
    char *text = str_cstr(arena, code);
    for (char *c = text; *c; c++)
        *c = *c == '-' || *c == '_' ? ' ' : *c;
    return str_of(text);
}

struct str words_display(const struct rule_run *run, const char *system, struct str code)
{
    struct issues unseen;
    struct str text, canonical = str_print(run->arena, LTSS_CODES "%s", system);
    if (!code.len || !run->definitions ||
        !definitions_resource(run->definitions, STR("CodeSystem"), canonical, run->arena, &text))
        return words_code(code, run->arena);
    issues_init(&unseen, run->arena, STR(""));
    const cJSON *concept = record_first(json_parse(text, run->arena, &unseen), "concept");
    while (concept && !str_equal(json_get_text(concept, "code"), code))
    concept = concept->next;
    return concept ? json_get_text(concept, "display") : words_code(code, run->arena);
}

static const cJSON *read(const struct rule_run *run, const cJSON *reference)
{
    struct str target = record_reference(reference);
    return target.len ? run->lookup->read(run->lookup->context, target) : NULL;
}

struct str words_person(const struct rule_run *run, const cJSON *reference)
{
    const cJSON *record = read(run, reference);
    if (str_is(json_get_text(record, "resourceType"), "PractitionerRole")) {
        const cJSON *practitioner = json_get(record, "practitioner");
        struct str name = words_name(json_get(read(run, practitioner), "name"), run->arena);
        return name.len ? name : json_get_text(practitioner, "display");
    }
    return words_reference(run, reference);
}

struct str words_reference(const struct rule_run *run, const cJSON *reference)
{
    const cJSON *record = read(run, reference), *name = json_get(record, "name");
    struct str type = json_get_text(record, "resourceType");
    struct str words = json_get_text(reference, "display");
    if (str_is(type, "PractitionerRole"))
        words = words_person(run, reference);
    else if (cJSON_IsString(name) && name->valuestring[0])
        words = json_text(name);
    else if (name)
        words = words_name(name, run->arena);
    if (!words.len)
        words = words_concept(json_get(record, "code"), run->arena);
    if (!words.len)
        words = json_get_text(json_get(reference, "identifier"), "value");
    return words.len ? words : json_get_text(reference, "reference");
}

struct str words_organization(const struct rule_run *run, const cJSON *reference)
{
    struct str organization = party_organization(run, reference);
    const cJSON *record =
        organization.len ? run->lookup->read(run->lookup->context, organization) : NULL;
    return json_get_text(record, "name");
}
