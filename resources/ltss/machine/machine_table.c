/* machine_table.c - the machines: which steps there are, who takes them, what they need. */
#include "resources/ltss/machine/machine.h"

#define TASKS LTSS_CODES "tandem-task"
#define REQUESTER MACHINE_REQUESTER
#define OWNER MACHINE_OWNER
#define MAKER MACHINE_MAKER
#define SERVER MACHINE_SERVER
#define ANYONE MACHINE_ANYONE

/* Small and large jobs alike: a small one needs no ceremony. */
static const struct machine_step JOB[] = {
    { NULL, "requested", ANYONE, NULL, false },
    { "requested", "accepted|completed|rejected", OWNER, NULL, false },
    { "accepted", "in-progress", OWNER, NULL, false },
    { "in-progress", "completed|failed", OWNER, NULL, false },
    { "requested|accepted|in-progress", "cancelled", REQUESTER, NULL, false },
    { .to = NULL },
};
static const struct machine_output RESULT[] = {
    { "completed", NULL, NULL, "output-missing" },
    { .status = NULL },
};
static const struct machine_output TALK[] = {
    { "completed", NULL, "Communication", "output-missing" },
    { .status = NULL },
};

/* A referral goes from its sender to its receiver, who may be asked to give it back. */
static const struct machine_step REFERRAL[] = {
    { NULL, "draft|requested", ANYONE, NULL, false },
    { "draft", "requested", REQUESTER, NULL, false },
    { "requested", "accepted|rejected", OWNER, NULL, false },
    { "requested", "cancelled", REQUESTER, NULL, false },
    { "accepted", "in-progress|on-hold", OWNER, NULL, false },
    { "in-progress", "completed|failed|on-hold", OWNER, NULL, false },
    { "on-hold", "in-progress", OWNER, NULL, false },
    { "accepted|in-progress|on-hold", "cancelled", OWNER, NULL, true },
    { .to = NULL },
};
static const struct machine_words REFERRAL_WORDS[] = {
    { "draft", "2.0", true },
    { "requested", "2.0", false },
    { "accepted", "3.0|5.2", false },
    { "rejected", "4.0", false },
    { "in-progress|on-hold", "3.0|5.1.1|5.1.2|5.1.3|5.1.4|5.2", false },
    { "failed", "5.1.2|5.1.3", false },
    { "cancelled", "6.0", false },
    { "completed", "7.0", false },
    { .status = NULL },
};

static const struct machine_step ASSIGNMENT[] = {
    { NULL, "requested", ANYONE, NULL, false },
    { "requested", "accepted|rejected", OWNER, NULL, false },
    { "accepted", "in-progress", OWNER, NULL, false },
    { "in-progress", "completed|failed", OWNER, NULL, false },
    { .to = NULL },
};

/* Two sides decide together: each step is an operation, but for taking a proposal back. */
static const struct machine_step DETERMINATION[] = {
    { NULL, "requested", ANYONE, "lead-propose", false },
    { "requested|in-progress", "in-progress|completed|rejected", OWNER, "lead-attest", false },
    { "requested|in-progress", "cancelled", MAKER, NULL, false },
    { .to = NULL },
};

static const struct machine_step OFFER[] = {
    { NULL, "requested", ANYONE, NULL, false },
    { "requested", "in-progress", OWNER, NULL, false },
    { "in-progress", "completed", OWNER, NULL, false },
    { "requested|in-progress", "cancelled", REQUESTER, NULL, false },
    { .to = NULL },
};
static const struct machine_output OFFER_OUTPUTS[] = {
    { "in-progress|completed", "information-provided", NULL, "information-not-provided" },
    { "completed", "decision", NULL, "decision-missing" },
    { .status = NULL },
};
/* The member may say so at once. */
static const struct machine_step QUICK_OFFER[] = {
    { NULL, "requested", ANYONE, NULL, false },
    { "requested", "in-progress|completed", OWNER, NULL, false },
    { "in-progress", "completed", OWNER, NULL, false },
    { "requested|in-progress", "cancelled", REQUESTER, NULL, false },
    { .to = NULL },
};
static const struct machine_output DECISION[] = {
    { "completed", "decision", NULL, "decision-missing" },
    { .status = NULL },
};

