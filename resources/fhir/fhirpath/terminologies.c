/* terminologies.c - what code systems and value sets say: subsumes(), subsumedBy(), and
 * %terminologies (R4 fhirpath.html#functions, R5 fhirpath.html#txapi). */
#include "resources/fhir/terminology/terminology.h"

#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/functions.h"
#include "resources/fhir/json/json.h"

enum { MOST_CODINGS = 64 };

/* A code, a Coding or the codings of a CodeableConcept. */
struct coded {
    struct term_coding codings[MOST_CODINGS];
    size_t count;
};

static struct term_coding coding_of(struct fhirpath_run *run, const struct node *node)
{
    return (struct term_coding){ fhirpath_fhir_child_text(run, node, "system"),
                                 fhirpath_fhir_child_text(run, node, "version"),
                                 fhirpath_fhir_child_text(run, node, "code") };
}

/* Nothing when it is none of these. */
static void read_coded(struct fhirpath_run *run, const struct fhirpath_items *items,
                       struct coded *coded)
{
    struct fhirpath_item value;
    coded->count = 0;
    if (items->count != 1)
        return;
    const struct fhirpath_item *item = items->items;
    if (fhirpath_values_of(&value, item, run)) {
        if (value.kind == FHIRPATH_STRING)
            coded->codings[coded->count++] = (struct term_coding){ .code = value.text };
        return;
    }
    if (item->kind != FHIRPATH_NODE)
        return;
    if (str_is(node_type(item->node), "Coding"))
        coded->codings[coded->count++] = coding_of(run, item->node);
    if (!str_is(node_type(item->node), "CodeableConcept"))
        return;
    struct node_walk walk;
    struct node child;
    node_walk_init(&walk, item->node, "coding", run->context->definitions);
    while (coded->count < MOST_CODINGS && node_walk_next(&walk, &child))
        coded->codings[coded->count++] = coding_of(run, &child);
}

/* How two codes of one system stand to each other; false when nobody can tell. */
static bool relate(const struct fhirpath_run *run, const struct term_coding *a,
                   const struct term_coding *b, enum term_relation *out)
{
    struct terminology *terminology = run->context->terminology;
    if (!terminology || !a->code.len || !b->code.len || !str_equal(a->system, b->system))
        return false;
    *out = RELATION_EQUIVALENT;
    if (str_equal(a->code, b->code))
        return true;
    const struct system *system = terminology_system(terminology, a->system, a->version);
    if (!system || terminology_concept(system, a->code).known != MEMBER_YES ||
        terminology_concept(system, b->code).known != MEMBER_YES)
        return false;
    *out = terminology_relate(system, a->code, b->code);
    return true;
}

/* One pair is enough; that there is none is only certain when each could be told. */
static bool judge_pairs(struct fhirpath_call *call, enum term_relation wanted,
                        struct fhirpath_list *out)
{
    struct coded here, there;
    const struct fhirpath_items own = { &call->item, 1 };
    bool is_sure = true;
    read_coded(call->run, &own, &here);
    read_coded(call->run, &call->arguments[0], &there);
    if (!here.count || !there.count)
        return true;
    for (size_t i = 0; i < here.count; i++)
        for (size_t k = 0; k < there.count; k++) {
            enum term_relation relation;
            if (!fhirpath_evaluate_step(call->run, 1))
                return false;
            if (!relate(call->run, &here.codings[i], &there.codings[k], &relation))
                is_sure = false;
            else if (relation == RELATION_EQUIVALENT || relation == wanted)
                return fhirpath_items_add_boolean(call->run, out, true);
        }
    if (is_sure)
        return fhirpath_items_add_boolean(call->run, out, false);
    if (here.count > 1 || there.count > 1)
        return true;
    return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_UNSUPPORTED,
                                  STR_FMT "(): how '" STR_FMT "' and '" STR_FMT
                                          "' stand to each other is not known here",
                                  STR_ARG(call->expression->name), STR_ARG(here.codings[0].code),
                                  STR_ARG(there.codings[0].code));
}

static bool apply_subsumes(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return judge_pairs(call, RELATION_SUBSUMES, out);
}

static bool apply_subsumed_by(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return judge_pairs(call, RELATION_SUBSUMED_BY, out);
}

/* %terminologies. None of the parameters of a terminology server is known. */
static bool refuse_parameters(struct fhirpath_call *call, size_t at)
{
    return call->count <= at || !call->arguments[at].count ||
           fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_UNSUPPORTED,
                                  "%%terminologies." STR_FMT "(): parameters are not known here",
                                  STR_ARG(call->expression->name));
}

