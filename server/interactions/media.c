/* media.c - reads media types and weighs media ranges. */
#include "server/interactions/media.h"

#include <string.h>
#include <strings.h>

#include "server/interactions/headers.h"

/* What a name may stand for. */
enum { IN_ACCEPT = 1, IN_FORMAT = 2, IN_BODY = 4 };

static const struct {
    const char *name;
    enum media media;
    unsigned uses;
} NAMES[] = {
    { "application/fhir+json", MEDIA_JSON, IN_ACCEPT | IN_FORMAT | IN_BODY },
    { "application/json", MEDIA_JSON, IN_ACCEPT | IN_FORMAT | IN_BODY },
    { "text/json", MEDIA_JSON, IN_ACCEPT | IN_FORMAT },
    { "json", MEDIA_JSON, IN_FORMAT },
    { "application/fhir json", MEDIA_JSON, IN_FORMAT },
    { "application/fhir+xml", MEDIA_XML, IN_ACCEPT | IN_FORMAT | IN_BODY },
    { "application/xml", MEDIA_XML, IN_ACCEPT | IN_FORMAT | IN_BODY },
    { "text/xml", MEDIA_XML, IN_ACCEPT | IN_FORMAT | IN_BODY },
    { "xml", MEDIA_XML, IN_FORMAT },
    { "application/fhir xml", MEDIA_XML, IN_FORMAT },
    { "application/json-patch+json", MEDIA_JSON_PATCH, IN_BODY },
    { "application/xml-patch+xml", MEDIA_XML_PATCH, IN_BODY },
    { "application/x-www-form-urlencoded", MEDIA_FORM, IN_BODY },
    { "application/graphql", MEDIA_GRAPHQL, IN_BODY },
};

static bool is_same(struct str a, const char *b)
{
    return a.len == strlen(b) && strncasecmp(a.data, b, a.len) == 0;
}

static enum media find(struct str name, unsigned use)
{
    for (size_t i = 0; i < COUNT(NAMES); i++)
        if ((NAMES[i].uses & use) && is_same(name, NAMES[i].name))
            return NAMES[i].media;
    return MEDIA_NONE;
}

/* The parameters that a reader must understand. fhirVersion 4.0 is this server's only one (R4
 * http.html#version-parameter). */
static bool takes_parameters(struct str rest)
{
    struct str name, value;
    while (headers_next_parameter(&rest, &name, &value)) {
        if (is_same(name, "charset") && !is_same(value, "utf-8"))
            return false;
        if (is_same(name, "fhirVersion") && !str_is(value, "4.0") && !str_is(value, "4.0.1"))
            return false;
    }
    return true;
}

/* How precisely a range names a format: 3 itself, 2 and 1 by wildcard, 0 not at all. */
static int fit(struct str range, enum media media)
{
    if (find(range, IN_ACCEPT) == media)
        return 3;
    return is_same(range, "application/*") ? 2 : is_same(range, "*/*") ? 1 : 0;
}

struct weighing {
    int fit, weight, order;
};

static void weigh(struct weighing *best, enum media media, struct str range, struct str rest,
                  int order)
{
    int fits = fit(range, media), weight = headers_weight(rest);
    bool is_better = fits > best->fit || (fits == best->fit && weight > best->weight);
    if (fits && is_better && takes_parameters(rest))
        *best = (struct weighing){ fits, weight, order };
}

enum media media_accept(struct str accept)
{
    struct weighing json = { 0 }, xml = { 0 };
    if (!str_trim(accept).len)
        return MEDIA_JSON;
    for (int order = 0; accept.len; order++) {
        struct str rest = headers_cut_quoted(&accept, ',');
        struct str range = headers_cut_quoted(&rest, ';');
        weigh(&json, MEDIA_JSON, range, rest, order);
        weigh(&xml, MEDIA_XML, range, rest, order);
    }
    if (!json.weight && !xml.weight)
        return MEDIA_NONE;
    if (json.weight != xml.weight)
        return json.weight > xml.weight ? MEDIA_JSON : MEDIA_XML;
    return xml.order < json.order ? MEDIA_XML : MEDIA_JSON;
}

static bool is_fhir(struct str range)
{
    return is_same(range, "application/fhir+json") || is_same(range, "application/fhir+xml");
}

/* 3 the type itself, 2 type/... by wildcard, 1 anything, 0 not at all. */
static int fit_content(struct str range, struct str type)
{
    size_t slash = str_find(range, '/', 0);
    if (range.len == type.len && strncasecmp(range.data, type.data, type.len) == 0)
        return 3;
    if (is_same(range, "*/*"))
        return 1;
    bool is_wild = str_is(str_slice(range, slash, range.len), "/*");
    return is_wild && type.len > slash && strncasecmp(range.data, type.data, slash + 1) == 0 ? 2
                                                                                             : 0;
}

bool media_wants_content(struct str accept, struct str content_type)
{
    struct weighing own = { 0 };
    struct str type = headers_cut_quoted(&content_type, ';'), rest = accept;
    int fhir = 0;
    for (int order = 0; rest.len; order++) {
        struct str parameters = headers_cut_quoted(&rest, ',');
        struct str range = headers_cut_quoted(&parameters, ';');
        int weight = headers_weight(parameters), fits = fit_content(range, type);
        if (is_fhir(range) && weight > fhir)
            fhir = weight;
        if (fits > own.fit)
            own = (struct weighing){ fits, weight, order };
    }
    if (fhir)
        return own.fit == 3 && !is_fhir(type) && own.weight > fhir;
    /* A range such as application/json, which is no type of FHIR's alone. */
    return own.weight > 0 || media_accept(accept) == MEDIA_NONE || !str_trim(accept).len;
}

bool media_wants_page(struct str accept)
{
    int page = 0, fhir = 0;
    while (accept.len) {
        struct str parameters = headers_cut_quoted(&accept, ',');
        struct str range = headers_cut_quoted(&parameters, ';');
        int weight = headers_weight(parameters);
        if (is_same(range, "text/html") && weight > page)
            page = weight;
        if (is_fhir(range) && weight > fhir)
            fhir = weight;
    }
    return page > 0 && page >= fhir;
}

enum media media_format(struct str format)
{
    enum media media = find(headers_cut_quoted(&format, ';'), IN_FORMAT);
    return takes_parameters(format) ? media : MEDIA_NONE;
}

enum media media_content(struct str content_type)
{
    enum media media = find(headers_cut_quoted(&content_type, ';'), IN_BODY);
    return takes_parameters(content_type) ? media : MEDIA_NONE;
}

struct str media_name(enum media media)
{
    return media == MEDIA_XML ? STR("application/fhir+xml; charset=utf-8")
                              : STR("application/fhir+json; charset=utf-8");
}
