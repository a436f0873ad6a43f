/* run.c - what every rule needs while a validation runs: say it once, push a layer, scratch memory.
 */
#include "profiles/validator/run.h"

#include <stdarg.h>
#include <stdio.h>

#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"

enum { MOST_SHOWN = 4096 };

/* True when this was not said before. The key lives with the issues. */
static bool is_news(struct run *run, const struct node *node, const struct fault *fault)
{
    struct arena *arena = run->issues->arena;
    struct str at = place_print(&node->place, arena);
    struct str key = str_print(arena, "%d|" STR_FMT "|" STR_FMT, (int)fault->id,
                               STR_ARG(fault->about), STR_ARG(at));
    return map_set(&run->raised, key, run) == NULL;
}

static struct str print_arguments(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
static struct str print_arguments(struct arena *arena, const char *format, va_list arguments)
{
    char *text = arena_alloc_raw(arena, MOST_SHOWN);
    int length = vsnprintf(text, MOST_SHOWN, format, arguments);
    size_t len = length < 0 ? 0 : (size_t)length;
    return (struct str){ text, len < MOST_SHOWN ? len : MOST_SHOWN - 1 };
}

/* True when the guide's key was not said yet, here or of anything inside; notes it for the places
 * around. */
static bool is_key_news(struct run *run, const struct node *node, struct str code)
{
    struct arena *arena = run->issues->arena;
    for (const struct place *at = &node->place; at; at = at->in) {
        struct str text = str_print(arena, "key|" STR_FMT "|" STR_FMT, STR_ARG(code),
                                    STR_ARG(place_print(at, arena)));
        bool is_known = map_set(&run->raised, text, run) != NULL;
        if (is_known && at == &node->place)
            return false;
    }
    return true;
}

__attribute__((format(printf, 4, 0))) static void raise_with(struct run *run,
                                                             const struct node *node,
                                                             const struct fault *fault,
                                                             const char *format, va_list arguments)
{
    bool has_key = fault->key && fault->key->code.len;
    bool is_new = is_news(run, node, fault);
    if (!is_new || (has_key && !is_key_news(run, node, fault->key->code)))
        return;
    struct arena_mark mark = validator_run_mark(run);
    struct str text = print_arguments(run->scratch, format, arguments);
    enum issue_severity severity =
        fault->is_warning ? SEVERITY_WARNING : issue_kind(fault->id)->severity;
    struct issue *issue =
        issue_raise_as(run->issues, &node->place, fault->id, severity, STR_FMT, STR_ARG(text));
    validator_run_reset(run, mark);
    issue->profile = str_copy(run->issues->arena, fault->profile); /* it may stand in scratch */
    if (has_key) {
        issue->key = fault->key->code;
        issue->text = fault->key->text.len ? fault->key->text : issue->text;
    }
}

void validator_run_raise(struct run *run, const struct node *node, struct fault fault,
                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    raise_with(run, node, &fault, format, arguments);
    va_end(arguments);
}

void validator_run_break(struct run *run, const struct rule *rule, const struct node *node,
                         enum issue_id id, const char *format, ...)
{
    struct fault fault = { id, str_of(rule->kind->name), rule->profile, NULL, false };
    va_list arguments;
    va_start(arguments, format);
    raise_with(run, node, &fault, format, arguments);
    va_end(arguments);
}

struct arena_mark validator_run_mark(struct run *run)
{
    return arena_mark(run->scratch);
}

void validator_run_reset(struct run *run, struct arena_mark mark)
{
    if (!run->keeps_scratch)
        arena_reset(run->scratch, mark);
}

struct str validator_run_show(struct run *run, const cJSON *value)
{
    struct buf out;
    buf_init(&out, run->scratch, MOST_SHOWN);
    json_print(&out, value);
    struct str text = buf_str(&out);
    struct str head = str_head(text, MOST_REPORT_TEXT);
    return head.len == text.len ? text : str_print(run->scratch, STR_FMT "...", STR_ARG(head));
}

void validator_run_push(struct run *run, size_t from, const struct shape *shape)
{
    for (size_t i = from; i < run->layer_count; i++)
        if (run->layers[i] == shape)
            return;
    if (run->layer_count == MOST_LAYERS)
        run->is_over = true;
    else
        run->layers[run->layer_count++] = shape;
}
