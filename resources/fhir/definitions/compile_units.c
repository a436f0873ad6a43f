/* compile_units.c - UCUM's table of units, each taken down to base units, exactly. */
#include <math.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/compiler.h"
#include "resources/fhir/definitions/source.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/ucum.h"

/* The package's table is a list of columns and a list of rows. */
struct table {
    const cJSON *columns, *rows;
};

/* A unit waits until those that define it are there. */
struct waiting {
    const cJSON *row;
    bool is_done;
};

struct units {
    struct compiler *compiler;
    struct arena *arena;
    struct table table;
    struct ucum *known;
    int64_t count;
};

/* Its sizes are also there as doubles: what our own arithmetic gives has to agree. */
static const double CLOSE = 1e-9;

static const cJSON *cell(const struct table *table, const cJSON *row, const char *column)
{
    for (size_t i = 0; i < json_count(table->columns); i++)
        if (str_is(json_text(json_at(table->columns, i)), column))
            return json_at(row, i);
    return NULL;
}

static struct str text_of(const struct units *units, const cJSON *row, const char *column)
{
    return json_text(cell(&units->table, row, column));
}

static bool is_set(const struct units *units, const cJSON *row, const char *column)
{
    return cJSON_IsTrue(cell(&units->table, row, column));
}

/* UCUM itself and not one of the combinations that the package adds. */
static bool is_ucum(const struct units *units, const cJSON *row)
{
    return str_is(text_of(units, row, "source_"), "UCUM");
}

/* Its own dimension: the seven bases, arbitrary units, and the mole (a number in UCUM, but an
 * amount of substance is no number to whoever compares laboratory values). */
static bool is_base(const struct units *units, const cJSON *row)
{
    struct str definition = text_of(units, row, "csUnitString_");
    bool is_amount =
        str_is(text_of(units, row, "moleExp_"), "1") && str_starts(definition, STR("10*"));
    bool is_arbitrary = is_set(units, row, "isArbitrary_") && str_is(definition, "1");
    return is_set(units, row, "isBase_") || is_amount || is_arbitrary;
}

static bool add_unit(struct units *units, const struct ucum_unit *unit)
{
    if (!ucum_add_unit(units->known, unit))
        return false;
    struct row row = compiler_row(units->compiler, INSERT_UNIT);
    compiler_number(&row, ++units->count);
    compiler_text(&row, unit->code);
    compiler_number(&row, unit->is_metric);
    compiler_text(&row, unit->numerator);
    compiler_text(&row, unit->denominator);
    compiler_text(&row, unit->powers);
    compiler_text(&row, unit->special);
    compiler_add(&row);
    return true;
}

/* Whether the size agrees with the table's double; the mole, which is ours, is left to itself. */
static bool agrees(const struct ucum_scale *scale, double magnitude, struct arena *arena)
{
    double size = decimal_to_double(&scale->numerator) / decimal_to_double(&scale->denominator);
    struct str powers = ucum_print_powers(scale, arena);
    return str_find_str(powers, STR("mol:"), 0) < powers.len ||
           fabs(size - magnitude) <= CLOSE * fabs(magnitude);
}

/* `factor` of the unit that the expression describes. Where the two columns do not say all of the
 * definition, the double does, with its 15 digits. */
static bool scale_of(const struct units *units, const cJSON *row, struct ucum_scale *scale)
{
    struct str factor = text_of(units, row, "baseFactorStr_");
    struct decimal number, magnitude;
    bool is_inverse = str_is(text_of(units, row, "cnv_"), "inv");
    struct str definition = text_of(units, row, "csUnitString_");
    if (is_inverse)
        definition = str_print(units->arena, "/(" STR_FMT ")", STR_ARG(definition));
    if (!ucum_parse(scale, definition, units->known) ||
        !decimal_parse(&magnitude, text_of(units, row, "magnitude_")))
        return false;
    double size = decimal_to_double(&magnitude);
    struct ucum_scale scaled = *scale;
    if (!decimal_parse(&number, factor))
        number = decimal_of_int(1);
    if (decimal_multiply(&scaled.numerator, &scaled.numerator, &number) &&
        (is_inverse || agrees(&scaled, size, units->arena))) {
        *scale = scaled;
        return true;
    }
    scale->denominator = decimal_of_int(1);
    /* Linear special scales have their exact factor in their function. */
    bool is_linear =
        is_set(units, row, "isSpecial_") && str_is(text_of(units, row, "csUnitString_"), "K");
    return is_linear ? decimal_parse(&scale->numerator, STR("1"))
                     : decimal_of_double(&scale->numerator, size);
}

