/* references.c - collects the links of a transaction's resources and rewrites them. */
#include "server/interactions/references.h"

#include <string.h>

#include "resources/base/map.h"
#include "resources/fhir/node.h"
#include "server/interactions/route.h"

enum { MOST_DEPTH = JSON_MOST_DEPTH + 10, MOST_DIV_BYTES = 128 << 20 };

enum link_kind { LINK_REFERENCE, LINK_URI, LINK_NARRATIVE };
struct link {
    struct link *next;
    enum link_kind kind;
    cJSON *item;        /* the string to rewrite */
    struct str text;    /* as it was sent */
    struct str base;    /* that a relative link is relative to: "http://host/fhir" */
    struct str target;  /* LINK_REFERENCE "Type?query": the type, else empty */
    struct place place; /* of the item: entry and offset */
};
/* What a condition in a reference leads to, found once a try however often it is used. */
struct match {
    const struct search_plan *plan;
    struct str id;
    int try;
};
struct references {
    const struct service *service;
    struct arena *arena;
    struct map names;   /* name -> struct write */
    struct map matches; /* "Type?query" -> struct match */
    struct link *first, *last;
    struct link *again, *again_last; /* of this try alone */
    int try;
};

struct references *references_open(const struct service *service, struct arena *arena)
{
    struct references *references = arena_alloc(arena, sizeof *references);
    references->service = service;
    references->arena = arena;
    map_init(&references->names, arena);
    map_init(&references->matches, arena);
    return references;
}

bool references_name(struct references *references, struct str name, struct write *write)
{
    if (map_find(&references->names, name))
        return false;
    map_set(&references->names, name, write);
    return true;
}

/* "http://host/fhir" of "http://host/fhir/Patient/1"; the server's own base when the full URL is
 * not such an address (urn:uuid:...). */
static struct str base_of(const struct references *references, struct str full_url)
{
    size_t slashes = 0, end = full_url.len;
    if (!str_starts(full_url, STR("http://")) && !str_starts(full_url, STR("https://")))
        return references->service->base_url;
    while (end > 0 && slashes < 2)
        slashes += full_url.data[--end] == '/';
    return str_slice(full_url, 0, end);
}

/* The type of a conditional reference; empty when the text is none. */
static struct str condition_type(const struct references *references, struct str text)
{
    struct str type = str_slice(text, 0, str_find(text, '?', 0));
    bool is_condition = type.len < text.len && str_find(type, '/', 0) == type.len &&
                        definitions_is_resource_type(references->service->definitions, type);
    return is_condition ? type : (struct str){ 0 };
}

struct walk_state {
    struct references *references;
    bool is_again;
    struct str base;
    const struct place *at;
};

static void add_link(const struct walk_state *state, enum link_kind kind, const cJSON *value)
{
    struct references *references = state->references;
    struct link *link = arena_alloc(references->arena, sizeof *link);
    /* The walk lends const nodes of a tree that the transaction owns. */
    union {
        const cJSON *lent;
        cJSON *own;
    } item = { .lent = value };
    *link = (struct link){ .kind = kind,
                           .item = item.own,
                           .text = json_text(value),
                           .base = state->base,
                           .place = { state->at, "resource", NULL, -1, json_offset(value) } };
    if (kind == LINK_REFERENCE)
        link->target = condition_type(references, link->text);
    struct link **first = state->is_again ? &references->again : &references->first;
    struct link **last = state->is_again ? &references->again_last : &references->last;
    if (*last)
        (*last)->next = link;
    else
        *first = link;
    *last = link;
}

/* What kind of link a node is; false for all other nodes. */
static bool find_kind(enum link_kind *kind, const struct node *node)
{
    static const struct {
        const char *type;
        enum link_kind kind;
    } KINDS[] = { { "uri", LINK_URI },
                  { "url", LINK_URI },
                  { "oid", LINK_URI },
                  { "uuid", LINK_URI },
                  { "xhtml", LINK_NARRATIVE } };
    struct str type = node_type(node);
    if (!node->value || !cJSON_IsString(node->value))
        return false;
    *kind = LINK_REFERENCE;
    if (str_is(str_of(node->place.name), "reference") && node->parent &&
        str_is(node_type(node->parent), "Reference"))
        return true;
    for (size_t i = 0; i < COUNT(KINDS); i++) {
        *kind = KINDS[i].kind;
        if (str_is(type, KINDS[i].type))
            return true;
    }
    return false;
}

