/* compile.c - StructureDefinition -> shapes: one pass over the snapshot, each facet to its builder.
 */
#include "profiles/validator/compile.h"

#include <assert.h>
#include <stdlib.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"

static const rule_builder BUILDERS[] = {
    validator_primitive_build, validator_fixed_build,  validator_pattern_build,
    validator_range_build,     validator_length_build, validator_binding_build,
    validator_reference_build, validator_target_build, validator_invariant_build,
    validator_display_build,   validator_coding_build,
};

static const struct str CORE = { "http://hl7.org/fhir/StructureDefinition/",
                                 sizeof "http://hl7.org/fhir/StructureDefinition/" - 1 };

static const struct str ISSUES = { "http://tandem-fhir.org/ltss/CodeSystem/tandem-issue",
                                   sizeof "http://tandem-fhir.org/ltss/CodeSystem/tandem-issue" -
                                       1 };

struct validator_key validator_compile_key(struct validator *validator, struct str property,
                                           struct str value)
{
    struct validator_key key = { STR(""), STR("") };
    if (!validator->terminology)
        return key;
    key.code = terminology_code_with(validator->terminology, ISSUES, property, value);
    if (key.code.len)
        key.text = terminology_display(validator->terminology, ISSUES, key.code);
    return key;
}

static void add_pending(struct compiler *compiler, const struct rule *rule)
{
    compiler->pending =
        arena_grow(compiler->validator->arena, compiler->pending, compiler->pending_count,
                   &compiler->pending_room, 32, sizeof *compiler->pending);
    compiler->pending[compiler->pending_count++] = rule;
}

void *validator_compile_rule(struct compiler *compiler, const struct rule_kind *kind,
                             struct str profile, struct str key, size_t size)
{
    struct validator *validator = compiler->validator;
    struct str full = str_print(validator->arena, "%s|" STR_FMT "|" STR_FMT, kind->name,
                                STR_ARG(profile), STR_ARG(key));
    struct rule *rule = map_find(&validator->rules, full);
    if (rule) {
        add_pending(compiler, rule);
        return NULL;
    }
    rule = arena_alloc(validator->arena, size);
    *rule = (struct rule){ kind, profile, validator->rule_count++ };
    map_set(&validator->rules, full, rule);
    add_pending(compiler, rule);
    return rule;
}

struct str validator_compile_type_of(struct validator *validator, struct str canonical)
{
    if (str_starts(canonical, CORE)) {
        struct str name = str_slice(canonical, CORE.len, str_find(canonical, '|', 0));
        if (definitions_is_resource_type(validator->definitions, name) ||
            str_is(name, "Resource") || str_is(name, "DomainResource"))
            return name;
    }
    const struct structure *structure = definitions_structure(validator->definitions, canonical);
    return structure ? structure->type : STR("");
}

/* The elements of a structure by id. */
static const struct element *find_by_id(struct validator *validator,
                                        const struct structure *structure, struct str id)
{
    struct map *ids = map_find(&validator->ids, structure->url);
    if (!ids) {
        ids = arena_alloc(validator->arena, sizeof *ids);
        map_init(ids, validator->arena);
        for (size_t i = 0; i < structure->element_count; i++)
            map_set(ids, structure->elements[i].id,
                    arena_copy(validator->arena,
                               &(const struct element *){ &structure->elements[i] },
                               sizeof(struct element *)));
        map_set(&validator->ids, structure->url, ids);
    }
    const struct element **found = map_find(ids, id);
    return found ? *found : NULL;
}

const struct element *validator_compile_element(struct validator *validator, struct str canonical)
{
    size_t mark = str_find(canonical, '#', 0);
    const struct structure *structure =
        definitions_structure(validator->definitions, str_slice(canonical, 0, mark));
    if (!structure || structure->element_count == 0 || mark == canonical.len)
        return structure ? structure->root : NULL;
    return find_by_id(validator, structure, str_slice(canonical, mark + 1, canonical.len));
}

