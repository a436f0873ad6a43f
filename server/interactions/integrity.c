/* integrity.c - collects the references of what is written and the referrers of what is deleted. */
#include "server/interactions/integrity.h"

#include "resources/base/map.h"
#include "resources/fhir/node.h"
#include "resources/fhir/types/reference.h"
#include "server/interactions/outcome.h"

enum { MOST_DEPTH = JSON_MOST_DEPTH + 10, MOST_REFERRERS_READ = 1000 };

/* A commit under way. known: "Type/id" of all references found to be good. */
struct checking {
    struct write_set *set; /* NULL: references are only collected */
    struct definitions *definitions;
    struct str base_url;
    struct arena *arena;
    struct map own;    /* "Type/id" -> the write that decides on it */
    struct map known;  /* "Type/id" -> anything */
    uint64_t snapshot; /* the last commit before all that is read here */
    struct store_tie *ties;
    size_t tie_count, tie_room;
    enum outcome outcome;
};

/* The references of one record. */
struct collecting {
    struct checking *checking;
    struct issues *issues;
    struct map seen;
    struct str *links;
    size_t count, room;
};

static void add_tie(struct checking *checking, struct str target, bool is_deleted)
{
    checking->ties = arena_grow(checking->arena, checking->ties, checking->tie_count,
                                &checking->tie_room, 8, sizeof *checking->ties);
    checking->ties[checking->tie_count++] =
        (struct store_tie){ target, is_deleted, checking->snapshot, checking->set->viewer };
}

/* Whether a reference is to a record of this server. */
static bool is_ours(const struct checking *checking, const struct reference *reference)
{
    bool is_local =
        reference->kind == REFERENCE_RELATIVE ||
        (reference->kind == REFERENCE_ABSOLUTE && str_equal(reference->base, checking->base_url));
    return is_local && reference->id.len &&
           definitions_is_resource_type(checking->definitions, reference->type);
}

/* Reads the record, or the version, that a reference leads to outside of the commit. */
static bool is_there(struct checking *checking, const struct reference *reference)
{
    struct store_version found;
    uint64_t version = 0;
    if (reference->version.len && (!str_to_u64(&version, reference->version) || !version))
        return false;
    enum outcome outcome =
        store_read(checking->set->service->store, checking->set->viewer, reference->type,
                   reference->id, version, checking->arena, &found);
    if (outcome != OUTCOME_NOT_FOUND && outcome != OUTCOME_GONE && outcome != OUTCOME_OK)
        checking->outcome = outcome;
    return outcome == OUTCOME_OK;
}

static bool is_good(struct checking *checking, const struct reference *reference, struct str target)
{
    const struct write *own = map_find(&checking->own, target);
    if (own && own->is_numbered &&
        str_equal(reference->version,
                  str_print(checking->arena, "%llu", (unsigned long long)own->found.version + 1)))
        return true; /* references.c: the version that this commit makes */
    if (own && !reference->version.len && own->result != WRITE_MATCHED)
        return own->result != WRITE_DELETED && own->result != WRITE_ABSENT;
    if (!reference->version.len && map_find(&checking->known, target))
        return true;
    if (!is_there(checking, reference))
        return false;
    if (!reference->version.len) {
        map_set(&checking->known, target, checking);
        add_tie(checking, target, false);
    }
    return true;
}

static void take_reference(struct collecting *collecting, const struct node *node)
{
    struct checking *checking = collecting->checking;
    struct reference reference = reference_parse(json_text(node->value));
    if (!is_ours(checking, &reference))
        return;
    struct str target = str_print(checking->arena, STR_FMT "/" STR_FMT, STR_ARG(reference.type),
                                  STR_ARG(reference.id));
    if (checking->set && !is_good(checking, &reference, target)) {
        issue_add(collecting->issues, &node->place, ISSUE_REFERENCE_NOT_FOUND, STR_FMT,
                  STR_ARG(json_text(node->value)));
        return;
    }
    if (reference.version.len || map_set(&collecting->seen, target, checking))
        return;
    collecting->links = arena_grow(checking->arena, collecting->links, collecting->count,
                                   &collecting->room, 8, sizeof *collecting->links);
    collecting->links[collecting->count++] = target;
}

/* Most of a record has no reference in it: that is seen without its definitions. */
static bool may_hold_reference(const cJSON *property)
{
    if (property->string && !strcmp(property->string, "reference"))
        return true;
    for (const cJSON *child = property->child; child; child = child->next)
        if (may_hold_reference(child))
            return true;
    return false;
}