/* The one string or resource of an argument. */
static struct str text_of(struct fhirpath_run *run, const struct fhirpath_items *items)
{
    struct fhirpath_item value;
    bool has = items->count == 1 && fhirpath_values_of(&value, items->items, run);
    return has && value.kind == FHIRPATH_STRING ? value.text : STR("");
}

static const cJSON *resource_of(const struct fhirpath_items *items, const char *type)
{
    const struct node *node =
        items->count == 1 && items->items[0].kind == FHIRPATH_NODE ? items->items[0].node : NULL;
    return node && str_is(json_get_text(node->value, "resourceType"), type) ? node->value : NULL;
}

static const struct value_set *value_set_of(struct fhirpath_call *call)
{
    struct terminology *terminology = call->run->context->terminology;
    const cJSON *resource = resource_of(&call->arguments[0], "ValueSet");
    struct str canonical = text_of(call->run, &call->arguments[0]);
    if (resource)
        return terminology_value_set_of(terminology, resource, call->run->context->arena);
    return canonical.len ? terminology_value_set(terminology, canonical) : NULL;
}

static void set_text(struct arena *arena, cJSON *object, const char *key, struct str text)
{
    if (text.len)
        json_set(arena, object, key, json_new_string(arena, text));
}

static cJSON *new_resource(struct arena *arena, const char *type)
{
    cJSON *made = json_new_object(arena);
    set_text(arena, made, "resourceType", str_of(type));
    return made;
}

static void add_parameter(struct arena *arena, cJSON *parameters, const char *name, const char *key,
                          cJSON *value)
{
    cJSON *list = json_get(parameters, "parameter"), *one = json_new_object(arena);
    if (!list)
        list = json_set(arena, parameters, "parameter", json_new_array(arena));
    set_text(arena, one, "name", str_of(name));
    json_set(arena, one, key, value);
    json_add(list, one);
}

static bool give(struct fhirpath_call *call, const cJSON *resource, struct fhirpath_list *out)
{
    struct node *node =
        fhirpath_items_new_node(call->run, resource, json_get_text(resource, "resourceType"));
    return fhirpath_items_add_node(call->run, out, node);
}

static bool apply_expand(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_run *run = call->run;
    struct arena *arena = run->context->arena;
    struct term_expansion expansion;
    if (!run->context->terminology || !refuse_parameters(call, 1))
        return !run->context->terminology;
    const struct value_set *set = value_set_of(call);
    if (!set || !terminology_expand(run->context->terminology, set, false, arena, &expansion))
        return true;
    cJSON *made = new_resource(arena, "ValueSet"), *held = json_new_object(arena);
    cJSON *contains = json_new_array(arena);
    set_text(arena, made, "url", text_of(run, &call->arguments[0]));
    set_text(arena, made, "status", STR("active"));
    set_text(arena, held, "timestamp", run->context->now);
    for (size_t i = 0; i < expansion.count; i++) {
        const struct term_entry *entry = &expansion.entries[i];
        cJSON *one = json_new_object(arena);
        if (!fhirpath_evaluate_step(run, 1))
            return false;
        set_text(arena, one, "system", entry->system);
        set_text(arena, one, "version", entry->version);
        set_text(arena, one, "code", entry->code);
        set_text(arena, one, "display", entry->display);
        json_add(contains, one);
    }
    if (expansion.count)
        json_set(arena, held, "contains", contains);
    json_set(arena, made, "expansion", held);
    return give(call, made, out);
}

static bool apply_lookup(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_run *run = call->run;
    struct arena *arena = run->context->arena;
    struct coded coded;
    read_coded(run, &call->arguments[0], &coded);
    if (!refuse_parameters(call, 1))
        return false;
    if (!run->context->terminology || coded.count != 1)
        return true;
    struct term_concept concept = terminology_look_up(run->context->terminology, &coded.codings[0]);
    if (concept.known != MEMBER_YES)
        return true;
    cJSON *made = new_resource(arena, "Parameters");
    add_parameter(arena, made, "name", "valueString",
                  json_new_string(arena, coded.codings[0].system));
    if (concept.version.len)
        add_parameter(arena, made, "version", "valueString",
                      json_new_string(arena, concept.version));
    add_parameter(arena, made, "display", "valueString",
                  json_new_string(arena, concept.display.len ? concept.display : concept.code));
    return give(call, made, out);
}

