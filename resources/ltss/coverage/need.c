/* need.c - managed long-term care is for a need of more days than the program's number (R1). */
#include <stdlib.h>

#include "resources/base/arena.h"
#include "resources/ltss/rules.h"

static bool is_for_need(const struct program *program, struct str word)
{
    return program_has_word(program, "need-programs", word);
}

static bool is_long_enough(const struct rule_run *run, const cJSON *coverage)
{
    const cJSON *days = record_value(record_extension(coverage, "ltss-need-days"));
    struct str value = json_get_text(days, "value");
    if (!value.len || !str_is(json_get_text(days, "code"), "d"))
        return false;
    return strtod(str_cstr(run->arena, value), NULL) >
           (double)program_number(run->program, "need-days");
}

bool coverage_need_days(struct rule_run *run)
{
    const cJSON *coverage = run->change->after;
    int index = 0;
    for (const cJSON *one = record_first(coverage, "class"); one; one = one->next, index++)
        if (record_has_code(json_get(one, "type"), LTSS_CODES "coverage-class", "program") &&
            is_for_need(run->program, json_get_text(one, "value")) &&
            !is_long_enough(run, coverage))
            return rule_say(run, "extension", -1, "more than %ld days are needed",
                            program_number(run->program, "need-days"));
    return true;
}
