/* version.h - which of two business versions is the later one (semver.org, as FHIR packages use
 * it).
 */
#ifndef RESOURCES_FHIR_DEFINITIONS_VERSION_H
#define RESOURCES_FHIR_DEFINITIONS_VERSION_H
#include "resources/base/str.h"

/* <0, 0, >0. Parts between points compare as numbers where both are numbers, else by bytes; 1.0.0
 * is later than 1.0.0-draft; what follows a plus sign does not count; none at all is earliest. */
int version_compare(struct str a, struct str b);
#endif
