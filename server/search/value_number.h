/* value_number.h - numbers, quantities and distances as values. */
#ifndef SERVER_SEARCH_VALUE_NUMBER_H
#define SERVER_SEARCH_VALUE_NUMBER_H
#include "server/search/value.h"

/* As value_parse, each for its kind. */
bool value_number_parse(struct search_value *out, struct str text,
                        const struct value_context *context, const char **wanted);
bool value_number_parse_quantity(struct search_value *out, struct str text,
                                 const struct value_context *context, const char **wanted);
/* latitude|longitude[|distance[|unit]] of `near`. */
bool value_number_parse_position(struct search_value *out, struct str text,
                                 const struct value_context *context, const char **wanted);
#endif
