/* narrative.c - text.div as source text. */
#include "resources/fhir/xml/narrative.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/xml/shape.h"
#include "resources/fhir/xml/text.h"

/* An escape has at most six bytes; declarations of namespaces come on top. */
enum { MOST_GROWTH = 6, MOST_EXTRA = 1024 };

static bool declares(const xmlNode *node, const xmlNs *wanted)
{
    const xmlNs *ns = node->nsDef;
    while (ns && ns != wanted)
        ns = ns->next;
    return ns;
}

static bool is_prefixed_outside(const xmlNode *div)
{
    for (const xmlNode *node = div->parent; node && node->type == XML_ELEMENT_NODE;
         node = node->parent)
        for (const xmlNs *ns = node->nsDef; ns; ns = ns->next)
            if (ns->prefix)
                return true;
    return false;
}

static bool is_xml_prefix(const xmlNs *ns)
{
    return ns->prefix && !strcmp((const char *)ns->prefix, "xml");
}

static bool is_inside(const xmlNode *node, const xmlNode *div, const xmlNs *ns)
{
    if (!ns || is_xml_prefix(ns))
        return true;
    while (node != div && !declares(node, ns))
        node = node->parent;
    return declares(node, ns);
}

static bool is_self_contained(const xmlNode *node, const xmlNode *div)
{
    bool is_fine = is_inside(node, div, node->ns);
    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next)
        is_fine = is_fine && is_inside(node, div, attribute->ns);
    return is_fine;
}

static struct str href_of(const xmlNs *ns)
{
    return str_of(ns ? (const char *)ns->href : NULL);
}

static void write_attribute(struct buf *out, struct str prefix, struct str name, struct str value)
{
    buf_add_char(out, ' ');
    buf_add(out, prefix);
    if (prefix.len && name.len)
        buf_add_char(out, ':');
    buf_add(out, name);
    buf_add(out, STR("=\""));
    xml_text_escape(out, value);
    buf_add_char(out, '"');
}

/* A prefix of its own declared at each element that needs one: rare, and always right. */
static void write_attributes(struct buf *out, const xmlNode *node)
{
    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
        const xmlNs *ns = attribute->ns;
        struct str prefix = str_of(ns ? (const char *)ns->prefix : NULL);
        const xmlAttr *before = node->properties;
        while (before != attribute && before->ns != ns)
            before = before->next;
        if (ns && !is_xml_prefix(ns) && before == attribute)
            write_attribute(out, STR("xmlns"), prefix, href_of(ns));
        write_attribute(out, prefix, str_of((const char *)attribute->name),
                        xml_source_value(attribute));
    }
}

static void write_start(struct buf *out, const xmlNode *node, const xmlNode *div)
{
    buf_add_char(out, '<');
    buf_add(out, xml_source_name(node));
    if (node == div || !str_equal(href_of(node->ns), href_of(node->parent->ns)))
        write_attribute(out, STR("xmlns"), STR(""), href_of(node->ns));
    write_attributes(out, node);
}

/* A start tag stays open until it is known whether the element is empty. */
static void close_tag(struct buf *out, bool *is_tag_open)
{
    if (*is_tag_open)
        buf_add_char(out, '>');
    *is_tag_open = false;
}

static void write_event(struct buf *out, const struct xml_source *source, const xmlNode *div,
                        bool *is_tag_open)
{
    if (source->event == XML_EVENT_END && *is_tag_open) {
        buf_add(out, STR("/>"));
        *is_tag_open = false;
        return;
    }
    close_tag(out, is_tag_open);
    if (source->event == XML_EVENT_TEXT) {
        xml_text_escape(out, str_of((const char *)source->node->content));
    } else if (source->event == XML_EVENT_START) {
        write_start(out, source->node, div);
        *is_tag_open = true;
    } else {
        buf_add(out, STR("</"));
        buf_add(out, xml_source_name(source->node));
        buf_add_char(out, '>');
    }
}

/* Goes through div; true when it was written anew because a namespace comes from outside. */
static bool rewrite(struct buf *out, struct xml_source *source)
{
    const xmlNode *div = source->node;
    bool is_needed = false, is_tag_open = false;
    int depth = 0;
    do {
        depth += source->event == XML_EVENT_START;
        depth -= source->event == XML_EVENT_END;
        if (source->event == XML_EVENT_START)
            is_needed = is_needed || !is_self_contained(source->node, div);
        write_event(out, source, div, &is_tag_open);
    } while (depth > 0 && xml_source_next(source));
    return is_needed;
}

struct str xml_narrative_read(struct xml_source *source, struct arena *arena)
{
    const xmlNode *div = source->node;
    struct str text = str_slice(source->text, source->tag.begin, source->tag.end);
    bool is_xhtml = xml_source_is_in(div, XML_XHTML);
    if (!is_xhtml || (declares(div, div->ns) && !is_prefixed_outside(div))) {
        xml_source_skip(source);
        return text;
    }
    struct buf out;
    buf_init(&out, arena, text.len * MOST_GROWTH + MOST_EXTRA);
    source->is_complete = true;
    bool is_needed = rewrite(&out, source);
    source->is_complete = false;
    if (is_needed && out.is_over && !source->has_fault) {
        source->has_fault = true;
        xml_scan_refuse(&source->fault, ISSUE_TOO_COSTLY, source->tag.begin,
                        STR("the narrative changes its namespace too often"));
    }
    return is_needed ? buf_str(&out) : text;
}

static bool check_root(const struct xml_source *source, struct xml_fault *fault)
{
    const xmlNode *node = source->node;
    if (source->tag.begin != 0 || source->tag.end != source->text.len)
        return xml_scan_refuse(fault, ISSUE_VALUE_INVALID, 0, STR("only one div is expected"));
    if (!str_is(xml_source_name(node), "div") || !xml_source_is_in(node, XML_XHTML))
        return xml_scan_refuse(fault, ISSUE_VALUE_INVALID, 0,
                               STR("a div in the namespace " XML_XHTML " is expected"));
    return true;
}

bool xml_narrative_check(struct str div, int depth, struct xml_fault *fault)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    CLOSING_XML_SOURCE struct xml_source source;
    bool is_first = true;
    xml_source_open(&source, div, arena);
    for (int inside = 0; xml_source_next(&source); is_first = false) {
        if (is_first && !check_root(&source, fault))
            return false;
        inside += source.event == XML_EVENT_START;
        inside -= source.event == XML_EVENT_END;
        if (inside > depth)
            return xml_scan_refuse(fault, ISSUE_TOO_DEEP, source.tag.begin,
                                   STR("too many elements inside each other"));
    }
    *fault = source.fault;
    if (fault->id == ISSUE_XML_SYNTAX)
        fault->id = ISSUE_VALUE_INVALID;
    return !source.has_fault;
}
