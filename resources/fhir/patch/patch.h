/* patch.h - changes described as data, applied to a resource: JSON Patch (RFC 6902), FHIRPath Patch
 * (R4 fhirpatch.html) and XML Patch (RFC 5261). */
#ifndef RESOURCES_FHIR_PATCH_PATCH_H
#define RESOURCES_FHIR_PATCH_PATCH_H
#include <cjson/cJSON.h>

#include "resources/base/buf.h"
#include "resources/base/issue.h"

struct definitions;

/* What one patch may ask for. */
enum {
    PATCH_MOST_OPERATIONS = 1000,
    PATCH_MOST_COPIED = 1000000,     /* values that are put into the document, all together */
    PATCH_MOST_PATH = 4096,          /* bytes of one path, pointer or selector */
    PATCH_MOST_STEPS = 10000000,     /* of FHIRPath, all operations together */
    PATCH_MOST_XML_BYTES = 4 << 20,  /* of the record as XML, and of an XML Patch */
    PATCH_MOST_XPATH_STEPS = 1000000 /* as libxml2 counts them, all operations together */
};

/* A patch is good or bad as a whole: after false, with an issue (patch-invalid: it is no patch;
 * patch-failed: it does not fit what is there), the document is of no use. What a patch makes is
 * not judged here. Values are copied: the patch can be applied again. */

/* *document may become another value. patch: the array of operations. Literals of numbers stay as
 * they are; `test` compares them by value. */
bool patch_json(cJSON **document, const cJSON *patch, struct arena *arena, struct issues *issues);

/* parameters: a Parameters resource of operations. */
bool patch_fhirpath(cJSON *resource, const cJSON *parameters, struct definitions *definitions,
                    struct arena *arena, struct issues *issues);

/* Both texts are XML; adds the patched document. Selectors are XPath 1.0 with the namespaces that
 * the patch declares, its default namespace counting for names without a prefix. Removing a comment
 * that is not there is no fault: comments are no content. */
bool patch_xml(struct buf *out, struct str document, struct str patch, struct issues *issues);
#endif
