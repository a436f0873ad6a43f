/* narrative.c - a record in words, element after element, whatever its type. */
#include "resources/ltss/page/narrative.h"

#include "resources/base/arena.h"
#include "resources/ltss/page/html.h"
#include "resources/ltss/page/words.h"

enum { MOST_BYTES = 64 << 10, MOST_DEPTH = 6 };
/* How a narrative is known to be from here. */
#define OPENING "<div xmlns=\"http://www.w3.org/1999/xhtml\" class=\"tandem-generated\">"

static const char *const LEFT_OUT[] = { "resourceType",  "id",       "meta",
                                        "implicitRules", "language", "text",
                                        "contained",     "linkId",   "url" };

static bool is_left_out(const char *name)
{
    for (size_t i = 0; i < COUNT(LEFT_OUT); i++)
        if (!strcmp(name, LEFT_OUT[i]))
            return true;
    return name[0] == '_';
}

/* "lifecycleStatus" is "Lifecycle status", "next-review" "Next review". */
static void add_label(struct buf *out, struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool is_upper = c >= 'A' && c <= 'Z', is_lower = c >= 'a' && c <= 'z';
        if (i && is_upper)
            buf_add_char(out, ' ');
        if (!i && is_lower)
            buf_add_char(out, (char)(c - 'a' + 'A'));
        else if (i && is_upper)
            buf_add_char(out, (char)(c - 'A' + 'a'));
        else if (c == '-' || c == '_')
            buf_add_char(out, ' ');
        else
            html_text(out, str_slice(name, i, i + 1));
    }
}

static struct str in_words(const cJSON *value, struct arena *arena);

static struct str reference_words(const cJSON *value, struct arena *arena)
{
    struct str words = json_get_text(value, "display");
    (void)arena;
    if (!words.len)
        words = json_get_text(value, "reference");
    return words.len ? words : json_get_text(json_get(value, "identifier"), "value");
}

static struct str member_words(const cJSON *value, const char *name)
{
    return json_get_text(value, name);
}

static struct str address_words(const cJSON *value, struct arena *arena)
{
    static const char *const PARTS[] = { "city", "state", "postalCode", "country" };
    struct buf out;
    buf_init(&out, arena, MOST_BYTES);
    buf_add(&out, json_get_text(value, "text"));
    for (const cJSON *line = record_first(value, "line"); line && !json_get(value, "text");
         line = line->next)
        buf_print(&out, "%s" STR_FMT, out.len ? ", " : "", STR_ARG(json_text(line)));
    for (size_t i = 0; i < COUNT(PARTS) && !json_get(value, "text"); i++)
        if (json_get(value, PARTS[i]))
            buf_print(&out, "%s" STR_FMT, out.len ? ", " : "",
                      STR_ARG(json_get_text(value, PARTS[i])));
    return buf_str(&out);
}

static struct str coding_words(const cJSON *value, struct arena *arena)
{
    struct str display = json_get_text(value, "display");
    return display.len ? display : words_code(json_get_text(value, "code"), arena);
}

static struct str timing_words(const cJSON *value, struct arena *arena)
{
    struct str code = words_concept(json_get(value, "code"), arena);
    return code.len ? code
                    : words_period(json_get(json_get(value, "repeat"), "boundsPeriod"), arena);
}

static struct str note_words(const cJSON *value, struct arena *arena)
{
    (void)arena;
    return member_words(value, "text");
}

static struct str value_words(const cJSON *value, struct arena *arena)
{
    (void)arena;
    return member_words(value, "value");
}

static struct str title_words(const cJSON *value, struct arena *arena)
{
    (void)arena;
    return member_words(value, "title");
}

/* A data type is known by a member that no other has; the first row that fits counts. */
static const struct shape {
    const char *member;
    struct str (*words)(const cJSON *value, struct arena *arena);
} SHAPES[] = {
    { "coding", words_concept }, { "reference", reference_words }, { "numerator", words_amount },
    { "family", words_name },    { "given", words_name },          { "line", address_words },
    { "city", address_words },   { "repeat", timing_words },       { "contentType", title_words },
    { "unit", words_amount },    { "low", words_amount },          { "start", words_period },
    { "end", words_period },
};

static bool has_only(const cJSON *value, const char *const *names)
{
    for (const cJSON *member = value->child; member; member = member->next) {
        const char *const *name = names;
        while (*name && strcmp(member->string, *name) != 0)
            name++;
        if (!*name)
            return false;
    }
    return value->child != NULL;
}