/* "Patient.name:official.given" -> "Patient.name.given". */
static struct str without_slices(struct arena *arena, struct str id)
{
    struct buf out;
    buf_init(&out, arena, id.len + 1);
    for (size_t at = 0; at < id.len;) {
        size_t dot = str_find(id, '.', at), colon = str_find(id, ':', at);
        buf_add(&out, str_slice(id, at, colon < dot ? colon : dot));
        if (dot < id.len)
            buf_add_char(&out, '.');
        at = dot + 1;
    }
    return buf_str(&out);
}

const struct element *validator_compile_base(struct compiler *compiler,
                                             const struct element *element)
{
    struct validator *validator = compiler->validator;
    const struct structure *structure = element->structure;
    if (!structure->is_constraint && element->parent == NULL)
        return NULL;
    const struct structure *base =
        structure->is_constraint ? definitions_structure(validator->definitions, structure->base)
                                 : NULL;
    const struct element *found = base ? find_by_id(validator, base, element->id) : NULL;
    if (base && !found && base->element_count && element->parent == NULL)
        found = base->root;
    if (base && !found)
        found = find_by_id(validator, base, without_slices(validator->arena, element->id));
    if (found)
        return found;
    const struct element *parent = element->parent;
    if (!parent || parent->type_count != 1 || parent->parent == NULL)
        return NULL;
    const struct structure *type = definitions_type_of(validator->definitions, &parent->types[0]);
    return type && type->root ? definitions_child(type->root, element->name, NULL) : NULL;
}

struct str validator_compile_origin(struct compiler *compiler, const struct element *element,
                                    element_same same)
{
    for (int i = 0; i < MOST_DERIVATIONS; i++) {
        const struct element *from = validator_compile_base(compiler, element);
        if (!from || from == element || !same(element, from))
            break;
        element = from;
    }
    return element->structure->url;
}

const struct shape *validator_compile_shape_of(struct compiler *compiler,
                                               const struct element *element)
{
    const struct structure *structure = compiler->structure;
    if (!element || element->structure != structure)
        return NULL;
    assert(element >= structure->elements &&
           element < structure->elements + structure->element_count);
    return &compiler->shapes[element - structure->elements];
}

static struct shape *own_shape(struct compiler *compiler, const struct element *element)
{
    assert(element->structure == compiler->structure);
    return &compiler->shapes[element - compiler->structure->elements];
}

static bool same_json(const cJSON *a, const cJSON *b)
{
    return a == b || (a && b && json_equal(a, b));
}

/* Are two slices told by the same values? Then what the one lacks the other lacks too. */
static bool same_content(const struct element *a, const struct element *b, int depth)
{
    if (!same_json(a->fixed, b->fixed) || !same_json(a->pattern, b->pattern) ||
        a->binding != b->binding || !str_equal(a->value_set, b->value_set))
        return false;
    if (a->child_count != b->child_count)
        return a->child_count == 0 || b->child_count == 0;
    for (size_t i = 0; i < a->child_count && depth < MOST_DERIVATIONS; i++)
        if (!same_content(a->children[i], b->children[i], depth + 1))
            return false;
    return true;
}

/* How many entries a slice has is not said by the list that it is a slice of. */
static bool same_slice(const struct element *a, const struct element *b)
{
    return str_equal(a->slice_name, b->slice_name) &&
           (a->slice_name.len == 0 || same_content(a, b, 0));
}

static bool same_min(const struct element *a, const struct element *b)
{
    return a->min == b->min && same_slice(a, b);
}

static bool same_max(const struct element *a, const struct element *b)
{
    return a->max == b->max && same_slice(a, b);
}

static bool same_types(const struct element *a, const struct element *b)
{
    if (a->type_count != b->type_count)
        return false;
    for (size_t i = 0; i < a->type_count; i++)
        if (!str_equal(a->types[i].code, b->types[i].code))
            return false;
    return true;
}

static int by_name(const void *a, const void *b)
{
    const struct shape *const *x = a, *const *y = b;
    return str_compare((*x)->element->name, (*y)->element->name);
}