static void collect(const struct walk_state *state, const struct node *parent, int depth)
{
    struct node_walk walk;
    struct node child;
    if (depth > MOST_DEPTH)
        return;
    node_walk_init(&walk, parent, NULL, state->references->service->definitions);
    while (node_walk_next(&walk, &child)) {
        enum link_kind kind;
        if (find_kind(&kind, &child))
            add_link(state, kind, child.value);
        bool is_bundle = child.resource == &child && str_is(node_type(&child), "Bundle");
        if (!is_bundle)
            collect(state, &child, depth + 1);
    }
}

void references_collect(struct references *references, const cJSON *resource, struct str full_url,
                        const struct place *at)
{
    struct walk_state state = { references, false, base_of(references, full_url), at };
    struct node root;
    if (node_root(&root, resource, references->service->definitions))
        collect(&state, &root, 0);
}

void references_collect_again(struct references *references, const cJSON *resource,
                              const struct place *at)
{
    struct walk_state state = { references, true, references->service->base_url, at };
    struct node root;
    if (node_root(&root, resource, references->service->definitions))
        collect(&state, &root, 0);
}

void references_forget(struct references *references)
{
    references->again = references->again_last = NULL;
}

bool references_each_condition(const struct references *references, void *context,
                               bool (*visit)(void *context, struct str type,
                                             const struct place *at))
{
    const struct link *lists[] = { references->first, references->again };
    for (size_t i = 0; i < COUNT(lists); i++)
        for (const struct link *link = lists[i]; link; link = link->next)
            if (link->target.len && !visit(context, link->target, &link->place))
                return false;
    return true;
}

/* Without the version that an address may end in. */
static struct str without_version(struct str text)
{
    return str_slice(text, 0, str_find_str(text, STR("/_history/"), 0));
}

static bool is_relative(struct str text)
{
    return str_find(text, ':', 0) == text.len;
}

/* The write that a link names: by its text as it stands, without the version, or made absolute. */
static struct write *find_named(const struct references *references, struct str text,
                                struct str base)
{
    struct write *write = map_find(&references->names, text);
    if (write)
        return write;
    struct str bare = without_version(text);
    if (bare.len < text.len)
        write = map_find(&references->names, bare);
    if (write || !is_relative(bare))
        return write;
    struct arena_mark mark = arena_mark(references->arena);
    write = map_find(&references->names, str_print(references->arena, STR_FMT "/" STR_FMT,
                                                   STR_ARG(base), STR_ARG(bare)));
    arena_reset(references->arena, mark);
    return write;
}

static struct str target_of(const struct write *write, struct arena *arena)
{
    return str_print(arena, STR_FMT "/" STR_FMT, STR_ARG(write->type), STR_ARG(write->chosen_id));
}

/* A link to a version stays one: to the version that the entry makes, whichever was sent (R4
 * http.html#trules). Then that version has to come about. */
static struct str version_of(struct write *write, struct arena *arena)
{
    uint64_t version = write->found.version;
    if (write->act == WRITE_DELETE)
        return STR("");
    if (write->result != WRITE_MATCHED) {
        write->is_numbered = write->is_pinned = true;
        version++;
    }
    return str_print(arena, "/_history/%llu", (unsigned long long)version);
}

/* The new text of a link, or the text itself when it names no entry. */
static struct str resolve(const struct references *references, struct str text, struct str base)
{
    size_t hash = str_find(text, '#', 0);
    struct str bare = str_slice(text, 0, hash), fragment = str_slice(text, hash, text.len);
    struct write *write = bare.len ? find_named(references, bare, base) : NULL;
    if (!write || !write->chosen_id.len)
        return text;
    struct str target = target_of(write, references->arena), version = STR("");
    bool has_version = without_version(bare).len < bare.len;
    if (has_version)
        version = version_of(write, references->arena);
    else if (is_relative(bare) && str_equal(bare, target))
        return text;
    return str_print(references->arena, STR_FMT STR_FMT STR_FMT, STR_ARG(target), STR_ARG(version),
                     STR_ARG(fragment));
}

