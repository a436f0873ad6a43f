/* value_store_test.c - what a search finds by uris, units, components, positions, words,
 * terminology and _filter. */
#include "resources/base/test.h"

#include "resources/fhir/terminology/terminology.h"
#include "server/store/search_fixture.h"

static void uris_are_found(void **state)
{
    static const struct search_case CASES[] = {
        { "url=http://a.org/fhir/ValueSet/x", "a", "exactly" },
        { "url=http://a.org/fhir", "", "not a part" },
        { "url:contains=org/fhir", "a b", "a part" },
        { "url:below=http://a.org/fhir/", "a b", "what begins so" },
        { "url:below=http://a.org/fhir/ValueSet/x", "a b", "itself and what is below" },
        { "url:above=http://a.org/fhir/ValueSet/x/y/z", "a b", "what stands above" },
        { "url:above=http://a.org/fhir/ValueSet/x", "a", "itself" },
        { "url=urn:oid:1.2", "c", "an oid" },
        { "url:missing=true", "d", "none" },
    };
    struct fixture *f = *state;
    put(f, "ValueSet", "a", "'url':'http://a.org/fhir/ValueSet/x'");
    put(f, "ValueSet", "b", "'url':'http://a.org/fhir/ValueSet/x/y'");
    put(f, "ValueSet", "c", "'url':'urn:oid:1.2'");
    put(f, "ValueSet", "d", "'status':'active'");
    check(f, "ValueSet", CASES, COUNT(CASES));
}

#define UCUM "http://unitsofmeasure.org"
static void quantities_are_found_across_units(void **state)
{
    static const struct search_case CASES[] = {
        { "value-quantity=5.4%7C" UCUM "%7Cg", "g mg", "grams find milligrams" },
        { "value-quantity=5400%7C" UCUM "%7Cmg", "g mg", "and the other way round" },
        { "value-quantity=5.40%7C" UCUM "%7Cg", "g mg", "as fine as the digits say" },
        { "value-quantity=5.41%7C" UCUM "%7Cg", "", "no coarser" },
        { "value-quantity=gt5.4%7C" UCUM "%7Cg", "kg", "exactly, not by rounding" },
        { "value-quantity=ge5400%7C" UCUM "%7Cmg", "kg g mg", "or equal" },
        { "value-quantity=ap5%7C" UCUM "%7Cg", "g mg", "about" },
        { "value-quantity=5.4%7C" UCUM "%7Cm", "", "not another dimension" },
        { "value-quantity=5400", "mg", "without a unit: the number as it is written" },
        { "value-quantity=0.0054", "", "not as it was converted" },
        { "value-quantity=5.4%7C%7Cg", "g", "a unit of any system is not converted" },
        { "value-quantity=3%7Chttp://own%7Cdrop", "drop", "a system of one's own" },
        { "value-quantity=eb1%7C" UCUM "%7Cg", "", "less: none" },
        { "value-quantity=310.15%7C" UCUM "%7CK", "warm",
          "degrees are not zero where kelvins are" },
        { "value-quantity=98.6%7C" UCUM "%7C[degF]", "warm", "Fahrenheit" },
        { "value-quantity=gt37.5%7C" UCUM "%7CCel", "", "no warmer" },
        { "value-quantity=gt7%7C" UCUM "%7C[pH]", "acid",
          "a scale that falls is not turned round" },
        { "_id=kg,g,mg,drop&_sort=value-quantity", "kg drop g mg", "by the number as written" },
    };
    struct fixture *f = *state;
    put(f, "Observation", "kg", "'valueQuantity':{'value':2,'system':'" UCUM "','code':'kg'}");
    put(f, "Observation", "g", "'valueQuantity':{'value':5.4,'system':'" UCUM "','code':'g'}");
    put(f, "Observation", "mg", "'valueQuantity':{'value':5400,'system':'" UCUM "','code':'mg'}");
    put(f, "Observation", "warm",
        "'valueQuantity':{'value':37.0,'system':'" UCUM "','code':'Cel'}");
    put(f, "Observation", "acid",
        "'valueQuantity':{'value':7.4,'system':'" UCUM "','code':'[pH]'}");
    put(f, "Observation", "drop",
        "'valueQuantity':{'value':3,'system':'http://own','code':'drop'}");
    check(f, "Observation", CASES, COUNT(CASES));
}

