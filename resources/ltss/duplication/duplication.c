/* duplication.c - finding duplicates among a member's requests, and making their DetectedIssues and
 * Tasks. */
#include "resources/ltss/duplication/duplication.h"

#include "resources/ltss/party.h"
#include "resources/ltss/rules.h"
#include "resources/ltss/task.h"

#define SERVICES LTSS_CODES "ltss-service"
#define CATEGORIES LTSS_CODES "service-category"
#define ISSUES LTSS_CODES "tandem-issue"
#define BASES LTSS_CODES "duplicate-basis"
#define ROLES LTSS_CODES "care-coordination-role"

static bool is_in_force(const cJSON *request)
{
    return str_is(json_get_text(request, "status"), "active");
}

/* Whoever is said to answer for a service, else the organization that asks for it. */
static struct str organization_of(const struct rule_run *run, const cJSON *request)
{
    struct str said =
        record_reference(record_value(record_extension(request, "responsible-party")));
    return said.len ? said : party_organization(run, json_get(request, "requester"));
}

static bool coordinates(const cJSON *request)
{
    return record_has_code(json_get(request, "code"), SERVICES, "care-coordination") ||
           record_has_code(json_get(request, "category"), CATEGORIES, "hh-care-management");
}

/* The first coding that both codes have, or NULL. */
static const cJSON *shared_coding(const cJSON *a, const cJSON *b)
{
    for (const cJSON *one = record_first(json_get(a, "code"), "coding"); one; one = one->next) {
        struct str system = json_get_text(one, "system"), code = json_get_text(one, "code");
        for (const cJSON *other = record_first(json_get(b, "code"), "coding"); other && code.len;
             other = other->next)
            if (str_equal(json_get_text(other, "system"), system) &&
                str_equal(json_get_text(other, "code"), code))
                return one;
    }
    return NULL;
}

/* When it takes place, as a Period; NULL: at any time. */
static const cJSON *occurrence_of(const struct rule_run *run, const cJSON *request)
{
    const cJSON *period = json_get(request, "occurrencePeriod"),
                *day = json_get(request, "occurrenceDateTime"),
                *repeat = json_get(json_get(request, "occurrenceTiming"), "repeat");
    if (period || !day)
        return period ? period : json_get(repeat, "boundsPeriod");
    cJSON *made = json_new_object(run->arena);
    json_set(run->arena, made, "start", json_new_string(run->arena, json_text(day)));
    json_set(run->arena, made, "end", json_new_string(run->arena, json_text(day)));
    return made;
}

static bool is_duplicate(const struct rule_run *run, const cJSON *ours, const cJSON *theirs,
                         struct duplication *found)
{
    const cJSON *shared = shared_coding(ours, theirs);
    found->is_coordination = coordinates(ours) && coordinates(theirs);
    found->their_organization = organization_of(run, theirs);
    if ((!shared && !found->is_coordination) || !is_in_force(theirs) ||
        !found->their_organization.len ||
        str_equal(found->their_organization, found->our_organization) ||
        !record_overlaps(occurrence_of(run, ours), occurrence_of(run, theirs)))
        return false;
    struct str words = json_get_text(shared, "display");
    found->code = words.len ? words : json_get_text(shared, "code");
    if (found->is_coordination)
        found->code = STR("care coordination");
    return true;
}

size_t duplication_find(const struct rule_run *run, struct str id, const cJSON *request,
                        struct duplication found[DUPLICATION_MOST])
{
    size_t count = 0;
    struct str member = record_patient(request);
    struct duplication one = { .ours =
                                   str_print(run->arena, "ServiceRequest/" STR_FMT, STR_ARG(id)),
                               .our_organization = organization_of(run, request) };
    if (!is_in_force(request) || !member.len || !one.our_organization.len)
        return 0;
    const struct ltss_record *other =
        run->lookup->find(run->lookup->context, "ServiceRequest", "patient", member);
    for (; other->content && count < DUPLICATION_MOST; other++) {
        if (str_equal(other->id, id) || !str_equal(record_patient(other->content), member) ||
            !is_duplicate(run, request, other->content, &one))
            continue;
        one.theirs = str_print(run->arena, "ServiceRequest/" STR_FMT, STR_ARG(other->id));
        found[count++] = one;
    }
    return count;
}

static cJSON *text(const struct rule_run *run, const char *words)
{
    return json_new_string(run->arena, str_of(words));
}

