/* merge.c - Patient/$merge: two patients become one, as R5 describes it (R5
 * patient-operation-merge.html), on R4's records. */
#include "server/operations/merge.h"

#include "server/interactions/fence.h"
#include "server/interactions/outcome.h"
#include "server/operations/parameters.h"

/* Others may write what refers to the source between finding it and moving it. */
enum { MOST_TRIES = 8, MOST_IDENTIFIERS = 32, MOST_CANDIDATES = 16 };

static bool refuse(struct interaction *interaction, enum issue_id id, const char *name,
                   const char *why)
{
    return issue_add(&interaction->issues, NULL, id, "%s: %s", name, why);
}

/* What a query gives a meaning to stands behind a backslash. */
static void add_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("\\,|$", text.data[i]))
            buf_add_char(out, '\\');
        buf_add_char(out, text.data[i]);
    }
}

static struct search_pair pair_of(struct interaction *interaction, const cJSON *identifier)
{
    struct str system = json_get_text(identifier, "system"),
               value = json_get_text(identifier, "value");
    struct buf out;
    buf_init(&out, interaction->arena, 2 * (system.len + value.len) + 2);
    add_escaped(&out, system);
    buf_add_char(&out, '|');
    add_escaped(&out, value);
    return (struct search_pair){ STR("identifier"), buf_str(&out) };
}

/* The one patient who has all of them. Who was merged into another before, whose identifiers these
 * are now, is not meant. */
static bool find_by_identifiers(struct interaction *interaction, const struct search_pair *pairs,
                                size_t count, const char *name, struct str *id)
{
    struct search_context context = service_search_context(interaction->service);
    struct search_plan plan;
    struct store_page found = { 0 };
    size_t alive = 0;
    if (!search_parse(&plan, STR("Patient"), pairs, count, &context, interaction->arena,
                      &interaction->issues))
        return false;
    plan.count = MOST_CANDIDATES;
    enum outcome outcome = store_search(interaction->service->store, interaction->viewer, &plan, 0,
                                        (struct str){ 0 }, interaction->arena, &found);
    if (outcome != OUTCOME_OK)
        return outcome_raise(&interaction->issues, outcome, STR("Patient"));
    for (size_t i = 0; i < found.count; i++) {
        const cJSON *patient =
            json_parse(found.versions[i].body, interaction->arena, &interaction->issues);
        if (merge_has_link(patient, "replaced-by", (struct str){ 0 }))
            continue;
        *id = found.versions[i].id;
        alive++;
    }
    if (!alive)
        return refuse(interaction, ISSUE_REFERENCE_NOT_FOUND, name,
                      "no patient has these identifiers");
    return (alive == 1 && !found.has_more) || refuse(interaction, ISSUE_REFERENCE_NOT_FOUND, name,
                                                     "more than one patient has these identifiers");
}

static size_t gather_identifiers(struct interaction *interaction, const cJSON *asked,
                                 const cJSON *reference, const char *name,
                                 struct search_pair *pairs)
{
    const cJSON *list = json_get(asked, "parameter"), *own = json_get(reference, "identifier");
    size_t count = 0;
    if (own)
        pairs[count++] = pair_of(interaction, own);
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next)
        if (str_is(json_get_text(one, "name"), name) && json_get(one, "valueIdentifier") &&
            count < MOST_IDENTIFIERS)
            pairs[count++] = pair_of(interaction, json_get(one, "valueIdentifier"));
    return count;
}