static void composites_hold_in_one_element(void **state)
{
    static const struct search_case CASES[] = {
        { "component-code-value-quantity=sys$gt120", "a", "both in one component" },
        { "component-code-value-quantity=dia$gt120", "",
          "not the code of one, the value of another" },
        { "component-code-value-quantity=http://l%7Csys$130", "a", "with a system" },
        { "component-code-value-quantity=sys$130%7C" UCUM "%7Cmm[Hg]", "a", "and a unit" },
        { "component-code-value-quantity=sys$13%7C" UCUM "%7Ccm[Hg]", "a", "or another unit" },
        { "component-code-value-quantity=sys$14%7C" UCUM "%7Ccm[Hg]", "", "that does not fit" },
        { "component-code-value-quantity=dia$lt90,sys$gt200", "a", "any of the values" },
        { "code-value-quantity=w$gt50", "b", "of the record itself" },
        { "code-value-quantity=w$50000%7C" UCUM "%7Cg", "", "in another unit: not equal" },
        { "code-value-quantity=w$70000%7C" UCUM "%7Cg", "b", "in another unit: equal" },
        { "combo-code-value-quantity=sys$130", "a", "either place" },
        { "combo-code-value-quantity=w$70", "b", "either place" },
        { "code-value-date=d$ge2020", "c", "a date" },
        { "code-value-date=d$2021", "", "another" },
        { "code-value-string=s$hel", "d", "a string begins so" },
        { "code-value-concept=c$http://v%7Cyes", "e", "two tokens" },
        { "code-value-concept=c$no", "", "another token" },
        { "code-value-quantity:missing=false", "b", "there are such" },
    };
    struct fixture *f = *state;
    put(f, "Observation", "a",
        "'code':{'coding':[{'code':'bp'}]},'component':[{'code':{'coding':[{'system':'http://l',"
        "'code':'sys'}]},'valueQuantity':{'value':130,'system':'" UCUM "','code':'mm[Hg]'}},"
        "{'code':{'coding':[{'code':'dia'}]},'valueQuantity':{'value':80}}]");
    put(f, "Observation", "b",
        "'code':{'coding':[{'code':'w'}]},'valueQuantity':{'value':70,'system':'" UCUM
        "','code':'kg'}");
    put(f, "Observation", "c", "'code':{'coding':[{'code':'d'}]},'valueDateTime':'2020-05-01'");
    put(f, "Observation", "d", "'code':{'coding':[{'code':'s'}]},'valueString':'Hello'");
    put(f, "Observation", "e",
        "'code':{'coding':[{'code':'c'}]},'valueCodeableConcept':{'coding':[{'system':'http://v',"
        "'code':'yes'}]}");
    check(f, "Observation", CASES, COUNT(CASES));
}

static void places_are_found_by_how_near_they_are(void **state)
{
    static const struct search_case CASES[] = {
        { "near=40.7128%7C-74.0060%7C1%7Ckm", "city", "within a kilometre" },
        { "near=40.73%7C-74.0%7C5%7Ckm", "city", "a little off" },
        { "near=40.7128%7C-74.0060%7C10", "city", "kilometres, when no unit is given" },
        { "near=40.7128%7C-74.0060%7C400%7Ckm", "city away", "farther" },
        { "near=40.7128%7C-74.0060%7C400000%7Cm", "city away", "metres" },
        { "near=40.7128%7C-74.0060%7C250%7C[mi_us]", "city away", "miles" },
        { "near=42.3601%7C-71.0589", "away", "as far as the server thinks near" },
        { "near=0%7C179.99%7C10%7Ckm", "west", "over the date line" },
        { "near=40.7128%7C-74.0060%7C0%7Ckm", "city", "the very place" },
    };
    struct fixture *f = *state;
    put(f, "Location", "city", "'position':{'longitude':-74.0060,'latitude':40.7128}");
    put(f, "Location", "away", "'position':{'longitude':-71.0589,'latitude':42.3601}");
    put(f, "Location", "west", "'position':{'longitude':-179.99,'latitude':0.0}");
    put(f, "Location", "nowhere", "'name':'nowhere'");
    check(f, "Location", CASES, COUNT(CASES));
}

