/* appendix.c - Appendix A of an agreement: which services are in the plan, and who answers for
 * them (R10). */
#include "resources/ltss/agreement/asa.h"
#include "resources/ltss/rules.h"

static bool is_appendix(const cJSON *term)
{
    return record_has_code(json_get(term, "type"), AGREEMENT_TERMS, "asa-appendix-a");
}

bool agreement_appendix_same(const cJSON *a, const cJSON *b)
{
    for (const cJSON *one = record_first(a, "coding"); one; one = one->next)
        for (const cJSON *other = record_first(b, "coding"); other; other = other->next) {
            struct str mine = json_get_text(one, "system"), yours = json_get_text(other, "system");
            if (str_equal(json_get_text(one, "code"), json_get_text(other, "code")) &&
                json_get_text(one, "code").len &&
                (!mine.len || !yours.len || str_equal(mine, yours)))
                return true;
        }
    return false;
}

/* The lines of all appendices of a Contract, one by one; start with NULLs. */
struct walk {
    const cJSON *term, *asset, *line;
};

static const cJSON *next_line(const cJSON *contract, struct walk *at)
{
    at->line = at->line ? at->line->next : NULL;
    while (!at->line) {
        at->asset = at->asset ? at->asset->next : NULL;
        while (!at->asset) {
            at->term = at->term ? at->term->next : record_first(contract, "term");
            if (!at->term)
                return NULL;
            at->asset = is_appendix(at->term) ? record_first(at->term, "asset") : NULL;
        }
        at->line = record_first(at->asset, "valuedItem");
    }
    return at->line;
}

const cJSON *agreement_appendix_find(const cJSON *contract, const cJSON *service)
{
    struct walk at = { NULL, NULL, NULL };
    for (const cJSON *line; (line = next_line(contract, &at));)
        if (agreement_appendix_same(json_get(line, "entityCodeableConcept"), service))
            return line;
    return NULL;
}

bool agreement_appendix_is_out_of_plan(const cJSON *line)
{
    return str_is(record_extension_text(line, "plan-scope"), "out-of-plan");
}

struct str agreement_appendix_responsible(const cJSON *line)
{
    return record_reference(json_get(line, "responsible"));
}

static bool is_whole(const cJSON *line)
{
    struct str scope = record_extension_text(line, "plan-scope");
    return record_first(json_get(line, "entityCodeableConcept"), "coding") &&
           (str_is(scope, "in-plan") || str_is(scope, "out-of-plan")) &&
           agreement_appendix_responsible(line).len > 0;
}

bool agreement_appendix_complete(struct rule_run *run)
{
    const cJSON *contract = run->change->after;
    struct walk at = { NULL, NULL, NULL };
    size_t count = 0;
    if (!agreement_asa_is(contract))
        return true;
    for (const cJSON *line; (line = next_line(contract, &at)); count++)
        if (!is_whole(line))
            return rule_say(run, "term", -1, "line %zu of the appendix", count + 1);
    return count > 0 || rule_say(run, "term", -1, "there is no Appendix A");
}
