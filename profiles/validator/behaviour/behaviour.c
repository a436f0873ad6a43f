/* behaviour.c - what the checks share: places, issues, resources by canonical. */
#include "profiles/validator/behaviour/behaviour.h"

#include <stdarg.h>
#include <stdio.h>

#include "resources/fhir/json/json.h"

enum { MOST_TEXT = 1024 };

struct node behaviour_part(const struct node *of, const char *name, int index, const cJSON *value)
{
    return (struct node){ .place = { &of->place, name, NULL, index, json_offset(value) },
                          .value = value,
                          .parent = of,
                          .resource = of->resource };
}

void behaviour_break(struct run *run, const struct node *at, const char *about, const char *format,
                     ...)
{
    char text[MOST_TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const struct node *resource = run->frame->resource;
    struct fault fault = { ISSUE_TYPE_RULE_BROKEN, str_of(about), resource->structure->url, NULL,
                           false };
    validator_run_raise(run, at, fault, "%s", text);
}

static const cJSON *find_contained(const struct node *node, struct str id)
{
    const cJSON *list = json_get(node->value, "contained");
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next)
        if (str_equal(json_get_text(item, "id"), id))
            return item;
    return NULL;
}

const cJSON *behaviour_find(struct run *run, const struct node *node, struct str type,
                            struct str canonical)
{
    struct str text;
    if (str_starts(canonical, STR("#")))
        return find_contained(node, str_slice(canonical, 1, canonical.len));
    if (definitions_resource(run->validator->definitions, type, canonical, run->kept, &text)) {
        struct issues issues;
        issues_init(&issues, run->kept, STR(""));
        return json_parse(text, run->kept, &issues);
    }
    const struct validation_library *library = run->request->library;
    return library ? library->find(library->context, type, canonical, run->kept) : NULL;
}
