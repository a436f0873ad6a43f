/* transaction.c - a transaction Bundle: its entries become one set of writes, its answer a Bundle.
 */
#include "server/interactions/transaction.h"

#include <openssl/evp.h>

#include "resources/base/map.h"
#include "server/interactions/change.h"
#include "server/interactions/entry.h"
#include "server/interactions/outcome.h"
#include "server/interactions/patch.h"
#include "server/interactions/references.h"

enum { MOST_KEY = 64 };
#define KEY_LIFE_US (30LL * 24 * 3600 * 1000000)

/* One entry: a write among the others, or a GET and what it got. */
struct part {
    struct entry entry;
    struct write *write; /* NULL: a GET */
    struct bundle_response got;
};
struct transaction {
    struct interaction *interaction;
    struct arena *arena;
    struct issues *issues;
    struct part *parts;
    size_t count;
    struct references *references;
    struct write_set set;
    struct write_extras extras; /* the caller's */
};

/* R4: "DELETE, POST, PUT/PATCH, GET". */
static const struct {
    interaction_function run;
    enum write_act act;
} ORDER[] = {
    { interactions_delete, WRITE_DELETE },
    { interactions_create, WRITE_CREATE },
    { interactions_update, WRITE_UPDATE },
    { interactions_patch, WRITE_PATCH },
};

static bool refuse(const struct transaction *transaction, const struct entry *entry,
                   const char *why, struct str what)
{
    return issue_add(transaction->issues, &entry->place, ISSUE_TRANSACTION_INVALID,
                     "%s: '" STR_FMT "'", why, STR_ARG(what));
}

/* Whether the viewer may do each thing, before any of the resources is looked into. */
static bool read_entries(struct transaction *transaction, const cJSON *bundle)
{
    const cJSON *list = json_get(bundle, "entry");
    size_t most = transaction->interaction->service->most_entries;
    transaction->count = json_count(list);
    if (transaction->count > most)
        return issue_add(transaction->issues, NULL, ISSUE_TOO_LARGE, "most-entries is %zu", most);
    transaction->parts =
        arena_array(transaction->arena, transaction->count, sizeof *transaction->parts);
    cJSON *item = list ? list->child : NULL;
    for (size_t i = 0; i < transaction->count; i++, item = item->next) {
        struct entry *entry = &transaction->parts[i].entry;
        if (!entry_read(entry, item, (int)i, transaction->interaction) ||
            !interaction_may(transaction->interaction, entry->at.type, entry_acts(entry),
                             &entry->place))
            return false;
    }
    return true;
}

/* Gives the record of an entry its names: full URL, or (without one) the address that its id makes;
 * and its condition, so that other entries can refer to it the same way. */
static bool name_entry(struct transaction *transaction, const struct part *part, struct str sent_id)
{
    struct references *references = transaction->references;
    const struct entry *entry = &part->entry;
    const struct search_plan *condition = part->write->condition;
    struct str type = entry->at.type, name = entry->full_url;
    if (!name.len && sent_id.len)
        name = str_print(transaction->arena, STR_FMT "/" STR_FMT "/" STR_FMT,
                         STR_ARG(transaction->interaction->service->base_url), STR_ARG(type),
                         STR_ARG(sent_id));
    if (name.len && !references_name(references, name, part->write))
        return refuse(transaction, entry, "two entries have this address", name);
    if (!condition)
        return true;
    struct str canonical =
        str_print(transaction->arena, STR_FMT "?" STR_FMT, STR_ARG(type), STR_ARG(condition->self));
    if (!references_name(references, canonical, part->write))
        return refuse(transaction, entry, "two entries have this condition", canonical);
    struct str asked = part->write->act == WRITE_CREATE
                           ? json_get_text(entry->request, "ifNoneExist")
                           : entry->query;
    references_name(
        references,
        str_print(transaction->arena, STR_FMT "?" STR_FMT, STR_ARG(type), STR_ARG(asked)),
        part->write);
    return true;
}

static bool read_preconditions(struct transaction *transaction, const struct entry *entry,
                               struct write *write)
{
    struct str match = json_get_text(entry->request, "ifMatch");
    struct str none_match = json_get_text(entry->request, "ifNoneMatch");
    struct str condition =
        write->act == WRITE_CREATE ? json_get_text(entry->request, "ifNoneExist") : entry->query;
    write->if_version = STORE_ANY_VERSION;
    if (match.len && !headers_parse_etag(&write->if_version, match))
        return refuse(transaction, entry, "ifMatch must be one version", match);
    if (none_match.len && !str_is(none_match, "*"))
        return refuse(transaction, entry, "ifNoneMatch of a change must be *", none_match);
    write->must_be_new = none_match.len > 0;
    if (write->id.len ? condition.len : write->act != WRITE_CREATE && !condition.len)
        return refuse(transaction, entry, "an id or a condition is needed, not both", entry->path);
    if (condition.len)
        write->condition =
            write_condition(transaction->interaction->service, write->type, condition,
                            &entry->place, transaction->arena, transaction->issues);
    return !condition.len || write->condition;
}

