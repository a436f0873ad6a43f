/* bundle.c - searchset, history and transaction-response Bundles as bytes. */
#include "server/interactions/bundle.h"

#include "server/instant.h"

enum { MOST_BUNDLE_BYTES = 512 << 20 };

void bundle_begin(struct bundle *bundle, const char *type, struct str base_url, struct arena *arena)
{
    *bundle = (struct bundle){ .arena = arena, .base_url = base_url };
    buf_init(&bundle->out, arena, MOST_BUNDLE_BYTES);
    buf_print(&bundle->out, "{\"resourceType\":\"Bundle\",\"type\":\"%s\"", type);
}

void bundle_total(struct bundle *bundle, uint64_t total)
{
    buf_print(&bundle->out, ",\"total\":%llu", (unsigned long long)total);
}

void bundle_link(struct bundle *bundle, const char *relation, struct str url)
{
    buf_add(&bundle->out, bundle->has_link ? STR(",") : STR(",\"link\":["));
    buf_print(&bundle->out, "{\"relation\":\"%s\",\"url\":", relation);
    buf_add_json_string(&bundle->out, url);
    buf_add_char(&bundle->out, '}');
    bundle->has_link = true;
}

static void begin_entry(struct bundle *bundle)
{
    if (bundle->has_link && !bundle->has_entry)
        buf_add_char(&bundle->out, ']');
    buf_add(&bundle->out, bundle->has_entry ? STR(",{") : STR(",\"entry\":[{"));
    bundle->has_entry = true;
}

/* Adds a member with a text value, with a comma unless it is the first of its object. */
static void add_text(struct buf *out, const char *name, struct str value)
{
    if (!value.len)
        return;
    if (out->data[out->len - 1] != '{')
        buf_add_char(out, ',');
    buf_print(out, "\"%s\":", name);
    buf_add_json_string(out, value);
}

static void add_bytes(struct buf *out, const char *name, struct str json)
{
    if (!json.len)
        return;
    if (out->data[out->len - 1] != '{')
        buf_add_char(out, ',');
    buf_print(out, "\"%s\":", name);
    buf_add(out, json);
}

static struct str url_of(const struct bundle *bundle, const struct store_version *version)
{
    return str_print(bundle->arena, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(bundle->base_url),
                     STR_ARG(version->type), STR_ARG(version->id));
}

void bundle_found(struct bundle *bundle, const struct store_version *version, const char *mode)
{
    begin_entry(bundle);
    add_text(&bundle->out, "fullUrl", url_of(bundle, version));
    add_bytes(&bundle->out, "resource", version->body);
    buf_print(&bundle->out, ",\"search\":{\"mode\":\"%s\"}}", mode);
}

void bundle_outcome(struct bundle *bundle, struct str outcome)
{
    begin_entry(bundle);
    add_bytes(&bundle->out, "resource", outcome);
    buf_add(&bundle->out, STR(",\"search\":{\"mode\":\"outcome\"}}"));
}

void bundle_version(struct bundle *bundle, const struct store_version *version)
{
    static const struct {
        const char *method, *status;
        bool has_id; /* the request was to Type/id, not to Type */
    } METHODS[] = { [STORE_CREATE] = { "POST", "201 Created", false },
                    [STORE_UPDATE] = { "PUT", "200 OK", true },
                    [STORE_DELETE] = { "DELETE", "204 No Content", true } };
    struct buf *out = &bundle->out;
    bool has_id = METHODS[version->method].has_id;
    begin_entry(bundle);
    add_text(out, "fullUrl", url_of(bundle, version));
    add_bytes(out, "resource", version->body);
    buf_print(out, ",\"request\":{\"method\":\"%s\",\"url\":\"" STR_FMT "%s" STR_FMT "\"}",
              METHODS[version->method].method, STR_ARG(version->type), has_id ? "/" : "",
              STR_ARG(has_id ? version->id : STR("")));
    buf_print(out, ",\"response\":{\"status\":\"%s\",\"etag\":\"W/\\\"%llu\\\"\"",
              METHODS[version->method].status, (unsigned long long)version->version);
    add_text(out, "lastModified", instant_print(version->updated_us, bundle->arena));
    buf_add(out, STR("}}"));
}

void bundle_response(struct bundle *bundle, const struct bundle_response *response)
{
    struct buf *out = &bundle->out;
    begin_entry(bundle);
    add_text(out, "fullUrl", response->full_url);
    add_bytes(out, "resource", response->resource);
    add_bytes(out, "response", STR("{"));
    add_text(out, "status", response->status);
    add_text(out, "location", response->location);
    add_text(out, "etag", response->etag);
    if (response->updated_us)
        add_text(out, "lastModified", instant_print(response->updated_us, bundle->arena));
    add_bytes(out, "outcome", response->outcome);
    buf_add(out, STR("}}"));
}

bool bundle_end(struct bundle *bundle, struct str *json)
{
    if (bundle->has_entry || bundle->has_link)
        buf_add_char(&bundle->out, ']');
    buf_add_char(&bundle->out, '}');
    *json = buf_str(&bundle->out);
    return !bundle->out.is_over;
}
