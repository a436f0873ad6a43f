/* split.c - the pairs of a query string, percent-decoded (RFC 3986, and '+' for a blank as forms
 * write it). */
#include "resources/base/arena.h"
#include "server/search/fold.h"
#include "server/search/search.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* False on a broken escape, a NUL, or bytes that are not UTF-8. */
static bool decode(struct str *out, struct str text, struct arena *arena)
{
    char *to = arena_alloc_raw(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i] == '+' ? ' ' : text.data[i];
        if (c == '%') {
            int high = i + 2 < text.len ? hex(text.data[i + 1]) : -1;
            int low = i + 2 < text.len ? hex(text.data[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        }
        if (!c)
            return false;
        to[len++] = c;
    }
    to[len] = '\0';
    *out = (struct str){ to, len };
    return search_fold_is_utf8(*out);
}

static size_t count_parts(struct str query)
{
    size_t count = 1;
    for (size_t i = 0; i < query.len; i++)
        count += query.data[i] == '&';
    return count;
}

bool search_split(struct search_pair **pairs, size_t *count, struct str query, struct arena *arena,
                  struct issues *issues)
{
    size_t parts = count_parts(query);
    *count = 0;
    if (parts > SEARCH_MOST_PAIRS)
        return issue_add(issues, NULL, ISSUE_TOO_COSTLY,
                         "search-most-pairs: a query has at most %d parameters", SEARCH_MOST_PAIRS);
    *pairs = arena_array(arena, parts, sizeof **pairs);
    while (query.len) {
        struct str value = str_cut(&query, '&'), name = str_cut(&value, '=');
        if (!name.len && !value.len)
            continue;
        struct search_pair *pair = &(*pairs)[*count];
        if (!decode(&pair->name, name, arena) || !decode(&pair->value, value, arena))
            return issue_add(issues, NULL, ISSUE_PARAMETER_INVALID,
                             "parameter %zu is not percent-encoded UTF-8", *count + 1);
        (*count)++;
    }
    return true;
}
