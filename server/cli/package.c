/* package.c - `tandem package`: builds definitions databases, and keeps a folder of them. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/compile.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/definitions/source.h"
#include "resources/fhir/json/json.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"
#include "server/package_store.h"
#include "server/packages.h"

/* One call of the command. */
struct package_call {
    const char *store, *output;
    struct definitions_source source;
    struct arena *arena;
};

static int print_usage(FILE *to, int code)
{
    fputs(
        "usage: tandem package install [--store FOLDER] PACKAGE...\n"
        "       tandem package list [--store FOLDER]\n"
        "       tandem package check [--store FOLDER] [PACKAGE|NAME...]\n"
        "       tandem package build --output FILE.db [--corrections FILE]\n"
        "                            [--units FILE] [--package NAME#VERSION] INPUT...\n"
        "A PACKAGE is a FHIR package (.tgz) or the folder of one. `install` compiles it into the\n"
        "store, from where --package NAME or NAME#VERSION takes it with what it needs; profiles\n"
        "without a snapshot get one, and what can not be used is listed and left out. `check`\n"
        "says what would be left out, or whether what is installed can be used (exit code 1:\n"
        "something can not). The store: TANDEM_PACKAGES, else ~/.local/share/tandem/packages.\n"
        "`build` compiles one file; an INPUT may be a JSON file (a resource or a Bundle) too.\n"
        "--units: UCUM's table (ucumDefs.min.json of @lhncbc/ucum-lhc).\n",
        to);
    return code;
}

/* What package.json says. */
struct about {
    struct arena *arena;
    struct str name;
    struct str *needs;
    size_t need_count;
};

static void read_about(void *context, struct str text, struct arena *scratch)
{
    struct about *about = context;
    struct issues issues;
    issues_init(&issues, scratch, STR(""));
    const cJSON *json = json_parse(text, scratch, &issues);
    const cJSON *needs = json_get(json, "dependencies");
    if (about->name.len || !json)
        return;
    about->name = str_print(about->arena, STR_FMT "#" STR_FMT, STR_ARG(json_get_text(json, "name")),
                            STR_ARG(json_get_text(json, "version")));
    about->needs = arena_array(about->arena, json_count(needs), sizeof *about->needs);
    for (const cJSON *need = needs ? needs->child : NULL; need; need = need->next)
        about->needs[about->need_count++] =
            str_print(about->arena, "%s#" STR_FMT, need->string, STR_ARG(json_text(need)));
}

static void pass_over(void *context, const char *name, struct str text, struct arena *scratch)
{
    (void)context;
    (void)name;
    (void)text;
    (void)scratch;
}

/* Compiles a package into the store (or, output NULL, nowhere); false with issues. *count: how many
 * definitions there are. */
static bool make(const struct package_call *call, const char *path, const struct about *about,
                 const char *output, struct issues *issues)
{
    struct definitions_source source = { .inputs = &path, .input_count = 1 };
    const struct package_store_list needs =
        package_store_needs(call->store, about->needs, about->need_count, call->arena, issues);
    return packages_build(output, &source, &needs, issues);
}

static bool read_package(const char *path, struct about *about, struct issues *issues)
{
    struct definitions_visitor visitor = { about, pass_over, read_about };
    if (!definitions_source_read(path, &visitor, issues))
        return false;
    return package_store_is_name(about->name) ||
           issue_add(issues, NULL, ISSUE_DEFINITION_INVALID,
                     "%s is no package: its package.json has no name and version that can be used",
                     path);
}

static size_t count_resources(const char *path, struct issues *issues)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct definitions_package package = { .resource_count = 0 };
    struct definitions *set = definitions_open(&path, 1, issues);
    if (set)
        definitions_package(&package, set, 0, arena);
    definitions_close(set);
    return package.resource_count;
}

static bool make_folders(const char *path, struct arena *arena)
{
    char *part = str_cstr(arena, str_of(path));
    for (char *at = part + 1; *at; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        mkdir(part, 0777);
        *at = '/';
    }
    return mkdir(path, 0777) == 0 || errno == EEXIST;
}

static bool install(const struct package_call *call, const char *path)
{
    struct issues issues;
    struct about about = { .arena = call->arena };
    issues_init(&issues, call->arena, STR(""));
    bool is_made = read_package(path, &about, &issues);
    if (is_made && !make_folders(call->store, call->arena))
        is_made =
            issue_add(&issues, NULL, ISSUE_STORE_FAILED, "%s: %s", call->store, strerror(errno));
    const char *output =
        str_print(call->arena, "%s/" STR_FMT ".db", call->store, STR_ARG(about.name)).data;
    is_made = is_made && make(call, path, &about, output, &issues);
    size_t left_out = issues.count;
    size_t count = is_made ? count_resources(output, &issues) : 0;
    cli_print_issues(path, &issues);
    if (is_made)
        printf("installed " STR_FMT ": %zu definitions, %zu remarks\n", STR_ARG(about.name), count,
               left_out);
    return is_made;
}

