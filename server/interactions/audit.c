/* audit.c - makes AuditEvents; the one place that knows their shape. */
#include "server/interactions/audit.h"

#include "server/instant.h"
#include "server/interactions/write.h"

enum { MOST_AUDIT_BYTES = 16 << 20 };

#define TYPE_SYSTEM "http://terminology.hl7.org/CodeSystem/audit-event-type"
#define SUBTYPE_SYSTEM "http://hl7.org/fhir/restful-interaction"

/* AuditEvent.action: of the whole commit; several kinds together are an execution. */
static char action_of(const struct write_set *set)
{
    static const char ACTIONS[] = { [WRITE_CREATED] = 'C',
                                    [WRITE_UPDATED] = 'U',
                                    [WRITE_DELETED] = 'D',
                                    [WRITE_MATCHED] = 'R',
                                    [WRITE_ABSENT] = 'D' };
    return set->count == 1 ? ACTIONS[set->writes[0].result] : 'E';
}

static void add_agent(struct buf *out, const struct viewer *viewer)
{
    buf_add(out, STR(",\"agent\":[{\"who\":{"));
    if (viewer->organization.len) {
        buf_add(out, STR("\"reference\":"));
        buf_add_json_string(out, viewer->organization);
        buf_add_char(out, ',');
    }
    buf_add(out, STR("\"identifier\":{\"value\":"));
    buf_add_json_string(out, viewer->client.len ? viewer->client : STR("tester"));
    buf_add(out, STR("}},\"requestor\":true}]"));
}

static void add_entities(struct buf *out, const struct write_set *set)
{
    bool is_first = true;
    for (size_t i = 0; i < set->count + set->derived_count; i++) {
        const struct write *write = write_at(set, i);
        if (!write->row)
            continue;
        buf_add(out, is_first ? STR(",\"entity\":[") : STR(","));
        buf_add(out, STR("{\"what\":{\"reference\":\""));
        buf_add(out, write->type);
        buf_add_char(out, '/');
        buf_add(out, write->chosen_id);
        buf_add(out, STR("\"}}"));
        is_first = false;
    }
    if (!is_first)
        buf_add_char(out, ']');
}

struct str audit_commit(const struct write_set *set)
{
    struct buf out;
    buf_init(&out, set->arena, MOST_AUDIT_BYTES);
    buf_add(&out, STR("{\"resourceType\":\"AuditEvent\",\"type\":{\"system\":\"" TYPE_SYSTEM
                      "\",\"code\":\"rest\"},\"subtype\":[{\"system\":\"" SUBTYPE_SYSTEM
                      "\",\"code\":\""));
    buf_add(&out, str_of(set->interaction));
    buf_add(&out, STR("\"}],\"action\":\""));
    buf_add_char(&out, action_of(set));
    buf_add(&out, STR("\",\"recorded\":\""));
    buf_add(&out, instant_print(set->service->now_us(), set->arena));
    buf_add(&out, STR("\",\"outcome\":\"0\""));
    add_agent(&out, set->viewer);
    buf_add(&out, STR(",\"source\":{\"observer\":{\"display\":"));
    buf_add_json_string(&out, set->service->base_url);
    buf_add(&out, STR("}}"));
    add_entities(&out, set);
    buf_add_char(&out, '}');
    return buf_str(&out);
}
