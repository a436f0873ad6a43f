/* layer_test.c - which definition counts where layers of a set hold the same canonical. */
#include <pthread.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/base/test.h"
#include "resources/fhir/definitions/compile.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/definitions/heads.h"
#include "resources/fhir/definitions/terms.h"
#include "resources/fhir/json/json.h"

#define CORE "http://hl7.org/fhir/StructureDefinition/"
#define ELEMENTS(type, name)                                                                       \
    "'name':'" name "','snapshot':{'element':[{'id':'" type "','path':'" type "','min':0,"         \
    "'max':'*'}]}}"
#define TYPE(type, base, version, name)                                                            \
    "{'resourceType':'StructureDefinition','url':'" CORE type "','version':'" version              \
    "','type':'" type "','kind':'resource','abstract':false,'baseDefinition':'" CORE base          \
    "','derivation':'specialization'," ELEMENTS(type, name)
#define PROFILE(url, version, name)                                                                \
    "{'resourceType':'StructureDefinition','url':'" url "','version':'" version                    \
    "','type':'Patient','kind':'resource','derivation':'constraint','baseDefinition':'" CORE       \
    "Patient'," ELEMENTS("Patient", name)
#define PARAMETER(url, code, base)                                                                 \
    "{'resourceType':'SearchParameter','url':'" url "','code':'" code "','base':['" base           \
    "'],'type':'token','expression':'id'}"
#define CODES(url, version, name)                                                                  \
    "{'resourceType':'CodeSystem','url':'" url "','version':'" version                             \
    "','content':'complete','name':'" name "','concept':[{'code':'" name "'}]}"

static const char *const ROOT[] = {
    TYPE("Patient", "Resource", "4.0.1", "core"),
    TYPE("Group", "Resource", "4.0.1", "core"),
    TYPE("Resource", "", "4.0.1", "core"),
    PROFILE("http://hl7.org/fhir/StructureDefinition/vital", "4.0.1", "core"),
    PARAMETER("http://hl7.org/fhir/SearchParameter/a", "_id", "Resource"),
    PARAMETER("http://hl7.org/fhir/SearchParameter/b", "name", "Patient"),
    CODES("http://hl7.org/fhir/c", "4.0.1", "core"),
    CODES("http://terminology.hl7.org/c", "4.0.1", "core"),
};
static const char *const GUIDE[] = {
    PROFILE("http://x/p", "1.0.0", "guide"),
    PROFILE("http://x/only", "1.0.0", "guide"),
    PARAMETER("http://x/kin", "kin", "Patient"),
    CODES("http://x/c", "1", "guide"),
    "{'resourceType':'ValueSet','id':'v','url':'http://x/v','version':'1','name':'guide'}",
    "{'resourceType':'ValueSet','id':'w','url':'http://hl7.org/fhir/w','version':'1'}",
};
static const char *const PACKAGE[] = {
    TYPE("Patient", "Resource", "5.0.0", "package"),
    TYPE("Group", "Resource", "4.0.1", "package"),
    PROFILE("http://x/p", "0.9.0", "package 0.9"),
    PROFILE("http://x/p", "0.10.0", "package 0.10"),
    PROFILE("http://x/p", "0.2.0", "package 0.2"),
    PROFILE("http://hl7.org/fhir/StructureDefinition/vital", "9", "package"),
    PROFILE("http://hl7.org/fhir/us/core/StructureDefinition/us", "3", "package"),
    PARAMETER("http://hl7.org/fhir/us/core/SearchParameter/n", "name", "Patient"),
    PARAMETER("http://hl7.org/fhir/us/core/SearchParameter/kin", "kin", "Patient"),
    PARAMETER("http://x/all", "all", "Resource"),
    CODES("http://hl7.org/fhir/c", "9", "package"),
    CODES("http://terminology.hl7.org/c", "1", "package 1"),
    CODES("http://terminology.hl7.org/c", "2", "package 2"),
    "{'resourceType':'ValueSet','id':'v','url':'http://x/other','version':'1','name':'package',"
    "'title':'T','status':'draft'}",
    "{'resourceType':'ValueSet','id':'v2','url':'http://x/v','version':'2'}",
    "{'resourceType':'ValueSet','id':'v3','url':'http://x/v','version':'1'}",
    "{'resourceType':'ValueSet','url':'http://x/nameless'}",
    "{'resourceType':'ValueSet','url':'http://x/nameless/too'}",
};

struct fixture {
    struct arena *arena;
    struct issues issues;
    struct definitions *root, *guide, *set;
};

static struct definitions *add(struct fixture *fixture, struct definitions *below,
                               const char *const *texts, size_t count)
{
    const cJSON **resources = arena_array(fixture->arena, count, sizeof *resources);
    for (size_t i = 0; i < count; i++) {
        char *json = str_cstr(fixture->arena, str_of(texts[i]));
        for (char *c = json; *c; c++)
            if (*c == '\'')
                *c = '"';
        resources[i] = json_parse(str_of(json), fixture->arena, &fixture->issues);
        assert_non_null(resources[i]);
    }
    struct definitions_source source = { .resources = resources, .resource_count = count };
    struct definitions *set = definitions_compile_over(below, &source, &fixture->issues);
    assert_non_null(set);
    return set;
}

