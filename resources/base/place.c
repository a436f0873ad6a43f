/* place.c - rendering a place as FHIRPath, and an offset as line and column. */
#include "resources/base/place.h"

#include "resources/base/buf.h"

enum { MOST_PLACE_BYTES = 64 * 1024, MOST_PLACE_DEPTH = 512 };

static void print_step(struct buf *out, const struct place *at)
{
    if (out->len)
        buf_add_char(out, '.');
    struct str name = str_of(at->name);
    if (at->of_type && str_ends(name, STR("[x]")))
        name.len -= 3;
    buf_add(out, name);
    if (at->index >= 0)
        buf_print(out, "[%d]", at->index);
    if (at->of_type)
        buf_print(out, ".ofType(%s)", at->of_type);
}

struct str place_print(const struct place *at, struct arena *arena)
{
    const struct place *steps[MOST_PLACE_DEPTH];
    size_t count = 0;
    for (; at && count < MOST_PLACE_DEPTH; at = at->in)
        steps[count++] = at;
    struct buf out;
    buf_init(&out, arena, MOST_PLACE_BYTES);
    while (count)
        print_step(&out, steps[--count]);
    return buf_str(&out);
}

/* Goes back to offset; column stays right as long as no line is left, and is counted anew else. */
static void step_back(struct place_mark *mark, struct str source, size_t offset)
{
    size_t start = offset;
    int lines = 0;
    for (size_t i = offset; i < mark->offset; i++)
        lines += source.data[i] == '\n';
    if (lines == 0) {
        mark->column -= (int)(mark->offset - offset);
    } else {
        while (start > 0 && source.data[start - 1] != '\n')
            start--;
        mark->column = (int)(offset - start) + 1;
    }
    mark->line -= lines;
    mark->offset = offset;
}

void place_line_from(struct place_mark *mark, struct str source, size_t offset)
{
    if (mark->line == 0 || offset < mark->offset / 2)
        *mark = (struct place_mark){ 0, 1, 1 };
    else if (offset < mark->offset)
        step_back(mark, source, offset);
    for (; mark->offset < offset && mark->offset < source.len; mark->offset++) {
        mark->column++;
        if (source.data[mark->offset] == '\n') {
            mark->line++;
            mark->column = 1;
        }
    }
}

void place_line(struct str source, size_t offset, int *line, int *column)
{
    struct place_mark mark = { 0 };
    place_line_from(&mark, source, offset);
    *line = mark.line;
    *column = mark.column;
}
