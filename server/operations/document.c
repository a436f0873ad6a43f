/* document.c - Composition/[id]/$document: a composition with all that it refers to, as a document
 * (R4 composition-operation-document.html, documents.html). */
#include "server/operations/document.h"

#include "server/interactions/outcome.h"
#include "server/interactions/write.h"
#include "server/operations/parameters.h"
#include "server/operations/referred.h"
#include "server/store/uuid.h"

enum { DOCUMENT_MOST_ENTRIES = 1000 };

struct document {
    struct interaction *interaction;
    struct arena *arena;
    struct str id; /* of the Composition */
    bool is_kept;
    cJSON *bundle, *entries;
    size_t count, direct; /* of what is referred to: what the Composition itself names */
    struct referred referred;
};

static bool refuse(const struct document *document, const char *name, const char *why)
{
    return issue_add(&document->interaction->issues, NULL, ISSUE_PARAMETER_INVALID, "%s: %s", name,
                     why);
}

/* In the address, or else as the parameter id: an id, or the Composition's address here. */
static bool read_id(struct document *document, struct str asked)
{
    struct interaction *interaction = document->interaction;
    struct str base = str_print(document->arena, STR_FMT "/Composition/",
                                STR_ARG(interaction->service->base_url));
    document->id = interaction->at.id;
    if (document->id.len)
        return !asked.len || refuse(document, "id", "the address names the Composition already");
    document->id = str_starts(asked, base) ? str_slice(asked, base.len, asked.len) : asked;
    return route_is_id(document->id) ||
           refuse(document, "id", "the id of a Composition of this server is needed");
}

static bool read_inputs(struct document *document)
{
    struct interaction *interaction = document->interaction;
    const cJSON *asked = operation_inputs(interaction);
    if (!asked || !operation_flag(interaction, asked, "persist", &document->is_kept) ||
        !read_id(document, operation_text(asked, "id")))
        return false;
    if (operation_text(asked, "graph").len)
        return issue_add(&interaction->issues, NULL, ISSUE_NOT_IMPLEMENTED,
                         "graph: a document holds what its Composition refers to");
    if (document->is_kept && !str_is(interaction->request->method, "POST"))
        return refuse(document, "persist", "what stores the document is asked by POST");
    return !document->is_kept || interaction_may(interaction, STR("Bundle"), ACT_CREATE, NULL);
}

static cJSON *read_record(struct document *document, struct str type, struct str id,
                          enum outcome *outcome)
{
    struct interaction *interaction = document->interaction;
    struct store_version found = { 0 };
    *outcome = store_read(interaction->service->store, interaction->viewer, type, id, 0,
                          document->arena, &found);
    return *outcome == OUTCOME_OK ? json_parse(found.body, document->arena, &interaction->issues)
                                  : NULL;
}

static void add_entry(struct document *document, struct str type, struct str id, cJSON *resource)
{
    cJSON *entry = json_new_object(document->arena);
    struct str url =
        str_print(document->arena, STR_FMT "/" STR_FMT "/" STR_FMT,
                  STR_ARG(document->interaction->service->base_url), STR_ARG(type), STR_ARG(id));
    json_set(document->arena, entry, "fullUrl", json_new_string(document->arena, url));
    json_set(document->arena, entry, "resource", resource);
    json_add(document->entries, entry);
    document->count++;
}

/* "SHALL be included": what the Composition names, but for the documents that it relates to. */
static bool collect(struct document *document, const cJSON *composition)
{
    for (const cJSON *part = composition->child; part; part = part->next)
        if (strcmp(part->string, "relatesTo") != 0)
            referred_collect(&document->referred, part);
    document->direct = document->referred.count;
    return !document->referred.elsewhere.len ||
           issue_add(&document->interaction->issues, NULL, ISSUE_REFERENCE_NOT_FOUND,
                     STR_FMT " is not stored here", STR_ARG(document->referred.elsewhere));
}

static bool add_composition(struct document *document)
{
    struct interaction *interaction = document->interaction;
    struct str type = STR("Composition");
    enum outcome outcome;
    cJSON *composition = read_record(document, type, document->id, &outcome);
    if (!composition)
        return outcome_raise(
            &interaction->issues, outcome,
            str_print(document->arena, "Composition/" STR_FMT, STR_ARG(document->id)));
    referred_skip(&document->referred, type, document->id);
    add_entry(document, type, document->id, composition);
    return collect(document, composition);
}

