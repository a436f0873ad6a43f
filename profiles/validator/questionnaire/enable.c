/* enable.c - enableWhen: finds the occurrence of the other question that is meant, and compares its
 * answers. */
#include "profiles/validator/questionnaire/enable.h"

#include "resources/fhir/json/json.h"

#define EXPRESSION                                                                                 \
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"

/* The words of R4 for the four orders say "no answer" where "an answer" is meant: the code system
 * repeats there the sentence of "!=". */
static const struct ordering {
    const char *code;
    bool less, same, more; /* which outcome of comparing answer and condition makes it true */
} ORDERINGS[] = {
    { ">", false, false, true },
    { "<", true, false, false },
    { ">=", false, true, true },
    { "<=", true, true, false },
};

/* A code without a system says less, so it is enough that the codes agree. */
static enum fit is_equal(const struct response *response, const struct value *answer,
                         const struct value *wanted)
{
    if (!value_is(answer, "Coding") || !value_is(wanted, "Coding"))
        return value_equal(answer, wanted, response->run->validator->definitions);
    struct str code = json_get_text(answer->content, "code");
    bool has_systems = json_get_text(answer->content, "system").len &&
                       json_get_text(wanted->content, "system").len;
    if (has_systems || !code.len)
        return value_is_same_coding(answer->content, wanted->content) ? FIT_YES : FIT_NO;
    return str_equal(code, json_get_text(wanted->content, "code")) ? FIT_YES : FIT_NO;
}

static enum fit is_ordered(const struct response *response, const struct ordering *ordering,
                           const struct value *answer, const struct value *wanted)
{
    int order = value_compare(answer, wanted, response->run->validator->definitions);
    if (order == VALUE_UNORDERED)
        return FIT_UNKNOWN;
    bool holds = order < 0 ? ordering->less : order > 0 ? ordering->more : ordering->same;
    return holds ? FIT_YES : FIT_NO;
}

static size_t count_values(const struct entry *entry)
{
    size_t count = 0;
    for (size_t i = 0; entry && i < entry->answer_count; i++)
        count += entry->answers[i].value.type != NULL;
    return count;
}

/* Does one answer fulfil it. ordering: NULL for equality. */
static enum fit any_answer(const struct response *response, const struct entry *entry,
                           const struct ordering *ordering, const struct value *wanted)
{
    enum fit found = FIT_NO;
    if (!entry || !response_spend(response, entry->answer_count))
        return entry ? FIT_UNKNOWN : FIT_NO;
    for (size_t i = 0; i < entry->answer_count; i++) {
        const struct value *answer = &entry->answers[i].value;
        if (!answer->type)
            continue;
        enum fit fit = ordering ? is_ordered(response, ordering, answer, wanted)
                                : is_equal(response, answer, wanted);
        if (fit == FIT_YES)
            return FIT_YES;
        if (fit == FIT_UNKNOWN)
            found = FIT_UNKNOWN;
    }
    return found;
}

static enum fit opposite(enum fit fit)
{
    return fit == FIT_UNKNOWN ? fit : fit == FIT_YES ? FIT_NO : FIT_YES;
}

static enum fit test_answers(const struct response *response, const struct entry *entry,
                             const cJSON *condition)
{
    struct str code = json_get_text(condition, "operator");
    struct value wanted = value_read(condition, "answer");
    if (!wanted.type)
        return FIT_UNKNOWN;
    if (str_is(code, "exists"))
        return cJSON_IsTrue(wanted.content) == (count_values(entry) > 0) ? FIT_YES : FIT_NO;
    if (str_is(code, "="))
        return any_answer(response, entry, NULL, &wanted);
    if (str_is(code, "!="))
        return opposite(any_answer(response, entry, NULL, &wanted));
    for (size_t i = 0; i < COUNT(ORDERINGS); i++)
        if (str_is(code, ORDERINGS[i].code))
            return any_answer(response, entry, &ORDERINGS[i], &wanted);
    return FIT_UNKNOWN;
}

/* The index of the first occurrence that begins at `order` or later. */
static size_t first_from(const struct occurrences *all, size_t order)
{
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all->list[middle]->order < order)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* "The nearest question occurrence reachable by tracing first the ancestor axis and then the
 * preceding axis and then the following axis", inside the instance of the group that both questions
 * share: an answer in another repetition of the group says nothing about this one. */
static const struct entry *find_occurrence(const struct response *response,
                                           const struct question *question,
                                           const struct question *other,
                                           const struct container *container, size_t at)
{
    const struct entry *shared = container->owner;
    while (shared && !(shared->question && questions_is_inside(other, shared->question)))
        shared = shared->parent;
    if (shared && shared->question == other)
        return shared;
    const struct occurrences *all = map_find(&response->by_link_id, other->link_id);
    if (!all || question == other)
        return NULL;
    size_t begin = shared ? shared->order : 0, end = shared ? shared->end : response->count;
    size_t after = first_from(all, at);
    if (after > 0 && all->list[after - 1]->order >= begin)
        return all->list[after - 1];
    return after < all->count && all->list[after]->order < end ? all->list[after] : NULL;
}

static enum fit test_condition(const struct response *response, const struct question *question,
                               const struct container *container, size_t at, const cJSON *condition)
{
    struct str link_id = json_get_text(condition, "question");
    const struct question *other =
        link_id.len ? questions_find(response->questions, link_id, question->parent) : NULL;
    if (!other)
        return FIT_UNKNOWN;
    const struct entry *entry = find_occurrence(response, question, other, container, at);
    return test_answers(response, entry, condition);
}

enum fit enable_test(const struct response *response, const struct question *question,
                     const struct container *container, size_t at)
{
    const cJSON *condition = questions_list(question->item, "enableWhen");
    if (questions_extension(question->item, EXPRESSION, NULL))
        return FIT_UNKNOWN;
    if (!condition)
        return FIT_YES;
    /* Without enableBehavior the comment on enableWhen holds: they are joined by "or". */
    bool wants_all = str_is(json_get_text(question->item, "enableBehavior"), "all");
    enum fit deciding = wants_all ? FIT_NO : FIT_YES, verdict = opposite(deciding);
    for (; condition; condition = condition->next) {
        enum fit fit = test_condition(response, question, container, at, condition);
        if (fit == deciding)
            return fit;
        if (fit == FIT_UNKNOWN)
            verdict = FIT_UNKNOWN;
    }
    return verdict;
}
