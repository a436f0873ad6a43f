/* snapshot_test.c - differentials against a small world of definitions: the snapshot's elements, or
 * what is wrong with the differential. */
#include "resources/base/test.h"

#include <string.h>

#include "profiles/snapshot/library.h"
#include "profiles/snapshot/snapshot.h"
#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"

#define CORE "http://hl7.org/fhir/StructureDefinition/"
#define MINE "http://example.org/"

/* JSON here is written with ' for ". */
static cJSON *parse(const char *text, struct arena *arena)
{
    struct issues issues;
    char *json = str_cstr(arena, str_of(text));
    for (char *at = json; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    issues_init(&issues, arena, (struct str){ 0 });
    cJSON *tree = json_parse(str_of(json), arena, &issues);
    assert_non_null(tree);
    return tree;
}

/* One definition of the small world: its elements as "path min..max type,type", one a line. A type
 * may carry <profile> or >target; "#id" instead of types is a content reference; "!" behind the
 * types is a required binding; "[s]" a slicing by url. */
static const struct definition {
    const char *url, *type, *base, *elements;
} WORLD[] = {
    { CORE "Element", "Element", "",
      "Element 0..*\nElement.id 0..1 string\nElement.extension 0..* Extension [s]" },
    { CORE "BackboneElement", "BackboneElement", CORE "Element",
      "BackboneElement 0..*\nBackboneElement.id 0..1 string\n"
      "BackboneElement.extension 0..* Extension [s]" },
    { CORE "string", "string", CORE "Element", "string 0..*\nstring.id 0..1 string" },
    { CORE "code", "code", CORE "string", "code 0..*\ncode.id 0..1 string" },
    { CORE "Quantity", "Quantity", CORE "Element",
      "Quantity 0..*\nQuantity.value 0..1 string\nQuantity.unit 0..1 string" },
    { CORE "Age", "Quantity", CORE "Quantity",
      "Quantity 0..*\nQuantity.value 1..1 string\nQuantity.unit 0..1 string" },
    { CORE "Name", "Name", CORE "Element",
      "Name 0..*\nName.extension 0..* Extension [s]\nName.use 0..1 code!\nName.text 0..1 string" },
    { CORE "Reference", "Reference", CORE "Element",
      "Reference 0..*\nReference.display 0..1 string" },
    { CORE "Extension", "Extension", CORE "Element",
      "Extension 0..*\nExtension.extension 0..* Extension [s]\nExtension.url 1..1 string\n"
      "Extension.value[x] 0..1 string,Quantity,code" },
    { CORE "Thing", "Thing", "",
      "Thing 0..*\nThing.extension 0..* Extension\nThing.status 1..1 code!\n"
      "Thing.name 0..* Name\nThing.value[x] 0..1 string,Quantity,code\n"
      "Thing.subject 0..1 Reference>" CORE "Thing>" CORE "Person\n"
      "Thing.part 0..* BackboneElement\nThing.part.code 0..1 code\n"
      "Thing.part.value[x] 0..1 string,Quantity\nThing.part.part 0..* #Thing.part\n"
      "Thing.any[x] 1..1 string,Quantity" },
    { CORE "Person", "Person", "", "Person 0..*" },
    { CORE "Place", "Place", "", "Place 0..*" },
    { MINE "flag", "Extension", CORE "Extension",
      "Extension 0..1\nExtension.extension 0..0 Extension [s]\nExtension.url 1..1 string\n"
      "Extension.value[x] 1..1 code" },
    { MINE "full-name", "Name", CORE "Name",
      "Name 0..*\nName.use 1..1 code!\nName.text 1..1 string" },
};

static void add_type(cJSON *types, struct str text, struct arena *arena)
{
    cJSON *type = json_add(types, json_new_object(arena));
    struct str code = text;
    size_t mark = str_find(text, '<', 0), target = str_find(text, '>', 0);
    code.len = mark < target ? mark : target;
    json_set(arena, type, "code", json_new_string(arena, code));
    if (mark < target) {
        cJSON *profiles = json_new_array(arena);
        json_add(profiles, json_new_string(arena, str_slice(text, mark + 1, target)));
        json_set(arena, type, "profile", profiles);
        return;
    }
    cJSON *targets = json_new_array(arena);
    for (text = str_slice(text, target + 1, text.len); text.len;)
        json_add(targets, json_new_string(arena, str_cut(&text, '>')));
    if (json_count(targets))
        json_set(arena, type, "targetProfile", targets);
}

static void add_types(cJSON *element, struct str text, struct arena *arena)
{
    bool is_sliced = str_ends(text, STR(" [s]"));
    text.len -= is_sliced ? 4 : 0;
    if (is_sliced)
        json_set(arena, element, "slicing",
                 parse("{'discriminator':[{'type':'value','path':'url'}],'rules':'open'}", arena));
    if (str_ends(text, STR("!"))) {
        text.len--;
        json_set(arena, element, "binding", parse("{'strength':'required','valueSet':'a'}", arena));
    }
    if (str_starts(text, STR("#"))) {
        json_set(arena, element, "contentReference", json_new_string(arena, text));
        return;
    }
    cJSON *types = json_new_array(arena);
    while (text.len)
        add_type(types, str_cut(&text, ','), arena);
    if (json_count(types))
        json_set(arena, element, "type", types);
}

static cJSON *snapshot_of(const char *elements, struct arena *arena)
{
    cJSON *snapshot = json_new_object(arena), *list = json_new_array(arena);
    for (struct str text = str_of(elements); text.len;) {
        struct str line = str_cut(&text, '\n');
        cJSON *element = json_add(list, json_new_object(arena));
        json_set(arena, element, "path", json_new_string(arena, str_cut(&line, ' ')));
        struct str range = str_cut(&line, ' ');
        json_set(arena, element, "min", json_new_number(arena, str_slice(range, 0, 1)));
        json_set(arena, element, "max", json_new_string(arena, str_slice(range, 3, 4)));
        add_types(element, line, arena);
    }
    json_set(arena, snapshot, "element", list);
    return snapshot;
}

static cJSON *new_definition(const char *url, const char *type, const char *base,
                             struct arena *arena)
{
    cJSON *definition = json_new_object(arena);
    json_set(arena, definition, "resourceType", json_new_string(arena, STR("StructureDefinition")));
    json_set(arena, definition, "url", json_new_string(arena, str_of(url)));
    json_set(arena, definition, "type", json_new_string(arena, str_of(type)));
    json_set(arena, definition, "derivation", json_new_string(arena, STR("constraint")));
    if (*base)
        json_set(arena, definition, "baseDefinition", json_new_string(arena, str_of(base)));
    return definition;
}

static struct snapshot_library_set *open_world(struct arena *arena)
{
    struct snapshot_library_set *set = snapshot_library_open(arena);
    for (size_t i = 0; i < COUNT(WORLD); i++) {
        cJSON *definition = new_definition(WORLD[i].url, WORLD[i].type, WORLD[i].base, arena);
        json_set(arena, definition, "snapshot", snapshot_of(WORLD[i].elements, arena));
        snapshot_library_add(set, definition);
    }
    return set;
}

static cJSON *new_profile(const char *url, const char *base, const char *elements,
                          struct arena *arena)
{
    struct str differential = str_print(arena, "{'element':[%s]}", elements);
    cJSON *profile = new_definition(url, "Thing", base, arena);
    json_set(arena, profile, "differential", parse(differential.data, arena));
    return profile;
}

static void print_types(struct buf *out, const cJSON *types)
{
    for (size_t i = 0; i < json_count(types); i++) {
        const cJSON *type = json_at(types, i);
        buf_print(out, "%c" STR_FMT, i ? ',' : ' ', STR_ARG(json_get_text(type, "code")));
        const cJSON *targets = json_get(type, "targetProfile");
        for (size_t t = 0; t < json_count(targets); t++)
            buf_print(out, ">" STR_FMT, STR_ARG(json_text(json_at(targets, t))));
    }
}

/* The elements whose id begins with prefix, in the words of WORLD. */
static struct str print(const cJSON *profile, const char *prefix, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena, 1 << 20);
    const cJSON *list = json_get(json_get(profile, "snapshot"), "element");
    for (size_t i = 0; i < json_count(list); i++) {
        const cJSON *element = json_at(list, i);
        if (!str_starts(json_get_text(element, "id"), str_of(prefix)))
            continue;
        buf_print(&out, "%s" STR_FMT " " STR_FMT ".." STR_FMT, out.len ? "\n" : "",
                  STR_ARG(json_get_text(element, "id")), STR_ARG(json_get_text(element, "min")),
                  STR_ARG(json_get_text(element, "max")));
        print_types(&out, json_get(element, "type"));
        for (const cJSON *item = element->child; item; item = item->next)
            if (str_starts(str_of(item->string), STR("fixed")) ||
                str_starts(str_of(item->string), STR("pattern")))
                buf_print(&out, " %s", item->string);
        struct str strength = json_get_text(json_get(element, "binding"), "strength");
        if (strength.len)
            buf_print(&out, " %s" STR_FMT, str_is(strength, "required") ? "!" : "?",
                      STR_ARG(json_get_text(json_get(element, "binding"), "valueSet")));
        if (json_get(element, "slicing"))
            buf_print(&out, " [" STR_FMT "]",
                      STR_ARG(json_get_text(json_get(element, "slicing"), "rules")));
    }
    return buf_str(&out);
}

