/* page.c - the sections of a care plan's page. */
#include "resources/ltss/page/page.h"

#include "resources/ltss/care_team/lead.h"
#include "resources/ltss/page/html.h"
#include "resources/ltss/page/words.h"

enum { MOST_SECTION_BYTES = 1 << 20, MOST_TEAMS = 20 };

struct making {
    const struct rule_run *run;
    struct arena *arena;
    const cJSON *plan;
    struct str reference; /* "CarePlan/x" */
    struct page *page;
    struct page_section *section;
    struct buf out;
    const cJSON *teams[MOST_TEAMS];
    struct str team_references[MOST_TEAMS];
    size_t team_count;
};

static const cJSON *read(struct making *making, struct str target)
{
    return target.len ? making->run->lookup->read(making->run->lookup->context, target) : NULL;
}

/* Notes what the section is made of; NULL when it is not there. */
static const cJSON *use(struct making *making, struct str target)
{
    struct page_section *section = making->section;
    const cJSON *record = read(making, target);
    for (size_t i = 0; i < section->record_count && record; i++)
        if (str_equal(section->records[i], target))
            return record;
    if (record && section->record_count < PAGE_MOST_RECORDS)
        section->records[section->record_count++] = target;
    return record;
}

static const cJSON *use_reference(struct making *making, const cJSON *reference)
{
    return use(making, record_reference(reference));
}

static void begin(struct making *making, const char *id, const char *title)
{
    making->section = &making->page->sections[making->page->count];
    *making->section = (struct page_section){ .id = id, .title = title };
    buf_init(&making->out, making->arena, MOST_SECTION_BYTES);
}

static void end(struct making *making)
{
    if (!making->out.len)
        return;
    making->section->html = str_copy(making->arena, buf_str(&making->out));
    making->page->count++;
}

static struct str needs_of(struct making *making, const cJSON *element)
{
    struct buf out;
    buf_init(&out, making->arena, 4096);
    for (const cJSON *one = record_first(element, "extension"); one; one = one->next) {
        if (!str_is(json_get_text(one, "url"), "primaryNeed"))
            continue;
        const cJSON *value = record_value(one);
        struct str words = words_concept(value, making->arena);
        bool is_bare = str_equal(words, json_get_text(record_first(value, "coding"), "code"));
        if (out.len)
            buf_add(&out, STR(", "));
        buf_add(&out, is_bare ? words_display(making->run, "primary-need", words) : words);
    }
    return buf_str(&out);
}

/* Who leads, and what the two sides said. */
static void write_determination(struct making *making, const cJSON *said)
{
    static const char *const HEADERS[] = { "Organization", "By", "When", NULL };
    struct buf *out = &making->out;
    html_line(out, "Because of", needs_of(making, said));
    html_line(out, "Reason", record_extension_text(said, "rationale"));
    html_line(out, "Determined on",
              words_time(record_extension_text(said, "determinedOn"), making->arena));
    use_reference(making, record_value(record_extension(said, "documentation")));
    if (!record_extension(said, "agreedBy"))
        return;
    html_table_begin(out, "Who agreed", HEADERS);
    for (const cJSON *one = record_first(said, "extension"); one; one = one->next) {
        if (!str_is(json_get_text(one, "url"), "agreedBy"))
            continue;
        const cJSON *side = record_value(record_extension(one, "organization"));
        const cJSON *person = record_value(record_extension(one, "practitionerRole"));
        struct str cells[] = { words_reference(making->run, side),
                               words_person(making->run, person),
                               words_time(record_extension_text(one, "when"), making->arena) };
        html_row(out, cells, COUNT(cells));
    }
    html_table_end(out);
}

static void write_lead(struct making *making)
{
    struct buf *out = &making->out;
    begin(making, "lead", "Who leads");
    for (size_t i = 0; i < making->team_count; i++) {
        int index;
        const cJSON *team = making->teams[i], *lead = care_team_lead_find(team, &index);
        const cJSON *open = record_extension(team, "lead-determination");
        if (lead && care_team_lead_is_active(team)) {
            const cJSON *who = json_get(lead, "member"), *role = use_reference(making, who);
            use(making, making->team_references[i]);
            html_line(out, "Lead care manager", words_person(making->run, who));
            html_line(out, "Organization", words_organization(making->run, who));
            html_line(out, "Contact", words_contact(json_get(role, "telecom"), making->arena));
            write_determination(making, record_extension(lead, "lead-determination"));
        }
        if (open) {
            const cJSON *candidate = record_value(record_extension(open, "candidate"));
            use(making, making->team_references[i]);
            html_line(out, "Proposed lead", words_person(making->run, candidate));
            html_line(out, "Proposal",
                      words_code(record_extension_text(open, "status"), making->arena));
            write_determination(making, open);
        }
    }
    if (!out->len)
        buf_add(out, STR("<p>No lead care manager has been determined.</p>"));
    end(making);
}

