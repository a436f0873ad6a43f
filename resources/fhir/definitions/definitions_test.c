/* definitions_test.c - compiling small packages, and what is then found in the set. */
#include "resources/fhir/definitions/definitions.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/base/test.h"
#include "resources/fhir/definitions/compile.h"
#include "resources/fhir/json/json.h"

#define CORE "http://hl7.org/fhir/StructureDefinition/"

/* A FHIR in small: just enough types for a Patient with a name and a profile on it. */
static const char *const BASE[] = {
    "{'resourceType':'StructureDefinition','id':'Element','url':'" CORE "Element',"
    "'version':'4.0.1','name':'Element','kind':'complex-type','abstract':true,'type':'Element',"
    "'text':{'div':'<div/>'},"
    "'snapshot':{'element':[{'id':'Element','path':'Element','min':0,'max':'*'},"
    "{'id':'Element.id','path':'Element.id','min':0,'max':'1','type':[{'code':"
    "'http://hl7.org/fhirpath/System.String'}]}]}}",
    "{'resourceType':'StructureDefinition','id':'string','url':'" CORE "string',"
    "'version':'4.0.1','name':'string','kind':'primitive-type','abstract':false,'type':'string',"
    "'baseDefinition':'" CORE "Element','derivation':'specialization',"
    "'snapshot':{'element':[{'id':'string','path':'string','min':0,'max':'*'}]}}",
    "{'resourceType':'StructureDefinition','id':'Resource','url':'" CORE "Resource',"
    "'version':'4.0.1','name':'Resource','kind':'resource','abstract':true,'type':'Resource',"
    "'snapshot':{'element':[{'id':'Resource','path':'Resource','min':0,'max':'*'}]}}",
    "{'resourceType':'StructureDefinition','id':'DomainResource','url':'" CORE
    "DomainResource','version':'4.0.1','name':'DomainResource','kind':'resource','abstract':true,"
    "'type':'DomainResource','baseDefinition':'" CORE "Resource','derivation':'specialization',"
    "'snapshot':{'element':[{'id':'DomainResource','path':'DomainResource','min':0,'max':'*'}]}}",
    "{'resourceType':'StructureDefinition','id':'Patient','url':'" CORE "Patient',"
    "'version':'4.0.1','name':'Patient','kind':'resource','abstract':false,'type':'Patient',"
    "'baseDefinition':'" CORE
    "DomainResource','derivation':'specialization','snapshot':{'element':["
    "{'id':'Patient','path':'Patient','min':0,'max':'*'},"
    "{'id':'Patient.id','path':'Patient.id','min':0,'max':'1','base':{'path':'Resource.id','min':0,"
    "'max':'1'},'type':[{'extension':[{'url':'" CORE "structuredefinition-fhir-type','valueUrl':"
    "'string'}],'code':'http://hl7.org/fhirpath/System.String'}],'isSummary':true},"
    "{'id':'Patient.name','path':'Patient.name','min':0,'max':'*','type':[{'code':'string'}],"
    "'constraint':[{'key':'p-1','severity':'warning','human':'Say it','expression':'true',"
    "'source':'" CORE "Patient'}]},"
    "{'id':'Patient.gender','path':'Patient.gender','min':1,'max':'1','type':[{'code':'code'}],"
    "'maxLength':8,'isModifier':true,'binding':{'strength':'required','valueSet':'http://x/vs|1'}},"
    "{'id':'Patient.deceased[x]','path':'Patient.deceased[x]','min':0,'max':'1','type':["
    "{'code':'boolean'},{'code':'dateTime'}]},"
    "{'id':'Patient.contact','path':'Patient.contact','min':0,'max':'*','type':[{'code':"
    "'BackboneElement'}]},"
    "{'id':'Patient.contact.name','path':'Patient.contact.name','min':0,'max':'1','type':[{'code':"
    "'string'}],'minValueInteger':7},"
    "{'id':'Patient.contact.contact','path':'Patient.contact.contact','min':0,'max':'*',"
    "'contentReference':'#Patient.contact'},"
    "{'id':'Patient.link','path':'Patient.link','min':0,'max':'*','type':[{'code':'Reference',"
    "'targetProfile':['" CORE "Patient','" CORE "Group'],'profile':['http://x/p']}]}]}}",
    "{'resourceType':'SearchParameter','id':'a','url':'http://x/SearchParameter/a',"
    "'code':'_id','base':['Resource'],'type':'token','expression':'Resource.id'}",
    "{'resourceType':'SearchParameter','id':'b','url':'http://x/SearchParameter/b',"
    "'code':'name','base':['Patient','Group'],'type':'string','expression':'Patient.name',"
    "'target':['Patient']}",
    "{'resourceType':'SearchParameter','id':'c','url':'http://x/SearchParameter/c',"
    "'code':'both','base':['Patient'],'type':'composite','expression':'Patient','component':["
    "{'definition':'http://x/SearchParameter/b','expression':'name'},"
    "{'definition':'http://x/SearchParameter/a','expression':'id'}]}",
    "{'resourceType':'CompartmentDefinition','id':'patient','code':'Patient',"
    "'url':'http://hl7.org/fhir/CompartmentDefinition/patient','resource':["
    "{'code':'Account','param':['subject','guarantor']},{'code':'Appointment'},"
    "{'code':'Patient','param':['link']}]}",
    "{'resourceType':'Patient','id':'an-example'}",
};