static bool rewrite_condition(struct references *references, struct write_set *set,
                              struct link *link, struct str *text)
{
    struct match *match = map_find(&references->matches, link->text);
    struct store_page found = { 0 };
    if (!match) {
        match = arena_alloc(references->arena, sizeof *match);
        match->plan = write_condition(references->service, link->target, link->text, &link->place,
                                      references->arena, set->issues);
        if (!match->plan)
            return false;
        map_set(&references->matches, link->text, match);
    }
    if (match->try != references->try) {
        if (!write_find(set, match->plan, &link->place, &found))
            return false;
        if (!found.count)
            return issue_add(set->issues, &link->place, ISSUE_REFERENCE_NOT_FOUND,
                             STR_FMT " matches nothing", STR_ARG(link->text));
        match->id = found.versions[0].id;
        match->try = references->try;
    }
    *text = str_print(references->arena, STR_FMT "/" STR_FMT, STR_ARG(link->target),
                      STR_ARG(match->id));
    return true;
}

static bool rewrite_reference(struct references *references, struct write_set *set,
                              struct link *link)
{
    struct str text = resolve(references, link->text, link->base);
    if (str_equal(text, link->text) && link->target.len &&
        !rewrite_condition(references, set, link, &text))
        return false;
    if (str_starts(text, STR("urn:uuid:")))
        return issue_add(set->issues, &link->place, ISSUE_REFERENCE_NOT_FOUND,
                         STR_FMT " is the full URL of no entry", STR_ARG(text));
    if (!str_equal(text, link->text))
        json_set_text(references->arena, link->item, text);
    return true;
}

/* A uri is a link when it is a full URL as it stands, a fragment apart: it is relative to nothing.
 */
static bool rewrite_uri(struct references *references, struct write_set *set, struct link *link)
{
    (void)set;
    size_t hash = str_find(link->text, '#', 0);
    struct str fragment = str_slice(link->text, hash, link->text.len);
    const struct write *write = map_find(&references->names, str_slice(link->text, 0, hash));
    if (write && write->chosen_id.len)
        json_set_text(references->arena, link->item,
                      str_print(references->arena, STR_FMT STR_FMT,
                                STR_ARG(target_of(write, references->arena)), STR_ARG(fragment)));
    return true;
}

/* Where the value of the next href or src attribute begins (behind its quote), or html.len. */
static size_t find_attribute(struct str html, size_t from)
{
    static const char *const NAMES[] = { "href", "src" };
    for (size_t at = from; at + 1 < html.len; at++) {
        if (!strchr(" \t\r\n", html.data[at]))
            continue;
        struct str rest = str_slice(html, at + 1, html.len);
        for (size_t i = 0; i < COUNT(NAMES); i++) {
            size_t skip = strlen(NAMES[i]);
            if (!str_starts(rest, str_of(NAMES[i])))
                continue;
            while (skip < rest.len && strchr(" \t\r\n=", rest.data[skip]))
                skip++;
            if (skip < rest.len && (rest.data[skip] == '"' || rest.data[skip] == '\''))
                return at + 1 + skip + 1;
        }
    }
    return html.len;
}

static bool rewrite_narrative(struct references *references, struct write_set *set,
                              struct link *link)
{
    (void)set;
    struct str html = link->text;
    struct buf out;
    size_t copied = 0, at = find_attribute(html, 0);
    bool is_changed = false;
    if (at == html.len)
        return true;
    buf_init(&out, references->arena, MOST_DIV_BYTES);
    for (; at < html.len; at = find_attribute(html, at)) {
        size_t end = str_find(html, html.data[at - 1], at);
        struct str old = str_slice(html, at, end), text = resolve(references, old, link->base);
        buf_add(&out, str_slice(html, copied, at));
        buf_add(&out, text);
        is_changed = is_changed || !str_equal(old, text);
        copied = at = end;
    }
    buf_add(&out, str_slice(html, copied, html.len));
    if (is_changed && !out.is_over)
        json_set_text(references->arena, link->item, buf_str(&out));
    return true;
}

bool references_rewrite(struct references *references, struct write_set *set)
{
    static bool (*const REWRITE[])(struct references *, struct write_set *, struct link *) = {
        [LINK_REFERENCE] = rewrite_reference,
        [LINK_URI] = rewrite_uri,
        [LINK_NARRATIVE] = rewrite_narrative,
    };
    references->try++;
    struct link *lists[] = { references->first, references->again };
    for (size_t i = 0; i < COUNT(lists); i++)
        for (struct link *link = lists[i]; link; link = link->next)
            if (!REWRITE[link->kind](references, set, link))
                return false;
    return true;
}
