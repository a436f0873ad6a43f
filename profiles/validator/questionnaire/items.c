/* items.c - nesting, order, how often, whether enabled, whether answered; then each answer. */
#include "profiles/validator/questionnaire/items.h"

#include "profiles/validator/questionnaire/constraint.h"
#include "profiles/validator/questionnaire/enable.h"
#include "profiles/validator/questionnaire/limit.h"
#include "profiles/validator/questionnaire/option.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

/* The entries of one question in one container. */
struct group {
    struct entry *first, *last;
    size_t count;
};

#define RAISE(response, node, id, about, ...)                                                      \
    validator_run_raise((response)->run, node, response_fault(response, id, about), __VA_ARGS__)

static void check_container(const struct response *response, const struct container *container,
                            const struct question *first, size_t count, enum fit enabled);

/* What stands before the last slash: of http://x/Patient/1 it is Patient. */
static struct str step_before_last(struct str text)
{
    size_t end = text.len, begin;
    while (end > 0 && text.data[end - 1] != '/')
        end--;
    if (end == 0)
        return STR("");
    begin = --end;
    while (begin > 0 && text.data[begin - 1] != '/')
        begin--;
    return str_slice(text, begin, end);
}

/* An address without blanks, and where it is built like one of the REST API, of a type that there
 * is. */
static void check_target(const struct response *response, const struct answer *answer)
{
    struct definitions *definitions = response->run->validator->definitions;
    struct str text = json_get_text(answer->value.content, "reference");
    struct str type =
        step_before_last(str_slice(text, 0, str_find_str(text, STR("/_history/"), 0)));
    struct node value = response_value_node(answer);
    if (str_find(text, ' ', 0) < text.len)
        RAISE(response, &value, ISSUE_REFERENCE_INVALID, STR("answer"), "'" STR_FMT "'",
              STR_ARG(str_head(text, MOST_REPORT_TEXT)));
    if (type.len && type.data[0] >= 'A' && type.data[0] <= 'Z' &&
        !definitions_is_resource_type(definitions, type))
        RAISE(response, &value, ISSUE_REFERENCE_TARGET, STR("answer"),
              "there is no resource type '" STR_FMT "'", STR_ARG(type));
}

static void check_answer(const struct response *response, const struct entry *entry,
                         const struct answer *answer)
{
    const struct question *question = entry->question;
    struct node value = response_value_node(answer);
    if (!answer->value.type)
        return;
    if (!questions_take(question, &answer->value)) {
        RAISE(response, &value, ISSUE_ANSWER_TYPE, STR("type"),
              "'" STR_FMT "': %s is given, a question of type %s takes %s%s",
              STR_ARG(entry->link_id), answer->value.type, question->type->code,
              question->type->answers[0],
              question->type->kind == QUESTION_CHOICE ? " and what its options are" : "");
        return;
    }
    option_check(response, question, answer);
    limit_check(response, question, answer);
    if (value_is(&answer->value, "Reference"))
        check_target(response, answer);
}

static bool is_initial(const struct response *response, const struct question *question,
                       const struct value *value)
{
    const cJSON *initial = questions_list(question->item, "initial");
    for (; initial && response_spend(response, 1); initial = initial->next) {
        struct value given = value_read(initial, "value");
        if (value_equal(&given, value, response->run->validator->definitions) != FIT_NO)
            return true;
    }
    return initial != NULL;
}

/* Who may not change a value leaves the initial one. What computes it is not known here. */
static void check_read_only(const struct response *response, const struct entry *entry)
{
    if (!entry->question->is_read_only || !questions_list(entry->question->item, "initial"))
        return;
    for (size_t i = 0; i < entry->answer_count; i++)
        if (!is_initial(response, entry->question, &entry->answers[i].value))
            RAISE(response, &entry->answers[i].node, ISSUE_ANSWER_CHANGED, entry->link_id,
                  "'" STR_FMT "'", STR_ARG(entry->link_id));
}

