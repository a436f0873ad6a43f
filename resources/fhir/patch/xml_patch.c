/* xml_patch.c - XML Patch (RFC 5261) on libxml2's tree. */
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/patch/patch.h"
#include "resources/fhir/patch/selector.h"
#include "resources/fhir/xml/xml.h"

enum { PARSE = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA };

struct patching {
    xmlDoc *document;
    xmlXPathContext *xpath;
    struct arena *arena;
    struct issues *issues;
    struct place place; /* of the operation */
    xmlNode *operation;
    struct str selector;
};

static void close_document(xmlDoc **document)
{
    xmlFreeDoc(*document);
}
static void close_xpath(xmlXPathContext **context)
{
    xmlXPathFreeContext(*context);
}
static void close_found(xmlXPathObject **found)
{
    xmlXPathFreeObject(*found);
}
static void close_text(xmlChar **text)
{
    xmlFree(*text);
}
#define CLOSING_DOCUMENT __attribute__((cleanup(close_document)))
#define CLOSING_XPATH __attribute__((cleanup(close_xpath)))
#define CLOSING_FOUND __attribute__((cleanup(close_found)))
#define CLOSING_TEXT __attribute__((cleanup(close_text)))

static struct str text_of(const xmlChar *text)
{
    return str_of((const char *)text);
}

static bool fail(struct patching *patching, const char *why)
{
    return issue_add(patching->issues, &patching->place, ISSUE_PATCH_FAILED, "%s: " STR_FMT, why,
                     STR_ARG(str_head(patching->selector, 200)));
}

static bool refuse(struct patching *patching, const char *why)
{
    return issue_add(patching->issues, &patching->place, ISSUE_PATCH_INVALID, "%s: " STR_FMT, why,
                     STR_ARG(str_head(patching->selector, 200)));
}

/* An attribute of the operation; empty when it is not there. In the arena. */
static struct str attribute(struct patching *patching, const char *name)
{
    CLOSING_TEXT xmlChar *text = xmlGetNoNsProp(patching->operation, (const xmlChar *)name);
    return str_copy(patching->arena, text_of(text));
}

/* The text content of the operation, in the arena. */
static char *content(struct patching *patching)
{
    CLOSING_TEXT xmlChar *text = xmlNodeGetContent(patching->operation);
    return str_cstr(patching->arena, text_of(text));
}

static void ignore_fault(void *context, xmlError *error)
{
    (void)context;
    (void)error;
}

