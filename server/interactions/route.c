/* route.c - the table of interactions, and the walk that finds a request's row. */
#include "server/interactions/route.h"

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "server/async.h"
#include "server/http/http.h"
#include "server/interactions/interaction.h"

enum { MOST_SEGMENTS = 5, MOST_ID = 64, MOST_ALLOW_BYTES = 200 };

/* Conditional update, patch and delete need ACT_SEARCH too: what they match tells what is there;
 * a patch needs ACT_READ, since what it fits tells what is in the record. The transaction,
 * operations and conditional creates judge themselves; so do searches of the system and of
 * compartments, by the types that they find. A row's interaction code is given once. */
static const struct route ROUTES[] = {
    { "GET", "metadata", NULL, 0, ROUTE_LIGHT, BODY_NONE, true, interactions_capabilities },
    { "POST", "", "transaction", 0, ROUTE_HEAVY, BODY_RESOURCE, false, interactions_transaction },
    { "POST", "", "batch", 0, ROUTE_HEAVY, BODY_RESOURCE, false, interactions_transaction },
    { "GET", "{type}/{id}", "read", ACT_READ, ROUTE_AT_ONCE, BODY_NONE, false, interactions_read },
    { "GET", "{type}/{id}/_history/{version}", "vread", ACT_READ, ROUTE_AT_ONCE, BODY_NONE, false,
      interactions_vread },
    { "PUT", "{type}/{id}", "update", ACT_UPDATE, ROUTE_LIGHT, BODY_RESOURCE, false,
      interactions_update },
    { "PUT", "{type}", NULL, ACT_UPDATE | ACT_SEARCH, ROUTE_LIGHT, BODY_RESOURCE, false,
      interactions_update },
    { "PATCH", "{type}/{id}", "patch", ACT_READ | ACT_UPDATE, ROUTE_LIGHT, BODY_PATCH, false,
      interactions_patch },
    { "PATCH", "{type}", NULL, ACT_READ | ACT_UPDATE | ACT_SEARCH, ROUTE_LIGHT, BODY_PATCH, false,
      interactions_patch },
    { "DELETE", "{type}/{id}", "delete", ACT_DELETE, ROUTE_LIGHT, BODY_NONE, false,
      interactions_delete },
    { "DELETE", "{type}", NULL, ACT_DELETE | ACT_SEARCH, ROUTE_LIGHT, BODY_NONE, false,
      interactions_delete },
    { "GET", "{type}/{id}/_history", "history-instance", ACT_READ, ROUTE_LIGHT, BODY_NONE, false,
      interactions_history },
    { "GET", "{type}/_history", "history-type", ACT_READ, ROUTE_HEAVY, BODY_NONE, false,
      interactions_history },
    { "GET", "_history", "history-system", 0, ROUTE_HEAVY, BODY_NONE, false, interactions_history },
    { "POST", "{type}", "create", ACT_CREATE, ROUTE_LIGHT, BODY_RESOURCE, false,
      interactions_create },
    { "GET", "{type}", "search-type", ACT_SEARCH, ROUTE_HEAVY, BODY_NONE, false,
      interactions_search },
    { "GET", "{type}/_search", NULL, ACT_SEARCH, ROUTE_HEAVY, BODY_NONE, false,
      interactions_search }, /* as some clients ask */
    { "POST", "{type}/_search", NULL, ACT_SEARCH, ROUTE_HEAVY, BODY_FORM, false,
      interactions_search },
    { "GET", "", "search-system", 0, ROUTE_HEAVY, BODY_NONE, false, interactions_search },
    { "GET", "_search", NULL, 0, ROUTE_HEAVY, BODY_NONE, false, interactions_search },
    { "POST", "_search", NULL, 0, ROUTE_HEAVY, BODY_FORM, false, interactions_search },
    { "GET", "{type}/{id}/{member}", NULL, 0, ROUTE_HEAVY, BODY_NONE, false, interactions_search },
    { "POST", "{type}/{id}/{member}/_search", NULL, 0, ROUTE_HEAVY, BODY_FORM, false,
      interactions_search },
    { "GET", "_async/{id}", NULL, 0, ROUTE_LIGHT, BODY_NONE, false, async_status },
    { "GET", "_async/{id}/{version}", NULL, 0, ROUTE_LIGHT, BODY_NONE, false, async_file },
    { "DELETE", "_async/{id}", NULL, 0, ROUTE_LIGHT, BODY_NONE, false, async_delete },
    { "GET", "{operation}", NULL, 0, ROUTE_LIGHT, BODY_NONE, false, operations_run },
    { "POST", "{operation}", NULL, 0, ROUTE_LIGHT, BODY_RESOURCE, false, operations_run },
    { "GET", "{type}/{operation}", NULL, 0, ROUTE_LIGHT, BODY_NONE, false, operations_run },
    { "POST", "{type}/{operation}", NULL, 0, ROUTE_LIGHT, BODY_RESOURCE, false, operations_run },
    { "GET", "{type}/{id}/{operation}", NULL, 0, ROUTE_LIGHT, BODY_NONE, false, operations_run },
    { "POST", "{type}/{id}/{operation}", NULL, 0, ROUTE_LIGHT, BODY_RESOURCE, false,
      operations_run },
    { "GET", "{type}/{id}/_history/{version}/{operation}", NULL, 0, ROUTE_LIGHT, BODY_NONE, false,
      operations_run },
};

