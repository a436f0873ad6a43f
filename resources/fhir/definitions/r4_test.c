/* r4_test.c - the definitions of R4 as they were built: what other parts rely on. */
#include "resources/base/arena.h"
#include "resources/base/test.h"
#include "resources/fhir/definitions/definitions.h"

#include <unistd.h>

struct fixture {
    struct arena *arena;
    struct definitions *definitions; /* NULL: not built */
};

static int set_up(void **state)
{
    static const char *const PATHS[] = { "build/definitions.db" };
    struct arena *arena = arena_open();
    struct fixture *fixture = arena_alloc(arena, sizeof *fixture);
    struct issues issues;
    issues_init(&issues, arena, (struct str){ "", 0 });
    fixture->arena = arena;
    if (access(PATHS[0], R_OK) == 0)
        fixture->definitions = definitions_open(PATHS, 1, &issues);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    definitions_close(fixture->definitions);
    arena_close(fixture->arena);
    return 0;
}

static struct definitions *definitions_of(void **state)
{
    struct fixture *fixture = *state;
    if (!fixture->definitions) {
        print_message("build/definitions.db is not built\n");
        skip();
    }
    return fixture->definitions;
}

static const struct {
    const char *structure, *path; /* JSON properties below the root */
    const char *type;             /* NULL: there is no such element */
    uint32_t min, max;
} ELEMENTS[] = {
    { "CarePlan", "status", "code", 1, 1 },
    { "CarePlan", "id", "id", 0, 1 },
    { "CarePlan", "meta", "Meta", 0, 1 },
    { "CarePlan", "contained", "Resource", 0, ELEMENT_MAX_UNBOUNDED },
    { "CarePlan", "activity.detail.scheduledPeriod", "Period", 0, 1 },
    { "CarePlan", "activity.detail.scheduledRange", NULL, 0, 0 },
    { "CarePlan", "activity.outcomeReference", "Reference", 0, ELEMENT_MAX_UNBOUNDED },
    { "CarePlan", "referral", NULL, 0, 0 },
    { "Extension", "valueCodeableConcept", "CodeableConcept", 0, 1 },
    { "Extension", "url", "uri", 1, 1 },
    { "Bundle", "entry.response.outcome", "Resource", 0, 1 },
    { "Bundle", "entry.link.url", "uri", 1, 1 },
    { "Questionnaire", "item.item.item.linkId", "string", 1, 1 },
    { "EvidenceVariable", "characteristic.definitionExpression", "Expression", 1, 1 },
    { "EvidenceVariable", "characteristic.timeFromStart", "Duration", 0, 1 },
    { "EvidenceVariable", "characteristic.timeFromEvent", NULL, 0, 0 },
    { "Meta", "project", NULL, 0, 0 },
    { "Meta", "account", NULL, 0, 0 },
    { "Meta", "security", "Coding", 0, ELEMENT_MAX_UNBOUNDED },
    { "Binary", "url", NULL, 0, 0 },
    { "ResearchStudy", "whyStopped", NULL, 0, 0 },
    { "SubscriptionStatus", "", NULL, 0, 0 },
};

static void elements_are_those_of_r4(void **state)
{
    struct definitions *d = definitions_of(state);
    for (size_t i = 0; i < COUNT(ELEMENTS); i++) {
        const struct structure *structure = definitions_type(d, str_of(ELEMENTS[i].structure));
        const struct element *element = structure ? structure->root : NULL;
        const struct element_type *type = NULL;
        for (struct str rest = str_of(ELEMENTS[i].path); element && rest.len;)
            element = definitions_child(element, str_cut(&rest, '.'), &type);
        if ((element != NULL) != (ELEMENTS[i].type != NULL))
            fail_msg("%s.%s: %s", ELEMENTS[i].structure, ELEMENTS[i].path,
                     element ? "is there" : "is not there");
        if (!element)
            continue;
        assert_true(str_is(type->code, ELEMENTS[i].type));
        assert_int_equal(element->min, ELEMENTS[i].min);
        assert_int_equal(element->max, ELEMENTS[i].max);
    }
}

static void every_type_that_an_element_names_is_there(void **state)
{
    struct definitions *d = definitions_of(state);
    size_t count;
    const struct str *types = definitions_resource_types(d, &count);
    assert_int_equal(count, 146);
    for (size_t i = 0; i < count; i++) {
        const struct structure *structure = definitions_type(d, types[i]);
        assert_non_null(structure);
        for (size_t e = 1; e < structure->element_count; e++) {
            const struct element *element = &structure->elements[e];
            assert_true(element->type_count > 0 || element->content != NULL);
            assert_ptr_equal(element->structure, structure);
            for (size_t t = 0; t < element->type_count; t++)
                if (!definitions_type(d, element->types[t].code))
                    fail_msg(STR_FMT ": there is no type " STR_FMT, STR_ARG(element->id),
                             STR_ARG(element->types[t].code));
        }
    }
}

static void search_parameters_are_those_of_r4(void **state)
{
    struct definitions *d = definitions_of(state);
    const struct search_parameter *date =
        definitions_search_parameter(d, STR("CarePlan"), STR("date"));
    assert_non_null(date);
    assert_true(str_is(date->type, "date"));
    assert_non_null(definitions_search_parameter(d, STR("CarePlan"), STR("_lastUpdated")));
    assert_non_null(definitions_search_parameter(d, STR("Patient"), STR("general-practitioner")));
    assert_null(definitions_search_parameter(d, STR("CarePlan"), STR("general-practitioner")));
    assert_null(definitions_search_parameter(d, STR("DeviceDefinition"), STR("classification")));
    const struct search_parameter *pair =
        definitions_search_parameter(d, STR("Observation"), STR("code-value-quantity"));
    assert_int_equal(pair->component_count, 2);
    size_t count;
    const struct str *codes = definitions_patient_compartment(d, STR("CarePlan"), &count);
    assert_int_equal(count, 2);
    assert_true(str_is(codes[0], "patient"));
    definitions_patient_compartment(d, STR("Organization"), &count);
    assert_int_equal(count, 0);
}

static void profiles_of_r4_itself_are_not_listed(void **state)
{
    struct definitions *d = definitions_of(state);
    size_t count;
    definitions_profiles(d, STR("Observation"), &count);
    assert_int_equal(count, 0);
    const struct structure *vitals =
        definitions_structure(d, STR("http://hl7.org/fhir/StructureDefinition/vitalsigns"));
    assert_non_null(vitals);
    assert_true(vitals->is_constraint);
    const struct element *category = definitions_child(vitals->root, STR("category"), NULL);
    assert_int_equal(category->slice_count, 1);
    assert_true(str_is(category->slices[0]->slice_name, "VSCat"));
    const struct element_type *type;
    const struct element *code = definitions_child(
        definitions_child(category->slices[0], STR("coding"), NULL), STR("code"), &type);
    assert_non_null(code->fixed);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(elements_are_those_of_r4),
        CASE(every_type_that_an_element_names_is_there),
        CASE(search_parameters_are_those_of_r4),
        CASE(profiles_of_r4_itself_are_not_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
