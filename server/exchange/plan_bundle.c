/* plan_bundle.c - gathering what belongs to a plan, and making each record fit to travel. */
#include "server/exchange/plan_bundle.h"

#include <string.h>

#include "resources/base/map.h"
#include "resources/fhir/json/json.h"

enum { MOST_BUNDLE_BYTES = 128 << 20 };

/* Where a plan names what travels with it. */
static const struct {
    const char *element,
        *below;            /* below: the Reference inside each entry, or NULL when it is one */
    const char *only_type; /* NULL: any type */
} GATHERED[] = {
    { "subject", NULL, NULL },
    { "careTeam", NULL, NULL },
    { "goal", NULL, NULL },
    { "activity", "reference", NULL },
    { "supportingInfo", NULL, "QuestionnaireResponse" },
};

struct gathering {
    const struct service *service;
    const struct viewer *viewer;
    struct arena *arena;
    struct issues *issues;
    struct map taken; /* "Type/id" -> cJSON resource */
    cJSON *entries;   /* array of {fullUrl, resource, request} */
    size_t entry_count;
    struct str subject;
};

static bool is_local(struct str reference, struct str *type, struct str *id)
{
    size_t slash = str_find(reference, '/', 0);
    *type = str_slice(reference, 0, slash);
    *id = str_slice(reference, slash + 1, reference.len);
    if (id->len == 0 || type->len == 0 || type->data[0] < 'A' || type->data[0] > 'Z')
        return false;
    size_t history = str_find_str(*id, STR("/_history/"), 0);
    *id = str_slice(*id, 0, history);
    return str_find(*id, '/', 0) == id->len;
}

/* Local references inside a record become absolute, so that they mean the same everywhere. */
static void make_references_absolute(struct gathering *with, cJSON *item)
{
    struct str type, id;
    for (cJSON *child = item->child; child; child = child->next) {
        if (cJSON_IsObject(child) || cJSON_IsArray(child)) {
            make_references_absolute(with, child);
        } else if (child->string && cJSON_IsString(child) && !strcmp(child->string, "reference") &&
                   is_local(str_of(child->valuestring), &type, &id)) {
            struct str absolute =
                str_print(with->arena, STR_FMT "/" STR_FMT "/" STR_FMT,
                          STR_ARG(with->service->base_url), STR_ARG(type), STR_ARG(id));
            json_set_text(with->arena, child, absolute);
        }
    }
}

static void add_identifier(struct gathering *with, cJSON *resource, struct str type,
                           struct str local)
{
    struct arena *arena = with->arena;
    cJSON *identifier = json_new_object(arena);
    json_set(arena, identifier, "system", json_new_string(arena, with->service->base_url));
    json_set(arena, identifier, "value", json_new_string(arena, local));
    const struct structure *structure = definitions_type(with->service->definitions, type);
    const struct element *element =
        structure ? definitions_child(structure->root, STR("identifier"), NULL) : NULL;
    if (!element)
        return;
    if (element->base_max == 1) {
        json_set(arena, resource, "identifier", identifier);
        return;
    }
    cJSON *identifiers = json_get(resource, "identifier");
    if (!identifiers)
        identifiers = json_set(arena, resource, "identifier", json_new_array(arena));
    for (cJSON *each = identifiers->child; each; each = each->next)
        if (str_equal(json_get_text(each, "system"), with->service->base_url) &&
            str_equal(json_get_text(each, "value"), local))
            return;
    json_add(identifiers, identifier);
}

static void mark_source(struct gathering *with, cJSON *resource,
                        const struct store_version *version, struct str local)
{
    struct arena *arena = with->arena;
    cJSON *meta = json_get(resource, "meta");
    if (!meta)
        meta = json_set_after(arena, resource, "resourceType", "meta", json_new_object(arena));
    json_remove(meta, "versionId");
    json_remove(meta, "lastUpdated");
    struct str source =
        str_print(arena, STR_FMT "/" STR_FMT "/_history/%llu", STR_ARG(with->service->base_url),
                  STR_ARG(local), (unsigned long long)version->version);
    json_set(arena, meta, "source", json_new_string(arena, source));
    json_remove(resource, "id");
}

static bool add_entry(struct gathering *with, const struct store_version *version, struct str local)
{
    struct arena *arena = with->arena;
    if (++with->entry_count > PLAN_BUNDLE_MOST_ENTRIES)
        return issue_add(with->issues, NULL, ISSUE_TOO_COSTLY,
                         "the plan brings more than %d records with it", PLAN_BUNDLE_MOST_ENTRIES);
    cJSON *resource = json_parse(version->body, arena, with->issues);
    if (!resource)
        return false;
    mark_source(with, resource, version, local);
    make_references_absolute(with, resource);
    add_identifier(with, resource, version->type, local);
    cJSON *entry = json_new_object(arena), *request = json_new_object(arena);
    struct str full_url =
        str_print(arena, STR_FMT "/" STR_FMT, STR_ARG(with->service->base_url), STR_ARG(local));
    struct str url =
        str_print(arena, STR_FMT "?identifier=" STR_FMT "%%7C" STR_FMT, STR_ARG(version->type),
                  STR_ARG(with->service->base_url), STR_ARG(local));
    json_set(arena, entry, "fullUrl", json_new_string(arena, full_url));
    json_set(arena, entry, "resource", resource);
    json_set(arena, request, "method", json_new_string(arena, STR("PUT")));
    json_set(arena, request, "url", json_new_string(arena, url));
    json_set(arena, entry, "request", request);
    json_add(with->entries, entry);
    map_set(&with->taken, local, resource);
    return true;
}