static bool read_resource(struct transaction *transaction, const struct entry *entry,
                          struct write *write, struct str *sent_id)
{
    struct str type = json_get_text(entry->resource, "resourceType");
    *sent_id = json_get_text(entry->resource, "id");
    if (write->act == WRITE_DELETE)
        return true;
    if (write->act == WRITE_PATCH) {
        const struct patch *patch =
            patch_of_entry(entry->resource, &entry->place, transaction->arena, transaction->issues);
        *sent_id = write->id;
        patch_prepare(write, patch);
        return patch != NULL;
    }
    if (!cJSON_IsObject(entry->resource) || !type.len)
        return refuse(transaction, entry, "a resource is needed", entry->path);
    if (!str_equal(type, entry->at.type))
        return issue_add(transaction->issues, &entry->place, ISSUE_TYPE_IN_URL,
                         "a " STR_FMT " for " STR_FMT, STR_ARG(type), STR_ARG(entry->at.type));
    if (write->id.len && !str_equal(*sent_id, write->id))
        return issue_add(transaction->issues, &entry->place, ISSUE_ID_MISMATCH,
                         "the url says " STR_FMT ", the resource '" STR_FMT "'", STR_ARG(write->id),
                         STR_ARG(*sent_id));
    if (write->act == WRITE_CREATE)
        json_remove(entry->resource, "id");
    write->resource = entry->resource;
    return true;
}

static bool make_write(struct transaction *transaction, struct part *part, enum write_act act)
{
    struct str sent_id;
    const struct entry *entry = &part->entry;
    struct write *write = &transaction->set.writes[transaction->set.count++];
    *write = (struct write){
        .act = act, .type = entry->at.type, .id = entry->at.id, .at = &entry->place
    };
    part->write = write;
    if (!read_preconditions(transaction, entry, write) ||
        !read_resource(transaction, entry, write, &sent_id))
        return false;
    return act == WRITE_DELETE || name_entry(transaction, part, sent_id);
}

/* The writes in R4's order, whatever the order of the entries. */
static bool make_writes(struct transaction *transaction)
{
    transaction->set.writes =
        arena_array(transaction->arena, transaction->count, sizeof *transaction->set.writes);
    for (size_t k = 0; k < COUNT(ORDER); k++)
        for (size_t i = 0; i < transaction->count; i++)
            if (transaction->parts[i].entry.at.route->run == ORDER[k].run &&
                !make_write(transaction, &transaction->parts[i], ORDER[k].act))
                return false;
    return true;
}

static bool may_search(void *context, struct str type, const struct place *at)
{
    struct transaction *transaction = context;
    return interaction_may(transaction->interaction, type, ACT_SEARCH, at);
}

/* All links are collected before any is rewritten; conditional references are searches, and the
 * viewer needs the scope for them. */
static bool collect_references(struct transaction *transaction)
{
    for (size_t i = 0; i < transaction->count; i++) {
        const struct part *part = &transaction->parts[i];
        const struct entry *entry = &part->entry;
        if (part->write && part->write->resource)
            references_collect(transaction->references, entry->resource, entry->full_url,
                               &entry->place);
    }
    return references_each_condition(transaction->references, transaction, may_search);
}

/* R4: "If any resource identities overlap, the transaction SHALL fail." A conditional create that
 * found its record changes nothing, so two of them may have found the same. */
static bool check_identities(struct transaction *transaction, const struct write_set *set)
{
    struct map seen;
    map_init(&seen, transaction->arena);
    for (size_t i = 0; i < set->count; i++) {
        struct write *write = &set->writes[i];
        if (!write->chosen_id.len || write->result == WRITE_MATCHED)
            continue;
        struct str identity = str_print(transaction->arena, STR_FMT "/" STR_FMT,
                                        STR_ARG(write->type), STR_ARG(write->chosen_id));
        if (map_set(&seen, identity, write))
            return issue_add(transaction->issues, write->at, ISSUE_TRANSACTION_INVALID,
                             STR_FMT " is changed by two entries", STR_ARG(identity));
    }
    return true;
}

