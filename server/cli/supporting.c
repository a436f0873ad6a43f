/* supporting.c - reads the files of --supporting, and finds the records among them. */
#include "server/cli/supporting.h"

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/node.h"
#include "server/cli/cli.h"
#include "server/packages.h"

bool supporting_add(const char **list, size_t *count, const char *path)
{
    if (*count == SUPPORTING_MOST_FILES)
        return false;
    list[(*count)++] = path;
    return true;
}

static void keep(struct supporting *supporting, struct str key, const cJSON *resource)
{
    if (key.len && !map_find(&supporting->records, key))
        map_set(&supporting->records, key, (void *)(uintptr_t)resource);
}

static void keep_record(struct supporting *supporting, const cJSON *resource)
{
    struct str type = json_get_text(resource, "resourceType"), id = json_get_text(resource, "id");
    if (type.len && id.len)
        keep(supporting,
             str_print(supporting->arena, STR_FMT "/" STR_FMT, STR_ARG(type), STR_ARG(id)),
             resource);
}

static void keep_records(struct supporting *supporting, const cJSON *resource)
{
    keep_record(supporting, resource);
    if (!str_is(json_get_text(resource, "resourceType"), "Bundle"))
        return;
    const cJSON *entries = json_get(resource, "entry");
    for (const cJSON *entry = entries ? entries->child : NULL; entry; entry = entry->next) {
        const cJSON *inside = json_get(entry, "resource");
        keep(supporting, json_get_text(entry, "fullUrl"), inside);
        if (inside)
            keep_record(supporting, inside);
    }
}

static const struct node *resolve(void *context, struct str reference, const struct node *from,
                                  struct arena *arena)
{
    (void)from;
    const struct supporting *supporting = context;
    reference = str_slice(reference, 0, str_find_str(reference, STR("/_history/"), 0));
    const cJSON *found = map_find(&supporting->records, reference);
    struct node *node = found ? arena_alloc(arena, sizeof *node) : NULL;
    return node && node_root(node, found, supporting->definitions) ? node : NULL;
}

/* All files; what is read of each stays in the arena. */
static bool read_files(struct supporting *supporting, const struct supporting_paths *paths,
                       const cJSON **resources, size_t *count)
{
    bool is_read = true;
    for (size_t i = 0; i < paths->file_count; i++) {
        struct issues issues;
        struct str text;
        issues_init(&issues, supporting->arena, STR(""));
        const cJSON *resource = NULL;
        if (cli_read_file(&text, paths->files[i], SUPPORTING_MOST_BYTES, supporting->arena,
                          &issues))
            resource = cli_parse(text, supporting->definitions, supporting->arena, &issues);
        else
            is_read = false;
        cli_print_issues(paths->files[i], &issues);
        if (!resource)
            continue;
        keep_records(supporting, resource);
        resources[(*count)++] = resource;
    }
    return is_read;
}

/* A single profile that can not be used is named and left out; a whole package is not. */
static bool is_unusable(const struct issues *issues)
{
    for (const struct issue *issue = issues->first; issue; issue = issue->next)
        if (issue->id == ISSUE_DEFINITION_INVALID && issue->severity <= SEVERITY_ERROR)
            return true;
    return false;
}

bool supporting_open(struct supporting *supporting, const struct supporting_paths *paths,
                     struct arena *arena)
{
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    *supporting = (struct supporting){ .arena = arena };
    supporting->resolver = (struct fhirpath_resolver){ .context = supporting, .resolve = resolve };
    map_init(&supporting->records, arena);
    supporting->definitions = packages_open(paths->packages, paths->package_count, &issues);
    const cJSON **resources = arena_array(arena, paths->file_count + 1, sizeof *resources);
    size_t count = 0;
    bool is_read = supporting->definitions && read_files(supporting, paths, resources, &count);
    if (is_read && count) {
        struct definitions *below = supporting->definitions;
        supporting->definitions = packages_extend(below, resources, count, &issues);
        definitions_close(below);
    }
    cli_print_issues("definitions", &issues);
    return is_read && supporting->definitions && !is_unusable(&issues);
}

void supporting_close(struct supporting *supporting)
{
    definitions_close(supporting->definitions);
}
