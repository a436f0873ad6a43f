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
    /* Code of the search parameter; "code:text" (a string row) and "code:identifier" (a token row)
     * carry what these two modifiers look for. */
    struct str parameter;
    /* token: system, code. string: folded, as given. reference: type and id of a local target, or
     * nothing and the url. uri: the uri. quantity: system, unit code. presence: nothing. */
    struct str first, second;
    int64_t low, high;              /* date: [low, high) in UTC microseconds */
    double number_low, number_high; /* number, quantity: [low, high]; equal for an exact value */
};
struct index_rows {
    struct index_row *rows;
    size_t count;
    struct str *patients; /* ids of the patients whose compartment holds the resource */
    size_t patient_count;
};
/* What extraction needs of a definitions set: every parameter's expression, compiled at first use,
 * once. Safe to share between threads. base_url: absolute references that begin with it are local.
 */
struct search_indexer;
struct search_indexer *search_indexer_open(struct definitions *definitions, struct str base_url);
void search_indexer_close(struct search_indexer *indexer);
/* All rows of a resource for every search parameter of its type; allocated in the arena. An
 * expression that fails leaves its parameter without rows and adds an issue, for the log only.
 * False when the type is unknown. */
bool search_index(struct index_rows *out, struct search_indexer *indexer, const cJSON *resource,
                  struct arena *arena, struct issues *issues);

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
    /* as index_row. token: second empty is "system|", any code; has_system tells "|code" (no
     * system) and "system|code" from "code". reference: first empty is "id", of any type, or a url.
     * MODIFIER_MISSING: second is "true" or "false". */
    struct str first, second;
    bool has_system;
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
    SEARCH_MOST_SORTS = 8,
    SEARCH_MOST_PAIRS = 256,
    SEARCH_MOST_ROWS = 50000 /* of the index, for one resource */
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
