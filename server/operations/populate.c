/* populate.c - Questionnaire/$populate: a response that is begun with what is known, by the
 * expressions that the questionnaire itself carries (HL7 Structured Data Capture). */
#include "resources/fhir/fhirpath/fhirpath.h"
#include "resources/fhir/types/primitive.h"
#include "resources/fhir/types/reference.h"
#include "resources/ltss/page/words.h"
#include "server/instant.h"
#include "server/operations/parameters.h"
#include "server/operations/subject.h"
#include "server/rules/question.h"

#define SDC "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
#define VARIABLE "http://hl7.org/fhir/StructureDefinition/variable"

/* A questionnaire may be the caller's own: what it asks for is bounded. */
enum {
    MOST_VARIABLES = 32,
    MOST_DEPTH = 20,
    MOST_QUERY_BYTES = 4096,
    MOST_ANSWERS = 200,
    MOST_EXPRESSIONS = 1000,
    MOST_SEARCHES = 20,
    MOST_MEMORY = 128 << 20, /* bytes that all of it takes */
    MOST_STEPS = 100000      /* of one expression */
};

struct populating {
    struct question *question;
    struct interaction *interaction;
    struct arena *arena;
    const struct node *subject;
    struct fhirpath_variable variables[MOST_VARIABLES];
    size_t count;
    size_t expressions, searches; /* so far */
    size_t before;                /* bytes of the arena when it began */
    struct str now;
};

static const cJSON *find_expression(const cJSON *element, const char *url)
{
    for (const cJSON *one = record_first(element, "extension"); one; one = one->next)
        if (str_is(json_get_text(one, "url"), url))
            return json_get(one, "valueExpression");
    return NULL;
}

static const struct node *node_of(struct populating *populating, const cJSON *resource)
{
    struct node *node = arena_alloc(populating->arena, sizeof *node);
    node_root(node, resource, populating->interaction->service->definitions);
    return node;
}

static const struct node *resolve(void *context, struct str reference, const struct node *from,
                                  struct arena *arena)
{
    struct populating *populating = context;
    const struct lookup *lookup = &populating->question->lookup;
    (void)from, (void)arena;
    struct reference parts = reference_parse(reference);
    if (parts.kind != REFERENCE_RELATIVE)
        return NULL;
    struct str target =
        str_print(populating->arena, STR_FMT "/" STR_FMT, STR_ARG(parts.type), STR_ARG(parts.id));
    const cJSON *record = lookup->read(lookup->context, target);
    return record ? node_of(populating, record) : NULL;
}

static bool is_within(struct populating *populating, size_t count, size_t most, const char *what)
{
    return count <= most || issue_add(&populating->interaction->issues, NULL, ISSUE_TOO_COSTLY,
                                      "a questionnaire asks at most %zu %s", most, what);
}

static bool has_room(struct populating *populating)
{
    return is_within(populating, arena_size(populating->arena) - populating->before, MOST_MEMORY,
                     "bytes of memory");
}

static bool evaluate(struct populating *populating, struct str text, struct fhirpath_items *out)
{
    struct interaction *with = populating->interaction;
    if (!is_within(populating, ++populating->expressions, MOST_EXPRESSIONS, "expressions") ||
        !has_room(populating))
        return false;
    const struct fhirpath_resolver resolver = { .context = populating, .resolve = resolve };
    const struct fhirpath *expression = fhirpath_parse(text, populating->arena, &with->issues);
    struct fhirpath_context context = { .arena = populating->arena,
                                        .definitions = with->service->definitions,
                                        .terminology = with->service->terminology,
                                        .resolver = &resolver,
                                        .issues = &with->issues,
                                        .now = populating->now,
                                        .variables = populating->variables,
                                        .variable_count = populating->count,
                                        .most_steps = MOST_STEPS };
    return expression && fhirpath_evaluate(out, expression, populating->subject, &context);
}

static bool set_variable(struct populating *populating, struct str name,
                         struct fhirpath_items items)
{
    if (populating->count == MOST_VARIABLES)
        return issue_add(&populating->interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "more than %d variables", MOST_VARIABLES);
    populating->variables[populating->count++] = (struct fhirpath_variable){ name, items };
    return true;
}

/* A query with {{expressions}} in it, each replaced by its first item. */
static bool fill_query(struct populating *populating, struct str query, struct buf *out)
{
    while (query.len) {
        size_t begin = str_find_str(query, STR("{{"), 0), end;
        buf_add(out, str_slice(query, 0, begin));
        if (begin == query.len)
            return true;
        struct fhirpath_items items = { 0 };
        end = str_find_str(query, STR("}}"), begin);
        if (!evaluate(populating, str_slice(query, begin + 2, end), &items))
            return false;
        if (items.count)
            buf_add(out, fhirpath_print(&items.items[0], populating->arena));
        query = str_slice(query, end + 2, query.len);
    }
    return true;
}