static struct str role_words(struct making *making, const cJSON *participant)
{
    const cJSON *roles = json_get(participant, "role");
    struct str code = record_code(roles, LTSS_CODES "care-coordination-role");
    return code.len ? words_display(making->run, "care-coordination-role", code)
                    : words_concept(roles, making->arena);
}

static void write_team(struct making *making)
{
    static const char *const HEADERS[] = { "Who",     "Does what",   "Primary for", "Organization",
                                           "Contact", "From and to", NULL };
    begin(making, "team", "Who does what");
    for (size_t i = 0; i < making->team_count; i++) {
        const cJSON *team = making->teams[i];
        struct buf caption;
        buf_init(&caption, making->arena, 4096);
        html_text(&caption, json_get_text(team, "name"));
        use(making, making->team_references[i]);
        html_table_begin(&making->out, caption.len ? buf_str(&caption).data : "Care team", HEADERS);
        for (const cJSON *one = record_first(team, "participant"); one; one = one->next) {
            const cJSON *who = json_get(one, "member"), *record = use_reference(making, who);
            struct str primary = record_extension_text(one, "primary-coordinator");
            struct str cells[] = { words_person(making->run, who),
                                   role_words(making, one),
                                   words_display(making->run, "coordination-domain", primary),
                                   words_organization(making->run, who),
                                   words_contact(json_get(record, "telecom"), making->arena),
                                   words_period(json_get(one, "period"), making->arena) };
            html_row(&making->out, cells, COUNT(cells));
        }
        html_table_end(&making->out);
    }
    end(making);
}

static void write_goals(struct making *making)
{
    static const char *const HEADERS[] = { "Goal", "State", "Since", "By", NULL };
    struct buf *out = &making->out;
    begin(making, "goals", "Goals");
    const cJSON *one = record_first(making->plan, "goal");
    if (one)
        html_table_begin(out, "What the member wants to reach", HEADERS);
    for (const cJSON *each = one; each; each = each->next) {
        const cJSON *goal = use_reference(making, each);
        const cJSON *target = record_first(goal, "target");
        struct str words = words_concept(json_get(goal, "description"), making->arena);
        struct str cells[] = {
            words.len ? words : words_reference(making->run, each),
            words_code(json_get_text(goal, "lifecycleStatus"), making->arena),
            json_get_text(goal, "startDate"),
            json_get_text(target, "dueDate"),
        };
        html_row(out, cells, COUNT(cells));
    }
    if (one)
        html_table_end(out);
    end(making);
}

static const cJSON *first_of(const cJSON *object, const char *const *names)
{
    const cJSON *found = NULL;
    for (; *names && !found; names++)
        found = json_get(object, *names);
    return found;
}

static struct str amount_of(struct making *making, const cJSON *request)
{
    static const char *const NAMES[] = { "quantityQuantity", "quantityRatio", "quantityRange",
                                         NULL };
    return words_amount(first_of(request, NAMES), making->arena);
}

static struct str when_of(struct making *making, const cJSON *request)
{
    const cJSON *timing = json_get(request, "occurrenceTiming");
    struct str day = json_get_text(request, "occurrenceDateTime");
    struct str words = words_concept(json_get(timing, "code"), making->arena);
    const cJSON *period = json_get(request, "occurrencePeriod");
    if (period)
        return words_period(period, making->arena);
    return words.len ? words
           : day.len
               ? words_time(day, making->arena)
               : words_period(json_get(json_get(timing, "repeat"), "boundsPeriod"), making->arena);
}

static const cJSON *said_of(const cJSON *activity, const cJSON *request, const char *id)
{
    const cJSON *found = record_value(record_extension(activity, id));
    return found ? found : record_value(record_extension(request, id));
}

static struct str activity_title(const cJSON *activity)
{
    for (const cJSON *one = record_first(activity, "extension"); one; one = one->next)
        if (str_ends(json_get_text(one, "url"), STR("/careplan-activity-title")))
            return json_text(record_value(one));
    return STR("");
}

