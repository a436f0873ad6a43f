/* record.h - looking into the records of long-term care: codings, extensions, references, periods.
 *
 * Everything takes what may be NULL or of another shape and then finds nothing: whether a record
 * has the shape of its profile is the validator's to say. */
#ifndef RESOURCES_LTSS_RECORD_H
#define RESOURCES_LTSS_RECORD_H
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/date.h"

/* Canonicals and code systems of the guide. */
#define LTSS "http://tandem-fhir.org/ltss/"
#define LTSS_CODES LTSS "CodeSystem/"

/* The first of a list, a single element itself: `for (x = record_first(...); x; x = x->next)`. */
const cJSON *record_first(const cJSON *object, const char *name);
/* Code of the first coding in the system, of a CodeableConcept or a list of them; empty: none. */
struct str record_code(const cJSON *concept, const char *system);
bool record_has_code(const cJSON *concept, const char *system, const char *code);
/* The guide's extension of this id on an element, or a part of a complex one; NULL: none. */
const cJSON *record_extension(const cJSON *element, const char *id);
/* The value[x] of an extension, an input or an output; NULL: none. */
const cJSON *record_value(const cJSON *element);
/* record_value of record_extension as text. */
struct str record_extension_text(const cJSON *element, const char *id);
/* "Type/id" of a Reference, without a version; empty when it leads elsewhere. */
struct str record_reference(const cJSON *reference);
/* Whether a Reference, or one of a list, leads to this record ("Type/id"). */
bool record_refers(const cJSON *references, struct str record);
/* "Type/id" of the patient the record is about (subject, patient, for, beneficiary); empty: none.
 */
struct str record_patient(const cJSON *record);
/* Whether a Period covers the day, an end without a time counting whole; a missing period covers
 * every day. */
bool record_covers(const cJSON *period, const struct date *day);
bool record_overlaps(const cJSON *period, const cJSON *other);
/* Whole days from one day to another; both have a precision of a day at least. */
long record_days(const struct date *from, const struct date *to);
/* The calendar day of a moment (UTC microseconds), in UTC. */
struct date record_day(int64_t us);
/* The day so many days later (negative: earlier). */
struct date record_add_days(const struct date *day, long days);
/* A moment (UTC microseconds) as a dateTime, to the second. */
struct str record_moment(int64_t us, struct arena *arena);
#endif
