/* media.h - the formats that are spoken: what Accept, _format and Content-Type ask for (RFC 9110
 * section 12.5.1; R4 http.html#mime-type). */
#ifndef SERVER_INTERACTIONS_MEDIA_H
#define SERVER_INTERACTIONS_MEDIA_H
#include "resources/base/str.h"

enum media {
    MEDIA_NONE,
    MEDIA_JSON,
    MEDIA_XML,
    MEDIA_JSON_PATCH,
    MEDIA_XML_PATCH,
    MEDIA_FORM,
    MEDIA_GRAPHQL
};

/* The one of JSON and XML that Accept weighs most: by the most specific range for each; of equal
 * ones the one named first, else JSON. Empty: JSON. NONE when it takes neither. */
enum media media_accept(struct str accept);
/* Whether Accept asks for what a Binary holds rather than for the Binary as a resource: it names
 * neither application/fhir+json nor application/fhir+xml, or the content's own type more (R4
 * binary.html#rest). */
bool media_wants_content(struct str accept, struct str content_type);
/* Whether Accept names text/html, and weighs no format of FHIR's more. */
bool media_wants_page(struct str accept);
/* The value of _format, decoded (a plus sign may have become a space): JSON, XML or NONE. */
enum media media_format(struct str format);
/* The Content-Type of a body, which must be UTF-8 and, if it says so, FHIR 4.0. */
enum media media_content(struct str content_type);
/* With charset, for an answer's Content-Type. */
struct str media_name(enum media media);
#endif
