/* units.c - reads UCUM's units from the database, at first need. */
#include "resources/fhir/definitions/db.h"
#include "resources/fhir/definitions/set.h"
#include "resources/fhir/types/ucum.h"

/* Asked once: no statement is kept for them. */
static const char UNITS[] =
    "SELECT code, is_metric, numerator, denominator, powers, special FROM unit ORDER BY id";
static const char PREFIXES[] = "SELECT code, factor FROM prefix ORDER BY code";

/* NULL when the database has none. */
static struct ucum *read_units(sqlite3 *db, struct arena *arena)
{
    struct ucum *units = NULL;
    CLOSING_STATEMENT sqlite3_stmt *rows = definitions_db_prepare(db, UNITS);
    while (rows && sqlite3_step(rows) == SQLITE_ROW) {
        if (!units)
            units = ucum_new(arena);
        const struct ucum_unit unit = { .code = definitions_db_copy(rows, 0, arena),
                                        .is_metric = sqlite3_column_int(rows, 1),
                                        .numerator = definitions_db_copy(rows, 2, arena),
                                        .denominator = definitions_db_copy(rows, 3, arena),
                                        .powers = definitions_db_copy(rows, 4, arena),
                                        .special = definitions_db_copy(rows, 5, arena) };
        ucum_add_unit(units, &unit);
    }
    CLOSING_STATEMENT sqlite3_stmt *prefixes = definitions_db_prepare(db, PREFIXES);
    while (units && prefixes && sqlite3_step(prefixes) == SQLITE_ROW)
        ucum_add_prefix(units, definitions_db_copy(prefixes, 0, arena),
                        definitions_db_text(prefixes, 1));
    return units;
}

static const struct ucum *units_of(struct definitions *layer)
{
    if (atomic_load_explicit(&layer->has_units, memory_order_acquire))
        return layer->units;
    LOCKING struct lock_held held = definitions_set_lock(layer);
    if (atomic_load_explicit(&layer->has_units, memory_order_relaxed))
        return layer->units;
    layer->units = read_units(layer->database.db, layer->arena);
    atomic_store_explicit(&layer->has_units, true, memory_order_release);
    return layer->units;
}

const struct ucum *definitions_units(struct definitions *definitions)
{
    const struct ucum *units = units_of(definitions->root);
    for (struct definitions *layer = definitions; layer && !units; layer = layer->below)
        units = units_of(layer);
    return units;
}
