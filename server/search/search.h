/* search.h - a search as data: parsed once, rendered by the store into its own SQL (R4
 * search.html). */
#ifndef SERVER_SEARCH_SEARCH_H
#define SERVER_SEARCH_SEARCH_H
#include "resources/base/issue.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/node.h"

/* A row of the index, extracted from a resource on write. The parameter is (type, code). */
enum index_kind {
    INDEX_TOKEN,
    INDEX_STRING,
    INDEX_DATE,
    INDEX_REFERENCE,
    INDEX_URI,
    INDEX_NUMBER,
    INDEX_QUANTITY,
    INDEX_PRESENCE
};
struct index_row {
    enum index_kind kind;
    struct str parameter; /* code of the search parameter */
    /* token: system, code. string: folded, as given. reference: target type, target id (or both
     * empty and the url in `text`); uri: text in first. quantity: system, unit code. */
    struct str first, second;
    struct str
        text; /* token: folded display text for :text. reference: identifier "system|value" */
    int64_t low, high; /* date: [low, high) in UTC microseconds */
    double number_low, number_high;
};
struct index_rows {
    struct index_row *rows;
    size_t count;
    struct str *patients; /* ids of the patients whose compartment holds the resource */
    size_t patient_count;
};
/* All rows of a resource for every search parameter of its type; allocated in the arena. base_url:
 * absolute references that begin with it are local. An expression that fails adds an issue to the
 * log only. */
bool search_index(struct index_rows *out, const cJSON *resource, struct definitions *definitions,
                  struct str base_url, struct arena *arena);

/* One `name[:modifier]=value[,value]` of a query, or a special parameter. */
enum search_prefix {
    PREFIX_EQ,
    PREFIX_NE,
    PREFIX_GT,
    PREFIX_LT,
    PREFIX_GE,
    PREFIX_LE,
    PREFIX_SA,
    PREFIX_EB,
    PREFIX_AP
};
struct search_value {
    enum search_prefix prefix;
    struct str first, second, text; /* as index_row */
    bool has_system; /* token: "|code" (no system) or "system|code" rather than "code" */
    int64_t low, high;
    double number_low, number_high;
};
enum search_modifier {
    MODIFIER_NONE,
    MODIFIER_MISSING,
    MODIFIER_EXACT,
    MODIFIER_CONTAINS,
    MODIFIER_NOT,
    MODIFIER_IDENTIFIER,
    MODIFIER_TYPE,
    MODIFIER_TEXT
};
struct search_condition {
    const struct search_parameter *parameter; /* NULL for _id and _lastUpdated */
    enum index_kind kind;
    struct str code; /* "_id", "_lastUpdated" or the parameter's code */
    enum search_modifier modifier;
    const struct search_value *values; /* any of them */
    size_t value_count;
};
struct search_sort {
    struct str code;
    enum index_kind kind;
    bool is_descending;
};
enum search_total { TOTAL_ACCURATE, TOTAL_ESTIMATE, TOTAL_NONE };
enum {
    SEARCH_DEFAULT_COUNT = 50,
    SEARCH_MOST_COUNT = 1000,
    SEARCH_MOST_CONDITIONS = 64,
    SEARCH_MOST_VALUES = 1000,
    SEARCH_MOST_SORTS = 8
};
struct search_plan {
    struct str type;
    const struct search_condition *conditions; /* all of them */
    size_t condition_count;
    const struct search_sort *sorts;
    size_t sort_count;
    size_t count; /* page size */
    enum search_total total;
    bool is_count_only; /* _summary=count or _count=0 */
    struct str self;    /* canonical query as understood, for the self link and page tokens */
};
struct search_pair {
    struct str name, value; /* percent-decoded */
};
/* Parses the pairs of a query. Unknown parameters are issues that name them. */
bool search_parse(struct search_plan *plan, struct str type, const struct search_pair *pairs,
                  size_t count, struct definitions *definitions, struct str base_url,
                  struct arena *arena, struct issues *issues);
/* Splits "a=b&c=d" into decoded pairs. */
bool search_split(struct search_pair **pairs, size_t *count, struct str query, struct arena *arena,
                  struct issues *issues);
#endif