static void ignore_print(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

/* The namespaces in scope of the operation are those of its selector. */
static void declare_namespaces(struct patching *patching)
{
    xmlNs **list = xmlGetNsList(patching->operation->doc, patching->operation);
    xmlXPathRegisteredNsCleanup(patching->xpath);
    for (size_t i = 0; list && list[i]; i++)
        xmlXPathRegisterNs(patching->xpath,
                           list[i]->prefix ? list[i]->prefix : (const xmlChar *)SELECTOR_PREFIX,
                           list[i]->href);
    xmlFree(list);
}

/* The one node that the selector locates. NULL without an issue: a comment that is not there. */
static bool locate(struct patching *patching, xmlNode **node)
{
    struct str selector = patching->selector;
    *node = NULL;
    declare_namespaces(patching);
    bool has_default = xmlSearchNs(patching->operation->doc, patching->operation, NULL) != NULL;
    if (!selector.len || selector.len > PATCH_MOST_PATH ||
        !selector_qualify(&selector, has_default, patching->arena))
        return refuse(patching, "sel is not a selector");
    patching->xpath->node = (xmlNode *)patching->document;
    CLOSING_FOUND xmlXPathObject *found =
        xmlXPathEval((const xmlChar *)selector.data, patching->xpath);
    if (!found &&
        patching->xpath->lastError.code == XML_XPATH_EXPRESSION_OK + XPATH_OP_LIMIT_EXCEEDED)
        return issue_add(patching->issues, &patching->place, ISSUE_TOO_COSTLY,
                         "at most %d steps of XPath", (int)PATCH_MOST_XPATH_STEPS);
    if (!found || found->type != XPATH_NODESET)
        return refuse(patching, "sel is not a selector");
    int count = found->nodesetval ? found->nodesetval->nodeNr : 0;
    if (count == 0 && selector_is_comment(selector))
        return true;
    if (count != 1)
        return fail(patching, count ? "there are several nodes at" : "there is nothing at");
    *node = found->nodesetval->nodeTab[0];
    if ((*node)->type == XML_NAMESPACE_DECL)
        return fail(patching, "a namespace is not changed here");
    return true;
}

/* Where the next copied node goes. */
struct gap {
    xmlNode *parent, *before, *after;
};

static void put(struct gap *gap, xmlNode *copy)
{
    if (gap->before)
        xmlAddPrevSibling(gap->before, copy);
    else if (gap->after)
        gap->after = xmlAddNextSibling(gap->after, copy);
    else
        xmlAddChild(gap->parent, copy);
}

static void copy_children(struct patching *patching, struct gap *gap)
{
    for (xmlNode *child = patching->operation->children; child; child = child->next) {
        xmlNode *copy = xmlDocCopyNode(child, patching->document, 1);
        if (copy)
            put(gap, copy);
    }
}

/* type="@name": the text becomes an attribute. */
static bool add_attribute(struct patching *patching, xmlNode *node, struct str name)
{
    const xmlChar *value = (const xmlChar *)content(patching);
    struct str prefix = str_slice(name, 0, str_find(name, ':', 0));
    xmlNs *ns = NULL;
    if (node->type != XML_ELEMENT_NODE)
        return fail(patching, "only an element has attributes");
    if (prefix.len < name.len) {
        name = str_slice(name, prefix.len + 1, name.len);
        const xmlChar *own = (const xmlChar *)str_cstr(patching->arena, prefix);
        const xmlNs *meant = xmlSearchNs(patching->operation->doc, patching->operation, own);
        ns = meant ? xmlSearchNsByHref(patching->document, node, meant->href) : NULL;
        if (meant && !ns)
            ns = xmlNewNs(node, meant->href, own);
        if (!ns)
            return refuse(patching, "type has an unknown prefix");
    }
    const xmlChar *local = (const xmlChar *)str_cstr(patching->arena, name);
    if (xmlValidateNCName(local, 0) != 0)
        return refuse(patching, "type is not the name of an attribute");
    if (ns ? xmlHasNsProp(node, local, ns->href) != NULL : xmlHasNsProp(node, local, NULL) != NULL)
        return fail(patching, "the attribute is there already");
    xmlNewNsProp(node, ns, local, value);
    return true;
}

static bool add_namespace(struct patching *patching, xmlNode *node, struct str prefix)
{
    const xmlChar *name = (const xmlChar *)str_cstr(patching->arena, prefix);
    if (node->type != XML_ELEMENT_NODE || xmlValidateNCName(name, 0) != 0 ||
        !xmlNewNs(node, (const xmlChar *)content(patching), name))
        return fail(patching, "this namespace can not be declared");
    return true;
}

static bool run_add(struct patching *patching)
{
    xmlNode *node;
    struct str pos = attribute(patching, "pos"), type = attribute(patching, "type");
    if (!locate(patching, &node))
        return false;
    if (!node || node->type == XML_ATTRIBUTE_NODE || node->type == XML_DOCUMENT_NODE)
        return fail(patching, "nothing can be added to this");
    if (str_starts(type, STR("@")))
        return add_attribute(patching, node, str_slice(type, 1, type.len));
    if (str_starts(type, STR("namespace::")))
        return add_namespace(patching, node, str_slice(type, 11, type.len));
    if (type.len)
        return refuse(patching, "type is @name or namespace::prefix");
    struct gap gap = { .parent = node };
    bool is_sibling = str_is(pos, "before") || str_is(pos, "after");
    if (is_sibling && node == xmlDocGetRootElement(patching->document))
        return fail(patching, "a document has one root");
    if (!is_sibling && node->type != XML_ELEMENT_NODE)
        return fail(patching, "only an element holds others");
    if (str_is(pos, "before"))
        gap.before = node;
    else if (str_is(pos, "after"))
        gap.after = node;
    else if (str_is(pos, "prepend"))
        gap.before = node->children;
    else if (pos.len)
        return refuse(patching, "pos is prepend, before or after");
    copy_children(patching, &gap);
    return true;
}

static bool is_blank(const xmlNode *node)
{
    return node && node->type == XML_TEXT_NODE && xmlIsBlankNode(node);
}

/* The only child of the operation that is of a kind; NULL when there are others. */
static xmlNode *only_child(const xmlNode *operation, xmlElementType type)
{
    xmlNode *found = NULL;
    for (xmlNode *child = operation->children; child; child = child->next) {
        if (is_blank(child))
            continue;
        if (found || child->type != type)
            return NULL;
        found = child;
    }
    return found;
}

static bool run_replace(struct patching *patching)
{
    xmlNode *node;
    if (!locate(patching, &node))
        return false;
    if (!node || node->type == XML_DOCUMENT_NODE)
        return fail(patching, "this can not be replaced");
    if (node->type == XML_ATTRIBUTE_NODE) {
        const xmlAttr *old = (const xmlAttr *)node;
        xmlSetNsProp(node->parent, old->ns, old->name, (const xmlChar *)content(patching));
        return true;
    }
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
        xmlNode *text = xmlNewDocText(patching->document, (const xmlChar *)content(patching));
        xmlFreeNode(xmlReplaceNode(node, text));
        return true;
    }
    const xmlNode *child = only_child(patching->operation, node->type);
    xmlNode *copy =
        child ? xmlDocCopyNode((xmlNode *)(uintptr_t)child, patching->document, 1) : NULL;
    if (!copy)
        return refuse(patching, "one node of the same kind is needed to replace it");
    xmlFreeNode(xmlReplaceNode(node, copy));
    return true;
}