/* By reference, by identifiers, or by both, which must mean the same one. */
static bool find_patient(struct interaction *interaction, const cJSON *asked, const char *name,
                         struct store_version *patient)
{
    struct str base =
        str_print(interaction->arena, STR_FMT "/", STR_ARG(interaction->service->base_url));
    struct str id = { 0 }, named, other = { 0 };
    const cJSON *reference = operation_parameter(asked, name);
    struct search_pair pairs[MOST_IDENTIFIERS];
    named = json_get_text(reference, "reference");
    size_t count =
        gather_identifiers(interaction, asked, reference,
                           str_print(interaction->arena, "%s-identifier", name).data, pairs);
    if (str_starts(named, base))
        named = str_slice(named, base.len, named.len);
    if (named.len) {
        id = str_slice(named, sizeof "Patient/" - 1, named.len);
        if (!str_starts(named, STR("Patient/")) || !route_is_id(id))
            return refuse(interaction, ISSUE_PARAMETER_INVALID, name,
                          "a reference to a Patient of this server is needed");
    }
    if (!named.len && !count)
        return refuse(interaction, ISSUE_PARAMETER_INVALID, name,
                      "a reference or identifiers are needed");
    if (count && !find_by_identifiers(interaction, pairs, count, name, &other))
        return false;
    if (named.len && count && !str_equal(id, other))
        return refuse(interaction, ISSUE_REFERENCE_NOT_FOUND, name,
                      "the reference and the identifiers are of two patients");
    id = named.len ? id : other;
    enum outcome outcome = store_read(interaction->service->store, interaction->viewer,
                                      STR("Patient"), id, 0, interaction->arena, patient);
    return outcome == OUTCOME_OK ||
           refuse(interaction, ISSUE_REFERENCE_NOT_FOUND, name, "there is no such patient");
}

static bool has_identifier(const cJSON *patient, const cJSON *identifier)
{
    const cJSON *list = json_get(patient, "identifier");
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next)
        if (str_equal(json_get_text(one, "system"), json_get_text(identifier, "system")) &&
            str_equal(json_get_text(one, "value"), json_get_text(identifier, "value")))
            return true;
    return false;
}

static bool has_named(const cJSON *result, const cJSON *asked)
{
    const cJSON *list = json_get(asked, "parameter");
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next)
        if (str_is(json_get_text(one, "name"), "target-patient-identifier") &&
            !has_identifier(result, json_get(one, "valueIdentifier")))
            return false;
    return true;
}

/* It will be what the target is, so it must be the target's and say what has become of the source.
 */
static bool check_result(struct merge *merge, const cJSON *asked)
{
    struct interaction *interaction = merge->interaction;
    const cJSON *result = merge->result;
    if (!result)
        return true;
    if (!str_is(json_get_text(result, "resourceType"), "Patient") ||
        !str_equal(json_get_text(result, "id"), merge->target.id))
        return refuse(interaction, ISSUE_PARAMETER_INVALID, "result-patient",
                      "it must be the target, with its id");
    if (!has_named(result, asked))
        return refuse(interaction, ISSUE_PARAMETER_INVALID, "result-patient",
                      "it must have the identifiers that the target was named by");
    return merge_has_link(result, "replaces", merge->source.id) ||
           refuse(interaction, ISSUE_PARAMETER_INVALID, "result-patient",
                  "it must link to the source (replaces)");
}

/* *is_done: this merge was made before. */
static bool check_links(struct merge *merge, bool *is_done)
{
    struct interaction *interaction = merge->interaction;
    const cJSON *source = json_parse(merge->source.body, interaction->arena, &interaction->issues);
    const cJSON *target = json_parse(merge->target.body, interaction->arena, &interaction->issues);
    struct str any = { 0 };
    *is_done = merge_has_link(source, "replaced-by", merge->target.id) &&
               merge_has_link(target, "replaces", merge->source.id);
    if (*is_done)
        return true;
    if (merge_has_link(source, "replaced-by", any))
        return refuse(interaction, ISSUE_MERGED_BEFORE, "source-patient",
                      "it was merged into another patient before");
    return !merge_has_link(target, "replaced-by", any) ||
           refuse(interaction, ISSUE_MERGED_BEFORE, "target-patient",
                  "it was merged into another patient before");
}

static bool read_inputs(struct merge *merge, const cJSON *asked, bool *is_preview)
{
    struct interaction *interaction = merge->interaction;
    if (!operation_flag(interaction, asked, "preview", is_preview) || !merge_may(interaction) ||
        !find_patient(interaction, asked, "source-patient", &merge->source) ||
        !find_patient(interaction, asked, "target-patient", &merge->target))
        return false;
    if (str_equal(merge->source.id, merge->target.id))
        return refuse(interaction, ISSUE_PARAMETER_INVALID, "source-patient",
                      "source and target are one patient");
    merge->result = operation_parameter(asked, "result-patient");
    return check_result(merge, asked);
}

