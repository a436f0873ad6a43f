/* program_fixture.h - programs for the rules' tests: every rule on, with numbers and words. */
#ifndef RESOURCES_LTSS_PROGRAM_FIXTURE_H
#define RESOURCES_LTSS_PROGRAM_FIXTURE_H
#include "resources/ltss/rule_fixture.h"

/* A program in which every rule is on and its own key, with more keys beside. */
static inline void stage_whole_program(struct program *program, const char *const *more)
{
    static struct ltss_key keys[PROGRAM_MOST_ROWS];
    size_t count = 0;
    for (const struct rule *rule = rules_table(); rule->key; rule++)
        program->rules[count] = str_of(rule->key), keys[count++] = (struct ltss_key){
            .code = str_of(rule->key), .text = str_of(rule->key), .id = ISSUE_RULE_BROKEN
        };
    program->rule_count = count;
    for (; more && *more; more++)
        keys[count++] = (struct ltss_key){ .code = str_of(*more),
                                           .text = str_of(*more),
                                           .id = ISSUE_RULE_BROKEN };
    program->keys = (struct ltss_keys){ keys, count };
}

static struct program_value *stage_value(struct program *program, const char *name)
{
    struct program_value *value = &program->values[program->value_count++];
    value->name = str_of(name);
    return value;
}

static inline void stage_number(struct program *program, const char *name, long number)
{
    stage_value(program, name)->number = number;
}

static inline void stage_word(struct program *program, const char *name, const char *word)
{
    struct program_value *value = stage_value(program, name);
    value->words[value->word_count++] = str_of(word);
}
#endif
