/* definition.c - conditions lead to questions that come earlier; options and initial values fit the
 * type of their question. Repeated linkIds are R4's invariant que-2. */
#include "profiles/validator/questionnaire/definition.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

struct checker {
    struct run *run;
    const struct questions *questions;
};

/* An item of the Questionnaire at its place. */
struct item {
    struct node node;
    const struct question *question;
};

static struct fault fault_of(const struct checker *checker, enum issue_id id, struct str about)
{
    return (struct fault){ id, about, checker->questions->canonical, NULL, false };
}

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

static void check_condition(const struct checker *checker, const struct item *item,
                            const cJSON *condition)
{
    struct run *run = checker->run;
    const struct question *own = item->question;
    struct str link_id = json_get_text(condition, "question");
    if (!link_id.len)
        return;
    const struct question *other = questions_find(checker->questions, link_id, own->parent);
    const char *what = !other                            ? "there is no question with this linkId"
                       : other == own                    ? "it refers to itself"
                       : questions_is_inside(other, own) ? "it refers to a question inside itself"
                                                         : NULL;
    if (what)
        validator_run_raise(run, &item->node, fault_of(checker, ISSUE_CONDITION_TARGET, link_id),
                            "'" STR_FMT "': %s", STR_ARG(link_id), what);
    else if (other->order > own->order)
        validator_run_raise(run, &item->node, fault_of(checker, ISSUE_CONDITION_ORDER, link_id),
                            "'" STR_FMT "'", STR_ARG(link_id));
}

/* Values of options and initial values: the type that the question takes. */
static void check_values(const struct checker *checker, const struct item *item, const char *name)
{
    const cJSON *value = questions_list(item->question->item, name);
    const struct question_type *type = item->question->type;
    bool takes_any = !type || type->kind == QUESTION_GROUP || type->kind == QUESTION_DISPLAY;
    for (int i = 0; value && !takes_any; value = value->next, i++) {
        struct value given = value_read(value, "value");
        struct node at = node_at(&item->node, name, value, i);
        bool is_whole = value_is(&given, "integer") && !strcmp(type->code, "decimal");
        if (given.type && !questions_take(item->question, &given) && !is_whole)
            validator_run_raise(checker->run, &at,
                                fault_of(checker, ISSUE_ANSWER_TYPE, str_of(name)),
                                "%s is given, the question is of type %s", given.type, type->code);
    }
}

static void check_items(const struct checker *checker, const struct node *parent,
                        const struct question *question)
{
    for (int i = 0; question; question = question->next, i++) {
        struct item item = { node_at(parent, "item", question->item, i), question };
        const cJSON *condition = questions_list(question->item, "enableWhen");
        for (; condition; condition = condition->next)
            check_condition(checker, &item, condition);
        check_values(checker, &item, "answerOption");
        check_values(checker, &item, "initial");
        check_items(checker, &item.node, question->first);
    }
}

void definition_check(struct run *run, const struct node *node, const struct questions *questions)
{
    struct checker checker = { run, questions };
    check_items(&checker, node, questions->first);
}