static const char PROFILE[] =
    "{'resourceType':'StructureDefinition','id':'p','url':'http://x/p','version':'2','name':'P',"
    "'kind':'resource','abstract':false,'type':'Patient','baseDefinition':'" CORE "Patient',"
    "'derivation':'constraint','context':[{'type':'element','expression':'Patient'}],"
    "'contextInvariant':['true'],'snapshot':{'element':["
    "{'id':'Patient','path':'Patient','min':0,'max':'*'},"
    "{'id':'Patient.name','path':'Patient.name','min':0,'max':'2','base':{'path':'Patient.name',"
    "'min':0,'max':'*'},'fixedString':'Ann','mustSupport':true},"
    "{'id':'Patient.contact','path':'Patient.contact','slicing':{'discriminator':[{'type':'pattern'"
    ","
    "'path':'name'}],'rules':'openAtEnd','ordered':true,'description':'by "
    "name'},'min':1,'max':'*'},"
    "{'id':'Patient.contact.name','path':'Patient.contact.name','min':0,'max':'1'},"
    "{'id':'Patient.contact:ann','path':'Patient.contact','sliceName':'ann','min':1,'max':'1'},"
    "{'id':'Patient.contact:ann.name','path':'Patient.contact.name','min':1,'max':'1',"
    "'patternString':'Ann'},"
    "{'id':'Patient.contact:bob','path':'Patient.contact','sliceName':'bob','min':0,'max':'1'},"
    "{'id':'Patient.contact:ann/first','path':'Patient.contact','sliceName':'ann/first','min':0,"
    "'max':'1'}]}}";

struct fixture {
    struct arena *arena;
    struct issues issues;
    struct str folder;
    struct definitions *definitions;
};

/* Single quotes become double ones: so the fixtures can be read. */
static const char *write_file(struct fixture *fixture, const char *name, const char *text)
{
    char *json = str_cstr(fixture->arena, str_of(text));
    for (char *c = json; *c; c++)
        if (*c == '\'')
            *c = '"';
    struct str path = str_print(fixture->arena, STR_FMT "/%s", STR_ARG(fixture->folder), name);
    FILE *file = fopen(path.data, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(json, 1, strlen(json), file), strlen(json));
    assert_int_equal(fclose(file), 0);
    return path.data;
}

static int set_up(void **state)
{
    struct arena *arena = arena_open();
    struct fixture *fixture = arena_alloc(arena, sizeof *fixture);
    fixture->arena = arena;
    issues_init(&fixture->issues, arena, (struct str){ "", 0 });
    fixture->folder = str_print(arena, "/tmp/definitions_test.%ld", (long)getpid());
    assert_int_equal(mkdir(fixture->folder.data, 0700), 0);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    definitions_close(fixture->definitions);
    struct str command =
        str_print(fixture->arena, "rm -rf '" STR_FMT "'", STR_ARG(fixture->folder));
    int code = system(command.data);
    arena_close(fixture->arena);
    return code;
}

static const char *path_in(struct fixture *fixture, const char *name)
{
    return str_print(fixture->arena, STR_FMT "/%s", STR_ARG(fixture->folder), name).data;
}

