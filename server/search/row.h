/* row.h - what the index holds of a resource; a part of search.h. */
#ifndef SERVER_SEARCH_ROW_H
#define SERVER_SEARCH_ROW_H
#include <stdbool.h>

#include "resources/base/str.h"

/* A row of the index, extracted from a resource on write. The parameter is (type, code). */
enum index_kind {
    INDEX_TOKEN,
    INDEX_STRING,
    INDEX_DATE,
    INDEX_REFERENCE,
    INDEX_URI,
    INDEX_NUMBER,
    INDEX_QUANTITY,
    INDEX_PRESENCE,
    INDEX_COMPOSITE,
    INDEX_POSITION
};
enum { INDEX_MOST_PARTS = 3 };
/* The system under which a quantity stands that was brought to UCUM's base units. */
#define INDEX_CANONICAL_UNITS "http://unitsofmeasure.org#base"
struct index_row {
    enum index_kind kind;
    /* Code of the search parameter; "code:text" (a string row), "code:identifier" and
     * "code:of-type" (token rows) carry what these modifiers look for. */
    struct str parameter;
    /* token: system, code. string: folded, as given. reference: type and id of a local target, or
     * nothing and the url. uri: the uri. quantity: system, unit code. presence: nothing. */
    struct str first, second;
    int64_t low, high;              /* date: [low, high) in UTC microseconds */
    double number_low, number_high; /* number, quantity: [low, high]; equal for an exact value.
                                       position: latitude, longitude */
    const struct index_row *parts;  /* composite: a row of each component, from one element */
    size_t part_count;
};
struct index_rows {
    struct index_row *rows;
    size_t count;
    struct str *patients; /* ids of the patients whose compartment holds the resource */
    size_t patient_count;
    bool is_signed; /* words.h: signatures of the words of its texts */
    struct str narrative, content;
};
/* Code of the row of presence that tells of a contained resource: this and its type. */
#define INDEX_CONTAINED "#contained:"
#endif
