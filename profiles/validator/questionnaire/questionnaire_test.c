/* questionnaire_test.c - what cases/questionnaires.jsonl can not show: the caller's library, and
 * the bounds. */
#include "profiles/validator/validator.h"

#include <unistd.h>

#include "profiles/validator/questionnaire/response.h"
#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/base/test.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"

#define BASE "build/definitions.db"
#define RESPONSE                                                                                   \
    "{\"resourceType\":\"QuestionnaireResponse\",\"questionnaire\":\"http://a/form|2\","           \
    "\"status\":\"completed\",\"item\":[{\"linkId\":\"x\",\"answer\":[{\"valueString\":\"a\"}]}]}"
#define FORM                                                                                       \
    "{\"resourceType\":\"Questionnaire\",\"status\":\"active\",\"item\":[{\"linkId\":\"s\","       \
    "\"type\":\"string\"}]}"

struct world {
    struct definitions *definitions;
    struct terminology *terminology;
    struct validator *validator;
};

static void open_world(struct world *world, struct issues *issues)
{
    const char *const paths[] = { BASE };
    if (access(BASE, R_OK) != 0) {
        print_message("skipped: %s is not built\n", BASE);
        skip();
    }
    world->definitions = definitions_open(paths, COUNT(paths), issues);
    assert_non_null(world->definitions);
    world->terminology = terminology_open(world->definitions);
    world->validator = validator_open(world->definitions, world->terminology);
}

static void close_world(struct world *world)
{
    validator_close(world->validator);
    terminology_close(world->terminology);
    definitions_close(world->definitions);
}

/* How many issues with this key, in the resource held against R4 and what the library has. */
static size_t count_issues(struct str text, const struct validation_library *library,
                           const char *key)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct issues issues;
    struct world world;
    size_t count = 0;
    issues_init(&issues, arena, text);
    open_world(&world, &issues);
    const cJSON *resource = json_parse(text, arena, &issues);
    assert_non_null(resource);
    struct validation_request request = { .level = VALIDATION_FULL,
                                          .library = library,
                                          .now = STR("2026-01-01T00:00:00Z"),
                                          .scratch = scratch };
    validator_check(world.validator, resource, &request, &issues);
    for (const struct issue *issue = issues.first; issue; issue = issue->next)
        count += str_is(issue->key, key);
    close_world(&world);
    return count;
}

static const cJSON *find_form(void *context, struct str type, struct str canonical,
                              struct arena *arena)
{
    size_t *asked = context;
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    ++*asked;
    assert_true(str_is(type, "Questionnaire"));
    return str_is(canonical, "http://a/form|2") ? json_parse(STR(FORM), arena, &issues) : NULL;
}

static void asks_the_library_once(void **state)
{
    (void)state;
    size_t asked = 0;
    struct validation_library library = { &asked, find_form };
    struct str two = STR("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":["
                         "{\"resource\":" RESPONSE "},{\"resource\":" RESPONSE "}]}");
    assert_int_equal(count_issues(two, &library, "item-unknown"), 2);
    assert_int_equal(asked, 1);
    assert_int_equal(count_issues(STR(RESPONSE), NULL, "questionnaire-unknown"), 1);
}

/* A response with `answers` to a question with as many options, none of which is the answer. */
static struct str print_many(struct arena *arena, size_t answers)
{
    struct buf out;
    buf_init(&out, arena, 1 << 24);
    buf_add(&out, STR("{\"resourceType\":\"QuestionnaireResponse\",\"status\":\"completed\","
                      "\"questionnaire\":\"#q\",\"contained\":[{\"resourceType\":\"Questionnaire\","
                      "\"id\":\"q\",\"status\":\"active\",\"item\":[{\"linkId\":\"s\","
                      "\"repeats\":true,\"type\":\"open-choice\",\"answerOption\":["));
    for (size_t i = 0; i < answers; i++)
        buf_print(&out, "%s{\"valueInteger\":%zu}", i ? "," : "", i);
    buf_add(&out, STR("]}]}],\"item\":[{\"linkId\":\"s\",\"answer\":["));
    for (size_t i = 0; i < answers; i++)
        buf_print(&out, "%s{\"valueString\":\"a\"}", i ? "," : "");
    buf_add(&out, STR("]}]}"));
    assert_false(out.is_over);
    return buf_str(&out);
}

static void bounds_its_work(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    assert_int_equal(count_issues(print_many(arena, 100), NULL, "too-costly"), 0);
    assert_true(5000UL * 5000UL > RESPONSE_MOST_STEPS);
    assert_int_equal(count_issues(print_many(arena, 5000), NULL, "too-costly"), 1);
}

/* Items below the bound are not looked at, and nothing breaks. */
static void bounds_its_depth(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct buf out;
    buf_init(&out, arena, 1 << 20);
    buf_add(&out, STR("{\"resourceType\":\"Questionnaire\",\"status\":\"active\""));
    for (int i = 0; i < QUESTION_MOST_DEPTH + 20; i++)
        buf_print(&out, ",\"item\":[{\"linkId\":\"%d\",\"type\":\"group\"", i);
    for (int i = 0; i < QUESTION_MOST_DEPTH + 20; i++)
        buf_add(&out, STR("}]"));
    buf_add_char(&out, '}');
    assert_int_equal(count_issues(buf_str(&out), NULL, "condition-target"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_the_library_once),
        cmocka_unit_test(bounds_its_work),
        cmocka_unit_test(bounds_its_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
