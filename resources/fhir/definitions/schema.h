/* schema.h - the tables of a definitions database; README.md explains them. */
#ifndef RESOURCES_FHIR_DEFINITIONS_SCHEMA_H
#define RESOURCES_FHIR_DEFINITIONS_SCHEMA_H

extern const char schema_tables[], schema_units[];
/* Made after the rows: faster, and packed. */
extern const char schema_indexes[];
#endif