/* What a patch has made is there only now, and is another tree on each try. */
static bool collect_patched(struct transaction *transaction, const struct write_set *set)
{
    references_forget(transaction->references);
    for (size_t i = 0; i < set->count; i++)
        if (set->writes[i].change)
            references_collect_again(transaction->references, set->writes[i].resource,
                                     set->writes[i].at);
    return references_each_condition(transaction->references, transaction, may_search);
}

static bool settle(void *context, struct write_set *set)
{
    struct transaction *transaction = context;
    return check_identities(transaction, set) && collect_patched(transaction, set) &&
           references_rewrite(transaction->references, set) &&
           (!transaction->extras.settle ||
            transaction->extras.settle(transaction->extras.context, set));
}

static bool is_written_here(const struct transaction *transaction, const struct entry *entry)
{
    for (size_t i = 0; i < transaction->set.count; i++)
        if (entry->at.id.len && str_equal(transaction->set.writes[i].id, entry->at.id) &&
            str_equal(transaction->set.writes[i].type, entry->at.type))
            return true;
    return false;
}

/* A GET that fails makes the transaction fail, so what can be told of it is asked before anything
 * is stored. */
static bool probe_gets(struct transaction *transaction)
{
    for (size_t i = 0; i < transaction->count; i++) {
        const struct part *part = &transaction->parts[i];
        const struct entry *entry = &part->entry;
        struct issues found;
        if (part->write)
            continue;
        if (transaction->extras.idempotency.key.len)
            return refuse(transaction, entry, "no GET together with an Idempotency-Key",
                          entry->path);
        if (is_written_here(transaction, entry) ||
            entry_probe(entry, transaction->interaction, &found))
            continue;
        for (struct issue *issue = found.first; issue; issue = issue->next)
            issue_add(transaction->issues, &entry->place, issue->id, STR_FMT,
                      STR_ARG(issue->diagnostics));
        return false;
    }
    return true;
}

/* R4 puts GET last: it sees what the others have done. What fails only now (a search that is too
 * much work, say) is that entry's answer. */
static void run_gets(struct transaction *transaction)
{
    struct issues found;
    for (size_t i = 0; i < transaction->count; i++)
        if (!transaction->parts[i].write)
            entry_run(&transaction->parts[i].entry, transaction->interaction,
                      &transaction->parts[i].got, &found);
}

static void answer_write(const struct transaction *transaction, struct bundle *bundle,
                         const struct write *write, enum headers_return prefer)
{
    static const int STATUSES[] = { [WRITE_CREATED] = 201,
                                    [WRITE_UPDATED] = 200,
                                    [WRITE_DELETED] = 204,
                                    [WRITE_MATCHED] = 200,
                                    [WRITE_ABSENT] = 204 };
    struct str base_url = transaction->interaction->service->base_url;
    struct bundle_response response = { .status = entry_status(STATUSES[write->result]) };
    struct str url = str_print(bundle->arena, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(base_url),
                               STR_ARG(write->type), STR_ARG(write->chosen_id));
    if (write->result != WRITE_DELETED && write->result != WRITE_ABSENT)
        response.location = str_print(bundle->arena, STR_FMT "/_history/%llu", STR_ARG(url),
                                      (unsigned long long)write->version);
    if (write->version) {
        response.etag = headers_print_etag(write->version, bundle->arena);
        response.updated_us = write->updated_us;
    }
    if (prefer == RETURN_REPRESENTATION && write->body.len) {
        response.full_url = url;
        response.resource = write->body;
    }
    if (prefer == RETURN_OUTCOME) {
        struct issues none;
        issues_init(&none, bundle->arena, (struct str){ 0 });
        response.outcome = outcome_print(&none);
    }
    bundle_response(bundle, &response);
}

static bool print(const struct transaction *transaction, enum headers_return prefer,
                  struct arena *arena, struct str *json)
{
    struct bundle bundle;
    bundle_begin(&bundle, "transaction-response", transaction->interaction->service->base_url,
                 arena);
    for (size_t i = 0; i < transaction->count; i++) {
        const struct part *part = &transaction->parts[i];
        if (part->write)
            answer_write(transaction, &bundle, part->write, prefer);
        else
            bundle_response(&bundle, &part->got);
    }
    return bundle_end(&bundle, json);
}

/* The kept answer has no resources in it, so that it is small and quick to make. */
static struct str print_kept(void *context, const struct write_set *set, struct arena *arena)
{
    struct str json = { 0 };
    (void)set;
    print(context, RETURN_MINIMAL, arena, &json);
    return json;
}