/* "CareTeam?patient={{%patient.id}}": the records as the caller may see them. */
static bool search(struct populating *populating, struct str text, struct fhirpath_items *out)
{
    struct buf query;
    buf_init(&query, populating->arena, MOST_QUERY_BYTES);
    if (!is_within(populating, ++populating->searches, MOST_SEARCHES, "searches") ||
        !fill_query(populating, text, &query))
        return false;
    struct str rest = buf_str(&query), type = str_cut(&rest, '?');
    const struct interaction *with = populating->interaction;
    if (!definitions_is_resource_type(with->service->definitions, type) || query.is_over)
        return issue_add(&populating->interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "the questionnaire asks '" STR_FMT "'", STR_ARG(buf_str(&query)));
    const struct ltss_record *found =
        question_search(populating->question, str_cstr(populating->arena, type), rest);
    size_t count = 0;
    while (found[count].content)
        count++;
    out->items = arena_array(populating->arena, count, sizeof *out->items);
    for (size_t i = 0; i < count; i++)
        out->items[i] = (struct fhirpath_item){ .kind = FHIRPATH_NODE,
                                                .node = node_of(populating, found[i].content) };
    out->count = count;
    return !populating->question->has_failed;
}

static bool run(struct populating *populating, const cJSON *expression, struct fhirpath_items *out)
{
    struct str text = json_get_text(expression, "expression");
    if (str_is(json_get_text(expression, "language"), "application/x-fhir-query"))
        return search(populating, text, out);
    return evaluate(populating, text, out);
}

static bool read_variables(struct populating *populating, const cJSON *element)
{
    for (const cJSON *one = record_first(element, "extension"); one; one = one->next) {
        struct fhirpath_items items = { 0 };
        const cJSON *expression = json_get(one, "valueExpression");
        if (str_is(json_get_text(one, "url"), VARIABLE) &&
            (!run(populating, expression, &items) ||
             !set_variable(populating, json_get_text(expression, "name"), items)))
            return false;
    }
    return true;
}

/* The value as the type writes it; NULL when it is none of the type. */
static cJSON *typed(struct populating *populating, const char *type, struct str text)
{
    const char *reason;
    bool is_number = !strcmp(type, "integer") || !strcmp(type, "decimal");
    enum primitive_form form = is_number ? PRIMITIVE_NUMBER : PRIMITIVE_STRING;
    if (!primitive_check(str_of(type), text, form, &reason))
        return NULL;
    return is_number ? json_new_number(populating->arena, text)
                     : json_new_string(populating->arena, text);
}

static struct str text_of(struct populating *populating, const struct fhirpath_item *item)
{
    const cJSON *value = item->kind == FHIRPATH_NODE ? item->node->value : NULL;
    return cJSON_IsObject(value) ? words_concept(value, populating->arena)
                                 : fhirpath_print(item, populating->arena);
}

static cJSON *text_value(struct populating *populating, const struct fhirpath_item *item)
{
    return typed(populating, "string", text_of(populating, item));
}

static cJSON *url_value(struct populating *populating, const struct fhirpath_item *item)
{
    return typed(populating, "uri", text_of(populating, item));
}

static cJSON *date_value(struct populating *populating, const struct fhirpath_item *item)
{
    return typed(populating, "date", str_slice(fhirpath_print(item, populating->arena), 0, 10));
}

static cJSON *moment_value(struct populating *populating, const struct fhirpath_item *item)
{
    return typed(populating, "dateTime", fhirpath_print(item, populating->arena));
}

static cJSON *time_value(struct populating *populating, const struct fhirpath_item *item)
{
    return typed(populating, "time", fhirpath_print(item, populating->arena));
}

static cJSON *integer_value(struct populating *populating, const struct fhirpath_item *item)
{
    return typed(populating, "integer", fhirpath_print(item, populating->arena));
}

static cJSON *decimal_value(struct populating *populating, const struct fhirpath_item *item)
{
    return typed(populating, "decimal", fhirpath_print(item, populating->arena));
}

static cJSON *bool_value(struct populating *populating, const struct fhirpath_item *item)
{
    struct str text = fhirpath_print(item, populating->arena);
    bool is_true = str_is(text, "true");
    return is_true || str_is(text, "false") ? json_new_bool(populating->arena, is_true) : NULL;
}

