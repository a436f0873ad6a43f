/* page_print.c - the page as one HTML document: no script, one style sheet, landmarks and headings.
 */
#include "resources/ltss/page/html.h"
#include "resources/ltss/page/page.h"
#include "resources/ltss/page/words.h"

enum { MOST_PAGE_BYTES = 8 << 20 };

struct str page_style(void)
{
    return STR("body{font:1rem/1.5 sans-serif;color:#1a1a1a;background:#fff;max-width:64rem;"
               "margin:0 auto;padding:1rem}h1{font-size:1.6rem;margin:0 0 .5rem}"
               "h2{font-size:1.2rem;margin:1.6rem 0 .5rem;border-bottom:2px solid #1f4e79;"
               "color:#1f4e79}p{margin:.3rem 0}table{border-collapse:collapse;width:100%;"
               "margin:.5rem 0 1rem}caption{text-align:left;font-weight:bold;padding:.3rem 0}"
               "th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;"
               "vertical-align:top}thead th{background:#e8eef4;color:#1a1a1a}"
               "nav ul{list-style:none;padding:0;margin:.5rem 0}nav li{display:inline-block;"
               "margin-right:1rem}a{color:#1f4e79;text-decoration:underline}"
               "footer{margin-top:2rem;border-top:1px solid #767676;font-size:.9rem}"
               "@media print{nav{display:none}body{max-width:none;padding:0}"
               "tr,h2{break-inside:avoid;break-after:auto}}");
}

static const cJSON *read(const struct rule_run *run, struct str target)
{
    return target.len ? run->lookup->read(run->lookup->context, target) : NULL;
}

static void print_head(struct buf *out, const struct page *page, struct str name, struct str style)
{
    buf_add(out, STR("<!DOCTYPE html><html lang=\""));
    html_text(out, page->language);
    buf_add(out, STR("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                     "content=\"width=device-width,initial-scale=1\"><title>"));
    html_text(out, page->title);
    if (name.len)
        buf_add(out, STR(": "));
    html_text(out, name);
    buf_add(out, STR("</title><style>"));
    buf_add(out, style);
    buf_add(out, STR("</style></head><body>"));
}

static void print_member(const struct rule_run *run, struct buf *out, const struct page *page,
                         struct str name)
{
    const cJSON *member = read(run, page->member), *custodian = read(run, page->custodian);
    buf_add(out, STR("<header><h1>"));
    html_text(out, page->title);
    buf_add(out, STR("</h1>"));
    html_line(out, "Member", name);
    html_line(out, "Born", json_get_text(member, "birthDate"));
    html_line(out, "Kept by", json_get_text(custodian, "name"));
    buf_add(out, STR("<nav aria-label=\"Sections\"><ul>"));
    for (size_t i = 0; i < page->count; i++)
        buf_print(out, "<li><a href=\"#%s\">%s</a></li>", page->sections[i].id,
                  page->sections[i].title);
    buf_add(out, STR("</ul></nav></header>"));
}

struct str page_print(const struct rule_run *run, const struct page *page, struct str style)
{
    struct buf out;
    struct str name = words_name(json_get(read(run, page->member), "name"), run->arena);
    buf_init(&out, run->arena, MOST_PAGE_BYTES);
    print_head(&out, page, name, style);
    print_member(run, &out, page, name);
    buf_add(&out, STR("<main>"));
    for (size_t i = 0; i < page->count; i++) {
        const struct page_section *section = &page->sections[i];
        buf_print(&out, "<section aria-labelledby=\"%s\"><h2 id=\"%s\">%s</h2>", section->id,
                  section->id, section->title);
        buf_add(&out, section->html);
        buf_add(&out, STR("</section>"));
    }
    buf_add(&out, STR("</main><footer>"));
    html_line(&out, "Printed", words_time(record_moment(run->now_us, run->arena), run->arena));
    buf_add(&out, STR("</footer></body></html>"));
    return buf_str(&out);
}
