/* packages.c - the definitions that the program works with: R4, the guide, and packages on top. */
#include "server/packages.h"

#include <unistd.h>

#include "profiles/snapshot/library.h"
#include "profiles/snapshot/prepare.h"
#include "resources/base/arena.h"
#include "resources/fhir/definitions/compile.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/definitions/source.h"
#include "resources/fhir/json/json.h"
#include "server/cli/cli.h"
#include "server/package_store.h"

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

/* What the paths come to: databases, each a layer, and what is still to be compiled. */
struct plan {
    const char **databases, **inputs;
    size_t database_count, input_count;
    struct arena *arena;
};

static void add_database(struct plan *plan, const char *path)
{
    for (size_t i = 0; i < plan->database_count; i++)
        if (str_equal(str_of(plan->databases[i]), str_of(path)))
            return;
    if (plan->database_count < PACKAGES_MOST)
        plan->databases[plan->database_count++] = path;
}

/* An installed package, behind those that it needs. */
static bool add_installed(struct plan *plan, const char *name, struct issues *issues)
{
    const char *folder = package_store_folder(plan->arena);
    const char *path = folder ? package_store_find(folder, str_of(name), plan->arena) : NULL;
    struct definitions *set = path ? definitions_open(&path, 1, issues) : NULL;
    if (!set)
        return issue_add(issues, NULL, ISSUE_NOT_FOUND,
                         "%s is no file, no folder and no installed package", name);
    struct definitions_package package;
    definitions_package(&package, set, 0, plan->arena);
    definitions_close(set);
    struct package_store_list needs = package_store_needs(
        folder, package.dependencies, package.dependency_count, plan->arena, issues);
    for (size_t i = 0; i < needs.count; i++)
        add_database(plan, needs.names[i].data);
    add_database(plan, path);
    return true;
}

static bool make_plan(struct plan *plan, const char *const *paths, size_t count,
                      struct issues *issues)
{
    plan->databases = arena_array(plan->arena, PACKAGES_MOST, sizeof *plan->databases);
    plan->inputs = arena_array(plan->arena, count + 1, sizeof *plan->inputs);
    for (size_t i = 0; i < count; i++) {
        if (access(paths[i], F_OK) != 0) {
            if (!add_installed(plan, paths[i], issues))
                return false;
        } else if (str_ends(str_of(paths[i]), STR(".db"))) {
            add_database(plan, paths[i]);
        } else {
            plan->inputs[plan->input_count++] = paths[i];
        }
    }
    return true;
}

static struct definitions *add_databases(struct definitions *set, const char *const *paths,
                                         size_t count, struct issues *issues)
{
    for (size_t i = 0; set && i < count; i++) {
        struct definitions *next = definitions_extend(set, paths[i], issues);
        definitions_close(set);
        set = next;
    }
    return set;
}

/* What is to be compiled goes into one layer, so that the order of packages which need each other
 * does not matter. */
struct definitions *packages_open(const char *const *paths, size_t count, struct issues *issues)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct plan plan = { .arena = arena };
    if (!make_plan(&plan, paths, count, issues))
        return NULL;
    struct definitions *set =
        add_databases(open_own(arena, issues), plan.databases, plan.database_count, issues);
    if (!set || !plan.input_count)
        return set;
    struct definitions_source source = { .inputs = plan.inputs, .input_count = plan.input_count };
    struct definitions *next = compile(set, &source, issues);
    definitions_close(set);
    return next;
}

static struct definitions *open_below(const struct package_store_list *needs, struct arena *arena)
{
    const char *path = cli_find_file("definitions.db", arena);
    struct issues ignored; /* R4 may be what is being built */
    issues_init(&ignored, arena, (struct str){ 0 });
    struct definitions *below = path ? definitions_open(&path, 1, &ignored) : NULL;
    for (size_t i = 0; below && needs && i < needs->count; i++)
        below = add_databases(below, &needs->names[i].data, 1, &ignored);
    return below;
}

bool packages_build(const char *output, struct definitions_source *source,
                    const struct package_store_list *needs, struct issues *issues)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct definitions *below = open_below(needs, arena);
    struct making making;
    begin(&making, below, source, arena);
    bool is_made = output ? definitions_compile(output, source, issues) : false;
    if (!output) {
        struct definitions *made = definitions_compile_over(below, source, issues);
        is_made = made != NULL;
        definitions_close(made);
    }
    definitions_close(below);
    return is_made;
}
