/* packages.c - the definitions that the program works with: R4, the guide, and packages on top. */
#include "server/packages.h"

#include "profiles/snapshot/library.h"
#include "profiles/snapshot/prepare.h"
#include "resources/base/arena.h"
#include "resources/fhir/definitions/compile.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/definitions/source.h"
#include "resources/fhir/json/json.h"
#include "server/cli/cli.h"

/* The profiles of all that is being compiled, read when the first of them is asked for: they may
 * need each other's snapshots. */
struct shelf_of_all {
    struct definitions *below; /* may be NULL */
    const struct definitions_source *source;
    struct arena *arena;
    struct snapshot_library_set *set;
};

static void keep_document(void *context, const char *name, struct str text, struct arena *scratch)
{
    (void)name;
    const struct shelf_of_all *all = context;
    struct issues ignored; /* whoever compiles it says so */
    issues_init(&ignored, scratch, (struct str){ 0 });
    const cJSON *document = json_parse(text, scratch, &ignored);
    if (document)
        snapshot_library_add(all->set, document);
}

static void read_all(struct shelf_of_all *all)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct issues ignored;
    issues_init(&ignored, scratch, (struct str){ 0 });
    struct definitions_visitor visitor = { .context = all, .visit = keep_document };
    all->set = snapshot_library_open(all->arena);
    for (size_t i = 0; i < all->source->resource_count; i++)
        snapshot_library_add(all->set, all->source->resources[i]);
    for (size_t i = 0; i < all->source->input_count; i++)
        definitions_source_read(all->source->inputs[i], &visitor, &ignored);
}

static const cJSON *find_profile(void *context, struct str canonical)
{
    struct shelf_of_all *all = context;
    struct str version = canonical, url = str_cut(&version, '|');
    if (all->below && definitions_is_fixed(all->below, STR("StructureDefinition"), url))
        return NULL;
    if (!all->set)
        read_all(all);
    struct snapshot_library library = snapshot_library_of(all->set);
    return library.find(library.context, canonical);
}

/* Everything that compiling with snapshots needs, for one compilation. */
struct making {
    struct shelf_of_all all;
    struct snapshot_library library;
    struct snapshot_request request;
    struct definitions_preparation preparation;
};

static void begin(struct making *making, struct definitions *below,
                  struct definitions_source *source, struct arena *arena)
{
    making->all = (struct shelf_of_all){ .below = below, .source = source, .arena = arena };
    making->library = (struct snapshot_library){ &making->all, find_profile };
    making->request = (struct snapshot_request){ below, &making->library, false };
    making->preparation = (struct definitions_preparation){ &making->request, snapshot_prepare };
    source->preparation = &making->preparation;
}

static struct definitions *compile(struct definitions *below, struct definitions_source *source,
                                   struct issues *issues)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct making making;
    begin(&making, below, source, arena);
    return definitions_compile_over(below, source, issues);
}

struct definitions *packages_extend(struct definitions *below, const cJSON *const *resources,
                                    size_t count, struct issues *issues)
{
    struct definitions_source source = { .resources = resources,
                                         .resource_count = count,
                                         .package = "supporting#" };
    return compile(below, &source, issues);
}

static struct definitions *open_own(struct arena *arena, struct issues *issues)
{
    static const char *const NAMES[] = { "definitions.db", "guide.db" };
    const char *paths[COUNT(NAMES)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        const char *path = cli_find_file(NAMES[i], arena);
        if (path) {
            paths[count++] = path;
        } else if (i == 0) {
            issue_add(issues, NULL, ISSUE_CONFIGURATION,
                      "%s is not beside the program; make builds it", NAMES[i]);
            return NULL;
        }
    }
    return definitions_open(paths, count, issues);
}

static bool is_database(const char *path)
{
    return str_ends(str_of(path), STR(".db"));
}

/* What is to be compiled goes into one layer, so that the order of packages which need each other
 * does not matter; databases stand above it, each a layer. */
struct definitions *packages_open(const char *const *paths, size_t count, struct issues *issues)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct definitions *set = open_own(arena, issues);
    const char **inputs = arena_array(arena, count + 1, sizeof *inputs);
    struct definitions_source source = { .inputs = inputs, .package = "packages#" };
    for (size_t i = 0; i < count; i++)
        if (!is_database(paths[i]))
            inputs[source.input_count++] = paths[i];
    for (size_t i = 0; set && i <= count; i++) {
        struct definitions *next = NULL;
        if (i == 0)
            next = source.input_count ? compile(set, &source, issues) : definitions_hold(set);
        else if (is_database(paths[i - 1]))
            next = definitions_extend(set, paths[i - 1], issues);
        else
            continue;
        definitions_close(set);
        set = next;
    }
    return set;
}

bool packages_build(const char *output, struct definitions_source *source, struct issues *issues)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    const char *path = cli_find_file("definitions.db", arena);
    struct issues ignored; /* it may be what is being built */
    issues_init(&ignored, arena, (struct str){ 0 });
    struct definitions *below = path ? definitions_open(&path, 1, &ignored) : NULL;
    struct making making;
    begin(&making, below, source, arena);
    bool is_made = definitions_compile(output, source, issues);
    definitions_close(below);
    return is_made;
}
