/* source.h - the documents of a package: a file, a folder, or a FHIR NPM package (.tgz). */
#ifndef RESOURCES_FHIR_DEFINITIONS_SOURCE_H
#define RESOURCES_FHIR_DEFINITIONS_SOURCE_H
#include "resources/base/issue.h"

/* What is read is bounded, since a package may come from anywhere. */
enum {
    SOURCE_MOST_DOCUMENT = 64 << 20, /* bytes of one document, decompressed */
    SOURCE_MOST_DOCUMENTS = 50000,
    SOURCE_MOST_TOTAL = 256 << 20 /* bytes of one package, decompressed */
};

/* visit takes one JSON document; describe, which may be NULL, the package.json of a folder or a
 * package. name and text live until they return; so does what they take from the arena. */
struct definitions_visitor {
    void *context;
    void (*visit)(void *context, const char *name, struct str text, struct arena *arena);
    void (*describe)(void *context, struct str text, struct arena *arena);
};

/* Shows the visitor every JSON document of the input: the file itself; of a folder the *.json in
 * it (in its package/, when it is an unpacked package), by name; of a package the *.json directly
 * in package/, in its order. package.json and names that begin with a dot are left out. False with
 * an issue when the input can not be read to its end. */
bool definitions_source_read(const char *path, const struct definitions_visitor *visitor,
                             struct issues *issues);
#endif
