/* scan.c - one pass over the markup, before libxml2: its work for a start tag grows with the square
 * of the attributes, and only the text itself says exactly where an element stands. */
#include "resources/fhir/xml/scan.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

#include "resources/base/arena.h"

struct scan {
    struct str text;
    size_t at;
    struct xml_tags *chunk;
    struct xml_fault *fault;
    struct arena *arena;
    int depth, namespaces;
    struct open {
        struct xml_tag *tag;
        int namespaces; /* declared by it */
    } open[XML_MOST_DEPTH];
};

struct str xml_scan_skip_bom(struct str text)
{
    return str_starts(text, STR("\xEF\xBB\xBF")) ? str_slice(text, 3, text.len) : text;
}

bool xml_scan_refuse(struct xml_fault *fault, enum issue_id id, size_t offset, struct str reason)
{
    fault->id = id;
    fault->offset = offset;
    reason = str_head(str_slice(reason, 0, str_find(reason, '\n', 0)), sizeof fault->reason - 1);
    if (reason.len)
        memcpy(fault->reason, reason.data, reason.len);
    fault->reason[reason.len] = '\0';
    return false;
}

static bool refuse(struct scan *scan, enum issue_id id, const char *reason)
{
    return xml_scan_refuse(scan->fault, id, scan->at, str_of(reason));
}

/* Goes behind the next `end`, or to the end of the text. */
static void skip_behind(struct scan *scan, struct str end)
{
    size_t at = str_find_str(scan->text, end, scan->at);
    scan->at = at < scan->text.len ? at + end.len : scan->text.len;
}

static bool stands(const struct scan *scan, struct str what)
{
    return str_starts(str_slice(scan->text, scan->at, scan->text.len), what);
}

static struct xml_tag *add_tag(struct scan *scan)
{
    if (scan->chunk->count == XML_TAGS_A_CHUNK) {
        scan->chunk->next = arena_alloc_raw(scan->arena, sizeof *scan->chunk);
        scan->chunk = scan->chunk->next;
        scan->chunk->next = NULL;
        scan->chunk->count = 0;
    }
    struct xml_tag *tag = &scan->chunk->tags[scan->chunk->count++];
    *tag = (struct xml_tag){ (uint32_t)scan->at, 0 };
    return tag;
}

static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Goes behind the '>' of a start tag and counts on the way. */
static bool scan_attributes(struct scan *scan, int *attributes, int *namespaces)
{
    struct str text = scan->text;
    size_t name = scan->at; /* where the last name began */
    for (scan->at++; scan->at < text.len && text.data[scan->at] != '>'; scan->at++) {
        char c = text.data[scan->at];
        if (c == '"' || c == '\'') {
            scan->at = str_find(text, c, scan->at + 1);
        } else if (c == '=') {
            *namespaces += str_starts(str_slice(text, name, scan->at), STR("xmlns"));
            if (++*attributes > XML_MOST_ATTRIBUTES)
                return refuse(scan, ISSUE_TOO_COSTLY, "more than 64 attributes in one element");
        } else if (!is_white(c) && is_white(text.data[scan->at - 1])) {
            name = scan->at;
        }
    }
    scan->at = scan->at < text.len ? scan->at + 1 : text.len;
    return true;
}

static bool scan_start(struct scan *scan)
{
    int attributes = 0, namespaces = 0;
    struct xml_tag *tag = add_tag(scan);
    if (scan->depth == XML_MOST_DEPTH)
        return refuse(scan, ISSUE_TOO_DEEP, "more than 240 elements inside each other");
    if (!scan_attributes(scan, &attributes, &namespaces))
        return false;
    if (scan->namespaces + namespaces > XML_MOST_NAMESPACES)
        return refuse(scan, ISSUE_TOO_COSTLY, "more than 512 namespaces are declared");
    if (str_ends(str_slice(scan->text, 0, scan->at), STR("/>"))) {
        tag->end = (uint32_t)scan->at;
        return true;
    }
    scan->open[scan->depth++] = (struct open){ tag, namespaces };
    scan->namespaces += namespaces;
    return true;
}

static void scan_end(struct scan *scan)
{
    scan->at = str_find(scan->text, '>', scan->at);
    scan->at += scan->at < scan->text.len;
    if (scan->depth == 0)
        return;
    const struct open *open = &scan->open[--scan->depth];
    open->tag->end = (uint32_t)scan->at;
    scan->namespaces -= open->namespaces;
}

/* Only UTF-8 is taken: FHIR asks for it, and then what is checked here is what libxml2 reads. Any
 * other encoding that it would find out by itself has a U+0000 in it, or no '<' at its begin. */
static bool check_encoding(struct scan *scan)
{
    struct str head = str_slice(scan->text, 0, str_find_str(scan->text, STR("?>"), 0));
    if (memchr(scan->text.data, '\0', scan->text.len))
        return refuse(scan, ISSUE_XML_ENCODING, "U+0000, or not UTF-8");
    if (scan->text.data[0] != '<' && !is_white(scan->text.data[0]))
        return refuse(scan, ISSUE_XML_SYNTAX, "'<' is expected");
    if (!str_starts(head, STR("<?xml")) || head.len < 6 || !is_white(head.data[5]))
        return true;
    size_t at = str_find_str(head, STR("encoding"), 0);
    while (at < head.len && head.data[at] != '"' && head.data[at] != '\'')
        at++;
    if (at == head.len)
        return true;
    struct str name = str_slice(head, at + 1, str_find(head, head.data[at], at + 1));
    scan->at = at + 1;
    return (name.len == 5 && !strncasecmp(name.data, "UTF-8", 5)) ||
           refuse(scan, ISSUE_XML_ENCODING, "UTF-8 is expected");
}

/* What begins with "<!". */
static bool scan_declaration(struct scan *scan)
{
    if (stands(scan, STR("<!--"))) {
        scan->at += 4;
        skip_behind(scan, STR("-->"));
        return true;
    }
    if (stands(scan, STR("<![CDATA["))) {
        skip_behind(scan, STR("]]>"));
        return true;
    }
    if (stands(scan, STR("<!DOCTYPE")))
        return refuse(scan, ISSUE_XML_DOCTYPE, "<!DOCTYPE");
    return refuse(scan, ISSUE_XML_SYNTAX, "a declaration stands outside a document type");
}

static bool scan_markup(struct scan *scan)
{
    char second = scan->at + 1 < scan->text.len ? scan->text.data[scan->at + 1] : '\0';
    if (second == '!')
        return scan_declaration(scan);
    if (second == '?') {
        scan->at += 2;
        skip_behind(scan, STR("?>"));
    } else if (second == '/') {
        scan_end(scan);
    } else {
        return scan_start(scan);
    }
    return true;
}

bool xml_scan_tags(struct str text, struct xml_tags **tags, struct xml_fault *fault,
                   struct arena *arena)
{
    struct scan scan = { .text = text, .fault = fault, .arena = arena };
    *tags = scan.chunk = arena_alloc_raw(arena, sizeof *scan.chunk);
    scan.chunk->next = NULL;
    scan.chunk->count = 0;
    if (text.len >= INT_MAX)
        return refuse(&scan, ISSUE_TOO_LARGE, "2147483647 bytes of XML or more");
    if (text.len == 0)
        return refuse(&scan, ISSUE_XML_SYNTAX, "the document is empty");
    if (!check_encoding(&scan))
        return false;
    for (scan.at = 0; (scan.at = str_find(text, '<', scan.at)) < text.len;)
        if (!scan_markup(&scan))
            return false;
    return true;
}