static void identifiers_are_found_by_type(void **state)
{
    static const struct search_case CASES[] = {
        { "identifier:of-type=http://t%7CMR%7C12", "a", "type and value" },
        { "identifier:of-type=%7CMR%7C12", "a", "of any system" },
        { "identifier:of-type=http://t%7CSS%7C12", "b", "another type" },
        { "identifier:of-type=http://t%7CMR%7C13", "", "another value" },
        { "identifier=12", "a b", "without it both" },
        { "identifier:text=record", "a", "the type's text" },
    };
    struct fixture *f = *state;
    put(f, "Patient", "a",
        "'identifier':[{'type':{'coding':[{'system':'http://t','code':'MR'}],'text':'Record no'},"
        "'value':'12'}]");
    put(f, "Patient", "b",
        "'identifier':[{'type':{'coding':[{'system':'http://t','code':'SS'}]},'value':'12'}]");
    check(f, "Patient", CASES, COUNT(CASES));
}

static void words_are_found_in_texts(void **state)
{
    static const struct search_case CASES[] = {
        { "_text=diabetes", "a", "a word of the narrative" },
        { "_text=Diab%C3%A9tes", "a", "no accents, no case" },
        { "_text=diab", "", "a whole word" },
        { "_text=mild%20diabetes", "a", "all of the words" },
        { "_text=severe%20diabetes", "", "not some of them" },
        { "_text=severe,mild", "a", "any of the values" },
        { "_text=severe%20OR%20mild", "a", "or" },
        { "_text=(severe%20or%20mild)%20and%20diabetes", "a", "brackets" },
        { "_text=(severe%20or%20grave)%20and%20diabetes", "", "neither of them" },
        { "_text=%22mild%20diabetes%22", "a", "a phrase" },
        { "_text=%22diabetes%20mild%22", "", "in this order" },
        { "_text=severe%20or%20diabetes%20and%20mild", "a", "and binds stronger" },
        { "_text=b", "", "no tag is a word" },
        { "_text=walks", "", "not the rest of the record" },
        { "_content=walks", "b", "anywhere" },
        { "_content=diabetes", "a", "in the narrative too" },
        { "_content=diabetes&status=draft", "", "with another condition" },
    };
    struct fixture *f = *state;
    put(f, "CarePlan", "a",
        "'text':{'status':'generated','div':'<div><b>Mild</b> diabetes</div>'},'status':'active'");
    put(f, "CarePlan", "b", "'status':'draft','description':'Long walks'");
    check(f, "CarePlan", CASES, COUNT(CASES));
}