cJSON *duplication_issue(const struct rule_run *run, const struct duplication *found,
                         struct str member)
{
    struct arena *arena = run->arena;
    cJSON *issue = json_new_object(arena), *implicated = json_new_array(arena);
    cJSON *evidence = json_new_array(arena), *basis = json_new_object(arena);
    cJSON *codes = json_new_array(arena);
    json_set(arena, issue, "resourceType", text(run, "DetectedIssue"));
    json_set(arena, issue, "status", text(run, "preliminary"));
    json_set(
        arena, issue, "code",
        ltss_task_concept(arena, ISSUES,
                          found->is_coordination ? "coordination-duplicate" : "duplicate-service"));
    json_set(arena, issue, "severity", text(run, "moderate"));
    json_set(arena, issue, "patient", ltss_task_reference(arena, member));
    json_set(arena, issue, "identifiedDateTime",
             json_new_string(arena, record_moment(run->now_us, arena)));
    if (found->ours.len > sizeof "ServiceRequest/" - 1)
        json_add(implicated, ltss_task_reference(arena, found->ours));
    json_add(implicated, ltss_task_reference(arena, found->theirs));
    json_set(arena, issue, "implicated", implicated);
    json_add(codes, ltss_task_concept(arena, BASES,
                                      found->is_coordination ? "same-coordination-function"
                                                             : "same-service-same-period"));
    json_set(arena, basis, "code", codes);
    json_add(evidence, basis);
    json_set(arena, issue, "evidence", evidence);
    json_set(arena, issue, "detail",
             json_new_string(arena, str_print(arena,
                                              "Two organizations answer for the same at the same "
                                              "time: " STR_FMT ".",
                                              STR_ARG(found->code))));
    return issue;
}

/* Whether it was said before, and not taken back. */
static bool is_known(const struct rule_run *run, const struct duplication *found)
{
    const struct ltss_record *issue =
        run->lookup->find(run->lookup->context, "DetectedIssue", "implicated", found->ours);
    for (; issue->content; issue++) {
        const cJSON *implicated = json_get(issue->content, "implicated");
        struct str status = json_get_text(issue->content, "status");
        if (record_refers(implicated, found->ours) && record_refers(implicated, found->theirs) &&
            !str_is(status, "cancelled") && !str_is(status, "entered-in-error"))
            return true;
    }
    return false;
}

/* Who coordinates for an organization in one of the member's active teams; else itself. */
static struct str coordinator_of(const struct rule_run *run, struct str organization,
                                 struct str member)
{
    static const char *const COORDINATORS[] = {
        "mltc-care-coordinator", "health-home-care-manager", "aco-care-coordinator",
        "mco-care-coordinator",  "ltss-cp-coordinator",      "bh-cp-coordinator",
        "waiver-case-manager",   "dds-service-coordinator"
    };
    const struct ltss_record *team =
        run->lookup->find(run->lookup->context, "CareTeam", "patient", member);
    for (; team->content; team++) {
        const cJSON *one = record_first(team->content, "participant");
        if (!str_is(json_get_text(team->content, "status"), "active") ||
            !str_equal(record_patient(team->content), member))
            continue;
        for (; one; one = one->next)
            for (size_t i = 0; i < COUNT(COORDINATORS); i++)
                if (record_has_code(json_get(one, "role"), ROLES, COORDINATORS[i]) &&
                    str_equal(party_organization(run, json_get(one, "member")), organization))
                    return record_reference(json_get(one, "member"));
    }
    return organization;
}

static void ask_for_review(struct rule_run *run, const struct duplication *found, struct str member)
{
    struct str issue =
        run->derive(run->context, "DetectedIssue", STR(""), duplication_issue(run, found, member));
    struct str sides[] = { found->our_organization, found->their_organization };
    struct str asker = run->caller->organization;
    for (size_t i = 0; i < COUNT(sides); i++) {
        struct ltss_task task = {
            .code = "duplication-review",
            .focus = str_print(run->arena, "DetectedIssue/" STR_FMT, STR_ARG(issue)),
            .member = member,
            .requester = asker.len ? asker : found->our_organization,
            .owner = coordinator_of(run, sides[i], member),
            .description = "Agree with the other side who gives this service.",
        };
        run->derive(run->context, "Task", STR(""), ltss_task_make(run, &task));
    }
}

bool duplication_none(struct rule_run *run)
{
    struct duplication found[DUPLICATION_MOST];
    const cJSON *request = run->change->after;
    if (!request || run->change->is_copy)
        return true;
    size_t count = duplication_find(run, run->change->id, request, found);
    for (size_t i = 0; i < count; i++) {
        if (is_known(run, &found[i]))
            continue;
        ask_for_review(run, &found[i], record_patient(request));
        rule_say(run, "code", -1, STR_FMT, STR_ARG(found[i].theirs));
    }
    return true;
}