/* The resources of BASE as a Bundle. */
static const char *write_base(struct fixture *fixture)
{
    struct buf buf;
    buf_init(&buf, fixture->arena, 1 << 16);
    buf_add(&buf, STR("{'resourceType':'Bundle','entry':["));
    for (size_t i = 0; i < COUNT(BASE); i++)
        buf_print(&buf, "%s{'resource':%s}", i ? "," : "", BASE[i]);
    buf_add(&buf, STR("]}"));
    return write_file(fixture, "base.json", buf_str(&buf).data);
}

static bool compile(struct fixture *fixture, const char *output, const char *input,
                    const char *corrections)
{
    struct definitions_source source = {
        .inputs = &input, .input_count = 1, .corrections = corrections, .package = "small#1.0"
    };
    return definitions_compile(path_in(fixture, output), &source, &fixture->issues);
}

static void open_sets(struct fixture *fixture, const char *const *names, size_t count)
{
    const char *paths[4];
    for (size_t i = 0; i < count; i++)
        paths[i] = path_in(fixture, names[i]);
    fixture->definitions = definitions_open(paths, count, &fixture->issues);
    assert_non_null(fixture->definitions);
}

static struct definitions *open_base(struct fixture *fixture)
{
    assert_true(compile(fixture, "base.db", write_base(fixture), NULL));
    assert_true(compile(fixture, "profile.db", write_file(fixture, "p.json", PROFILE), NULL));
    open_sets(fixture, (const char *const[]){ "base.db", "profile.db" }, 2);
    return fixture->definitions;
}

#define assert_str(s, text) assert_true(str_is((s), (text)))

static void structures_are_found_by_canonical_and_by_name(void **state)
{
    struct definitions *d = open_base(*state);
    const struct structure *patient = definitions_structure(d, STR("Patient"));
    assert_non_null(patient);
    assert_ptr_equal(patient, definitions_type(d, STR("Patient")));
    assert_ptr_equal(patient, definitions_structure(d, STR(CORE "Patient")));
    assert_ptr_equal(patient, definitions_structure(d, STR(CORE "Patient|4.0.1")));
    assert_null(definitions_structure(d, STR(CORE "Patient|5.0.0")));
    assert_null(definitions_structure(d, STR("patient")));
    assert_null(definitions_type(d, STR("P")));
    assert_int_equal(patient->kind, KIND_RESOURCE);
    assert_false(patient->is_abstract);
    assert_false(patient->is_constraint);
    assert_str(patient->base, CORE "DomainResource");
    const struct structure *profile = definitions_structure(d, STR("http://x/p|2"));
    assert_non_null(profile);
    assert_true(profile->is_constraint);
    assert_int_equal(profile->context_count, 1);
    assert_str(profile->contexts[0].type, "element");
    assert_str(profile->contexts[0].expression, "Patient");
    assert_str(profile->context_invariants[0], "true");
}

static void types_are_known_without_their_elements(void **state)
{
    struct definitions *d = open_base(*state);
    assert_true(definitions_is_resource_type(d, STR("Patient")));
    assert_false(definitions_is_resource_type(d, STR("DomainResource")));
    assert_false(definitions_is_resource_type(d, STR("string")));
    assert_false(definitions_is_resource_type(d, STR("P")));
    assert_true(definitions_is_a(d, STR("Patient"), STR("Resource")));
    assert_true(definitions_is_a(d, STR("Patient"), STR("Patient")));
    assert_false(definitions_is_a(d, STR("Resource"), STR("Patient")));
    assert_false(definitions_is_a(d, STR("string"), STR("Resource")));
    size_t count;
    const struct str *types = definitions_resource_types(d, &count);
    assert_int_equal(count, 1);
    assert_str(types[0], "Patient");
    const struct str *profiles = definitions_profiles(d, STR("Patient"), &count);
    assert_int_equal(count, 1);
    assert_str(profiles[0], "http://x/p");
    definitions_profiles(d, STR("Task"), &count);
    assert_int_equal(count, 0);
}

static const struct element *child(const struct element *element, const char *name)
{
    const struct element_type *type;
    return definitions_child(element, str_of(name), &type);
}

