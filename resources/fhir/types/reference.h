/* reference.h - what a Reference.reference or a canonical leads to, taken apart (R4
 * references.html). */
#ifndef RESOURCES_FHIR_TYPES_REFERENCE_H
#define RESOURCES_FHIR_TYPES_REFERENCE_H
#include "resources/base/str.h"

enum reference_kind {
    REFERENCE_RELATIVE,    /* Patient/1, Patient/1/_history/2: type, id, version */
    REFERENCE_ABSOLUTE,    /* http(s)://...: base, type, id, version when it ends like the above */
    REFERENCE_CONDITIONAL, /* Patient?identifier=x, in a transaction: type, query */
    REFERENCE_CONTAINED,   /* #x: fragment; # alone is the resource that contains */
    REFERENCE_UUID,        /* urn:uuid:...: id is the UUID */
    REFERENCE_OID,         /* urn:oid:...: id is the OID */
    REFERENCE_OTHER        /* anything else: no address that is understood here */
};

/* Pieces borrow from the text; what the text does not have is empty. A type is a name that a
 * resource type could have, whether it is one the definitions know. */
struct reference {
    enum reference_kind kind;
    struct str base; /* without the slash before the type */
    struct str type, id, version;
    struct str query;    /* behind '?' */
    struct str fragment; /* behind '#' */
};
struct reference reference_parse(struct str text);

/* url|version#fragment */
struct canonical {
    struct str url, version, fragment;
};
struct canonical reference_parse_canonical(struct str text);
#endif