/* What R4 puts into no patient's compartment supports others: practitioners, organizations,
 * medications. */
static bool is_supporting(const struct document *document, struct str type)
{
    size_t codes;
    definitions_patient_compartment(document->interaction->service->definitions, type, &codes);
    return codes == 0;
}

/* Whatever the Composition names must be there; further on, what supports it is added as far as it
 * is, and no other patient's records. */
static bool add_referred(struct document *document)
{
    struct interaction *interaction = document->interaction;
    for (size_t i = 0; i < document->referred.count; i++) {
        struct reference to = document->referred.all[i];
        enum outcome outcome;
        if (i >= document->direct && !is_supporting(document, to.type))
            continue;
        cJSON *resource = read_record(document, to.type, to.id, &outcome);
        if (!resource && i < document->direct)
            return issue_add(&interaction->issues, NULL, ISSUE_REFERENCE_NOT_FOUND,
                             STR_FMT "/" STR_FMT, STR_ARG(to.type), STR_ARG(to.id));
        if (!resource)
            continue;
        if (document->count == DOCUMENT_MOST_ENTRIES)
            return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                             "document-most-entries is %d", DOCUMENT_MOST_ENTRIES);
        add_entry(document, to.type, to.id, resource);
        referred_collect(&document->referred, resource);
    }
    return true;
}

static void begin_bundle(struct document *document)
{
    struct arena *arena = document->arena;
    cJSON *identifier = json_new_object(arena);
    struct str uuid = uuid_make(arena);
    document->bundle = json_new_object(arena);
    document->entries = json_new_array(arena);
    json_set(arena, identifier, "system", json_new_string(arena, STR("urn:ietf:rfc:3986")));
    json_set(arena, identifier, "value",
             json_new_string(arena, str_print(arena, "urn:uuid:" STR_FMT, STR_ARG(uuid))));
    json_set(arena, document->bundle, "resourceType", json_new_string(arena, STR("Bundle")));
    json_set(arena, document->bundle, "identifier", identifier);
    json_set(arena, document->bundle, "type", json_new_string(arena, STR("document")));
    json_set(arena, document->bundle, "timestamp",
             json_new_string(arena, interaction_now(document->interaction)));
    json_set(arena, document->bundle, "entry", document->entries);
}

static bool keep(struct document *document)
{
    struct interaction *interaction = document->interaction;
    struct write write = { .act = WRITE_CREATE,
                           .type = STR("Bundle"),
                           .if_version = STORE_ANY_VERSION,
                           .resource = document->bundle };
    struct write_set set = { .service = interaction->service,
                             .viewer = interaction->viewer,
                             .arena = document->arena,
                             .issues = &interaction->issues,
                             .writes = &write,
                             .count = 1,
                             .interaction = "operation" };
    if (!write_commit(&set))
        return false;
    http_answer_header(&interaction->answer, "Location",
                       str_print(document->arena, STR_FMT "/Bundle/" STR_FMT "/_history/1",
                                 STR_ARG(interaction->service->base_url),
                                 STR_ARG(write.chosen_id)));
    interaction_answer(interaction, 200, write.body);
    return true;
}

bool operations_document(struct interaction *interaction)
{
    struct document document = { .interaction = interaction, .arena = interaction->arena };
    if (!read_inputs(&document))
        return false;
    referred_init(&document.referred, interaction->service, interaction->arena);
    begin_bundle(&document);
    return add_composition(&document) && add_referred(&document) &&
           (document.is_kept ? keep(&document) : operation_answer(interaction, document.bundle));
}

/* Under an address of this server, since relative references only lead from there. */
bool document_answer(struct interaction *interaction, cJSON *composition)
{
    struct document document = { .interaction = interaction, .arena = interaction->arena };
    struct str id = uuid_make(interaction->arena);
    referred_init(&document.referred, interaction->service, interaction->arena);
    begin_bundle(&document);
    json_set_after(interaction->arena, composition, "resourceType", "id",
                   json_new_string(interaction->arena, id));
    add_entry(&document, STR("Composition"), id, composition);
    return collect(&document, composition) && add_referred(&document) &&
           operation_answer(interaction, document.bundle);
}