static void elements_carry_what_their_definition_says(void **state)
{
    struct definitions *d = open_base(*state);
    const struct element *root = definitions_type(d, STR("Patient"))->root;
    assert_int_equal(root->child_count, 6);
    assert_null(root->parent);
    const struct element *id = child(root, "id"), *name = child(root, "name");
    assert_str(id->types[0].code, "id");
    assert_true(id->is_summary);
    assert_str(definitions_type(d, STR("Element"))->elements[1].types[0].code, "string");
    assert_int_equal(name->max, ELEMENT_MAX_UNBOUNDED);
    assert_int_equal(name->base_max, ELEMENT_MAX_UNBOUNDED);
    assert_int_equal(name->constraint_count, 1);
    assert_str(name->constraints[0].key, "p-1");
    assert_true(name->constraints[0].is_warning);
    assert_str(name->constraints[0].human, "Say it");
    const struct element *gender = child(root, "gender");
    assert_int_equal(gender->min, 1);
    assert_int_equal(gender->max, 1);
    assert_int_equal(gender->max_length, 8);
    assert_true(gender->is_modifier);
    assert_int_equal(gender->binding, BINDING_REQUIRED);
    assert_str(gender->value_set, "http://x/vs|1");
    const struct element *link = child(root, "link");
    assert_int_equal(link->types[0].target_count, 2);
    assert_str(link->types[0].targets[1], CORE "Group");
    assert_str(link->types[0].profiles[0], "http://x/p");
    assert_ptr_equal(link->parent, root);
}

static void choices_and_content_references_are_followed(void **state)
{
    struct definitions *d = open_base(*state);
    const struct element *root = definitions_type(d, STR("Patient"))->root;
    const struct element_type *type;
    const struct element *choice = definitions_child(root, STR("deceasedDateTime"), &type);
    assert_non_null(choice);
    assert_str(choice->name, "deceased[x]");
    assert_str(type->code, "dateTime");
    assert_null(child(root, "deceased"));
    assert_null(child(root, "deceaseddateTime"));
    assert_null(child(root, "deceasedString"));
    const struct element *contact = child(root, "contact");
    const struct element *inner = child(contact, "contact");
    assert_ptr_equal(inner->content, contact);
    assert_ptr_equal(child(inner, "name"), child(contact, "name"));
    assert_str(json_text(child(contact, "name")->min_value), "7");
}

static void slices_stand_apart_from_children(void **state)
{
    struct definitions *d = open_base(*state);
    const struct element *root = definitions_structure(d, STR("http://x/p"))->root;
    assert_int_equal(root->child_count, 2);
    const struct element *name = child(root, "name"), *contact = child(root, "contact");
    assert_int_equal(name->max, 2);
    assert_int_equal(name->base_max, ELEMENT_MAX_UNBOUNDED);
    assert_str(json_text(name->fixed), "Ann");
    assert_string_equal(name->fixed->string, "fixedString");
    assert_true(name->must_support);
    assert_int_equal(contact->slicing->count, 1);
    assert_int_equal(contact->slicing->rules, SLICING_OPEN_AT_END);
    assert_true(contact->slicing->is_ordered);
    assert_int_equal(contact->slicing->discriminators[0].type, DISCRIMINATOR_PATTERN);
    assert_str(contact->slicing->discriminators[0].path, "name");
    assert_int_equal(contact->slice_count, 2);
    const struct element *ann = contact->slices[0], *bob = contact->slices[1];
    assert_str(ann->slice_name, "ann");
    assert_ptr_equal(ann->parent, root);
    assert_str(json_text(child(ann, "name")->pattern), "Ann");
    assert_int_equal(ann->slice_count, 1);
    assert_str(ann->slices[0]->slice_name, "ann/first");
    assert_ptr_equal(child(bob, "name"), child(contact, "name"));
}