static const char *advice(struct str type)
{
    static const struct {
        const char *type, *advice;
    } ADVICES[] = { { "document", ": a document is stored whole by POST to /Bundle" },
                    { "message",
                      ": no message is processed here; POST to /Bundle stores it whole" },
                    { "collection", ": a collection is stored whole by POST to /Bundle" } };
    for (size_t i = 0; i < COUNT(ADVICES); i++)
        if (str_is(type, ADVICES[i].type))
            return ADVICES[i].advice;
    return "";
}

static bool begin(struct transaction *transaction, cJSON *bundle)
{
    struct str resource = json_get_text(bundle, "resourceType");
    struct str type = json_get_text(bundle, "type");
    if (!str_is(resource, "Bundle") || !str_is(type, "transaction"))
        return issue_add(transaction->issues, NULL, ISSUE_TRANSACTION_INVALID,
                         "a Bundle of type transaction or batch is expected, not " STR_FMT
                         " '" STR_FMT "'%s",
                         STR_ARG(resource), STR_ARG(type), advice(type));
    return read_entries(transaction, bundle) && make_writes(transaction) &&
           collect_references(transaction) && probe_gets(transaction);
}

static bool answer(struct transaction *transaction)
{
    struct interaction *interaction = transaction->interaction;
    bool is_kept = transaction->extras.idempotency.key.len > 0;
    struct str json = transaction->set.replayed;
    if (!transaction->set.is_replayed) {
        run_gets(transaction);
        if (!print(transaction, is_kept ? RETURN_MINIMAL : interaction->prefer, transaction->arena,
                   &json))
            return issue_add(transaction->issues, NULL, ISSUE_TOO_COSTLY,
                             "it was stored, but the answer is too large: Prefer return=minimal");
    }
    interaction_answer(interaction, 200, json);
    return true;
}

bool transaction_run(struct interaction *interaction, cJSON *bundle,
                     const struct write_extras *extras)
{
    struct transaction transaction = { .interaction = interaction,
                                       .arena = interaction->arena,
                                       .issues = &interaction->issues };
    transaction.references = references_open(interaction->service, interaction->arena);
    if (extras)
        transaction.extras = *extras;
    transaction.set = (struct write_set){ .service = interaction->service,
                                          .viewer = interaction->viewer,
                                          .arena = interaction->arena,
                                          .issues = &interaction->issues,
                                          .extras = transaction.extras,
                                          .interaction = "transaction" };
    transaction.set.extras.settle = settle;
    transaction.set.extras.context = &transaction;
    transaction.set.extras.answer = print_kept;
    transaction.set.extras.answer_context = &transaction;
    return begin(&transaction, bundle) && write_commit(&transaction.set) && answer(&transaction);
}

bool transaction_idempotency(struct interaction *interaction, struct write_extras *extras)
{
    struct str key = http_header(interaction->request, "Idempotency-Key");
    struct str body = interaction->request->body;
    if (!key.len)
        return true;
    if (!route_is_id(key) || key.len > MOST_KEY)
        return issue_add(&interaction->issues, NULL, ISSUE_HEADER_INVALID,
                         "Idempotency-Key must be 1 to %d of A-Z a-z 0-9 - .", MOST_KEY);
    extras->idempotency = (struct store_idempotency){
        .client = interaction->viewer->client,
        .key = key,
        .expires_us = interaction->service->now_us() + KEY_LIFE_US,
    };
    if (EVP_Digest(body.data, body.len, extras->idempotency.body_sha256, NULL, EVP_sha256(),
                   NULL) != 1)
        return issue_add(&interaction->issues, NULL, ISSUE_INTERNAL, "no digest");
    return true;
}

bool interactions_transaction(struct interaction *interaction)
{
    struct write_extras extras = { 0 };
    if (!interaction_no_query(interaction) || !change_no_provenance(interaction) ||
        !transaction_idempotency(interaction, &extras))
        return false;
    cJSON *bundle = interaction_resource(interaction, (struct str){ 0 });
    if (!bundle)
        return false;
    bool is_batch = str_is(json_get_text(bundle, "type"), "batch");
    if (is_batch && extras.idempotency.key.len)
        return issue_add(&interaction->issues, NULL, ISSUE_HEADER_INVALID,
                         "an Idempotency-Key belongs to a transaction");
    return is_batch ? interactions_batch(interaction, bundle)
                    : transaction_run(interaction, bundle, &extras);
}