static const char OPEN[] =
    "'slicing':{'discriminator':[{'type':'value','path':'use'}],'rules':'open'}";

/* `$` in a differential stands for OPEN. */
static const char *expand(const char *elements, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena, 4 << 20);
    for (; *elements; elements++)
        if (*elements == '$')
            buf_add(&out, str_of(OPEN));
        else
            buf_add_char(&out, *elements);
    return buf_str(&out).data;
}

static const struct {
    const char *claim, *differential, *prefix, *elements;
} MADE[] = {
    { "cardinality is narrowed", "{'path':'Thing.name','min':1,'max':'3'}", "Thing.name",
      "Thing.name 1..3 Name" },
    { "elements are walked into", "{'path':'Thing.name.text','min':1}", "Thing.name",
      "Thing.name 0..* Name\nThing.name.extension 0..* Extension [open]\n"
      "Thing.name.use 0..1 code !a\nThing.name.text 1..1 string" },
    { "a profile on the type is walked into",
      "{'path':'Thing.name','type':[{'code':'Name','profile':['" MINE "full-name']}]},"
      "{'path':'Thing.name.use','fixedCode':'usual'}",
      "Thing.name",
      "Thing.name 0..* Name\nThing.name.use 1..1 code fixedCode !a\nThing.name.text 1..1 string" },
    { "slices are made of the element",
      "{'path':'Thing.name',$,'min':1},{'path':'Thing.name','sliceName':'a','max':'1'},"
      "{'path':'Thing.name.use','min':1},{'path':'Thing.name','sliceName':'b'}",
      "Thing.name",
      "Thing.name 1..* Name [open]\nThing.name:a 0..1 Name\n"
      "Thing.name:a.extension 0..* Extension [open]\nThing.name:a.use 1..1 code !a\n"
      "Thing.name:a.text 0..1 string\nThing.name:b 0..* Name" },
    { "what is said of all entries stays there",
      "{'path':'Thing.name',$},{'path':'Thing.name.text','max':'0'},"
      "{'path':'Thing.name','sliceName':'a'}",
      "Thing.name:a", "Thing.name:a 0..* Name" },
    { "slices of a backbone element bring its children",
      "{'path':'Thing.part',$},{'path':'Thing.part','sliceName':'a','min':1}", "Thing.part:a",
      "Thing.part:a 1..* BackboneElement\nThing.part:a.code 0..1 code\n"
      "Thing.part:a.value[x] 0..1 string,Quantity\nThing.part:a.part 0..*" },
    { "a reslice stands behind its slice, and takes over what that says",
      "{'path':'Thing.part',$},{'path':'Thing.part','sliceName':'a','max':'5'},"
      "{'path':'Thing.part.code','min':1},{'path':'Thing.part','sliceName':'b'},"
      "{'path':'Thing.part','sliceName':'a/x'}",
      "Thing.part:a/x",
      "Thing.part:a/x 0..5 BackboneElement\nThing.part:a/x.code 1..1 code\n"
      "Thing.part:a/x.value[x] 0..1 string,Quantity\nThing.part:a/x.part 0..*" },
    { "content references are walked into", "{'path':'Thing.part.part.code','min':1}",
      "Thing.part.part",
      "Thing.part.part 0..* BackboneElement\nThing.part.part.code 1..1 code\n"
      "Thing.part.part.value[x] 0..1 string,Quantity\nThing.part.part.part 0..*" },
    { "a short form is a slice of the choice", "{'path':'Thing.valueQuantity.unit','min':1}",
      "Thing.value",
      "Thing.value[x] 0..1 string,Quantity,code [open]\nThing.value[x]:valueQuantity 0..1 "
      "Quantity\n"
      "Thing.value[x]:valueQuantity.value 0..1 string\n"
      "Thing.value[x]:valueQuantity.unit 1..1 string" },
    { "a short form of a primitive", "{'path':'Thing.valueCode','short':'x'}", "Thing.value",
      "Thing.value[x] 0..1 string,Quantity,code [open]\nThing.value[x]:valueCode 0..1 code" },
    { "a choice with a slice for each type is closed",
      "{'path':'Thing.part.valueString','max':'0'},{'path':'Thing.part.valueQuantity','short':'x'}",
      "Thing.part.value",
      "Thing.part.value[x] 0..1 string,Quantity [closed]\nThing.part.value[x]:valueString 0..0 "
      "string\nThing.part.value[x]:valueQuantity 0..1 Quantity" },
    { "a required type leaves no other", "{'path':'Thing.valueCode','min':1}", "Thing.value",
      "Thing.value[x] 1..1 code [closed]\nThing.value[x]:valueCode 1..1 code" },
    { "the only type spoken of is as required as the choice",
      "{'path':'Thing.anyString','short':'x'}", "Thing.any",
      "Thing.any[x] 1..1 string,Quantity [open]\nThing.any[x]:anyString 1..1 string" },
    { "a type slice by its own name",
      "{'path':'Thing.value[x]','sliceName':'measured','type':[{'code':'Quantity'}]}",
      "Thing.value[x]:", "Thing.value[x]:measured 0..1 Quantity" },
    { "inside a slice a lone short form narrows the choice",
      "{'path':'Thing.part',$},{'path':'Thing.part','sliceName':'a'},"
      "{'path':'Thing.part.valueQuantity.unit','min':1}",
      "Thing.part:a.value",
      "Thing.part:a.value[x] 0..1 Quantity\nThing.part:a.value[x].value 0..1 string\n"
      "Thing.part:a.value[x].unit 1..1 string" },
    { "types are narrowed", "{'path':'Thing.value[x]','type':[{'code':'code'},{'code':'string'}]}",
      "Thing.value", "Thing.value[x] 0..1 code,string" },
    { "inside several types there are id and extension",
      "{'path':'Thing.value[x].extension','max':'0'}", "Thing.value",
      "Thing.value[x] 0..1 string,Quantity,code\nThing.value[x].id 0..1 string\n"
      "Thing.value[x].extension 0..0 Extension [open]" },
    { "targets are narrowed",
      "{'path':'Thing.subject','type':[{'code':'Reference','targetProfile':['" CORE "Person']}]}",
      "Thing.subject", "Thing.subject 0..1 Reference>" CORE "Person" },
    { "extensions need no slicing, and bring their max",
      "{'path':'Thing.extension','sliceName':'f','type':[{'code':'Extension','profile':['" MINE
      "flag']}]}",
      "Thing.extension",
      "Thing.extension 0..* Extension [open]\nThing.extension:f 0..1 Extension" },
    { "extensions are constrained inside",
      "{'path':'Thing.extension','sliceName':'f','type':[{'code':'Extension','profile':['" MINE
      "flag']}]},{'path':'Thing.extension.value[x]','patternCode':'x'}",
      "Thing.extension:f",
      "Thing.extension:f 0..1 Extension\nThing.extension:f.extension 0..0 Extension [open]\n"
      "Thing.extension:f.url 1..1 string\nThing.extension:f.value[x] 1..1 code patternCode" },
    { "the value of an extension keeps the types that are spoken of",
      "{'path':'Thing.extension','sliceName':'f','type':[{'code':'Extension'}]},"
      "{'path':'Thing.extension.valueCode','short':'x'}",
      "Thing.extension:f.value",
      "Thing.extension:f.value[x] 0..1 code [closed]\n"
      "Thing.extension:f.value[x]:valueCode 0..1 code" },
    { "a binding keeps its value set when only the strength is said",
      "{'path':'Thing.name.use','binding':{'strength':'required'}}", "Thing.name.use",
      "Thing.name.use 0..1 code !a" },
    { "a binding of no coded type goes",
      "{'path':'Thing.value[x]','type':[{'code':'Quantity'}]},"
      "{'path':'Thing.subject','binding':{'strength':'example','valueSet':'b'}}",
      "Thing.subject", "Thing.subject 0..1 Reference>" CORE "Thing>" CORE "Person" },
    { "ids say which slice is meant",
      "{'id':'Thing.part','path':'Thing.part',$},"
      "{'id':'Thing.part:a','path':'Thing.part','sliceName':'a'},"
      "{'id':'Thing.part:b','path':'Thing.part','sliceName':'b'},"
      "{'id':'Thing.part:a.code','path':'Thing.part.code','min':1}",
      "Thing.part:a.code", "Thing.part:a.code 1..1 code" },
    { "without true ids the order says it",
      "{'path':'Thing.part',$},{'path':'Thing.part','sliceName':'a'},"
      "{'path':'Thing.part','sliceName':'b'},{'path':'Thing.part.code','min':1}",
      "Thing.part:b.code", "Thing.part:b.code 1..1 code" },
    { "a lone slice name without a slicing is a name",
      "{'path':'Thing.status','sliceName':'State','short':'x'}", "Thing.status",
      "Thing.status:State 1..1 code !a" },
    { "the root may be said", "{'path':'Thing','max':'5'},{'path':'Thing.name','max':'1'}",
      "Thing.name", "Thing.name 0..1 Name" },
    { "an empty differential gives the base", "", "Thing.s",
      "Thing.status 1..1 code !a\nThing.subject 0..1 Reference>" CORE "Thing>" CORE "Person" },
};

