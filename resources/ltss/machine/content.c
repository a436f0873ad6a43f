/* content.c - what a record must hold in the status that it has: its business status, its result,
 * its reason. */
#include "resources/ltss/machine/machine.h"
#include "resources/ltss/rules.h"

#define IO LTSS_CODES "task-io"
static const char NEEDS_REASON[] = "rejected|failed|cancelled|on-hold";

static const struct machine *machine_to_ask(const struct rule_run *run)
{
    return run->change->is_copy ? NULL : machine_of(run->change->after);
}

bool machine_content_business(struct rule_run *run)
{
    const cJSON *record = run->change->after;
    const struct machine *machine = machine_to_ask(run);
    struct str status = json_get_text(record, "status");
    const struct machine_words *words = machine ? machine->business : NULL;
    while (words && words->status && !machine_has(words->status, status))
        words++;
    if (!words || !words->status)
        return true;
    struct str code = record_code(json_get(record, "businessStatus"), machine->business_system);
    if ((!code.len && words->may_lack && !json_get(record, "businessStatus")) ||
        machine_has(words->words, code))
        return true;
    return rule_say(run, "businessStatus", -1, STR_FMT " with '" STR_FMT "'; it may be: %s",
                    STR_ARG(status), STR_ARG(code), words->words);
}

static bool has_output(const cJSON *record, const struct machine_output *wanted)
{
    struct str type = str_of(wanted->target);
    for (const cJSON *one = record_first(record, "output"); one; one = one->next) {
        struct str target = record_reference(record_value(one));
        if ((!wanted->code || record_has_code(json_get(one, "type"), IO, wanted->code)) &&
            (!type.len ||
             (str_starts(target, type) && target.len > type.len && target.data[type.len] == '/')))
            return true;
    }
    return false;
}

static bool check_output(struct rule_run *run, const char *key)
{
    const cJSON *record = run->change->after;
    const struct machine *machine = machine_to_ask(run);
    struct str status = json_get_text(record, "status");
    for (const struct machine_output *one = machine ? machine->outputs : NULL; one && one->status;
         one++)
        if (!strcmp(one->key, key) && machine_has(one->status, status) && !has_output(record, one))
            return rule_say(run, "output", -1, "%s%s%s", one->code ? one->code : "an output",
                            one->target ? " that leads to a " : "", one->target ? one->target : "");
    return true;
}

bool machine_content_output(struct rule_run *run)
{
    return check_output(run, run->rule->key);
}

bool machine_content_reason(struct rule_run *run)
{
    const cJSON *record = run->change->after;
    const struct machine *machine = machine_to_ask(run);
    if (!machine || strcmp(machine->type, "Task") != 0 ||
        !machine_has(NEEDS_REASON, json_get_text(record, "status")) ||
        json_get_text(json_get(record, "statusReason"), "text").len)
        return true;
    return rule_say(run, "statusReason", -1, "statusReason.text");
}