static void link_children(struct compiler *compiler, struct shape *shape)
{
    const struct element *element = shape->element;
    shape->children =
        arena_array(compiler->validator->arena, element->child_count, sizeof(struct shape *));
    for (size_t i = 0; i < element->child_count; i++)
        shape->children[i] = own_shape(compiler, element->children[i]);
    shape->child_count = element->child_count;
    qsort(shape->children, shape->child_count, sizeof(struct shape *), by_name);
    for (size_t i = 0; i < shape->child_count; i++)
        shape->children[i]->ordinal = i;
}

/* R4 4.0.1 types a resource's id as string; the text of resource.html gives it the form of an id.
 */
static struct str type_code(const struct element *element, const struct element_type *type)
{
    const struct element *parent = element->parent;
    bool is_resource_id = parent && !parent->parent && element->structure->kind == KIND_RESOURCE &&
                          str_is(element->name, "id") && str_is(type->code, "string");
    return is_resource_id ? STR("id") : type->code;
}

static void link_types(struct compiler *compiler, struct shape *shape)
{
    struct validator *validator = compiler->validator;
    const struct element *element = shape->element;
    shape->types = arena_array(validator->arena, element->type_count, sizeof *shape->types);
    shape->type_count = element->type_count;
    for (size_t i = 0; i < element->type_count; i++) {
        const struct element_type *type = &element->types[i];
        struct shape_type *to = &shape->types[i];
        to->code = type_code(element, type);
        to->base = validator_compile_schema(validator, to->code);
        to->profile_count = type->profile_count;
        to->profiles = arena_array(validator->arena, type->profile_count, sizeof(struct schema *));
        for (size_t p = 0; p < type->profile_count; p++)
            to->profiles[p] = validator_compile_schema(validator, type->profiles[p]);
    }
}

/* The key of an element holds in all slices of the elements around it:
 * "CareTeam.participant:lead.member" is also "CareTeam.participant.member". The guide keys its own
 * elements only. */
static struct validator_key element_key(struct compiler *compiler, const struct element *element)
{
    struct validator *validator = compiler->validator;
    struct validator_key none = { STR(""), STR("") };
    struct str own = str_slice(ISSUES, 0, str_find_str(ISSUES, STR("CodeSystem/"), 0));
    if (!str_starts(compiler->structure->url, own))
        return none;
    struct validator_key key = validator_compile_key(validator, STR("element"), element->id);
    if (key.code.len || !element->parent)
        return key;
    struct str around = element->parent->id,
               last = str_slice(element->id, around.len, element->id.len);
    struct str id = str_print(validator->arena, STR_FMT STR_FMT,
                              STR_ARG(without_slices(validator->arena, around)), STR_ARG(last));
    return validator_compile_key(validator, STR("element"), id);
}

static void build_shape(struct compiler *compiler, struct shape *shape)
{
    struct arena *arena = compiler->validator->arena;
    const struct element *element = shape->element;
    link_children(compiler, shape);
    link_types(compiler, shape);
    shape->content = validator_compile_shape_of(compiler, element->content);
    shape->min_profile = validator_compile_origin(compiler, element, same_min);
    shape->max_profile = validator_compile_origin(compiler, element, same_max);
    shape->type_profile = validator_compile_origin(compiler, element, same_types);
    if (compiler->structure->is_constraint)
        shape->key = element_key(compiler, element);
    compiler->pending_count = 0;
    for (size_t i = 0; i < COUNT(BUILDERS); i++)
        BUILDERS[i](compiler, element);
    shape->rules =
        arena_copy(arena, compiler->pending, compiler->pending_count * sizeof(struct rule *));
    shape->rule_count = compiler->pending_count;
}

static bool is_needed(const struct shape *shape)
{
    if (shape->element->min > 0)
        return true;
    for (size_t i = 0; i < shape->element->slice_count; i++)
        if (shape->element->slices[i]->min > 0)
            return true;
    return false;
}