static void makes_snapshots(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(MADE); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        struct snapshot_library library = snapshot_library_of(open_world(arena));
        struct snapshot_request request = { NULL, &library, false };
        issues_init(&issues, arena, (struct str){ 0 });
        cJSON *profile =
            new_profile(MINE "p", CORE "Thing", expand(MADE[i].differential, arena), arena);
        cJSON *before = json_copy(arena, json_get(profile, "differential"));
        if (!snapshot_make(profile, &request, arena, &issues))
            fail_msg("%s: " STR_FMT, MADE[i].claim, STR_ARG(issues.first->diagnostics));
        struct str elements = print(profile, MADE[i].prefix, arena);
        if (!str_is(elements, MADE[i].elements))
            fail_msg("%s:\n" STR_FMT, MADE[i].claim, STR_ARG(elements));
        assert_true(json_equal(before, json_get(profile, "differential")));
    }
}

static const struct {
    const char *differential;
    const char *issue; /* its diagnostics behind the profile's name */
    const char *place;
} REFUSED[] = {
    { "{'path':'Thing.nothing'}", "Thing.nothing: the element 'nothing' is not in the base",
      "element[0]" },
    { "{'path':'Thing.name.valueQuantity'}",
      "Thing.name.valueQuantity: the element 'valueQuantity' is not in the base", "element[0]" },
    { "{'path':'Person.name'}", "Person.name: the path does not begin with 'Thing'", "element[0]" },
    { "{'min':1}", "the path does not begin with 'Thing'", "element[0]" },
    { "{'path':'Thing..name'}", "Thing..name: the path has a step that is no element name",
      "element[0]" },
    { "{'path':'Thing.na me'}", "Thing.na me: the path has a step that is no element name",
      "element[0]" },
    { "{'path':'Thing.name'},{'path':'Thing.status'}",
      "Thing.status: 'status' is out of order: it comes before 'name'", "element[1]" },
    { "{'path':'Thing.name'},{'path':'Thing'}", "Thing: the root stands first, and once",
      "element[1]" },
    { "{'path':'Thing.status','min':0}", "Thing.status: min 0 is lower than 1 of the base",
      "element[0]" },
    { "{'path':'Thing.status','max':'2'}", "Thing.status: max 2 is higher than 1 of the base",
      "element[0]" },
    { "{'path':'Thing.status','max':'many'}", "Thing.status: max is neither a number nor *",
      "element[0]" },
    { "{'path':'Thing.status','min':'x'}", "Thing.status: min is no number", "element[0]" },
    { "{'path':'Thing.status','fixedQuantity':{}}",
      "Thing.status: fixedQuantity does not fit the element's type", "element[0]" },
    { "{'path':'Thing.status','type':[{'code':'Quantity'}]}",
      "Thing.status: the type 'Quantity' is none of the base's", "element[0]" },
    { "{'path':'Thing.subject','type':[{'code':'Reference','targetProfile':['" CORE "Place']}]}",
      "Thing.subject: the target '" CORE "Place' is none of the base's", "element[0]" },
    { "{'path':'Thing.name','type':[{'code':'Name','profile':['" CORE "Age']}]}",
      "Thing.name: the profile '" CORE "Age' is on Quantity, not on Name", "element[0]" },
    { "{'path':'Thing','type':[{'code':'Name'}]}", "Thing: the root element takes no type",
      "element[0]" },
    { "{'path':'Thing.status','binding':{'strength':'example'}}",
      "Thing.status: the binding is required in the base and can not be example", "element[0]" },
    { "{'path':'Thing.name','sliceName':'a'},{'path':'Thing.name','sliceName':'b'}",
      "Thing.name: the slice 'a' comes without a slicing of the element", "element[0]" },
    { "{'path':'Thing.name'},{'path':'Thing.name'}", "Thing.name: the element is given twice",
      "element[1]" },
    { "{'path':'Thing.name','sliceName':'a'},{'path':'Thing.name',$}",
      "Thing.name: the element comes after its slices", "element[1]" },
    { "{'path':'Thing.valueCode','min':1},{'path':'Thing.valueString','short':'x'}",
      "Thing.valueCode: it is required, so no other type can be there", "element[0]" },
    { "{'path':'Thing.value[x].unit','min':1}",
      "Thing.value[x].unit: the element has several types: say inside which one", "element[0]" },
    { "{'path':'Thing.valueName','min':1}", "Thing.valueName: the choice has no such type",
      "element[0]" },
    { "{'path':'Thing.valueCode','type':[{'code':'string'}]}",
      "Thing.valueCode: the type is not the one that the path says", "element[0]" },
    { "{'id':'Thing.part:a.code','path':'Thing.part.code','min':1}",
      "Thing.part.code: the slice 'a' comes without a slicing of the element", "element[0]" },
    { "{'id':'Thing.part','path':'Thing.part',$},"
      "{'id':'Thing.part:a.code','path':'Thing.part.code','min':1}",
      "Thing.part.code: there is no slice 'a'", "element[1]" },
    { "7", "the path does not begin with 'Thing'", "element[0]" },
};

