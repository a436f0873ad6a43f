/* primitive.h - is a text a value of an R4 primitive type (R4 datatypes.html#primitive)? */
#ifndef RESOURCES_FHIR_TYPES_PRIMITIVE_H
#define RESOURCES_FHIR_TYPES_PRIMITIVE_H
#include <stdbool.h>

#include "resources/base/str.h"

/* How the value stood in the source: R4 json.html says which type is a number, which a boolean. In
 * XML and in a URL everything is text: PRIMITIVE_ANY. */
enum primitive_form { PRIMITIVE_ANY, PRIMITIVE_STRING, PRIMITIVE_NUMBER, PRIMITIVE_BOOLEAN };

/* Strings have at most this many characters (code points). */
enum { PRIMITIVE_MOST_CHARACTERS = 1024 * 1024 };

/* Whether text, valid UTF-8, is a value of the type; if not, *reason is constant text that says
 * what is wanted. A type that is not primitive has no values. Stricter than the regular expressions
 * where R4's sentences are: dates exist in the calendar, a code holds no white space but single
 * blanks. A control character that XML can not carry is in no string. */
bool primitive_check(struct str type, struct str text, enum primitive_form form,
                     const char **reason);
bool primitive_is_type(struct str type);
#endif
