/* url.h - the https URL of a party's server, taken apart strictly and compared (RFC 3986). */
#ifndef SERVER_SECURITY_URL_H
#define SERVER_SECURITY_URL_H
#include "resources/base/str.h"

/* Borrows from the text that was parsed. */
struct url {
    struct str text; /* as given, without slashes at its end */
    struct str host; /* with the brackets of an IPv6 address */
    int port;        /* 443 when none is said */
    struct str path; /* empty, or "/fhir" */
};
/* https://host[:port][/path] in which nothing means something else once it is resolved: no user
 * name, query, fragment or percent escape, no empty segment, none of dots. False for all else. */
bool url_parse(struct url *out, struct str text);
/* Whether it is the base or an address below it: the same host (letter case aside) and port, and
 * the base's path is the beginning of its path, in whole segments. */
bool url_is_at(const struct url *url, const struct url *base);
#endif
