/* search_fixture.h - resources indexed and stored in a line, and what a search finds of them. */
#ifndef SERVER_STORE_SEARCH_FIXTURE_H
#define SERVER_STORE_SEARCH_FIXTURE_H
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"
#include "server/store/store_fixture.h"

static struct definitions *definitions;
static struct search_indexer *indexer;
static struct terminology *terminology; /* of a test that opens it */
static struct arena *kept;
static const char BASE[] = "https://here.example/fhir";

static inline int open_definitions(void **state)
{
    static const char *const PATHS[] = { "build/definitions.db" };
    struct issues issues;
    (void)state;
    kept = arena_open();
    issues_init(&issues, kept, STR(""));
    definitions = definitions_open(PATHS, COUNT(PATHS), &issues);
    if (definitions)
        indexer = search_indexer_open(definitions, str_of(BASE));
    return definitions ? 0 : -1;
}

static inline int close_definitions(void **state)
{
    (void)state;
    search_indexer_close(indexer);
    definitions_close(definitions);
    arena_close(kept);
    return 0;
}

/* A write of a resource whose members, but for type, id and meta, are given with ' for ". */
static inline struct store_write indexed(struct arena *arena, const char *type, const char *id,
                                         const char *members)
{
    struct issues issues;
    struct index_rows *rows = arena_alloc(arena, sizeof *rows);
    struct str body = str_print(arena, "{\"resourceType\":\"%s\",\"id\":\"%s\",\"meta\":{}%s%s}",
                                type, id, *members ? "," : "", members);
    char *text = str_cstr(arena, body);
    for (char *at = text; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    issues_init(&issues, arena, STR(""));
    cJSON *resource = json_parse(str_of(text), arena, &issues);
    assert_non_null(resource);
    assert_true(search_index(rows, indexer, resource, arena, &issues));
    return (struct store_write){ .method = STORE_UPDATE,
                                 .type = str_of(type),
                                 .id = str_of(id),
                                 .if_version = STORE_ANY_VERSION,
                                 .body = str_of(text),
                                 .meta_at = str_find_str(str_of(text), STR("\"meta\":{"), 0) + 8,
                                 .index = rows };
}

static inline void put(struct fixture *f, const char *type, const char *id, const char *members)
{
    struct store_write write = indexed(f->arena, type, id, members);
    assert_int_equal(fixture_commit_one(f, &write), OUTCOME_OK);
}

static inline struct search_plan plan_of(struct arena *arena, const char *type, const char *query)
{
    struct issues issues;
    struct search_plan plan = { 0 };
    struct search_pair *pairs = NULL;
    size_t count = 0;
    const struct search_context context = { .definitions = definitions,
                                            .terminology = terminology,
                                            .base_url = str_of(BASE) };
    issues_init(&issues, arena, STR(""));
    if (!search_split(&pairs, &count, str_of(query), arena, &issues) ||
        !search_parse(&plan, str_of(type), pairs, count, &context, arena, &issues))
        fail_msg("%s: " STR_FMT, query, STR_ARG(issues.first->diagnostics));
    return plan;
}

/* The ids in the order found, with blanks between. */
static inline const char *found(struct fixture *f, const char *type, const char *query)
{
    struct store_page page;
    struct search_plan plan = plan_of(f->arena, type, query);
    struct buf ids;
    buf_init(&ids, f->arena, 1 << 20);
    assert_int_equal(store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page),
                     OUTCOME_OK);
    for (size_t i = 0; i < page.count; i++) {
        buf_add(&ids, i ? STR(" ") : STR(""));
        buf_add(&ids, page.versions[i].id);
    }
    for (size_t i = 0; i < page.included_count; i++)
        buf_print(&ids, "%s" STR_FMT "/" STR_FMT, i ? " " : " + ", STR_ARG(page.included[i].type),
                  STR_ARG(page.included[i].id));
    assert_int_equal(page.total, page.count);
    return buf_str(&ids).data;
}

struct search_case {
    const char *query, *want, *claim;
};

static inline void check(struct fixture *f, const char *type, const struct search_case *cases,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *got = found(f, type, cases[i].query);
        if (strcmp(got, cases[i].want) != 0)
            fail_msg("%s?%s: found '%s', not '%s': %s", type, cases[i].query, got, cases[i].want,
                     cases[i].claim);
    }
}
#endif