/* The object that the item is when it is of this data type; NULL otherwise. */
static const cJSON *of_type(struct populating *populating, const struct fhirpath_item *item,
                            const char *type)
{
    const cJSON *value = item->kind == FHIRPATH_NODE ? item->node->value : NULL;
    bool is_good =
        cJSON_IsObject(value) && str_is(fhirpath_print_type(item, populating->arena), type);
    return is_good ? value : NULL;
}

/* A Coding, or the first of a CodeableConcept. */
static cJSON *coding_value(struct populating *populating, const struct fhirpath_item *item)
{
    const cJSON *coding = of_type(populating, item, "FHIR.Coding");
    if (!coding)
        coding = record_first(of_type(populating, item, "FHIR.CodeableConcept"), "coding");
    return json_get(coding, "code") ? json_copy(populating->arena, coding) : NULL;
}

static cJSON *quantity_value(struct populating *populating, const struct fhirpath_item *item)
{
    const cJSON *value = of_type(populating, item, "FHIR.Quantity");
    return value ? json_copy(populating->arena, value) : NULL;
}

static cJSON *attachment_value(struct populating *populating, const struct fhirpath_item *item)
{
    const cJSON *value = of_type(populating, item, "FHIR.Attachment");
    return value ? json_copy(populating->arena, value) : NULL;
}

/* A Reference, or one to a record. */
static cJSON *reference_value(struct populating *populating, const struct fhirpath_item *item)
{
    const cJSON *value = item->kind == FHIRPATH_NODE ? item->node->value : NULL;
    struct str type = json_get_text(value, "resourceType"), id = json_get_text(value, "id");
    if (!type.len) {
        value = of_type(populating, item, "FHIR.Reference");
        return value ? json_copy(populating->arena, value) : NULL;
    }
    cJSON *made = json_new_object(populating->arena);
    json_set(populating->arena, made, "reference",
             json_new_string(populating->arena, str_print(populating->arena, STR_FMT "/" STR_FMT,
                                                          STR_ARG(type), STR_ARG(id))));
    return made;
}

static const struct answer_kind {
    const char *type, *name; /* of the item; of the answer's value */
    cJSON *(*value)(struct populating *populating, const struct fhirpath_item *item);
} KINDS[] = {
    { "string", "valueString", text_value },
    { "text", "valueString", text_value },
    { "url", "valueUri", url_value },
    { "date", "valueDate", date_value },
    { "dateTime", "valueDateTime", moment_value },
    { "time", "valueTime", time_value },
    { "boolean", "valueBoolean", bool_value },
    { "integer", "valueInteger", integer_value },
    { "decimal", "valueDecimal", decimal_value },
    { "choice", "valueCoding", coding_value },
    { "open-choice", "valueCoding", coding_value },
    { "reference", "valueReference", reference_value },
    { "quantity", "valueQuantity", quantity_value },
    { "attachment", "valueAttachment", attachment_value },
};

static bool add_answers(struct populating *populating, const cJSON *item, cJSON *answers)
{
    const struct answer_kind *kind = KINDS;
    struct str type = json_get_text(item, "type");
    const cJSON *expression = find_expression(item, SDC "initialExpression");
    struct fhirpath_items items = { 0 };
    bool is_repeating = str_is(json_get_text(item, "repeats"), "true");
    while (kind < KINDS + COUNT(KINDS) && !str_is(type, kind->type))
        kind++;
    if (!expression || kind == KINDS + COUNT(KINDS))
        return true;
    if (!run(populating, expression, &items))
        return false;
    for (size_t i = 0; i < items.count && i < (is_repeating ? MOST_ANSWERS : 1); i++) {
        cJSON *value = kind->value(populating, &items.items[i]);
        cJSON *answer = json_new_object(populating->arena);
        if (!value)
            continue;
        json_set(populating->arena, answer, kind->name, value);
        json_add(answers, answer);
    }
    return true;
}

/* What the questionnaire states itself. */
static void add_initial(struct populating *populating, const cJSON *item, cJSON *answers)
{
    for (const cJSON *one = record_first(item, "initial"); one; one = one->next)
        json_add(answers, json_copy(populating->arena, one));
}

static bool add_items(struct populating *populating, const cJSON *from, cJSON *to, int depth);

static bool add_one(struct populating *populating, const cJSON *item, cJSON *list, int depth)
{
    struct arena *arena = populating->arena;
    cJSON *made = json_new_object(arena), *answers = json_new_array(arena);
    struct str text = json_get_text(item, "text");
    size_t before = populating->count;
    json_set(arena, made, "linkId", json_new_string(arena, json_get_text(item, "linkId")));
    if (text.len)
        json_set(arena, made, "text", json_new_string(arena, text));
    if (!has_room(populating) || !read_variables(populating, item) ||
        !add_answers(populating, item, answers))
        return false;
    if (!answers->child)
        add_initial(populating, item, answers);
    if (answers->child)
        json_set(arena, made, "answer", answers);
    if (str_is(json_get_text(item, "type"), "group") &&
        !add_items(populating, item, made, depth + 1))
        return false;
    populating->count = before;
    if (json_get(made, "answer") || json_get(made, "item"))
        json_add(list, made);
    return true;
}