static void refuses_differentials(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REFUSED); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        struct snapshot_library library = snapshot_library_of(open_world(arena));
        struct snapshot_request request = { NULL, &library, false };
        issues_init(&issues, arena, (struct str){ 0 });
        cJSON *profile =
            new_profile(MINE "p", CORE "Thing", expand(REFUSED[i].differential, arena), arena);
        if (snapshot_make(profile, &request, arena, &issues))
            fail_msg("%s: it is made", REFUSED[i].differential);
        struct str want = str_print(arena, MINE "p: %s", REFUSED[i].issue);
        struct str place =
            str_print(arena, "StructureDefinition.differential.%s", REFUSED[i].place);
        if (!str_equal(issues.first->diagnostics, want) ||
            !str_equal(issues.first->expression, place))
            fail_msg("%s: " STR_FMT " at " STR_FMT, REFUSED[i].differential,
                     STR_ARG(issues.first->diagnostics), STR_ARG(issues.first->expression));
        assert_null(json_get(profile, "snapshot"));
    }
}

/* Makes a profile whose base is the last of `bases`, each on the one before it. */
static bool make_chain(const char *const *differentials, size_t count, cJSON **made,
                       struct issues *issues)
{
    struct arena *arena = issues->arena;
    struct snapshot_library_set *set = open_world(arena);
    struct snapshot_library library = snapshot_library_of(set);
    struct snapshot_request request = { NULL, &library, false };
    const char *base = CORE "Thing";
    for (size_t i = 0; i < count; i++) {
        const char *url = str_print(arena, MINE "%zu", i).data;
        *made = new_profile(url, base, expand(differentials[i], arena), arena);
        snapshot_library_add(set, *made);
        base = url;
    }
    return snapshot_make(*made, &request, arena, issues);
}

