/* questions.c - reads a Questionnaire's items; what is malformed in it has been said elsewhere. */
#include "profiles/validator/questionnaire/questions.h"

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

/* Questions with one linkId that are looked through; a sound Questionnaire has no two. */
enum { MOST_SAME = 64 };

static const struct question_type TYPES[] = {
    { "group", QUESTION_GROUP, false, { NULL } },
    { "display", QUESTION_DISPLAY, false, { NULL } },
    { "boolean", QUESTION_ASKED, false, { "boolean" } },
    { "decimal", QUESTION_ASKED, false, { "decimal" } },
    { "integer", QUESTION_ASKED, false, { "integer" } },
    { "date", QUESTION_ASKED, false, { "date" } },
    { "dateTime", QUESTION_ASKED, false, { "dateTime" } },
    { "time", QUESTION_ASKED, false, { "time" } },
    { "string", QUESTION_ASKED, false, { "string" } },
    { "text", QUESTION_ASKED, false, { "string" } },
    { "url", QUESTION_ASKED, false, { "uri" } },
    { "attachment", QUESTION_ASKED, false, { "Attachment" } },
    { "reference", QUESTION_ASKED, false, { "Reference" } },
    { "quantity", QUESTION_ASKED, false, { "Quantity" } },
    /* An answerOption may be any of these, whatever the words of the type say. */
    { "choice",
      QUESTION_CHOICE,
      false,
      { "Coding", "date", "time", "integer", "string", "Reference" } },
    { "open-choice",
      QUESTION_CHOICE,
      true,
      { "Coding", "date", "time", "integer", "string", "Reference" } },
};

const cJSON *questions_list(const cJSON *object, const char *key)
{
    const cJSON *list = json_get(object, key);
    return cJSON_IsArray(list) ? list->child : NULL;
}

const cJSON *questions_extension(const cJSON *object, const char *url, const cJSON *after)
{
    const cJSON *item = after ? after->next : questions_list(object, "extension");
    while (item && !str_is(json_get_text(item, "url"), url))
        item = item->next;
    return item;
}

static const struct question_type *find_type(struct str code)
{
    for (size_t i = 0; i < COUNT(TYPES); i++)
        if (str_is(code, TYPES[i].code))
            return &TYPES[i];
    return NULL;
}

struct reader {
    struct questions *questions;
    struct arena *arena;
    size_t order;
};

static void enter(struct reader *reader, struct question *question)
{
    if (!question->link_id.len)
        return;
    struct question *known = map_find(&reader->questions->by_link_id, question->link_id);
    if (!known) {
        map_set(&reader->questions->by_link_id, question->link_id, question);
        return;
    }
    question->same = known->same;
    known->same = question;
}

/* The siblings that an object holds; their number goes to *count. */
static struct question *read_items(struct reader *reader, const cJSON *object,
                                   struct question *parent, size_t *count)
{
    struct question *first = NULL, **end = &first;
    int depth = parent ? parent->depth + 1 : 0;
    if (depth == QUESTION_MOST_DEPTH)
        return NULL;
    for (const cJSON *item = questions_list(object, "item"); item; item = item->next) {
        struct question *question = arena_alloc(reader->arena, sizeof *question);
        *question = (struct question){
            .link_id = json_get_text(item, "linkId"),
            .text = json_get_text(item, "text"),
            .type = find_type(json_get_text(item, "type")),
            .is_required = cJSON_IsTrue(json_get(item, "required")),
            .repeats = cJSON_IsTrue(json_get(item, "repeats")),
            .is_read_only = cJSON_IsTrue(json_get(item, "readOnly")),
            .item = item,
            .parent = parent,
            .index = (*count)++,
            .order = reader->order++,
            .extension_count = json_count(json_get(item, "extension")),
            .depth = depth,
        };
        enter(reader, question);
        question->first = read_items(reader, item, question, &question->child_count);
        *end = question;
        end = &question->next;
    }
    return first;
}

struct questions *questions_read(const cJSON *questionnaire, const cJSON *holder,
                                 struct str canonical, struct arena *arena)
{
    struct questions *questions = arena_alloc(arena, sizeof *questions);
    map_init(&questions->by_link_id, arena);
    questions->questionnaire = questionnaire;
    questions->holder = holder;
    questions->canonical = str_copy(arena, canonical);
    struct reader reader = { questions, arena, 0 };
    questions->first = read_items(&reader, questionnaire, NULL, &questions->count);
    return questions;
}

const struct question *questions_find(const struct questions *questions, struct str link_id,
                                      const struct question *parent)
{
    const struct question *any = map_find(&questions->by_link_id, link_id);
    const struct question *question = any;
    for (int i = 0; question && i < MOST_SAME; i++, question = question->same)
        if (question->parent == parent)
            return question;
    return any;
}

bool questions_is_inside(const struct question *inner, const struct question *outer)
{
    while (inner && inner != outer)
        inner = inner->parent;
    return inner != NULL;
}

bool questions_take(const struct question *question, const struct value *value)
{
    for (const char *const *type = question->type ? question->type->answers : NULL; type && *type;
         type++)
        if (value_is(value, *type))
            return true;
    return false;
}
