/* native.c - the invariants that would otherwise be evaluated on every element, or walk the
 * resource for each of many items. Found by their exact expression, so another wording never gets
 * R4's meaning. */
#include "profiles/validator/native.h"

#include "profiles/validator/run.h"
#include "profiles/validator/xhtml.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/decimal.h"

enum { MOST_TREE_DEPTH = 256 };

/* ele-1: a value, or something besides an id. */
static int has_content(struct run *run, const struct node *node)
{
    (void)run;
    if (node->value && !cJSON_IsObject(node->value))
        return 1;
    const cJSON *object = node->value ? node->value : node->shadow;
    for (const cJSON *item = object ? object->child : NULL; item; item = item->next)
        if (!str_is(str_of(item->string), "id"))
            return 1;
    return 0;
}

static const cJSON *key_starting(const cJSON *object, const char *stem)
{
    struct str start = str_of(stem);
    for (const cJSON *item = object ? object->child : NULL; item; item = item->next) {
        struct str key = str_of(item->string);
        if (key.len && key.data[0] == '_')
            key = str_slice(key, 1, key.len);
        if (str_starts(key, start))
            return item;
    }
    return NULL;
}

/* ext-1 */
static int has_value_or_extensions(struct run *run, const struct node *node)
{
    (void)run;
    if (!cJSON_IsObject(node->value))
        return 1;
    bool has_extensions = json_get(node->value, "extension") != NULL;
    return has_extensions != (key_starting(node->value, "value") != NULL);
}

static bool none_contained(const struct node *node, const char *first, const char *second)
{
    const cJSON *list = json_get(node->value, "contained");
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next) {
        const cJSON *found = json_get(item, first);
        if (found && (!second || json_get(found, second)))
            return false;
    }
    return true;
}

/* dom-2 */
static int contains_one_level(struct run *run, const struct node *node)
{
    (void)run;
    return none_contained(node, "contained", NULL);
}

/* dom-4 */
static int contains_no_versions(struct run *run, const struct node *node)
{
    (void)run;
    return none_contained(node, "meta", "versionId") && none_contained(node, "meta", "lastUpdated");
}

/* dom-5 */
static int contains_no_labels(struct run *run, const struct node *node)
{
    (void)run;
    return none_contained(node, "meta", "security");
}

/* dom-6; a contained resource should have none (R4 references.html#contained). */
static int has_narrative(struct run *run, const struct node *node)
{
    if (run->frame->root != node)
        return 1;
    return json_get(json_get(node->value, "text"), "div") != NULL;
}

/* A narrative refers to what is contained too: src="#photo" (R4 narrative.html). */
static void collect_links(struct map *found, struct str text)
{
    static const struct str STARTS[] = { { "=\"#", 3 }, { "='#", 3 } };
    for (size_t i = 0; i < COUNT(STARTS); i++)
        for (size_t at = 0; (at = str_find_str(text, STARTS[i], at)) < text.len;) {
            at += STARTS[i].len - 1;
            size_t end = str_find(text, STARTS[i].data[1], at);
            map_set(found, str_slice(text, at, end), found);
        }
}

/* Collects every text that is a reference inside the resource. */
static void collect_local(struct map *found, const cJSON *item, int depth)
{
    struct str text = cJSON_IsString(item) ? str_of(item->valuestring) : STR("");
    if (text.len > 0 && text.data[0] == '#')
        map_set(found, text, found);
    else if (text.len > 0 && text.data[0] == '<')
        collect_links(found, text);
    if (depth == MOST_TREE_DEPTH)
        return;
    for (const cJSON *child = item->child; child; child = child->next)
        collect_local(found, child, depth + 1);
}

/* dom-3: one pass over the tree instead of one for each contained resource. */
static int contained_are_used(struct run *run, const struct node *node)
{
    const cJSON *list = json_get(node->value, "contained");
    if (!cJSON_IsArray(list))
        return 1;
    struct map used;
    map_init(&used, run->scratch);
    collect_local(&used, node->value, 0);
    for (const cJSON *item = list->child; item; item = item->next) {
        struct str local = str_print(run->scratch, "#" STR_FMT, STR_ARG(json_get_text(item, "id")));
        if (map_find(&used, local))
            continue;
        struct map own;
        map_init(&own, run->scratch);
        collect_local(&own, item, 0);
        if (!map_find(&own, STR("#")))
            return 0;
    }
    return 1;
}

/* ref-1; a lone # is the container itself (R4 references.html#contained). As R4 words it, a
 * reference by identifier or in words alone has no answer, and so fails. */
static int local_target_exists(struct run *run, const struct node *node)
{
    struct str text = json_get_text(node->value, "reference");
    if (text.len == 0 || text.data[0] != '#')
        return 1;
    return validator_reference_target(run, text, node) != NULL;
}