static const struct {
    const char *claim, *differentials[3], *prefix;
    const char *elements; /* or, when prefix is NULL, the issue */
} CHAINS[] = {
    { "bases without snapshots are made first",
      { "{'path':'Thing.name','max':'5'}", "{'path':'Thing.name','min':1}",
        "{'path':'Thing.name','max':'2'}" },
      "Thing.name",
      "Thing.name 1..2 Name" },
    { "a slice of the base is changed, a new one stands behind",
      { "{'path':'Thing.part',$},{'path':'Thing.part','sliceName':'a','min':1},"
        "{'path':'Thing.part.code','min':1}",
        "{'path':'Thing.part','sliceName':'a','max':'2'},{'path':'Thing.part','sliceName':'b'}" },
      "Thing.part:",
      "Thing.part:a 1..2 BackboneElement\nThing.part:a.code 1..1 code\n"
      "Thing.part:a.value[x] 0..1 string,Quantity\nThing.part:a.part 0..*\n"
      "Thing.part:b 0..* BackboneElement\nThing.part:b.code 0..1 code\n"
      "Thing.part:b.value[x] 0..1 string,Quantity\nThing.part:b.part 0..*" },
    { "types that are spoken of now stand before those of the base",
      { "{'path':'Thing.valueString','short':'x'}", "{'path':'Thing.valueCode','short':'x'}" },
      "Thing.value[x]:",
      "Thing.value[x]:valueCode 0..1 code\nThing.value[x]:valueString 0..1 string" },
    { "a content reference does not bring what a profile says of the content",
      { "{'path':'Thing.part.code','min':1}", "{'path':'Thing.part.part.code','short':'x'}" },
      "Thing.part.part.code",
      "Thing.part.part.code 0..1 code" },
    { "a fixed value takes a pattern's place",
      { "{'path':'Thing.status','patternCode':'a'}", "{'path':'Thing.status','fixedCode':'a'}" },
      "Thing.status",
      "Thing.status 1..1 code fixedCode !a" },
    { "a closed slicing takes no new slice",
      { "{'path':'Thing.name','slicing':{'rules':'closed'}},{'path':'Thing.name','sliceName':'a'}",
        "{'path':'Thing.name','sliceName':'b'}" },
      NULL,
      MINE "1: Thing.name: the slicing is closed in the base: there can be no slice 'b'" },
    { "slices keep the base's order",
      { "{'path':'Thing.name',$},{'path':'Thing.name','sliceName':'a'},"
        "{'path':'Thing.name','sliceName':'b'}",
        "{'path':'Thing.name','sliceName':'b'},{'path':'Thing.name','sliceName':'a'}" },
      NULL,
      MINE "1: Thing.name: the slice 'a' is out of order" },
    { "mustSupport stays",
      { "{'path':'Thing.name','mustSupport':true}", "{'path':'Thing.name','mustSupport':false}" },
      NULL,
      MINE "1: Thing.name: mustSupport of the base can not be taken back" },
    { "a broken base says what is wrong with it",
      { "{'path':'Thing.nothing'}", "{'path':'Thing.name'}" },
      NULL,
      MINE "0: Thing.nothing: the element 'nothing' is not in the base" },
};

