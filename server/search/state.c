/* state.c - hashes of search parameters. */
#include "server/search/state.h"

#include "resources/base/buf.h"
#include "server/search/kind.h"

/* Counts up when extraction gives other rows for the same definition. */
enum { EXTRACTION = 6, MOST_STATE = 1 << 20 };

/* FNV-1a, 64 bits: tells what has changed, keeps nobody out. */
static uint64_t add_hash(uint64_t hash, struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
    return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

static uint64_t hash_of(const struct search_parameter *parameter)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) + EXTRACTION;
    hash = add_hash(add_hash(hash, parameter->type), parameter->expression);
    for (size_t i = 0; i < parameter->component_count; i++) {
        hash = add_hash(hash, parameter->components[i].definition);
        hash = add_hash(hash, parameter->components[i].expression);
    }
    return hash;
}

struct str state_print(struct definitions *definitions, struct str type, struct arena *arena)
{
    struct buf out;
    size_t count = 0;
    const struct search_parameter *const *parameters =
        definitions_search_parameters(definitions, type, &count);
    buf_init(&out, arena, MOST_STATE);
    for (size_t i = 0; i < count; i++) {
        enum index_kind kind;
        if (kind_of_parameter(&kind, parameters[i]))
            buf_print(&out, STR_FMT " %016llx\n", STR_ARG(parameters[i]->code),
                      (unsigned long long)hash_of(parameters[i]));
    }
    return buf_str(&out);
}

/* The line of a code, without it; empty when there is none. */
static struct str find_line(struct str text, struct str code)
{
    while (text.len) {
        struct str line = str_cut(&text, '\n'), own = str_cut(&line, ' ');
        if (str_equal(own, code))
            return line;
    }
    return (struct str){ 0 };
}

enum state state_compare(struct str before, struct str now, struct str code)
{
    struct str old = find_line(before, code), current = find_line(now, code);
    if (!before.len)
        return STATE_CHANGED;
    if (!old.len)
        return STATE_NEW;
    return str_equal(old, current) ? STATE_SAME : STATE_CHANGED;
}