static void search_parameters_are_inherited_and_sorted(void **state)
{
    struct definitions *d = open_base(*state);
    size_t count;
    const struct search_parameter *const *list =
        definitions_search_parameters(d, STR("Patient"), &count);
    assert_int_equal(count, 3);
    assert_str(list[0]->code, "_id");
    assert_str(list[1]->code, "both");
    assert_str(list[2]->code, "name");
    assert_int_equal(list[0]->id, 1);
    assert_int_equal(list[1]->component_count, 2);
    assert_str(list[1]->components[1].expression, "id");
    const struct search_parameter *name =
        definitions_search_parameter(d, STR("Patient"), STR("name"));
    assert_ptr_equal(name, list[2]);
    assert_str(name->bases[1], "Group");
    assert_str(name->targets[0], "Patient");
    assert_null(definitions_search_parameter(d, STR("Patient"), STR("nam")));
    assert_null(definitions_search_parameter(d, STR("Nothing"), STR("name")));
    const struct str *codes = definitions_patient_compartment(d, STR("Account"), &count);
    assert_int_equal(count, 2);
    assert_str(codes[1], "guarantor");
    definitions_patient_compartment(d, STR("Appointment"), &count);
    assert_int_equal(count, 0);
    codes = definitions_patient_compartment(d, STR("Patient"), &count);
    assert_int_equal(count, 2);
    assert_str(codes[1], "{def}");
}

static void resources_are_kept_whole_but_for_the_narrative(void **state)
{
    struct fixture *fixture = *state;
    struct definitions *d = open_base(fixture);
    struct str text;
    assert_true(definitions_resource(d, STR("StructureDefinition"), STR(CORE "Element"),
                                     fixture->arena, &text));
    const cJSON *json = json_parse(text, fixture->arena, &fixture->issues);
    assert_str(json_get_text(json, "name"), "Element");
    assert_null(json_get(json, "text"));
    assert_true(definitions_resource(d, STR("StructureDefinition"), STR("http://x/p|2"),
                                     fixture->arena, &text));
    assert_false(definitions_resource(d, STR("StructureDefinition"), STR("http://x/p|1"),
                                      fixture->arena, &text));
    assert_false(
        definitions_resource(d, STR("ValueSet"), STR("http://x/p"), fixture->arena, &text));
}

static void a_later_package_replaces_nothing(void **state)
{
    struct fixture *fixture = *state;
    static const char FAKE[] =
        "{'resourceType':'StructureDefinition','url':'" CORE "Patient','version':'9','name':'X',"
        "'kind':'resource','abstract':false,'type':'Patient','derivation':'specialization',"
        "'snapshot':{'element':[{'id':'Patient','path':'Patient','min':0,'max':'*'}]}}";
    assert_true(compile(fixture, "base.db", write_base(fixture), NULL));
    assert_true(compile(fixture, "fake.db", write_file(fixture, "fake.json", FAKE), NULL));
    open_sets(fixture, (const char *const[]){ "base.db", "fake.db" }, 2);
    assert_str(definitions_type(fixture->definitions, STR("Patient"))->version, "4.0.1");
    assert_str(definitions_structure(fixture->definitions, STR(CORE "Patient"))->version, "4.0.1");
    size_t count;
    definitions_resource_types(fixture->definitions, &count);
    assert_int_equal(count, 1);
}

/* What is wrong, and what the issue says of it. */
static const struct {
    const char *document, *diagnostics;
} BROKEN[] = {
    { "{'resourceType':'StructureDefinition','url':'http://x/s','differential':{}}",
      "http://x/s has no snapshot" },
    { "{'resourceType':'StructureDefinition','url':'http://x/s','snapshot':{'element':[{'id':'A',"
      "'path':'A','max':'1'},{'path':'A.b','max':'1'}]}}",
      "http://x/s: element 1 has no id, path or max" },
    { "{'resourceType':'StructureDefinition','url':'http://x/s','snapshot':{'element':[{'id':'A',"
      "'path':'A','max':'1'},{'id':'A.b.c','path':'A.b.c','max':'1'}]}}",
      "http://x/s: A.b.c stands at no element" },
    { "{'resourceType':'StructureDefinition','url':'http://x/s','snapshot':{'element':[{'id':'A',"
      "'path':'A','max':'1'},{'id':'A.b','path':'A.b','max':'1'},{'id':'A.b','path':'A.b',"
      "'max':'1'}]}}",
      "http://x/s: A.b is there twice" },
    { "{'resourceType':'StructureDefinition','url':'http://x/s','snapshot':{'element':[{'id':'A',"
      "'path':'A','max':'1'},{'id':'A.b','path':'A.b','max':'1','contentReference':'#A.x'}]}}",
      "http://x/s: #A.x leads to no element" },
    { "{'resourceType':'SearchParameter','url':'http://x/s','code':'a'}",
      "http://x/s has no code or no base" },
    { "{'resourceType':'Patient','id':'1'}", "the input defines nothing" },
};

