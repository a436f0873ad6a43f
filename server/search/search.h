/* search.h - a search as data: parsed once, rendered by the store into its own SQL (R4
 * search.html). */
#ifndef SERVER_SEARCH_SEARCH_H
#define SERVER_SEARCH_SEARCH_H
#include "resources/base/issue.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/node.h"
#include "server/search/row.h"

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
    double metres;                    /* position: how far away at most */
    const struct search_value *parts; /* composite: one for each component */
};
enum search_modifier {
    MODIFIER_NONE,
    MODIFIER_MISSING,
    MODIFIER_EXACT,
    MODIFIER_CONTAINS,
    MODIFIER_NOT,
    MODIFIER_IDENTIFIER,
    MODIFIER_TYPE,
    MODIFIER_TEXT,
    MODIFIER_OF_TYPE,
    MODIFIER_IN,
    MODIFIER_NOT_IN,
    MODIFIER_ABOVE,
    MODIFIER_BELOW,
    MODIFIER_WHOLE, /* these two are _filter's eq and ew on strings; no modifiers of a query */
    MODIFIER_ENDS
};
/* What a condition asks of a record. */
enum search_test {
    TEST_VALUES, /* a row of the index with one of the values */
    TEST_ALL,    /* every part holds */
    TEST_ANY,    /* a part holds */
    TEST_NOT,    /* the one part does not hold */
    TEST_CHAIN,  /* `code` leads to a record of a part's type, for which the part holds */
    TEST_HAS,    /* by `code` a record of the part's type leads here, for which the part holds */
    TEST_COMPARTMENT, /* in the compartment of a patient of values (.second, ids); without, of any
                       */
    TEST_WORDS,       /* the words of values are in the narrative (_text) or anywhere (_content) */
    TEST_NOTHING      /* never holds */
};
struct search_condition {
    enum search_test test;
    const struct str *types; /* of the records that are asked: one, or those of a system search */
    size_t type_count;
    const struct search_parameter *parameter; /* NULL for _id, _lastUpdated and trees */
    enum index_kind kind;
    struct str code; /* "_id", "_lastUpdated" or the parameter's code */
    enum search_modifier modifier;
    struct str target;    /* type that MODIFIER_TYPE names, or whose hierarchy is climbed */
    struct str hierarchy; /* :above, :below: parameter of `target` that leads one step up */
    const struct search_value *values; /* any of them */
    size_t value_count;
    enum index_kind components[INDEX_MOST_PARTS]; /* composite */
    size_t component_count;
    const struct search_condition *parts;
    size_t part_count;
};
struct search_sort {
    struct str code;
    enum index_kind kind;
    bool is_descending;
};
/* An _include or _revinclude. */
struct search_include {
    struct str source; /* type whose records refer; empty: any */
    struct str code;   /* search parameter of the source; empty: any */
    struct str target; /* type that is referred to; empty: any */
    bool is_reverse, is_iterating;
};
enum search_total { TOTAL_ACCURATE, TOTAL_ESTIMATE, TOTAL_NONE };
enum search_contained { CONTAINED_FALSE, CONTAINED_TRUE, CONTAINED_BOTH };
enum search_summary { SUMMARY_FALSE, SUMMARY_TRUE, SUMMARY_TEXT, SUMMARY_DATA, SUMMARY_COUNT };
enum {
    SEARCH_DEFAULT_COUNT = 50,
    SEARCH_MOST_COUNT = 1000,
    SEARCH_MOST_CONDITIONS = 512, /* parts of chains counted one by one */
    SEARCH_MOST_DEPTH = 8,        /* of chains, _has and brackets in _filter */
    SEARCH_MOST_VALUES = 1000,
    SEARCH_MOST_CODES = 5000, /* that :in, :above ... stand for */
    SEARCH_MOST_SORTS = 8,
    SEARCH_MOST_PAIRS = 256,
    SEARCH_MOST_INCLUDES = 32,
    SEARCH_MOST_INCLUDED = 1000, /* records that _include and _revinclude add to a page */
    SEARCH_MOST_ROWS = 50000     /* of the index, for one resource */
};
struct search_plan {
    struct str type; /* empty: a search of the whole system */
    const struct str *types;
    size_t type_count;
    const struct search_condition *conditions; /* all of them */
    size_t condition_count;
    const struct search_sort *sorts;
    size_t sort_count;
    const struct search_include *includes;
    size_t include_count;
    size_t count; /* page size */
    enum search_total total;
    enum search_summary summary;
    enum search_contained contained;
    bool returns_contained;     /* _containedType=contained */
    const struct str *elements; /* of _elements */
    size_t element_count;
    bool is_count_only;       /* _summary=count or _count=0 */
    bool is_far;              /* a chain or _has: what matches depends on other records too */
    int64_t most_us;          /* time budget; 0: none. The caller's to set */
    const _Atomic bool *stop; /* becomes true: no more time; NULL: never. The caller's to set */
    struct str self;          /* canonical query as understood, for the self link and page tokens */
};
struct search_pair {
    struct str name, value; /* percent-decoded */
};
/* What a query is read against. */
struct search_context {
    struct definitions *definitions;
    struct terminology *terminology; /* :in, :below ...; NULL: these are refused */
    struct str base_url;
    /* May be NULL: whether records that are older than a parameter have rows for it. */
    bool (*is_ready)(void *readiness, struct str type, struct str code);
    void *readiness;
    bool is_lenient; /* Prefer: handling=lenient: what is unknown is left out, and of `self` too */
    /* GET Patient/1/CarePlan: the compartment's type and id; empty: none. Patient alone: any
     * patient's. */
    struct str compartment_type, compartment_id;
};
/* Parses the pairs of a query. Unknown parameters are issues that name them. type empty: a search
 * of the whole system, whose types _type may name. */
bool search_parse(struct search_plan *plan, struct str type, const struct search_pair *pairs,
                  size_t count, const struct search_context *context, struct arena *arena,
                  struct issues *issues);
/* Splits "a=b&c=d" into decoded pairs. */
bool search_split(struct search_pair **pairs, size_t *count, struct str query, struct arena *arena,
                  struct issues *issues);
#endif
