/* bundle_rules.c - what the entries of a Bundle owe one another (R4 bundle.html, documents.html):
 * full URLs, links, and in a document that everything hangs together. */
#include <string.h>

#include "profiles/validator/bundle.h"
#include "profiles/validator/run.h"
#include "profiles/validator/url.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/reference.h"

enum { MOST_SCAN_DEPTH = 256, MOST_SECTION_DEPTH = 64, MOST_LINK_TEXT = 1024 };

/* One item of a list of the Bundle; the node is filled where it stands. */
static struct node item_of(const struct bundle *bundle, const char *name, size_t index,
                           const cJSON *value)
{
    return (
        struct node){ .place = { &bundle->node->place, name, NULL, (int)index, json_offset(value) },
                      .value = value,
                      .parent = bundle->node,
                      .resource = bundle->node };
}

static void raise_url(struct run *run, const struct bundle *bundle,
                      const struct bundle_entry *entry, const char *what)
{
    struct node at = item_of(bundle, "entry", entry->index, entry->entry);
    struct fault fault = { ISSUE_FULL_URL_INVALID, str_of(what), bundle->node->structure->url, NULL,
                           false };
    validator_run_raise(run, &at, fault, "'" STR_FMT "': %s", STR_ARG(entry->url), what);
}

/* Where resources may be without an identity of their own: they get it, or have it in the answer.
 */
static bool may_be_anonymous(const struct bundle *bundle)
{
    static const char *const TYPES[] = { "transaction", "transaction-response", "batch",
                                         "batch-response" };
    for (size_t i = 0; i < COUNT(TYPES); i++)
        if (str_is(bundle->type, TYPES[i]))
            return true;
    return false;
}

/* .../Type/id names a resource on a server: then it is this one. */
static void check_server_url(struct run *run, const struct bundle *bundle,
                             const struct bundle_entry *entry)
{
    struct reference parts = reference_parse(entry->url);
    if (parts.kind != REFERENCE_ABSOLUTE ||
        !definitions_is_resource_type(run->validator->definitions, parts.type))
        return;
    struct str id = json_get_text(entry->resource, "id"),
               type = json_get_text(entry->resource, "resourceType");
    if (!id.len)
        raise_url(run, bundle, entry, "it names a resource on a server, but this one has no id");
    else if (!str_equal(id, parts.id) || !str_equal(type, parts.type))
        raise_url(run, bundle, entry, "it does not end with the type and the id of the resource");
}

static void check_urls(struct run *run, const struct bundle *bundle)
{
    bool is_optional = may_be_anonymous(bundle);
    for (size_t i = 0; i < bundle->count; i++) {
        const struct bundle_entry *entry = &bundle->entries[i];
        if (!entry->url.len) {
            if (!is_optional && !json_get(entry->entry, "fullUrl"))
                raise_url(run, bundle, entry, "each entry needs the identity of its resource");
        } else if (!validator_url_is_absolute(entry->url)) {
            raise_url(run, bundle, entry, "it is not absolute");
        } else {
            check_server_url(run, bundle, entry);
        }
    }
}

/* Relations that lead to one place only. */
static void check_links(struct run *run, const struct bundle *bundle)
{
    static const char *const SINGLE[] = { "self", "first", "next", "previous", "prev", "last" };
    bool is_met[COUNT(SINGLE)] = { false };
    const cJSON *list = json_get(bundle->node->value, "link");
    const cJSON *link = cJSON_IsArray(list) ? list->child : NULL;
    for (size_t index = 0; link; link = link->next, index++)
        for (size_t i = 0; i < COUNT(SINGLE); i++) {
            if (!str_is(json_get_text(link, "relation"), SINGLE[i]))
                continue;
            struct node at = item_of(bundle, "link", index, link);
            struct fault fault = { ISSUE_LINK_REPEATED, STR(""), bundle->node->structure->url, NULL,
                                   false };
            if (is_met[i])
                validator_run_raise(run, &at, fault, "'%s'", SINGLE[i]);
            is_met[i] = true;
        }
}

/* What hangs together with what: each entry points to another of its group, the head to itself. */
struct groups {
    size_t *head;
    const struct bundle *bundle;
};

static size_t head_of(struct groups *groups, size_t at)
{
    while (groups->head[at] != at)
        at = groups->head[at] = groups->head[groups->head[at]];
    return at;
}

static void join(struct run *run, struct groups *groups, size_t at, struct str text)
{
    if (text.len == 0 || text.len > MOST_LINK_TEXT || str_find(text, ' ', 0) < text.len)
        return;
    struct bundle_match match =
        validator_bundle_find(run, groups->bundle, text, groups->bundle->entries[at].url);
    for (const struct bundle_entry *to = match.entry; to; to = to->again)
        groups->head[head_of(groups, (size_t)(to - groups->bundle->entries))] = head_of(groups, at);
}

static void join_all(struct run *run, struct groups *groups, size_t at, const cJSON *item,
                     int depth)
{
    if (cJSON_IsString(item))
        join(run, groups, at, json_text(item));
    else if (depth < MOST_SCAN_DEPTH && (cJSON_IsObject(item) || cJSON_IsArray(item)))
        for (const cJSON *child = item->child; child; child = child->next)
            join_all(run, groups, at, child, depth + 1);
}