static void note_needed(struct compiler *compiler, struct shape *shape)
{
    shape->needed =
        arena_array(compiler->validator->arena, shape->child_count, sizeof(struct shape *));
    for (size_t i = 0; i < shape->child_count; i++)
        if (is_needed(shape->children[i]))
            shape->needed[shape->needed_count++] = shape->children[i];
}

static enum json_form form_of(struct validator *validator, struct str code)
{
    static const struct {
        const char *code;
        enum json_form form;
    } FORMS[] = {
        { "boolean", FORM_BOOLEAN },    { "integer", FORM_NUMBER }, { "unsignedInt", FORM_NUMBER },
        { "positiveInt", FORM_NUMBER }, { "decimal", FORM_NUMBER }, { "Resource", FORM_RESOURCE },
        { "xhtml", FORM_STRING },
    };
    for (size_t i = 0; i < COUNT(FORMS); i++)
        if (str_is(code, FORMS[i].code))
            return FORMS[i].form;
    if (definitions_is_resource_type(validator->definitions, code) ||
        str_is(code, "DomainResource"))
        return FORM_RESOURCE;
    bool is_primitive = code.len && code.data[0] >= 'a' && code.data[0] <= 'z';
    return is_primitive ? FORM_STRING : FORM_OBJECT;
}

static void add_property(struct compiler *compiler, struct shape *parent, const struct shape *child,
                         const struct shape_type *type)
{
    struct arena *arena = compiler->validator->arena;
    const struct element *element = child->element;
    struct property *property = arena_alloc(arena, sizeof *property);
    struct str stem = element->name;
    if (str_ends(stem, STR("[x]")))
        stem.len -= 3;
    property->shape = child;
    property->type = type;
    property->name = str_cstr(arena, stem);
    property->is_array = element->base_max > 1;
    property->form = type ? form_of(compiler->validator, type->code) : FORM_OBJECT;
    struct str key = stem;
    if (element->is_choice) {
        char *text =
            str_cstr(arena, str_print(arena, STR_FMT STR_FMT, STR_ARG(stem), STR_ARG(type->code)));
        if (text[stem.len] >= 'a' && text[stem.len] <= 'z')
            text[stem.len] = (char)(text[stem.len] - 'a' + 'A');
        key = str_of(text);
        property->of_type = str_cstr(arena, type->code);
    }
    property->key = str_cstr(arena, key);
    map_set(&parent->properties, str_of(property->key), property);
}

static void add_properties(struct compiler *compiler, struct shape *shape)
{
    map_init(&shape->properties, compiler->validator->arena);
    for (size_t i = 0; i < shape->child_count; i++) {
        const struct shape *child = shape->children[i];
        if (!child->element->is_choice)
            add_property(compiler, shape, child, child->type_count ? &child->types[0] : NULL);
        else
            for (size_t t = 0; t < child->type_count; t++)
                add_property(compiler, shape, child, &child->types[t]);
    }
}

const struct shape *validator_compile_structure(struct validator *validator,
                                                const struct structure *structure)
{
    size_t count = structure->element_count;
    struct compiler compiler = {
        .validator = validator,
        .structure = structure,
        .shapes = arena_array(validator->arena, count, sizeof(struct shape)),
    };
    for (size_t i = 0; i < count; i++)
        compiler.shapes[i].element = &structure->elements[i];
    for (size_t i = 0; i < count; i++)
        build_shape(&compiler, &compiler.shapes[i]);
    for (size_t i = 0; i < count; i++) {
        struct shape *shape = &compiler.shapes[i];
        shape->slicer = validator_slicer_build(&compiler, shape->element);
        note_needed(&compiler, shape);
        if (!structure->is_constraint && shape->child_count)
            add_properties(&compiler, shape);
    }
    struct str key = str_print(validator->arena, STR_FMT "|" STR_FMT, STR_ARG(structure->url),
                               STR_ARG(structure->version));
    map_set(&validator->compiled, key, compiler.shapes);
    return compiler.shapes;
}