/* How many answers a question has, or how many repetitions a group. */
static void check_occurrence(const struct response *response, const struct question *question,
                             const struct node *at, size_t count, enum fit enabled)
{
    size_t least, most;
    bool is_due = response->is_complete && enabled == FIT_YES;
    if (count > 1 && !question->repeats)
        RAISE(response, at, ISSUE_ITEM_REPEATED, question->link_id, "'" STR_FMT "': %zu are given",
              STR_ARG(question->link_id), count);
    else if (limit_of_occurrence(question, false, &most) && count > most)
        RAISE(response, at, ISSUE_ITEM_REPEATED, question->link_id,
              "'" STR_FMT "': %zu are given, at most %zu are taken", STR_ARG(question->link_id),
              count, most);
    if (is_due && count == 0 && question->is_required)
        RAISE(response, at, ISSUE_ANSWER_MISSING, question->link_id, "'" STR_FMT "'",
              STR_ARG(question->link_id));
    else if (is_due && limit_of_occurrence(question, true, &least) && count < least)
        RAISE(response, at, ISSUE_ANSWER_MISSING, question->link_id,
              "'" STR_FMT "': %zu are given, at least %zu are needed", STR_ARG(question->link_id),
              count, least);
}

static void check_question(const struct response *response, const struct entry *entry,
                           enum fit enabled)
{
    const struct question *question = entry->question;
    if (entry->inside.count)
        RAISE(response, &entry->node, ISSUE_ITEM_STRUCTURE, STR("items"),
              "'" STR_FMT "' is a question: items stand inside its answers",
              STR_ARG(entry->link_id));
    check_occurrence(response, question, &entry->node, entry->answer_count, enabled);
    check_read_only(response, entry);
    option_check_exclusive(response, entry);
    for (size_t i = 0; i < entry->answer_count; i++) {
        check_answer(response, entry, &entry->answers[i]);
        check_container(response, &entry->answers[i].inside, question->first, question->child_count,
                        enabled);
    }
}

static void check_group(const struct response *response, const struct entry *entry,
                        enum fit enabled)
{
    const struct question *question = entry->question;
    if (entry->answer_count)
        RAISE(response, &entry->node, ISSUE_ITEM_STRUCTURE, STR("answers"),
              "'" STR_FMT "' is a group: it has no answers, its items stand in it",
              STR_ARG(entry->link_id));
    if (question->is_required && !entry->inside.count && response->is_complete &&
        enabled == FIT_YES)
        RAISE(response, &entry->node, ISSUE_ANSWER_MISSING, STR("items"),
              "'" STR_FMT "' is required: it needs an item", STR_ARG(entry->link_id));
    check_container(response, &entry->inside, question->first, question->child_count, enabled);
}

static void check_display(const struct response *response, const struct entry *entry)
{
    if (entry->answer_count)
        RAISE(response, &entry->node, ISSUE_ITEM_STRUCTURE, STR("answers"),
              "'" STR_FMT "' is a text to display: it has no answers", STR_ARG(entry->link_id));
    if (entry->inside.count)
        RAISE(response, &entry->node, ISSUE_ITEM_STRUCTURE, STR("items"),
              "'" STR_FMT "' is a text to display: it has no items", STR_ARG(entry->link_id));
}

/* The text of a question that has a definition may come from there. */
static void check_text(const struct response *response, const struct entry *entry)
{
    const struct question *question = entry->question;
    struct str text = str_trim(json_get_text(entry->item, "text"));
    bool is_elsewhere = !question->text.len && json_get(question->item, "definition");
    if (text.len && !is_elsewhere && !str_equal(text, str_trim(question->text)))
        RAISE(response, &entry->node, ISSUE_ITEM_TEXT, entry->link_id,
              "'" STR_FMT "': the questionnaire has '" STR_FMT "'", STR_ARG(entry->link_id),
              STR_ARG(str_head(question->text, MOST_REPORT_TEXT)));
}

static void check_entry(const struct response *response, const struct entry *entry,
                        enum fit enabled)
{
    const struct question *question = entry->question;
    check_text(response, entry);
    if (enabled == FIT_YES)
        constraint_check(response, question->item, &entry->node);
    if (!question->type)
        return;
    if (question->type->kind == QUESTION_GROUP)
        check_group(response, entry, enabled);
    else if (question->type->kind == QUESTION_DISPLAY)
        check_display(response, entry);
    else
        check_question(response, entry, enabled);
}

