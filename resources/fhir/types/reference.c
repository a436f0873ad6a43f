/* reference.c - taking references apart from their end. */
#include "resources/fhir/types/reference.h"

#include "resources/fhir/types/primitive.h"

static bool is_id(struct str text)
{
    const char *reason;
    return primitive_check(STR("id"), text, PRIMITIVE_ANY, &reason);
}

/* A capital and letters, as every resource type of FHIR is named. */
static bool is_type_name(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool is_upper = text.data[i] >= 'A' && text.data[i] <= 'Z';
        bool is_lower = text.data[i] >= 'a' && text.data[i] <= 'z';
        if (!is_upper && (i == 0 || !is_lower))
            return false;
    }
    return text.len > 0;
}

/* Cuts the last step off a path. */
static struct str cut_last(struct str *path)
{
    size_t at = path->len;
    while (at > 0 && path->data[at - 1] != '/')
        at--;
    struct str last = str_slice(*path, at, path->len);
    *path = str_slice(*path, 0, at > 0 ? at - 1 : 0);
    return last;
}

/* Fills base, type, id and version from .../Type/id[/_history/version]. */
static bool take_tail(struct reference *out, struct str path)
{
    struct reference found = *out;
    found.base = path;
    found.id = cut_last(&found.base);
    found.type = cut_last(&found.base);
    if (str_is(found.type, "_history")) {
        found.version = found.id;
        found.id = cut_last(&found.base);
        found.type = cut_last(&found.base);
        if (!is_id(found.version))
            return false;
    }
    bool has_host = str_find_str(found.base, STR("://"), 0) + 3 < found.base.len;
    if (!is_id(found.id) || !is_type_name(found.type) || (found.base.len && !has_host))
        return false;
    *out = found;
    return true;
}

static bool take_urn(struct reference *out, struct str text)
{
    static const struct urn {
        const char *type;
        size_t prefix;
        enum reference_kind kind;
    } URNS[] = { { "urn:uuid:", sizeof "urn:uuid:" - 1, REFERENCE_UUID },
                 { "urn:oid:", sizeof "urn:oid:" - 1, REFERENCE_OID } };
    const char *reason;
    for (size_t i = 0; i < COUNT(URNS); i++)
        if (str_starts(text, str_of(URNS[i].type)) &&
            primitive_check(STR("uri"), text, PRIMITIVE_ANY, &reason)) {
            out->kind = URNS[i].kind;
            out->id = str_slice(text, URNS[i].prefix, text.len);
            return true;
        }
    return false;
}

struct reference reference_parse(struct str text)
{
    struct reference out = { .kind = REFERENCE_OTHER };
    if (take_urn(&out, text))
        return out;
    struct str rest = text, path = str_cut(&rest, '#');
    bool has_fragment = path.len < text.len, has_query = str_find(path, '?', 0) < path.len;
    bool has_scheme = str_find_str(path, STR("://"), 0) < path.len;
    out.fragment = rest;
    if (path.len == 0) {
        bool is_fine = has_fragment && (rest.len == 0 || is_id(rest));
        out.kind = is_fine ? REFERENCE_CONTAINED : REFERENCE_OTHER;
        return out;
    }
    out.query = path;
    path = str_cut(&out.query, '?');
    if (str_starts(path, STR("http://")) || str_starts(path, STR("https://"))) {
        out.kind = REFERENCE_ABSOLUTE;
        if (!has_query)
            take_tail(&out, path);
    } else if (has_query && is_type_name(path)) {
        out.kind = REFERENCE_CONDITIONAL;
        out.type = path;
    } else if (!has_query && !has_scheme && path.data[0] != '/' && take_tail(&out, path)) {
        out.kind = REFERENCE_RELATIVE;
    }
    return out;
}

struct canonical reference_parse_canonical(struct str text)
{
    struct canonical out;
    out.fragment = text;
    out.version = str_cut(&out.fragment, '#');
    out.url = str_cut(&out.version, '|');
    return out;
}