static void makes_bases_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CHAINS); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        cJSON *profile = NULL;
        size_t count = CHAINS[i].differentials[2] ? 3 : 2;
        issues_init(&issues, arena, (struct str){ 0 });
        bool is_made = make_chain(CHAINS[i].differentials, count, &profile, &issues);
        struct str got = is_made ? print(profile, CHAINS[i].prefix ? CHAINS[i].prefix : "", arena)
                                 : issues.first->diagnostics;
        if (is_made != (CHAINS[i].prefix != NULL) || !str_is(got, CHAINS[i].elements))
            fail_msg("%s:\n" STR_FMT, CHAINS[i].claim, STR_ARG(got));
    }
}

static void adds_up_what_accumulates(void **state)
{
    (void)state;
    static const char *const CHAIN[] = {
        "{'path':'Thing.name','alias':['x'],'condition':['a'],'definition':'One.',"
        "'constraint':[{'key':'a','human':'first'}],'mapping':[{'identity':'m','map':'1'}]}",
        "{'path':'Thing.name','alias':['x','y'],'condition':['b'],'definition':'...Two.',"
        "'constraint':[{'key':'a','human':'again'},{'key':'b','human':'second'}],"
        "'mapping':[{'identity':'m','map':'1'},{'identity':'m','map':'2'}]}",
    };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    cJSON *profile = NULL;
    issues_init(&issues, arena, (struct str){ 0 });
    assert_true(make_chain(CHAIN, COUNT(CHAIN), &profile, &issues));
    const cJSON *name = json_at(json_get(json_get(profile, "snapshot"), "element"), 3);
    cJSON *want = parse(
        "{'id':'Thing.name','path':'Thing.name','definition':'One.#Two.','alias':['x','y'],'min':0,"
        "'max':'*','base':{'path':'Thing.name','min':0,'max':'*'},'type':[{'code':'Name'}],"
        "'condition':['a','b'],'constraint':["
        "{'key':'a','human':'first','source':'http://example.org/0'},"
        "{'key':'b','human':'second','source':'http://example.org/1'}],"
        "'mapping':[{'identity':'m','map':'1'},{'identity':'m','map':'2'}]}",
        arena);
    json_set(arena, want, "definition", json_new_string(arena, STR("One.\r\nTwo.")));
    assert_true(json_equal(want, name));
}

