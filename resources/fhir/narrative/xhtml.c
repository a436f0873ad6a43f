/* xhtml.c - reads a div tag by tag: nesting, quoting, and the elements and attributes that R4
 * allows. */
#include "resources/fhir/narrative/xhtml.h"

enum { MOST_TAGS_OPEN = 128, MOST_ENTITY = 13 };

/* Chapters 7-11 (without 9.4) and 15 of HTML 4.0, links and images. */
static const char *const ELEMENTS[] = {
    "div",     "p",     "span",    "br",         "hr",    "h1",     "h2",       "h3",    "h4",
    "h5",      "h6",    "b",       "i",          "em",    "strong", "small",    "big",   "tt",
    "dfn",     "code",  "pre",     "q",          "samp",  "kbd",    "var",      "cite",  "abbr",
    "acronym", "sub",   "sup",     "ul",         "ol",    "li",     "dl",       "dt",    "dd",
    "a",       "img",   "address", "caption",    "table", "thead",  "tr",       "tbody", "td",
    "th",      "tfoot", "col",     "bdo",        "ins",   "del",    "colgroup", "u",     "s",
    "map",     "area",  "tr",      "blockquote",
};

struct scan {
    struct str text;
    size_t at;
    struct str open[MOST_TAGS_OPEN];
    size_t depth, roots;
    bool is_allowed, has_text;
    const char *fault;
    void (*found)(void *context, struct str id); /* of every id; may be NULL */
    void *context;
};

static bool fail(struct scan *scan, const char *fault)
{
    scan->fault = fault;
    return false;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == ':' || c == '.' || (unsigned char)c >= 0x80;
}

static char peek(const struct scan *scan)
{
    return scan->at < scan->text.len ? scan->text.data[scan->at] : '\0';
}

static void skip_space(struct scan *scan)
{
    while (is_space(peek(scan)))
        scan->at++;
}

static struct str read_name(struct scan *scan)
{
    size_t begin = scan->at;
    while (is_name_char(peek(scan)))
        scan->at++;
    return str_slice(scan->text, begin, scan->at);
}

static bool is_allowed_element(struct str name)
{
    for (size_t i = 0; i < COUNT(ELEMENTS); i++)
        if (str_is(name, ELEMENTS[i]))
            return true;
    return false;
}

/* What these chapters give to elements; without an element: to many. */
static const struct {
    const char *name, *element;
} ATTRIBUTES[] = {
    { "id", NULL },
    { "class", NULL },
    { "style", NULL },
    { "title", NULL },
    { "lang", NULL },
    { "xml:lang", NULL },
    { "xml:space", NULL },
    { "dir", NULL },
    { "align", NULL },
    { "valign", NULL },
    { "char", NULL },
    { "charoff", NULL },
    { "width", NULL },
    { "height", NULL },
    { "cite", NULL },
    { "accesskey", NULL },
    { "tabindex", NULL },
    { "xmlns", NULL },
    { "type", NULL },
    { "border", NULL },
    { "bgcolor", NULL },
    { "name", NULL },
    { "alt", NULL },
    { "shape", NULL },
    { "coords", NULL },
    { "span", NULL },
    { "compact", NULL },
    { "idref", NULL },
    { "start", "ol" },
    { "value", "li" },
    { "clear", "br" },
    { "noshade", "hr" },
    { "size", "hr" },
    { "summary", "table" },
    { "frame", "table" },
    { "rules", "table" },
    { "cellspacing", "table" },
    { "cellpadding", "table" },
    { "abbr", "td" },
    { "axis", "td" },
    { "headers", "td" },
    { "scope", "td" },
    { "rowspan", "td" },
    { "colspan", "td" },
    { "nowrap", "td" },
    { "abbr", "th" },
    { "axis", "th" },
    { "headers", "th" },
    { "scope", "th" },
    { "rowspan", "th" },
    { "colspan", "th" },
    { "nowrap", "th" },
    { "datetime", "ins" },
    { "datetime", "del" },
    { "href", "a" },
    { "hreflang", "a" },
    { "rel", "a" },
    { "rev", "a" },
    { "charset", "a" },
    { "target", "a" },
    { "href", "area" },
    { "nohref", "area" },
    { "src", "img" },
    { "longdesc", "img" },
    { "usemap", "img" },
    { "ismap", "img" },
    { "hspace", "img" },
    { "vspace", "img" },
};

static bool is_allowed_attribute(struct str element, struct str name)
{
    if (str_starts(name, STR("xmlns:")))
        return true;
    for (size_t i = 0; i < COUNT(ATTRIBUTES); i++)
        if (str_is(name, ATTRIBUTES[i].name) &&
            (!ATTRIBUTES[i].element || str_is(element, ATTRIBUTES[i].element)))
            return true;
    return false;
}