static int run_install(const struct package_call *call)
{
    int code = call->source.input_count ? CLI_DONE : CLI_MISUSED;
    if (code == CLI_MISUSED)
        return print_usage(stderr, code);
    for (size_t i = 0; i < call->source.input_count; i++)
        if (!install(call, call->source.inputs[i]))
            code = CLI_FAILED;
    return code;
}

/* Says what an installed package holds; false when it can not be used. */
static bool show_installed(const struct package_call *call, struct str name, bool is_checked)
{
    struct issues issues;
    issues_init(&issues, call->arena, STR(""));
    const char *path = package_store_find(call->store, name, call->arena);
    struct definitions_package package = { .resource_count = 0 };
    struct definitions *set = path ? definitions_open(&path, 1, &issues) : NULL;
    if (!path)
        issue_add(&issues, NULL, ISSUE_NOT_FOUND, STR_FMT " is not installed", STR_ARG(name));
    if (set)
        definitions_package(&package, set, 0, call->arena);
    if (is_checked && set)
        package_store_needs(call->store, package.dependencies, package.dependency_count,
                            call->arena, &issues);
    definitions_close(set);
    cli_print_issues(path ? path : call->store, &issues);
    if (set)
        printf("%-40.*s %6zu definitions\n", STR_ARG(name), package.resource_count);
    return set && issues.count == 0;
}

static int run_list(const struct package_call *call)
{
    if (call->source.input_count)
        return print_usage(stderr, CLI_MISUSED);
    const struct package_store_list list = package_store_list(call->store, call->arena);
    for (size_t i = 0; i < list.count; i++)
        show_installed(call, list.names[i], false);
    return CLI_DONE;
}

static bool check_file(const struct package_call *call, const char *path)
{
    struct issues issues;
    struct about about = { .arena = call->arena };
    issues_init(&issues, call->arena, STR(""));
    bool is_sound = read_package(path, &about, &issues) && make(call, path, &about, NULL, &issues);
    is_sound = is_sound && issues.count == 0;
    cli_print_issues(path, &issues);
    printf("%s: %s\n", path, is_sound ? "everything can be used" : "see what is wrong above");
    return is_sound;
}

static int run_check(const struct package_call *call)
{
    const struct package_store_list list = package_store_list(call->store, call->arena);
    bool is_sound = true;
    for (size_t i = 0; i < call->source.input_count; i++) {
        const char *named = call->source.inputs[i];
        is_sound &= access(named, F_OK) == 0 ? check_file(call, named)
                                             : show_installed(call, str_of(named), true);
    }
    for (size_t i = 0; !call->source.input_count && i < list.count; i++)
        is_sound &= show_installed(call, list.names[i], true);
    return is_sound ? CLI_DONE : CLI_FAILED;
}

static int run_build(const struct package_call *call)
{
    struct definitions_source source = call->source;
    struct issues issues;
    if (!call->output || !source.input_count)
        return print_usage(stderr, CLI_MISUSED);
    issues_init(&issues, call->arena, (struct str){ "", 0 });
    bool is_made = packages_build(call->output, &source, NULL, &issues);
    cli_print_issues(call->output, &issues);
    return is_made ? CLI_DONE : CLI_FAILED;
}

static const struct verb {
    const char *name;
    int (*run)(const struct package_call *call);
} VERBS[] = {
    { "install", run_install },
    { "list", run_list },
    { "check", run_check },
    { "build", run_build },
};

static int run_verb(struct package_call *call, int argc, char **argv)
{
    for (size_t i = 0; i < COUNT(VERBS) && argc > 0; i++) {
        if (strcmp(argv[0], VERBS[i].name) != 0)
            continue;
        call->source.inputs = (const char *const *)argv + 1;
        call->source.input_count = (size_t)(argc - 1);
        if (!call->store)
            call->store = package_store_folder(call->arena);
        if (!call->store)
            call->store = "packages";
        return VERBS[i].run(call);
    }
    return print_usage(stderr, CLI_MISUSED);
}

int package_run(int argc, char **argv)
{
    static const struct option OPTIONS[] = {
        { "output", required_argument, NULL, 'o' },
        { "corrections", required_argument, NULL, 'c' },
        { "units", required_argument, NULL, 'u' },
        { "package", required_argument, NULL, 'p' },
        { "store", required_argument, NULL, 's' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct package_call call = { .arena = arena };
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        if (option == 'o')
            call.output = optarg;
        else if (option == 'c')
            call.source.corrections = optarg;
        else if (option == 'u')
            call.source.units = optarg;
        else if (option == 'p')
            call.source.package = optarg;
        else if (option == 's')
            call.store = optarg;
        else
            return option == 'h' ? print_usage(stdout, CLI_DONE) : print_usage(stderr, CLI_MISUSED);
    }
    return run_verb(&call, argc - optind, argv + optind);
}