/* Below what is disabled everything is, and it is said once. */
static enum fit both(enum fit outer, enum fit own)
{
    if (outer == FIT_NO || own == FIT_NO)
        return FIT_NO;
    return outer == FIT_UNKNOWN || own == FIT_UNKNOWN ? FIT_UNKNOWN : FIT_YES;
}

static bool has_content(const struct entry *entry)
{
    return entry->answer_count || entry->inside.count;
}

/* All entries of one question in one container; there may be none. */
static void check_all_of(const struct response *response, const struct container *container,
                         const struct question *question, const struct group *group,
                         enum fit enabled)
{
    size_t at = group->first ? group->first->order
                             : (container->owner ? container->owner->end : response->count);
    enum fit own = enable_test(response, question, container, at);
    bool is_group = question->type && question->type->kind == QUESTION_GROUP;
    enum fit whole = both(enabled, own);
    if (is_group || !group->count)
        check_occurrence(response, question, container->node, group->count, whole);
    else if (group->count > 1 && !question->repeats)
        RAISE(response, container->node, ISSUE_ITEM_REPEATED, question->link_id,
              "'" STR_FMT "': %zu items are given", STR_ARG(question->link_id), group->count);
    for (const struct entry *entry = group->first; entry; entry = entry->twin) {
        own =
            entry == group->first ? own : enable_test(response, question, container, entry->order);
        if (enabled != FIT_NO && own == FIT_NO && has_content(entry))
            RAISE(response, &entry->node, ISSUE_ITEM_NOT_ENABLED, entry->link_id, "'" STR_FMT "'",
                  STR_ARG(entry->link_id));
        check_entry(response, entry, both(enabled, own));
    }
}

static bool stands_here(const struct entry *entry, const struct container *container)
{
    const struct question *parent = container->owner ? container->owner->question : NULL;
    return entry->question && entry->question->parent == parent;
}

static void add(struct group *group, struct entry *entry)
{
    if (group->last)
        group->last->twin = entry;
    else
        group->first = entry;
    group->last = entry;
    group->count++;
}

/* What the Questionnaire does not have, has elsewhere, or has earlier. */
static void check_positions(const struct response *response, const struct container *container,
                            struct group *groups, enum fit enabled)
{
    size_t last = 0;
    for (struct entry *entry = container->first; entry; entry = entry->next) {
        const struct question *question = entry->question;
        if (!entry->link_id.len)
            continue; /* required-missing says so */
        if (!question) {
            RAISE(response, container->node, ISSUE_ITEM_UNKNOWN, entry->link_id, "'" STR_FMT "'",
                  STR_ARG(entry->link_id));
        } else if (!stands_here(entry, container)) {
            RAISE(response, container->node, ISSUE_ITEM_MISPLACED, entry->link_id, "'" STR_FMT "'",
                  STR_ARG(entry->link_id));
            check_entry(response, entry, enabled);
        } else {
            if (question->index < last)
                RAISE(response, container->node, ISSUE_ITEM_ORDER, entry->link_id, "'" STR_FMT "'",
                      STR_ARG(entry->link_id));
            last = question->index;
            add(&groups[question->index], entry);
        }
    }
}

static void check_container(const struct response *response, const struct container *container,
                            const struct question *first, size_t count, enum fit enabled)
{
    struct arena_mark mark = validator_run_mark(response->run);
    struct group *groups = arena_array(response->run->scratch, count, sizeof *groups);
    check_positions(response, container, groups, enabled);
    for (const struct question *question = first; question; question = question->next)
        check_all_of(response, container, question, &groups[question->index], enabled);
    validator_run_reset(response->run, mark);
}

void items_check(const struct response *response)
{
    const struct questions *questions = response->questions;
    constraint_check(response, questions->questionnaire, response->node);
    check_container(response, &response->top, questions->first, questions->count, FIT_YES);
}