/* A link that does something. */
static bool is_harmless(struct str name, struct str value)
{
    bool is_address = str_is(name, "href") || str_is(name, "src");
    return !is_address || !str_starts(str_trim(value), STR("javascript:"));
}

static bool read_attribute(struct scan *scan, struct str element)
{
    struct str name = read_name(scan);
    skip_space(scan);
    if (!name.len || peek(scan) != '=')
        return fail(scan, "an attribute has no value");
    scan->at++;
    skip_space(scan);
    char quote = peek(scan);
    if (quote != '"' && quote != '\'')
        return fail(scan, "an attribute's value is not quoted");
    size_t begin = ++scan->at, end = str_find(scan->text, quote, begin);
    if (end == scan->text.len)
        return fail(scan, "an attribute's value has no end");
    struct str value = str_slice(scan->text, begin, end);
    if (str_find(value, '<', 0) < value.len)
        return fail(scan, "an attribute's value holds '<'");
    scan->is_allowed &= is_allowed_attribute(element, name) && is_harmless(name, value);
    if (scan->found && str_is(name, "id"))
        scan->found(scan->context, value);
    scan->at = end + 1;
    return true;
}

static bool read_open_tag(struct scan *scan)
{
    struct str name = read_name(scan);
    if (!name.len)
        return fail(scan, "'<' does not begin a tag");
    if (scan->depth == 0 && !str_is(name, "div"))
        return fail(scan, "the narrative is not a div");
    if (scan->depth == 0 && scan->roots++)
        return fail(scan, "there is more than one div");
    scan->is_allowed &= is_allowed_element(name);
    scan->has_text |= str_is(name, "img");
    for (skip_space(scan); is_name_char(peek(scan)); skip_space(scan))
        if (!read_attribute(scan, name))
            return false;
    bool is_closed = peek(scan) == '/';
    scan->at += is_closed;
    if (peek(scan) != '>')
        return fail(scan, "a tag has no end");
    scan->at++;
    if (is_closed)
        return true;
    if (scan->depth == MOST_TAGS_OPEN)
        return fail(scan, "tags are nested too deeply");
    scan->open[scan->depth++] = name;
    return true;
}

static bool read_close_tag(struct scan *scan)
{
    struct str name = read_name(scan);
    skip_space(scan);
    if (peek(scan) != '>')
        return fail(scan, "a tag has no end");
    scan->at++;
    if (scan->depth == 0 || !str_equal(scan->open[scan->depth - 1], name))
        return fail(scan, "an end tag does not fit its start tag");
    scan->depth--;
    return true;
}

/* &name; or &#number;, else a lone ampersand. */
static bool read_entity(struct scan *scan)
{
    struct str near = str_slice(scan->text, scan->at, scan->at + MOST_ENTITY);
    size_t end = scan->at + str_find(near, ';', 0);
    if (end == scan->at + near.len || end == scan->at + 1)
        return fail(scan, "'&' does not begin an entity");
    for (size_t i = scan->at + 1; i < end; i++)
        if (!is_name_char(scan->text.data[i]) && scan->text.data[i] != '#')
            return fail(scan, "'&' does not begin an entity");
    scan->at = end + 1;
    scan->has_text = true;
    return true;
}

static bool read_markup(struct scan *scan)
{
    if (str_starts(str_slice(scan->text, scan->at, scan->text.len), STR("<!--"))) {
        scan->at = str_find_str(scan->text, STR("-->"), scan->at + 4) + 3;
        return scan->at <= scan->text.len || fail(scan, "a comment has no end");
    }
    scan->at++;
    if (peek(scan) == '!' || peek(scan) == '?')
        return fail(scan, "declarations and instructions are not allowed");
    if (peek(scan) != '/')
        return read_open_tag(scan);
    scan->at++;
    return read_close_tag(scan);
}

static bool read_piece(struct scan *scan)
{
    char c = peek(scan);
    if (c == '<')
        return read_markup(scan);
    if (scan->depth == 0 && !is_space(c))
        return fail(scan, "there is text outside the div");
    if (c == '&')
        return read_entity(scan);
    scan->has_text |= !is_space(c);
    scan->at++;
    return true;
}

const char *xhtml_scan(struct str text, bool *is_allowed, bool *has_text)
{
    struct scan scan = { .text = str_trim(text), .is_allowed = true };
    while (scan.at < scan.text.len && read_piece(&scan))
        continue;
    if (!scan.fault && (scan.depth || !scan.roots))
        fail(&scan, scan.roots ? "a tag is not closed" : "the narrative is not a div");
    *is_allowed = scan.is_allowed;
    *has_text = scan.has_text;
    return scan.fault;
}

void xhtml_ids(struct str text, void (*found)(void *context, struct str id), void *context)
{
    struct scan scan = { .text = str_trim(text), .found = found, .context = context };
    while (scan.at < scan.text.len && read_piece(&scan))
        continue;
}
