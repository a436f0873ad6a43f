/* pattern.c - regular expressions of value set filters, on PCRE2 inside limits. */
#include "resources/fhir/terminology/pattern.h"

#include <pcre2.h>

#include "resources/base/arena.h"

/* Steps, backtracking depth and heap of one match; bytes of a pattern. */
enum {
    MOST_MATCH_STEPS = 5000,
    MOST_MATCH_DEPTH = 2000,
    MOST_HEAP_KIB = 1024,
    MOST_PATTERN = 2000
};

struct pattern {
    pcre2_code *code;
    pcre2_match_context *limits;
    pcre2_match_data *found;
};

static void *take(size_t size, void *arena)
{
    return arena_alloc_raw(arena, size);
}

/* Everything lives in the arena. */
static void give_back(void *memory, void *arena)
{
    (void)memory;
    (void)arena;
}

struct pattern *pattern_compile(struct str text, struct arena *arena)
{
    struct pattern *pattern = arena_alloc(arena, sizeof *pattern);
    pcre2_general_context *memory = pcre2_general_context_create(take, give_back, arena);
    pcre2_compile_context *rules = pcre2_compile_context_create(memory);
    int error;
    size_t offset;
    pcre2_set_max_pattern_length(rules, MOST_PATTERN);
    pattern->code =
        pcre2_compile((PCRE2_SPTR)(text.len ? text.data : ""), text.len,
                      PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C,
                      &error, &offset, rules);
    if (!pattern->code)
        return NULL;
    pattern->limits = pcre2_match_context_create(memory);
    pcre2_set_match_limit(pattern->limits, MOST_MATCH_STEPS);
    pcre2_set_depth_limit(pattern->limits, MOST_MATCH_DEPTH);
    pcre2_set_heap_limit(pattern->limits, MOST_HEAP_KIB);
    pattern->found = pcre2_match_data_create_from_pattern(pattern->code, memory);
    return pattern;
}

enum pattern_verdict pattern_match(const struct pattern *pattern, struct str text)
{
    int code = pcre2_match(pattern->code, (PCRE2_SPTR)(text.len ? text.data : ""), text.len, 0, 0,
                           pattern->found, pattern->limits);
    if (code >= 0)
        return PATTERN_YES;
    return code == PCRE2_ERROR_NOMATCH ? PATTERN_NO : PATTERN_TOO_COSTLY;
}