static bool is_clash(const struct issues *issues)
{
    return issues->first && issues->first->id == ISSUE_CONFLICT;
}

/* A preview is everything but the commit: what would be refused is refused. */
static bool try(struct merge *merge, bool is_preview)
{
    if (!merge_find(merge))
        return false;
    if (!is_preview)
        return write_commit(&merge->set);
    enum write_step step = write_try(&merge->set);
    return step == WRITE_STEP_COMMIT || step == WRITE_STEP_DONE;
}

static bool read_again(struct interaction *interaction, struct store_version *patient)
{
    struct str id = patient->id;
    enum outcome outcome = store_read(interaction->service->store, interaction->viewer,
                                      STR("Patient"), id, 0, interaction->arena, patient);
    return outcome_raise(&interaction->issues, outcome, id);
}

static bool run_behind_fence(struct merge *merge, bool is_preview)
{
    struct interaction *interaction = merge->interaction;
    for (int i = 0; i < MOST_TRIES; i++) {
        bool is_done = false;
        issues_init(&interaction->issues, interaction->arena, (struct str){ 0 });
        if (i && (!read_again(interaction, &merge->source) ||
                  !read_again(interaction, &merge->target) || !check_links(merge, &is_done)))
            return false;
        if (is_done)
            merge->write_count = 0;
        if (is_done || try(merge, is_preview))
            return true;
        if (!is_clash(&interaction->issues))
            return false;
    }
    return false;
}

/* What comes to refer to the source waits until it can not be left behind any more. */
static bool run(struct merge *merge, bool is_preview)
{
    struct fence *fence = merge->interaction->service->fence;
    struct fence_post post = { .type = STR("Patient"), .id = merge->source.id };
    if (is_preview)
        return run_behind_fence(merge, is_preview);
    fence_raise(fence, &post);
    bool is_good = run_behind_fence(merge, is_preview);
    fence_lower(fence, &post);
    return is_good;
}

static void add_resource(struct interaction *interaction, cJSON *parameters, const char *name,
                         const cJSON *resource)
{
    operation_add(interaction, parameters, name, "resource",
                  json_copy(interaction->arena, resource));
}

/* The outcome says what was done. What a profile remarks about the records that were moved was said
 * when they were written. */
static bool answer(struct merge *merge, const cJSON *asked, const char *said)
{
    struct interaction *interaction = merge->interaction;
    struct issues none, told;
    cJSON *parameters = operation_new_parameters(interaction);
    const struct write *target = merge->write_count ? &merge->writes[0] : NULL;
    issues_init(&none, interaction->arena, (struct str){ 0 });
    issues_init(&told, interaction->arena, (struct str){ 0 });
    issue_raise_as(&told, NULL, ISSUE_ALL_OK, SEVERITY_INFORMATION, "%s", said);
    const cJSON *outcome = json_parse(outcome_print(&told), interaction->arena, &none);
    struct str body = target && target->version ? target->body : merge->target.body;
    const cJSON *result =
        target && !target->version ? target->resource : json_parse(body, interaction->arena, &none);
    add_resource(interaction, parameters, "input", asked);
    add_resource(interaction, parameters, "outcome", outcome);
    add_resource(interaction, parameters, "result", result);
    return operation_answer(interaction, parameters);
}

bool operations_merge(struct interaction *interaction)
{
    struct merge merge = { .interaction = interaction };
    const cJSON *asked = operation_inputs(interaction);
    bool is_preview = false, is_done;
    if (!asked || !read_inputs(&merge, asked, &is_preview) || !check_links(&merge, &is_done))
        return false;
    if (is_done)
        return answer(&merge, asked, "these patients were merged before; nothing was changed");
    if (!run(&merge, is_preview))
        return false;
    struct str moved = str_print(interaction->arena,
                                 "%zu %s refer to Patient/" STR_FMT " instead of Patient/" STR_FMT,
                                 merge.write_count > 2 ? merge.write_count - 2 : 0,
                                 is_preview ? "records would" : "records now",
                                 STR_ARG(merge.target.id), STR_ARG(merge.source.id));
    return answer(&merge, asked, moved.data);
}
