/* response.h - a QuestionnaireResponse read into entries and answers, in the order of the document
 * (R4 questionnaireresponse.html). */
#ifndef PROFILES_VALIDATOR_QUESTIONNAIRE_RESPONSE_H
#define PROFILES_VALIDATOR_QUESTIONNAIRE_RESPONSE_H
#include "profiles/validator/questionnaire/questions.h"
#include "profiles/validator/run.h"

/* Where items stand: at the top of the response, in an item, in an answer. */
struct container {
    const struct node *node;
    struct entry *owner; /* the item that this is or that the answer belongs to; NULL at the top */
    struct entry *first;
    size_t count;
};

struct answer {
    struct node node;
    struct value value;
    struct container inside;
};

/* One item. */
struct entry {
    struct node node;
    struct str link_id;
    const struct question *question; /* NULL: the Questionnaire has no such item */
    const cJSON *item;
    struct entry *parent, *next;
    struct entry *twin; /* the next one of the same question in the same container */
    struct answer *answers;
    size_t answer_count;
    struct container inside;
    size_t order, end; /* it and what is below it are [order, end) in the document */
    int depth;
};

/* All entries with one linkId, in order. */
struct occurrences {
    struct entry **list;
    size_t count, room;
};

struct response {
    struct run *run;
    const struct node *node;
    const struct questions *questions;
    struct map by_link_id; /* -> struct occurrences */
    struct container top;
    const struct element *item, *answer; /* how R4 defines them */
    struct map *value_sets; /* the contained ones that were asked: id -> what is known */
    size_t count;
    size_t *work;     /* steps taken so far */
    bool is_complete; /* it claims to have all answers: completed or amended */
};

/* Comparisons of answers with options, limits and conditions in one response. */
enum { RESPONSE_MOST_STEPS = 20000000 };
/* False, with one issue, when they are used up. */
bool response_spend(const struct response *response, size_t steps);

/* Lives in the scratch arena of the run. */
void response_read(struct response *response, struct run *run, const struct node *node,
                   const struct questions *questions);
/* A fault by the Questionnaire's word. about: tells apart faults of one kind at one place. */
struct fault response_fault(const struct response *response, enum issue_id id, struct str about);
/* The place of an answer's value. */
struct node response_value_node(const struct answer *answer);
#endif
