/* scan.h - the scan that stands before the tree: what json.c asks of it beyond json_scan. */
#ifndef RESOURCES_FHIR_JSON_SCAN_H
#define RESOURCES_FHIR_JSON_SCAN_H
#include "resources/fhir/json/json.h"

/* Offsets of all values of a text in document order (an object or array before what is in it), in
 * chunks so that nothing is copied as it grows. A text is at most INT_MAX bytes. */
enum { JSON_OFFSETS_A_CHUNK = 1022 };
struct json_offsets {
    struct json_offsets *next;
    size_t count;
    uint32_t at[JSON_OFFSETS_A_CHUNK];
};

/* As json_scan, and besides: U+0000 and half surrogate pairs are faults, *id is the issue that the
 * fault makes, *offsets the offsets, in the arena. */
bool json_scan_fhir(struct str text, struct json_offsets **offsets, enum issue_id *id,
                    struct json_error *error, struct arena *arena);
/* The offset behind the number literal that begins at `at`. */
size_t json_scan_number_end(struct str text, size_t at);
#endif