static void write_service(struct making *making, const cJSON *activity)
{
    const cJSON *reference = json_get(activity, "reference");
    const cJSON *request = use_reference(making, reference);
    const cJSON *side = said_of(activity, request, "responsible-party");
    struct str title = activity_title(activity);
    struct str code = words_concept(json_get(request, "code"), making->arena);
    const cJSON *performer = record_first(request, "performer");
    struct str provider = performer ? words_reference(making->run, performer) : STR("");
    struct str state = json_get_text(request, "status");
    use_reference(making, performer);
    struct str what = title.len && code.len ? str_print(making->arena, STR_FMT " (" STR_FMT ")",
                                                        STR_ARG(title), STR_ARG(code))
                      : title.len           ? title
                      : code.len            ? code
                                            : words_reference(making->run, reference);
    struct str cells[] = { what,
                           side ? words_reference(making->run, side) : STR(""),
                           provider,
                           amount_of(making, request),
                           when_of(making, request),
                           words_code(state, making->arena) };
    html_row(&making->out, cells, COUNT(cells));
}

static void write_services_of(struct making *making, const char *scope, const char *caption)
{
    static const char *const HEADERS[] = { "Service", "Answers for it", "Given by", "How much",
                                           "When",    "State",          NULL };
    bool has_any = false;
    for (const cJSON *one = record_first(making->plan, "activity"); one; one = one->next) {
        const cJSON *request = read(making, record_reference(json_get(one, "reference")));
        struct str said = json_text(said_of(one, request, "plan-scope"));
        bool is_known = str_is(said, "in-plan") || str_is(said, "out-of-plan");
        if (*scope ? !str_is(said, scope) : is_known)
            continue;
        if (!has_any)
            html_table_begin(&making->out, caption, HEADERS);
        has_any = true;
        write_service(making, one);
    }
    if (has_any)
        html_table_end(&making->out);
}

static void write_services(struct making *making)
{
    begin(making, "services", "Services");
    write_services_of(making, "in-plan", "In the plan\xe2\x80\x99s package");
    write_services_of(making, "out-of-plan", "Outside the plan\xe2\x80\x99s package");
    write_services_of(making, "", "Other services");
    end(making);
}

/* What the form says about how both sides talk. */
static struct str talk_of(struct making *making)
{
    for (const cJSON *one = record_first(making->plan, "supportingInfo"); one; one = one->next) {
        struct str target = record_reference(one);
        const cJSON *form =
            str_starts(target, STR("QuestionnaireResponse/")) ? use(making, target) : NULL;
        for (const cJSON *item = record_first(form, "item"); item; item = item->next)
            if (str_is(json_get_text(item, "linkId"), "communication-schedule"))
                return json_text(record_value(record_first(item, "answer")));
    }
    return STR("");
}

static void write_schedule(struct making *making)
{
    const cJSON *plan = making->plan;
    begin(making, "schedule", "Schedule");
    html_line(&making->out, "The plan holds",
              words_period(json_get(plan, "period"), making->arena));
    html_line(&making->out, "Next review", record_extension_text(plan, "next-review"));
    html_line(&making->out, "The two sides talk", talk_of(making));
    end(making);
}

static struct str people_of(struct making *making, const cJSON *meeting)
{
    struct buf out;
    buf_init(&out, making->arena, 4096);
    for (const cJSON *one = record_first(meeting, "participant"); one; one = one->next) {
        const cJSON *who = json_get(one, "actor");
        struct str words = words_person(making->run, who ? who : json_get(one, "individual"));
        if (words.len && out.len)
            buf_add(&out, STR(", "));
        buf_add(&out, words);
    }
    return buf_str(&out);
}

static struct str goals_of(struct making *making, const cJSON *meeting)
{
    struct buf out;
    buf_init(&out, making->arena, 4096);
    for (const cJSON *one = record_first(meeting, "extension"); one; one = one->next) {
        if (!str_is(json_get_text(one, "url"), LTSS "StructureDefinition/meeting-goal"))
            continue;
        if (out.len)
            buf_add(&out, STR(", "));
        buf_add(&out, words_display(making->run, "meeting-goal", json_text(record_value(one))));
    }
    return buf_str(&out);
}

static void write_meetings(struct making *making)
{
    static const char *const HEADERS[] = { "When", "State", "Who", "For", NULL };
    static const char *const TYPES[] = { "Appointment", "Encounter" };
    bool has_any = false;
    begin(making, "meetings", "Meetings");
    for (size_t t = 0; t < COUNT(TYPES); t++) {
        const struct ltss_record *one = making->run->lookup->find(
            making->run->lookup->context, TYPES[t], "patient", making->page->member);
        for (; one->content; one++) {
            struct str start = json_get_text(one->content, "start"), goals;
            goals = goals_of(making, one->content);
            if (!goals.len)
                continue;
            if (!has_any)
                html_table_begin(&making->out, "Meetings of both sides", HEADERS);
            has_any = true;
            use(making, str_print(making->arena, "%s/" STR_FMT, TYPES[t], STR_ARG(one->id)));
            struct str cells[] = {
                start.len ? words_time(start, making->arena)
                          : words_period(json_get(one->content, "period"), making->arena),
                words_code(json_get_text(one->content, "status"), making->arena),
                people_of(making, one->content),
                goals,
            };
            html_row(&making->out, cells, COUNT(cells));
        }
    }
    if (has_any)
        html_table_end(&making->out);
    else
        buf_add(&making->out, STR("<p>No meeting of both sides is on record.</p>"));
    end(making);
}

