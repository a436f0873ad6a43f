/* regex.c - matches() and its kin on PCRE2, inside limits that hold against hostile patterns
 * (FHIRPath N1 5.6.8). */
#include <pcre2.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/fhirpath/functions.h"

/* Match steps, backtracking depth and heap of one match; bytes of a pattern; evaluation steps that
 * a match counts. */
enum {
    MOST_MATCH_STEPS = 100000,
    MOST_MATCH_DEPTH = 10000,
    MOST_HEAP_KIB = 4096,
    MOST_PATTERN = 10000,
    STEPS_A_MATCH = 50
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

/* False for a flag that there is not. */
static bool take_flags(struct str flags, uint32_t *options)
{
    for (size_t i = 0; i < flags.len; i++) {
        if (flags.data[i] != 'i' && flags.data[i] != 'm')
            return false;
        *options |= flags.data[i] == 'i' ? PCRE2_CASELESS : PCRE2_MULTILINE;
    }
    return true;
}

const void *fhirpath_regex_compile(struct str pattern, struct str flags, struct arena *arena,
                                   struct str *reason)
{
    uint32_t options = PCRE2_UTF | PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C;
    if (!take_flags(flags, &options)) {
        *reason = STR("the flags of a regular expression are i and m");
        return NULL;
    }
    pcre2_general_context *memory = pcre2_general_context_create(take, give_back, arena);
    pcre2_compile_context *rules = pcre2_compile_context_create(memory);
    pcre2_set_max_pattern_length(rules, MOST_PATTERN);
    int error;
    size_t offset;
    const pcre2_code *code = pcre2_compile((PCRE2_SPTR)(pattern.len ? pattern.data : ""),
                                           pattern.len, options, &error, &offset, rules);
    if (code)
        return code;
    unsigned char message[120];
    pcre2_get_error_message(error, message, sizeof message);
    *reason = str_print(arena, "the regular expression is not understood at byte %zu: %s", offset,
                        (char *)message);
    return NULL;
}

/* What one match needs, all of it in the arena of the evaluation. */
struct matcher {
    struct fhirpath_run *run;
    const pcre2_code *code;
    pcre2_match_context *limits;
    pcre2_match_data *found;
    struct str text;
};

static bool open_matcher(struct matcher *matcher, struct fhirpath_call *call)
{
    struct fhirpath_run *run = call->run;
    struct arena *arena = run->context->arena;
    struct str reason;
    const void *code = call->expression->pattern;
    size_t last = call->expression->function->most - 1; /* flags, when they are given */
    struct str flags = call->count > last ? call->texts[last] : (struct str){ NULL, 0 };
    if (!code && !(code = fhirpath_regex_compile(call->texts[0], flags, arena, &reason)))
        return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE, STR_FMT, STR_ARG(reason));
    pcre2_general_context *memory = pcre2_general_context_create(take, give_back, arena);
    *matcher = (struct matcher){ .run = run,
                                 .code = code,
                                 .limits = pcre2_match_context_create(memory),
                                 .found = pcre2_match_data_create_from_pattern(code, memory),
                                 .text = call->item.text };
    pcre2_set_match_limit(matcher->limits, MOST_MATCH_STEPS);
    pcre2_set_depth_limit(matcher->limits, MOST_MATCH_DEPTH);
    pcre2_set_heap_limit(matcher->limits, MOST_HEAP_KIB);
    return fhirpath_evaluate_text(run, matcher->text.len);
}

/* *is_match from byte `from` on. False with an issue when it takes too much. */
static bool match_at(const struct matcher *matcher, size_t from, uint32_t options, bool *is_match)
{
    if (!fhirpath_evaluate_step(matcher->run, STEPS_A_MATCH))
        return false;
    int found =
        pcre2_match(matcher->code, (PCRE2_SPTR)(matcher->text.len ? matcher->text.data : ""),
                    matcher->text.len, from, options, matcher->found, matcher->limits);
    *is_match = found >= 0;
    if (found >= 0 || found == PCRE2_ERROR_NOMATCH)
        return true;
    return fhirpath_evaluate_fail(matcher->run, ISSUE_FHIRPATH_LIMIT,
                                  "the regular expression takes too much work");
}

