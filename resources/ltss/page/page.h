/* page.h - a care plan as a page for people: who leads and why, who does what, goals, services,
 * schedule, meetings, signatures; made from the records, not from their narratives. */
#ifndef RESOURCES_LTSS_PAGE_H
#define RESOURCES_LTSS_PAGE_H
#include "resources/ltss/rule.h"

enum { PAGE_MOST_SECTIONS = 10, PAGE_MOST_RECORDS = 200 };

/* A section: what stands below its heading, as XHTML without ids; and the records it is made of. */
struct page_section {
    const char *id, *title;
    struct str html;
    struct str records[PAGE_MOST_RECORDS]; /* "Type/id", each once, all there */
    size_t record_count;
};
struct page {
    struct str title, language; /* of the plan, and its language: "en" when it names none */
    struct str member;          /* "Patient/x" */
    struct str custodian;       /* "Organization/x", or empty */
    struct str author;          /* "Type/id", or empty */
    struct page_section sections[PAGE_MOST_SECTIONS];
    size_t count;
};
/* `id` is the plan's. What the lookup does not give is left out. */
void page_make(const struct rule_run *run, struct str id, const cJSON *plan, struct page *page);
/* The whole page as an HTML document; `style` is the content of its one style element. */
struct str page_print(const struct rule_run *run, const struct page *page, struct str style);
/* The page's own style sheet. */
struct str page_style(void);
#endif
