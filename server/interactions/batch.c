/* batch.c - a batch Bundle: each entry for itself (R4 http.html#transaction), those that can not
 * tell each other's work apart at the same time. */
#include "resources/base/arena.h"
#include "resources/base/map.h"
#include "server/interactions/entry.h"
#include "server/interactions/outcome.h"
#include "server/interactions/together.h"

/* Entries of a group are held until all of them are answered. */
enum { MOST_AT_ONCE = 64 };

/* Entries that stand one behind the other and may run in any order. */
enum kind { KIND_READ, KIND_WRITE, KIND_ALONE };

struct running {
    struct interaction *interaction;
    int index; /* of the first */
    size_t count;
    struct one_entry {
        struct arena *arena;
        cJSON *item;
        struct bundle_response response;
        struct place_mark mark;
    } entries[MOST_AT_ONCE];
    size_t held;
};

/* What one entry gets wrong is its own answer, and nobody else's. So is its memory: of what an
 * entry needs nothing is left but its line of the answer. */
static void run_entry(void *context, size_t i)
{
    struct running *running = context;
    struct one_entry *own = &running->entries[i];
    struct interaction one = *running->interaction;
    struct issues issues;
    struct entry entry;
    one.arena = own->arena;
    one.held = running->held;
    issues_init(&one.issues, own->arena, running->interaction->issues.source);
    one.issues.mark = running->interaction->issues.mark;
    if (entry_read(&entry, own->item, running->index + (int)i, &one)) {
        entry_run(&entry, &one, &own->response, &issues);
        own->mark = issues.mark;
    } else {
        own->response.status = entry_status(outcome_status(&one.issues));
        own->response.outcome = outcome_print(&one.issues);
        own->mark = one.issues.mark;
    }
}

static bool has_reference(const cJSON *item)
{
    for (const cJSON *child = item ? item->child : NULL; child; child = child->next)
        if ((child->string && !strcmp(child->string, "reference")) || has_reference(child))
            return true;
    return false;
}

/* A write that decides by its id alone, and neither a program's rules nor the integrity of
 * references make it matter which one comes first. */
static bool is_free_write(const struct service *service, const cJSON *item, struct str method,
                          struct str url)
{
    const cJSON *request = json_get(item, "request");
    size_t slash = str_find(url, '/', 0), second = str_find(url, '/', slash + 1);
    bool is_plain = slash > 0 && second >= url.len && str_find(url, '?', 0) == url.len &&
                    str_find(url, '%', 0) == url.len;
    bool has_id = slash < url.len, is_post = str_is(method, "POST");
    if (!is_plain || is_post == has_id || json_get(request, "ifNoneExist") ||
        service->program_count)
        return false;
    return !service->has_integrity ||
           (!str_is(method, "DELETE") && !has_reference(json_get(item, "resource")));
}

static enum kind kind_of(const struct service *service, const cJSON *item)
{
    struct str method = json_get_text(json_get(item, "request"), "method");
    struct str url = json_get_text(json_get(item, "request"), "url");
    if (str_is(method, "GET") || str_is(method, "HEAD"))
        return KIND_READ;
    return is_free_write(service, item, method, url) ? KIND_WRITE : KIND_ALONE;
}

/* Two writes of one record are not in one group. */
static bool joins(struct map *written, const cJSON *item, enum kind kind)
{
    struct str url = json_get_text(json_get(item, "request"), "url");
    bool is_post = str_is(json_get_text(json_get(item, "request"), "method"), "POST");
    return kind == KIND_READ || is_post || !map_set(written, url, written);
}

/* Takes entries from `item` on; returns the first that is left. */
static cJSON *gather(struct running *running, cJSON *item)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    const struct service *service = running->interaction->service;
    size_t most = service->most_at_once < MOST_AT_ONCE ? service->most_at_once : MOST_AT_ONCE;
    enum kind kind = kind_of(service, item);
    struct map written;
    map_init(&written, scratch);
    running->count = 0;
    do {
        if (!joins(&written, item, kind))
            break;
        running->entries[running->count++] = (struct one_entry){ .item = item };
        item = item->next;
    } while (item && kind != KIND_ALONE && running->count < most && kind_of(service, item) == kind);
    return item;
}

static void run_group(struct running *running, struct bundle *answer)
{
    struct interaction *interaction = running->interaction;
    bool is_read = kind_of(interaction->service, running->entries[0].item) == KIND_READ;
    running->held = arena_size(interaction->arena);
    for (size_t i = 0; i < running->count; i++)
        running->entries[i].arena = arena_open();
    together_run(interaction->service->workers, is_read ? WORK_HEAVY : WORK_LIGHT, running->count,
                 running->count, run_entry, running);
    for (size_t i = 0; i < running->count; i++) {
        bundle_response(answer, &running->entries[i].response);
        interaction->issues.mark = running->entries[i].mark;
        arena_close(running->entries[i].arena);
    }
    running->index += (int)running->count;
}

bool interactions_batch(struct interaction *interaction, const cJSON *bundle)
{
    const cJSON *list = json_get(bundle, "entry");
    size_t most = interaction->service->most_entries;
    struct running running = { .interaction = interaction };
    struct bundle answer;
    struct str json;
    if (json_count(list) > most)
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_LARGE, "most-entries is %zu", most);
    bundle_begin(&answer, "batch-response", interaction->service->base_url, interaction->arena);
    for (cJSON *item = list ? list->child : NULL; item;) {
        item = gather(&running, item);
        run_group(&running, &answer);
    }
    if (!bundle_end(&answer, &json))
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "it was run, but the answer is too large: Prefer return=minimal");
    interaction_answer(interaction, 200, json);
    return true;
}
