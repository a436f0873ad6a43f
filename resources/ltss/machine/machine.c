/* machine.c - finding a record's machine, its steps, and who may take them. */
#include "resources/ltss/machine/machine.h"

#include "resources/base/buf.h"
#include "resources/ltss/party.h"

enum { MOST_LIST = 512 };

bool machine_has(const char *list, struct str word)
{
    struct str rest = str_of(list);
    while (word.len && rest.len)
        if (str_equal(str_cut(&rest, '|'), word))
            return true;
    return false;
}

const struct machine *machine_of(const cJSON *record)
{
    struct str type = json_get_text(record, "resourceType");
    for (const struct machine *one = machine_table(); one->type; one++) {
        if (!str_is(type, one->type))
            continue;
        struct str code = record_code(json_get(record, one->element), one->system);
        if (code.len && (!one->codes || machine_has(one->codes, code)))
            return one;
    }
    return NULL;
}

static bool leads_from(const struct machine_step *step, struct str from)
{
    return step->from ? machine_has(step->from, from) : from.len == 0;
}

bool machine_is_open(const struct machine *machine, struct str status)
{
    for (const struct machine_step *step = machine->steps; step->to; step++)
        if (leads_from(step, status) && !str_is(str_of(step->to), "entered-in-error") &&
            !step->operation)
            return true;
    return false;
}

const struct machine_step *machine_find(const struct machine *machine, struct str from,
                                        struct str to, bool is_asked)
{
    for (const struct machine_step *step = machine->steps; step->to; step++)
        if (leads_from(step, from) && machine_has(step->to, to) && (!step->is_asked || is_asked))
            return step;
    return NULL;
}

bool machine_is_asked(const struct machine *machine, const cJSON *record)
{
    return machine->asked && record_has_code(json_get(record, "businessStatus"),
                                             machine->business_system, machine->asked);
}

static void add_words(struct buf *out, const struct machine_step *step)
{
    struct str rest = str_of(step->to), word;
    while (rest.len) {
        word = str_cut(&rest, '|');
        buf_print(out, "%s" STR_FMT, out->len ? ", " : "", STR_ARG(word));
        if (step->operation)
            buf_print(out, " (by $%s)", step->operation);
    }
}

struct str machine_allowed(const struct machine *machine, struct str from, bool is_asked,
                           struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena, MOST_LIST);
    for (const struct machine_step *step = machine->steps; step->to; step++)
        if (leads_from(step, from) && (!step->is_asked || is_asked))
            add_words(&out, step);
    return out.len ? buf_str(&out) : STR("none");
}

/* Who made the proposal that stands: of the two who manage the team, the one whose answer is not
 * awaited. */
static bool is_maker(const struct rule_run *run, const cJSON *task)
{
    struct str team = record_reference(json_get(task, "focus"));
    const cJSON *focus = team.len ? run->lookup->read(run->lookup->context, team) : NULL;
    return !party_is_caller(run, json_get(task, "owner")) &&
           record_refers(json_get(focus, "managingOrganization"), run->caller->organization);
}

bool machine_is_actor(const struct rule_run *run, unsigned actors, const cJSON *record)
{
    const struct caller *caller = run->caller;
    if (caller->is_server || caller->is_tester || (actors & MACHINE_ANYONE))
        return true;
    return ((actors & MACHINE_REQUESTER) && party_is_caller(run, json_get(record, "requester"))) ||
           ((actors & MACHINE_OWNER) && party_is_caller(run, json_get(record, "owner"))) ||
           ((actors & MACHINE_MAKER) && is_maker(run, record));
}

struct str machine_actors(unsigned actors, struct arena *arena)
{
    static const struct {
        unsigned actor;
        const char *words;
    } WORDS[] = { { MACHINE_REQUESTER, "the requester" },
                  { MACHINE_OWNER, "the owner" },
                  { MACHINE_MAKER, "the side that made the proposal" },
                  { MACHINE_SERVER, "the server" },
                  { MACHINE_ANYONE, "anyone who may write it" } };
    struct buf out;
    buf_init(&out, arena, MOST_LIST);
    for (size_t i = 0; i < COUNT(WORDS); i++)
        if (actors & WORDS[i].actor)
            buf_print(&out, "%s%s", out.len ? " or " : "", WORDS[i].words);
    return buf_str(&out);
}
