/* change.c - preconditions, commit and answer of a change to one record. */
#include "server/interactions/change.h"

#include "server/catalog.h"
#include "server/interactions/outcome.h"
#include "server/interactions/provenance.h"

/* Of a body that is answered on an event loop: as large as one write of its. */
enum { MOST_ON_LOOP = 256 << 10 };

bool change_preconditions(struct interaction *interaction, struct write *write)
{
    struct str match = http_header(interaction->request, "If-Match");
    struct str none_match = http_header(interaction->request, "If-None-Match");
    write->if_version = STORE_ANY_VERSION;
    if (match.len && !headers_parse_etag(&write->if_version, match))
        return issue_add(&interaction->issues, NULL, ISSUE_HEADER_INVALID,
                         "If-Match must be one version, such as W/\"3\"");
    if (none_match.len && !str_is(none_match, "*"))
        return issue_add(&interaction->issues, NULL, ISSUE_HEADER_INVALID,
                         "If-None-Match of a change must be *");
    write->must_be_new = none_match.len > 0;
    return true;
}

bool change_condition(struct interaction *interaction, struct write *write)
{
    struct str query = interaction->request->query;
    if (write->id.len)
        return interaction_no_query(interaction);
    write->condition = write_condition(interaction->service, write->type, query, NULL,
                                       interaction->arena, &interaction->issues);
    return write->condition != NULL;
}

bool change_no_provenance(struct interaction *interaction)
{
    return !http_header(interaction->request, "X-Provenance").len ||
           issue_add(&interaction->issues, NULL, ISSUE_HEADER_INVALID,
                     "X-Provenance belongs to create, update and patch");
}

static int status_of(enum write_result result)
{
    static const int STATUSES[] = { [WRITE_CREATED] = 201,
                                    [WRITE_UPDATED] = 200,
                                    [WRITE_DELETED] = 204,
                                    [WRITE_MATCHED] = 200,
                                    [WRITE_ABSENT] = 204 };
    return STATUSES[result];
}

static void answer_location(struct interaction *interaction, const struct write *write)
{
    struct str location =
        str_print(interaction->arena, STR_FMT "/" STR_FMT "/" STR_FMT "/_history/%llu",
                  STR_ARG(interaction->service->base_url), STR_ARG(write->type),
                  STR_ARG(write->chosen_id), (unsigned long long)write->version);
    http_answer_header(&interaction->answer, "Location", location);
}

static void answer(struct interaction *interaction, const struct write *write)
{
    int status = status_of(write->result);
    struct str body = write->body;
    if (interaction->prefer == RETURN_OUTCOME) {
        body = outcome_print(&interaction->issues);
        status = status == 204 ? 200 : status;
    } else if (interaction->prefer == RETURN_MINIMAL || status == 204) {
        body = (struct str){ 0 };
    }
    if (write->version)
        interaction_answer_version(interaction, write->version, write->updated_us);
    if (write->result == WRITE_CREATED || write->result == WRITE_UPDATED ||
        write->result == WRITE_MATCHED)
        answer_location(interaction, write);
    interaction_answer(interaction, status, body);
}

/* A change on its way through the writer. */
struct changing {
    struct interaction *interaction;
    struct write writes[2]; /* the second: the Provenance of its header */
    struct write_set set;
    enum outcome outcome;
};

static void end(struct changing *changing, enum write_step step)
{
    if (step == WRITE_STEP_DONE)
        answer(changing->interaction, &changing->writes[0]);
    service_finish(changing->interaction, step == WRITE_STEP_DONE);
}

static void go_on(void *context);

/* On the writer's thread, which has more to do: the event loop takes it from here. */
static void told(void *context, enum outcome outcome)
{
    struct changing *changing = context;
    changing->outcome = outcome;
    http_continue(changing->interaction->exchange, go_on, changing);
}

static void hand_over(struct interaction *interaction)
{
    struct changing *changing = interaction->handed;
    write_hand_over(&changing->set, told, changing);
}

/* On a worker: what takes long after the commit, or has to be decided anew. */
static void work_on(void *context)
{
    struct changing *changing = context;
    changing->interaction->is_on_loop = false;
    enum write_step step = write_conclude(&changing->set, changing->outcome);
    if (step == WRITE_STEP_AGAIN)
        step = write_try(&changing->set);
    if (step == WRITE_STEP_COMMIT)
        hand_over(changing->interaction);
    else
        end(changing, step);
}

static void go_on(void *context)
{
    struct changing *changing = context;
    struct interaction *interaction = changing->interaction;
    interaction->is_on_loop = true;
    if (changing->outcome != OUTCOME_CONFLICT &&
        changing->set.commit.writes[0].body.len <= MOST_ON_LOOP)
        end(changing, write_conclude(&changing->set, changing->outcome));
    else if (!workers_submit(interaction->service->workers, WORK_LIGHT, work_on, changing))
        service_finish(interaction, issue_add(&interaction->issues, NULL, ISSUE_OVERLOADED,
                                              "the queue is full"));
}

/* An entry of a Bundle is waited for: the next one may see what it has done. */
bool change_commit(struct interaction *interaction, const struct write *write, const char *code)
{
    struct changing *changing = arena_alloc(interaction->arena, sizeof *changing);
    *changing = (struct changing){ .interaction = interaction,
                                   .writes = { *write },
                                   .set = { .service = interaction->service,
                                            .viewer = interaction->viewer,
                                            .arena = interaction->arena,
                                            .issues = &interaction->issues,
                                            .writes = changing->writes,
                                            .extras = { .settle = provenance_settle },
                                            .interaction = code } };
    if (!provenance_read(interaction, &changing->writes[1], &changing->set.count))
        return false;
    /* a definition takes effect before the answer, which takes long: a worker waits for its commit
     */
    bool is_alone = interaction->exchange != NULL && !catalog_has_type(write->type);
    enum write_step step = is_alone                       ? write_try(&changing->set)
                           : write_commit(&changing->set) ? WRITE_STEP_DONE
                                                          : WRITE_STEP_FAILED;
    interaction->handed = changing;
    if (step == WRITE_STEP_COMMIT)
        interaction->hand_over = hand_over;
    else if (step == WRITE_STEP_DONE)
        answer(interaction, &changing->writes[0]);
    return step != WRITE_STEP_FAILED;
}