/* bdl-7: one map instead of comparing every pair of entries. */
static int full_urls_are_distinct(struct run *run, const struct node *node)
{
    if (str_is(json_get_text(node->value, "type"), "history"))
        return 1;
    struct map seen;
    map_init(&seen, run->scratch);
    const cJSON *list = json_get(node->value, "entry");
    for (const cJSON *entry = cJSON_IsArray(list) ? list->child : NULL; entry;
         entry = entry->next) {
        struct str url = json_get_text(entry, "fullUrl");
        struct str version =
            json_get_text(json_get(json_get(entry, "resource"), "meta"), "versionId");
        if (!url.len)
            continue;
        if (version.len)
            url = str_print(run->scratch, STR_FMT STR_FMT, STR_ARG(url), STR_ARG(version));
        if (map_set(&seen, url, &seen))
            return 0;
    }
    return 1;
}

/* True when each entry has `part` just when `is_expected` says so. */
static int entries_agree(const struct node *node, const char *part, bool is_expected)
{
    const cJSON *list = json_get(node->value, "entry");
    for (const cJSON *entry = cJSON_IsArray(list) ? list->child : NULL; entry; entry = entry->next)
        if ((json_get(entry, part) != NULL) != is_expected)
            return 0;
    return 1;
}

/* bdl-3 and bdl-4: a Bundle may have more entries than an expression may take steps. */
static int entries_have_requests(struct run *run, const struct node *node)
{
    (void)run;
    struct str type = json_get_text(node->value, "type");
    return entries_agree(node, "request",
                         str_is(type, "batch") || str_is(type, "transaction") ||
                             str_is(type, "history"));
}

static int entries_have_responses(struct run *run, const struct node *node)
{
    (void)run;
    struct str type = json_get_text(node->value, "type");
    return entries_agree(node, "response",
                         str_is(type, "batch-response") || str_is(type, "transaction-response") ||
                             str_is(type, "history"));
}

/* que-7: R4 asks `answer is Boolean`, which is the System type and holds of no FHIR boolean; its
 * own examples need what the rule says in words. */
static int exists_is_answered_by_boolean(struct run *run, const struct node *node)
{
    (void)run;
    const cJSON *answer = key_starting(node->value, "answer");
    if (!str_is(json_get_text(node->value, "operator"), "exists") || !answer)
        return 1;
    return json_get(node->value, "answerBoolean") || json_get(node->value, "_answerBoolean");
}

/* ras-2: as R4 words it, a prediction without a probability gives no answer, and so fails; its own
 * examples have some. */
static int probability_is_percentage(struct run *run, const struct node *node)
{
    (void)run;
    struct decimal value, most = decimal_of_int(100);
    struct str text = json_get_text(node->value, "probabilityDecimal");
    return !decimal_parse(&value, text) || decimal_compare(&value, &most) <= 0;
}

static const struct {
    const char *key, *expression;
    validator_native function;
    bool is_corrected; /* says what the rule says in words, where its expression does not */
} NATIVES[] = {
    { "ele-1", "hasValue() or (children().count() > id.count())", has_content, false },
    { "ext-1", "extension.exists() != value.exists()", has_value_or_extensions, false },
    { "dom-2", "contained.contained.empty()", contains_one_level, false },
    { "dom-3",
      "contained.where((('#'+id in (%resource.descendants().reference | "
      "%resource.descendants().as(canonical) | "
      "%resource.descendants().as(uri) | %resource.descendants().as(url))) or "
      "descendants().where(reference = "
      "'#').exists() or descendants().where(as(canonical) = '#').exists() or "
      "descendants().where(as(canonical) = "
      "'#').exists()).not()).trace('unmatched', id).empty()",
      contained_are_used, false },
    { "dom-4", "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()",
      contains_no_versions, false },
    { "dom-5", "contained.meta.security.empty()", contains_no_labels, false },
    { "dom-6", "text.`div`.exists()", has_narrative, true },
    { "ref-1",
      "reference.startsWith('#').not() or (reference.substring(1).trace('url') in "
      "%rootResource.contained.id.trace('ids'))",
      local_target_exists, true },
    { "txt-1", "htmlChecks()", validator_xhtml_is_allowed, true },
    { "txt-2", "htmlChecks()", validator_xhtml_has_text, true },
    { "bdl-3",
      "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'transaction' or "
      "%resource.type = "
      "'history'))",
      entries_have_requests, false },
    { "bdl-4",
      "entry.all(response.exists() = (%resource.type = 'batch-response' or %resource.type = "
      "'transaction-response' or "
      "%resource.type = 'history'))",
      entries_have_responses, false },
    { "que-7", "operator = 'exists' implies (answer is Boolean)", exists_is_answered_by_boolean,
      true },
    { "ras-2", "probability is decimal implies (probability as decimal) <= 100",
      probability_is_percentage, true },
    { "bdl-7",
      "(type = 'history') or "
      "entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()",
      full_urls_are_distinct, false },
};

validator_native validator_native_find(struct str key, struct str expression, bool *is_corrected)
{
    for (size_t i = 0; i < COUNT(NATIVES); i++)
        if (str_is(key, NATIVES[i].key) && str_is(expression, NATIVES[i].expression)) {
            *is_corrected = NATIVES[i].is_corrected;
            return NATIVES[i].function;
        }
    return NULL;
}
