/* selector.c - reads just so much of XPath as to know which names are names of elements. */
#include "resources/fhir/patch/selector.h"

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/patch/patch.h"

enum { MOST_NESTING = 40 };

static bool is_start(char c)
{
    char letter = (char)(c | 0x20);
    return (letter >= 'a' && letter <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_part(char c)
{
    return is_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct reading {
    struct str text;
    size_t at;
    struct buf out;
    bool has_default;
    char before; /* last character that is no space, 'n' for a name: what may come next depends */
    bool is_name_before;
    int depth;
};

/* After an operand a name is an operator: and, or, div, mod (XPath 3.7). */
static bool is_operator(const struct reading *reading, struct str name)
{
    static const char *const NAMES[] = { "and", "or", "div", "mod" };
    char before = reading->before;
    bool is_operand = reading->is_name_before || before == ')' || before == ']' || before == '"' ||
                      before == '.' || before == '*' || (before >= '0' && before <= '9');
    for (size_t i = 0; i < COUNT(NAMES); i++)
        if (is_operand && str_is(name, NAMES[i]))
            return true;
    return false;
}

static void read_name(struct reading *reading)
{
    struct str text = reading->text;
    size_t begin = reading->at, end = begin;
    while (end < text.len && is_part(text.data[end]))
        end++;
    size_t next = end;
    while (next < text.len && is_space(text.data[next]))
        next++;
    struct str name = str_slice(text, begin, end);
    char follows = next < text.len ? text.data[next] : '\0';
    bool is_operator_name = is_operator(reading, name);
    bool is_element = reading->before != '@' && reading->before != ':' && reading->before != '$' &&
                      follows != '(' && follows != ':' && !is_operator_name;
    bool is_axis_step = reading->before == ':' && begin >= 2 && text.data[begin - 1] == ':' &&
                        text.data[begin - 2] == ':' && follows != '(' && follows != ':' &&
                        !str_ends(str_slice(text, 0, begin), STR("attribute::")) &&
                        !str_ends(str_slice(text, 0, begin), STR("namespace::"));
    if (reading->has_default && (is_element || is_axis_step))
        buf_add(&reading->out, STR(SELECTOR_PREFIX ":"));
    buf_add(&reading->out, name);
    reading->at = end;
    reading->before = 'n';
    reading->is_name_before = !is_operator_name;
}

/* A literal, copied with its quotes. */
static bool read_literal(struct reading *reading)
{
    size_t end = str_find(reading->text, reading->text.data[reading->at], reading->at + 1);
    buf_add(&reading->out, str_slice(reading->text, reading->at, end + 1));
    reading->at = end + 1;
    reading->before = '"';
    reading->is_name_before = false;
    return end < reading->text.len;
}

static void read_other(struct reading *reading)
{
    char c = reading->text.data[reading->at++];
    buf_add_char(&reading->out, c);
    reading->depth += (c == '(' || c == '[') - (c == ')' || c == ']');
    if (is_space(c))
        return;
    reading->before = c;
    reading->is_name_before = false;
}

bool selector_qualify(struct str *selector, bool has_default, struct arena *arena)
{
    struct reading reading = { .text = *selector, .has_default = has_default };
    buf_init(&reading.out, arena, (size_t)PATCH_MOST_PATH * 16);
    while (reading.at < selector->len) {
        char c = selector->data[reading.at];
        if (c == '"' || c == '\'') {
            if (!read_literal(&reading))
                return false;
        } else if (is_start(c)) {
            read_name(&reading);
        } else {
            read_other(&reading);
        }
        if (reading.depth > MOST_NESTING)
            return false;
    }
    *selector = str_copy(arena, buf_str(&reading.out));
    return !reading.out.is_over;
}

bool selector_is_comment(struct str selector)
{
    size_t slash = selector.len;
    while (slash > 0 && selector.data[slash - 1] != '/')
        slash--;
    struct str last = str_trim(str_slice(selector, slash, selector.len));
    return str_starts(last, STR("comment()")) || str_starts(last, STR("processing-instruction("));
}