/* A group for each item of its context, which its name stands for inside. */
static bool add_each(struct populating *populating, const cJSON *item, const cJSON *context,
                     cJSON *list, int depth)
{
    struct fhirpath_items items = { 0 };
    size_t before = populating->count;
    if (!run(populating, context, &items))
        return false;
    for (size_t i = 0; i < items.count && i < MOST_ANSWERS; i++) {
        const struct fhirpath_items one = { &items.items[i], 1 };
        if (!set_variable(populating, json_get_text(context, "name"), one) ||
            !add_one(populating, item, list, depth))
            return false;
        populating->count = before;
    }
    return true;
}

static bool add_items(struct populating *populating, const cJSON *from, cJSON *to, int depth)
{
    cJSON *list = json_new_array(populating->arena);
    if (depth > MOST_DEPTH)
        return issue_add(&populating->interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "items nest more than %d deep", MOST_DEPTH);
    for (const cJSON *item = record_first(from, "item"); item; item = item->next) {
        const cJSON *context = find_expression(item, SDC "itemPopulationContext");
        if (str_is(json_get_text(item, "type"), "display"))
            continue;
        if (context ? !add_each(populating, item, context, list, depth)
                    : !add_one(populating, item, list, depth))
            return false;
    }
    if (list->child)
        json_set(populating->arena, to, "item", list);
    return true;
}

static cJSON *begin_response(struct populating *populating, const cJSON *questionnaire,
                             struct str subject)
{
    struct arena *arena = populating->arena;
    cJSON *made = json_new_object(arena), *reference = json_new_object(arena);
    struct str url = json_get_text(questionnaire, "url");
    struct str id = json_get_text(questionnaire, "id");
    json_set(arena, made, "resourceType", json_new_string(arena, STR("QuestionnaireResponse")));
    if (!url.len && id.len)
        url = str_print(arena, STR_FMT "/Questionnaire/" STR_FMT,
                        STR_ARG(populating->interaction->service->base_url), STR_ARG(id));
    if (url.len)
        json_set(arena, made, "questionnaire", json_new_string(arena, url));
    json_set(arena, made, "status", json_new_string(arena, STR("in-progress")));
    json_set(arena, reference, "reference", json_new_string(arena, subject));
    json_set(arena, made, "subject", reference);
    json_set(arena, made, "authored", json_new_string(arena, populating->now));
    return made;
}

/* The record that the parameter subject names: a Reference, or its text in a query. */
static const cJSON *read_subject(struct populating *populating, const cJSON *asked,
                                 struct str *name)
{
    const cJSON *given = operation_parameter(asked, "subject");
    struct str text = json_get_text(given, "reference");
    *name = text.len ? text : json_text(given);
    struct str id = *name, type = str_cut(&id, '/');
    const struct interaction *with = populating->interaction;
    if (definitions_is_resource_type(with->service->definitions, type) && id.len)
        return question_read(populating->question, str_cstr(populating->arena, type), id);
    issue_add(&populating->interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
              "subject is a reference such as Patient/[id]");
    return NULL;
}

bool operations_populate(struct interaction *interaction)
{
    static const struct subject_names NAMES = { "Questionnaire", "questionnaire", "canonical",
                                                NULL };
    struct question question;
    struct populating populating = { .question = &question,
                                     .interaction = interaction,
                                     .arena = interaction->arena };
    struct subject about;
    struct str name;
    const cJSON *asked = operation_asked(interaction, "questionnaire");
    if (!asked || !subject_find(interaction, asked, &NAMES, &about))
        return false;
    if (!about.resource)
        return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "name a questionnaire");
    question_init(&question, interaction);
    populating.before = arena_size(interaction->arena);
    const cJSON *record = read_subject(&populating, asked, &name);
    if (!record)
        return false;
    populating.now = record_moment(question.run.now_us, interaction->arena);
    populating.subject = node_of(&populating, record);
    struct fhirpath_item self = { .kind = FHIRPATH_NODE, .node = populating.subject };
    const struct fhirpath_items one = { &self, 1 };
    cJSON *response = begin_response(&populating, about.resource, name);
    return set_variable(&populating, STR("subject"), one) &&
           set_variable(&populating, STR("patient"), one) &&
           read_variables(&populating, about.resource) &&
           add_items(&populating, about.resource, response, 0) &&
           operation_answer(interaction, response);
}
