/* subject.h - the value set, code system or concept map that a terminology operation is about, and
 * the codes that it is asked about. */
#ifndef SERVER_OPERATIONS_SUBJECT_H
#define SERVER_OPERATIONS_SUBJECT_H
#include "resources/fhir/terminology/terminology.h"
#include "server/operations/parameters.h"

/* A conformance resource by the record's id (stored here, else of the loaded definitions), by the
 * parameter that brings it along, or by the parameter with its canonical. *resource stays NULL when
 * none is named. False with an issue when the one named is not there or is of another type. */
struct subject_names {
    const char *type, *brought, *canonical, *version; /* version: a parameter, or NULL */
};
struct subject {
    cJSON *resource; /* NULL: none named, or a value set that only its system names */
    struct str canonical;
    bool is_loaded; /* one of the definitions, found by its canonical */
};
bool subject_find(struct interaction *interaction, const cJSON *asked,
                  const struct subject_names *names, struct subject *subject);
/* The value set to ask; NULL with an issue, also when none is named. */
const struct value_set *subject_value_set(struct interaction *interaction, const cJSON *asked,
                                          struct subject *subject);
/* The code system; *system stays NULL when none is named. */
bool subject_system(struct interaction *interaction, const cJSON *asked, struct subject *subject,
                    const struct system **system);

/* What is asked about: code, system, version and display; a Coding ("system|code" in a query); or
 * each Coding of a CodeableConcept. */
struct subject_coding {
    struct term_coding coding;
    struct str display;
};
enum { SUBJECT_MOST_CODINGS = 100 };
struct subject_codings {
    struct subject_coding items[SUBJECT_MOST_CODINGS];
    size_t count;
};
/* system: the parameter that names the system of `code` ("system", or "url" for a CodeSystem). */
bool subject_codings(struct interaction *interaction, const cJSON *asked, const char *system,
                     const char *version, struct subject_codings *codings);
/* Why an answer is not yes, as a sentence; display and other_case may be empty. */
struct str subject_reason(struct arena *arena, enum term_cause cause, struct str about,
                          const struct term_coding *coding);
#endif
