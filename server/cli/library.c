/* library.c - reads StructureDefinitions from files, folders and packages. */
#include "server/cli/library.h"

#include "profiles/snapshot/library.h"
#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/definitions/source.h"
#include "resources/fhir/json/json.h"
#include "server/cli/cli.h"

/* What is being read. */
struct reading {
    struct snapshot_library_set *set;
    bool is_anew;
};

/* The document's own arena ends with it: what is kept is copied. */
static void keep_document(void *context, const char *name, struct str text, struct arena *scratch)
{
    const struct reading *reading = context;
    struct issues issues;
    issues_init(&issues, scratch, (struct str){ 0 });
    cJSON *document = json_parse(text, scratch, &issues);
    if (!document) {
        cli_print_issues(name, &issues);
        return;
    }
    if (reading->is_anew && json_count(json_get(json_get(document, "differential"), "element")) > 0)
        json_remove(document, "snapshot");
    snapshot_library_add(reading->set, document);
}

bool cli_library_read(struct snapshot_library_set *set, const char *path, bool is_anew)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct reading reading = { set, is_anew };
    struct definitions_visitor visitor = { .context = &reading, .visit = keep_document };
    issues_init(&issues, arena, (struct str){ 0 });
    bool is_read = definitions_source_read(path, &visitor, &issues);
    cli_print_issues(path, &issues);
    return is_read;
}

struct definitions *cli_library_definitions(struct arena *arena, struct issues *issues)
{
    const char *path = cli_find_file("definitions.db", arena);
    if (path)
        return definitions_open(&path, 1, issues);
    issue_add(issues, NULL, ISSUE_NOT_FOUND, "definitions.db is not beside the program");
    return NULL;
}