static void ends_in_cycles(void **state)
{
    (void)state;
    static const char *const BASES[] = { MINE "p", MINE "q", MINE "unknown", "" };
    for (size_t i = 0; i < COUNT(BASES); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        struct snapshot_library_set *set = open_world(arena);
        struct snapshot_library library = snapshot_library_of(set);
        struct snapshot_request request = { NULL, &library, false };
        issues_init(&issues, arena, (struct str){ 0 });
        cJSON *profile = new_profile(MINE "p", BASES[i], "", arena);
        snapshot_library_add(set, new_profile(MINE "q", MINE "p", "", arena));
        assert_false(snapshot_make(profile, &request, arena, &issues));
        assert_null(json_get(profile, "snapshot"));
    }
}

/* A chain of bases without end, and slices of slices of slices. */
static void keeps_its_limits(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    const char *chain[SNAPSHOT_MOST_BASES + 2];
    struct issues issues;
    struct buf many;
    cJSON *profile = NULL;
    issues_init(&issues, arena, (struct str){ 0 });
    for (size_t i = 0; i < COUNT(chain); i++)
        chain[i] = "";
    assert_false(make_chain(chain, COUNT(chain), &profile, &issues));
    assert_int_equal(issues.first->id, ISSUE_TOO_COSTLY);
    buf_init(&many, arena, 4 << 20);
    buf_add(&many, STR("{'path':'Thing.part',$}"));
    for (size_t i = 0; i < SNAPSHOT_MOST_ELEMENTS / 4; i++)
        buf_print(&many, ",{'path':'Thing.part','sliceName':'s%zu'}", i);
    const char *const wide[] = { buf_str(&many).data };
    issues_init(&issues, arena, (struct str){ 0 });
    assert_false(make_chain(wide, 1, &profile, &issues));
    assert_int_equal(issues.first->id, ISSUE_TOO_COSTLY);
    assert_int_equal(issues.count, 1);
}

