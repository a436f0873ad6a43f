/* version.c - which of two business versions is the later one. */
#include "resources/fhir/definitions/version.h"

static struct str significant_digits(struct str part)
{
    size_t zeros = 0;
    while (zeros + 1 < part.len && part.data[zeros] == '0')
        zeros++;
    return str_slice(part, zeros, part.len);
}

static bool is_number(struct str part)
{
    for (size_t i = 0; i < part.len; i++)
        if (part.data[i] < '0' || part.data[i] > '9')
            return false;
    return part.len > 0;
}

/* Numbers of any length; a number is earlier than a word. */
static int compare_parts(struct str a, struct str b)
{
    bool is_a = is_number(a), is_b = is_number(b);
    if (is_a != is_b)
        return a.len == 0 || (is_a && b.len > 0) ? -1 : 1;
    if (is_a) {
        a = significant_digits(a);
        b = significant_digits(b);
        if (a.len != b.len)
            return a.len < b.len ? -1 : 1;
    }
    return str_compare(a, b);
}

static int compare_dotted(struct str a, struct str b)
{
    while (a.len || b.len) {
        int order = compare_parts(str_cut(&a, '.'), str_cut(&b, '.'));
        if (order != 0)
            return order;
    }
    return 0;
}

int version_compare(struct str a, struct str b)
{
    struct str draft_a = str_cut(&a, '+'), draft_b = str_cut(&b, '+');
    struct str main_a = str_cut(&draft_a, '-'), main_b = str_cut(&draft_b, '-');
    int order = compare_dotted(main_a, main_b);
    if (order != 0 || str_equal(draft_a, draft_b))
        return order;
    if (!draft_a.len || !draft_b.len)
        return draft_a.len ? -1 : 1;
    return compare_dotted(draft_a, draft_b);
}
