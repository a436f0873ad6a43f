/* questions.h - a Questionnaire read into a tree of questions, found by linkId (R4
 * questionnaire.html). */
#ifndef PROFILES_VALIDATOR_QUESTIONNAIRE_QUESTIONS_H
#define PROFILES_VALIDATOR_QUESTIONNAIRE_QUESTIONS_H
#include "profiles/validator/questionnaire/value.h"
#include "resources/base/map.h"

enum question_kind { QUESTION_GROUP, QUESTION_DISPLAY, QUESTION_ASKED, QUESTION_CHOICE };
/* What Questionnaire.item.type says (R4 valueset-item-type.html). */
struct question_type {
    const char *code;
    enum question_kind kind;
    bool is_open;           /* a choice that takes free text besides */
    const char *answers[7]; /* types of value[x] that answer it; NULL behind the last */
};

struct question {
    struct str link_id, text;
    const struct question_type *type; /* NULL: unknown or missing, nothing is asked of answers */
    bool is_required, repeats, is_read_only;
    const cJSON *item;
    struct question *parent, *first, *next;
    struct question *same; /* the next one with this linkId, in a Questionnaire that has two */
    size_t index;          /* among its siblings */
    size_t order;          /* in the document */
    size_t child_count, extension_count;
    int depth;
};

struct questions {
    struct map by_link_id;
    struct question *first;
    size_t count; /* at the top */
    const cJSON *questionnaire;
    const cJSON *holder; /* the resource whose contained resources it may name */
    struct str canonical;
};

/* Items nested deeper than this are not looked at. */
enum { QUESTION_MOST_DEPTH = 64 };

/* Everything lives in the arena and borrows from the Questionnaire. */
struct questions *questions_read(const cJSON *questionnaire, const cJSON *holder,
                                 struct str canonical, struct arena *arena);
/* The question with this linkId below `parent` (NULL: at the top), else any with it, or NULL. */
const struct question *questions_find(const struct questions *questions, struct str link_id,
                                      const struct question *parent);
/* Is `inner` below `outer`, or the same. */
bool questions_is_inside(const struct question *inner, const struct question *outer);
bool questions_take(const struct question *question, const struct value *value);
/* The first item of a JSON array, NULL for anything else. */
const cJSON *questions_list(const cJSON *object, const char *key);
/* The value of an extension by its whole url: the first after `after` (NULL: the first). */
const cJSON *questions_extension(const cJSON *object, const char *url, const cJSON *after);
#endif