static bool give_verdict(struct fhirpath_call *call, bool is_in, struct str display,
                         struct fhirpath_list *out)
{
    struct arena *arena = call->run->context->arena;
    cJSON *made = new_resource(arena, "Parameters");
    add_parameter(arena, made, "result", "valueBoolean", json_new_bool(arena, is_in));
    if (display.len)
        add_parameter(arena, made, "display", "valueString", json_new_string(arena, display));
    return give(call, made, out);
}

static bool apply_validate_vs(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_run *run = call->run;
    struct coded coded;
    bool is_sure = true;
    read_coded(run, &call->arguments[1], &coded);
    if (!refuse_parameters(call, 2))
        return false;
    const struct value_set *set = run->context->terminology ? value_set_of(call) : NULL;
    if (!set || !coded.count)
        return true;
    for (size_t i = 0; i < coded.count; i++) {
        struct term_answer answer =
            terminology_ask(run->context->terminology, set, &coded.codings[i]);
        is_sure &= answer.membership != MEMBER_UNKNOWN;
        if (answer.membership == MEMBER_YES)
            return give_verdict(call, true, answer.display, out);
    }
    return !is_sure || give_verdict(call, false, STR(""), out);
}

static bool apply_validate_cs(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_run *run = call->run;
    const cJSON *resource = resource_of(&call->arguments[0], "CodeSystem");
    struct str url = text_of(run, &call->arguments[0]);
    struct coded coded;
    read_coded(run, &call->arguments[1], &coded);
    if (!refuse_parameters(call, 2))
        return false;
    if (!run->context->terminology || coded.count != 1 || (!resource && !url.len))
        return true;
    const struct term_coding asked = { .system = url, .code = coded.codings[0].code };
    struct term_concept concept =
        resource
            ? terminology_concept(terminology_system_of(resource, run->context->arena), asked.code)
            : terminology_look_up(run->context->terminology, &asked);
    return concept.known == MEMBER_UNKNOWN ||
           give_verdict(call, concept.known == MEMBER_YES, concept.display, out);
}

static bool apply_relation(struct fhirpath_call *call, struct fhirpath_list *out)
{
    static const char *const CODES[] = { [RELATION_EQUIVALENT] = "equivalent",
                                         [RELATION_SUBSUMES] = "subsumes",
                                         [RELATION_SUBSUMED_BY] = "subsumed-by",
                                         [RELATION_NONE] = "not-subsumed" };
    struct coded a, b;
    enum term_relation relation;
    read_coded(call->run, &call->arguments[1], &a);
    read_coded(call->run, &call->arguments[2], &b);
    if (!refuse_parameters(call, 3))
        return false;
    if (a.count != 1 || b.count != 1)
        return true;
    a.codings[0].system = b.codings[0].system = call->texts[0];
    if (!relate(call->run, &a.codings[0], &b.codings[0], &relation))
        return true;
    struct arena *arena = call->run->context->arena;
    struct node *code = fhirpath_items_new_node(
        call->run, json_new_string(arena, str_of(CODES[relation])), STR("code"));
    return fhirpath_items_add_node(call->run, out, code);
}

const struct fhirpath_function fhirpath_terminologies_functions[] = {
    { "subsumes", 1, 1, INPUT_ONE, { ARGUMENT_VALUE }, apply_subsumes, false },
    { "subsumedBy", 1, 1, INPUT_ONE, { ARGUMENT_VALUE }, apply_subsumed_by, false },
    { .name = NULL },
};

#define VALUES                                                                                     \
    {                                                                                              \
        ARGUMENT_VALUE, ARGUMENT_VALUE, ARGUMENT_VALUE, ARGUMENT_VALUE                             \
    }
static const struct fhirpath_function SERVER[] = {
    { "expand", 1, 2, INPUT_COLLECTION, VALUES, apply_expand, false },
    { "lookup", 1, 2, INPUT_COLLECTION, VALUES, apply_lookup, false },
    { "validateVS", 2, 3, INPUT_COLLECTION, VALUES, apply_validate_vs, false },
    { "validateCS", 2, 3, INPUT_COLLECTION, VALUES, apply_validate_cs, false },
    { "subsumes",
      3,
      4,
      INPUT_COLLECTION,
      { ARGUMENT_STRING, ARGUMENT_VALUE, ARGUMENT_VALUE, ARGUMENT_VALUE },
      apply_relation,
      false },
};

const struct fhirpath_function *fhirpath_terminologies_find(struct str name)
{
    for (size_t i = 0; i < COUNT(SERVER); i++)
        if (str_is(name, SERVER[i].name))
            return &SERVER[i];
    return NULL;
}
