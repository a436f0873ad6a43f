/* schema.c - the tables of a definitions database. */
#include "resources/fhir/definitions/schema.h"

const char schema_tables[] =
    "CREATE TABLE package(name TEXT NOT NULL, version TEXT NOT NULL);"
    /* The packages that its package.json says it needs. */
    "CREATE TABLE dependency(number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
    " version TEXT NOT NULL);"
    /* Every conformance resource that has a url; its JSON without narrative, compressed by zstd. */
    "CREATE TABLE resource(id INTEGER PRIMARY KEY, type TEXT NOT NULL, url TEXT NOT NULL,"
    " version TEXT NOT NULL, fhir_id TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL,"
    " status TEXT NOT NULL);"
    "CREATE TABLE content(resource INTEGER PRIMARY KEY, size INTEGER NOT NULL,"
    " zstd BLOB NOT NULL);"
    /* StructureDefinitions with a snapshot. id: resource.id. */
    "CREATE TABLE structure(id INTEGER PRIMARY KEY, url TEXT NOT NULL, version TEXT NOT NULL,"
    " type TEXT NOT NULL, name TEXT NOT NULL, base TEXT NOT NULL, kind TEXT NOT NULL,"
    " is_abstract INTEGER NOT NULL, is_constraint INTEGER NOT NULL, elements INTEGER NOT NULL);"
    "CREATE TABLE extension_context(structure INTEGER, number INTEGER, type TEXT NOT NULL,"
    " expression TEXT NOT NULL, PRIMARY KEY(structure, number)) WITHOUT ROWID;"
    "CREATE TABLE context_invariant(structure INTEGER, number INTEGER, expression TEXT NOT NULL,"
    " PRIMARY KEY(structure, number)) WITHOUT ROWID;"
    /* Elements in snapshot order from 0. parent, sliced, content: numbers in the same structure;
     * sliced is the element that a slice divides, content the target of contentReference. */
    "CREATE TABLE element(structure INTEGER, number INTEGER, id TEXT NOT NULL, path TEXT NOT NULL,"
    " slice_name TEXT, parent INTEGER, sliced INTEGER, content INTEGER,"
    " min INTEGER NOT NULL, max TEXT NOT NULL, base_max TEXT NOT NULL,"
    " type_set INTEGER, invariants TEXT, binding TEXT, value_set TEXT,"
    " max_value_set TEXT,"
    " fixed TEXT, pattern TEXT, min_value TEXT, max_value TEXT, max_length INTEGER,"
    " is_modifier INTEGER NOT NULL, is_summary INTEGER NOT NULL, must_support INTEGER NOT NULL,"
    " slicing TEXT, PRIMARY KEY(structure, number)) WITHOUT ROWID;"
    /* A list of types that elements share. profiles and targets: canonicals between spaces, a
     * profile that is one element of a definition with its id as the fragment; aggregation: codes
     * between spaces. */
    "CREATE TABLE element_type(type_set INTEGER, number INTEGER, code TEXT NOT NULL,"
    " profiles TEXT NOT NULL, targets TEXT NOT NULL, aggregation TEXT NOT NULL,"
    " PRIMARY KEY(type_set, number)) WITHOUT ROWID;"
    "CREATE TABLE invariant(id INTEGER PRIMARY KEY, key TEXT NOT NULL, severity TEXT NOT NULL,"
    " expression TEXT NOT NULL, human TEXT NOT NULL, source TEXT NOT NULL,"
    " is_best_practice INTEGER NOT NULL);"
    /* bases and targets: resource types between spaces. */
    "CREATE TABLE search_parameter(id INTEGER PRIMARY KEY, url TEXT NOT NULL, code TEXT NOT NULL,"
    " type TEXT NOT NULL, expression TEXT NOT NULL, bases TEXT NOT NULL, targets TEXT NOT NULL);"
    "CREATE TABLE search_component(parameter INTEGER, number INTEGER, definition TEXT NOT NULL,"
    " expression TEXT NOT NULL, PRIMARY KEY(parameter, number)) WITHOUT ROWID;"
    /* type: a member type of the compartment; code: a search parameter that puts it there. */
    "CREATE TABLE compartment(definition INTEGER, number INTEGER, type TEXT NOT NULL,"
    " code TEXT NOT NULL, PRIMARY KEY(definition, number)) WITHOUT ROWID;"
    /* Concepts in document order; parent: number of the concept above in the document. */
    "CREATE TABLE code_system(id INTEGER PRIMARY KEY, url TEXT NOT NULL, version TEXT NOT NULL,"
    " content TEXT NOT NULL, supplements TEXT NOT NULL, value_set TEXT NOT NULL,"
    " is_case_sensitive INTEGER NOT NULL, concepts INTEGER NOT NULL);"
    "CREATE TABLE concept(code_system INTEGER, number INTEGER, code TEXT NOT NULL,"
    " display TEXT NOT NULL, parent INTEGER, PRIMARY KEY(code_system, number)) WITHOUT ROWID;"
    "CREATE TABLE concept_property(code_system INTEGER, concept INTEGER, number INTEGER,"
    " code TEXT NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY(code_system, concept, number)) WITHOUT ROWID;"
    /* Other names of concepts, numbered within the system. use: its code. */
    "CREATE TABLE concept_designation(code_system INTEGER, number INTEGER, concept INTEGER,"
    " language TEXT NOT NULL, use TEXT NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY(code_system, number)) WITHOUT ROWID;"
    /* rule: one include or exclude of ValueSet.compose, in order. is_listed: it names its codes.
     * is_given: not of compose but of an expansion that came along. leaves_inactive:
     * compose.inactive is false. */
    "CREATE TABLE value_set(id INTEGER PRIMARY KEY, url TEXT NOT NULL, version TEXT NOT NULL,"
    " leaves_inactive INTEGER NOT NULL);"
    "CREATE TABLE value_set_rule(value_set INTEGER, number INTEGER, is_excluded INTEGER NOT NULL,"
    " system TEXT NOT NULL, version TEXT NOT NULL, is_listed INTEGER NOT NULL,"
    " is_given INTEGER NOT NULL, PRIMARY KEY(value_set, number)) WITHOUT ROWID;"
    "CREATE TABLE value_set_concept(value_set INTEGER, rule INTEGER, number INTEGER,"
    " code TEXT NOT NULL, display TEXT NOT NULL,"
    " PRIMARY KEY(value_set, rule, number)) WITHOUT ROWID;"
    "CREATE TABLE value_set_filter(value_set INTEGER, rule INTEGER, number INTEGER,"
    " property TEXT NOT NULL, operator TEXT NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY(value_set, rule, number)) WITHOUT ROWID;"
    "CREATE TABLE value_set_import(value_set INTEGER, rule INTEGER, number INTEGER,"
    " canonical TEXT NOT NULL, PRIMARY KEY(value_set, rule, number)) WITHOUT ROWID;";

/* UCUM, in dependency order: see types/ucum.h. */
const char schema_units[] =
    "CREATE TABLE unit(id INTEGER PRIMARY KEY, code TEXT NOT NULL, is_metric INTEGER NOT NULL,"
    " numerator TEXT NOT NULL, denominator TEXT NOT NULL, powers TEXT NOT NULL,"
    " special TEXT NOT NULL);"
    "CREATE TABLE prefix(code TEXT PRIMARY KEY, factor TEXT NOT NULL) WITHOUT ROWID;";

const char schema_indexes[] =
    "CREATE UNIQUE INDEX resource_canonical ON resource(type, url, version);"
    "CREATE INDEX resource_id ON resource(type, fhir_id);"
    "CREATE INDEX code_system_url ON code_system(url);"
    "CREATE INDEX value_set_url ON value_set(url);";
