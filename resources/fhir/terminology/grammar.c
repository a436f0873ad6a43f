/* grammar.c - code systems that are a grammar and no list: media types, languages, units. */
#include "resources/fhir/terminology/grammar.h"

#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/types/ucum.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_alphanumeric(char c)
{
    return is_letter(c) || is_digit(c);
}

typedef bool (*char_test)(char c);

static bool is_run_of(struct str text, char_test test, size_t least, size_t most)
{
    if (text.len < least || text.len > most)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!test(text.data[i]))
            return false;
    return true;
}

/* RFC 6838 section 4.2. */
static bool is_media_name(struct str text)
{
    const struct str others = STR("!#$&-^_.+");
    if (text.len == 0 || text.len > 127 || !is_alphanumeric(text.data[0]))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!is_alphanumeric(text.data[i]) && str_find(others, text.data[i], 0) == others.len)
            return false;
    return true;
}

/* name/name, then parameters of which only the name is looked at. */
static bool is_media_type(struct str code)
{
    struct str rest = code;
    struct str full = str_trim(str_cut(&rest, ';'));
    struct str type = str_cut(&full, '/');
    if (!is_media_name(type) || !is_media_name(full))
        return false;
    while (rest.data) {
        struct str value = str_trim(str_cut(&rest, ';'));
        struct str name = str_cut(&value, '=');
        if (!is_media_name(name) || value.len == 0)
            return false;
    }
    return true;
}

/* The parts of a language tag, in the order in which they may stand (RFC 5646 section 2.1). */
enum tag_stage { TAG_LANGUAGE, TAG_EXTLANG, TAG_SCRIPT, TAG_REGION, TAG_VARIANT, TAG_EXTENSION };
enum { MOST_EXTLANGS = 3 };
struct tag {
    enum tag_stage stage;
    size_t extlangs;
    bool is_open; /* a singleton stands last: something must follow */
};

static bool is_variant(struct str part)
{
    return is_run_of(part, is_alphanumeric, 5, 8) ||
           (is_run_of(part, is_alphanumeric, 4, 4) && is_digit(part.data[0]));
}

/* A part behind the language; false when it may not stand here. */
static bool take_part(struct tag *tag, struct str part)
{
    enum tag_stage next = TAG_EXTENSION;
    bool is_inside = tag->stage == TAG_EXTENSION;
    tag->is_open = part.len == 1;
    if (part.len == 1)
        next = is_alphanumeric(part.data[0]) ? TAG_EXTENSION : TAG_LANGUAGE;
    else if (is_inside)
        return is_run_of(part, is_alphanumeric, 2, 8);
    else if (is_run_of(part, is_letter, 3, 3))
        next = tag->extlangs++ < MOST_EXTLANGS ? TAG_EXTLANG : TAG_LANGUAGE;
    else if (is_run_of(part, is_letter, 4, 4))
        next = TAG_SCRIPT;
    else if (is_run_of(part, is_letter, 2, 2) || is_run_of(part, is_digit, 3, 3))
        next = TAG_REGION;
    else
        next = is_variant(part) ? TAG_VARIANT : TAG_LANGUAGE;
    bool may_repeat = next == TAG_EXTLANG || next == TAG_VARIANT || next == TAG_EXTENSION;
    bool is_next = next > tag->stage || (next == tag->stage && may_repeat);
    tag->stage = next;
    return next != TAG_LANGUAGE && is_next;
}

static bool is_private(struct str rest)
{
    bool has_any = rest.data != NULL;
    while (rest.data)
        if (!is_run_of(str_cut(&rest, '-'), is_alphanumeric, 1, 8))
            return false;
    return has_any;
}

/* What was registered before the grammar and does not follow it; those with i- are taken whole. */
static bool is_irregular(struct str code)
{
    static const char *const TAGS[] = { "en-GB-oed", "sgn-BE-FR", "sgn-BE-NL", "sgn-CH-DE" };
    for (size_t i = 0; i < COUNT(TAGS); i++)
        if (str_is(code, TAGS[i]))
            return true;
    return false;
}

static bool is_one_of(struct str part, char lower, char upper)
{
    return part.len == 1 && (part.data[0] == lower || part.data[0] == upper);
}

static bool is_language(struct str code)
{
    struct str rest = code, part = str_cut(&rest, '-');
    struct tag tag = { TAG_LANGUAGE, 0, false };
    if (is_one_of(part, 'x', 'X') || is_one_of(part, 'i', 'I'))
        return is_private(rest);
    if (is_irregular(code))
        return true;
    if (!is_run_of(part, is_letter, 2, 8))
        return false;
    tag.extlangs = part.len > 3 ? MOST_EXTLANGS : 0;
    while (rest.data) {
        part = str_cut(&rest, '-');
        if (is_one_of(part, 'x', 'X') && !tag.is_open)
            return is_private(rest);
        if (!take_part(&tag, part) || (tag.is_open && !rest.data))
            return false;
    }
    return true;
}

static bool is_currency(struct str code)
{
    return is_run_of(code, is_upper, 3, 3);
}

static bool is_country(struct str code)
{
    return is_run_of(code, is_upper, 2, 3) || is_run_of(code, is_digit, 3, 3);
}

/* Areas and countries of the United Nations' statistics division. */
static bool is_area(struct str code)
{
    return is_run_of(code, is_digit, 3, 3);
}

/* What it means that a code is well-formed: these lists are not here. */
static const struct grammar {
    const char *system;
    bool (*is_well_formed)(struct str code);
    enum membership verdict;
} GRAMMARS[] = {
    { "urn:ietf:bcp:13", is_media_type, MEMBER_YES },
    { "urn:ietf:bcp:47", is_language, MEMBER_YES },
    { "urn:iso:std:iso:4217", is_currency, MEMBER_UNKNOWN },
    { "urn:iso:std:iso:3166", is_country, MEMBER_UNKNOWN },
    { "http://unstats.un.org/unsd/methods/m49/m49.htm", is_area, MEMBER_UNKNOWN },
};

/* UCUM is both: an expression, and a table of what may stand in it. */
static enum membership check_unit(struct str code, struct definitions *definitions)
{
    const struct ucum *units = definitions ? definitions_units(definitions) : NULL;
    if (!units)
        return MEMBER_UNKNOWN;
    return ucum_is_valid(code, units) ? MEMBER_YES : MEMBER_NO;
}

enum membership terminology_grammar_check(struct str system, struct str code,
                                          struct definitions *definitions)
{
    if (str_is(system, "http://unitsofmeasure.org"))
        return check_unit(code, definitions);
    for (size_t i = 0; i < COUNT(GRAMMARS); i++)
        if (str_is(system, GRAMMARS[i].system))
            return GRAMMARS[i].is_well_formed(code) ? GRAMMARS[i].verdict : MEMBER_NO;
    return MEMBER_UNKNOWN;
}
