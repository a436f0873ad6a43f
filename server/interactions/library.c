/* library.c - finds records by canonical: among the writes of the same request, then in the store.
 */
#include "server/interactions/library.h"

#include "resources/base/buf.h"
#include "resources/fhir/types/reference.h"
#include "server/interactions/write.h"

enum { MOST_ESCAPED = 1 << 14 };

static bool is_meant(const cJSON *resource, struct str type, const struct canonical *canonical)
{
    return str_equal(json_get_text(resource, "resourceType"), type) &&
           str_equal(json_get_text(resource, "url"), canonical->url) &&
           (!canonical->version.len ||
            str_equal(json_get_text(resource, "version"), canonical->version));
}

static const cJSON *find_written(const struct library *library, struct str type,
                                 const struct canonical *canonical)
{
    for (size_t i = 0; i < library->count; i++)
        if (library->writes[i].resource && is_meant(library->writes[i].resource, type, canonical))
            return library->writes[i].resource;
    return NULL;
}

/* A text as one value of a search (R4 search.html#escaping). */
static struct str escape(struct str text, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena, MOST_ESCAPED);
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] && strchr("\\,|$", text.data[i]))
            buf_add_char(&out, '\\');
        buf_add_char(&out, text.data[i]);
    }
    return out.is_over ? STR("") : buf_str(&out);
}

/* The one last changed, where several have this canonical. */
static const cJSON *find_stored(const struct library *library, struct str type,
                                const struct canonical *canonical, struct arena *arena)
{
    const struct service *service = library->service;
    struct search_pair pairs[] = { { STR("url"), escape(canonical->url, arena) },
                                   { STR("_sort"), STR("-_lastUpdated") },
                                   { STR("_count"), STR("1") },
                                   { STR("_total"), STR("none") },
                                   { STR("version"), escape(canonical->version, arena) } };
    size_t count = COUNT(pairs) - (canonical->version.len == 0);
    struct search_plan plan;
    struct store_page page;
    struct issues issues;
    const struct search_context context = service_search_context(service);
    issues_init(&issues, arena, STR(""));
    if (!pairs[0].value.len || !search_parse(&plan, type, pairs, count, &context, arena, &issues) ||
        store_search(service->store, library->viewer, &plan, 0, STR(""), arena, &page) !=
            OUTCOME_OK ||
        page.count == 0)
        return NULL;
    return json_parse(page.versions[0].body, arena, &issues);
}

static const cJSON *find(void *context, struct str type, struct str canonical, struct arena *arena)
{
    const struct library *library = context;
    struct canonical wanted = reference_parse_canonical(canonical);
    const cJSON *written = find_written(library, type, &wanted);
    if (written || !viewer_may(library->viewer, type, ACT_READ))
        return written;
    return find_stored(library, type, &wanted, arena);
}

struct validation_library library_lend(struct library *library)
{
    return (struct validation_library){ library, find };
}