static int set_up(void **state)
{
    struct arena *arena = arena_open();
    struct fixture *fixture = arena_alloc(arena, sizeof *fixture);
    fixture->arena = arena;
    issues_init(&fixture->issues, arena, (struct str){ 0 });
    fixture->root = add(fixture, NULL, ROOT, COUNT(ROOT));
    fixture->guide = add(fixture, fixture->root, GUIDE, COUNT(GUIDE));
    fixture->set = add(fixture, fixture->guide, PACKAGE, COUNT(PACKAGE));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    definitions_close(fixture->root);
    definitions_close(fixture->guide);
    definitions_close(fixture->set);
    arena_close(fixture->arena);
    return 0;
}

static const struct {
    const char *canonical, *name, *claim;
} STRUCTURES[] = {
    { "Patient", "core", "a bare name means R4's type" },
    { CORE "Patient", "core", "what R4 defines is not replaced" },
    { CORE "Patient|5.0.0", "package", "but another version of it can be asked for" },
    { CORE "Patient|4.0.1", "core", "R4's version stays R4's" },
    { CORE "Group|4.0.1", "core", "also when a package has the same" },
    { CORE "vital", "core", "R4's profiles are R4's" },
    { "http://hl7.org/fhir/us/core/StructureDefinition/us", "package",
      "what R4 does not define may stand below its address" },
    { "http://x/p", "package 0.10", "the highest layer counts, in it the latest version" },
    { "http://x/p|0.9.0", "package 0.9", "each version can be asked for" },
    { "http://x/p|0.2.0", "package 0.2", "each of them" },
    { "http://x/p|1.0.0", "guide", "also one of a layer below" },
    { "http://x/only", "guide", "what a layer does not have is looked for below" },
    { "http://x/p|7", NULL, "a version that is nowhere is not there" },
};

static void the_highest_layer_counts_but_for_what_r4_defines(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(STRUCTURES); i++) {
        struct str canonical = str_of(STRUCTURES[i].canonical), text;
        const struct structure *found = definitions_structure(fixture->set, canonical);
        if (!STRUCTURES[i].name) {
            assert_null(found);
            continue;
        }
        if (!found || !str_is(found->name, STRUCTURES[i].name))
            fail_msg("%s: %s", STRUCTURES[i].canonical, STRUCTURES[i].claim);
        if (str_find(canonical, ':', 0) == canonical.len)
            continue;
        assert_true(definitions_resource(fixture->set, STR("StructureDefinition"), canonical,
                                         fixture->arena, &text));
        const cJSON *json = json_parse(text, fixture->arena, &fixture->issues);
        if (!str_is(json_get_text(json, "name"), STRUCTURES[i].name))
            fail_msg("text of %s: %s", STRUCTURES[i].canonical, STRUCTURES[i].claim);
    }
}

/* A layer below is one of its own too, and does not change when another is put on it. */
static void layers_below_stay_as_they_are(void **state)
{
    struct fixture *fixture = *state;
    const struct structure *p = definitions_structure(fixture->guide, STR("http://x/p"));
    assert_true(str_is(p->name, "guide"));
    assert_ptr_equal(p, definitions_structure(fixture->set, STR("http://x/p|1.0.0")));
    assert_null(definitions_structure(fixture->root, STR("http://x/p")));
    size_t count;
    definitions_profiles(fixture->set, STR("Patient"), &count);
    assert_int_equal(count, 3); /* p, only, us */
    definitions_profiles(fixture->guide, STR("Patient"), &count);
    assert_int_equal(count, 2);
    definitions_profiles(fixture->root, STR("Patient"), &count);
    assert_int_equal(count, 0);
    assert_null(definitions_search_parameter(fixture->guide, STR("Group"), STR("all")));
    assert_non_null(definitions_search_parameter(fixture->set, STR("Group"), STR("all")));
    definitions_resource_types(fixture->set, &count);
    assert_int_equal(count, 3);
}

static const struct {
    const char *code, *url;
} PARAMETERS[] = {
    { "_id", "http://hl7.org/fhir/SearchParameter/a" },
    { "name", "http://hl7.org/fhir/SearchParameter/b" },
    { "kin", "http://hl7.org/fhir/us/core/SearchParameter/kin" },
    { "all", "http://x/all" },
};

static void a_code_of_r4_stays_r4s_and_others_are_the_highest_layers(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(PARAMETERS); i++) {
        const struct search_parameter *found =
            definitions_search_parameter(fixture->set, STR("Patient"), str_of(PARAMETERS[i].code));
        assert_non_null(found);
        assert_string_equal(found->url.data, PARAMETERS[i].url);
    }
    const struct search_parameter *kin =
        definitions_search_parameter(fixture->guide, STR("Patient"), STR("kin"));
    assert_string_equal(kin->url.data, "http://x/kin");
}