static bool may_read(struct gathering *with, struct str type)
{
    if (viewer_may(with->viewer, type, ACT_READ))
        return true;
    return issue_add(with->issues, NULL, ISSUE_SCOPE_MISSING,
                     "to send the plan with what belongs to it, the scope system/" STR_FMT
                     ".r is needed",
                     STR_ARG(type));
}

/* Reads a record by its reference and adds it; what is not there, not seen, or another party's copy
 * stays a reference. */
static bool take(struct gathering *with, struct str reference)
{
    struct str type, id;
    if (!is_local(reference, &type, &id) ||
        !definitions_is_resource_type(with->service->definitions, type))
        return true;
    struct str local = str_print(with->arena, STR_FMT "/" STR_FMT, STR_ARG(type), STR_ARG(id));
    if (map_find(&with->taken, local))
        return true;
    if (!may_read(with, type))
        return false;
    struct store_version version;
    enum outcome outcome =
        store_read(with->service->store, with->viewer, type, id, 0, with->arena, &version);
    if (outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_GONE)
        return true;
    if (outcome != OUTCOME_OK)
        return issue_add(with->issues, NULL, ISSUE_STORE_FAILED, "reading " STR_FMT,
                         STR_ARG(local));
    return version.owner.len > 0 || add_entry(with, &version, local);
}

static bool take_reference(struct gathering *with, const cJSON *reference, const char *only_type)
{
    struct str text = json_get_text(reference, "reference");
    if (only_type && !str_is(str_slice(text, 0, str_find(text, '/', 0)), only_type))
        return true;
    return text.len == 0 || take(with, text);
}

static bool gather_from_plan(struct gathering *with, const cJSON *plan)
{
    for (size_t i = 0; i < COUNT(GATHERED); i++) {
        const cJSON *element = json_get(plan, GATHERED[i].element);
        const cJSON *each = cJSON_IsArray(element) ? element->child : element;
        for (; each; each = cJSON_IsArray(element) ? each->next : NULL) {
            const cJSON *reference = GATHERED[i].below ? json_get(each, GATHERED[i].below) : each;
            if (!take_reference(with, reference, GATHERED[i].only_type))
                return false;
        }
    }
    return true;
}

static bool gather_consents(struct gathering *with)
{
    if (with->subject.len == 0)
        return true;
    if (!may_read(with, STR("Consent")))
        return false;
    struct search_pair pairs[] = { { STR("patient"), with->subject },
                                   { STR("status"), STR("active") },
                                   { STR("_count"), STR("1000") } };
    struct search_plan plan;
    struct store_page page;
    const struct search_context context = service_search_context(with->service);
    if (!search_parse(&plan, STR("Consent"), pairs, COUNT(pairs), &context, with->arena,
                      with->issues))
        return false;
    if (store_search(with->service->store, with->viewer, &plan, 0, STR(""), with->arena, &page) !=
        OUTCOME_OK)
        return issue_add(with->issues, NULL, ISSUE_STORE_FAILED, "searching consents");
    if (page.has_more)
        return issue_add(with->issues, NULL, ISSUE_TOO_COSTLY,
                         "the member has more than 1000 consents");
    for (size_t i = 0; i < page.count; i++) {
        struct str local = str_print(with->arena, "Consent/" STR_FMT, STR_ARG(page.versions[i].id));
        if (page.versions[i].owner.len == 0 && !map_find(&with->taken, local) &&
            !add_entry(with, &page.versions[i], local))
            return false;
    }
    return true;
}

static struct str print_bundle(struct gathering *with)
{
    struct arena *arena = with->arena;
    cJSON *bundle = json_new_object(arena);
    json_set(arena, bundle, "resourceType", json_new_string(arena, STR("Bundle")));
    json_set(arena, bundle, "type", json_new_string(arena, STR("transaction")));
    json_set(arena, bundle, "entry", with->entries);
    struct buf text;
    buf_init(&text, arena, MOST_BUNDLE_BYTES);
    json_print(&text, bundle);
    if (text.is_over) {
        issue_add(with->issues, NULL, ISSUE_TOO_LARGE, "the delivery is larger than %d bytes",
                  MOST_BUNDLE_BYTES);
        return (struct str){ NULL, 0 };
    }
    return buf_str(&text);
}

bool plan_bundle_make(struct plan_bundle *out, const struct service *service,
                      const struct viewer *viewer, const struct store_version *plan,
                      struct arena *arena, struct issues *issues)
{
    struct gathering with = { .service = service,
                              .viewer = viewer,
                              .arena = arena,
                              .issues = issues,
                              .entries = json_new_array(arena) };
    map_init(&with.taken, arena);
    cJSON *tree = json_parse(plan->body, arena, issues);
    if (!tree)
        return false;
    with.subject = json_get_text(json_get(tree, "subject"), "reference");
    struct str local =
        str_print(arena, STR_FMT "/" STR_FMT, STR_ARG(plan->type), STR_ARG(plan->id));
    if (!add_entry(&with, plan, local) || !gather_from_plan(&with, tree) || !gather_consents(&with))
        return false;
    struct str text = print_bundle(&with);
    *out = (struct plan_bundle){ text, with.subject, with.entry_count };
    return text.len > 0;
}