static bool remove_blank(struct patching *patching, xmlNode *node)
{
    if (!is_blank(node))
        return fail(patching, "there is no white space beside");
    xmlUnlinkNode(node);
    xmlFreeNode(node);
    return true;
}

static bool run_remove(struct patching *patching)
{
    xmlNode *node;
    struct str ws = attribute(patching, "ws");
    if (!locate(patching, &node))
        return false;
    if (!node)
        return true;
    if (node->type == XML_ATTRIBUTE_NODE)
        return xmlRemoveProp((xmlAttr *)node) == 0 || fail(patching, "it can not be removed");
    if (node->type == XML_DOCUMENT_NODE || node == xmlDocGetRootElement(patching->document))
        return fail(patching, "the root can not be removed");
    bool is_both = str_is(ws, "both");
    if ((is_both || str_is(ws, "before")) && !remove_blank(patching, node->prev))
        return false;
    if ((is_both || str_is(ws, "after")) && !remove_blank(patching, node->next))
        return false;
    xmlUnlinkNode(node);
    xmlFreeNode(node);
    return true;
}

static const struct {
    const char *name;
    bool (*run)(struct patching *patching);
} OPERATIONS[] = {
    { "add", run_add },
    { "replace", run_replace },
    { "remove", run_remove },
};

static bool run(struct patching *patching)
{
    patching->selector = attribute(patching, "sel");
    for (size_t i = 0; i < COUNT(OPERATIONS); i++)
        if (str_is(text_of(patching->operation->name), OPERATIONS[i].name))
            return OPERATIONS[i].run(patching);
    return refuse(patching, "an operation is add, replace or remove");
}

static bool run_all(struct patching *patching, xmlDoc *patch)
{
    const struct place root = PLACE_ROOT("patch");
    const xmlNode *diff = xmlDocGetRootElement(patch);
    int index = 0;
    for (xmlNode *one = diff->children; one; one = one->next) {
        if (one->type != XML_ELEMENT_NODE)
            continue;
        if (index == PATCH_MOST_OPERATIONS)
            return issue_add(patching->issues, NULL, ISSUE_PATCH_INVALID, "more than %d operations",
                             (int)PATCH_MOST_OPERATIONS);
        patching->operation = one;
        patching->place = (struct place){ &root, "operation", NULL, index++, -1 };
        if (!run(patching))
            return false;
    }
    return index || issue_add(patching->issues, NULL, ISSUE_PATCH_INVALID, "there is no operation");
}

static xmlDoc *parse(struct str text, enum issue_id id, struct issues *issues)
{
    struct xml_fault fault;
    xmlDoc *document = NULL;
    if (text.len > PATCH_MOST_XML_BYTES) {
        issue_add(issues, NULL, ISSUE_TOO_LARGE,
                  "an XML Patch and its record have at most %d bytes", (int)PATCH_MOST_XML_BYTES);
        return NULL;
    }
    if (!xml_scan(text, &fault))
        issue_add(issues, NULL, id, "%s, at byte %zu", fault.reason, fault.offset);
    else
        document = xmlReadMemory(text.data, (int)text.len, NULL, "UTF-8", PARSE);
    if (document && xmlDocGetRootElement(document))
        return document;
    xmlFreeDoc(document);
    if (!issues->errors)
        issue_add(issues, NULL, id, "it is not well-formed XML");
    return NULL;
}

static bool print(struct buf *out, xmlDoc *document, struct issues *issues)
{
    CLOSING_TEXT xmlChar *text = NULL;
    int size = 0;
    xmlDocDumpMemoryEnc(document, &text, &size, "UTF-8");
    if (text && size > 0)
        buf_add(out, (struct str){ (const char *)text, (size_t)size });
    return (text && !out->is_over) || issue_add(issues, NULL, ISSUE_TOO_LARGE, "%s", "");
}

bool patch_xml(struct buf *out, struct str document, struct str patch, struct issues *issues)
{
    CLOSING_DOCUMENT xmlDoc *target = parse(document, ISSUE_PATCH_FAILED, issues);
    CLOSING_DOCUMENT xmlDoc *diff = target ? parse(patch, ISSUE_PATCH_INVALID, issues) : NULL;
    CLOSING_XPATH xmlXPathContext *xpath = diff ? xmlXPathNewContext(target) : NULL;
    if (!xpath)
        return issues->errors ? false : issue_add(issues, NULL, ISSUE_INTERNAL, "libxml2");
    xpath->opLimit = PATCH_MOST_XPATH_STEPS;
    xmlXPathContextSetCache(xpath, 0, -1, 0);
    xpath->error = ignore_fault;
    xmlSetGenericErrorFunc(NULL, ignore_print); /* of this thread; some faults are only printed */
    struct patching patching = {
        .document = target, .xpath = xpath, .arena = issues->arena, .issues = issues
    };
    return run_all(&patching, diff) && print(out, target, issues);
}
