/* print.c - the tree as JSON text, straight into a buffer. */
#include "resources/fhir/json/json.h"

#include <assert.h>

static const char SPACES[] = "                                                                ";

static void new_line(struct buf *out, int depth)
{
    buf_add_char(out, '\n');
    for (size_t left = (size_t)depth * 2; left > 0;) {
        size_t count = left < sizeof SPACES - 1 ? left : sizeof SPACES - 1;
        buf_add(out, (struct str){ SPACES, count });
        left -= count;
    }
}

static void print_scalar(struct buf *out, const cJSON *item)
{
    assert(!cJSON_IsNumber(item) && !cJSON_IsInvalid(item));
    if (cJSON_IsString(item))
        buf_add_json_string(out, json_text(item));
    else if (cJSON_IsNull(item))
        buf_add(out, STR("null"));
    else
        buf_add(out, json_text(item));
}

/* The key, and the value up to its first child. Returns whether there is one. */
static bool print_opening(struct buf *out, const cJSON *item, bool is_keyed, bool is_pretty)
{
    if (is_keyed) {
        buf_add_json_string(out, str_of(item->string));
        buf_add(out, is_pretty ? STR(": ") : STR(":"));
    }
    if (!cJSON_IsObject(item) && !cJSON_IsArray(item))
        print_scalar(out, item);
    else if (!item->child)
        buf_add(out, cJSON_IsObject(item) ? STR("{}") : STR("[]"));
    else
        buf_add_char(out, cJSON_IsObject(item) ? '{' : '[');
    return item->child;
}

/* Without recursion: above[] are the objects and arrays that are open. */
static void print(struct buf *out, const cJSON *item, bool is_pretty)
{
    const cJSON *above[JSON_MOST_TREE_DEPTH];
    int depth = 0;
    for (;;) {
        if (out->is_over) /* a tree whose parts stand in several places may be without end */
            return;
        bool is_keyed = depth > 0 && cJSON_IsObject(above[depth - 1]);
        if (print_opening(out, item, is_keyed, is_pretty)) {
            if (depth == JSON_MOST_TREE_DEPTH) {
                out->is_over = true;
                return;
            }
            above[depth++] = item;
            item = item->child;
            if (is_pretty)
                new_line(out, depth);
            continue;
        }
        while (depth > 0 && !item->next) {
            item = above[--depth];
            if (is_pretty)
                new_line(out, depth);
            buf_add_char(out, cJSON_IsObject(item) ? '}' : ']');
        }
        if (depth == 0)
            return;
        item = item->next;
        buf_add_char(out, ',');
        if (is_pretty)
            new_line(out, depth);
    }
}

void json_print(struct buf *out, const cJSON *item)
{
    print(out, item, false);
}

void json_print_pretty(struct buf *out, const cJSON *item)
{
    print(out, item, true);
}
