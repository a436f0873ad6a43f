/* option.c - answers from a list of options or a value set. */
#include "profiles/validator/questionnaire/option.h"

#include "profiles/validator/questionnaire/membership.h"
#include "resources/fhir/json/json.h"

#define EXCLUSIVE "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive"

/* What is wrong with a choice is said of the answer, with a typed question's value of the value. */
static struct node place_of(const struct question *question, const struct answer *answer)
{
    return question->type->kind == QUESTION_CHOICE ? answer->node : response_value_node(answer);
}

static void raise(const struct response *response, const struct question *question,
                  const struct answer *answer, enum issue_id id, const char *what)
{
    struct run *run = response->run;
    struct node at = place_of(question, answer);
    struct arena_mark mark = validator_run_mark(run);
    struct str shown = validator_run_show(run, answer->value.content);
    validator_run_raise(run, &at, response_fault(response, id, STR("option")),
                        "'" STR_FMT "': " STR_FMT " %s", STR_ARG(question->link_id), STR_ARG(shown),
                        what);
    validator_run_reset(run, mark);
}

/* Free words in place of a code. */
static bool is_free_text(const struct question *question, const struct value *value)
{
    if (!question->type->is_open)
        return false;
    return value_is(value, "string") ||
           (value_is(value, "Coding") && !json_get_text(value->content, "code").len &&
            !json_get_text(value->content, "system").len);
}

static bool is_number(const struct value *value)
{
    return value_is(value, "integer") || value_is(value, "decimal");
}

/* What the options have to say about one answer. */
struct found {
    bool is_option, has_type, is_display;
};

static struct found look_up(const struct response *response, const struct question *question,
                            const struct value *value)
{
    struct found found = { false, false, false };
    const cJSON *option = questions_list(question->item, "answerOption");
    for (; option && !found.is_option && response_spend(response, 1); option = option->next) {
        struct value offered = value_read(option, "value");
        bool has_type = offered.type && (value_is(value, offered.type) ||
                                         (is_number(&offered) && is_number(value)));
        found.has_type |= has_type;
        found.is_option |=
            has_type &&
            value_equal(&offered, value, response->run->validator->definitions) == FIT_YES;
        found.is_display |=
            value_is(&offered, "Coding") && value_is(value, "string") &&
            str_equal(json_get_text(offered.content, "display"), json_text(value->content));
    }
    return found;
}

static void check_listed(const struct response *response, const struct question *question,
                         const struct answer *answer)
{
    struct found found = look_up(response, question, &answer->value);
    if (found.is_option)
        return;
    if (is_free_text(question, &answer->value)) {
        if (found.is_display)
            raise(response, question, answer, ISSUE_ANSWER_AS_TEXT,
                  "is the text of an option: choose the option");
    } else if (found.has_type) {
        raise(response, question, answer, ISSUE_ANSWER_NOT_OFFERED, "is none of the options");
    } else if (question->type->kind == QUESTION_CHOICE) {
        raise(response, question, answer, ISSUE_ANSWER_NOT_OFFERED,
              "is of a type that no option has");
    }
}

static void raise_membership(const struct response *response, const struct question *question,
                             const struct answer *answer, enum membership member)
{
    if (member == MEMBER_NO)
        raise(response, question, answer, ISSUE_ANSWER_NOT_OFFERED, "is not in the value set");
    else if (member == MEMBER_UNKNOWN)
        raise(response, question, answer, ISSUE_CODE_NOT_CHECKED,
              "can not be looked up in the value set");
}

/* A typed question with a value set takes the bare code. */
static void check_value_set(const struct response *response, const struct question *question,
                            const struct answer *answer, struct str value_set)
{
    const struct value *value = &answer->value;
    bool is_coding = value_is(value, "Coding"), is_text = value_is(value, "string");
    struct str system = is_coding ? json_get_text(value->content, "system") : STR("");
    struct str code = is_coding ? json_get_text(value->content, "code") : json_text(value->content);
    if (is_free_text(question, value))
        return;
    if (is_coding && (!system.len || !code.len))
        raise_membership(response, question, answer, MEMBER_UNKNOWN);
    else if (is_coding || (is_text && question->type->kind == QUESTION_ASKED))
        raise_membership(response, question, answer,
                         membership_test(response, value_set, system, code));
    else if (question->type->kind == QUESTION_CHOICE)
        raise(response, question, answer, ISSUE_ANSWER_NOT_CHECKED,
              "is no code of the value set that is offered");
}

void option_check(const struct response *response, const struct question *question,
                  const struct answer *answer)
{
    struct str value_set = json_get_text(question->item, "answerValueSet");
    if (questions_list(question->item, "answerOption"))
        check_listed(response, question, answer);
    else if (value_set.len)
        check_value_set(response, question, answer, value_set);
    else if (question->type->kind == QUESTION_CHOICE && !is_free_text(question, &answer->value))
        raise(response, question, answer, ISSUE_ANSWER_NOT_CHECKED,
              "can not be checked: no options are offered");
}

static bool is_exclusive(const cJSON *option)
{
    const cJSON *extension = questions_extension(option, EXCLUSIVE, NULL);
    return extension && cJSON_IsTrue(json_get(extension, "valueBoolean"));
}

void option_check_exclusive(const struct response *response, const struct entry *entry)
{
    const struct question *question = entry->question;
    const cJSON *option = questions_list(question->item, "answerOption");
    for (; option && entry->answer_count > 1; option = option->next) {
        struct value offered = value_read(option, "value");
        for (size_t i = 0; is_exclusive(option) && i < entry->answer_count; i++)
            if (response_spend(response, 1) &&
                value_equal(&offered, &entry->answers[i].value,
                            response->run->validator->definitions) == FIT_YES)
                validator_run_raise(
                    response->run, &entry->answers[i].node,
                    response_fault(response, ISSUE_ANSWER_NOT_OFFERED, STR("exclusive")),
                    "'" STR_FMT "': this option excludes all other answers",
                    STR_ARG(question->link_id));
    }
}
