/* catalog.h - what the server knows of FHIR, exchanged as a whole when a definition is posted. */
#ifndef SERVER_CATALOG_H
#define SERVER_CATALOG_H
#include <cjson/cJSON.h>

#include "resources/base/issue.h"

struct definitions;
struct service;
struct viewer;

/* An edition is a struct service whose definitions, terminology, validator, indexer and
 * capabilities never change. A request pins the one that stands when it begins; a posted
 * StructureDefinition, SearchParameter, ValueSet, CodeSystem or ConceptMap makes the next, as a
 * layer on top of what is loaded (definitions.h). An edition ends with its last pin. */
struct catalog;

enum {
    CATALOG_MOST_DEFINITIONS = 2000, /* records of these types that take effect */
    CATALOG_MOST_LAYERS = 8          /* posted one by one; then they become one layer */
};

/* True for the five types. */
bool catalog_has_type(struct str type);

/* The first edition is the service, which stays its caller's and gets the pointer; what the store
 * holds of the five types takes effect. What of it can not is an issue. */
struct catalog *catalog_open(struct service *service, struct issues *issues);
/* Nobody may hold a pin any longer. */
void catalog_close(struct catalog *catalog);
/* The edition that stands; without a catalog the service itself. */
const struct service *catalog_pin(const struct service *service);
void catalog_unpin(const struct service *pinned);

/* Only the roles admin and tester may change definitions; else an issue. */
bool catalog_may(const struct viewer *viewer, struct str type, const struct place *at,
                 struct issues *issues);
/* Adds what is wrong with a definition besides R4's own rules: a canonical of R4 or of the guide, a
 * differential that can not be carried out, an expression that is none. */
bool catalog_check(const struct service *service, const cJSON *resource, struct issues *issues);

/* How many posted definitions take effect; what was loaded at the start. */
size_t catalog_count(const struct service *service);
struct definitions *catalog_loaded(const struct service *service);

/* A committed change. resource NULL: it was deleted. */
struct catalog_change {
    struct str type, id;
    uint64_t version;
    int64_t updated_us;
    const cJSON *resource;
};
/* Makes the next edition; when it returns, requests that begin see it. From any thread. Changes
 * that are older than what is known of a record are passed over. */
void catalog_apply(const struct service *service, const struct catalog_change *changes,
                   size_t count);

/* At the start: takes over what was made after the catalog, `delivery` and `reindex`. From then on
 * the index of stored records follows the search parameters. */
void catalog_complete(struct catalog *catalog, const struct service *service);
#endif
