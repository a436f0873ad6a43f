/* parameters.h - what an operation is asked, however it was sent, and what it answers (R4
 * operations.html#request). */
#ifndef SERVER_OPERATIONS_PARAMETERS_H
#define SERVER_OPERATIONS_PARAMETERS_H
#include "server/operations/operation.h"

/* Everything asked as one Parameters: those of the body, or the body itself as the parameter
 * `resource` when it is a resource of another type, and those of the query as strings. NULL with an
 * issue. */
const cJSON *operation_asked(struct interaction *interaction, const char *resource);
/* The same, held against the operation's OperationDefinition, as far as that is loaded: unknown
 * parameters (left alone when handling is lenient), missing ones, too many, wrong types. A bare
 * resource is the parameter that is one. inputs.c */
const cJSON *operation_inputs(struct interaction *interaction);
/* The text of a primitive parameter, or empty. */
struct str operation_text(const cJSON *asked, const char *name);
/* Raises PARAMETER_INVALID where it is neither true nor false (or no number at all). */
bool operation_flag(struct interaction *interaction, const cJSON *asked, const char *name,
                    bool *value);
bool operation_number(struct interaction *interaction, const cJSON *asked, const char *name,
                      uint64_t *value);

/* An answer is built as a tree. */
cJSON *operation_new_parameters(struct interaction *interaction);
/* Adds a parameter with a value ("valueString") and returns it; none for an empty text. */
void operation_add_text(struct interaction *interaction, cJSON *parameters, const char *name,
                        const char *value, struct str text);
void operation_add_bool(struct interaction *interaction, cJSON *parameters, const char *name,
                        bool value);
/* Adds a parameter with any value ("valueCoding", "resource"). */
void operation_add(struct interaction *interaction, cJSON *parameters, const char *name,
                   const char *value, cJSON *item);
/* Adds a parameter with parts, and returns it for operation_add_* to fill. */
cJSON *operation_add_parts(struct interaction *interaction, cJSON *parameters, const char *name);
bool operation_answer(struct interaction *interaction, const cJSON *resource);
#endif