const struct route *route_table(size_t *count)
{
    *count = COUNT(ROUTES);
    return ROUTES;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool route_is_id(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_letter(text.data[i]) && !is_digit(text.data[i]) && text.data[i] != '-' &&
            text.data[i] != '.')
            return false;
    return text.len >= 1 && text.len <= MOST_ID;
}

/* A capital first: every resource type has one, and no other first segment of an address does. */
static bool take_type(struct route_match *match, struct str segment)
{
    for (size_t i = 0; i < segment.len; i++)
        if (!is_letter(segment.data[i]))
            return false;
    match->type = segment;
    return segment.len > 0 && segment.len <= MOST_ID && segment.data[0] <= 'Z';
}

static bool take_id(struct route_match *match, struct str segment)
{
    match->id = segment;
    return route_is_id(segment);
}

static bool take_version(struct route_match *match, struct str segment)
{
    return str_to_u64(&match->version, segment) && match->version > 0;
}

static bool take_operation(struct route_match *match, struct str segment)
{
    match->operation = str_slice(segment, 1, segment.len);
    return segment.len > 1 && segment.data[0] == '$';
}

static bool take_member(struct route_match *match, struct str segment)
{
    struct route_match type = { 0 };
    match->member = segment;
    return str_is(segment, "*") || take_type(&type, segment);
}

static const struct {
    const char *name;
    bool (*take)(struct route_match *match, struct str segment);
} PARTS[] = {
    { "{type}", take_type },           { "{id}", take_id },         { "{version}", take_version },
    { "{operation}", take_operation }, { "{member}", take_member },
};

static bool take(struct route_match *match, struct str part, struct str segment)
{
    for (size_t i = 0; i < COUNT(PARTS); i++)
        if (str_is(part, PARTS[i].name))
            return PARTS[i].take(match, segment);
    return str_equal(part, segment);
}

static bool has_shape(struct route_match *match, const char *shape, const struct str *segments,
                      size_t count)
{
    struct str rest = str_of(shape);
    size_t i = 0;
    *match = (struct route_match){ 0 };
    for (; rest.len && i < count; i++)
        if (!take(match, str_cut(&rest, '/'), segments[i]))
            return false;
    return rest.len == 0 && i == count;
}

/* False when there are too many segments, or one does not decode. A slash at the end is ignored. */
static bool split(struct str *segments, size_t *count, struct str path, struct arena *arena)
{
    if (path.len && path.data[0] == '/')
        path = str_slice(path, 1, path.len);
    if (path.len && path.data[path.len - 1] == '/')
        path = str_slice(path, 0, path.len - 1);
    for (*count = 0; path.len; *count += 1)
        if (*count == MOST_SEGMENTS ||
            !http_decode(&segments[*count], str_cut(&path, '/'), false, arena))
            return false;
    return true;
}

/* A method once, though several rows may share an address and a method. */
static void allow(struct buf *allowed, const char *method)
{
    if (str_find_str(buf_str(allowed), str_of(method), 0) < allowed->len)
        return;
    buf_add(allowed, allowed->len ? STR(", ") : (struct str){ 0 });
    buf_add(allowed, str_of(method));
    if (str_is(str_of(method), "GET"))
        buf_add(allowed, STR(", HEAD"));
}

struct route_match route_find(struct str method, struct str path, struct arena *arena)
{
    struct str segments[MOST_SEGMENTS];
    size_t count;
    struct route_match none = { 0 };
    struct buf allowed;
    if (!split(segments, &count, path, arena))
        return none;
    buf_init(&allowed, arena, MOST_ALLOW_BYTES);
    struct str wanted = str_is(method, "HEAD") ? STR("GET") : method;
    for (size_t i = 0; i < COUNT(ROUTES); i++) {
        struct route_match match;
        if (!has_shape(&match, ROUTES[i].shape, segments, count))
            continue;
        match.route = &ROUTES[i];
        if (str_is(wanted, ROUTES[i].method))
            return match;
        allow(&allowed, ROUTES[i].method);
        none = match;
    }
    none.route = NULL;
    none.allowed = buf_str(&allowed);
    return none;
}