static void walk(struct collecting *collecting, const struct node *parent, int depth)
{
    struct node_walk children;
    struct node child;
    if (depth > MOST_DEPTH)
        return;
    node_walk_init(&children, parent, NULL, collecting->checking->definitions);
    children.wants = may_hold_reference;
    while (node_walk_next(&children, &child)) {
        bool is_reference = cJSON_IsString(child.value) && str_is(node_type(parent), "Reference") &&
                            str_is(str_of(child.place.name), "reference");
        bool is_bundle = child.resource == &child && str_is(node_type(&child), "Bundle");
        if (is_reference)
            take_reference(collecting, &child);
        else if (!is_bundle)
            walk(collecting, &child, depth + 1);
    }
}

void integrity_links(struct str **links, size_t *count, const cJSON *resource,
                     struct definitions *definitions, struct str base_url, struct arena *arena)
{
    struct checking checking = { .definitions = definitions, .base_url = base_url, .arena = arena };
    struct collecting collecting = { .checking = &checking };
    struct node root;
    map_init(&collecting.seen, arena);
    if (node_root(&root, resource, definitions))
        walk(&collecting, &root, 0);
    *links = collecting.links;
    *count = collecting.count;
}

static bool check_write(struct checking *checking, struct write *write)
{
    struct issues found;
    struct node root;
    struct collecting collecting = { .checking = checking, .issues = &found };
    struct write_set *set = checking->set;
    issues_init(&found, set->arena, write->change ? (struct str){ 0 } : set->issues->source);
    map_init(&collecting.seen, set->arena);
    if (!node_root(&root, write->resource, set->service->definitions))
        return true; /* the validator says so */
    walk(&collecting, &root, 0);
    write->links = collecting.links;
    write->link_count = collecting.count;
    if (found.errors)
        write_move_issues(set->issues, &found, write->at);
    return !found.errors;
}

static bool has_link(const struct write *write, struct str target)
{
    for (size_t i = 0; i < write->link_count; i++)
        if (str_equal(write->links[i], target))
            return true;
    return false;
}

/* A referrer that this commit itself changes counts as it will be. */
static bool is_held(const struct checking *checking, const struct store_version *by,
                    struct str target)
{
    struct str name =
        str_print(checking->arena, STR_FMT "/" STR_FMT, STR_ARG(by->type), STR_ARG(by->id));
    const struct write *own = map_find(&checking->own, name);
    if (!own || own->result == WRITE_MATCHED || own->is_skipped)
        return true;
    return own->resource && has_link(own, target);
}

static bool check_deletion(struct checking *checking, const struct write *write)
{
    struct write_set *set = checking->set;
    struct store_page found = { 0 };
    struct str target =
        str_print(set->arena, STR_FMT "/" STR_FMT, STR_ARG(write->type), STR_ARG(write->chosen_id));
    enum outcome outcome = store_referrers(set->service->store, set->viewer, target,
                                           MOST_REFERRERS_READ, set->arena, &found);
    if (outcome != OUTCOME_OK)
        return outcome_raise(set->issues, outcome, target);
    for (size_t i = 0; i < found.count; i++)
        if (is_held(checking, &found.versions[i], target))
            return issue_add(set->issues, write->at, ISSUE_REFERENCED,
                             STR_FMT " is referred to by " STR_FMT "/" STR_FMT, STR_ARG(target),
                             STR_ARG(found.versions[i].type), STR_ARG(found.versions[i].id));
    add_tie(checking, target, true);
    return true;
}

static void name_writes(struct checking *checking)
{
    struct write_set *set = checking->set;
    for (size_t i = 0; i < set->count + set->derived_count; i++) {
        struct write *write = write_at(set, i);
        if (write->chosen_id.len)
            map_set(&checking->own,
                    str_print(set->arena, STR_FMT "/" STR_FMT, STR_ARG(write->type),
                              STR_ARG(write->chosen_id)),
                    write);
    }
}

bool integrity_check(struct write_set *set, struct store_commit *commit)
{
    struct checking checking = { .set = set,
                                 .definitions = set->service->definitions,
                                 .base_url = set->service->base_url,
                                 .arena = set->arena };
    bool is_good = true;
    if (!set->service->has_integrity)
        return true;
    checking.snapshot = store_commit_number(set->service->store);
    map_init(&checking.own, set->arena);
    map_init(&checking.known, set->arena);
    name_writes(&checking);
    size_t count = set->count + set->derived_count;
    for (size_t i = 0; i < count; i++) {
        struct write *write = write_at(set, i);
        if (write->resource && write_is_written(write) && !check_write(&checking, write))
            is_good = false;
    }
    for (size_t i = 0; is_good && i < count; i++) {
        const struct write *write = write_at(set, i);
        if (write->result == WRITE_DELETED && write_is_written(write))
            is_good = check_deletion(&checking, write);
    }
    if (checking.outcome != OUTCOME_OK)
        return outcome_raise(set->issues, checking.outcome, STR("references"));
    commit->ties = checking.ties;
    commit->tie_count = checking.tie_count;
    return is_good;
}