static bool add_match(struct fhirpath_call *call, uint32_t options, struct fhirpath_list *out)
{
    struct matcher matcher;
    bool is_match;
    return open_matcher(&matcher, call) && match_at(&matcher, 0, options, &is_match) &&
           fhirpath_items_add_boolean(call->run, out, is_match);
}

static bool apply_matches(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_match(call, 0, out);
}

static bool apply_matches_full(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_match(call, PCRE2_ANCHORED | PCRE2_ENDANCHORED, out);
}

/* One group of the last match, empty when it took no part. */
static struct str group_of(const struct matcher *matcher, struct str name)
{
    size_t begin = 0, end = 0;
    const size_t *offsets = pcre2_get_ovector_pointer(matcher->found);
    int number;
    if (!str_to_int(&number, name)) {
        unsigned char cut[33] = { 0 };
        for (size_t i = 0; i < name.len && i < sizeof cut - 1; i++)
            cut[i] = (unsigned char)name.data[i];
        number = pcre2_substring_number_from_name(matcher->code, cut);
    }
    if (number >= 0 && (uint32_t)number < pcre2_get_ovector_count(matcher->found) &&
        offsets[2 * number] != PCRE2_UNSET) {
        begin = offsets[2 * number];
        end = offsets[2 * number + 1];
    }
    return str_slice(matcher->text, begin, end);
}

/* $1, ${name} and \$ in a substitution. */
static void add_substitution(const struct matcher *matcher, struct str with, struct buf *out)
{
    for (size_t at = 0; at < with.len; at++) {
        char c = with.data[at], next = at + 1 < with.len ? with.data[at + 1] : '\0';
        if (c == '\\' && next) {
            buf_add_char(out, next);
            at++;
        } else if (c == '$' && next >= '0' && next <= '9') {
            buf_add(out, group_of(matcher, str_slice(with, at + 1, at + 2)));
            at++;
        } else if (c == '$' && next == '{') {
            size_t end = str_find(with, '}', at);
            buf_add(out, group_of(matcher, str_slice(with, at + 2, end)));
            at = end;
        } else
            buf_add_char(out, c);
    }
}

static size_t next_character(struct str text, size_t at)
{
    at++;
    while (at < text.len && ((unsigned char)text.data[at] & 0xC0) == 0x80)
        at++;
    return at;
}

static bool apply_replace_matches(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct matcher matcher;
    struct buf replaced;
    if (!open_matcher(&matcher, call))
        return false;
    buf_init(&replaced, call->run->context->arena, FHIRPATH_MOST_TEXT + 1);
    struct str text = matcher.text;
    size_t at = 0;
    bool is_match = call->texts[0].len > 0;
    while (is_match && at <= text.len && !replaced.is_over) {
        if (!match_at(&matcher, at, 0, &is_match))
            return false;
        if (!is_match)
            break;
        const size_t *offsets = pcre2_get_ovector_pointer(matcher.found);
        bool is_empty = offsets[1] <= offsets[0];
        buf_add(&replaced, str_slice(text, at, offsets[0]));
        add_substitution(&matcher, call->texts[1], &replaced);
        at = offsets[1] > offsets[0] ? offsets[1] : offsets[0];
        if (is_empty) {
            size_t next = next_character(text, at);
            buf_add(&replaced, str_slice(text, at, next));
            at = next;
        }
    }
    buf_add(&replaced, str_slice(text, at, text.len));
    struct str result =
        replaced.is_over ? (struct str){ NULL, FHIRPATH_MOST_TEXT + 1 } : buf_str(&replaced);
    return fhirpath_evaluate_text(call->run, result.len) &&
           fhirpath_items_add_string(call->run, out, result);
}

const struct fhirpath_function fhirpath_regex_functions[] = {
    { "matches", 1, 2, INPUT_STRING, { ARGUMENT_PATTERN, ARGUMENT_FLAGS }, apply_matches, false },
    { "matchesFull",
      1,
      2,
      INPUT_STRING,
      { ARGUMENT_PATTERN, ARGUMENT_FLAGS },
      apply_matches_full,
      false },
    { "replaceMatches",
      2,
      3,
      INPUT_STRING,
      { ARGUMENT_PATTERN, ARGUMENT_STRING, ARGUMENT_FLAGS },
      apply_replace_matches,
      false },
    { .name = NULL },
};
