/* value.h - one value of a search parameter: from its text to what an index row is compared with.
 */
#ifndef SERVER_SEARCH_VALUE_H
#define SERVER_SEARCH_VALUE_H
#include "server/search/search.h"

struct value_context {
    struct definitions *definitions;
    struct str base_url;
    struct str type;  /* of MODIFIER_TYPE: the type of the target, else empty */
    int64_t today_us; /* for ap: the start of the day */
    struct arena *arena;
};
/* Takes the next value (up to an unescaped comma) off *rest, still escaped. False at the end. */
bool value_next(struct str *value, struct str *rest);
/* Parses one value of this kind; text is still escaped (R4 search.html#escaping). False with
 * *wanted, constant text that says what would be right. */
bool value_parse(struct search_value *out, enum index_kind kind, struct str text,
                 const struct value_context *context, const char **wanted);
/* The same for _id. */
bool value_parse_id(struct search_value *out, struct str text, const char **wanted);
/* What a reference's text leads to: type and id of a local target, or nothing and the text. */
void value_target(struct search_value *out, struct str text, struct definitions *definitions,
                  struct str base_url);
/* A FHIR id: [A-Za-z0-9.-]{1,64}. */
bool value_is_id(struct str text);
#endif