/* False while a unit that defines it is not there yet. */
static bool add_row(struct units *units, const cJSON *row)
{
    struct ucum_unit unit = { .code = text_of(units, row, "csCode_"),
                              .is_metric = is_set(units, row, "isMetric_") };
    if (is_base(units, row)) {
        unit.is_metric |= is_set(units, row, "isBase_");
        return add_unit(units, &unit);
    }
    struct ucum_scale scale;
    if (!scale_of(units, row, &scale))
        return false;
    decimal_normalize(&scale.numerator);
    decimal_normalize(&scale.denominator);
    unit.numerator = decimal_print(&scale.numerator, units->arena);
    unit.denominator = decimal_print(&scale.denominator, units->arena);
    unit.powers = ucum_print_powers(&scale, units->arena);
    if (is_set(units, row, "isSpecial_"))
        unit.special = text_of(units, row, "cnv_");
    return add_unit(units, &unit);
}

/* As often as something new could be added. */
static bool add_units(struct units *units)
{
    size_t count = json_count(units->table.rows), left = 0, before;
    struct waiting *all = arena_array(units->arena, count, sizeof *all);
    const cJSON *row = units->table.rows ? units->table.rows->child : NULL;
    for (size_t i = 0; i < count; i++, row = row->next)
        all[i] = (struct waiting){ row, !is_ucum(units, row) };
    do {
        before = left;
        left = 0;
        for (size_t i = 0; i < count; i++) {
            all[i].is_done = all[i].is_done || add_row(units, all[i].row);
            left += !all[i].is_done;
        }
    } while (left > 0 && left != before);
    for (size_t i = 0; i < count; i++)
        if (!all[i].is_done)
            issue_add(units->compiler->issues, NULL, ISSUE_DEFINITION_LEFT_OUT, "unit " STR_FMT,
                      STR_ARG(text_of(units, all[i].row, "csCode_")));
    return units->count > 0;
}

static bool add_prefixes(struct units *units, const struct table *table)
{
    for (const cJSON *at = table->rows ? table->rows->child : NULL; at; at = at->next) {
        struct decimal factor;
        struct str code = json_text(cell(table, at, "code_"));
        if (!decimal_parse(&factor, json_text(cell(table, at, "value_"))))
            return false;
        struct str text = decimal_print(&factor, units->arena);
        ucum_add_prefix(units->known, code, text);
        struct row row = compiler_row(units->compiler, INSERT_PREFIX);
        compiler_text(&row, code);
        compiler_text(&row, text);
        compiler_add(&row);
    }
    return true;
}

static void read_units(void *context, const char *name, struct str text, struct arena *arena)
{
    struct compiler *compiler = context;
    const cJSON *file = json_parse(text, arena, compiler->issues);
    const cJSON *list = json_get(file, "units"), *prefixes = json_get(file, "prefixes");
    struct units units = { .compiler = compiler,
                           .arena = arena,
                           .table = { json_get(list, "config"), json_get(list, "data") },
                           .known = ucum_new(arena) };
    struct table of_prefixes = { json_get(prefixes, "config"), json_get(prefixes, "data") };
    if (!add_prefixes(&units, &of_prefixes) || !add_units(&units))
        issue_add(compiler->issues, NULL, ISSUE_DEFINITION_INVALID, "%s is no table of units",
                  name);
}

bool compile_units(struct compiler *compiler, const char *path)
{
    size_t before = compiler->issues->errors;
    const struct definitions_visitor visitor = { .context = compiler, .visit = read_units };
    return definitions_source_read(path, &visitor, compiler->issues) &&
           compiler->issues->errors == before;
}