static void of_code_systems_with_one_url_the_one_that_counts_comes_first(void **state)
{
    static const char *const WANT[] = { "http://hl7.org/fhir/c|4.0.1",
                                        "http://hl7.org/fhir/c|9",
                                        "http://terminology.hl7.org/c|2",
                                        "http://terminology.hl7.org/c|1",
                                        "http://x/c|1",
                                        "http://terminology.hl7.org/c|4.0.1" };
    struct fixture *fixture = *state;
    size_t count;
    const struct term_source *list = definitions_code_systems(fixture->set, fixture->arena, &count);
    assert_int_equal(count, COUNT(WANT));
    for (size_t i = 0; i < count; i++) {
        struct str got = str_print(fixture->arena, STR_FMT "|" STR_FMT, STR_ARG(list[i].url),
                                   STR_ARG(list[i].version));
        assert_string_equal(got.data, WANT[i]);
    }
    struct concept_list concepts = definitions_concepts(fixture->set, &list[2], fixture->arena);
    assert_int_equal(concepts.count, 1);
    assert_true(str_is(concepts.concepts[0].code, "package 2"));
}

static void a_set_lives_until_its_last_holder_closes_it(void **state)
{
    struct fixture *fixture = *state;
    struct definitions *held = definitions_hold(fixture->set);
    definitions_close(fixture->root);
    definitions_close(fixture->guide);
    definitions_close(fixture->set);
    fixture->root = fixture->guide = fixture->set = NULL;
    assert_true(str_is(definitions_type(held, STR("Patient"))->name, "core"));
    definitions_close(held);
}

static void *ask(void *context)
{
    struct definitions *set = context;
    size_t count;
    bool is_right = definitions_search_parameters(set, STR("Patient"), &count) && count == 4;
    for (size_t i = 0; i < COUNT(STRUCTURES); i++)
        if (STRUCTURES[i].name)
            is_right &= definitions_structure(set, str_of(STRUCTURES[i].canonical)) != NULL;
    return is_right ? set : NULL;
}

/* Two sets share the layers below: some ask one, some the other. */
static void threads_may_ask_sets_that_share_layers(void **state)
{
    struct fixture *fixture = *state;
    struct definitions *other = add(fixture, fixture->guide, PACKAGE, COUNT(PACKAGE));
    pthread_t threads[8];
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask, i % 2 ? other : fixture->set), 0);
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_non_null(result);
    }
    definitions_close(other);
}

static void assert_text(struct str got, const char *want)
{
    if (!str_is(got, want))
        fail_msg("'" STR_FMT "', not '%s'", STR_ARG(got), want);
}

/* "id url version" of each, one after the other. */
static struct str list_heads(struct fixture *fixture, const char *id, const char *url)
{
    size_t count;
    struct buf out;
    const struct definition_head *heads = definitions_heads(
        fixture->set, STR("ValueSet"), str_of(id), str_of(url), fixture->arena, &count);
    buf_init(&out, fixture->arena, 10000);
    for (size_t i = 0; i < count; i++)
        buf_print(&out, "%s" STR_FMT " " STR_FMT " " STR_FMT, i ? ", " : "", STR_ARG(heads[i].id),
                  STR_ARG(heads[i].url), STR_ARG(heads[i].version));
    return buf_str(&out);
}

static void heads_are_listed_from_the_highest_layer_down(void **state)
{
    struct fixture *fixture = *state;
    size_t count;
    struct str text;
    assert_text(list_heads(fixture, "", ""),
                "v http://x/other 1, v2 http://x/v 2, v3 http://x/v 1,  http://x/nameless ,  "
                "http://x/nameless/too , w http://hl7.org/fhir/w 1");
    assert_text(list_heads(fixture, "v", ""), "v http://x/other 1");
    assert_text(list_heads(fixture, "", "http://x/v"), "v2 http://x/v 2, v3 http://x/v 1");
    assert_text(list_heads(fixture, "none", ""), "");
    const struct definition_head *head =
        definitions_heads(fixture->set, STR("ValueSet"), STR("v"), STR(""), fixture->arena, &count);
    assert_text(head->title, "T");
    assert_text(head->status, "draft");
    assert_true(definitions_head_text(head, fixture->arena, &text));
    assert_true(str_find_str(text, STR("\"name\":\"package\""), 0) < text.len);
    assert_true(definitions_has_heads(fixture->set, STR("ValueSet")));
    assert_false(definitions_has_heads(fixture->set, STR("Patient")));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(heads_are_listed_from_the_highest_layer_down),
        CASE(the_highest_layer_counts_but_for_what_r4_defines),
        CASE(layers_below_stay_as_they_are),
        CASE(a_code_of_r4_stays_r4s_and_others_are_the_highest_layers),
        CASE(of_code_systems_with_one_url_the_one_that_counts_comes_first),
        CASE(a_set_lives_until_its_last_holder_closes_it),
        CASE(threads_may_ask_sets_that_share_layers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