static void what_can_not_be_used_is_left_out_with_an_issue(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(BROKEN); i++) {
        issues_init(&fixture->issues, fixture->arena, (struct str){ "", 0 });
        assert_false(compile(fixture, "broken.db",
                             write_file(fixture, "broken.json", BROKEN[i].document), NULL));
        assert_non_null(fixture->issues.first);
        assert_str(fixture->issues.first->diagnostics, BROKEN[i].diagnostics);
        assert_int_not_equal(access(path_in(fixture, "broken.db"), F_OK), 0);
    }
}

static void files_that_are_no_databases_are_refused(void **state)
{
    struct fixture *fixture = *state;
    const char *paths[] = { write_file(fixture, "text.db", "no database"),
                            path_in(fixture, "gone") };
    for (size_t i = 0; i < COUNT(paths); i++) {
        assert_null(definitions_open(&paths[i], 1, &fixture->issues));
        assert_int_equal(fixture->issues.count, i + 1);
    }
}

static char *read_all(struct fixture *fixture, const char *name, size_t *size)
{
    FILE *file = fopen(path_in(fixture, name), "rb");
    assert_non_null(file);
    char *bytes = arena_alloc(fixture->arena, 1 << 20);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static void the_same_input_gives_the_same_bytes(void **state)
{
    struct fixture *fixture = *state;
    const char *input = write_base(fixture);
    assert_true(compile(fixture, "one.db", input, NULL));
    assert_true(compile(fixture, "two.db", input, NULL));
    size_t one, two;
    const char *first = read_all(fixture, "one.db", &one);
    const char *second = read_all(fixture, "two.db", &two);
    assert_int_equal(one, two);
    assert_memory_equal(first, second, one);
}

static void corrections_change_what_they_name(void **state)
{
    struct fixture *fixture = *state;
    static const char CORRECTIONS[] =
        "{'corrections':["
        "{'of':'SearchParameter/c','leave-out':true},"
        "{'of':'SearchParameter/b','set':{'target':['Group'],'expression':null}},"
        "{'of':'StructureDefinition/Patient','remove-elements':['Patient.contact']},"
        "{'of':'StructureDefinition/Patient','element':'Patient.gender','set':{'min':0}},"
        "{'of':'StructureDefinition/Patient','after':'Patient.name','add-elements':["
        "{'id':'Patient.photo','path':'Patient.photo','min':0,'max':'3'}]}]}";
    assert_true(compile(fixture, "base.db", write_base(fixture),
                        write_file(fixture, "corrections.json", CORRECTIONS)));
    open_sets(fixture, (const char *const[]){ "base.db" }, 1);
    struct definitions *d = fixture->definitions;
    const struct structure *patient = definitions_type(d, STR("Patient"));
    assert_null(child(patient->root, "contact"));
    assert_int_equal(child(patient->root, "gender")->min, 0);
    assert_int_equal(child(patient->root, "photo")->max, 3);
    assert_str(patient->elements[3].id, "Patient.photo");
    assert_int_equal(patient->element_count, 7);
    assert_null(definitions_search_parameter(d, STR("Patient"), STR("both")));
    const struct search_parameter *name =
        definitions_search_parameter(d, STR("Patient"), STR("name"));
    assert_str(name->targets[0], "Group");
    assert_str(name->expression, "");
}

/* A correction that changes nothing shows that the package has changed: it stops the build. */
static const struct {
    const char *correction, *diagnostics;
} STALE[] = {
    { "{'of':'StructureDefinition/Gone','leave-out':true}",
      "correction of StructureDefinition/Gone: it is not in the input" },
    { "{'of':'StructureDefinition/Patient','remove-elements':['Patient.nam']}",
      "correction of StructureDefinition/Patient: remove-elements finds nothing to change" },
    { "{'of':'StructureDefinition/Patient','element':'Patient.x','set':{'min':1}}",
      "correction of StructureDefinition/Patient: set finds nothing to change" },
    { "{'of':'StructureDefinition/"
      "Patient','after':'Patient.x','add-elements':[{'id':'Patient.y'}]}",
      "correction of StructureDefinition/Patient: add-elements finds nothing to change" },
};

static void a_correction_that_finds_nothing_is_an_error(void **state)
{
    struct fixture *fixture = *state;
    const char *input = write_base(fixture);
    for (size_t i = 0; i < COUNT(STALE); i++) {
        struct str text = str_print(fixture->arena, "{'corrections':[%s]}", STALE[i].correction);
        issues_init(&fixture->issues, fixture->arena, (struct str){ "", 0 });
        assert_false(
            compile(fixture, "stale.db", input, write_file(fixture, "stale.json", text.data)));
        assert_str(fixture->issues.first->diagnostics, STALE[i].diagnostics);
    }
}

static void corrections_reach_codes_and_parameters(void **state)
{
    struct fixture *fixture = *state;
    static const char INPUT[] =
        "{'resourceType':'Bundle','entry':[{'resource':{'resourceType':'CodeSystem','id':'c','url':"
        "'http://x/c','content':'complete','concept':[{'code':'a','concept':[{'code':'b'},{'code':"
        "'c'}]},{'code':'d'}]}},{'resource':{'resourceType':'OperationDefinition','id':'o','url':"
        "'http://x/o','parameter':[{'name':'keep'},{'name':'drop'}]}}]}";
    static const char CORRECTIONS[] =
        "{'corrections':[{'of':'CodeSystem/"
        "c','remove-codes':['c'],'after':'a','add-codes':[{'code':"
        "'e'}]},{'of':'OperationDefinition/o','remove-parameters':['drop']}]}";
    assert_true(compile(fixture, "base.db", write_file(fixture, "input.json", INPUT),
                        write_file(fixture, "corrections.json", CORRECTIONS)));
    open_sets(fixture, (const char *const[]){ "base.db" }, 1);
    struct str text;
    assert_true(definitions_resource(fixture->definitions, STR("CodeSystem"), STR("http://x/c"),
                                     fixture->arena, &text));
    assert_str(text, "{\"resourceType\":\"CodeSystem\",\"id\":\"c\",\"url\":\"http://x/c\","
                     "\"content\":\"complete\",\"concept\":[{\"code\":\"a\",\"concept\":["
                     "{\"code\":\"b\"}]},{\"code\":\"e\"},{\"code\":\"d\"}]}");
    assert_true(definitions_resource(fixture->definitions, STR("OperationDefinition"),
                                     STR("http://x/o"), fixture->arena, &text));
    assert_str(text,
               "{\"resourceType\":\"OperationDefinition\",\"id\":\"o\",\"url\":\"http://x/o\","
               "\"parameter\":[{\"name\":\"keep\"}]}");
}

/* Gives search parameters another code, and refuses compartments. */
static bool prepare(void *context, cJSON *resource, struct arena *arena, struct issues *issues)
{
    size_t *count = context;
    struct str type = json_get_text(resource, "resourceType");
    ++*count;
    if (str_is(type, "SearchParameter"))
        json_set(arena, resource, "code", json_new_string(arena, STR("prepared")));
    return !str_is(type, "CompartmentDefinition") ||
           issue_add(issues, NULL, ISSUE_PROFILE_BROKEN, "not this one");
}

static void what_is_prepared_is_compiled_as_prepared(void **state)
{
    struct fixture *fixture = *state;
    size_t count = 0;
    const char *input = write_base(fixture);
    struct definitions_preparation preparation = { &count, prepare };
    struct definitions_source source = {
        .inputs = &input, .input_count = 1, .package = "small#1.0", .preparation = &preparation
    };
    assert_true(definitions_compile(path_in(fixture, "base.db"), &source, &fixture->issues));
    assert_int_equal(count, COUNT(BASE) - 1); /* the example defines nothing */
    assert_int_equal(fixture->issues.count, 1);
    open_sets(fixture, (const char *const[]){ "base.db" }, 1);
    assert_non_null(
        definitions_search_parameter(fixture->definitions, STR("Patient"), STR("prepared")));
    assert_null(definitions_search_parameter(fixture->definitions, STR("Patient"), STR("name")));
    definitions_patient_compartment(fixture->definitions, STR("Account"), &count);
    assert_int_equal(count, 0);
}

static void unusable_inputs_make_no_database(void **state)
{
    struct fixture *fixture = *state;
    const char *base = write_base(fixture);
    static const char *const TEXTS[] = { "{'corrections':[]}", "{'corrections'", "[]" };
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        assert_false(compile(fixture, "no.db", base, write_file(fixture, "c.json", TEXTS[i])));
    assert_false(compile(fixture, "no.db", base, path_in(fixture, "gone.json")));
    assert_false(compile(fixture, "no.db", path_in(fixture, "gone.json"), NULL));
    assert_false(compile(fixture, "no.db", write_file(fixture, "bad.json", "{'a':}"), NULL));
    assert_false(compile(fixture, "no/such/folder.db", base, NULL));
    assert_int_not_equal(access(path_in(fixture, "no.db"), F_OK), 0);
    assert_true(fixture->issues.errors >= 7);
}

static void run_sql(struct fixture *fixture, const char *name, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path_in(fixture, name), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* A file of another version, or one that someone has changed, is refused or harmless. */
static void other_versions_and_damage_are_refused(void **state)
{
    static const char *const DAMAGE[] = {
        "PRAGMA user_version=0",
        "PRAGMA application_id=0",
        "DROP TABLE element",
        "ALTER TABLE concept RENAME TO lost",
    };
    struct fixture *fixture = *state;
    const char *path = path_in(fixture, "base.db");
    for (size_t i = 0; i < COUNT(DAMAGE); i++) {
        assert_true(compile(fixture, "base.db", write_base(fixture), NULL));
        run_sql(fixture, "base.db", DAMAGE[i]);
        assert_null(definitions_open(&path, 1, &fixture->issues));
        assert_int_equal(fixture->issues.errors, i + 1);
    }
    assert_true(compile(fixture, "base.db", write_base(fixture), NULL));
    run_sql(fixture, "base.db", "DELETE FROM element WHERE id='Patient.gender'");
    open_sets(fixture, (const char *const[]){ "base.db" }, 1);
    assert_null(definitions_type(fixture->definitions, STR("Patient")));
    assert_null(definitions_type(fixture->definitions, STR("Patient")));
    assert_non_null(definitions_type(fixture->definitions, STR("string")));
}

static void a_package_is_named_by_its_file(void **state)
{
    struct fixture *fixture = *state;
    write_base(fixture);
    write_file(fixture, "package.json", "{'name':'an.other','version':'3'}");
    const char *input = fixture->folder.data;
    struct definitions_source source = { .inputs = &input, .input_count = 1 };
    assert_true(definitions_compile(path_in(fixture, "base.db"), &source, &fixture->issues));
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path_in(fixture, "base.db"), &db), SQLITE_OK);
    sqlite3_stmt *row = NULL;
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT name||'#'||version FROM package", -1, &row, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(row, 0), "an.other#3");
    sqlite3_finalize(row);
    sqlite3_close(db);
}