static void write_signatures_on(struct making *making, struct str target, const char *what)
{
    const struct ltss_record *one =
        making->run->lookup->find(making->run->lookup->context, "Provenance", "target", target);
    for (; one->content; one++)
        for (const cJSON *sign = record_first(one->content, "signature"); sign; sign = sign->next) {
            const cJSON *side = json_get(sign, "onBehalfOf");
            struct str cells[] = { words_person(making->run, json_get(sign, "who")),
                                   side ? words_reference(making->run, side) : STR(""),
                                   str_of(what),
                                   words_time(json_get_text(sign, "when"), making->arena) };
            use(making, str_print(making->arena, "Provenance/" STR_FMT, STR_ARG(one->id)));
            html_row(&making->out, cells, COUNT(cells));
        }
}

static void write_signers(struct making *making)
{
    for (const cJSON *one = record_first(making->plan, "supportingInfo"); one; one = one->next) {
        struct str target = record_reference(one);
        const cJSON *contract = str_starts(target, STR("Contract/")) ? use(making, target) : NULL;
        for (const cJSON *signer = record_first(contract, "signer"); signer;
             signer = signer->next) {
            const cJSON *sign = record_first(signer, "signature");
            struct str cells[] = { words_person(making->run, json_get(signer, "party")), STR(""),
                                   STR("The plan"),
                                   words_time(json_get_text(sign, "when"), making->arena) };
            html_row(&making->out, cells, COUNT(cells));
        }
    }
}

static void write_signatures(struct making *making)
{
    static const char *const HEADERS[] = { "Who", "For", "Signed", "When", NULL };
    begin(making, "signatures", "Signatures");
    html_table_begin(&making->out, "Who signed what", HEADERS);
    size_t empty = making->out.len;
    write_signers(making);
    write_signatures_on(making, making->reference, "The plan");
    for (size_t i = 0; i < making->team_count; i++)
        write_signatures_on(making, making->team_references[i], "The lead care manager");
    bool has_any = making->out.len > empty;
    html_table_end(&making->out);
    if (!has_any) {
        buf_init(&making->out, making->arena, MOST_SECTION_BYTES);
        buf_add(&making->out, STR("<p>No signature is on record.</p>"));
    }
    end(making);
}

/* Only what its author added, not what a program made of the same records. */
static void write_notes(struct making *making)
{
    const cJSON *text = json_get(making->plan, "text");
    begin(making, "notes", "Notes");
    html_line(&making->out, "About this plan", json_get_text(making->plan, "description"));
    for (const cJSON *note = record_first(making->plan, "note"); note; note = note->next)
        html_line(&making->out, "Note", json_get_text(note, "text"));
    if (str_is(json_get_text(text, "status"), "additional"))
        html_narrative(&making->out, json_get_text(text, "div"));
    end(making);
}

static void read_teams(struct making *making)
{
    for (const cJSON *one = record_first(making->plan, "careTeam");
         one && making->team_count < MOST_TEAMS; one = one->next) {
        struct str target = record_reference(one);
        const cJSON *team = read(making, target);
        if (!team)
            continue;
        making->team_references[making->team_count] = target;
        making->teams[making->team_count++] = team;
    }
}

void page_make(const struct rule_run *run, struct str id, const cJSON *plan, struct page *page)
{
    static void (*const WRITERS[])(struct making *) = {
        write_lead,     write_team,     write_goals,      write_services,
        write_schedule, write_meetings, write_signatures, write_notes,
    };
    struct str title = json_get_text(plan, "title"), language = json_get_text(plan, "language");
    *page = (struct page){
        .title = title.len ? title : STR("Care plan"),
        .language = language.len ? language : STR("en"),
        .member = record_patient(plan),
        .custodian = record_reference(record_value(record_extension(plan, "custodian"))),
        .author = record_reference(json_get(plan, "author")),
    };
    struct making making = { .run = run,
                             .arena = run->arena,
                             .plan = plan,
                             .reference = str_print(run->arena, "CarePlan/" STR_FMT, STR_ARG(id)),
                             .page = page };
    struct str *const named[] = { &page->member, &page->custodian, &page->author };
    for (size_t i = 0; i < COUNT(named); i++)
        if (!read(&making, *named[i]))
            *named[i] = STR("");
    read_teams(&making);
    for (size_t i = 0; i < COUNT(WRITERS); i++)
        WRITERS[i](&making);
}
