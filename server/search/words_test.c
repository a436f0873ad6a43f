/* words_test.c - signatures say of no word that is there that it is not, and of most others that
 * they are not. */
#include "resources/base/test.h"

#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"
#include "server/search/fold.h"
#include "server/search/words.h"

static cJSON *resource_of(struct arena *arena, struct str div, struct str note)
{
    cJSON *resource = json_new_object(arena), *text = json_new_object(arena);
    json_set_after(arena, text, NULL, "div", json_new_string(arena, div));
    json_set_after(arena, resource, NULL, "text", text);
    json_set_after(arena, resource, "text", "note", json_new_string(arena, note));
    return resource;
}

static bool may_hold(struct arena *arena, struct str signature, const char *asked)
{
    struct words words;
    assert_true(words_parse(&words, search_fold(str_of(asked), arena), arena));
    return words_may_hold(&words, signature);
}

static void words_of_every_writing_are_found(void **state)
{
    static const struct {
        const char *asked;
        bool in_narrative, in_content;
    } CASES[] = {
        { "Rosa", true, true },
        { "rosa delgado", true, true },
        { "caf\u00e9", true, true },
        { "CAFE", true, true },
        { "x1", false, true },
        { "stra\u00dfe", false, true },
        { "Stra\u00dfe", false, true },
        { "strasse", false, true },
        { "h3", false, false },
        { "delgad", false, false },
        { "rosa OR nothing", true, true },
    };
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    const cJSON *resource =
        resource_of(arena, STR("<div><h3>ROSA-Delgado</h3>at the Caf\u00e9</div>"),
                    STR("x1, STRASSE; Stra\u00dfe"));
    struct str narrative = words_sign(resource, true, arena);
    struct str content = words_sign(resource, false, arena);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        if (may_hold(arena, narrative, CASES[i].asked) != CASES[i].in_narrative ||
            may_hold(arena, content, CASES[i].asked) != CASES[i].in_content)
            fail_msg("%s", CASES[i].asked);
    }
}

static struct str text_of(struct arena *arena, int from, int to)
{
    struct buf out;
    buf_init(&out, arena, 1 << 20);
    for (int i = from; i < to; i++)
        buf_print(&out, i % 3 ? "word%d " : "w\u00f6rd%d,", i);
    return buf_str(&out);
}

/* The table of words grows while texts are walked, and holds up to its limit. */
static void many_words_are_told_from_others(void **state)
{
    enum { MANY = 3000, MOST_WRONG = MANY / 20, TOO_MANY = 10000 };
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    const cJSON *resource =
        resource_of(arena, text_of(arena, 0, MANY / 2), text_of(arena, MANY / 2, MANY));
    struct str content = words_sign(resource, false, arena);
    int wrong = 0;
    for (int i = 0; i < 2 * MANY; i++) {
        char word[32];
        snprintf(word, sizeof word, "word%d", i);
        bool may = may_hold(arena, content, word);
        assert_true(may || i >= MANY);
        wrong += may && i >= MANY;
    }
    assert_in_range(wrong, 0, MOST_WRONG);
    resource = resource_of(arena, STR(""), text_of(arena, 0, TOO_MANY));
    content = words_sign(resource, false, arena);
    assert_true(may_hold(arena, content, "elsewhere"));
    assert_int_equal(words_sign(resource_of(arena, STR(""), STR("-")), false, arena).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_every_writing_are_found),
        cmocka_unit_test(many_words_are_told_from_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