static const struct machine_step DATA_REQUEST[] = {
    { NULL, "requested", ANYONE, NULL, false },
    { "requested", "accepted|rejected", OWNER, NULL, false },
    { "accepted", "in-progress|on-hold", OWNER, NULL, false },
    { "in-progress", "on-hold|completed|failed", OWNER, NULL, false },
    { "on-hold", "in-progress|completed|failed", OWNER, NULL, false },
    { .to = NULL },
};

/* On hold twice: before the plan takes applications, which the server ends, and for documents. */
static const struct machine_step ONBOARDING[] = {
    { NULL, "requested|on-hold", ANYONE, NULL, false },
    { "on-hold", "requested", SERVER, NULL, false },
    { "requested", "received|rejected", OWNER, NULL, false },
    { "received", "in-progress|rejected", OWNER, NULL, false },
    { "in-progress", "on-hold|completed|rejected", OWNER, NULL, false },
    { "on-hold", "in-progress", OWNER, NULL, false },
    { "requested|received|in-progress|on-hold", "cancelled", REQUESTER, NULL, false },
    { .to = NULL },
};
static const struct machine_output AGREEMENT[] = {
    { "completed", NULL, "Contract", "output-missing" },
    { .status = NULL },
};

/* The server carries it out; a person may end it, and an operation starts it again. */
static const struct machine_step DELIVERY[] = {
    { NULL, "requested", ANYONE, "push", false },
    { "requested|in-progress", "in-progress|completed|failed", SERVER, NULL, false },
    { "failed|cancelled", "requested", ANYONE, "retry", false },
    { "requested|in-progress", "cancelled", REQUESTER, NULL, false },
    { .to = NULL },
};

static const struct machine_step PLAN[] = {
    { NULL, "draft|active", ANYONE, NULL, false },
    { "draft", "active", ANYONE, NULL, false },
    { "active", "on-hold|completed|revoked", ANYONE, NULL, false },
    { "on-hold", "active|completed|revoked", ANYONE, NULL, false },
    { "draft|active|on-hold|completed|revoked", "entered-in-error", ANYONE, NULL, false },
    { .to = NULL },
};

#define REFERRAL_PARTS                                                                             \
    .steps = REFERRAL, .business_system = LTSS_CODES "referral-business-status",                   \
    .business = REFERRAL_WORDS, .asked = "5.2", .outputs = RESULT
#define TASK(list) .type = "Task", .element = "code", .system = TASKS, .codes = list

static const struct machine MACHINES[] = {
    { .type = "Task",
      .element = "code",
      .system = "http://hl7.org/fhir/CodeSystem/task-code",
      .codes = "fulfill",
      REFERRAL_PARTS },
    { TASK("cp-referral"), REFERRAL_PARTS },
    { TASK("cp-assignment"), .steps = ASSIGNMENT, .outputs = RESULT },
    { TASK("lead-determination"), .steps = DETERMINATION, .outputs = RESULT, .is_sealed = true },
    { TASK("lts-offer"), .steps = OFFER, .outputs = OFFER_OUTPUTS, .overdue = "late" },
    { TASK("offer-health-home"), .steps = QUICK_OFFER, .outputs = DECISION, .overdue = "late" },
    { .type = "Task",
      .element = "code",
      .system = "http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp",
      .codes = "data-request",
      .steps = DATA_REQUEST,
      .outputs = RESULT },
    { TASK("onboarding"), .steps = ONBOARDING, .outputs = AGREEMENT },
    { TASK("delivery"), .steps = DELIVERY, .outputs = RESULT },
    { TASK("consult|engage-member"), .steps = JOB, .outputs = TALK },
    { TASK(NULL), .steps = JOB, .outputs = RESULT },
    { .type = "CarePlan",
      .element = "category",
      .system = LTSS_CODES "ltss-care-plan-type",
      .steps = PLAN },
    { .type = NULL },
};

const struct machine *machine_table(void)
{
    return MACHINES;
}
