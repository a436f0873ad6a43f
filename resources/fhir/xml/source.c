/* source.c - libxml2's text reader, and beside it the tags that the scan found. */
#include "resources/fhir/xml/source.h"

#include <limits.h>
#include <pthread.h>
#include <string.h>

#include "resources/base/arena.h"

/* Entities other than the five of XML do not exist without a document type declaration. */
enum { OPTIONS = XML_PARSE_NONET | XML_PARSE_NOCDATA };

/* Of several faults the first one counts. Warnings, such as a relative namespace, are none. */
static void take_fault(void *context, xmlError *error)
{
    struct xml_source *source = context;
    xmlParserCtxt *parser = error->ctxt;
    if (source->has_fault || error->level < XML_ERR_ERROR)
        return;
    long at = parser ? xmlByteConsumed(parser) : 0;
    size_t offset = at < 0 || (size_t)at > source->text.len ? source->text.len : (size_t)at;
    source->has_fault = true;
    struct str reason = str_of(error->message);
    if (error->code == XML_ERR_DOCUMENT_END && offset == source->text.len)
        reason = STR("the document ends too soon"); /* libxml2 speaks of extra content */
    xml_scan_refuse(&source->fault, ISSUE_XML_SYNTAX, offset, reason);
}

void xml_source_open(struct xml_source *source, struct str text, struct arena *arena)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct xml_tags *tags;
    *source = (struct xml_source){ .text = text };
    pthread_once(&once, xmlInitParser);
    source->has_fault = !xml_scan_tags(text, &tags, &source->fault, arena);
    source->tags = tags;
    if (source->has_fault)
        return;
    source->reader = xmlReaderForMemory(text.data, (int)text.len, NULL, NULL, OPTIONS);
    if (source->reader) {
        xmlTextReaderSetStructuredErrorHandler(source->reader, take_fault, source);
        return;
    }
    source->has_fault = true;
    xml_scan_refuse(&source->fault, ISSUE_XML_SYNTAX, 0, STR("libxml2 can not read it"));
}

void xml_source_close_at(struct xml_source *source)
{
    xmlFreeTextReader(source->reader);
    source->reader = NULL;
}

/* The scan saw the same elements in the same order; a text in which it did not is not well-formed,
 * and libxml2 says so sooner or later. */
static void take_tag(struct xml_source *source)
{
    if (source->next_tag == source->tags->count && source->tags->next) {
        source->tags = source->tags->next;
        source->next_tag = 0;
    }
    if (source->next_tag < source->tags->count)
        source->tag = source->tags->tags[source->next_tag++];
}

static bool take_node(struct xml_source *source)
{
    int type = xmlTextReaderNodeType(source->reader);
    source->node = xmlTextReaderCurrentNode(source->reader);
    if (type == XML_READER_TYPE_ELEMENT) {
        take_tag(source);
        source->event = XML_EVENT_START;
        source->is_inside_empty = xmlTextReaderIsEmptyElement(source->reader) == 1;
        return true;
    }
    bool is_white =
        type == XML_READER_TYPE_WHITESPACE || type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE;
    bool is_text = type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
                   type == XML_READER_TYPE_ENTITY_REFERENCE || (is_white && source->is_complete);
    source->event = is_text ? XML_EVENT_TEXT : XML_EVENT_END;
    return is_text || type == XML_READER_TYPE_END_ELEMENT;
}

bool xml_source_next(struct xml_source *source)
{
    if (source->has_fault)
        return false;
    if (source->is_inside_empty) {
        source->is_inside_empty = false;
        source->event = XML_EVENT_END;
        return true;
    }
    int code;
    while ((code = xmlTextReaderRead(source->reader)) == 1 && !source->has_fault)
        if (take_node(source))
            return true;
    if (code < 0 && !source->has_fault) {
        source->has_fault = true;
        xml_scan_refuse(&source->fault, ISSUE_XML_SYNTAX, source->text.len,
                        STR("libxml2 can not read it"));
    }
    return false;
}

bool xml_source_skip(struct xml_source *source)
{
    for (int depth = 1; xml_source_next(source);) {
        depth += source->event == XML_EVENT_START;
        depth -= source->event == XML_EVENT_END;
        if (depth == 0)
            return true;
    }
    return false;
}

struct str xml_source_name(const xmlNode *node)
{
    return str_of((const char *)node->name);
}

bool xml_source_is_in(const xmlNode *node, const char *namespace)
{
    return node->ns && node->ns->href && !strcmp((const char *)node->ns->href, namespace);
}

/* Without a document type declaration an attribute has one text node, or none when it is empty. */
struct str xml_source_value(const xmlAttr *attribute)
{
    const xmlNode *text = attribute->children;
    return str_of(text ? (const char *)text->content : NULL);
}

bool xml_scan(struct str text, struct xml_fault *fault)
{
    CLOSING_XML_SOURCE struct xml_source source = { 0 };
    CLOSING_ARENA struct arena *arena = arena_open();
    xml_source_open(&source, xml_scan_skip_bom(text), arena);
    while (xml_source_next(&source))
        continue;
    if (!source.has_fault)
        return true;
    *fault = source.fault;
    fault->offset += text.len - source.text.len;
    return false;
}
