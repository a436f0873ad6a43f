/* capabilities_terms.c - the TerminologyCapabilities of /metadata?mode=terminology (R4
 * terminologycapabilities.html): which code systems are here, and what an expansion takes. */
#include "server/interactions/capabilities_terms.h"

#include "resources/base/map.h"
#include "resources/fhir/definitions/terms.h"

enum { MOST_STATEMENT_BYTES = 16 << 20 };

static void add_head(struct buf *out, const struct interaction *interaction)
{
    const struct service *service = interaction->service;
    buf_add(
        out,
        STR("{\"resourceType\":\"TerminologyCapabilities\",\"text\":{\"status\":\"generated\","
            "\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">The code systems that are "
            "here: see codeSystem.</div>\"},\"status\":\"active\","
            "\"date\":"));
    buf_add_json_string(out, interaction_now(interaction));
    buf_add(out, STR(",\"name\":\"TandemTerminology\",\"kind\":\"instance\",\"software\":{\"name\":"
                     "\"Tandem\",\"version\":"));
    buf_add_json_string(out, service->version);
    buf_add(out, STR("},\"implementation\":{\"description\":\"The code systems of the loaded "
                     "definitions\",\"url\":"));
    buf_add_json_string(out, service->base_url);
    buf_add(out, STR("},\"lockedDate\":false"));
}

/* The first version of a url is the one that counts where none is named. */
static void add_versions(struct buf *out, const struct term_source *sources, size_t count,
                         size_t first)
{
    bool has_any = false;
    for (size_t i = first; i < count; i++) {
        if (!sources[i].version.len || !str_equal(sources[i].url, sources[first].url))
            continue;
        buf_add(out, has_any ? STR(",{\"code\":") : STR(",\"version\":[{\"code\":"));
        buf_add_json_string(out, sources[i].version);
        buf_print(out, ",\"isDefault\":%s}", i == first ? "true" : "false");
        has_any = true;
    }
    buf_add(out, has_any ? STR("]") : STR(""));
}

static bool is_here(const struct term_source *source)
{
    return !str_is(source->content, "not-present") && !str_is(source->content, "supplement");
}

/* How often each url is there. */
static void count_urls(struct map *counts, const struct term_source *sources, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uintptr_t seen = (uintptr_t)map_find(counts, sources[i].url);
        if (is_here(&sources[i]))
            map_set(counts, sources[i].url, (void *)(seen + 1));
    }
}

static void add_systems(struct buf *out, const struct term_source *sources, size_t count,
                        struct arena *arena)
{
    struct map counts, seen;
    map_init(&counts, arena);
    map_init(&seen, arena);
    count_urls(&counts, sources, count);
    for (size_t i = 0; i < count; i++) {
        if (!is_here(&sources[i]) || map_set(&seen, sources[i].url, out))
            continue;
        bool is_alone = (uintptr_t)map_find(&counts, sources[i].url) == 1;
        buf_add(out, seen.count == 1 ? STR(",\"codeSystem\":[{\"uri\":") : STR(",{\"uri\":"));
        buf_add_json_string(out, sources[i].url);
        add_versions(out, sources, is_alone ? i + 1 : count, i);
        buf_add(out, STR(",\"subsumption\":true}"));
    }
    buf_add(out, seen.count ? STR("]") : STR(""));
}

static void add_expansion(struct buf *out)
{
    static const char *const PARAMETERS[] = {
        "filter",        "offset",         "count", "activeOnly", "includeDesignations",
        "excludeNested", "displayLanguage"
    };
    buf_add(out, STR(",\"expansion\":{\"hierarchical\":true,\"paging\":true,\"incomplete\":true,"
                     "\"parameter\":["));
    for (size_t i = 0; i < COUNT(PARAMETERS); i++)
        buf_print(out, "%s{\"name\":\"%s\"}", i ? "," : "", PARAMETERS[i]);
    buf_add(out, STR("],\"textFilter\":\"A part of the code or the display, without regard to case "
                     "and accents.\"},\"codeSearch\":\"all\",\"validateCode\":{\"translations\":"
                     "false},\"translation\":{\"needsMap\":false}}"));
}

bool capabilities_terms(struct interaction *interaction)
{
    struct buf out;
    size_t count;
    buf_init(&out, interaction->arena, MOST_STATEMENT_BYTES);
    const struct term_source *sources =
        definitions_code_systems(interaction->service->definitions, interaction->arena, &count);
    add_head(&out, interaction);
    add_systems(&out, sources, count, interaction->arena);
    add_expansion(&out);
    if (out.is_over)
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "the statement is larger than %d bytes", MOST_STATEMENT_BYTES);
    interaction_answer(interaction, 200, buf_str(&out));
    return true;
}
