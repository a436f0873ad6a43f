/* explain.c - conditions as text. */
#include "server/search/explain.h"

static const char *const KINDS[] = {
    [INDEX_TOKEN] = "token",         [INDEX_STRING] = "string",     [INDEX_DATE] = "date",
    [INDEX_REFERENCE] = "reference", [INDEX_URI] = "uri",           [INDEX_NUMBER] = "number",
    [INDEX_QUANTITY] = "quantity",   [INDEX_PRESENCE] = "presence", [INDEX_COMPOSITE] = "composite",
    [INDEX_POSITION] = "position",
};

static void add_parts(struct buf *out, const struct search_condition *condition, const char *word,
                      bool has_types)
{
    for (size_t i = 0; i < condition->part_count; i++) {
        buf_print(out, "%s", i ? word : "");
        if (has_types)
            buf_print(out, STR_FMT ": ", STR_ARG(condition->parts[i].types[0]));
        explain_condition(out, &condition->parts[i]);
    }
}

static void add_values(struct buf *out, const struct search_condition *condition)
{
    bool is_not = condition->modifier == MODIFIER_NOT;
    buf_print(out, "%s%s " STR_FMT " (%zu value%s)", is_not ? "not " : "", KINDS[condition->kind],
              STR_ARG(condition->code), condition->value_count,
              condition->value_count == 1 ? "" : "s");
    if (condition->hierarchy.len)
        buf_print(out, " and what stands %s by " STR_FMT,
                  condition->modifier == MODIFIER_BELOW ? "below" : "above",
                  STR_ARG(condition->hierarchy));
}

void explain_condition(struct buf *out, const struct search_condition *condition)
{
    switch (condition->test) {
    case TEST_VALUES:
        add_values(out, condition);
        return;
    case TEST_ALL:
    case TEST_ANY:
        buf_add_char(out, '(');
        add_parts(out, condition, condition->test == TEST_ALL ? " and " : " or ", false);
        buf_add_char(out, ')');
        return;
    case TEST_NOT:
        buf_add(out, STR("not "));
        add_parts(out, condition, "", false);
        return;
    case TEST_CHAIN:
        buf_print(out, STR_FMT " leads to ", STR_ARG(condition->code));
        add_parts(out, condition, " or ", true);
        return;
    case TEST_HAS:
        buf_print(out, "led to by " STR_FMT " of ", STR_ARG(condition->code));
        add_parts(out, condition, "", true);
        return;
    case TEST_COMPARTMENT:
        buf_add(out, STR("in the patient's compartment"));
        return;
    case TEST_WORDS:
        buf_print(out, "words in " STR_FMT " (read from the records)", STR_ARG(condition->code));
        return;
    case TEST_NOTHING:
        buf_add(out, STR("nothing"));
        return;
    }
}
