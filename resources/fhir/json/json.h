/* json.h - JSON bytes to tree and back: strict, position-aware, lossless (RFC 8259, R4 json.html).
 */
#ifndef RESOURCES_FHIR_JSON_JSON_H
#define RESOURCES_FHIR_JSON_JSON_H
#include <cjson/cJSON.h>

#include "resources/base/buf.h"
#include "resources/base/issue.h"

/* The tree is cJSON's, with two agreements that the functions here keep:
 *  - every number is a cJSON_Raw item whose valuestring is its literal (1.00 stays 1.00);
 *  - item->valueint of every item read from text is the byte offset where its value begins; -1 in
 * items that were made here. (json_offset reads it.) A tree lives in one arena and is never given
 * to cJSON_Delete. Strings are NUL-terminated UTF-8. */

/* Text nests at most JSON_MOST_DEPTH objects and arrays. Trees that were put together here may go
 * deeper, to JSON_MOST_TREE_DEPTH: whoever moves parts of a tree on a client's word checks it. */
enum { JSON_MOST_DEPTH = 200, JSON_MOST_TREE_DEPTH = 1000 };

struct json_error {
    size_t offset;
    const char *reason; /* constant text */
};

/* The RFC 8259 grammar alone (repeated keys and \u0000 are valid there); depth is bounded by
 * JSON_MOST_DEPTH. Returns false and fills *error at the first fault. Allocates nothing. */
bool json_scan(struct str text, struct json_error *error);

/* The FHIR reader: one JSON object, RFC 8259, plus: no repeated keys, no U+0000, no half surrogate
 * pairs, UTF-8 BOM refused. On a fault adds one issue with line and column (of a repeated key: the
 * second one's) and returns NULL. Makes text the issues' source: it must outlive the issues only.
 */
cJSON *json_parse(struct str text, struct arena *arena, struct issues *issues);
/* The same for a text that is an array (a JSON Patch). */
cJSON *json_parse_array(struct str text, struct arena *arena, struct issues *issues);

/* Compact output, keys in tree order, literals as they were read. A tree deeper than
 * JSON_MOST_TREE_DEPTH is cut and leaves out->is_over set. */
void json_print(struct buf *out, const cJSON *item);
/* The same, indented by two spaces a level. */
void json_print_pretty(struct buf *out, const cJSON *item);

long json_offset(const cJSON *item);
/* Own child by exact (case-sensitive) key, or NULL. item may be NULL. */
cJSON *json_get(const cJSON *item, const char *key);
cJSON *json_at(const cJSON *array, size_t index);
size_t json_count(const cJSON *item);
bool json_is_number(const cJSON *item);
/* Text of a string or the literal of a number or true/false; empty for anything else or NULL.
 * Borrows. */
struct str json_text(const cJSON *item);
/* json_text of the child key. */
struct str json_get_text(const cJSON *item, const char *key);
/* Same content: key order ignored, number literals compared as text. */
bool json_equal(const cJSON *a, const cJSON *b);

/* Building. Items come from the arena, strings are copied into it. */
cJSON *json_new_object(struct arena *arena);
cJSON *json_new_array(struct arena *arena);
cJSON *json_new_string(struct arena *arena, struct str text);
cJSON *json_new_bool(struct arena *arena, bool value);
cJSON *json_new_null(struct arena *arena);
cJSON *json_new_number(struct arena *arena, struct str literal);
cJSON *json_copy(struct arena *arena, const cJSON *item);
/* Sets or replaces in place (position kept); a new key goes last. Returns item. key is copied. */
cJSON *json_set(struct arena *arena, cJSON *object, const char *key, cJSON *item);
/* Puts a new key first (after `after` when that is a key of the object). */
cJSON *json_set_after(struct arena *arena, cJSON *object, const char *after, const char *key,
                      cJSON *item);
cJSON *json_add(cJSON *array, cJSON *item);
/* Before the item that has this index; index is at most the count. */
void json_insert(cJSON *array, size_t index, cJSON *item);
/* Unlinks; NULL when there is none. */
cJSON *json_remove(cJSON *object, const char *key);
/* Unlinks a direct child. */
void json_unlink(cJSON *parent, cJSON *child);
/* Replaces the text of a string item. */
void json_set_text(struct arena *arena, cJSON *item, struct str text);
#endif
