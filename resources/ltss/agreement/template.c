/* template.c - the text of an agreement is the Department's, but for Appendix A (R9); a plan's
 * contract with the state mentions it (R6). */
#include <ctype.h>

#include "resources/base/base64.h"
#include "resources/base/buf.h"
#include "resources/ltss/agreement/asa.h"
#include "resources/ltss/rules.h"

/* Whether a heading "Appendix X" begins here, at the start of a line. */
static bool is_heading(struct str text, size_t at, char letter)
{
    static const char WORD[] = "appendix ";
    if (at + sizeof WORD > text.len || (at && text.data[at - 1] != '\n'))
        return false;
    for (size_t i = 0; i < sizeof WORD - 1; i++)
        if (tolower((unsigned char)text.data[at + i]) != WORD[i])
            return false;
    char found = (char)toupper((unsigned char)text.data[at + sizeof WORD - 1]);
    char behind = at + sizeof WORD < text.len ? text.data[at + sizeof WORD] : '\n';
    return !isalnum((unsigned char)behind) && (letter ? found == letter : found != 'A');
}

static size_t find_heading(struct str text, size_t from, char letter)
{
    while (from < text.len && !is_heading(text, from, letter))
        from++;
    return from;
}

/* What stands before Appendix A, and from the next appendix on. */
static struct str without_appendix(struct str text, struct arena *arena)
{
    size_t begin = find_heading(text, 0, 'A');
    size_t end = begin < text.len ? find_heading(text, begin + 1, '\0') : text.len;
    struct buf out;
    buf_init(&out, arena, text.len + 1);
    buf_add(&out, str_slice(text, 0, begin));
    buf_add(&out, str_slice(text, end, text.len));
    return buf_str(&out);
}

static bool is_same_text(struct str a, struct str b, struct arena *arena)
{
    return str_equal(without_appendix(a, arena), without_appendix(b, arena));
}

static bool read_text(const cJSON *attachment, struct str *text, struct arena *arena)
{
    struct str data = json_get_text(attachment, "data");
    return data.len && base64_decode(text, data, arena);
}

static bool names(const cJSON *document, struct str uri)
{
    if (str_equal(json_get_text(json_get(document, "masterIdentifier"), "value"), uri))
        return true;
    for (const cJSON *one = record_first(document, "identifier"); one; one = one->next)
        if (str_equal(json_get_text(one, "value"), uri))
            return true;
    return false;
}

/* Of the kind that the matrix leaves to the state. */
static bool is_template(const cJSON *document)
{
    return record_has_code(json_get(document, "type"), LTSS_CODES "document-type", "asa-template");
}

/* The text that the Department registered for an address (DocumentReference.masterIdentifier). */
static bool find_template(const struct rule_run *run, struct str uri, struct str *text)
{
    const struct ltss_record *one =
        run->lookup->find(run->lookup->context, "DocumentReference", "identifier", uri);
    for (; one->content; one++)
        if (str_is(json_get_text(one->content, "status"), "current") && is_template(one->content) &&
            names(one->content, uri) &&
            read_text(json_get(record_first(one->content, "content"), "attachment"), text,
                      run->arena))
            return true;
    return false;
}

static bool is_unaltered(struct rule_run *run, const cJSON *contract, struct str template)
{
    int index = 0;
    bool has_text = false;
    for (const cJSON *legal = record_first(contract, "legal"); legal;
         legal = legal->next, index++) {
        struct str text;
        has_text = true;
        if (!read_text(json_get(legal, "contentAttachment"), &text, run->arena) ||
            !is_same_text(text, template, run->arena))
            return rule_say(run, "legal", index, "the text outside Appendix A");
    }
    return has_text || !str_is(json_get_text(contract, "status"), "executed") ||
           rule_say(run, "legal", -1, "an executed agreement has its text");
}

bool agreement_template_unaltered(struct rule_run *run)
{
    const cJSON *contract = run->change->after;
    struct str uri = json_get_text(contract, "instantiatesUri"), template;
    if (!agreement_asa_is(contract) || run->change->is_copy)
        return true;
    if (!uri.len || !find_template(run, uri, &template))
        return rule_say(run, "instantiatesUri", -1, "'" STR_FMT "' is no registered template",
                        STR_ARG(uri));
    return is_unaltered(run, contract, template);
}

static bool leads_to_template(const struct rule_run *run, struct str reference)
{
    return str_starts(reference, STR("DocumentReference/")) &&
           is_template(run->lookup->read(run->lookup->context, reference));
}

bool agreement_template_referenced(struct rule_run *run)
{
    const cJSON *contract = run->change->after;
    if (!record_has_code(json_get(contract, "type"), AGREEMENT_TYPES, "state") ||
        !str_is(json_get_text(contract, "status"), "executed"))
        return true;
    for (const cJSON *one = record_first(contract, "supportingInfo"); one; one = one->next)
        if (leads_to_template(run, record_reference(one)))
            return true;
    return rule_say(run, "supportingInfo", -1, "the agreement template is not among them");
}
