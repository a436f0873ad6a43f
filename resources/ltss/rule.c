/* rule.c - asking every rule of a program about a change, and saying what is wrong. */
#include "resources/ltss/rule.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "resources/ltss/act.h"

enum { MOST_SAID = 512 };

static struct str said(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
static struct str said(struct arena *arena, const char *format, va_list arguments)
{
    char text[MOST_SAID];
    int length = vsnprintf(text, sizeof text, format, arguments);
    size_t size = length > 0 ? (size_t)length : 0;
    struct str whole = { text, size < sizeof text ? size : sizeof text - 1 };
    return str_copy(arena, str_head(whole, whole.len));
}

/* Where in the record; `in` is the room for what lies between. */
static const struct place *place_of(const struct rule_run *run, struct place in[2],
                                    const char *name, int index)
{
    in[0] = (struct place){ NULL, str_cstr(run->arena, run->change->type), NULL, -1, -1 };
    in[1] = (struct place){ &in[0], name, NULL, index, -1 };
    return name ? &in[1] : &in[0];
}

static bool say(struct rule_run *run, struct str code, const char *name, int index,
                struct str diagnostics)
{
    struct place in[2];
    const struct ltss_key *key = ltss_key_find(&run->program->keys, code);
    assert(key); /* the pack was checked when it was loaded */
    bool is_warning = key->is_warning || run->rule->effect == RULE_WARNS;
    struct issue *issue = issue_raise_as(run->issues, place_of(run, in, name, index), key->id,
                                         is_warning ? SEVERITY_WARNING : SEVERITY_ERROR, STR_FMT,
                                         STR_ARG(diagnostics));
    issue->key = key->code;
    issue->text = key->text;
    issue->type = key->type;
    return is_warning;
}

bool rule_say(struct rule_run *run, const char *name, int index, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct str text = said(run->arena, format, arguments);
    va_end(arguments);
    return say(run, str_of(run->rule->key), name, index, text);
}

bool rule_say_key(struct rule_run *run, const char *key, const char *name, int index,
                  const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct str text = said(run->arena, format, arguments);
    va_end(arguments);
    return say(run, str_of(key), name, index, text);
}

bool rule_is_about(const struct rule *rule, struct str type)
{
    for (size_t i = 0; i < COUNT(rule->types) && rule->types[i]; i++)
        if (str_is(type, rule->types[i]))
            return true;
    return false;
}

static bool check(struct rule_run *run, bool is_first)
{
    bool is_good = true;
    for (const struct rule *rule = rules_table(); rule->key; rule++) {
        if (!rule->check || rule->is_first != is_first || !rule_is_about(rule, run->change->type) ||
            !program_has_rule(run->program, rule->key))
            continue;
        run->rule = rule;
        if (!rule->check(run))
            is_good = false;
    }
    return is_good;
}

bool rule_check_way(struct rule_run *run)
{
    return act_check(run) && check(run, true);
}

bool rule_check_all(struct rule_run *run)
{
    return check(run, false);
}