/* A style sheet belongs to the document through the Bundle's own link. */
static void join_links(struct run *run, struct groups *groups)
{
    const cJSON *list = json_get(groups->bundle->node->value, "link");
    for (const cJSON *link = cJSON_IsArray(list) ? list->child : NULL; link; link = link->next)
        join(run, groups, 0, json_get_text(link, "url"));
}

static void check_reached(struct run *run, const struct bundle *bundle)
{
    struct groups groups = { arena_array(run->scratch, bundle->count, sizeof(size_t)), bundle };
    for (size_t i = 0; i < bundle->count; i++)
        groups.head[i] = i;
    for (size_t i = 0; i < bundle->count; i++)
        join_all(run, &groups, i, bundle->entries[i].resource, 0);
    join_links(run, &groups);
    for (size_t i = 1; i < bundle->count; i++) {
        const struct bundle_entry *entry = &bundle->entries[i];
        if (head_of(&groups, i) == head_of(&groups, 0))
            continue;
        struct node at = item_of(bundle, "entry", entry->index, entry->entry);
        struct fault fault = { ISSUE_ENTRY_UNREACHED, STR(""), bundle->node->structure->url, NULL,
                               false };
        validator_run_raise(run, &at, fault, "'" STR_FMT "'", STR_ARG(entry->url));
    }
}

/* A style sheet that is named by a relative address is one of the entries. */
static void check_style_sheets(struct run *run, const struct bundle *bundle)
{
    const cJSON *list = json_get(bundle->node->value, "link");
    const cJSON *link = cJSON_IsArray(list) ? list->child : NULL;
    for (size_t index = 0; link; link = link->next, index++) {
        struct str url = json_get_text(link, "url");
        if (!str_is(json_get_text(link, "relation"), "stylesheet") || !url.len ||
            validator_url_is_absolute(url) ||
            validator_bundle_find(run, bundle, url, bundle->entries[0].url).count > 0)
            continue;
        struct node item = item_of(bundle, "link", index, link);
        struct node at = { .place = { &item.place, "url", NULL, -1,
                                      json_offset(json_get(link, "url")) } };
        struct fault fault = { ISSUE_REFERENCE_UNRESOLVED, STR(""), bundle->node->structure->url,
                               NULL, false };
        validator_run_raise(run, &at, fault, "'" STR_FMT "' is not in the bundle", STR_ARG(url));
    }
}

/* One reference of the Composition, or each of a list. */
static void check_included(struct run *run, const struct node *owner, const char *name)
{
    const cJSON *value = json_get(owner->value, name);
    const cJSON *item = cJSON_IsArray(value) ? value->child : value;
    for (int index = cJSON_IsArray(value) ? 0 : -1; item; item = item->next, index++) {
        struct node at = { .place = { &owner->place, name, NULL, index, json_offset(item) } };
        struct str text = json_get_text(item, "reference");
        struct fault fault = { ISSUE_REFERENCE_UNRESOLVED, STR(""),
                               run->bundle->node->structure->url, NULL, false };
        if (text.len && text.data[0] != '#' &&
            validator_bundle_find(run, run->bundle, text, run->bundle->entries[0].url).count == 0)
            validator_run_raise(run, &at, fault, "'" STR_FMT "' is not in the document",
                                STR_ARG(text));
        if (index < 0)
            break;
    }
}

/* The same in each item of a list, and in the lists of that name inside. */
static void check_list(struct run *run, const struct node *owner, const char *list_name,
                       const char *const *names, int depth)
{
    const cJSON *list = json_get(owner->value, list_name);
    const cJSON *item = cJSON_IsArray(list) ? list->child : NULL;
    for (int index = 0; item && depth < MOST_SECTION_DEPTH; item = item->next, index++) {
        struct node at = { .place = { &owner->place, list_name, NULL, index, json_offset(item) },
                           .value = item };
        for (size_t i = 0; names[i]; i++)
            check_included(run, &at, names[i]);
        check_list(run, &at, list_name, names, depth + 1);
    }
}

/* What the Composition refers to is in the document (R4 documents.html#content). */
static void check_composition(struct run *run, const struct bundle *bundle)
{
    static const char *const OWN[] = { "subject", "encounter", "author", "custodian" };
    static const struct {
        const char *name;
        const char *const parts[4];
    } LISTS[] = { { "attester", { "party" } },
                  { "event", { "detail" } },
                  { "section", { "author", "focus", "entry" } } };
    const struct bundle_entry *first = &bundle->entries[0];
    struct node entry = item_of(bundle, "entry", first->index, first->entry);
    struct node at = { .place = { &entry.place, "resource", NULL, -1,
                                  json_offset(first->resource) },
                       .value = first->resource };
    for (size_t i = 0; i < COUNT(OWN); i++)
        check_included(run, &at, OWN[i]);
    for (size_t i = 0; i < COUNT(LISTS); i++)
        check_list(run, &at, LISTS[i].name, LISTS[i].parts, 0);
}

void validator_bundle_check(struct run *run, const struct bundle *bundle)
{
    struct arena_mark mark = validator_run_mark(run);
    check_urls(run, bundle);
    check_links(run, bundle);
    bool is_document =
        str_is(bundle->type, "document") && bundle->count > 0 &&
        str_is(json_get_text(bundle->entries[0].resource, "resourceType"), "Composition");
    if (is_document) {
        check_composition(run, bundle);
        check_reached(run, bundle);
        check_style_sheets(run, bundle);
    }
    validator_run_reset(run, mark);
}