/* Empty when the value is no data type that has words: then its elements are told one by one. */
static struct str in_words(const cJSON *value, struct arena *arena)
{
    static const char *const CODING[] = { "system",  "version",      "code",
                                          "display", "userSelected", NULL };
    static const char *const IDENTIFIER[] = { "use",    "type",     "system", "value",
                                              "period", "assigner", "rank",   NULL };
    static const char *const NOTE[] = { "text", "time", "authorReference", "authorString", NULL };
    static const char *const REFERENCE[] = { "type", "identifier", "display", NULL };
    static const char *const AMOUNT[] = { "value", "code", "system", "comparator", NULL };
    if (!cJSON_IsObject(value))
        return words_time(json_text(value), arena);
    for (size_t i = 0; i < COUNT(SHAPES); i++)
        if (json_get(value, SHAPES[i].member) && !json_get(value, "extension"))
            return SHAPES[i].words(value, arena);
    if (json_get(value, "code") && has_only(value, CODING))
        return coding_words(value, arena);
    if (json_get(value, "code") && has_only(value, AMOUNT))
        return words_amount(value, arena);
    if (json_get(value, "value") && has_only(value, IDENTIFIER))
        return value_words(value, arena);
    if (json_get(value, "text") && has_only(value, NOTE))
        return note_words(value, arena);
    return has_only(value, REFERENCE) ? reference_words(value, arena) : STR("");
}

static void add_element(struct buf *out, const cJSON *element, struct arena *arena, int depth);

static void add_members(struct buf *out, const cJSON *object, struct arena *arena, int depth)
{
    if (depth > MOST_DEPTH)
        return;
    buf_add(out, STR("<dl>"));
    size_t empty = out->len;
    for (const cJSON *member = object->child; member; member = member->next)
        if (member->string && !is_left_out(member->string))
            add_element(out, member, arena, depth);
    if (out->len == empty)
        buf_add(out, STR("<dt>(nothing)</dt>"));
    buf_add(out, STR("</dl>"));
}

static void add_value(struct buf *out, struct str label, const cJSON *value, struct arena *arena,
                      int depth)
{
    struct str words = in_words(value, arena);
    if (!words.len && !cJSON_IsObject(value))
        return;
    buf_add(out, STR("<dt>"));
    add_label(out, label);
    buf_add(out, STR("</dt><dd>"));
    if (words.len)
        html_text(out, words);
    else
        add_members(out, value, arena, depth + 1);
    buf_add(out, STR("</dd>"));
}

/* An extension goes by the last word of its url, a choice (valueCode) is told without its type. */
static void add_extension(struct buf *out, const cJSON *extension, struct arena *arena, int depth)
{
    struct str url = json_get_text(extension, "url"), name = url;
    const cJSON *value = record_value(extension);
    for (size_t at = 0; at < url.len; at = str_find(url, '/', at) + 1)
        name = str_slice(url, at, url.len);
    if (value || json_get(extension, "extension"))
        add_value(out, name, value ? value : extension, arena, depth);
}

static void add_element(struct buf *out, const cJSON *element, struct arena *arena, int depth)
{
    static const char *const TYPES[] = { "CodeableConcept", "Reference", "Period", "DateTime",
                                         "Quantity",        "Ratio",     "Timing", "String",
                                         "Boolean",         "Integer",   "Range",  "Coding" };
    struct str name = str_of(element->string);
    bool is_extension = str_is(name, "extension") || str_is(name, "modifierExtension");
    for (size_t i = 0; i < COUNT(TYPES) && !is_extension; i++)
        if (str_ends(name, str_of(TYPES[i])) && name.len > strlen(TYPES[i])) {
            name = str_slice(name, 0, name.len - strlen(TYPES[i]));
            break;
        }
    for (const cJSON *one = cJSON_IsArray(element) ? element->child : element; one;
         one = cJSON_IsArray(element) ? one->next : NULL)
        if (is_extension)
            add_extension(out, one, arena, depth);
        else
            add_value(out, name, one, arena, depth);
}

static bool is_own(const cJSON *text)
{
    return str_starts(json_get_text(text, "div"), STR(OPENING));
}

void narrative_give(cJSON *record, struct arena *arena)
{
    struct buf out;
    const cJSON *text = json_get(record, "text");
    if ((text && !is_own(text)) || !json_get(record, "resourceType"))
        return;
    buf_init(&out, arena, MOST_BYTES);
    buf_add(&out, STR(OPENING "<p><b>"));
    add_label(&out, json_get_text(record, "resourceType"));
    buf_add(&out, STR("</b></p>"));
    add_members(&out, record, arena, 0);
    buf_add(&out, STR("</div>"));
    if (out.is_over)
        return;
    cJSON *made = json_new_object(arena);
    json_set(arena, made, "status", json_new_string(arena, STR("generated")));
    json_set(arena, made, "div", json_new_string(arena, buf_str(&out)));
    json_set_after(arena, record,
                   json_get(record, "meta") ? "meta"
                   : json_get(record, "id") ? "id"
                                            : "resourceType",
                   "text", made);
}
