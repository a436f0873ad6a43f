/* response.c - reads the items of a QuestionnaireResponse and finds the question of each. */
#include "profiles/validator/questionnaire/response.h"

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

static struct node node_at(const struct node *parent, const char *name, const cJSON *value,
                           int index)
{
    return (struct node){
        .place = { &parent->place, name, NULL, index, json_offset(value) },
        .value = value,
        .parent = parent,
        .resource = parent->resource,
    };
}

/* An item or an answer, as FHIRPath walks it. */
static struct node part_at(const struct response *response, const struct node *parent,
                           const struct element *element, const cJSON *value, int index)
{
    bool is_item = element == response->item;
    struct node node = node_at(parent, is_item ? "item" : "answer", value, index);
    node.element = element;
    node.structure =
        definitions_type(response->run->validator->definitions, STR("BackboneElement"));
    return node;
}

static void note(struct response *response, struct entry *entry)
{
    struct arena *arena = response->run->scratch;
    struct occurrences *all = map_find(&response->by_link_id, entry->link_id);
    if (!all) {
        all = arena_alloc(arena, sizeof *all);
        map_set(&response->by_link_id, entry->link_id, all);
    }
    if (all->count == all->room) {
        size_t room = all->room ? 2 * all->room : 4;
        struct entry **list = arena_array(arena, room, sizeof *list);
        for (size_t i = 0; i < all->count; i++)
            list[i] = all->list[i];
        all->list = list;
        all->room = room;
    }
    all->list[all->count++] = entry;
}

static void read_items(struct response *response, struct container *container, const cJSON *object,
                       int depth);

static void read_answers(struct response *response, struct entry *entry, int depth)
{
    const cJSON *list = json_get(entry->item, "answer");
    size_t count = cJSON_IsArray(list) ? json_count(list) : 0;
    entry->answers = arena_array(response->run->scratch, count, sizeof *entry->answers);
    entry->answer_count = count;
    const cJSON *item = count ? list->child : NULL;
    for (size_t i = 0; i < count; i++, item = item->next) {
        struct answer *answer = &entry->answers[i];
        answer->node = part_at(response, &entry->node, response->answer, item, (int)i);
        answer->value = value_read(item, "value");
        answer->inside = (struct container){ .node = &answer->node, .owner = entry };
        read_items(response, &answer->inside, item, depth);
    }
}

static void read_items(struct response *response, struct container *container, const cJSON *object,
                       int depth)
{
    if (depth == QUESTION_MOST_DEPTH)
        return;
    const struct entry *owner = container->owner;
    struct entry **end = &container->first;
    int index = 0;
    for (const cJSON *item = questions_list(object, "item"); item; item = item->next, index++) {
        struct entry *entry = arena_alloc(response->run->scratch, sizeof *entry);
        *entry =
            (struct entry){ .node = part_at(response, container->node, response->item, item, index),
                            .link_id = json_get_text(item, "linkId"),
                            .item = item,
                            .parent = container->owner,
                            .order = response->count++,
                            .depth = depth };
        entry->question =
            questions_find(response->questions, entry->link_id, owner ? owner->question : NULL);
        entry->inside = (struct container){ .node = &entry->node, .owner = entry };
        if (entry->link_id.len)
            note(response, entry);
        read_answers(response, entry, depth + 1);
        read_items(response, &entry->inside, item, depth + 1);
        entry->end = response->count;
        container->count++;
        *end = entry;
        end = &entry->next;
    }
}

void response_read(struct response *response, struct run *run, const struct node *node,
                   const struct questions *questions)
{
    struct str status = json_get_text(node->value, "status");
    *response = (struct response){
        .run = run,
        .node = node,
        .questions = questions,
        .top = { .node = node },
        .work = arena_alloc(run->scratch, sizeof *response->work),
        .is_complete = str_is(status, "completed") || str_is(status, "amended"),
    };
    response->item = definitions_child(node->structure->root, STR("item"), NULL);
    response->answer = definitions_child(response->item, STR("answer"), NULL);
    response->value_sets = arena_alloc(run->kept, sizeof *response->value_sets);
    map_init(response->value_sets, run->kept);
    map_init(&response->by_link_id, run->scratch);
    read_items(response, &response->top, node->value, 0);
}

bool response_spend(const struct response *response, size_t steps)
{
    bool is_over = *response->work > RESPONSE_MOST_STEPS;
    if (!is_over)
        *response->work += steps;
    else
        validator_run_raise(response->run, response->node,
                            response_fault(response, ISSUE_TOO_COSTLY, STR("steps")),
                            "more than %d comparisons with the questionnaire", RESPONSE_MOST_STEPS);
    return !is_over;
}

struct fault response_fault(const struct response *response, enum issue_id id, struct str about)
{
    return (struct fault){ id, about, response->questions->canonical, NULL, false };
}

struct node response_value_node(const struct answer *answer)
{
    struct node node = node_at(&answer->node, "value", answer->value.content, -1);
    node.place.of_type = answer->value.type;
    return node;
}