static void filters_are_trees(void **state)
{
    static const struct search_case CASES[] = {
        { "_filter=status eq draft", "b", "a code" },
        { "_filter=status ne draft", "a", "another code, and there is one" },
        { "_filter=not(status eq draft)", "a c", "or none" },
        { "_filter=status eq draft or status eq active", "a b", "or" },
        { "_filter=status eq active and intent eq plan", "a", "and" },
        { "_filter=status eq draft or status eq active and intent eq order", "b",
          "and goes first" },
        { "_filter=(status eq draft or status eq active) and intent eq plan", "a b", "brackets" },
        { "_filter=date ge 2020-02", "a", "a date with a prefix" },
        { "_filter=date po 2020-03", "a", "overlaps" },
        { "_filter=date pr true", "a b", "is there" },
        { "_filter=date pr false", "c", "is not" },
        { "_filter=subject re Patient/p", "a", "a reference" },
        { "_filter=subject.name co \"dam\"", "a", "followed, a part of a string" },
        { "_filter=subject.name sw \"ada\"", "a", "the beginning" },
        { "_filter=subject.name ew \"AMS\"", "a", "the end" },
        { "_filter=subject.name eq \"adam\"", "", "the whole" },
        { "_filter=subject:Patient.name eq \"adams\"", "a", "with its type" },
        { "_filter=subject[gender eq male].name eq \"adams\"", "a", "two things of one record" },
        { "_filter=subject[gender eq female].name eq \"adams\"", "", "that do not hold together" },
        { "_filter=identifier eq \"a,b\"", "b", "a comma is no list" },
        { "_filter=category eq http://s%7Cx", "a", "a system and a code" },
        { "_filter=status eq draft&intent=plan", "b", "beside a parameter" },
    };
    struct fixture *f = *state;
    put(f, "Patient", "p", "'name':[{'family':'Adams'}],'gender':'male'");
    put(f, "CarePlan", "a",
        "'status':'active','intent':'plan','period':{'start':'2020-03-01','end':'2020-04-01'},"
        "'subject':{'reference':'Patient/p'},'category':[{'coding':[{'system':'http://s',"
        "'code':'x'}]}]");
    put(f, "CarePlan", "b",
        "'status':'draft','intent':'plan','period':{'start':'2019-01-01','end':'2019-02-01'},"
        "'identifier':[{'value':'a,b'}]");
    put(f, "CarePlan", "c", "'intent':'order'");
    check(f, "CarePlan", CASES, COUNT(CASES));
}

static void terminology_says_what_codes_stand_for(void **state)
{
#define ADMIN "http://hl7.org/fhir/ValueSet/administrative-gender"
#define ACT "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    static const struct search_case PATIENTS[] = {
        { "gender:in=" ADMIN, "a b", "in a value set" },
        { "gender:in=ValueSet/administrative-gender", "a b", "by R4's id" },
        { "gender:not-in=" ADMIN, "c", "not in it: also those without" },
        { "gender:in=" ADMIN "&gender=male", "a", "and another condition" },
    };
    static const struct search_case ENCOUNTERS[] = {
        { "class:below=" ACT "%7C_ActEncounterCode", "x y", "codes below" },
        { "class:below=" ACT "%7CIMP", "x y", "itself and below" },
        { "class:below=" ACT "%7CACUTE", "y", "only below" },
        { "class:above=" ACT "%7CACUTE", "x y", "codes above" },
        { "class:above=" ACT "%7CIMP", "x", "only above" },
    };
    struct fixture *f = *state;
    put(f, "Patient", "a", "'gender':'male'");
    put(f, "Patient", "b", "'gender':'female'");
    put(f, "Patient", "c", "'active':true");
    put(f, "Encounter", "x", "'class':{'system':'" ACT "','code':'IMP'}");
    put(f, "Encounter", "y", "'class':{'system':'" ACT "','code':'ACUTE'}");
    put(f, "Encounter", "z", "'class':{'code':'ACUTE'}");
    terminology = terminology_open(definitions);
    check(f, "Patient", PATIENTS, COUNT(PATIENTS));
    check(f, "Encounter", ENCOUNTERS, COUNT(ENCOUNTERS));
    terminology_close(terminology);
    terminology = NULL;
}

int main(void)
{
#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        IN_STORE(uris_are_found),
        IN_STORE(quantities_are_found_across_units),
        IN_STORE(composites_hold_in_one_element),
        IN_STORE(places_are_found_by_how_near_they_are),
        IN_STORE(identifiers_are_found_by_type),
        IN_STORE(words_are_found_in_texts),
        IN_STORE(filters_are_trees),
        IN_STORE(terminology_says_what_codes_stand_for),
    };
    return cmocka_run_group_tests(tests, open_definitions, close_definitions);
}