static void *load_all(void *context)
{
    struct definitions *d = context;
    static const char *const NAMES[] = { "Patient", "http://x/p", "Element", "string" };
    size_t elements = 0, count;
    for (size_t i = 0; i < COUNT(NAMES); i++)
        elements += definitions_structure(d, str_of(NAMES[i]))->element_count;
    definitions_search_parameters(d, STR("Patient"), &count);
    return elements == 20 && count == 3 ? context : NULL;
}

static void threads_may_load_at_once(void **state)
{
    struct definitions *d = open_base(*state);
    pthread_t threads[8];
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, load_all, d), 0);
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, d);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(structures_are_found_by_canonical_and_by_name),
        CASE(types_are_known_without_their_elements),
        CASE(elements_carry_what_their_definition_says),
        CASE(choices_and_content_references_are_followed),
        CASE(slices_stand_apart_from_children),
        CASE(search_parameters_are_inherited_and_sorted),
        CASE(resources_are_kept_whole_but_for_the_narrative),
        CASE(a_later_package_replaces_nothing),
        CASE(what_can_not_be_used_is_left_out_with_an_issue),
        CASE(files_that_are_no_databases_are_refused),
        CASE(the_same_input_gives_the_same_bytes),
        CASE(corrections_change_what_they_name),
        CASE(a_correction_that_finds_nothing_is_an_error),
        CASE(corrections_reach_codes_and_parameters),
        CASE(what_is_prepared_is_compiled_as_prepared),
        CASE(unusable_inputs_make_no_database),
        CASE(other_versions_and_damage_are_refused),
        CASE(a_package_is_named_by_its_file),
        CASE(threads_may_load_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
