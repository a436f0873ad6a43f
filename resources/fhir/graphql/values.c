/* values.c - what arguments say, with the variables put in. */
#include "resources/fhir/graphql/run.h"
#include "resources/fhir/json/json.h"

static bool add(struct graphql_texts *out, struct str text, struct arena *arena)
{
    struct str *texts = out->texts;
    if ((out->count & (out->count + 1)) == 0) { /* grows at 0, 1, 3, 7 ... */
        texts = arena_array(arena, out->count * 2 + 1, sizeof *texts);
        if (out->count)
            memcpy(texts, out->texts, out->count * sizeof *texts);
        out->texts = texts;
    }
    texts[out->count++] = text;
    return true;
}

/* A variable's value: one, or a list of them. */
static bool read_json(struct graphql_run *run, const cJSON *value, size_t offset,
                      struct graphql_texts *out)
{
    if (cJSON_IsObject(value))
        return graphql_run_refuse(run, offset, "an object is not taken here");
    if (cJSON_IsNull(value) || !value) {
        out->is_null = true;
        return true;
    }
    if (!cJSON_IsArray(value))
        return graphql_run_step(run) && add(out, json_text(value), run->arena);
    for (const cJSON *item = value->child; item; item = item->next) {
        if (cJSON_IsArray(item) || cJSON_IsObject(item))
            return graphql_run_refuse(run, offset, "a list of lists or objects is not taken here");
        if (!graphql_run_step(run) || !add(out, json_text(item), run->arena))
            return false;
    }
    return true;
}

static bool read_value(struct graphql_run *run, const struct graphql_value *value, size_t offset,
                       struct graphql_texts *out);

static bool read_variable(struct graphql_run *run, struct str name, size_t offset,
                          struct graphql_texts *out)
{
    const struct graphql_variable *variable = run->operation->variables;
    while (variable && !str_equal(variable->name, name))
        variable = variable->next;
    if (!variable)
        return graphql_run_refuse(run, offset, "$" STR_FMT " is not declared", STR_ARG(name));
    const cJSON *given = json_get(run->request->variables, str_cstr(run->arena, name));
    if (given && !(cJSON_IsNull(given) && variable->is_required))
        return read_json(run, given, offset, out);
    if (variable->value)
        return read_value(run, variable->value, offset, out);
    out->is_null = true;
    return !variable->is_required ||
           graphql_run_refuse(run, variable->offset, "$" STR_FMT " must be given", STR_ARG(name));
}

static bool read_value(struct graphql_run *run, const struct graphql_value *value, size_t offset,
                       struct graphql_texts *out)
{
    if (!graphql_run_step(run))
        return false;
    switch (value->kind) {
    case GRAPHQL_VALUE_NULL:
        out->is_null = true;
        return true;
    case GRAPHQL_VALUE_TEXT:
        return add(out, value->text, run->arena);
    case GRAPHQL_VALUE_OBJECT:
        return graphql_run_refuse(run, offset, "an object is not taken here");
    case GRAPHQL_VALUE_VARIABLE:
        return read_variable(run, value->text, offset, out);
    case GRAPHQL_VALUE_LIST:
        for (const struct graphql_value *item = value->items; item; item = item->next)
            if (!read_value(run, item, offset, out))
                return false;
    }
    return true;
}

bool graphql_values_read(struct graphql_run *run, const struct graphql_argument *argument,
                         struct graphql_texts *out)
{
    *out = (struct graphql_texts){ 0 };
    return read_value(run, &argument->value, argument->offset, out);
}

const struct graphql_argument *graphql_values_find(const struct graphql_argument *first,
                                                   const char *name)
{
    while (first && !str_is(first->name, name))
        first = first->next;
    return first;
}

bool graphql_values_text(struct graphql_run *run, const struct graphql_argument *first,
                         const char *name, struct str *text)
{
    const struct graphql_argument *argument = graphql_values_find(first, name);
    struct graphql_texts texts = { 0 };
    *text = STR("");
    if (!argument)
        return true;
    if (!graphql_values_read(run, argument, &texts))
        return false;
    if (texts.count > 1)
        return graphql_run_refuse(run, argument->offset, "%s takes one value", name);
    if (texts.count)
        *text = texts.texts[0];
    return true;
}

bool graphql_values_flag(struct graphql_run *run, const struct graphql_argument *first,
                         const char *name, bool *value)
{
    struct str text;
    if (!graphql_values_text(run, first, name, &text))
        return false;
    if (!text.len)
        return true;
    *value = str_is(text, "true");
    return *value || str_is(text, "false") ||
           graphql_run_refuse(run, graphql_values_find(first, name)->offset, "%s is true or false",
                              name);
}

bool graphql_values_number(struct graphql_run *run, const struct graphql_argument *first,
                           const char *name, size_t *value)
{
    struct str text;
    int number = 0;
    if (!graphql_values_text(run, first, name, &text))
        return false;
    if (!text.len)
        return true;
    if (!str_to_int(&number, text))
        return graphql_run_refuse(run, graphql_values_find(first, name)->offset,
                                  "%s is a whole number from 0 on", name);
    *value = (size_t)number;
    return true;
}

const struct graphql_directive *graphql_values_directive(const struct graphql_selection *field,
                                                         const char *name)
{
    const struct graphql_directive *directive = field->directives;
    while (directive && !str_is(directive->name, name))
        directive = directive->next;
    return directive;
}

bool graphql_values_is_taken(struct graphql_run *run, const struct graphql_selection *selection,
                             bool *is_taken)
{
    const struct graphql_directive *skip = graphql_values_directive(selection, "skip");
    const struct graphql_directive *include = graphql_values_directive(selection, "include");
    bool is_skipped = false, is_included = true;
    if ((skip && !graphql_values_flag(run, skip->arguments, "if", &is_skipped)) ||
        (include && !graphql_values_flag(run, include->arguments, "if", &is_included)))
        return false;
    *is_taken = is_included && !is_skipped;
    return true;
}
