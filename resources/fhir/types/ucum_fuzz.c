/* ucum_fuzz.c - fuzz target: any text is a unit or none; a unit is as large as itself. */
#include <assert.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/types/ucum.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct ucum *find_units(void)
{
    static struct definitions *definitions;
    static struct arena *arena;
    static const char *const PATHS[] = { "build/definitions.db" };
    struct issues issues;
    if (!definitions) {
        arena = arena_open();
        issues_init(&issues, arena, (struct str){ 0 });
        definitions = definitions_open(PATHS, 1, &issues);
    }
    assert(definitions);
    return definitions_units(definitions);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct ucum *units = find_units();
    CLOSING_ARENA struct arena *arena = arena_open();
    struct str text = { (const char *)bytes, size }, base;
    struct ucum_scale scale;
    bool is_unit = ucum_parse(&scale, text, units);
    assert(ucum_is_valid(text, units) == (is_unit && size > 0));
    double factor = ucum_canonical(text, &base, units, arena);
    assert(factor > 0);
    if (!is_unit)
        return 0;
    assert(scale.numerator.count > 0 && scale.denominator.count > 0);
    assert(scale.power_count <= UCUM_MOST_POWERS && ucum_same_dimension(&scale, &scale));
    struct decimal two = decimal_of_int(2), back;
    int order = ucum_compare(&two, &scale, &two, &scale);
    assert(order == 0 || order == 2);
    if (!scale.special && ucum_convert(&back, &two, &scale, &scale))
        assert(decimal_compare(&two, &back) == 0);
    return 0;
}
