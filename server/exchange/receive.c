/* receive.c - telling copies from other writes, and newer ones from older. */
#include "server/exchange/receive.h"

#include "server/security/registry.h"

static bool has_identifier(const cJSON *resource, struct str system, struct str value)
{
    const cJSON *identifier = json_get(resource, "identifier");
    const cJSON *each = cJSON_IsArray(identifier) ? identifier->child : identifier;
    for (; each; each = cJSON_IsArray(identifier) ? each->next : NULL)
        if (str_equal(json_get_text(each, "system"), system) &&
            str_equal(json_get_text(each, "value"), value))
            return true;
    return false;
}

bool receive_is_copy(const struct viewer *viewer, const cJSON *resource, uint64_t *version)
{
    struct str base = viewer->base, source = json_get_text(json_get(resource, "meta"), "source");
    if (base.len == 0 || !viewer->organization.len || !str_starts(source, base) ||
        source.len <= base.len || source.data[base.len] != '/')
        return false;
    struct str rest = str_slice(source, base.len + 1, source.len);
    size_t history = str_find_str(rest, STR("/_history/"), 0);
    struct str local = str_slice(rest, 0, history);
    struct str number = str_slice(rest, history + sizeof "/_history/" - 1, rest.len);
    struct str type = str_slice(local, 0, str_find(local, '/', 0));
    return str_to_u64(version, number) &&
           str_equal(type, json_get_text(resource, "resourceType")) &&
           has_identifier(resource, base, local);
}

static bool settle_copy(struct write_set *set, struct write *write, uint64_t version)
{
    write->owner = set->viewer->organization;
    bool is_there = write->found.version && !write->found.is_deleted;
    if (!is_there)
        return true;
    uint64_t stands;
    cJSON *kept = json_parse(write->found.body, set->arena, set->issues);
    if (!kept)
        return false;
    if (!str_equal(write->found.owner, set->viewer->organization) ||
        !receive_is_copy(set->viewer, kept, &stands))
        return issue_add(set->issues, write->at, ISSUE_NOT_OWNER,
                         STR_FMT "/" STR_FMT " is not a copy of that source", STR_ARG(write->type),
                         STR_ARG(write->chosen_id));
    write->is_pinned = true;
    if (version >= stands)
        return true;
    write->is_skipped = true;
    struct issue *issue = issue_raise(set->issues, write->at, ISSUE_SOURCE_VERSION_STALE,
                                      "version %llu is here, version %llu was sent",
                                      (unsigned long long)stands, (unsigned long long)version);
    issue_set_severity(set->issues, issue, SEVERITY_WARNING);
    return true;
}

bool receive_settle(struct write_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        struct write *write = &set->writes[i];
        uint64_t version;
        if (write->resource && write->act == WRITE_UPDATE &&
            receive_is_copy(set->viewer, write->resource, &version) &&
            !settle_copy(set, write, version))
            return false;
    }
    return true;
}

static bool is_ours_to_say(const struct write *write, struct str value)
{
    struct str type = str_cut(&value, '/');
    return str_equal(type, write->type) && str_equal(value, write->chosen_id);
}

bool receive_check_identifiers(struct write_set *set, const struct write *write,
                               const struct index_rows *index)
{
    const struct service *service = set->service;
    if (set->viewer->is_tester || set->viewer->is_server)
        return true;
    for (size_t i = 0; i < index->count; i++) {
        const struct index_row *row = &index->rows[i];
        if (row->kind != INDEX_TOKEN || !row->first.len || !str_is(row->parameter, "identifier"))
            continue;
        bool is_good = str_equal(row->first, service->base_url)
                           ? is_ours_to_say(write, row->second)
                           : !registry_is_others_base(service->registry, set->viewer, row->first);
        if (!is_good)
            return issue_add(set->issues, write->at, ISSUE_IDENTIFIER_FOREIGN, STR_FMT "|" STR_FMT,
                             STR_ARG(row->first), STR_ARG(row->second));
    }
    return true;
}