static void takes_any_order_when_asked(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct snapshot_library library = snapshot_library_of(open_world(arena));
    struct snapshot_request request = { NULL, &library, true };
    issues_init(&issues, arena, (struct str){ 0 });
    cJSON *profile =
        new_profile(MINE "p", CORE "Thing",
                    "{'path':'Thing.part','min':1},{'path':'Thing.name','min':2}", arena);
    assert_true(snapshot_make(profile, &request, arena, &issues));
    assert_true(str_is(print(profile, "Thing.name", arena), "Thing.name 2..* Name"));
}

static void warns_of_what_is_not_known(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct snapshot_library library = snapshot_library_of(open_world(arena));
    struct snapshot_request request = { NULL, &library, false };
    issues_init(&issues, arena, (struct str){ 0 });
    cJSON *profile =
        new_profile(MINE "p", CORE "Thing",
                    "{'path':'Thing.name','type':[{'code':'Name','profile':['" MINE "unknown']}]},"
                    "{'path':'Thing.name.text','min':1}",
                    arena);
    assert_true(snapshot_make(profile, &request, arena, &issues));
    assert_int_equal(issues.errors, 0);
    assert_int_equal(issues.count, 2);
    assert_true(str_is(print(profile, "Thing.name.text", arena), "Thing.name.text 1..1 string"));
}

static void makes_specializations(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct snapshot_library library = snapshot_library_of(open_world(arena));
    struct snapshot_request request = { NULL, &library, false };
    issues_init(&issues, arena, (struct str){ 0 });
    cJSON *profile = new_definition(MINE "Part", MINE "Part", CORE "BackboneElement", arena);
    json_set(arena, profile, "derivation", json_new_string(arena, STR("specialization")));
    json_set(arena, profile, "differential",
             parse("{'element':[{'path':'Part','min':0,'max':'*'},"
                   "{'path':'Part.inner','min':0,'max':'*','type':[{'code':'BackboneElement'}]},"
                   "{'path':'Part.inner.size','min':1,'max':'1','type':[{'code':'Quantity'}]},"
                   "{'path':'Part.innerSize','min':0,'max':'1','type':[{'code':'string'}]}]}",
                   arena));
    assert_true(snapshot_make(profile, &request, arena, &issues));
    assert_true(str_is(print(profile, "Part", arena),
                       "Part 0..*\nPart.id 0..1 string\nPart.extension 0..* Extension [open]\n"
                       "Part.inner 0..* BackboneElement\nPart.inner.id 0..1 string\n"
                       "Part.inner.extension 0..* Extension [open]\n"
                       "Part.inner.size 1..1 Quantity\nPart.innerSize 0..1 string"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_snapshots),
        cmocka_unit_test(refuses_differentials),
        cmocka_unit_test(makes_bases_first),
        cmocka_unit_test(adds_up_what_accumulates),
        cmocka_unit_test(ends_in_cycles),
        cmocka_unit_test(keeps_its_limits),
        cmocka_unit_test(takes_any_order_when_asked),
        cmocka_unit_test(warns_of_what_is_not_known),
        cmocka_unit_test(makes_specializations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
