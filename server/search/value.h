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
/* The same for the components of a composite value, between bare dollar signs. */
bool value_next_component(struct str *value, struct str *rest);
/* Parses one value of this kind; text is still escaped (R4 search.html#escaping). False with
 * *wanted, constant text that says what would be right. */
bool value_parse(struct search_value *out, enum index_kind kind, struct str text,
                 const struct value_context *context, const char **wanted);
/* The same for _id. */
bool value_parse_id(struct search_value *out, struct str text, const char **wanted);
/* The same for :of-type, system|code|value: a token whose code is made by value_of_type. */
bool value_parse_of_type(struct search_value *out, struct str text, struct arena *arena,
                         const char **wanted);
/* The code of the row that :of-type looks for: the identifier's type and its value. */
struct str value_of_type(struct str code, struct str value, struct arena *arena);
/* True when text begins like a prefix that there is not. */
bool value_has_strange_prefix(enum index_kind kind, struct str text);
/* Cuts at the first bare bar; *has_bar says whether there was one. Both parts still escaped. */
struct str value_cut_bar(struct str *rest, bool *has_bar);
/* False when a backslash stands before anything but , | $ and itself. */
bool value_unescape(struct str *text, struct arena *arena);
void value_cut_prefix(struct search_value *out, struct str *text);
/* What a reference's text leads to: type and id of a local target, or nothing and the text. */
void value_target(struct search_value *out, struct str text, struct definitions *definitions,
                  struct str base_url);
/* A FHIR id: [A-Za-z0-9.-]{1,64}. */
bool value_is_id(struct str text);
#endif
