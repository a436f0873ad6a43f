/* plan_document.c - CarePlan/[id]/$document: the plan with all that belongs to it as a document,
 * or, with Accept: text/html, as one page to read and print. */
#include <openssl/evp.h>

#include "resources/base/base64.h"
#include "resources/ltss/page/page.h"
#include "server/interactions/outcome.h"
#include "server/operations/document.h"
#include "server/operations/parameters.h"
#include "server/rules/question.h"

static cJSON *string(struct arena *arena, struct str text)
{
    return json_new_string(arena, text);
}

static cJSON *reference_to(struct arena *arena, struct str target)
{
    cJSON *reference = json_new_object(arena);
    json_set(arena, reference, "reference", string(arena, target));
    return reference;
}

static cJSON *generated(struct arena *arena, struct str html)
{
    cJSON *text = json_new_object(arena);
    json_set(arena, text, "status", string(arena, STR("generated")));
    json_set(
        arena, text, "div",
        string(arena,
               str_print(arena, "<div xmlns=\"http://www.w3.org/1999/xhtml\">" STR_FMT "</div>",
                         STR_ARG(html))));
    return text;
}

static cJSON *section_of(struct arena *arena, const struct page_section *section)
{
    cJSON *made = json_new_object(arena);
    json_set(arena, made, "title", string(arena, str_of(section->title)));
    json_set(arena, made, "text", generated(arena, section->html));
    cJSON *entries = json_new_array(arena);
    for (size_t i = 0; i < section->record_count; i++)
        json_add(entries, reference_to(arena, section->records[i]));
    if (section->record_count)
        json_set(arena, made, "entry", entries);
    return made;
}

/* LOINC 18776-5, plan of care note. */
static cJSON *type_of_document(struct arena *arena)
{
    cJSON *type = json_new_object(arena), *coding = json_new_object(arena);
    cJSON *codings = json_set(arena, type, "coding", json_new_array(arena));
    json_set(arena, coding, "system", string(arena, STR("http://loinc.org")));
    json_set(arena, coding, "code", string(arena, STR("18776-5")));
    json_add(codings, coding);
    json_set(arena, type, "text", string(arena, STR("Plan of care")));
    return type;
}

/* Whom the document is from: the plan's custodian, else its author, as far as they are here. */
static cJSON *authors_of(struct arena *arena, const struct page *page)
{
    cJSON *authors = json_new_array(arena), *unknown = json_new_object(arena);
    json_set(arena, unknown, "display", string(arena, STR("not stated")));
    json_add(authors, page->custodian.len ? reference_to(arena, page->custodian)
                      : page->author.len  ? reference_to(arena, page->author)
                                          : unknown);
    return authors;
}

static cJSON *composition_of(struct interaction *interaction, const struct page *page)
{
    struct arena *arena = interaction->arena;
    cJSON *made = json_new_object(arena), *sections = json_new_array(arena);
    cJSON *first = json_new_object(arena), *entries = json_new_array(arena);
    struct str id = interaction->at.id;
    json_set(arena, made, "resourceType", string(arena, STR("Composition")));
    json_set(arena, made, "language", string(arena, page->language));
    json_set(arena, made, "status", string(arena, STR("final")));
    json_set(arena, made, "type", type_of_document(arena));
    if (page->member.len)
        json_set(arena, made, "subject", reference_to(arena, page->member));
    json_set(arena, made, "date", string(arena, interaction_now(interaction)));
    json_set(arena, made, "author", authors_of(arena, page));
    json_set(arena, made, "title", string(arena, page->title));
    if (page->custodian.len)
        json_set(arena, made, "custodian", reference_to(arena, page->custodian));
    json_add(entries, reference_to(arena, str_print(arena, "CarePlan/" STR_FMT, STR_ARG(id))));
    json_set(arena, first, "title", string(arena, STR("The plan")));
    json_set(arena, first, "entry", entries);
    json_add(sections, first);
    for (size_t i = 0; i < page->count; i++)
        json_add(sections, section_of(arena, &page->sections[i]));
    json_set(arena, made, "section", sections);
    return made;
}

/* Nothing is loaded and nothing runs: the one style element is named by its hash. */
static struct str policy_of(struct arena *arena, struct str style)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    EVP_Digest(style.data, style.len, hash, &length, EVP_sha256(), NULL);
    struct str text = base64_encode((struct str){ (const char *)hash, length }, arena);
    return str_print(arena,
                     "default-src 'none'; style-src 'sha256-" STR_FMT
                     "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                     STR_ARG(text));
}

static void answer_page(struct question *question, const struct page *page)
{
    struct interaction *interaction = question->interaction;
    struct http_answer *answer = &interaction->answer;
    struct str style = page_style();
    answer->status = 200;
    answer->body = page_print(&question->run, page, style);
    http_answer_header(answer, "Content-Type", STR("text/html; charset=utf-8"));
    http_answer_header(answer, "Content-Language", page->language);
    http_answer_header(answer, "Content-Security-Policy", policy_of(interaction->arena, style));
    http_answer_header(answer, "X-Content-Type-Options", STR("nosniff"));
    http_answer_header(answer, "Referrer-Policy", STR("no-referrer"));
    interaction->accept = MEDIA_JSON; /* it is as it is sent */
    interaction->is_pretty = false;
}

bool operations_plan_document(struct interaction *interaction)
{
    struct question question;
    struct page *page = arena_alloc(interaction->arena, sizeof *page);
    if (!operation_inputs(interaction))
        return false;
    question_init(&question, interaction);
    const cJSON *plan = question_read(&question, "CarePlan", interaction->at.id);
    if (!plan)
        return false;
    page_make(&question.run, interaction->at.id, plan, page);
    if (question.has_failed)
        return false;
    if (!interaction->wants_page)
        return document_answer(interaction, composition_of(interaction, page));
    answer_page(&question, page);
    return true;
}
