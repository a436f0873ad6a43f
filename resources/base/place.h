/* place.h - where in a resource something is: printed as FHIRPath, found again as line and column.
 */
#ifndef RESOURCES_BASE_PLACE_H
#define RESOURCES_BASE_PLACE_H
#include "resources/base/str.h"

struct arena;

/* Where in a resource: a list through the caller's stack, from the leaf up to the resource; costs
 * nothing until an issue is raised. index -1: not in a list. of_type: the type of a choice element,
 * for value.ofType(Quantity), else NULL; name is then "value" or, as it is defined,
 * "value[x]". offset: byte in the source where the value begins, or -1 (then the nearest place
 * above that has one is used). */
struct place {
    const struct place *in;
    const char *name;
    const char *of_type;
    int index;
    long offset;
};
#define PLACE_ROOT(text) ((struct place){ NULL, (text), NULL, -1, -1 })

/* FHIRPath of a place: Patient.contact[1].value.ofType(Quantity). */
struct str place_print(const struct place *at, struct arena *arena);
/* A position already found in a source; zeroed: none. */
struct place_mark {
    size_t offset;
    int line, column;
};
/* As place_line, going on (or back) from the mark, and moving it: many places that lie close to one
 * another cost one walk together. */
void place_line_from(struct place_mark *mark, struct str source, size_t offset);
/* Line and column (from 1, in bytes) of an offset in a text. */
void place_line(struct str source, size_t offset, int *line, int *column);
#endif
